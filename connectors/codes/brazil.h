// SPDX-License-Identifier: Apache-2.0
//
// A Brazilian postal address, as bank slips and Pix charges want it. A postal code that has eight
// digits need not exist; only the post office knows.
#pragma once

#include "ledger/result.h"

#include <string>
#include <string_view>

namespace causeway::connectors::codes {

/// Whether it is one of the 26 states or DF, in upper case.
[[nodiscard]] bool is_federative_unit(std::string_view code) noexcept;

/// Eight digits from "01310-100" or "01310100".
///
/// Errors: `invalid_argument`.
[[nodiscard]] Result<std::string> parse_postal_code(std::string_view text);

struct BrazilianAddress {
    std::string street;  ///< With number and complement.
    std::string district;
    std::string city;
    std::string state;        ///< Two letters: "SP".
    std::string postal_code;  ///< Eight digits.
};

/// Errors: `invalid_argument` that names the part: empty street or city, no such state, no postal
/// code. The district may be empty.
[[nodiscard]] Result<void> check_address(const BrazilianAddress& address);

/// One line: "Av. Paulista, 1000 - Bela Vista - São Paulo/SP - 01310-100".
[[nodiscard]] std::string printed(const BrazilianAddress& address);

}  // namespace causeway::connectors::codes
