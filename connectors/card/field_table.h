// SPDX-License-Identifier: Apache-2.0
//
// Every data element of ISO 8583:1987 with its format and length: what a value may be, before any
// dialect decides how it travels.
//
// Source: ISO 8583:1987 table 2. Elements that hosts write as text although the standard says n
// (91 to 95, 49 to 51) have a format of their own, so that a BCD dialect leaves them alone.
#pragma once

#include <string_view>

namespace causeway::connectors::card {

enum class Content {
    n,         ///< Digits.
    currency,  ///< Three digits, see Dialect::currency.
    an,        ///< Letters and digits.
    anp,       ///< Letters, digits and spaces.
    ans,       ///< Printable ISO 8859-1.
    z,         ///< Track 2: digits and '='.
    xn,        ///< 'C' or 'D', then digits.
    b,         ///< Bytes; the value is upper-case hexadecimal.
    icc,       ///< Bytes like b, see Dialect::icc.
};

enum class Prefix { fixed, ll, lll };

struct FieldFormat {
    Content content;
    Prefix prefix;
    int length_max;  ///< Exact for `fixed`. Units: characters; for b and icc bytes.
};

/// The format of a data element; nullptr unless `number` is 2 to 128.
[[nodiscard]] const FieldFormat* field_format(int number) noexcept;

/// What is wrong with `value`, in a few words that do not repeat it; empty when nothing is.
[[nodiscard]] std::string_view value_fault(const FieldFormat& format,
                                           std::string_view value) noexcept;

}  // namespace causeway::connectors::card
