// SPDX-License-Identifier: Apache-2.0
//
// A boleto as one HTML page: nothing is loaded, no script runs, and printed on A4 at 100% it has
// the sizes that banks want. What strangers wrote is escaped here. A name of eighty wide letters
// may run over its cell: unlike the PDF, a page cannot measure its type.
#pragma once

#include "connectors/boleto/document.h"

#include <string>

namespace causeway::connectors::boleto {

[[nodiscard]] std::string to_html(const Document& document);

}  // namespace causeway::connectors::boleto
