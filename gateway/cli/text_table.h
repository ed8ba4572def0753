// SPDX-License-Identifier: Apache-2.0
//
// Tables for a terminal: columns of equal width, amounts to the right, no colours. What is shown
// may have come from a merchant or a provider, so control characters never reach the terminal.
#pragma once

#include "ledger/currency.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::gateway {

class TextTable {
  public:
    enum class Align { left, right };
    struct Column {
        std::string title;
        Align align = Align::left;
    };

    explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

    /// Adds a row. Missing cells are empty; those beyond the last column are left out.
    void row(std::vector<std::string> cells);

    [[nodiscard]] bool empty() const noexcept { return rows_.empty(); }

    /// A line of titles and a line for each row, without spaces at the end of a line.
    [[nodiscard]] std::string to_string() const;

  private:
    std::vector<Column> columns_;
    std::vector<std::vector<std::string>> rows_;
};

/// `text` with every control character as '?', so that it can neither move the cursor nor end a
/// line.
[[nodiscard]] std::string printable(std::string_view text);

/// An amount in major units without its currency, with exactly the currency's decimals: "-12.30".
[[nodiscard]] std::string amount_text(std::int64_t minor_units, const ledger::Currency& currency);

/// The same, or "-" when there is none.
[[nodiscard]] std::string amount_text(const std::optional<std::int64_t>& minor_units,
                                      const ledger::Currency& currency);

}  // namespace causeway::gateway
