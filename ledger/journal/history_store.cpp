// SPDX-License-Identifier: Apache-2.0
//
// A balance of the past: the nearest mark, the lines beside it, and the sums of displaced lines.
#include "ledger/journal/account_walk.h"
#include "ledger/journal/entry_rules.h"
#include "ledger/journal/history.h"

#include <algorithm>
#include <array>
#include <limits>

namespace causeway::ledger {
namespace {

/// Sums that may leave 64 bits on the way.
class WideBalance {
  public:
    void add(const Balance& change) {
        sums_[0] += change.debits;
        sums_[1] += change.credits;
        sums_[2] += change.pending_debits;
        sums_[3] += change.pending_credits;
    }
    [[nodiscard]] Result<Balance> narrow() const {
        constexpr Int128 kMax = std::numeric_limits<std::int64_t>::max();
        for (const Int128 sum : sums_) {
            if (sum > kMax || sum < -kMax) {
                return Error(ErrorCode::amount_overflow, "a balance of the past");
            }
        }
        return Balance{.debits = static_cast<std::int64_t>(sums_[0]),
                       .credits = static_cast<std::int64_t>(sums_[1]),
                       .pending_debits = static_cast<std::int64_t>(sums_[2]),
                       .pending_credits = static_cast<std::int64_t>(sums_[3])};
    }

