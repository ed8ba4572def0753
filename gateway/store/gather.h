// SPDX-License-Identifier: Apache-2.0
//
// A query hands its rows to a callback that cannot fail, but a row can be wrong: this gathers
// what was read of each row, and the first row that could not be read.
#pragma once

#include "ledger/result.h"
#include "ledger/store/database.h"

#include <functional>
#include <utility>
#include <vector>

namespace causeway::gateway {

/// Gathers what `read` makes of each row.
///
/// Lifetime: for one query, on one thread; each() borrows this object.
template <class T>
class Gather {
  public:
    using Read = Result<T> (*)(const ledger::Row&);

    explicit Gather(Read read) : read_(read) {}

    /// The callback for Transaction::query().
    [[nodiscard]] std::function<void(const ledger::Row&)> each() {
        return [this](const ledger::Row& row) {
            if (!outcome_) return;
            Result<T> item = read_(row);
            if (item) items_.push_back(std::move(*item));
            if (!item) outcome_ = item.error();
        };
    }

    /// Everything that was read, in the order of the rows.
    ///
    /// Errors: the query's own, or the first that `read` returned.
    [[nodiscard]] Result<std::vector<T>> take(const Result<void>& queried) {
        if (!queried) return queried.error();
        if (!outcome_) return outcome_.error();
        return std::move(items_);
    }

  private:
    Read read_;
    std::vector<T> items_;
    Result<void> outcome_;
};

}  // namespace causeway::gateway
