// SPDX-License-Identifier: Apache-2.0
//
// An exchange quote as the API shows it, by itself or in the place of its id. Its status is the
// only member that changes with time alone.
#pragma once

#include "fx/quote.h"
#include "ledger/clock.h"

#include <string>

namespace causeway::gateway {

[[nodiscard]] std::string render_quote(const fx::Quote& quote, Timestamp now);

}  // namespace causeway::gateway
