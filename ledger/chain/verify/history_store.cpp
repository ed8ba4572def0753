// SPDX-License-Identifier: Apache-2.0
#include "ledger/chain/verify/history.h"

#include <array>

namespace causeway::ledger::verifier {
namespace {

constexpr std::size_t kMarksAtOnce = 64;

bool holds_numbers(const Row& row, int count) {
    for (int at = 0; at < count; ++at) {
        if (!row.holds(at, ColumnType::number)) return false;
    }
    return true;
}

}  // namespace

void HistoryCheck::expect_mark(AccountTable::Index index, std::int64_t line_no) {
    marks_.push_back({.index = index, .line_no = line_no, .state = accounts_.at(index).state});
}

void HistoryCheck::expect_displaced(AccountTable::Index index,
                                    const LineFacts& line,
                                    std::int64_t line_no) {
    CheckedAccount& account = accounts_.at(index);
    const Balance change = change_of(line.type, line.minor_units);
    digest_.add(account.displaced,
                std::array{account.id,
                           line.effective_us,
                           line.sequence,
                           line_no,
                           change.debits,
                           change.credits,
                           change.pending_debits,
                           change.pending_credits});
}

Result<void> HistoryCheck::check_some() {
    return marks_.size() < kMarksAtOnce ? Result<void>() : check_marks();
}

Result<void> HistoryCheck::check_marks() {
    for (const ExpectedMark& mark : marks_) {
        const Result<void> done = check_mark(mark);
        if (!done) return done.error();
    }
    marks_.clear();
    return {};
}

Result<void> HistoryCheck::check_mark(const ExpectedMark& mark) {
    const CheckedAccount& account = accounts_.at(mark.index);
    if (account.lost) return {};
    const AccountState& state = mark.state;
    const std::int64_t number = state.line_count / kLinesPerMark;
    bool there = false;
    bool same = false;
    const Result<void> read = snapshot_.query(
        "SELECT sequence, recorded_us, watermark_us, ordered_debits, ordered_credits,"
        " ordered_pending_debits, ordered_pending_credits, line_no FROM journal_marks"
        " WHERE account_id = $1 AND mark_no = $2",
        {account.id, number},
        [&](const Row& row) {
            there = true;
            const Balance ordered{.debits = row.integer(3),
                                  .credits = row.integer(4),
                                  .pending_debits = row.integer(5),
                                  .pending_credits = row.integer(6)};
            same = holds_numbers(row, 8) && row.integer(7) == mark.line_no &&
                   row.integer(0) == state.last_sequence &&
                   row.integer(1) == state.last_recorded_us &&
                   row.integer(2) == state.watermark_us && ordered == state.ordered;
        });
    if (!read) return read.error();
    if (same) return {};
    findings_.add("mark_differs",
                  accounts_.name(mark.index) + ": mark " + std::to_string(number) + " of " +
                      entry_at(state.last_sequence) +
                      (there ? " says otherwise" : " is not there"));
    return {};
}

// Each mark that there must be has been looked at: none may be left.
Result<void> HistoryCheck::check_mark_counts() {
    return snapshot_.query(
        "SELECT account_id, count(*), min(mark_no), max(mark_no) FROM journal_marks"
        " GROUP BY account_id ORDER BY account_id",
        {},
        [&](const Row& row) {
            const AccountTable::Index index = accounts_.find(row.integer(0));
            const std::int64_t count = row.integer(1);
            bool sound = index != AccountTable::kNowhere && holds_numbers(row, 4) &&
                         row.integer(2) == 1 && row.integer(3) == count;
            if (sound && accounts_.at(index).lost) return;
            sound = sound && accounts_.at(index).state.line_count / kLinesPerMark == count;
            if (sound) return;
            findings_.add("mark_differs",
                          "account " + std::to_string(row.integer(0)) + " has " +
                              std::to_string(count) +
                              " marks, numbered otherwise than its lines "
                              "make them");
        });
}

Result<void> HistoryCheck::finish() {
    Result<void> done = check_marks();
    if (done) done = check_mark_counts();
    if (done) done = check_displaced();
    return done;
}

}  // namespace causeway::ledger::verifier
