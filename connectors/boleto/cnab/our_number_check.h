// SPDX-License-Identifier: Apache-2.0
//
// Whether a row's nosso número can be believed: it names the title that money is booked for, and a
// damaged one may be another title's. What stands in the row more than once must be the same, and
// a check digit must fit. Copies and digits that are blank or zero were never filled: other
// people's software leaves them so.
#pragma once

#include "connectors/boleto/cnab/event.h"
#include "connectors/boleto/cnab/record.h"

namespace causeway::connectors::cnab {

/// Refuses the record of a title whose number is blank (unless its occurrence speaks of no title:
/// a fee, a credit that the bank can not place), is no number, or contradicts itself.
///
/// Requires number, digit and occurrence of `event` to be read from `record`.
void check_our_number(RecordReader& record, const Layout& layout, const Event& event);

}  // namespace causeway::connectors::cnab
