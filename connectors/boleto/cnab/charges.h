// SPDX-License-Identifier: Apache-2.0
//
// Fine, interest and discount, which every layout spells in its own way.
#pragma once

#include "connectors/boleto/cnab/record_group.h"

namespace causeway::connectors::cnab {

void write_charges(RecordGroup<RecordWriter>& group,
                   const Layout& layout,
                   const Instruction& instruction);

void read_charges(RecordGroup<RecordReader>& group, const Layout& layout, Instruction& instruction);

}  // namespace causeway::connectors::cnab
