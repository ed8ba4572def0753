// SPDX-License-Identifier: Apache-2.0
//
// What a batch has written so far, so that it can be written again.
//
// A savepoint for every body costs more than the body: SQLite copies each page that a body
// touches, and neighbours touch the same pages. Failed bodies are rare, so we remember the
// statements instead, and when a body fails we roll the whole transaction back and run again what
// its elders wrote. Nobody else writes, so the same statements meet the same rows.
#pragma once

#include "ledger/store/database.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace causeway::ledger::sqlite {

class Redo {
  public:
    /// Copies the values. Lifetime: `sql` outlives this object.
    void add(std::string_view sql, std::span<const Value> values);

    [[nodiscard]] std::size_t size() const noexcept { return steps_.size(); }
    /// Forgets all but the first `count` statements.
    void shrink(std::size_t count);

    [[nodiscard]] std::string_view sql(std::size_t step) const { return steps_[step].sql; }
    /// Lifetime: until the next add() or shrink().
    [[nodiscard]] std::vector<Value> values(std::size_t step) const;

  private:
    enum class Kind : std::uint8_t { none, number, text, bytes };
    struct Recorded {
        Kind kind;
        std::int64_t number;  // or where the bytes start
        std::size_t size;
    };
    struct Step {
        std::string_view sql;
        std::size_t first_value;
        std::size_t first_byte;
    };

    [[nodiscard]] Recorded record(const Value& value);
    [[nodiscard]] Value value(const Recorded& recorded) const;
    [[nodiscard]] std::int64_t copy(const std::uint8_t* data, std::size_t size);

    std::vector<Step> steps_;
    std::vector<Recorded> recorded_;
    std::vector<std::uint8_t> bytes_;
};

}  // namespace causeway::ledger::sqlite
