// SPDX-License-Identifier: Apache-2.0
//
// What is wrong with a line or a file, and where. A fault says what was expected and found only
// for counts and codes: names, documents and amounts of payers stay out of it.
#pragma once

#include <string>
#include <string_view>

namespace causeway::connectors::cnab {

struct Fault {
    int line = 0;       ///< From 1; 0 for the file as a whole.
    int column = 0;     ///< From 1; 0 for the line as a whole.
    std::string field;  ///< The layout's name; empty for the line as a whole.
    std::string reason;
    std::string expected;
    std::string found;

    friend bool operator==(const Fault&, const Fault&) = default;
};

/// One row can not be believed; the rows around it can.
using RowError = Fault;
/// The file can not be believed, whatever its rows say.
using FileError = Fault;

/// "line 7 column 153 (valor_do_titulo): not digits; expected 5, found 7".
[[nodiscard]] std::string to_text(const Fault& fault);

}  // namespace causeway::connectors::cnab
