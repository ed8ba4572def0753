// SPDX-License-Identifier: Apache-2.0
//
// A PostgreSQL database with named counters: whoever adds to one twice is found out.
#pragma once

#include "ledger/store/commit_queue.h"
#include "ledger/store/database.h"
#include "ledger/store/patience.h"
#include "tests/support/postgres_server.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace causeway::test {

/// Does not wait; `tries` says how often somebody wanted to.
class NoPatience final : public ledger::Patience {
  public:
    explicit NoPatience(int at_most = 1000, std::function<void()> instead = {})
        : at_most_(at_most), instead_(std::move(instead)) {}
    bool wait() override {
        if (++tries > at_most_) return false;
        if (instead_) instead_();
        return true;
    }
    void forget() noexcept override { ++successes; }

    std::atomic<int> tries = 0;
    std::atomic<int> successes = 0;

  private:
    const int at_most_;
    const std::function<void()> instead_;
};

inline constexpr std::array kCounters{ledger::Migration{
    .version = 1,
    .sql = "CREATE TABLE counters (name TEXT NOT NULL PRIMARY KEY, count BIGINT NOT NULL);"
           "INSERT INTO counters (name, count) VALUES ('a', 0), ('b', 0)"}};

struct Counters {
    explicit Counters(const std::string& url,
                      std::shared_ptr<NoPatience> waits = std::make_shared<NoPatience>())
        : patience(std::move(waits)) {
        auto opened = ledger::Database::open(url, kCounters, {.patience = patience});
        if (!opened) throw std::runtime_error(opened.error().detail());
        database = std::move(*opened);
    }

    Result<std::int64_t> commit(std::function<Result<std::int64_t>(ledger::Transaction&)> body) {
        return database->writer().commit<std::int64_t>(std::move(body));
    }
    /// -1 when it can not be read.
    std::int64_t count(std::string_view name) {
        std::int64_t found = -1;
        const Result<void> read = database->read([&](ledger::Transaction& snapshot) {
            return snapshot.query("SELECT count FROM counters WHERE name = $1",
                                  {name},
                                  [&](const ledger::Row& row) { found = row.integer(0); });
        });
        return read ? found : -1;
    }
    [[nodiscard]] std::uint64_t retries() const { return database->writer().statistics().retries; }

    std::shared_ptr<NoPatience> patience;
    std::unique_ptr<ledger::Database> database;
};

/// Adds one and waits for the answer.
inline Result<std::int64_t> add_one(ledger::Transaction& body, std::string_view name) {
    return body.execute("UPDATE counters SET count = count + 1 WHERE name = $1", {name});
}

/// Adds one and waits for nothing, so that it travels with the COMMIT.
inline Result<std::int64_t> add_one_later(ledger::Transaction& body, std::string_view name) {
    const Result<void> sent =
        body.defer("UPDATE counters SET count = count + 1 WHERE name = $1", {name});
    return sent ? Result<std::int64_t>(1) : Result<std::int64_t>(sent.error());
}

/// A test that needs PostgreSQL; skipped, and said so, where there is none.
class OnPostgres : public testing::Test {
  protected:
    void SetUp() override {
        if (!PostgresServer::is_installed()) GTEST_SKIP() << "PostgreSQL 15 is not installed";
    }
};

}  // namespace causeway::test
