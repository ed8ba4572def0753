// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/history.h"

#include "ledger/journal/account_walk.h"
#include "ledger/journal/catch_up.h"
#include "ledger/journal/entry_rules.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <tuple>

namespace causeway::ledger {
namespace {

using Accounts = std::vector<PublishedAccount>;

Result<std::int64_t> parse_number(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < 1) {
        return Error(ErrorCode::invalid_argument, "no number of a line");
    }
    return number;
}

StatementLine statement_line(const AccountWalk& walk) {
    const StoredEntry& entry = walk.entry();
    return {.place = {.sequence = entry.sequence, .line_no = walk.line_no()},
            .entry_id = entry.id,
            .kind = entry.kind,
            .reference = entry.reference,
            .type = entry.type,
            .effective = entry.effective,
            .recorded = entry.recorded,
            .minor_units = walk.line().minor_units,
            .balance = walk.line().balance};
}

// Fails unless the cursor is a line of the account.
Result<void> check_cursor(Transaction& snapshot, std::int64_t account_id, const Cursor& cursor) {
    const Result<StoredEntry> entry = load_entry(snapshot, cursor.sequence);
    if (!entry && entry.error().code() != ErrorCode::not_found) return entry.error();
    const auto place = static_cast<std::size_t>(cursor.line_no) - 1;
    const bool there =
        entry && place < entry->lines.size() && entry->lines[place].account_id == account_id;
    if (there) return {};
    return Error(ErrorCode::invalid_argument, "the account has no line " + to_text(cursor));
}

}  // namespace

std::string_view to_string(HistoryClock clock) noexcept {
    return clock == HistoryClock::effective ? "effective" : "recorded";
}

Result<HistoryClock> parse_history_clock(std::string_view text) {
    if (text == "effective") return HistoryClock::effective;
    if (text == "recorded") return HistoryClock::recorded;
    return Error(ErrorCode::invalid_argument, "a clock is effective or recorded");
}

std::string to_text(const Cursor& cursor) {
    return std::to_string(cursor.sequence) + "." + std::to_string(cursor.line_no);
}

Result<Cursor> parse_cursor(std::string_view text) {
    const std::size_t point = text.find('.');
    const Result<std::int64_t> sequence = parse_number(text.substr(0, point));
    if (!sequence) return sequence.error();
    const Result<std::int64_t> line_no =
        parse_number(point == std::string_view::npos ? "" : text.substr(point + 1));
    if (!line_no) return line_no.error();
    return Cursor{.sequence = *sequence, .line_no = *line_no};
}

Result<StatementPage> statement_of(Transaction& snapshot,
                                   const PublishedAccount& account,
                                   std::optional<Cursor> before,
                                   int lines_max) {
    if (lines_max < 1 || lines_max > kStatementLinesMax) {
        return Error(ErrorCode::invalid_argument,
                     "a page has 1 to " + std::to_string(kStatementLinesMax) + " lines");
    }
    AccountWalk::Start start{.sequence = account.state.last_sequence};
    if (before) {
        const Result<void> sound = check_cursor(snapshot, account.id, *before);
        if (!sound) return sound.error();
        start = {.sequence = before->sequence, .line_no = before->line_no - 1};
    }
    AccountWalk walk(snapshot, account.id, start);
    StatementPage page;
    while (true) {
        const Result<bool> more = walk.next();
        if (!more) return more.error();
        if (!*more) return page;
        if (static_cast<int>(page.lines.size()) == lines_max) {
            page.next = page.lines.back().place;
            return page;
        }
        page.lines.push_back(statement_line(walk));
    }
}

Result<void> History::look(
    const std::optional<AccountKey>& only,
    const std::function<Result<void>(Transaction&, const Accounts&)>& body) const {
    const Published* const published = journal_.published();
    // Before the snapshot, so that all that the accounts speak of is in it.
    Published::Moment moment{};
    if (published != nullptr) moment = only ? published->now(*only) : published->now();
    return database_.read([&](Transaction& snapshot) -> Result<void> {
        if (published != nullptr) {
            const Result<void> caught = catch_up(snapshot, moment.last, !only, moment.accounts);
            if (!caught) return caught.error();
        } else if (only) {
            Result<std::optional<PublishedAccount>> found = journal_.account(snapshot, *only);
            if (!found) return found.error();
            if (*found) moment.accounts.push_back(**std::move(found));
        } else {
            Result<Accounts> found = journal_.accounts(snapshot);
            if (!found) return found.error();
            moment.accounts = *std::move(found);
        }
        if (only && moment.accounts.empty()) return Error(ErrorCode::not_found, about(*only));
        return body(snapshot, moment.accounts);
    });
}

Result<Balance> History::balance_at(const AccountKey& account,
                                    Timestamp moment,
                                    HistoryClock clock) const {
    Balance balance;
    const Result<void> done =
        look(account, [&](Transaction& snapshot, const Accounts& accounts) -> Result<void> {
            const Result<Balance> found =
                ledger::balance_at(snapshot, accounts.front(), moment, clock);
            if (!found) return found.error();
            balance = *found;
            return {};
        });
    if (!done) return done.error();
    return balance;
}

Result<std::vector<AccountBalance>> History::trial_balance(Timestamp moment,
                                                           HistoryClock clock) const {
    std::vector<AccountBalance> balances;
    const Result<void> done =
        look({}, [&](Transaction& snapshot, const Accounts& accounts) -> Result<void> {
            for (const PublishedAccount& account : accounts) {
                const Result<Balance> found = ledger::balance_at(snapshot, account, moment, clock);
                if (!found) return found.error();
                balances.push_back({.account = account.key, .balance = *found});
            }
            return {};
        });
    if (!done) return done.error();
    std::ranges::sort(balances, [](const AccountBalance& a, const AccountBalance& b) {
        return std::tuple(a.account.purpose, a.account.owner, a.account.currency.code()) <
               std::tuple(b.account.purpose, b.account.owner, b.account.currency.code());
    });
    return balances;
}

Result<StatementPage> History::statement(const AccountKey& account,
                                         std::optional<Cursor> before,
                                         int lines_max) const {
    StatementPage page;
    const Result<void> done =
        look(account, [&](Transaction& snapshot, const Accounts& accounts) -> Result<void> {
            Result<StatementPage> found =
                statement_of(snapshot, accounts.front(), before, lines_max);
            if (!found) return found.error();
            page = *std::move(found);
            return {};
        });
    if (!done) return done.error();
    return page;
}

}  // namespace causeway::ledger
