// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace causeway::test {

/// Replaces every `sign` and two hexadecimal digits by their byte. Throws for other digits.
inline std::string without_percent(std::string_view text, char sign = '%') {
    std::string plain;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != sign) {
            plain += text[at];
            continue;
        }
        plain += static_cast<char>(std::stoi(std::string(text.substr(at + 1, 2)), nullptr, 16));
        at += 2;
    }
    return plain;
}

}  // namespace causeway::test
