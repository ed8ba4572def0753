// SPDX-License-Identifier: Apache-2.0
//
// The numbers of operations, one count a connector, in ranges that this process has reserved in
// the database: another process on the same database has other ranges.
//
// A number is spent even when its transaction is rolled back: gaps are harmless, a number used
// twice is not. So a range counts only once the transaction that reserved it has been committed,
// or for the bodies that follow in the same one.
#pragma once

#include "ledger/store/database.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace causeway::gateway {

/// Threads: the writer's only.
/// Lifetime: outlives the database, whose writer tells it what became of its batches.
class Sequences final : public ledger::Participant {
  public:
    static constexpr std::int64_t kRange = 64;

    explicit Sequences(ledger::Database& database);

    /// A number that nobody has used and nobody else will.
    [[nodiscard]] Result<std::int64_t> next(ledger::Transaction& tx, const std::string& connector);

    /// Gives the rest of the range up: one of its numbers was used, by nobody that is known.
    void distrust(const std::string& connector) { ranges_.erase(connector); }

    void begin_body() override { reserved_by_body_.clear(); }
    void keep_body() override;
    void undo_body() override;
    void before_commit(ledger::Transaction& transaction) override;
    void after_commit() noexcept override { reserved_by_batch_.clear(); }
    [[nodiscard]] std::unique_ptr<ledger::Outgoing> take_outgoing() override;
    [[nodiscard]] bool leaves_early() const override { return !shared_; }
    void undo_batch() override;

  private:
    struct Range {
        std::int64_t next;
        std::int64_t end;
    };

    const bool shared_;
    std::map<std::string, Range> ranges_;
    std::vector<std::string> reserved_by_body_;
    std::vector<std::string> reserved_by_batch_;
};

}  // namespace causeway::gateway
