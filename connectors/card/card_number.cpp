// SPDX-License-Identifier: Apache-2.0
#include "connectors/card/card_number.h"

#include <algorithm>
#include <array>

namespace causeway::connectors::card {
namespace {

constexpr std::size_t kRangeDigits = 6;

// Numbers whose first six digits lie between these two, both included.
struct Range {
    int first;
    int last;
    CardBrand brand;
};

constexpr std::array kRanges{
    Range{222100, 272099, CardBrand::mastercard}, Range{300000, 305999, CardBrand::diners},
    Range{309500, 309599, CardBrand::diners},     Range{340000, 349999, CardBrand::amex},
    Range{352800, 358999, CardBrand::jcb},        Range{360000, 369999, CardBrand::diners},
    Range{370000, 379999, CardBrand::amex},       Range{380000, 399999, CardBrand::diners},
    Range{400000, 499999, CardBrand::visa},       Range{501800, 501899, CardBrand::maestro},
    Range{502000, 502099, CardBrand::maestro},    Range{503800, 503899, CardBrand::maestro},
    Range{510000, 559999, CardBrand::mastercard}, Range{560000, 589999, CardBrand::maestro},
    Range{601100, 601199, CardBrand::discover},   Range{620000, 629999, CardBrand::unionpay},
    Range{630400, 630499, CardBrand::maestro},    Range{639000, 639099, CardBrand::maestro},
    Range{644000, 659999, CardBrand::discover},   Range{670000, 679999, CardBrand::maestro},
    Range{810000, 817199, CardBrand::unionpay},
};

bool is_digit(char letter) noexcept {
    return letter >= '0' && letter <= '9';
}

bool has_card_length(std::string_view number) noexcept {
    return number.size() >= kCardDigitsMin && number.size() <= kCardDigitsMax &&
           std::all_of(number.begin(), number.end(), is_digit);
}

}  // namespace

std::string_view to_string(CardBrand brand) noexcept {
    switch (brand) {
        case CardBrand::visa: return "visa";
        case CardBrand::mastercard: return "mastercard";
        case CardBrand::maestro: return "maestro";
        case CardBrand::amex: return "amex";
        case CardBrand::jcb: return "jcb";
        case CardBrand::diners: return "diners";
        case CardBrand::discover: return "discover";
        case CardBrand::unionpay: return "unionpay";
        case CardBrand::unknown: return "unknown";
    }
    return "unlisted_card_brand";
}

CardBrand card_brand(std::string_view number) noexcept {
    if (number.size() < kRangeDigits) return CardBrand::unknown;
    int first = 0;
    for (const char letter : number.substr(0, kRangeDigits)) {
        if (!is_digit(letter)) return CardBrand::unknown;
        first = first * 10 + (letter - '0');
    }
    for (const Range& range : kRanges) {
        if (first >= range.first && first <= range.last) return range.brand;
    }
    return CardBrand::unknown;
}

bool luhn_valid(std::string_view number) noexcept {
    if (!has_card_length(number)) return false;
    int sum = 0;
    bool doubled = false;
    for (auto digit = number.rbegin(); digit != number.rend(); ++digit, doubled = !doubled) {
        const int value = (*digit - '0') * (doubled ? 2 : 1);
        sum += value > 9 ? value - 9 : value;
    }
    return sum % 10 == 0;
}

std::string masked(std::string_view number) {
    std::string shown(number.size(), '*');
    if (!has_card_length(number)) return shown;
    std::copy_n(number.begin(), 6, shown.begin());
    std::copy_n(number.end() - 4, 4, shown.end() - 4);
    return shown;
}

}  // namespace causeway::connectors::card
