// SPDX-License-Identifier: Apache-2.0
//
// The journal signs a head over its lane, every so many entries or when it is asked to, in the
// transaction that commits the last of them.
#include "ledger/chain/heads_store.h"
#include "ledger/chain/signer.h"
#include "ledger/journal/journal_memory.h"

#include <algorithm>

namespace causeway::ledger {

void Journal::Memory::make_due_head(JournalBatch& batch, Transaction* transaction) {
    const auto is_due = [this] {
        const auto count = static_cast<Sequence>(segment_.tree.count());
        return count > 0 && (head_wanted_ || count >= options_.head_every);
    };
    if (options_.signer == nullptr || !is_due()) return;
    if (transaction != nullptr) {
        const Result<void> done = catch_up_with_heads(batch, *transaction);
        if (!done || !is_due()) return;
    }
    const auto count = static_cast<Sequence>(segment_.tree.count());
    Result<std::vector<LaneTip>> lanes = lane_tips(transaction);
    // On a shared engine the batch is lost then, and run again.
    if (!lanes) return;
    batch.head = options_.signer->sign(Head{.lane = lane_.lane,
                                            .first_sequence = lane_.last - count + 1,
                                            .last_sequence = lane_.last,
                                            .root = segment_.tree.root(),
                                            .previous = segment_.previous,
                                            .made = from_microseconds(lane_.recorded_us),
                                            .lanes = *std::move(lanes),
                                            .public_key = {}});
    segment_ = Segment{.last = lane_.last, .previous = head_digest(batch.head->body)};
}

Result<std::vector<LaneTip>> Journal::Memory::lane_tips(Transaction* transaction) const {
    const LaneTip own{.lane = lane_.lane, .last_sequence = lane_.last, .hash = lane_.hash};
    std::vector<LaneTip> tips{own};
    if (transaction == nullptr) return tips;
    const Result<void> read = transaction->query(
        "SELECT lane, last_sequence, last_hash FROM journal_lanes"
        " WHERE lane <> $1 AND last_sequence > 0",
        {lane_.lane},
        [&](const Row& row) {
            LaneTip tip{.lane = row.integer(0), .last_sequence = row.integer(1)};
            const auto hash = row.bytes(2);
            std::copy_n(hash.begin(), std::min(hash.size(), tip.hash.size()), tip.hash.begin());
            tips.push_back(tip);
        });
    if (!read) return read.error();
    std::ranges::sort(tips, {}, &LaneTip::lane);
    return tips;
}

Result<void> Journal::Memory::load_segment(Transaction& snapshot) {
    if (options_.signer == nullptr) return {};
    if (segment_.last == lane_.last && lane_.last != 0) return {};
    return read_segment(snapshot, lane_.last);
}

// Another process may have signed what we have in hand: a head need not come with an entry.
Result<void> Journal::Memory::catch_up_with_heads(const JournalBatch& batch,
                                                  Transaction& transaction) {
    const Result<std::optional<SignedHead>> last = last_head(transaction, lane_.lane);
    if (!last) return last.error();
    if (!*last || head_digest((*last)->body) == segment_.previous) return {};
    // Those of the batch are not written yet.
    const std::vector<Draft>& drafts = batch.entries.drafts();
    Result<void> read =
        read_segment(transaction, drafts.empty() ? lane_.last : drafts.front().sequence - 1);
    if (!read) return read;
    for (const Draft& draft : drafts) {
        segment_.tree.add(draft.hash);
        segment_.last = draft.sequence;
    }
    return {};
}

// The entries after the last head, up to `end`.
Result<void> Journal::Memory::read_segment(Transaction& snapshot, Sequence end) {
    segment_ = Segment{.last = first_of_lane(lane_.lane) - 1};
    const Result<std::optional<SignedHead>> last = last_head(snapshot, lane_.lane);
    if (!last) return last.error();
    if (*last) {
        const Result<Head> head = parse_head((*last)->body);
        if (!head) return head.error();
        segment_.last = head->last_sequence;
        segment_.previous = head_digest((*last)->body);
    }
    const Result<void> read = snapshot.query(
        "SELECT sequence, hash FROM journal_entries WHERE sequence > $1 AND sequence <= $2"
        " ORDER BY sequence",
        {segment_.last, end},
        [&](const Row& row) {
            ChainHash hash{};
            const auto bytes = row.bytes(1);
            std::copy_n(bytes.begin(), std::min(bytes.size(), hash.size()), hash.begin());
            segment_.tree.add(hash);
            segment_.last = row.integer(0);
        });
    if (!read) return read.error();
    return {};
}

}  // namespace causeway::ledger
