// SPDX-License-Identifier: Apache-2.0
#include "ledger/chain/verify/lane_check.h"

#include "ledger/chain/signer.h"

#include <limits>
#include <string>
#include <utility>

namespace causeway::ledger::verifier {
namespace {

constexpr Sequence kNoHead = std::numeric_limits<Sequence>::max();

std::string head_up_to(Sequence sequence) {
    return "the head up to " + entry_at(sequence);
}

}  // namespace

LaneCheck::LaneCheck(const LaneContext& context, std::int64_t lane, std::optional<LaneRow> row)
    : context_(context),
      lane_(lane),
      row_(row),
      entries_(lane),
      pending_rows_(lane),
      heads_(lane),
      last_(first_of_lane(lane) - 1),
      segment_first_(first_of_lane(lane)) {}

void LaneCheck::arrive(const EntryRow& row) {
    const Sequence sequence = row.sequence();
    if (sequence > last_ + 1) {
        const bool one = sequence == last_ + 2;
        context_.findings.add("missing_entry",
                              one ? entry_at(last_ + 1) + " is not there"
                                  : "entries " + std::to_string(last_ + 1) + " to " +
                                        std::to_string(sequence - 1) + " are not there");
        context_.holes.add(last_ + 1, sequence - 1);
        hash_.reset();
    } else if (sequence <= last_) {
        context_.findings.add("malformed_sequence",
                              "no entry has the number " + std::to_string(sequence));
    }
    last_ = sequence;
    if (!row.broken.empty()) {
        context_.findings.add("unreadable_entry", row.broken);
        context_.holes.add(sequence, sequence);
        return;
    }
    const std::int64_t recorded_us = to_microseconds(row.entry.recorded);
    if (recorded_us < recorded_us_) {
        context_.findings.add("recorded_backwards",
                              name_of(row.entry) + " was recorded before its predecessor");
    }
    recorded_us_ = recorded_us;
}

Result<void> LaneCheck::check_pending(const StoredEntry& entry) {
    if (entry.type != EntryType::pending) {
        context_.pendings.resolve(entry);
        return {};
    }
    std::optional<PendingRow> claim;
    while (true) {
        const Result<bool> there = pending_rows_.fill(context_.snapshot);
        if (!there) return there.error();
        if (!*there || pending_rows_.front().at > entry.sequence) break;
        PendingRow& row = pending_rows_.front();
        if (row.at == entry.sequence && !claim) {
            claim = std::move(row);
        } else {
            context_.findings.add("pending_without_entry",
                                  entry_at(row.at) + " is no pending entry");
        }
        pending_rows_.pop();
    }
    context_.pendings.open(entry, std::move(claim));
    return {};
}

Result<void> LaneCheck::chain(const EntryRow& row) {
    hash_.reset();
    if (row.hashed) hash_ = row.entry.hash;
    if (!heads_begun_) {
        heads_begun_ = true;
        const Result<void> first = next_head();
        if (!first) return first.error();
    }
    if (head_at_ != kNoHead) {
        segment_.add(row.entry.hash);
        if (row.sequence() >= head_at_) {
            const Result<void> checked = check_heads(row.sequence());
            if (!checked) return checked.error();
        }
    }
    if (row_ && row_->last_sequence == row.sequence() && row.broken.empty()) check_row(row.entry);
    return {};
}

Result<void> LaneCheck::next_head() {
    const Result<bool> there = heads_.fill(context_.snapshot);
    if (!there) return there.error();
    head_at_ = *there ? heads_.front().last_sequence : kNoHead;
    return {};
}

Result<void> LaneCheck::check_heads(Sequence sequence) {
    while (head_at_ <= sequence) {
        const HeadRow& row = heads_.front();
        if (row.last_sequence < sequence) {
            context_.findings.add("head_without_entry",
                                  head_up_to(row.last_sequence) + " ends where no entry is");
        }
        const Result<void> checked = check_head(row);
        if (!checked) return checked.error();
        segment_ = {};
        segment_first_ = row.last_sequence + 1;
        heads_.pop();
        const Result<void> next = next_head();
        if (!next) return next.error();
    }
    return {};
}

Result<void> LaneCheck::check_head(const HeadRow& row) {
    ++context_.report.heads;
    const Result<Head> parsed = parse_head(row.head.body);
    if (!row.sound || !parsed) {
        context_.findings.add("unreadable_head", head_up_to(row.last_sequence));
        previous_head_ = head_digest(row.head.body);
        return {};
    }
    if (parsed->lane != lane_ || parsed->last_sequence != row.last_sequence) {
        context_.findings.add("head_differs",
                              head_up_to(row.last_sequence) + " stands in the row of another");
    }
    if (!context_.trusted.empty()) {
        const Result<Head> is_signed = check_signed(row.head, context_.trusted);
        if (!is_signed) context_.findings.add("wrong_signature", is_signed.error().detail());
    }
    check_segment(row, *parsed);
    previous_head_ = head_digest(row.head.body);
    for (const LaneTip& tip : parsed->lanes) {
        if (tip.lane == lane_) continue;
        const Result<void> checked =
            check_tip(context_.snapshot, tip, head_up_to(row.last_sequence), context_.findings);
        if (!checked) return checked.error();
    }
    return {};
}

// What the head says of the entries that were just read.
void LaneCheck::check_segment(const HeadRow& row, const Head& head) {
    const std::string which = head_up_to(row.last_sequence);
    if (head.first_sequence != segment_first_) {
        context_.findings.add("missing_head",
                              which + " begins at " + std::to_string(head.first_sequence) +
                                  "; the one before it ends at " +
                                  std::to_string(segment_first_ - 1));
    } else if (head.previous != previous_head_) {
        context_.findings.add("head_differs", which + " follows another head");
    } else if (segment_.count() == 0 || head.root != segment_.root()) {
        context_.findings.add("head_differs", which + " speaks of other entries");
    }
    if (!hash_ || own_tip(head).hash != *hash_) {
        context_.findings.add("head_differs", which + " ends with another hash");
    }
}

void LaneCheck::check_row(const StoredEntry& entry) {
    if (row_->sound && row_->hash == entry.hash &&
        row_->recorded_us == to_microseconds(entry.recorded)) {
        return;
    }
    context_.findings.add("lane_differs",
                          "the row of lane " + std::to_string(lane_) +
                              " in journal_lanes says otherwise of " + name_of(entry));
}

Result<void> LaneCheck::finish() {
    while (true) {
        const Result<bool> there = pending_rows_.fill(context_.snapshot);
        if (!there) return there.error();
        if (!*there) break;
        context_.findings.add("pending_without_entry",
                              entry_at(pending_rows_.front().at) + " is no pending entry");
        pending_rows_.pop();
    }
    Result<void> next = next_head();
    for (; next && head_at_ != kNoHead; next = next_head()) {
        ++context_.report.heads;
        context_.findings.add(
            "cut_tail",
            head_up_to(head_at_) + " is there, but the lane ends at " + entry_at(last_));
        heads_.pop();
    }
    if (next) finish_row();
    return next;
}

void LaneCheck::finish_row() {
    const bool has_entries = place_in_lane(last_) > 0;
    const std::string which = "lane " + std::to_string(lane_);
    if (!row_) {
        if (context_.shared && has_entries) {
            context_.findings.add("lane_missing", which + " has no row in journal_lanes");
        }
        if (!context_.shared && lane_ != 0) {
            context_.findings.add("unknown_lane", which);
        }
        return;
    }
    if (!context_.shared && lane_ != 0) context_.findings.add("unknown_lane", which);
    if (!row_->sound) context_.findings.add("lane_differs", which + ": its row's types");
    if (row_->last_sequence > last_) {
        context_.findings.add("cut_tail",
                              which + " ends at " + entry_at(last_) + "; its row speaks of " +
                                  entry_at(row_->last_sequence));
    } else if (row_->last_sequence == 0) {
        const bool fresh = row_->hash == ChainHash{} && row_->recorded_us == INT64_MIN;
        if (!fresh || has_entries || !context_.shared) {
            context_.findings.add("lane_differs", which + ": its row says that it is empty");
        }
    } else if (lane_of(row_->last_sequence) != lane_ || place_in_lane(row_->last_sequence) == 0 ||
               (context_.shared && row_->last_sequence != last_)) {
        context_.findings.add("lane_differs",
                              which + " ends at " + entry_at(last_) + "; its row says " +
                                  entry_at(row_->last_sequence));
    }
}

}  // namespace causeway::ledger::verifier
