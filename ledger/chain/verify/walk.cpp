// SPDX-License-Identifier: Apache-2.0
#include "ledger/chain/verify/walk.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace causeway::ledger::verifier {
namespace {

std::string both(const Balance& balance) {
    return "debits " + std::to_string(balance.debits) + ", credits " +
           std::to_string(balance.credits) + ", pending debits " +
           std::to_string(balance.pending_debits) + ", pending credits " +
           std::to_string(balance.pending_credits);
}

// `sum` as it would be had the balance become `said` and not `computed`. Wraps round: a journal
// that says such things is broken anyway.
void add_difference(Balance& sum, const Balance& computed, const Balance& said) {
    const auto add = [](std::int64_t to, std::int64_t from, std::int64_t by) {
        return static_cast<std::int64_t>(static_cast<std::uint64_t>(to) +
                                         static_cast<std::uint64_t>(by) -
                                         static_cast<std::uint64_t>(from));
    };
    sum.debits = add(sum.debits, computed.debits, said.debits);
    sum.credits = add(sum.credits, computed.credits, said.credits);
    sum.pending_debits = add(sum.pending_debits, computed.pending_debits, said.pending_debits);
    sum.pending_credits = add(sum.pending_credits, computed.pending_credits, said.pending_credits);
}

}  // namespace

Walk::Walk(const WalkContext& context)
    : context_(context), form_(context.accounts, context.findings), pendings_(context.findings) {}

Result<void> Walk::start(const std::vector<LaneRow>& rows) {
    const Result<std::vector<std::int64_t>> lanes = all_lanes(context_.snapshot, rows);
    if (!lanes) return lanes.error();
    for (auto row = rows.begin(); row != rows.end(); ++row) {
        const bool ours = row->lane >= 0 && row->lane < kLanesEnd &&
                          std::ranges::find(rows.begin(), row, row->lane, &LaneRow::lane) == row;
        if (ours) continue;
        context_.findings.add("unknown_lane",
                              "journal_lanes has a row of lane " + std::to_string(row->lane) +
                                  " that should not be there");
    }
    for (const std::int64_t lane : *lanes) {
        const auto row = std::ranges::find(rows, lane, &LaneRow::lane);
        lanes_.push_back(
            std::make_unique<LaneCheck>(LaneContext{.snapshot = context_.snapshot,
                                                    .findings = context_.findings,
                                                    .report = context_.report,
                                                    .holes = holes_,
                                                    .pendings = pendings_,
                                                    .trusted = context_.options.trusted,
                                                    .shared = context_.options.shared},
                                        lane,
                                        row == rows.end() ? std::nullopt : std::optional(*row)));
        const Result<Sequence> last = last_of_lane(context_.snapshot, lane);
        if (!last) return last.error();
        entries_in_all_ += place_in_lane(*last);
    }
    return {};
}

Result<void> Walk::run(Sequence until) {
    constexpr std::int64_t kEntriesBetweenNews = 4096;
    while (true) {
        const Result<LaneCheck*> lane = choose();
        if (!lane) return lane.error();
        if (*lane == nullptr || (*lane)->next().sequence() > until) return {};
        Result<void> done = apply(**lane);
        (*lane)->pop();
        if (done) done = context_.history.check_some();
        if (!done) return done.error();
        if (context_.options.progress && context_.report.entries % kEntriesBetweenNews == 0) {
            context_.options.progress(context_.report.entries, entries_in_all_);
        }
    }
}

// None when all lanes are over. If no lane's entry is next by its own words, one of them lies, and
// whichever is taken will be found.
Result<LaneCheck*> Walk::choose() {
    LaneCheck* other = nullptr;
    for (std::size_t tried = 0; tried < lanes_.size(); ++tried) {
        const std::size_t at = (lane_ + tried) % lanes_.size();
        LaneCheck& lane = *lanes_[at];
        const Result<bool> there = lane.fill();
        if (!there) return there.error();
        if (!*there) continue;
        if (lanes_.size() == 1 || is_next(lane.next())) {
            lane_ = at;
            return &lane;
        }
        if (other == nullptr) other = &lane;
    }
    return other;
}

bool Walk::is_next(const EntryRow& row) const {
    if (!row.broken.empty()) return true;
    return std::ranges::all_of(row.entry.lines, [&](const StoredLine& line) {
        if (line.previous == row.entry.sequence) return true;
        const Index index = context_.accounts.find(line.account_id);
        if (index == AccountTable::kNowhere) return true;
        return context_.accounts.at(index).state.last_sequence == line.previous;
    });
}

Result<void> Walk::apply(LaneCheck& lane) {
    const EntryRow& row = lane.next();
    const StoredEntry& entry = row.entry;
    ++context_.report.entries;
    lane.arrive(row);
    if (!row.broken.empty()) return lane.chain(row);
    context_.report.lines += static_cast<std::int64_t>(entry.lines.size());
    find_accounts(entry);
    form_.check(entry, places_);
    if (entry.type == EntryType::account_terms) {
        set_terms(entry);
    } else if (entry.type != EntryType::posting) {
        const Result<void> done = lane.check_pending(entry);
        if (!done) return done.error();
    }
    add_lines(entry);
    check_hash(lane, entry);
    const Result<void> chained = lane.chain(row);
    if (!chained) return chained.error();
    return context_.ids.check(entry);
}

