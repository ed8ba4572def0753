// SPDX-License-Identifier: Apache-2.0
//
// A Currency is a code from ISO 4217 together with its number and its count of decimals.
#pragma once

#include "ledger/result.h"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace causeway::ledger {

/// An ISO 4217 currency. Immutable, six bytes, cheap to copy.
///
/// The only way to obtain one is from the table in currency.cpp, so a Currency
/// in hand is always a currency we support.
class Currency {
  public:
    /// Looks up a three-letter code such as "EUR".
    ///
    /// Errors: `not_found` unless the code is listed, in upper case.
    static Result<Currency> from_code(std::string_view code);

    /// Looks up a number such as 978, as card and bank messages write it.
    ///
    /// Errors: `not_found` unless the number is listed.
    static Result<Currency> from_numeric(int numeric);

    /// Every currency we support, in order of code.
    static std::span<const Currency> all() noexcept;

    /// The three-letter code. Valid as long as this object lives.
    [[nodiscard]] std::string_view code() const noexcept { return {code_.data(), code_.size()}; }

    /// Decimals of the minor unit: 2 for EUR (cent), 0 for JPY, 3 for KWD.
    [[nodiscard]] int exponent() const noexcept { return exponent_; }

    /// The number of the same row: 978 for EUR; in three digits, "036" for AUD.
    [[nodiscard]] int numeric() const noexcept { return numeric_; }
    [[nodiscard]] std::string numeric_text() const;

    friend bool operator==(const Currency&, const Currency&) = default;

  private:
    friend struct CurrencyTable;

    constexpr Currency(std::array<char, 3> code, std::int16_t numeric, signed char exponent)
        : code_(code), exponent_(exponent), numeric_(numeric) {}

    std::array<char, 3> code_;
    signed char exponent_;
    std::int16_t numeric_;
};

}  // namespace causeway::ledger
