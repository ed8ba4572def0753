// SPDX-License-Identifier: Apache-2.0
//
// The rows of an insert_rows() as a table that SQLite reads by itself, so that a few hundred are
// one statement: `INSERT ... SELECT c1, c2 FROM causeway_rows`. Binding and stepping row by row
// costs half as much again, and the place to insert at is looked for anew each time.
#pragma once

#include "ledger/result.h"
#include "ledger/store/database.h"

#include <cstddef>
#include <span>
#include <string>

struct sqlite3;

namespace causeway::ledger::sqlite {

/// The name of the table, which has columns c1, c2, ... and no rows but while Showing lives.
/// Threads: the connection's.
class RowSource {
  public:
    /// Columns that rows may have at most.
    static constexpr std::size_t kColumnsMax = 16;

    RowSource() = default;
    RowSource(const RowSource&) = delete;
    RowSource& operator=(const RowSource&) = delete;

    /// Makes the table known to a connection. Lifetime: this object outlives it.
    ///
    /// Errors: SQLite's code; 0 is success.
    [[nodiscard]] int attach(sqlite3* handle);

    /// Shows the rows as long as it lives.
    class Showing {
      public:
        Showing(RowSource& source, const Rows& rows) : source_(source) {
            source_.values_ = rows.values;
            source_.width_ = rows.columns.size();
        }
        Showing(const Showing&) = delete;
        Showing& operator=(const Showing&) = delete;
        ~Showing() { source_.values_ = {}; }

      private:
        RowSource& source_;
    };

    /// For SQLite's side.
    [[nodiscard]] std::span<const Value> values() const noexcept { return values_; }
    [[nodiscard]] std::size_t width() const noexcept { return width_; }

  private:
    std::span<const Value> values_;
    std::size_t width_ = 1;
};

/// The statement that inserts what is shown. A row that can not be inserted leaves those before it
/// (OR FAIL): else SQLite keeps a journal to undo half a statement, which costs more than it saves.
[[nodiscard]] std::string insert_of_shown(const Rows& rows);

}  // namespace causeway::ledger::sqlite