void Walk::find_accounts(const StoredEntry& entry) {
    places_.clear();
    named_ = true;
    for (const StoredLine& line : entry.lines) {
        Index index = context_.accounts.find(line.account_id);
        if (index == AccountTable::kNowhere) index = context_.accounts.add_unknown(line.account_id);
        if (!context_.accounts.at(index).known) {
            named_ = false;
            context_.findings.add(
                "line_without_account",
                name_of(entry) + " names account " + std::to_string(line.account_id));
        }
        places_.push_back(index);
    }
}

void Walk::set_terms(const StoredEntry& entry) {
    const Result<AccountTerms> terms = parse_terms(entry.reference);
    if (!terms || places_.empty()) {
        context_.findings.add("broken_terms", name_of(entry) + ": " + entry.reference);
        return;
    }
    context_.accounts.at(places_.front()).state.terms = to_bits(*terms);
}

void Walk::add_lines(const StoredEntry& entry) {
    for (std::size_t at = 0; at < places_.size(); ++at)
        add_line_to(places_[at], entry, at);
}

void Walk::add_line_to(Index index, const StoredEntry& entry, std::size_t at) {
    const StoredLine& line = entry.lines[at];
    CheckedAccount& account = context_.accounts.at(index);
    const bool known = check_before(index, entry, line);
    const LineFacts facts{.sequence = entry.sequence,
                          .type = entry.type,
                          .minor_units = line.minor_units,
                          .effective_us = to_microseconds(entry.effective),
                          .recorded_us = to_microseconds(entry.recorded)};
    // The negative of the least number does not exist.
    LineAdded added{.fits = false, .displaced = false, .marked = false};
    if (line.minor_units != INT64_MIN) added = add_line(account.state, facts);
    if (!added.fits || account.state.balance != line.balance) {
        believe(index, entry, {.line = line, .added = added, .known = known});
    }
    if (!added.fits) return;
    const auto line_no = static_cast<std::int64_t>(at) + 1;
    if (added.marked) context_.history.expect_mark(index, line_no);
    if (added.displaced) context_.history.expect_displaced(index, facts, line_no);
}

// Whether it is known what the account was before this line.
bool Walk::check_before(Index index, const StoredEntry& entry, const StoredLine& line) {
    CheckedAccount& account = context_.accounts.at(index);
    if (to_microseconds(entry.recorded) < account.state.last_recorded_us) {
        context_.findings.add("recorded_backwards",
                              name_of(entry) + ", " + context_.accounts.name(index) +
                                  ": recorded before the entry before it");
    }
    if (line.previous == account.state.last_sequence) return true;
    if (holes_.contain(line.previous)) {
        account.lost = true;
        return false;
    }
    context_.findings.add("history_differs",
                          name_of(entry) + ", " + context_.accounts.name(index) + ": names " +
                              entry_at(line.previous) + " as the one before; it is " +
                              entry_at(account.state.last_sequence));
    return true;
}

// A difference is reported once: from here on the account is held to what this line says of it.
void Walk::believe(Index index, const StoredEntry& entry, const LineResult& result) {
    CheckedAccount& account = context_.accounts.at(index);
    AccountState& state = account.state;
    const std::string which = name_of(entry) + ", " + context_.accounts.name(index);
    if (!result.added.fits) {
        if (result.known) context_.findings.add("balance_overflow", which);
        state.last_sequence = entry.sequence;
        account.lost = true;
    } else {
        if (result.known) {
            context_.findings.add("balance_differs",
                                  which + ": says " + both(result.line.balance) +
                                      " after it; it is " + both(state.balance));
        }
        if (!result.added.displaced)
            add_difference(state.ordered, state.balance, result.line.balance);
    }
    state.balance = result.line.balance;
}

void Walk::check_hash(const LaneCheck& lane, const StoredEntry& entry) {
    // Reported already: an account without a name, a predecessor that can not be read.
    if (!named_ || !lane.previous()) return;
    canonical_.begin(header_of(entry));
    for (std::size_t at = 0; at < places_.size(); ++at)
        canonical_.line(context_.accounts.canonical(places_[at]), entry.lines[at].minor_units);
    if (canonical_.hash(*lane.previous()) == entry.hash) return;
    context_.findings.add("hash_differs",
                          name_of(entry) +
                              ": its hash is not that of its contents and of the "
                              "hash before it");
}

Result<RowsSeen> Walk::finish() {
    RowsSeen seen;
    for (const std::unique_ptr<LaneCheck>& lane : lanes_) {
        const Result<void> done = lane->finish();
        if (!done) return done.error();
        seen.pendings += lane->pending_rows();
        seen.heads += lane->heads();
    }
    pendings_.finish();
    if (context_.options.progress) {
        context_.options.progress(context_.report.entries, context_.report.entries);
    }
    return seen;
}

}  // namespace causeway::ledger::verifier
