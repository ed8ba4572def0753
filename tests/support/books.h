// SPDX-License-Identifier: Apache-2.0
//
// Entries as the tests of the books write them: short, and right unless they are meant not to be.
#pragma once

#include "ledger/chain/verify.h"
#include "ledger/clock.h"
#include "ledger/entropy.h"
#include "ledger/id.h"
#include "ledger/journal/journal.h"
#include "ledger/store/commit_queue.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace causeway::test {

/// Chance from a seed.
class SeededEntropy final : public Entropy {
  public:
    explicit SeededEntropy(std::uint64_t seed);
    void fill(std::span<std::uint8_t> bytes) noexcept override;

  private:
    std::mutex mutex_;
    std::mt19937_64 random_;
};

/// Ids that grow, from a clock that stands still.
struct Ids {
    explicit Ids(std::uint64_t seed = 20260413);
    Uuid next();

    ManualClock clock{from_microseconds(1'776'074'460'000'000)};
    SeededEntropy entropy;
    IdSource source{clock, entropy};
};

ledger::AccountKey account(std::string owner,
                           ledger::Purpose purpose,
                           std::string_view currency = "EUR");

/// What the acquirer owes and the merchant has earned: one captured payment.
ledger::Entry capture(const Uuid& id,
                      std::int64_t minor_units,
                      std::string merchant = "mer_1",
                      std::string_view currency = "EUR");

/// A pending entry: the acquirer will owe what the merchant will have earned.
ledger::Entry reservation(const Uuid& id,
                          std::int64_t minor_units,
                          std::optional<Timestamp> expires = {});

/// Posts all that remains of `pending`; with lines, those.
ledger::Entry post_of(const Uuid& id, const Uuid& pending, std::vector<ledger::Line> lines = {});

/// Releases all that remains of `pending`.
ledger::Entry void_of(const Uuid& id, const Uuid& pending);

/// A database with a journal, and the calls that most tests make.
struct Books {
    explicit Books(const std::string& url, const ledger::JournalOptions& options = {});

    /// Runs `body` as the only one of its batch.
    template <class T>
    Result<T> run(std::function<Result<T>(ledger::Transaction&)> body) {
        return database->writer().commit<T>(std::move(body));
    }
    Result<ledger::Posted> post(const ledger::Entry& entry);
    Result<ledger::Posted> set_terms(const Uuid& id,
                                     const ledger::AccountKey& key,
                                     const ledger::AccountTerms& terms,
                                     std::int64_t recorded_us = 1'776'074'461'000'000);

    ledger::Balance balance(const ledger::AccountKey& key);
    std::int64_t net(const ledger::AccountKey& key);

    template <class T>
    T read(const std::function<Result<T>(ledger::Transaction&)>& body) {
        std::optional<Result<T>> found;
        const Result<void> done =
            database->read([&](ledger::Transaction& snapshot) -> Result<void> {
                found.emplace(body(snapshot));
                return {};
            });
        if (!done || !*found) throw std::runtime_error("can not read the books");
        return std::move(**found);
    }

    std::vector<ledger::AccountBalance> balances();
    ledger::Entry entry(const Uuid& id);
    ledger::VerifyReport verified(ledger::VerifyOptions options = {});

    /// Changes the books behind the journal's back.
    void tamper(std::string sql);

    std::unique_ptr<ledger::Database> database;
    std::unique_ptr<ledger::Journal> journal;
};

}  // namespace causeway::test
