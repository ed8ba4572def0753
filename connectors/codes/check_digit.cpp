// SPDX-License-Identifier: Apache-2.0
#include "connectors/codes/check_digit.h"

namespace causeway::connectors::codes {
namespace {

char digit_of(int value) noexcept {
    return static_cast<char>('0' + value);
}

// Weights 2, 3, ... `heaviest`, 2, 3, ... from the right.
int rising_sum(std::string_view digits, int heaviest) noexcept {
    int sum = 0;
    int weight = 2;
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
        sum += (*digit - '0') * weight;
        weight = weight == heaviest ? 2 : weight + 1;
    }
    return sum;
}

}  // namespace

char mod10_digit(std::string_view digits) noexcept {
    int sum = 0;
    bool doubled = true;
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, doubled = !doubled) {
        const int product = (*digit - '0') * (doubled ? 2 : 1);
        sum += product > 9 ? product - 9 : product;
    }
    return digit_of((10 - sum % 10) % 10);
}

char mod11_barcode_digit(std::string_view digits) noexcept {
    const int digit = 11 - rising_sum(digits, 9) % 11;
    return digit >= 10 ? '1' : digit_of(digit);
}

char mod11_collection_digit(std::string_view digits) noexcept {
    const int remainder = rising_sum(digits, 9) % 11;
    return remainder < 2 ? '0' : digit_of(11 - remainder);
}

char mod11_banco_do_brasil_digit(std::string_view digits) noexcept {
    int sum = 0;
    int weight = 9;
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
        sum += (*digit - '0') * weight;
        weight = weight == 2 ? 9 : weight - 1;
    }
    const int remainder = sum % 11;
    return remainder == 10 ? 'X' : digit_of(remainder);
}

char mod11_bradesco_digit(std::string_view digits) noexcept {
    const int remainder = rising_sum(digits, 7) % 11;
    if (remainder == 0) return '0';
    return remainder == 1 ? 'P' : digit_of(11 - remainder);
}

}  // namespace causeway::connectors::codes
