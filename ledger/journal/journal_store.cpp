// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/account_row.h"
#include "ledger/journal/journal_memory.h"

#include <algorithm>
#include <stdexcept>
#include <tuple>

namespace causeway::ledger {
namespace {

std::vector<AccountBalance> balances_from(const std::vector<PublishedAccount>& accounts) {
    std::vector<AccountBalance> found;
    found.reserve(accounts.size());
    for (const PublishedAccount& account : accounts)
        found.push_back({.account = account.key, .balance = account.state.balance});
    return found;
}

// As Published::accounts() has them.
void put_in_order(std::vector<PublishedAccount>& accounts) {
    std::ranges::sort(accounts, [](const PublishedAccount& a, const PublishedAccount& b) {
        return std::tuple(a.key.purpose, a.key.owner, a.key.currency.code()) <
               std::tuple(b.key.purpose, b.key.owner, b.key.currency.code());
    });
}

}  // namespace

Journal::Journal(Database& database, const JournalOptions& options)
    : memory_(std::make_shared<Memory>(database.is_shared(), options)) {
    const Result<void> loaded =
        database.read([this](Transaction& snapshot) { return memory_->load(snapshot); });
    if (!loaded) throw std::runtime_error("can not read the books: " + loaded.error().detail());
    database.writer().add(memory_);
}

Journal::~Journal() = default;

Result<Posted> Journal::post(Transaction& body, const Entry& entry) {
    return memory_->post(body, entry);
}

Result<std::vector<Posted>> Journal::post_linked(Transaction& body,
                                                 std::span<const Entry> entries) {
    return memory_->post_linked(body, entries);
}

Result<std::int64_t> Journal::expire(Transaction& body,
                                     Timestamp now,
                                     IdSource& ids,
                                     std::int64_t count_max) {
    return memory_->expire(body, now, ids, count_max);
}

Result<Posted> Journal::set_terms(Transaction& body,
                                  const Uuid& id,
                                  const AccountKey& account,
                                  const AccountTerms& terms,
                                  Timestamp recorded) {
    const Entry entry{.id = id,
                      .kind = "account_terms",
                      .reference = to_text(terms),
                      .effective = recorded,
                      .recorded = recorded,
                      .lines = {{.account = account, .minor_units = 0}},
                      .type = EntryType::account_terms};
    return memory_->set_terms(body, entry, terms);
}

Result<Balance> Journal::balance(Transaction& body, const AccountKey& account) {
    return memory_->balance(body, account);
}

Result<void> Journal::make_head(Transaction& body) {
    return memory_->make_head(body);
}

Result<std::vector<PublishedAccount>> Journal::accounts(
    Transaction& snapshot, std::optional<std::string_view> owner) const {
    if (!memory_->is_shared()) return memory_->published().accounts(owner);
    Result<std::vector<PublishedAccount>> stored =
        owner ? account_rows(snapshot, *owner) : account_rows(snapshot);
    if (stored) put_in_order(*stored);
    return stored;
}

Result<std::optional<PublishedAccount>> Journal::account(Transaction& snapshot,
                                                         const AccountKey& key) const {
    if (!memory_->is_shared()) return memory_->published().account(key);
    Result<std::vector<PublishedAccount>> stored = account_row(snapshot, key);
    if (!stored) return stored.error();
    if (stored->empty()) return std::optional<PublishedAccount>();
    return std::optional(std::move(stored->front()));
}

const Published* Journal::published() const noexcept {
    return memory_->is_shared() ? nullptr : &memory_->published();
}

Result<std::vector<AccountBalance>> Journal::balances(Transaction& snapshot) const {
    const Result<std::vector<PublishedAccount>> all = accounts(snapshot);
    if (!all) return all.error();
    return balances_from(*all);
}

Result<std::vector<AccountBalance>> Journal::balances_of(Transaction& snapshot,
                                                         std::string_view owner) const {
    const Result<std::vector<PublishedAccount>> all = accounts(snapshot, owner);
    if (!all) return all.error();
    return balances_from(*all);
}

Result<AccountTerms> Journal::terms(Transaction& snapshot, const AccountKey& key) const {
    const Result<std::optional<PublishedAccount>> found = account(snapshot, key);
    if (!found) return found.error();
    if (!*found) return Error(ErrorCode::not_found, about(key));
    return terms_from_bits((*found)->state.terms);
}

Result<Sequence> Journal::find(Transaction& snapshot, const Uuid& id) const {
    Sequence found = 0;
    if (memory_->is_shared()) {
        const Result<void> read =
            snapshot.query("SELECT sequence FROM journal_entry_ids WHERE entry_id = $1",
                           {id},
                           [&](const Row& row) { found = row.integer(0); });
        if (!read) return read.error();
    } else {
        for (const std::uint32_t place : memory_->published().candidates(id)) {
            const Result<void> read =
                snapshot.query("SELECT entry_id FROM journal_entries WHERE sequence = $1",
                               {std::int64_t{place}},
                               [&](const Row& row) {
                                   if (row.uuid(0) == id) found = place;
                               });
            if (!read) return read.error();
        }
    }
    if (found == 0) return Error(ErrorCode::not_found, about(id));
    return found;
}

Result<Entry> Journal::entry(Transaction& snapshot, const Uuid& id) const {
    const Result<Sequence> sequence = find(snapshot, id);
    if (!sequence) return sequence.error();
    const Result<StoredEntry> stored = load_entry(snapshot, *sequence);
    if (!stored) return stored.error();
    // The few accounts of one entry, not all there are.
    AccountNames names;
    for (const StoredLine& line : stored->lines) {
        const Result<std::vector<PublishedAccount>> found = account_row(snapshot, line.account_id);
        if (!found) return found.error();
        for (const PublishedAccount& account : *found)
            names.emplace(account.id, account.key);
    }
    return named(*stored, names);
}

}  // namespace causeway::ledger
