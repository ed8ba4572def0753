// SPDX-License-Identifier: Apache-2.0
//
// An exchange quote as the API shows it, by itself or in the place of its id. Its status is the
// only member that changes with time alone.
#pragma once

#include "fx/quote.h"
#include "ledger/clock.h"
#include "ledger/result.h"

#include <string>

namespace causeway::gateway {

[[nodiscard]] std::string render_quote(const fx::Quote& quote, Timestamp now);

/// What a buyer must see of it before agreeing.
///
/// Errors: as fx::disclosure_of().
[[nodiscard]] Result<std::string> render_disclosure(const fx::Quote& quote);

/// A price in a currency that a buyer may pay in; no promise yet.
[[nodiscard]] std::string render_presentment(const fx::Quote& price);

}  // namespace causeway::gateway
