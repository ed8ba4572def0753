// SPDX-License-Identifier: Apache-2.0
//
// A boleto as a PDF of one A4 page: vectors and embedded type. The same document gives the same
// bytes on a machine with the same fonts, for its date is the document's and not the clock's.
#pragma once

#include "connectors/boleto/document.h"
#include "ledger/result.h"

#include <string>

namespace causeway::connectors::boleto {

/// Text that is too long for its place is set smaller, down to three fifths; nothing is ever cut.
///
/// Errors: `invalid_argument` that names the place if that is not enough; `unavailable` if cairo
/// cannot draw.
/// Threads: may be called from any thread; it takes milliseconds, so not from one that serves.
[[nodiscard]] Result<std::string> to_pdf(const Document& document);

}  // namespace causeway::connectors::boleto
