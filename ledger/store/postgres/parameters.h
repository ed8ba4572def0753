// SPDX-License-Identifier: Apache-2.0
//
// The parameters of one run of a statement in PostgreSQL's binary form.
//
// Every type is named: were it left to the server, it would guess "unknown" for $1 + $1.
#pragma once

#include "ledger/result.h"
#include "ledger/store/database.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::ledger::postgres {

class Parameters {
  public:
    /// Forgets all, and keeps the memory.
    void clear();

    /// Errors: `invalid_argument` for a text that the engines do not store alike.
    [[nodiscard]] Result<void> add(const Value& value);
    /// One array a column of `rows`.
    ///
    /// Errors: as add(). Throws std::logic_error when a value does not fit its column, and when
    /// the values fill no whole rows.
    [[nodiscard]] Result<void> add_columns(const Rows& rows);

    /// Addresses for libpq. Lifetime: until the next change, and no longer than the values.
    void seal();

    /// One letter for each type: a statement is prepared once for every signature.
    [[nodiscard]] std::string_view signature() const noexcept { return signature_; }
    [[nodiscard]] int count() const noexcept { return static_cast<int>(lengths_.size()); }
    [[nodiscard]] std::vector<unsigned> types() const;
    [[nodiscard]] const char* const* values() const noexcept { return values_.data(); }
    [[nodiscard]] const int* lengths() const noexcept { return lengths_.data(); }
    [[nodiscard]] const int* formats() const noexcept { return formats_.data(); }

  private:
    void add_borrowed(char type, const void* data, std::size_t size);
    void add_copied(char type, std::size_t start);
    void add_null();
    [[nodiscard]] Result<void> append_element(ColumnType type, const Value& value);
    void append_array_head(ColumnType type, std::size_t count);
    void append_number(std::int64_t number);
    void append_length(std::size_t length);

    std::string signature_;
    std::string copies_;                 // what is not borrowed
    std::vector<const char*> borrowed_;  // nullptr: NULL, or in copies_
    std::vector<std::size_t> starts_;    // in copies_; kNull, kBorrowed
    std::vector<const char*> values_;
    std::vector<int> lengths_;
    std::vector<int> formats_;
};

/// The statement for `rows`; its parameters are those of add_columns().
[[nodiscard]] std::string statement_of(const Rows& rows);

}  // namespace causeway::ledger::postgres
