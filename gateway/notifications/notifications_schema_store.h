// SPDX-License-Identifier: Apache-2.0
//
// The tables of what providers told us: raw messages, sealed, and the notices that were in them.
#pragma once

#include <string_view>

namespace causeway::gateway {

/// One migration's worth of SQL; published, so never edited.
[[nodiscard]] std::string_view notifications_schema_sql() noexcept;
/// Indexes of what came too early and of what has a case, instead of one of all.
[[nodiscard]] std::string_view early_notifications_schema_sql() noexcept;

}  // namespace causeway::gateway
