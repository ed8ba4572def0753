// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/journal_memory.h"

#include "ledger/journal/stored_entry.h"

#include <algorithm>
#include <utility>

namespace causeway::ledger {
namespace {

bool releases(EntryType type) {
    return type == EntryType::void_pending || type == EntryType::expire_pending;
}

bool resolves(EntryType type) {
    return type == EntryType::post_pending || releases(type);
}

// What a pending entry is after all of it is gone.
PendingState state_after(EntryType type) {
    switch (type) {
        case EntryType::void_pending: return PendingState::voided;
        case EntryType::expire_pending: return PendingState::expired;
        default: return PendingState::posted;
    }
}

Result<void> check_open(const Pending& pending, const Entry& entry, std::int64_t recorded_us) {
    switch (pending.state) {
        case PendingState::open: break;
        case PendingState::posted: return refused(Refusal::pending_posted, about(pending.id));
        case PendingState::voided: return refused(Refusal::pending_voided, about(pending.id));
        case PendingState::expired: return refused(Refusal::pending_expired, about(pending.id));
    }
    const bool late = pending.expires_us != 0 && recorded_us >= pending.expires_us;
    if (late && entry.type == EntryType::post_pending) {
        return refused(Refusal::pending_expired, about(pending.id));
    }
    return {};
}

}  // namespace

Journal::Memory::Memory(bool shared, const JournalOptions& options)
    : shared_(shared), options_(options) {
    for (std::shared_ptr<JournalBatch>& batch : batches_)
        batch = std::make_shared<JournalBatch>();
    now_ = batches_.front().get();
}

Journal::Memory::Mark Journal::Memory::mark() const {
    return {.batch = now_->entries.mark(),
            .accounts = accounts_.mark(),
            .pendings = pendings_.mark(),
            .marks = now_->marks.size(),
            .displaced = now_->displaced.size(),
            .lane = lane_,
            .lane_locked = lane_locked_,
            .head_wanted = head_wanted_};
}

void Journal::Memory::revert(const Mark& mark) {
    now_->entries.revert(mark.batch);
    accounts_.revert(mark.accounts);
    pendings_.revert(mark.pendings);
    now_->marks.resize(mark.marks, HistoryMark{});
    now_->displaced.resize(mark.displaced, DisplacedLine{});
    // Accounts are opened in the database at once on a shared engine; a refused entry leaves them.
    const std::int64_t accounts = lane_.accounts;
    lane_ = mark.lane;
    lane_.accounts = accounts;
    lane_locked_ = mark.lane_locked;
    head_wanted_ = mark.head_wanted;
}

Result<Posted> Journal::Memory::post(Transaction& body, const Entry& entry) {
    const Result<void> sound = rules_.check(entry);
    if (!sound) return sound.error();
    const Result<std::optional<Posted>> before = replay(body, entry);
    if (!before) return before.error();
    if (*before) return **before;
    return append(body, entry);
}

Result<std::vector<Posted>> Journal::Memory::post_linked(Transaction& body,
                                                         std::span<const Entry> entries) {
    // Before the mark: what is taken back must not let go of the lane.
    if (shared_) {
        const Result<void> locked = lock_lane(body);
        if (!locked) return locked.error();
    }
    const Mark before = mark();
    std::vector<Posted> posted;
    posted.reserve(entries.size());
    for (const Entry& entry : entries) {
        const Result<Posted> one = post(body, entry);
        if (!one) {
            revert(before);
            return one.error();
        }
        posted.push_back(*one);
    }
    return posted;
}

Result<std::int64_t> Journal::Memory::expire(Transaction& body,
                                             Timestamp now,
                                             IdSource& ids,
                                             std::int64_t count_max) {
    const Result<std::vector<Sequence>> due = find_due(body, now, count_max);
    if (!due) return due.error();
    std::int64_t count = 0;
    for (const Sequence sequence : *due) {
        const Result<Pending> pending = find_pending(body, sequence, Uuid{});
        if (!pending) return pending.error();
        // On a shared engine somebody else may have been quicker.
        if (pending->state != PendingState::open) continue;
        const Entry entry{.id = ids.next(),
                          .kind = "expiry",
                          .reference = to_text("je", pending->id),
                          .effective = from_microseconds(pending->expires_us),
                          .recorded = now,
                          .lines = {},
                          .type = EntryType::expire_pending,
                          .pending = pending->id};
        const Result<Posted> posted = append(body, entry);
        if (!posted) return posted.error();
        ++count;
    }
    return count;
}

Result<Posted> Journal::Memory::set_terms(Transaction& body,
                                          const Entry& entry,
                                          const AccountTerms& terms) {
    const AccountKey& key = entry.lines.front().account;
    const Result<void> sound = check_owner(key);
    if (!sound) return sound.error();
    const Result<std::optional<Posted>> before = replay(body, entry);
    if (!before) return before.error();
    if (*before) return **before;
    if (shared_) {
        const Result<void> locked = lock_lane(body);
        if (!locked) return locked.error();
    }
    const Mark start = mark();
    const Result<void> fixed = check_fixed(body, key, terms.currency_fixed);
    if (!fixed) return fixed.error();
    const Result<Index> index = place(body, key);
    if (!index) return index.error();
    accounts_.change(*index).terms = to_bits(terms);
    if (terms.currency_fixed) ++fixed_accounts_;
    Result<Posted> posted = append(body, entry);
    if (!posted) revert(start);
    return posted;
}

Result<Balance> Journal::Memory::balance(Transaction& body, const AccountKey& account) {
    if (shared_) {
        const Result<Index> index = shared_place(body, account);
        if (index) return accounts_.at(*index).state.balance;
        if (index.error().code() == ErrorCode::not_found) return Balance{};
        return index.error();
    }
    const Index index = accounts_.find(account);
    return index == AccountMemory::kNone ? Balance{} : accounts_.at(index).state.balance;
}

Result<void> Journal::Memory::make_head(Transaction& body) {
    if (options_.signer == nullptr) {
        return Error(ErrorCode::invalid_argument, "no key to sign a head with is configured");
    }
    if (shared_) {
        const Result<void> locked = lock_lane(body);
        if (!locked) return locked.error();
    }
    head_wanted_ = true;
    return {};
}

// A body may post, be refused, and go on: so a refused entry undoes itself.
Result<Posted> Journal::Memory::append(Transaction& body, const Entry& entry) {
    if (shared_) {
        const Result<void> locked = lock_lane(body);
        if (!locked) return locked.error();
    } else if (lane_.last >= options_.entries_max) {
        return Error(ErrorCode::unavailable,
                     "the books are full: SQLite has room for " +
                         std::to_string(options_.entries_max) +
                         " entries, and PostgreSQL for more");
    }
    const Mark before = mark();
    Passage passage{.entry = entry};
    Result<void> done = gather(body, passage);
    if (done) done = check_accounts(passage);
    if (done) done = add_lines(passage);
    if (done) done = check_limits(entry);
    if (!done) {
        revert(before);
        return done.error();
    }
    remember_pending(passage);
    return Posted{.sequence = passage.sequence, .replayed = false};
}

// Fills lines_ with the accounts' places, and the passage with its times and its number.
Result<void> Journal::Memory::gather(Transaction& body, Passage& passage) {
    const Entry& entry = passage.entry;
    lines_.clear();
    if (resolves(entry.type)) {
        const Result<void> gathered = gather_pending(body, passage);
        if (!gathered) return gathered.error();
    } else {
        const Result<void> gathered = gather_named(body, entry);
        if (!gathered) return gathered.error();
    }
    passage.recorded_us = std::max(to_microseconds(entry.recorded), lane_.recorded_us);
    for (const DraftLine& line : lines_) {
        passage.recorded_us =
            std::max(passage.recorded_us, accounts_.at(line.account).state.last_recorded_us);
    }
    passage.sequence = lane_.last == 0 ? first_of_lane(lane_.lane) : lane_.last + 1;
    if (passage.pending) {
        const Result<void> open = check_open(*passage.pending, entry, passage.recorded_us);
        if (!open) return open.error();
    }
    if (entry.expires && to_microseconds(*entry.expires) <= passage.recorded_us) {
        return refused(Refusal::expiry_passed, about(entry.id));
    }
    return {};
}

Result<void> Journal::Memory::gather_named(Transaction& body, const Entry& entry) {
    for (const Line& line : entry.lines) {
        const Result<Index> index = place(body, line.account);
        if (!index) return index.error();
        lines_.push_back({.account = *index, .minor_units = line.minor_units});
    }
    return {};
}

Result<void> Journal::Memory::gather_pending(Transaction& body, Passage& passage) {
    const Entry& entry = passage.entry;
    const Result<std::optional<Sequence>> sequence = find_sequence(body, *entry.pending);
    if (!sequence) return sequence.error();
    if (!*sequence) return refused(Refusal::pending_unknown, about(*entry.pending));
    Result<Pending> pending = find_pending(body, **sequence, *entry.pending);
    if (!pending) return pending.error();
    passage.pending_sequence = **sequence;
    passage.pending = *std::move(pending);
    const Result<void> open = check_open(*passage.pending, entry, to_microseconds(entry.recorded));
    if (!open) return open.error();
    return entry.lines.empty() ? gather_rest(body, *passage.pending)
                               : gather_parts(body, entry, *passage.pending);
}

// All that remains.
Result<void> Journal::Memory::gather_rest(Transaction& body, Pending& pending) {
    for (PendingPart& part : pending.parts) {
        if (part.remaining == 0) continue;
        const Result<Index> index = place_by_id(body, part.account_id);
        if (!index) return index.error();
        lines_.push_back({.account = *index, .minor_units = part.remaining});
        part.remaining = 0;
    }
    return {};
}

// What the entry names.
Result<void> Journal::Memory::gather_parts(Transaction& body,
                                           const Entry& entry,
                                           Pending& pending) {
    const Result<void> gathered = gather_named(body, entry);
    if (!gathered) return gathered.error();
    for (const DraftLine& line : lines_) {
        const AccountMemory::Account& account = accounts_.at(line.account);
        const auto is_it = [&](const PendingPart& part) { return part.account_id == account.id; };
        if (!std::ranges::any_of(pending.parts, is_it)) {
            return refused(Refusal::line_not_pending,
                           about(entry.id, about(accounts_.key(line.account))));
        }
        if (!take_from(pending, account.id, line.minor_units)) {
            return refused(Refusal::pending_exceeded,
                           about(entry.id, about(accounts_.key(line.account))));
        }
    }
    return {};
}

Result<void> Journal::Memory::check_accounts(const Passage& passage) const {
    if (releases(passage.entry.type) || passage.entry.type == EntryType::account_terms) return {};
    for (const DraftLine& line : lines_) {
        const AccountMemory::Account& account = accounts_.at(line.account);
        if (account.state.terms == 0) continue;
        if (terms_from_bits(account.state.terms).closed) {
            return refused(Refusal::account_closed,
                           about(passage.entry.id, about(accounts_.key(line.account))));
        }
    }
    return {};
}

Result<void> Journal::Memory::add_lines(Passage& passage) {
    now_->entries.open(passage.entry, passage.sequence, passage.recorded_us);
    pack_postings_start(lines_.size(), now_->entries.bytes());
    for (const DraftLine& line : lines_) {
        const Result<void> added = add_line_to(line.account, line.minor_units, passage);
        if (!added) return added.error();
    }
    pack_postings_end({.type = passage.entry.type,
                       .expires = passage.entry.expires,
                       .pending = passage.entry.pending,
                       .pending_sequence = passage.pending_sequence},
                      now_->entries.bytes());
    now_->entries.close();
    lane_.last = passage.sequence;
    lane_.recorded_us = passage.recorded_us;
    return {};
}

Result<void> Journal::Memory::add_line_to(Index index,
                                          std::int64_t minor_units,
                                          const Passage& passage) {
    const Entry& entry = passage.entry;
    const std::int64_t effective_us = to_microseconds(entry.effective);
    AccountState& state = accounts_.change(index);
    const Sequence previous = state.last_sequence;
    const LineAdded added = add_line(state,
                                     {.sequence = passage.sequence,
                                      .type = entry.type,
                                      .minor_units = minor_units,
                                      .effective_us = effective_us,
                                      .recorded_us = passage.recorded_us});
    const AccountMemory::Account& account = accounts_.at(index);
    if (!added.fits) {
        return refused(Refusal::balance_overflow, about(entry.id, about(accounts_.key(index))));
    }
    const Draft& draft = now_->entries.drafts().back();
    const auto line_no =
        static_cast<std::int64_t>(now_->entries.mark().lines - draft.first_line) + 1;
    now_->entries.add({.account = index, .minor_units = minor_units});
    pack_line({.account_id = account.id,
               .minor_units = minor_units,
               .previous = previous,
               .balance = state.balance},
              passage.sequence,
              now_->entries.bytes());
    if (added.marked) {
        now_->marks.push_back({.account_id = account.id,
                               .mark_no = state.line_count / kLinesPerMark,
                               .line_no = line_no,
                               .state = state});
    }
    if (added.displaced) {
        now_->displaced.push_back({.account_id = account.id,
                                   .effective_us = effective_us,
                                   .sequence = passage.sequence,
                                   .line_no = line_no,
                                   .change = change_of(entry.type, minor_units)});
    }
    return {};
}

Result<void> Journal::Memory::check_limits(const Entry& entry) const {
    if (resolves(entry.type)) return {};
    for (const DraftLine& line : lines_) {
        const AccountMemory::Account& account = accounts_.at(line.account);
        if (account.state.terms == 0) continue;
        const AccountTerms terms = terms_from_bits(account.state.terms);
        const Balance& balance = account.state.balance;
        const bool stricter = entry.type == EntryType::account_terms;
        if (terms.debits_within_credits && (stricter || line.minor_units > 0) &&
            balance.available_to_debit() < 0) {
            return refused(Refusal::debits_exceed_credits,
                           about(entry.id, about(accounts_.key(line.account))));
        }
        if (terms.credits_within_debits && (stricter || line.minor_units < 0) &&
            balance.available_to_credit() < 0) {
            return refused(Refusal::credits_exceed_debits,
                           about(entry.id, about(accounts_.key(line.account))));
        }
    }
    return {};
}

void Journal::Memory::remember_pending(const Passage& passage) {
    const Entry& entry = passage.entry;
    if (entry.type == EntryType::pending) {
        Pending pending{.id = entry.id,
                        .state = PendingState::open,
                        .expires_us = entry.expires ? to_microseconds(*entry.expires) : 0,
                        .parts = {}};
        for (const DraftLine& line : lines_) {
            pending.parts.push_back(
                {.account_id = accounts_.at(line.account).id, .remaining = line.minor_units});
        }
        pendings_.put(passage.sequence, std::move(pending));
        return;
    }
    if (!passage.pending) return;
    Pending pending = *passage.pending;
    if (nothing_remains(pending)) pending.state = state_after(entry.type);
    pendings_.put(passage.pending_sequence, std::move(pending));
}

Result<void> Journal::Memory::check_fixed(Transaction& body, const AccountKey& key, bool fixing) {
    if (shared_) return shared_check_fixed(body, key, fixing);
    if (!fixing && fixed_accounts_ == 0) return {};
    for (const Currency& currency : Currency::all()) {
        if (currency == key.currency) continue;
        const Index other = accounts_.find(
            AccountKey{.owner = key.owner, .purpose = key.purpose, .currency = currency});
        if (other == AccountMemory::kNone) continue;
        if (fixing || terms_from_bits(accounts_.at(other).state.terms).currency_fixed) {
            return refused(Refusal::currency_fixed, about(key));
        }
    }
    return {};
}

bool Journal::Memory::same_content(const Entry& entry, const StoredEntry& stored) const {
    // Nobody says when terms become effective: they are when they are recorded.
    const bool same_time =
        entry.effective == stored.effective || entry.type == EntryType::account_terms;
    const bool all_but_lines = entry.type == stored.type && entry.kind == stored.kind &&
                               entry.reference == stored.reference && same_time &&
                               entry.pending == stored.pending && entry.expires == stored.expires;
    if (!all_but_lines) return false;
    // Without lines the entry stood for whatever remained.
    if (entry.lines.empty()) return true;
    return std::ranges::equal(
        entry.lines, stored.lines, [&](const Line& line, const StoredLine& other) {
            const Index index = accounts_.find(line.account);
            return index != AccountMemory::kNone && accounts_.at(index).id == other.account_id &&
                   line.minor_units == other.minor_units;
        });
}

StoredEntry Journal::Memory::stored(const Batch& batch, const Draft& draft) const {
    StoredEntry entry{.sequence = draft.sequence,
                      .id = draft.id,
                      .type = draft.type,
                      .kind = std::string(batch.kind(draft)),
                      .reference = std::string(batch.reference(draft)),
                      .effective = from_microseconds(draft.effective_us),
                      .recorded = from_microseconds(draft.recorded_us)};
    for (const DraftLine& line : batch.lines(draft)) {
        entry.lines.push_back({.account_id = accounts_.at(line.account).id,
                               .minor_units = line.minor_units,
                               .previous = 0,
                               .balance = {}});
    }
    entry.pending = draft.pending;
    if (draft.expires_us != 0) entry.expires = from_microseconds(draft.expires_us);
    return entry;
}

void Journal::Memory::begin_body() {
    body_start_ = mark();
    opened_.clear();
}

void Journal::Memory::keep_body() {
    accounts_.keep();
    pendings_.keep();
}

void Journal::Memory::undo_body() {
    revert(body_start_);
    lane_.accounts = body_start_.lane.accounts;
    for (const Index index : opened_)
        accounts_.forget(index);
    // Or the batch would write a lane that may no longer be ours.
    opened_in_batch_.resize(opened_in_batch_.size() - opened_.size());
    opened_.clear();
    ++round_;  // a lock that the body took may have gone with it
}

}  // namespace causeway::ledger
