// SPDX-License-Identifier: Apache-2.0
//
// A Brazilian tax number: CPF of a person, CNPJ of a company. A CNPJ may hold letters (they are
// assigned since July 2026), so it is text and never an integer.
#pragma once

#include "ledger/result.h"

#include <string>
#include <string_view>

namespace causeway::connectors::codes {

enum class TaxNumberKind { cpf, cnpj };

/// The enumerator's spelling.
[[nodiscard]] std::string_view to_string(TaxNumberKind kind) noexcept;

/// A number whose check digits fit. Whether the tax authority issued it is another question.
class TaxNumber {
  public:
    /// Reads 11 digits (CPF) or 14 characters (CNPJ), with or without the points, stroke and hyphen
    /// of the printed form. Letters become upper case.
    ///
    /// Errors: `invalid_argument` that says what is wrong and never repeats the number: it may be
    /// a person's. One character repeated fits the rule and is refused: none was ever issued.
    /// Source: IN RFB 2.229/2024 for the letters.
    static Result<TaxNumber> parse(std::string_view text);

    [[nodiscard]] TaxNumberKind kind() const noexcept;

    /// 11 digits, or 14 digits and upper-case letters.
    [[nodiscard]] const std::string& text() const noexcept { return text_; }

    /// "494.732.895-96" or "12.ABC.345/01DE-35".
    [[nodiscard]] std::string printed() const;

    friend bool operator==(const TaxNumber&, const TaxNumber&) = default;

  private:
    explicit TaxNumber(std::string text) : text_(std::move(text)) {}

    std::string text_;
};

}  // namespace causeway::connectors::codes
