// SPDX-License-Identifier: Apache-2.0
//
// A boleto's barcode (44 digits) and the digitable line (47) that a payer types: the same content
// in another order, the line with three check digits more.
//
// Which day the due factor means depends on when it is read, and the last 25 digits on the bank;
// neither is looked at here (title.h).
#pragma once

#include "ledger/result.h"

#include <string>
#include <string_view>

namespace causeway::connectors::boleto {

/// 44 digits in reais whose general check digit fits.
///
/// Source: Banco do Brasil, Especificações Técnicas para Confecção de Boleto, January 2016.
class Barcode {
  public:
    static constexpr std::size_t kSize = 44;
    static constexpr std::size_t kTermsSize = 14;
    static constexpr std::size_t kFreeFieldSize = 25;

    /// Errors: `invalid_argument` that names the positions and repeats no digit.
    static Result<Barcode> parse(std::string_view digits);

    /// Puts the parts together and computes the general check digit. `terms` is the due factor and
    /// the amount.
    ///
    /// Errors: `invalid_argument`.
    static Result<Barcode> make(std::string_view bank,
                                std::string_view terms,
                                std::string_view free_field);

    [[nodiscard]] const std::string& digits() const noexcept { return digits_; }
    [[nodiscard]] std::string_view bank() const noexcept { return view(0, 3); }
    [[nodiscard]] char general_digit() const noexcept { return digits_[4]; }

    /// Positions 6 to 19. A first digit of 0 means: no due factor, the amount has all fourteen.
    [[nodiscard]] std::string_view terms() const noexcept { return view(5, kTermsSize); }
    [[nodiscard]] std::string_view free_field() const noexcept { return view(19, kFreeFieldSize); }

    friend bool operator==(const Barcode&, const Barcode&) = default;

  private:
    explicit Barcode(std::string digits) : digits_(std::move(digits)) {}

    [[nodiscard]] std::string_view view(std::size_t at, std::size_t size) const noexcept {
        return std::string_view(digits_).substr(at, size);
    }

    std::string digits_;
};

/// 47 digits; made by to_line() only.
class DigitableLine {
  public:
    [[nodiscard]] const std::string& digits() const noexcept { return digits_; }

    /// "00190.50095 40144.816069 06809.350314 3 37370000000100".
    [[nodiscard]] std::string printed() const;

    friend bool operator==(const DigitableLine&, const DigitableLine&) = default;

  private:
    friend DigitableLine to_line(const Barcode& barcode);
    explicit DigitableLine(std::string digits) : digits_(std::move(digits)) {}

    std::string digits_;
};

[[nodiscard]] DigitableLine to_line(const Barcode& barcode);

/// Reads a line as it is typed or printed, with or without points and blanks, and checks its four
/// check digits. They find any one wrong digit of the fields 1 to 4; of field 5 they miss one in
/// the few lines whose general digit is 1, which stands for three remainders.
///
/// Errors: `invalid_argument` that names the field and its positions and repeats no digit.
[[nodiscard]] Result<Barcode> parse_line(std::string_view text);

}  // namespace causeway::connectors::boleto
