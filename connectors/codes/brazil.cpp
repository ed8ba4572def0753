// SPDX-License-Identifier: Apache-2.0
#include "connectors/codes/brazil.h"

#include "connectors/codes/digits.h"

#include <algorithm>
#include <array>

namespace causeway::connectors::codes {
namespace {

constexpr std::size_t kPostalDigits = 8;
constexpr std::size_t kPostalRegion = 5;

constexpr std::array<std::string_view, 27> kFederativeUnits{
    "AC", "AL", "AM", "AP", "BA", "CE", "DF", "ES", "GO", "MA", "MG", "MS", "MT", "PA",
    "PB", "PE", "PI", "PR", "RJ", "RN", "RO", "RR", "RS", "SC", "SE", "SP", "TO"};

Error wrong(std::string_view what) {
    return Error(ErrorCode::invalid_argument, std::string(what));
}

}  // namespace

bool is_federative_unit(std::string_view code) noexcept {
    return std::find(kFederativeUnits.begin(), kFederativeUnits.end(), code) !=
           kFederativeUnits.end();
}

Result<std::string> parse_postal_code(std::string_view text) {
    std::string digits(text);
    if (digits.size() == kPostalDigits + 1 && digits[kPostalRegion] == '-') {
        digits.erase(kPostalRegion, 1);
    }
    if (digits.size() != kPostalDigits || !all_digits(digits)) {
        return wrong("postal code: eight digits are wanted");
    }
    return digits;
}

Result<void> check_address(const BrazilianAddress& address) {
    if (address.street.empty()) return wrong("address: the street is missing");
    if (address.city.empty()) return wrong("address: the city is missing");
    if (!is_federative_unit(address.state)) return wrong("address: there is no such state");
    const auto postal = parse_postal_code(address.postal_code);
    if (!postal) return postal.error();
    return {};
}

std::string printed(const BrazilianAddress& address) {
    std::string line = address.street;
    if (!address.district.empty()) line += " - " + address.district;
    line += " - " + address.city + "/" + address.state;
    const auto postal = parse_postal_code(address.postal_code);
    if (!postal) return line;
    return line + " - " + postal->substr(0, kPostalRegion) + "-" + postal->substr(kPostalRegion);
}

}  // namespace causeway::connectors::codes
