// SPDX-License-Identifier: Apache-2.0
//
// How the values of an enumeration are spelt where they are stored and shown: a table, read both
// ways.
#pragma once

#include "ledger/result.h"

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace causeway::gateway {

template <class T, std::size_t N>
using Spelling = std::array<std::pair<T, std::string_view>, N>;

template <class T, std::size_t N>
[[nodiscard]] std::string_view spell(const Spelling<T, N>& table, T value) noexcept {
    for (const auto& [entry, text] : table) {
        if (entry == value) return text;
    }
    return "unlisted";
}

/// Errors: `not_found`.
template <class T, std::size_t N>
[[nodiscard]] Result<T> read_spelt(const Spelling<T, N>& table, std::string_view text) {
    for (const auto& [value, spelling] : table) {
        if (spelling == text) return value;
    }
    return Error(ErrorCode::not_found, "unlisted value " + std::string(text.substr(0, 40)));
}

}  // namespace causeway::gateway
