// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/cnab/fault.h"

namespace causeway::connectors::cnab {

std::string to_text(const Fault& fault) {
    std::string text = fault.line > 0 ? "line " + std::to_string(fault.line) : "file";
    if (fault.column > 0) text += " column " + std::to_string(fault.column);
    if (!fault.field.empty()) text += " (" + fault.field + ")";
    text += ": " + fault.reason;
    if (!fault.expected.empty()) text += "; expected " + fault.expected;
    if (!fault.found.empty()) text += ", found " + fault.found;
    return text;
}

}  // namespace causeway::connectors::cnab
