// SPDX-License-Identifier: Apache-2.0
//
// The writer's session on PostgreSQL.
//
// A batch is one transaction with READ COMMITTED and explicit row locks. Bodies have no savepoints
// of their own: they cost a round trip each way in the server, and bodies rarely fail after they
// have written. When one does, or a statement breaks a constraint, the batch is taken back and run
// again in careful mode: each body and each statement in a savepoint, each answer waited for.
#pragma once

#include "ledger/store/fail_stop.h"
#include "ledger/store/patience.h"
#include "ledger/store/postgres/connection.h"
#include "ledger/store/postgres/target.h"
#include "ledger/store/postgres/writer_row.h"
#include "ledger/store/write_session.h"

#include <memory>
#include <string>

namespace causeway::ledger::postgres {

/// A connection for writing: synchronous commit, and a transaction that is forgotten half-way does
/// not hold its locks for ever.
///
/// Errors: as Connection::open; `storage` when the server refuses the settings.
[[nodiscard]] Result<std::unique_ptr<Connection>> open_writer(const Target& target);

class Session final : public WriteSession, private Transaction {
  public:
    /// `row` has been inserted through `connection`.
    ///
    /// Lifetime: `target`, `fail_stop` and `patience` outlive the session.
    Session(const Target& target,
            std::unique_ptr<Connection> connection,
            WriterRow row,
            const FailStop& fail_stop,
            Patience& patience);
    ~Session() override;

    void begin() override;
    void begin_body(bool last) override;
    void keep_body() override;
    void undo_body() override;
    void bodies_over() override;
    [[nodiscard]] bool commit() override;
    void rollback() override;
    [[nodiscard]] bool doomed() const noexcept override { return doomed_; }
    void tidy(bool idle) override;
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

    [[nodiscard]] Result<void> fill(std::initializer_list<Value> values);
    [[nodiscard]] Result<Answer> run(std::string_view sql);
    [[nodiscard]] Result<void> run_later(std::string_view sql);
    [[nodiscard]] Error failed(const Answer& answer, bool reads);
    [[nodiscard]] Error refused(const Answer& answer);
    Error doom(std::string why);
    [[nodiscard]] Error doomed_already() const;
    [[nodiscard]] bool acknowledged(const Answer& answer);
    void reconnect();
    [[nodiscard]] bool settle();
    void wait_or_stop();
    void finished();

    const Target& target_;
    std::unique_ptr<Connection> connection_;  // none while it is lost
    WriterRow row_;
    const FailStop& fail_stop_;
    Patience& patience_;
    Parameters parameters_;
    bool doomed_ = false;
    bool careful_ = false;
    bool careful_next_ = false;  // when the batch is run again
    bool wait_next_ = false;
    bool in_body_ = false;
    bool body_wrote_ = false;
    std::string why_;  // it is run again, for the operator
};

}  // namespace causeway::ledger::postgres
