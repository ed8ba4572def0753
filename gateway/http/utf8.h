// SPDX-License-Identifier: Apache-2.0
//
// JSON is UTF-8 by definition, and Boost.JSON checks it only where it must: what enters is checked
// here, once.
#pragma once

#include <string_view>

namespace causeway::gateway {

/// Whether `text` is well-formed UTF-8: no overlong form, no surrogate, nothing past U+10FFFF.
///
/// Source: RFC 3629 section 4.
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

}  // namespace causeway::gateway
