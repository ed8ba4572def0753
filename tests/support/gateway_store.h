// SPDX-License-Identifier: Apache-2.0
//
// A gateway's database in a folder of its own, with the rows that payments would have written.
#pragma once

#include "gateway/books/postings.h"
#include "gateway/cli/command.h"
#include "gateway/reconcile/reconcile_store.h"
#include "gateway/schema_store.h"
#include "ledger/store/commit_queue.h"
#include "tests/support/amounts.h"
#include "tests/support/books.h"
#include "tests/support/engines.h"

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace causeway::test {

/// What a test says about one capture or refund; the rest is the same for all.
struct MoneyMove {
    std::string type = "charge";
    ledger::Money gross = eur(10'000);  ///< Settlement currency; negative for a refund.
    std::int64_t fee = 290;
    std::optional<ledger::Money> presentment = {};
    std::int64_t fx_fee = 0;
    std::string reference = "ORDER-1";
    Timestamp created = from_microseconds(1'776'074'460'000'000);  ///< 2026-04-13T10:01:00Z
    bool livemode = false;
};

class GatewayBooks {
  public:
    explicit GatewayBooks(Engine engine = Engine::sqlite);

    /// Runs `body` as one commit; throws when it fails, because then the test itself is wrong.
    void write(const std::function<Result<void>(ledger::Transaction&)>& body);

    /// Another process on the same database, which is a server.
    [[nodiscard]] std::unique_ptr<ledger::Database> open_again() const;

    void execute(std::string_view sql, std::initializer_list<ledger::Value> values);

    Uuid merchant();

    Uuid payment(const Uuid& merchant_id, const MoneyMove& move);

    /// Writes a balance transaction and its journal entry, as a capture or a refund does.
    Uuid move(const Uuid& merchant_id, const Uuid& payment_id, const MoneyMove& m);

    /// A payment and its one balance transaction. Returns the payment's id.
    Uuid sale(const Uuid& merchant_id, const MoneyMove& m);

    void expect(const gateway::Expectation& expectation);

    /// Every row of every table, so that "nothing changed" means nothing.
    std::string dump();

    /// The count of rows that `sql` (SELECT COUNT(*) ...) gives.
    std::int64_t number(std::string_view sql);

    ledger::Database& database();
    [[nodiscard]] const std::string& url() const noexcept;

  private:
    static std::vector<std::string> texts(ledger::Transaction& snapshot, const std::string& sql);
    // Without the engine's own: a writer's row moves with every commit.
    [[nodiscard]] std::string tables_sql() const;
    [[nodiscard]] std::string rows_sql(ledger::Transaction& snapshot,
                                       const std::string& table) const;

    static std::unique_ptr<ledger::Database> open(const std::string& url);

    // The entry needs no exchange for the settlement's sake: pending is what counts.
    static ledger::Entry entry_of(const Uuid& merchant_id,
                                  const MoneyMove& m,
                                  const Uuid& id,
                                  const std::string& source);

    Place place_;

  public:
    ManualClock clock;
    SeededEntropy entropy;
    IdSource ids;

  private:
    std::unique_ptr<ledger::Database> database_;
    std::unique_ptr<ledger::Journal> journal_;

  public:
    gateway::CommandContext context;
};

}  // namespace causeway::test
