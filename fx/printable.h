// SPDX-License-Identifier: Apache-2.0
//
// Bytes of a file, shown in an error. A terminal obeys control characters, and a log takes no bytes
// that are not UTF-8, so whatever is not printable ASCII is shown as '?'.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace causeway::fx {

/// The first `length_max` bytes of `text`.
[[nodiscard]] inline std::string printable(std::string_view text, std::size_t length_max = 32) {
    std::string shown(text.substr(0, length_max));
    std::ranges::replace_if(
        shown, [](char c) { return c < ' ' || c > '~'; }, '?');
    return shown;
}

}  // namespace causeway::fx
