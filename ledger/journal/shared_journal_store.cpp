// SPDX-License-Identifier: Apache-2.0
//
// What the journal does where several processes post to the same books: it locks the rows it is
// about to change and believes nothing longer than the lock lasts. These statements run on
// PostgreSQL alone.
//
// A process posts in a lane that nobody else holds at this moment, so that processes wait for
// each other only where they touch the same accounts.
#include "ledger/journal/account_row.h"
#include "ledger/journal/journal_memory.h"

#include <algorithm>

namespace causeway::ledger {
namespace {

constexpr std::int64_t kLanesMax = 65536;

template <class T>
void sort_once(std::vector<T>& all) {
    std::ranges::sort(all);
    const auto [twice, end] = std::ranges::unique(all);
    all.erase(twice, end);
}

}  // namespace

bool Journal::Memory::is_fresh(Index index) const {
    const AccountMemory::Account& account = accounts_.at(index);
    return account.touched || account.fresh == round_;
}

Result<AccountMemory::Index> Journal::Memory::shared_place(Transaction& body,
                                                           const AccountKey& key) {
    const Result<Index> index = known_account(body, key);
    if (!index) return index.error();
    const Result<void> locked = lock_account(body, *index);
    if (!locked) return locked.error();
    return *index;
}

// An account's number never changes, so it is asked for once.
Result<AccountMemory::Index> Journal::Memory::known_account(Transaction& body,
                                                            const AccountKey& key) {
    const Index known = accounts_.find(key);
    if (known != AccountMemory::kNone) return known;
    std::int64_t id = 0;
    const Result<void> read = body.query(
        "SELECT account_id FROM journal_accounts"
        " WHERE owner = $1 AND purpose = $2 AND currency = $3",
        {key.owner, to_string(key.purpose), key.currency.code()},
        [&](const Row& row) { id = row.integer(0); });
    if (!read) return read.error();
    if (id == 0) return Error(ErrorCode::not_found, about(key));
    return accounts_.load(id, key, {});
}

Result<void> Journal::Memory::lock_account(Transaction& body, Index index) {
    if (is_fresh(index)) return {};
    AccountState state;
    const Result<void> read = body.query(
        "SELECT terms, debits, credits, pending_debits, pending_credits, line_count,"
        " last_sequence, last_recorded_us, ordered_debits, ordered_credits,"
        " ordered_pending_debits, ordered_pending_credits, watermark_us, block_max_us"
        " FROM journal_balances WHERE account_id = $1/*locked*/",
        {accounts_.at(index).id},
        [&](const Row& row) { state = account_state(row, 0); });
    if (!read) return read.error();
    accounts_.refresh(index, state, round_);
    return {};
}

// The row of its balance comes with the account, so that there is something to lock.
Result<void> Journal::Memory::shared_open(Transaction& body, const AccountKey& key) {
    const Result<void> fixed = check_fixed(body, key, false);
    if (!fixed) return fixed.error();
    const std::int64_t id = first_of_lane(lane_.lane) + lane_.accounts;
    const Result<std::int64_t> opened = body.execute(
        "INSERT INTO journal_accounts (account_id, owner, purpose, currency)"
        " VALUES ($1, $2, $3, $4) ON CONFLICT (owner, purpose, currency) DO NOTHING",
        {id, key.owner, to_string(key.purpose), key.currency.code()});
    if (!opened) return opened.error();
    if (*opened == 0) return {};  // somebody else was quicker
    ++lane_.accounts;
    const AccountState state;
    const Result<std::int64_t> balance = body.execute(
        "INSERT INTO journal_balances (account_id, terms, debits, credits, pending_debits,"
        " pending_credits, line_count, last_sequence, last_recorded_us, ordered_debits,"
        " ordered_credits, ordered_pending_debits, ordered_pending_credits, watermark_us,"
        " block_max_us) VALUES ($1, 0, 0, 0, 0, 0, 0, 0, $2, 0, 0, 0, 0, $3, $4)",
        {id, state.last_recorded_us, state.watermark_us, state.block_max_us});
    if (!balance) return balance.error();
    opened_.push_back(accounts_.load(id, key, state));
    opened_in_batch_.push_back(opened_.back());
    return {};
}

Result<void> Journal::Memory::shared_check_fixed(Transaction& body,
                                                 const AccountKey& key,
                                                 bool fixing) {
    // Whoever opens an account and whoever fixes its owner's currency come one after the other.
    // The update changes nothing and holds the row until the transaction ends.
    const Result<std::int64_t> alone = body.execute(
        "INSERT INTO account_owner_locks (owner, purpose) VALUES ($1, $2)"
        " ON CONFLICT (owner, purpose) DO UPDATE SET purpose = EXCLUDED.purpose",
        {key.owner, to_string(key.purpose)});
    if (!alone) return alone.error();
    bool refuse = false;
    const auto look_at = [&](const AccountState& state) {
        const bool used = state.line_count > 0;
        refuse = refuse || (used && (fixing || terms_from_bits(state.terms).currency_fixed));
    };
    const Result<void> read = body.query(
        "SELECT a.account_id, b.terms, b.line_count FROM journal_accounts a"
        " JOIN journal_balances b ON b.account_id = a.account_id"
        " WHERE a.owner = $1 AND a.purpose = $2 AND a.currency <> $3",
        {key.owner, to_string(key.purpose), key.currency.code()},
        [&](const Row& row) {
            // What this batch has changed is not written yet.
            const Index known = accounts_.find(row.integer(0));
            const bool changed = known != AccountMemory::kNone && accounts_.at(known).touched;
            look_at(changed ? accounts_.at(known).state
                            : AccountState{.terms = row.integer(1), .line_count = row.integer(2)});
        });
    if (!read) return read.error();
    if (refuse) return refused(Refusal::currency_fixed, about(key));
    return {};
}

// The lane of the last batch, if nobody holds it; else any that nobody holds; else a new one.
Result<void> Journal::Memory::lock_lane(Transaction& body) {
    if (lane_locked_) return {};
    LaneState found{.lane = -1};
    const auto read_lane = [&](const Row& row) {
        found.lane = row.integer(0);
        found.last = row.integer(1);
        const auto hash = row.bytes(2);
        std::copy_n(hash.begin(), std::min(hash.size(), found.hash.size()), found.hash.begin());
        found.recorded_us = row.integer(3);
        found.accounts = row.integer(4);
    };
    Result<void> read = body.query(
        "SELECT lane, last_sequence, last_hash, last_recorded_us, accounts FROM journal_lanes"
        " WHERE lane = $1 FOR UPDATE SKIP LOCKED",
        {lane_.lane},
        read_lane);
    if (read && found.lane < 0) {
        read = body.query(
            "SELECT lane, last_sequence, last_hash, last_recorded_us, accounts FROM journal_lanes"
            " ORDER BY lane LIMIT 1 FOR UPDATE SKIP LOCKED",
            {},
            read_lane);
    }
    if (!read) return read.error();
    if (found.lane < 0) {
        const Result<void> made = make_lane(body, found);
        if (!made) return made.error();
    }
    lane_ = found;
    lane_locked_ = true;
    // Somebody else may have posted in the lane since we last did.
    return load_segment(body);
}

Result<void> Journal::Memory::make_lane(Transaction& body, LaneState& made) {
    std::int64_t lane = 0;
    const Result<void> read =
        body.query("SELECT count(*), max(lane) FROM journal_lanes", {}, [&](const Row& row) {
            if (row.integer(0) > 0) lane = row.integer(1) + 1;
        });
    if (!read) return read.error();
    // Others may be making lanes at this moment: whoever loses one takes the next.
    for (; lane < kLanesMax; ++lane) {
        made = LaneState{.lane = lane};
        const Result<std::int64_t> inserted = body.execute(
            "INSERT INTO journal_lanes (lane, last_sequence, last_hash, last_recorded_us, accounts)"
            " VALUES ($1, 0, $2, $3, 0) ON CONFLICT (lane) DO NOTHING",
            {lane, std::span<const std::uint8_t>(made.hash), made.recorded_us});
        if (!inserted) return inserted.error();
        if (*inserted == 1) return {};
    }
    return Error(ErrorCode::unavailable, "there are too many lanes");
}

void Journal::Memory::begin_batch(Transaction& transaction, std::span<const Hint* const> hints) {
    absent_ids_.clear();
    forget_published();
    if (shared_ && !hints.empty()) lock_hinted(transaction, hints);
}

// Errors are left to the bodies: they will ask again and hear of them.
void Journal::Memory::lock_hinted(Transaction& transaction, std::span<const Hint* const> hints) {
    std::vector<std::int64_t> account_ids;
    std::vector<Uuid> ids;
    for (const Hint* const hint : hints) {
        const auto* const ours = dynamic_cast<const PostHint*>(hint);
        if (ours == nullptr) continue;
        ours->each_id([&](const Uuid& id) { ids.push_back(id); });
        ours->each_account([&](const AccountKey& key) {
            const Result<Index> index = known_account(transaction, key);
            if (index) account_ids.push_back(accounts_.at(*index).id);
        });
    }
    sort_once(account_ids);
    // One that is there must not be taken for absent because it was named twice.
    sort_once(ids);
    if (!account_ids.empty()) {
        (void)transaction.query(
            "SELECT account_id, terms, debits, credits, pending_debits, pending_credits,"
            " line_count, last_sequence, last_recorded_us, ordered_debits, ordered_credits,"
            " ordered_pending_debits, ordered_pending_credits, watermark_us, block_max_us"
            " FROM journal_balances WHERE account_id = ANY($1) ORDER BY account_id/*locked*/",
            {std::span<const std::int64_t>(account_ids)},
            [&](const Row& row) {
                const Index index = accounts_.find(row.integer(0));
                accounts_.refresh(index, account_state(row, 1), round_);
            });
    }
    if (ids.empty()) return;
    std::vector<Uuid> present;
    const Result<void> read =
        transaction.query("SELECT entry_id FROM journal_entry_ids WHERE entry_id = ANY($1)",
                          {std::span<const Uuid>(ids)},
                          [&](const Row& row) { present.push_back(row.uuid(0)); });
    if (!read) return;
    std::ranges::sort(present);
    std::ranges::set_difference(ids, present, std::back_inserter(absent_ids_));
}

}  // namespace causeway::ledger
