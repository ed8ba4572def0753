// SPDX-License-Identifier: Apache-2.0
//
// What a card number says by itself, without asking anybody. Pure; knows nothing of messages.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace causeway::connectors::card {

constexpr std::size_t kCardDigitsMin = 12;
constexpr std::size_t kCardDigitsMax = 19;

enum class CardBrand {
    visa,
    mastercard,
    maestro,
    amex,
    jcb,
    diners,
    discover,
    unionpay,
    unknown,
};

/// The enumerator's spelling; it is API (`payment_method.card.brand`).
[[nodiscard]] std::string_view to_string(CardBrand brand) noexcept;

/// The brand that the first digits belong to; at least six are needed. The number itself need not
/// be valid. 622126 to 622925 counts as UnionPay, though Discover takes it too.
///
/// Source: the ranges that the networks publish to merchants; ISO/IEC 7812-1 for their form.
[[nodiscard]] CardBrand card_brand(std::string_view number) noexcept;

/// Whether it has 12 to 19 digits, nothing else, and the last one checks the others.
///
/// Source: ISO/IEC 7812-1 annex B.
[[nodiscard]] bool luhn_valid(std::string_view number) noexcept;

/// "476173******0119": the most of a number that may be shown. Less than twelve digits are hidden
/// wholly.
///
/// Source: PCI DSS 4.0 requirement 3.4.1.
[[nodiscard]] std::string masked(std::string_view number);

}  // namespace causeway::connectors::card
