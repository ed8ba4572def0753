// SPDX-License-Identifier: Apache-2.0
//
// A batch leaves the journal: it is hashed, what belongs to it is copied, and the journal is free
// for the next one.
#include "ledger/journal/journal_memory.h"

#include <algorithm>

namespace causeway::ledger {
namespace {

// Ids that are published under one lock: bodies look ids up at the same time.
constexpr std::size_t kIdsPerLock = 64;
// Accounts that are on their way from memory while one is published.
constexpr std::size_t kAccountsAhead = 8;

}  // namespace

/// Lifetime: the writer holds on to the journal's memory for longer.
class Journal::Memory::Leaving final : public Outgoing {
  public:
    Leaving(Memory& memory, std::shared_ptr<JournalBatch> batch)
        : memory_(memory), batch_(std::move(batch)) {}

    void write(Transaction& transaction) override {
        write_entries(*batch_, transaction, false);
        if (!batch_->flushes) return;
        write_balances(batch_->snapshot, batch_->lane, transaction, false);
        write_ids(*batch_, transaction, false);
    }
    void durable() noexcept override { memory_.publish(*batch_); }

  private:
    Memory& memory_;
    std::shared_ptr<JournalBatch> batch_;
};

std::unique_ptr<Outgoing> Journal::Memory::take_outgoing() {
    if (shared_) return nullptr;
    return std::make_unique<Leaving>(*this, detach(nullptr));
}

void Journal::Memory::before_commit(Transaction& transaction) {
    if (!shared_) {
        outgoing_ = take_outgoing();
        outgoing_->write(transaction);
        return;
    }
    // Entries may have been refused and their accounts stay: nobody else may take those numbers.
    if (now_->entries.drafts().empty() && !head_wanted_ && opened_in_batch_.empty()) return;
    const std::shared_ptr<JournalBatch> batch = detach(&transaction);
    write_entries(*batch, transaction, true);
    write_ids(*batch, transaction, true);
    write_balances(batch->touched, batch->lane, transaction, true);
}

void Journal::Memory::after_commit() noexcept {
    if (outgoing_) {
        outgoing_->durable();
        outgoing_.reset();
    } else {
        end_batch();
    }
}

std::shared_ptr<JournalBatch> Journal::Memory::detach(Transaction* transaction) {
    const std::shared_ptr<JournalBatch> batch = batches_.at(turn_);
    seal(*batch);
    collect(*batch);
    make_due_head(*batch, transaction);
    if (!shared_) {
        for (const Draft& draft : batch->entries.drafts())
            fingerprints_.push_back(draft.fingerprint);
        if (flush_wanted_ || lane_.last - flushed_ >= options_.flush_every) snapshot(*batch);
        leaving_ = {batch.get(), leaving_[0]};
        end_batch();
    }
    return batch;
}

// Each entry's hash covers that of its predecessor.
void Journal::Memory::seal(JournalBatch& batch) {
    for (Draft& draft : batch.entries.drafts()) {
        CanonicalHeader header{.sequence = draft.sequence,
                               .type = draft.type,
                               .id = draft.id,
                               .kind = batch.entries.kind(draft),
                               .reference = batch.entries.reference(draft),
                               .effective = from_microseconds(draft.effective_us),
                               .recorded = from_microseconds(draft.recorded_us),
                               .pending = draft.pending};
        if (draft.expires_us != 0) header.expires = from_microseconds(draft.expires_us);
        canonical_.begin(header);
        for (const DraftLine& line : batch.entries.lines(draft))
            canonical_.line(accounts_.canonical(line.account), line.minor_units);
        draft.hash = canonical_.hash(lane_.hash);
        lane_.hash = draft.hash;
        if (options_.signer == nullptr) continue;
        segment_.tree.add(draft.hash);
        segment_.last = draft.sequence;
    }
}

void Journal::Memory::collect(JournalBatch& batch) {
    batch.lane = lane_;
    batch.touched.reserve(accounts_.touched().size());
    for (const Index index : accounts_.touched()) {
        const AccountMemory::Account& account = accounts_.at(index);
        batch.touched.push_back({.index = index, .id = account.id, .state = account.state});
        if (!account.stored)
            batch.opened.push_back({.id = account.id, .key = accounts_.key(index)});
    }
    // In the order of their places, which readers go by.
    std::ranges::sort(batch.opened, {}, &OpenedAccount::id);
    accounts_.opened();
    for (const Sequence sequence : pendings_.touched())
        batch.pendings.emplace_back(sequence, *pendings_.find(sequence));
    // On a shared engine all lock in the same order then.
    if (shared_) std::ranges::sort(batch.touched, {}, &AccountRow::id);
}

// Balances and ids as of the last entry, so that a start need not read the whole journal.
void Journal::Memory::snapshot(JournalBatch& batch) {
    batch.flushes = true;
    for (const Index index : accounts_.unflushed()) {
        const AccountMemory::Account& account = accounts_.at(index);
        batch.snapshot.push_back({.index = index, .id = account.id, .state = account.state});
    }
    std::ranges::sort(batch.snapshot, {}, &AccountRow::id);
    accounts_.flushed();
    const auto run_size = static_cast<std::size_t>(options_.ids_per_run);
    const std::size_t runs = fingerprints_.size() / run_size;
    Sequence first = lane_.last - static_cast<Sequence>(fingerprints_.size()) + 1;
    for (std::size_t run = 0; run < runs; ++run) {
        const auto begin = fingerprints_.begin() + static_cast<std::ptrdiff_t>(run * run_size);
        const auto end = begin + static_cast<std::ptrdiff_t>(run_size);
        batch.runs.push_back({.first = first, .fingerprints = {begin, end}});
        first += static_cast<Sequence>(run_size);
    }
    fingerprints_.erase(fingerprints_.begin(),
                        fingerprints_.begin() + static_cast<std::ptrdiff_t>(runs * run_size));
    flushed_ = lane_.last;
    flush_wanted_ = false;
}

void Journal::Memory::publish(const JournalBatch& batch) noexcept {
    const std::vector<Draft>& drafts = batch.entries.drafts();
    for (std::size_t at = 0; at < drafts.size(); at += kIdsPerLock) {
        const std::size_t end = std::min(at + kIdsPerLock, drafts.size());
        const auto lock = published_.begin();
        for (std::size_t i = at; i < end; ++i)
            published_.ids().fetch(drafts[i].fingerprint);
        for (std::size_t i = at; i < end; ++i)
            published_.put_id(drafts[i].fingerprint,
                              static_cast<std::uint32_t>(drafts[i].sequence));
    }
    const auto lock = published_.begin();
    for (const OpenedAccount& account : batch.opened)
        published_.open(account.id, account.key);
    for (std::size_t i = 0; i < batch.touched.size(); ++i) {
        const std::size_t ahead = i + kAccountsAhead;
        if (ahead < batch.touched.size()) published_.fetch(batch.touched[ahead].index);
        published_.put(batch.touched[i].index, batch.touched[i].state);
    }
    published_.put_last(batch.lane.last);
}

// Fewer places to look for an id.
void Journal::Memory::forget_published() noexcept {
    const Sequence last = published_.last();
    for (const JournalBatch*& batch : leaving_) {
        if (batch != nullptr && batch->lane.last <= last) batch = nullptr;
    }
}

void Journal::Memory::end_batch() {
    turn_ = (turn_ + 1) % batches_.size();
    now_ = batches_.at(turn_).get();
    now_->clear();
    accounts_.end_batch();
    pendings_.end_batch(shared_);
    head_wanted_ = false;
    opened_in_batch_.clear();
    lane_locked_ = false;
    ++round_;
}

void Journal::Memory::undo_batch() {
    // An engine of our own undoes a batch when every body of it failed: nothing is left to undo.
    if (shared_) segment_ = Segment{};
    for (const Index index : opened_in_batch_)
        accounts_.forget(index);
    accounts_.keep();
    pendings_.keep();
    end_batch();
}

bool Journal::Memory::wants_close() const {
    return !shared_ && flushed_ != lane_.last;
}

void Journal::Memory::before_close(Transaction&) {
    flush_wanted_ = true;
}

}  // namespace causeway::ledger
