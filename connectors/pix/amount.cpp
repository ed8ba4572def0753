// SPDX-License-Identifier: Apache-2.0
#include "connectors/pix/amount.h"

#include <stdexcept>

namespace causeway::connectors::pix {
namespace {

constexpr std::int64_t kCentavos = 100;
constexpr std::size_t kTextMin = 4;   // "0.00"
constexpr std::size_t kTextMax = 13;  // "9999999999.99"

}  // namespace

std::string amount_text(std::int64_t centavos) {
    if (centavos < 0 || centavos > kAmountMax) throw std::logic_error("not an amount of Pix");
    const std::int64_t rest = centavos % kCentavos;
    return std::to_string(centavos / kCentavos) + (rest < 10 ? ".0" : ".") + std::to_string(rest);
}

Result<std::int64_t> parse_amount(std::string_view text) {
    const Error wrong(ErrorCode::invalid_argument,
                      "an amount must be 1 to 10 digits, a point and two digits");
    if (text.size() < kTextMin || text.size() > kTextMax) return wrong;
    const std::size_t point = text.size() - 3;
    std::int64_t centavos = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i == point) {
            if (text[i] != '.') return wrong;
            continue;
        }
        if (text[i] < '0' || text[i] > '9') return wrong;
        centavos = centavos * 10 + (text[i] - '0');
    }
    return centavos;
}

}  // namespace causeway::connectors::pix
