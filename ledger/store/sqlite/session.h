// SPDX-License-Identifier: Apache-2.0
//
// The transactions of one SQLite connection: a reader's snapshot, and the writer's session in
// which many bodies share a commit.
#pragma once

#include "ledger/store/fail_stop.h"
#include "ledger/store/sqlite/connection.h"
#include "ledger/store/sqlite/redo.h"
#include "ledger/store/write_session.h"

#include <cstddef>
#include <string>

namespace causeway::ledger::sqlite {

/// What a read() sees.
class Snapshot final : public Transaction {
  public:
    explicit Snapshot(Connection& connection) : connection_(connection) {}

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
    Connection& connection_;
};

/// What the upgrade of a migration works in. Every failure is its error: nothing has been
/// promised to anybody yet.
class Upgrade final : public Transaction {
  public:
    explicit Upgrade(Connection& connection) : connection_(connection) {}

    [[nodiscard]] Result<std::int64_t> execute(std::string_view sql,
                                               std::initializer_list<Value> values) override;
    [[nodiscard]] Result<void> query(std::string_view sql,
                                     std::initializer_list<Value> values,
                                     const std::function<void(const Row&)>& each) override;
    [[nodiscard]] Result<void> defer(std::string_view sql,
                                     std::initializer_list<Value> values) override;
    [[nodiscard]] Result<void> insert_rows(const Rows& rows) override;
    [[nodiscard]] bool writes() const noexcept override { return true; }

  private:
    [[nodiscard]] Result<std::int64_t> run(std::string_view sql,
                                           std::initializer_list<Value> values,
                                           const std::function<void(const Row&)>* each);
    [[nodiscard]] Error failed(int code) const;

    Connection& connection_;
};

/// The writer's. Undoing a body costs nothing while no body fails: see redo.h. After the first
/// failure in a batch the rest of it runs under savepoints, so one batch is run again at most
/// once, whatever a client sends.
class Session final : public WriteSession, private Transaction {
  public:
    /// Lifetime: both outlive the session.
    ///
    /// Units: `checkpoint_pages` as in DatabaseOptions.
    Session(Connection& connection, const FailStop& fail_stop, int checkpoint_pages)
        : connection_(connection), fail_stop_(fail_stop), checkpoint_pages_(checkpoint_pages) {}

    void begin() override;
    void begin_body(bool last) override;
    void keep_body() override;
    void undo_body() override;
    void bodies_over() override;
    [[nodiscard]] bool commit() override;
    void rollback() override;
    [[nodiscard]] bool doomed() const noexcept override { return false; }
    void tidy(bool idle) override;
    [[nodiscard]] bool overlaps() const noexcept override { return true; }
    [[nodiscard]] bool alone() const noexcept override { return true; }
    [[nodiscard]] Transaction& transaction() noexcept override { return *this; }

  private:
    [[nodiscard]] Result<std::int64_t> execute(std::string_view sql,
                                               std::initializer_list<Value> values) override;
    [[nodiscard]] Result<void> query(std::string_view sql,
                                     std::initializer_list<Value> values,
                                     const std::function<void(const Row&)>& each) override;
    [[nodiscard]] Result<void> defer(std::string_view sql,
                                     std::initializer_list<Value> values) override;
    [[nodiscard]] Result<void> insert_rows(const Rows& rows) override;
    [[nodiscard]] bool writes() const noexcept override { return true; }

    [[nodiscard]] Error failed(int code, bool wrote);
    [[nodiscard]] Result<std::int64_t> run(Prepared& prepared,
                                           std::span<const Value> values,
                                           const std::function<void(const Row&)>* each);
    void must(const char* sql, const char* what);
    void check_transaction();
    void run_again();

    Connection& connection_;
    const FailStop& fail_stop_;
    const int checkpoint_pages_;
    Redo redo_;
    std::size_t body_start_ = 0;  // in redo_
    bool body_wrote_ = false;
    bool recording_ = false;   // a later body may make us run this one's statements again
    bool savepoints_ = false;  // for the rest of this batch
    int checkpoint_at_ = 0;
    int pages_before_ = 0;
};

}  // namespace causeway::ledger::sqlite
