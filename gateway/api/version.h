// SPDX-License-Identifier: Apache-2.0
//
// The versions of the HTTP contract that this program speaks, and its own.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace causeway::gateway {

/// `info.version` of openapi.json: the newest, to which a key is pinned when it is first used.
inline constexpr std::string_view kApiVersion = "2026-11-20";

/// Every value that the Gateway-Version header may have.
inline constexpr std::array<std::string_view, 1> kApiVersions{kApiVersion};

/// The version that a request is answered in: the header's, else the key's. Nothing when this
/// program does not speak it.
[[nodiscard]] constexpr std::optional<std::string_view> version_for(
    std::optional<std::string_view> header, std::string_view pinned) noexcept {
    const std::string_view wanted = header.value_or(pinned);
    const auto* const known = std::find(kApiVersions.begin(), kApiVersions.end(), wanted);
    if (known == kApiVersions.end()) return std::nullopt;
    return *known;
}

/// Of the program.
inline constexpr std::string_view kProgramVersion = "0.1.0";

}  // namespace causeway::gateway
