// SPDX-License-Identifier: Apache-2.0
//
// Names as a BR Code can carry them. Apps disagree on what a code's lengths count once there is an
// accent in it, so accents go: "São José" becomes "Sao Jose".
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace causeway::connectors::pix {

/// ASCII of a UTF-8 text: letters of the Latin-1 and Latin Extended-A blocks lose their accents,
/// typographic hyphens and quotation marks become plain ones, every other character that is not
/// visible ASCII becomes a space, and spaces are single and not at either end. Case stays.
[[nodiscard]] std::string plain_text(std::string_view utf8);

/// The same, cut to `characters_max` and without a space at the end.
[[nodiscard]] std::string plain_text(std::string_view utf8, std::size_t characters_max);

}  // namespace causeway::connectors::pix
