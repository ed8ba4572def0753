// SPDX-License-Identifier: Apache-2.0
//
// Digits as text. Numbers of accounts and barcodes have leading zeros and lengths that mean
// something, so none of them is ever an integer here.
#pragma once

#include "ledger/result.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace causeway::connectors::codes {

[[nodiscard]] constexpr bool is_digit(char letter) noexcept {
    return letter >= '0' && letter <= '9';
}

/// True for empty text too.
[[nodiscard]] constexpr bool all_digits(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), is_digit);
}

/// `text` with zeros before it until it has `width` digits.
///
/// Errors: `invalid_argument` that names `field` and never repeats the text: empty, longer than
/// `width`, or not digits alone.
[[nodiscard]] inline Result<std::string> zero_filled(std::string_view field,
                                                     std::string_view text,
                                                     std::size_t width) {
    if (text.empty() || text.size() > width || !all_digits(text)) {
        return Error(ErrorCode::invalid_argument,
                     std::string(field) + ": 1 to " + std::to_string(width) + " digits are wanted");
    }
    return std::string(width - text.size(), '0').append(text);
}

}  // namespace causeway::connectors::codes
