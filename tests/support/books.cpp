// SPDX-License-Identifier: Apache-2.0
#include "tests/support/books.h"

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

SeededEntropy::SeededEntropy(std::uint64_t seed) : random_(seed) {}

void SeededEntropy::fill(std::span<std::uint8_t> bytes) noexcept {
    const std::lock_guard lock(mutex_);
    for (std::uint8_t& byte : bytes)
        byte = static_cast<std::uint8_t>(random_());
}

Ids::Ids(std::uint64_t seed) : entropy(seed) {}

Uuid Ids::next() {
    return source.next();
}

ledger::AccountKey account(std::string owner, ledger::Purpose purpose, std::string_view currency) {
    return {.owner = std::move(owner),
            .purpose = purpose,
            .currency = *ledger::Currency::from_code(currency)};
}

ledger::Entry capture(const Uuid& id,
                      std::int64_t minor_units,
                      std::string merchant,
                      std::string_view currency) {
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

ledger::Entry reservation(const Uuid& id,
                          std::int64_t minor_units,
                          std::optional<Timestamp> expires) {
    ledger::Entry entry = capture(id, minor_units);
    entry.kind = "authorisation";
    entry.type = ledger::EntryType::pending;
    entry.expires = expires;
    return entry;
}

ledger::Entry post_of(const Uuid& id, const Uuid& pending, std::vector<ledger::Line> lines) {
    ledger::Entry entry = capture(id, 1);
    entry.type = ledger::EntryType::post_pending;
    entry.pending = pending;
    entry.lines = std::move(lines);
    return entry;
}

ledger::Entry void_of(const Uuid& id, const Uuid& pending) {
    ledger::Entry entry = post_of(id, pending);
    entry.kind = "void";
    entry.type = ledger::EntryType::void_pending;
    return entry;
}

Books::Books(const std::string& url, const ledger::JournalOptions& options) {
    auto opened = ledger::Database::open(url, ledger::journal_migrations());
    if (!opened) throw std::runtime_error(opened.error().detail());
    database = std::move(*opened);
    journal = std::make_unique<ledger::Journal>(*database, options);
}

Result<ledger::Posted> Books::post(const ledger::Entry& entry) {
    return run<ledger::Posted>([&](ledger::Transaction& t) { return journal->post(t, entry); });
}

Result<ledger::Posted> Books::set_terms(const Uuid& id,
                                        const ledger::AccountKey& key,
                                        const ledger::AccountTerms& terms,
                                        std::int64_t recorded_us) {
    return run<ledger::Posted>([&](ledger::Transaction& t) {
        return journal->set_terms(t, id, key, terms, from_microseconds(recorded_us));
    });
}

ledger::Balance Books::balance(const ledger::AccountKey& key) {
    return *run<ledger::Balance>([&](ledger::Transaction& t) { return journal->balance(t, key); });
}

std::int64_t Books::net(const ledger::AccountKey& key) {
    return balance(key).net();
}

std::vector<ledger::AccountBalance> Books::balances() {
    return read<std::vector<ledger::AccountBalance>>(
        [&](ledger::Transaction& snapshot) { return journal->balances(snapshot); });
}

ledger::Entry Books::entry(const Uuid& id) {
    return read<ledger::Entry>(
        [&](ledger::Transaction& snapshot) { return journal->entry(snapshot, id); });
}

ledger::VerifyReport Books::verified(ledger::VerifyOptions options) {
    options.shared = database->is_shared();
    return read<ledger::VerifyReport>(
        [&](ledger::Transaction& snapshot) { return ledger::verify(snapshot, options); });
}

void Books::tamper(std::string sql) {
    const auto done = database->writer().commit<std::int64_t>(
        [sql = std::move(sql)](ledger::Transaction& t) { return t.execute(sql, {}); });
    if (!done || *done == 0) throw std::runtime_error("nothing was changed");
}

}  // namespace causeway::test
