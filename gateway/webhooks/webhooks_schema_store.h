// SPDX-License-Identifier: Apache-2.0
//
// The tables of what merchants are told: events, who wants to hear of them, what is still to be
// delivered, and every attempt that was made.
#pragma once

#include <string_view>

namespace causeway::gateway {

/// One migration step. Never edited once published.
[[nodiscard]] std::string_view webhooks_schema_sql() noexcept;
/// Later: the trace that an event belongs to, for who receives it.
[[nodiscard]] std::string_view webhook_traces_schema_sql() noexcept;

}  // namespace causeway::gateway
