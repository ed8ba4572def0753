// SPDX-License-Identifier: Apache-2.0
#include "gateway/sandbox_place.h"

#include <charconv>

namespace causeway::gateway {

Result<SandboxPlace> parse_place(const std::string& text, const std::string& option) {
    const std::size_t colon = text.rfind(':');
    SandboxPlace place;
    if (colon != std::string::npos) {
        const char* const end = text.data() + text.size();
        const auto [stop, failed] = std::from_chars(text.data() + colon + 1, end, place.port);
        place.address = text.substr(0, colon);
        if (failed == std::errc{} && stop == end && !place.address.empty()) return place;
    }
    return Error(ErrorCode::invalid_argument, option + " must be HOST:PORT");
}

}  // namespace causeway::gateway
