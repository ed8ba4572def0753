// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/http.h"

#include <algorithm>

namespace causeway::net {
namespace {

// The locale must have no say in what a protocol's letters are.
constexpr char lower(char letter) noexcept {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

}  // namespace

bool same_header_name(std::string_view one, std::string_view other) noexcept {
    return one.size() == other.size() &&
           std::equal(one.begin(), one.end(), other.begin(), [](char left, char right) {
               return lower(left) == lower(right);
           });
}

const std::string* find_header(const HttpHeaders& headers, std::string_view name) noexcept {
    for (const auto& [header, value] : headers) {
        if (same_header_name(header, name)) return &value;
    }
    return nullptr;
}

}  // namespace causeway::net
