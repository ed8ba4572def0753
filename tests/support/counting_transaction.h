// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ledger/store/database.h"

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string_view>

namespace causeway::test {

/// A snapshot that counts what is read through it: steps, which is what time is made of, and which
/// do not depend on the machine.
class CountingTransaction final : public ledger::Transaction {
  public:
    explicit CountingTransaction(ledger::Transaction& inner) : inner_(inner) {}

    [[nodiscard]] std::int64_t statements() const { return statements_; }
    [[nodiscard]] std::int64_t rows() const { return rows_; }

    [[nodiscard]] Result<std::int64_t> execute(
        std::string_view sql, std::initializer_list<ledger::Value> values) override {
        return inner_.execute(sql, values);
    }
    [[nodiscard]] Result<void> defer(std::string_view sql,
                                     std::initializer_list<ledger::Value> values) override {
        return inner_.defer(sql, values);
    }
    [[nodiscard]] Result<void> insert_rows(const ledger::Rows& rows) override {
        return inner_.insert_rows(rows);
    }
    [[nodiscard]] Result<void> query(std::string_view sql,
                                     std::initializer_list<ledger::Value> values,
                                     const std::function<void(const ledger::Row&)>& each) override {
        ++statements_;
        return inner_.query(sql, values, [&](const ledger::Row& row) {
            ++rows_;
            each(row);
        });
    }
    [[nodiscard]] bool writes() const noexcept override { return inner_.writes(); }

  private:
    ledger::Transaction& inner_;
    std::int64_t statements_ = 0;
    std::int64_t rows_ = 0;
};

}  // namespace causeway::test
