// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/history_commands.h"

#include "gateway/cli/text_table.h"
#include "ledger/journal/history.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <charconv>
#include <chrono>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

using ledger::AccountBalance;
using ledger::AccountKey;
using ledger::Balance;
using ledger::Currency;
using ledger::Cursor;
using ledger::HistoryClock;
using ledger::StatementLine;
using ledger::StatementPage;
using ledger::Transaction;

constexpr int kStatementLines = 50;

// A date means all of it.
Result<Timestamp> parse_moment(const std::string& text) {
    const Result<Day> day = parse_day(text);
    if (!day) return parse_rfc3339(text);
    return Timestamp(*day + std::chrono::days(1)) - std::chrono::microseconds(1);
}

Result<std::vector<AccountBalance>> balances_now(CommandContext& context) {
    std::vector<AccountBalance> rows;
    const Result<void> read = context.database.read([&](Transaction& snapshot) -> Result<void> {
        Result<std::vector<AccountBalance>> all = context.journal.balances(snapshot);
        if (!all) return all.error();
        rows = *std::move(all);
        return {};
    });
    if (!read) return read.error();
    return rows;
}

Result<std::vector<AccountBalance>> balances(CommandContext& context,
                                             const CommandRequest& request) {
    const std::string clock_text = request.flag("clock") ? request.option("clock") : "effective";
    const Result<HistoryClock> clock = ledger::parse_history_clock(clock_text);
    if (!clock) return Error(ErrorCode::invalid_argument, "--clock is effective or recorded");
    if (!request.flag("at")) {
        if (!request.flag("clock")) return balances_now(context);
        return Error(ErrorCode::invalid_argument, "--clock goes with --at");
    }
    const Result<Timestamp> moment = parse_moment(request.option("at"));
    if (!moment) {
        return Error(ErrorCode::invalid_argument,
                     "--at wants a date or a time such as 2026-04-13T10:01:00Z");
    }
    return ledger::History(context.database, context.journal).trial_balance(*moment, *clock);
}

void put_balance(const Balance& balance, json::object& into) {
    into["debits"] = balance.debits;
    into["credits"] = balance.credits;
    into["pending_debits"] = balance.pending_debits;
    into["pending_credits"] = balance.pending_credits;
    into["balance"] = balance.net();
}

void put_account(const AccountKey& account, json::object& into) {
    into["purpose"] = to_string(account.purpose);
    into["owner"] = account.owner;
    into["currency"] = account.currency.code();
}

std::string as_json(const std::vector<AccountBalance>& rows) {
    json::array all;
    for (const AccountBalance& row : rows) {
        json::object one;
        put_account(row.account, one);
        put_balance(row.balance, one);
        all.push_back(std::move(one));
    }
    return json::serialize(all) + "\n";
}

std::string as_text(const std::vector<AccountBalance>& rows) {
    using enum TextTable::Align;
    TextTable table({{"purpose"},
                     {"owner"},
                     {"cur"},
                     {"debits", right},
                     {"credits", right},
                     {"pending debits", right},
                     {"pending credits", right},
                     {"balance", right}});
    for (const AccountBalance& row : rows) {
        const Currency& currency = row.account.currency;
        table.row({std::string(to_string(row.account.purpose)),
                   row.account.owner,
                   std::string(currency.code()),
                   amount_text(row.balance.debits, currency),
                   amount_text(row.balance.credits, currency),
                   amount_text(row.balance.pending_debits, currency),
                   amount_text(row.balance.pending_credits, currency),
                   amount_text(row.balance.net(), currency)});
    }
    return table.to_string();
}

Result<AccountKey> parse_account(const std::vector<std::string>& words) {
    const Error wrong(ErrorCode::invalid_argument,
                      "an account is OWNER PURPOSE CURRENCY, as ledger trial-balance prints them");
    if (words.size() != 3) return wrong;
    const Result<ledger::Purpose> purpose = ledger::parse_purpose(words[1]);
    const Result<Currency> currency = Currency::from_code(words[2]);
    if (!purpose || !currency) return wrong;
    return AccountKey{.owner = words[0], .purpose = *purpose, .currency = *currency};
}

