// SPDX-License-Identifier: Apache-2.0
//
// The connections that read: opened when first needed, at most so many, handed round, replaced
// when the server has closed them.
#pragma once

#include "ledger/result.h"
#include "ledger/store/postgres/connection.h"
#include "ledger/store/postgres/target.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

namespace causeway::ledger::postgres {

/// Threads: any.
class Readers {
  public:
    /// Lifetime: `target` outlives the readers.
    Readers(const Target& target, int readers_max);

    /// Waits while all are taken.
    ///
    /// Errors: `storage` when one more can not be opened.
    [[nodiscard]] Result<std::unique_ptr<Connection>> take();
    void give_back(std::unique_ptr<Connection> connection);

  private:
    const Target& target_;
    const int readers_max_;
    std::mutex mutex_;
    std::condition_variable one_is_free_;
    std::vector<std::unique_ptr<Connection>> free_;
    int open_ = 0;
};

/// What a read() sees: one moment of the database, from its first query on.
class Snapshot final : public Transaction {
  public:
    /// Takes a reader, and gives it back at the end.
    Snapshot(Readers& readers, std::unique_ptr<Connection> connection)
        : readers_(readers), connection_(std::move(connection)) {}
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;
    ~Snapshot() override;

    [[nodiscard]] Result<std::int64_t> execute(std::string_view sql,
                                               std::initializer_list<Value> values) override;
    [[nodiscard]] Result<void> query(std::string_view sql,
                                     std::initializer_list<Value> values,
                                     const std::function<void(const Row&)>& each) override;
    [[nodiscard]] Result<void> defer(std::string_view sql,
                                     std::initializer_list<Value> values) override;
    [[nodiscard]] Result<void> insert_rows(const Rows& rows) override;
    [[nodiscard]] bool writes() const noexcept override { return false; }

  private:
    Readers& readers_;
    std::unique_ptr<Connection> connection_;
    bool begun_ = false;
    bool failed_ = false;
};

}  // namespace causeway::ledger::postgres
