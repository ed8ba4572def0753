// SPDX-License-Identifier: Apache-2.0
//
// The check digits of Brazilian bank slips, one function for each rule that a manual states.
// Five rules are called "mod 11" and differ in their weights and in what a remainder becomes, so
// none of them is an option of another.
//
// All of them require digits alone; other characters make the result meaningless.
#pragma once

#include <string_view>

namespace causeway::connectors::codes {

/// Weights 2, 1, 2, 1 from the right, the digits of each product added, up to the next ten.
/// Fields of the digitable line, Itaú's DAC, and slips of collection with value kind 6 or 7.
///
/// Source: Banco do Brasil, Especificações Técnicas para Confecção de Boleto, January 2016.
[[nodiscard]] char mod10_digit(std::string_view digits) noexcept;

/// The general digit of a boleto's barcode, from its other 43 digits: weights 2 to 9 from the
/// right. Never 0: what would be 0, 10 or 11 is 1, so three remainders share a digit.
///
/// Source: as mod10_digit().
[[nodiscard]] char mod11_barcode_digit(std::string_view digits) noexcept;

/// Slips of collection (arrecadação) with value kind 8 or 9: weights 2 to 9 from the right, the
/// remainders 0 and 1 are 0.
[[nodiscard]] char mod11_collection_digit(std::string_view digits) noexcept;

/// Banco do Brasil's nosso número, branch and account: weights 9 down to 2 from the right, the
/// remainder itself, 10 being 'X'.
///
/// Source: as mod10_digit().
[[nodiscard]] char mod11_banco_do_brasil_digit(std::string_view digits) noexcept;

/// Bradesco's nosso número after its carteira: weights 2 to 7 from the right, 11 less the
/// remainder, 10 being 'P' and 11 being '0'.
///
/// Source: Bradesco, manual 4008.524.0121, version 11.
[[nodiscard]] char mod11_bradesco_digit(std::string_view digits) noexcept;

}  // namespace causeway::connectors::codes
