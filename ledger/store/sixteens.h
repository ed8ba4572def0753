// SPDX-License-Identifier: Apache-2.0
//
// One statement for sixteen rows that are wanted by their names, on both engines: on a shared one a
// statement costs the way there and back, however little it asks.
#pragma once

#include "ledger/result.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace causeway::ledger {

/// Places for sixteen values in a statement's text, where they are the whole of a key.
#define CAUSEWAY_SIXTEEN "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16"

/// `select` sixteen times over, each time with one value more at its end, from $2 on: where the key
/// has two parts. PostgreSQL, which knows nothing of a young table, looks for `IN` in all rows that
/// have the first part.
[[nodiscard]] inline std::string sixteen_times(std::string_view select) {
    std::string all;
    for (int place = 2; place <= 17; ++place) {
        all += all.empty() ? "" : " UNION ALL ";
        all.append(select).append("$").append(std::to_string(place));
    }
    return all;
}

/// Calls `ask` with sixteen of `values` at a time; where there are fewer, with the last one again
/// and again, so that the statement is the same.
///
/// Errors: those of `ask`, the first.
template <class T, class Ask>
[[nodiscard]] Result<void> by_sixteens(const std::vector<T>& values, Ask ask) {
    constexpr std::size_t kCount = 16;
    for (std::size_t first = 0; first < values.size(); first += kCount) {
        const auto at = [&](std::size_t i) -> const T& {
            return values[std::min(first + i, values.size() - 1)];
        };
        Result<void> asked = [&]<std::size_t... I>(std::index_sequence<I...>) {
            return ask(at(I)...);
        }
        (std::make_index_sequence<kCount>());
        if (!asked) return asked;
    }
    return {};
}

}  // namespace causeway::ledger