Result<int> parse_limit(const CommandRequest& request) {
    if (!request.flag("limit")) return kStatementLines;
    const std::string text = request.option("limit");
    int limit = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    if (whole && limit >= 1 && limit <= ledger::kStatementLinesMax) return limit;
    return Error(ErrorCode::invalid_argument,
                 "--limit is 1 to " + std::to_string(ledger::kStatementLinesMax));
}

Result<std::optional<Cursor>> parse_before(const CommandRequest& request) {
    if (!request.flag("before")) return std::optional<Cursor>();
    const Result<Cursor> cursor = ledger::parse_cursor(request.option("before"));
    if (!cursor) {
        return Error(ErrorCode::invalid_argument,
                     "--before wants what the newer page has printed, such as 4711.2");
    }
    return std::optional(*cursor);
}

std::string as_json(const AccountKey& account, const StatementPage& page) {
    json::array lines;
    for (const StatementLine& line : page.lines) {
        json::object one;
        one["cursor"] = to_text(line.place);
        one["entry"] = to_text("je", line.entry_id);
        one["type"] = to_string(line.type);
        one["kind"] = line.kind;
        one["reference"] = line.reference;
        one["effective_at"] = to_rfc3339(line.effective);
        one["recorded_at"] = to_rfc3339(line.recorded);
        one["amount"] = line.minor_units;
        put_balance(line.balance, one);
        lines.push_back(std::move(one));
    }
    json::object members;
    put_account(account, members);
    members["lines"] = std::move(lines);
    members["next"] = page.next ? json::value(to_text(*page.next)) : json::value(nullptr);
    return json::serialize(members) + "\n";
}

std::string as_text(const AccountKey& account, const StatementPage& page) {
    using enum TextTable::Align;
    const Currency& currency = account.currency;
    TextTable table({{"recorded"},
                     {"effective"},
                     {"entry"},
                     {"type"},
                     {"kind"},
                     {"reference"},
                     {"amount", right},
                     {"balance", right},
                     {"pending debits", right},
                     {"pending credits", right}});
    for (const StatementLine& line : page.lines) {
        table.row({to_rfc3339(line.recorded),
                   to_rfc3339(line.effective),
                   to_text("je", line.entry_id),
                   std::string(to_string(line.type)),
                   line.kind,
                   line.reference,
                   amount_text(line.minor_units, currency),
                   amount_text(line.balance.net(), currency),
                   amount_text(line.balance.pending_debits, currency),
                   amount_text(line.balance.pending_credits, currency)});
    }
    std::string text = table.to_string();
    if (page.next) text += "older lines: --before " + to_text(*page.next) + "\n";
    return text;
}

}  // namespace

CommandOutput ledger_trial_balance(CommandContext& context, const CommandRequest& request) {
    const Result<std::vector<AccountBalance>> rows = balances(context, request);
    if (!rows) return failed(rows.error());
    return {.exit_code = kExitOk, .out = request.flag("json") ? as_json(*rows) : as_text(*rows)};
}

CommandOutput ledger_statement(CommandContext& context, const CommandRequest& request) {
    const Result<AccountKey> account = parse_account(request.arguments);
    if (!account) return failed(account.error());
    const Result<int> limit = parse_limit(request);
    if (!limit) return failed(limit.error());
    const Result<std::optional<Cursor>> before = parse_before(request);
    if (!before) return failed(before.error());
    const Result<StatementPage> page =
        ledger::History(context.database, context.journal).statement(*account, *before, *limit);
    if (!page) return failed(page.error());
    return {.exit_code = kExitOk,
            .out = request.flag("json") ? as_json(*account, *page) : as_text(*account, *page)};
}

}  // namespace causeway::gateway
