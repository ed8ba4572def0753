// SPDX-License-Identifier: Apache-2.0
//
// Whether a boleto can be made for this buyer and these wishes, and on which terms. Whatever a
// file, a bank's interface or a printed page would refuse later is refused here, with the field.
#pragma once

#include "connectors/boleto/config.h"

#include <vector>

namespace causeway::connectors::boleto {

/// As Collecting::agree().
[[nodiscard]] CollectionTerms agree_on(const BoletoConfig& config,
                                       const CollectionWish& wish,
                                       const connectors::Payer& payer,
                                       ledger::Money amount,
                                       Timestamp now,
                                       std::vector<FieldFault>& faults);

}  // namespace causeway::connectors::boleto