  private:
    std::array<Int128, 4> sums_{};
};

/// A row of journal_marks; the one with number 0 stands before the first line.
struct Mark {
    std::int64_t number = 0;
    Cursor place{.sequence = 0, .line_no = 0};
    std::int64_t recorded_us = INT64_MIN;
    std::int64_t watermark_us = INT64_MIN;
    Balance ordered;
};

Balance balance_from(const Row& row, int first) {
    return {.debits = row.integer(first),
            .credits = row.integer(first + 1),
            .pending_debits = row.integer(first + 2),
            .pending_credits = row.integer(first + 3)};
}

Result<Mark> load_mark(Transaction& snapshot, std::int64_t account_id, std::int64_t number) {
    if (number == 0) return Mark{};
    Mark mark;
    const Result<void> read = snapshot.query(
        "SELECT sequence, line_no, recorded_us, watermark_us, ordered_debits, ordered_credits,"
        " ordered_pending_debits, ordered_pending_credits FROM journal_marks"
        " WHERE account_id = $1 AND mark_no = $2",
        {account_id, number},
        [&](const Row& row) {
            mark = {.number = number,
                    .place = {.sequence = row.integer(0), .line_no = row.integer(1)},
                    .recorded_us = row.integer(2),
                    .watermark_us = row.integer(3),
                    .ordered = balance_from(row, 4)};
        });
    if (!read) return read.error();
    if (mark.number == number) return mark;
    return Error(ErrorCode::integrity,
                 "account " + std::to_string(account_id) + " has no mark " +
                     std::to_string(number) + "; `ledger verify` says more");
}

/// The last mark whose time is at or before `moment_us`; the times of marks never fall.
Result<Mark> last_mark(Transaction& snapshot,
                       const PublishedAccount& account,
                       std::int64_t Mark::*time,
                       std::int64_t moment_us) {
    Mark found;
    std::int64_t after = account.state.line_count / kLinesPerMark + 1;
    while (found.number + 1 < after) {
        const std::int64_t middle = found.number + (after - found.number) / 2;
        const Result<Mark> mark = load_mark(snapshot, account.id, middle);
        if (!mark) return mark.error();
        if ((*mark).*time <= moment_us) {
            found = *mark;
        } else {
            after = middle;
        }
    }
    return found;
}

/// Where the block after `mark` ends: at the next mark, or with the account's last line.
Result<AccountWalk::Start> end_of_block(Transaction& snapshot,
                                        const PublishedAccount& account,
                                        const Mark& mark) {
    if (mark.number == account.state.line_count / kLinesPerMark) {
        return AccountWalk::Start{.sequence = account.state.last_sequence};
    }
    const Result<Mark> next = load_mark(snapshot, account.id, mark.number + 1);
    if (!next) return next.error();
    return AccountWalk::Start{.sequence = next->place.sequence, .line_no = next->place.line_no};
}

// A block that does not end where its marks say.
Error endless(std::int64_t account_id) {
    return Error(ErrorCode::integrity,
                 "account " + std::to_string(account_id) +
                     " has more lines than its marks say; `ledger verify` says more");
}

// The running balance after the last line that was recorded by then.
Result<Balance> recorded_balance(Transaction& snapshot,
                                 const PublishedAccount& account,
                                 std::int64_t moment_us) {
    if (account.state.last_recorded_us <= moment_us) return account.state.balance;
    const Result<Mark> mark = last_mark(snapshot, account, &Mark::recorded_us, moment_us);
    if (!mark) return mark.error();
    const Result<AccountWalk::Start> end = end_of_block(snapshot, account, *mark);
    if (!end) return end.error();
    AccountWalk walk(snapshot, account.id, *end);
    for (std::int64_t lines = 0; lines <= kLinesPerMark; ++lines) {
        const Result<bool> more = walk.next();
        if (!more) return more.error();
        if (!*more) return Balance{};
        if (to_microseconds(walk.entry().recorded) <= moment_us) return walk.line().balance;
    }
    return endless(account.id);
}

// The ordered lines up to then: those before the last mark whose watermark has been reached, and
// some of the block that follows. All later ones are effective after the next mark's watermark.
Result<void> add_ordered(Transaction& snapshot,
                         const PublishedAccount& account,
                         std::int64_t moment_us,
                         WideBalance& sum) {
    const AccountState& state = account.state;
    if (std::max(state.watermark_us, state.block_max_us) <= moment_us) {
        sum.add(state.ordered);
        return {};
    }
    const Result<Mark> mark = last_mark(snapshot, account, &Mark::watermark_us, moment_us);
    if (!mark) return mark.error();
    const Result<AccountWalk::Start> end = end_of_block(snapshot, account, *mark);
    if (!end) return end.error();
    sum.add(mark->ordered);
    AccountWalk walk(snapshot, account.id, *end);
    for (std::int64_t lines = 0; lines <= kLinesPerMark; ++lines) {
        const Result<bool> more = walk.next();
        if (!more) return more.error();
        if (!*more) return {};
        const Cursor place{.sequence = walk.entry().sequence, .line_no = walk.line_no()};
        if (place == mark->place) return {};
        const std::int64_t effective_us = to_microseconds(walk.entry().effective);
        const bool ordered = mark->watermark_us <= effective_us &&
                             effective_us <= to_microseconds(walk.entry().recorded);
        if (!ordered || effective_us > moment_us) continue;
        sum.add(change_of(walk.entry().type, walk.line().minor_units));
    }
    return endless(account.id);
}

struct Buckets {
    int level;
    std::int64_t from;
    std::int64_t to;  // not included
};

Result<void> add_buckets(Transaction& snapshot,
                         std::int64_t account_id,
                         const Buckets& buckets,
                         WideBalance& sum) {
    if (buckets.from >= buckets.to) return {};
    return snapshot.query(
        "SELECT debits, credits, pending_debits, pending_credits FROM journal_displaced_totals"
        " WHERE account_id = $1 AND level = $2 AND bucket >= $3 AND bucket < $4",
        {account_id, buckets.level, buckets.from, buckets.to},
        [&](const Row& row) { sum.add(balance_from(row, 0)); });
}

// Whole buckets, the largest first, and the lines of the day that is only begun.
Result<void> add_displaced(Transaction& snapshot,
                           std::int64_t account_id,
                           std::int64_t moment_us,
                           WideBalance& sum) {
    // The first moment that does not count, so that a day's last one makes a whole day.
    const std::int64_t end_us = moment_us == INT64_MAX ? moment_us : moment_us + 1;
    const std::int64_t day = displaced_bucket(end_us, 1);
    const std::int64_t month = displaced_bucket(end_us, 2);  // of 32 days
    const std::int64_t age = displaced_bucket(end_us, 3);    // of 1,024 days
    const std::array<Buckets, 3> whole{
        Buckets{.level = 3, .from = INT64_MIN, .to = age},
        Buckets{.level = 2, .from = age * 32, .to = month},
        Buckets{.level = 1, .from = month * 32, .to = day},
    };
    for (const Buckets& buckets : whole) {
        const Result<void> added = add_buckets(snapshot, account_id, buckets, sum);
        if (!added) return added.error();
    }
    const Day begun{std::chrono::days(day)};
    return snapshot.query(
        "SELECT debits, credits, pending_debits, pending_credits FROM journal_displaced"
        " WHERE account_id = $1 AND effective_us >= $2 AND effective_us < $3",
        {account_id, Timestamp(begun), end_us},
        [&](const Row& row) { sum.add(balance_from(row, 0)); });
}

}  // namespace

Result<Balance> balance_at(Transaction& snapshot,
                           const PublishedAccount& account,
                           Timestamp moment,
                           HistoryClock clock) {
    const std::int64_t moment_us = to_microseconds(moment);
    if (clock == HistoryClock::recorded) return recorded_balance(snapshot, account, moment_us);
    WideBalance sum;
    const Result<void> ordered = add_ordered(snapshot, account, moment_us, sum);
    if (!ordered) return ordered.error();
    const Result<void> displaced = add_displaced(snapshot, account.id, moment_us, sum);
    if (!displaced) return displaced.error();
    return sum.narrow();
}

}  // namespace causeway::ledger
