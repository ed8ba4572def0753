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
    explicit SeededEntropy(std::uint64_t seed) : random_(seed) {}
    void fill(std::span<std::uint8_t> bytes) noexcept override {
        const std::lock_guard lock(mutex_);
        for (std::uint8_t& byte : bytes)
            byte = static_cast<std::uint8_t>(random_());
    }

  private:
    std::mutex mutex_;
    std::mt19937_64 random_;
};

/// Ids that grow, from a clock that stands still.
struct Ids {
    explicit Ids(std::uint64_t seed = 20260413) : entropy(seed) {}
    Uuid next() { return source.next(); }

    ManualClock clock{from_microseconds(1'776'074'460'000'000)};
    SeededEntropy entropy;
    IdSource source{clock, entropy};
};

inline ledger::AccountKey account(std::string owner,
                                  ledger::Purpose purpose,
                                  std::string_view currency = "EUR") {
    return {.owner = std::move(owner),
            .purpose = purpose,
            .currency = *ledger::Currency::from_code(currency)};
}

/// What the acquirer owes and the merchant has earned: one captured payment.
inline ledger::Entry capture(const Uuid& id,
                             std::int64_t minor_units,
                             std::string merchant = "mer_1",
                             std::string_view currency = "EUR") {
    using ledger::Purpose;
    return {.id = id,
            .kind = "capture",
            .reference = "cap_1",
            .effective = from_microseconds(1'776'074'460'000'000),
            .recorded = from_microseconds(1'776'074'461'000'000),
            .lines = {{.account = account("card", Purpose::provider_receivable, currency),
                       .minor_units = minor_units},
                      {.account = account(std::move(merchant), Purpose::merchant_pending, currency),
                       .minor_units = -minor_units}}};
}

/// A pending entry: the acquirer will owe what the merchant will have earned.
inline ledger::Entry reservation(const Uuid& id,
                                 std::int64_t minor_units,
                                 std::optional<Timestamp> expires = {}) {
    ledger::Entry entry = capture(id, minor_units);
    entry.kind = "authorisation";
    entry.type = ledger::EntryType::pending;
    entry.expires = expires;
    return entry;
}

/// Posts all that remains of `pending`; with lines, those.
inline ledger::Entry post_of(const Uuid& id,
                             const Uuid& pending,
                             std::vector<ledger::Line> lines = {}) {
    ledger::Entry entry = capture(id, 1);
    entry.type = ledger::EntryType::post_pending;
    entry.pending = pending;
    entry.lines = std::move(lines);
    return entry;
}

/// Releases all that remains of `pending`.
inline ledger::Entry void_of(const Uuid& id, const Uuid& pending) {
    ledger::Entry entry = post_of(id, pending);
    entry.kind = "void";
    entry.type = ledger::EntryType::void_pending;
    return entry;
}

/// A database with a journal, and the calls that most tests make.
struct Books {
    explicit Books(const std::string& url, const ledger::JournalOptions& options = {}) {
        auto opened = ledger::Database::open(url, ledger::journal_migrations());
        if (!opened) throw std::runtime_error(opened.error().detail());
        database = std::move(*opened);
        journal = std::make_unique<ledger::Journal>(*database, options);
    }

    /// Runs `body` as the only one of its batch.
    template <class T>
    Result<T> run(std::function<Result<T>(ledger::Transaction&)> body) {
        return database->writer().commit<T>(std::move(body));
    }
    Result<ledger::Posted> post(const ledger::Entry& entry) {
        return run<ledger::Posted>([&](ledger::Transaction& t) { return journal->post(t, entry); });
    }
    Result<ledger::Posted> set_terms(const Uuid& id,
                                     const ledger::AccountKey& key,
                                     const ledger::AccountTerms& terms,
                                     std::int64_t recorded_us = 1'776'074'461'000'000) {
        return run<ledger::Posted>([&](ledger::Transaction& t) {
            return journal->set_terms(t, id, key, terms, from_microseconds(recorded_us));
        });
    }

    ledger::Balance balance(const ledger::AccountKey& key) {
        return *run<ledger::Balance>(
            [&](ledger::Transaction& t) { return journal->balance(t, key); });
    }
    std::int64_t net(const ledger::AccountKey& key) { return balance(key).net(); }

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

    std::vector<ledger::AccountBalance> balances() {
        return read<std::vector<ledger::AccountBalance>>(
            [&](ledger::Transaction& snapshot) { return journal->balances(snapshot); });
    }
    ledger::Entry entry(const Uuid& id) {
        return read<ledger::Entry>(
            [&](ledger::Transaction& snapshot) { return journal->entry(snapshot, id); });
    }
    ledger::VerifyReport verified(ledger::VerifyOptions options = {}) {
        options.shared = database->is_shared();
        return read<ledger::VerifyReport>(
            [&](ledger::Transaction& snapshot) { return ledger::verify(snapshot, options); });
    }

    /// Changes the books behind the journal's back.
    void tamper(std::string sql) {
        const auto done = database->writer().commit<std::int64_t>(
            [sql = std::move(sql)](ledger::Transaction& t) { return t.execute(sql, {}); });
        if (!done || *done == 0) throw std::runtime_error("nothing was changed");
    }

    std::unique_ptr<ledger::Database> database;
    std::unique_ptr<ledger::Journal> journal;
};

}  // namespace causeway::test
