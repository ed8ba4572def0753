// SPDX-License-Identifier: Apache-2.0
//
// A row of a result of libpq, in binary form.
#pragma once

#include "ledger/store/database.h"

#include <memory>

struct pg_result;

namespace causeway::ledger::postgres {

struct ResultClear {
    void operator()(pg_result* result) const noexcept;
};
using ResultPtr = std::unique_ptr<pg_result, ResultClear>;

/// Throws std::logic_error when a column is read as what it is not: SQLite would convert, and the
/// two engines would answer differently.
///
/// Lifetime: the result's.
class ResultRow final : public Row {
  public:
    ResultRow(const pg_result* result, int row) : result_(result), row_(row) {}

    [[nodiscard]] bool is_null(int column) const override;
    [[nodiscard]] std::int64_t integer(int column) const override;
    [[nodiscard]] std::string_view text(int column) const override;
    [[nodiscard]] std::span<const std::uint8_t> bytes(int column) const override;

  private:
    [[nodiscard]] std::span<const std::uint8_t> raw(int column) const;

    const pg_result* result_;
    int row_;
};

}  // namespace causeway::ledger::postgres
