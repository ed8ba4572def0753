// SPDX-License-Identifier: Apache-2.0
//
// The ceiling on PostgreSQL: for each batch one statement of arrays a table, in one round trip with
// BEGIN and COMMIT, and nothing else. What it sends was put together before.
#pragma once

#include "tests/bench/ledger/bare_sqlite.h"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace causeway::bench {

class BarePostgres {
  public:
    /// Opens a database in which a journal has made the tables and opened the accounts.
    BarePostgres(const std::string& url, std::size_t batch);
    BarePostgres(const BarePostgres&) = delete;
    BarePostgres& operator=(const BarePostgres&) = delete;
    ~BarePostgres();

    /// Puts the batches together: each writes its entries, their ids, and the balances that they
    /// touch.
    void prepare(const std::vector<EntryRow>& rows);
    /// Sends what was prepared.
    void post();

  private:
    struct Connection;
    struct Batch;
    std::size_t batch_;
    std::unique_ptr<Connection> connection_;
    std::vector<std::unique_ptr<Batch>> batches_;
};

}  // namespace causeway::bench
