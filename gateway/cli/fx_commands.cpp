// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/fx_commands.h"

#include "fx/builtin_rates.h"
#include "fx/convert.h"
#include "fx/feed.h"
#include "fx/rates_store.h"
#include "ledger/store/commit_queue.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

using fx::ReferenceTable;
using ledger::Currency;
using ledger::Money;
using ledger::Transaction;

// The newest table at or before `day`: of the database, or of the program if it is empty.
Result<ReferenceTable> newest(ledger::Database& database, Day day) {
    std::optional<Result<ReferenceTable>> found;
    const Result<void> read = database.read([&](Transaction& tx) {
        found.emplace(fx::load_rates(tx, fx::kEcb, day));
        return Result<void>();
    });
    if (!read) return read.error();
    if (*found || found->error().code() != ErrorCode::not_found) return *std::move(found);

    Result<ReferenceTable> builtin = fx::newest_table(fx::builtin_feed(), std::string(fx::kEcb));
    if (builtin && builtin->day() > day) {
        return Error(ErrorCode::not_found, "there are no rates of " + to_text(day) + " or before");
    }
    return builtin;
}

struct Imported {
    std::string name;
    fx::ImportOutcome outcome;
    std::int64_t skipped = 0;
};

Result<Imported> import_file(CommandContext& context, const InputFile& file) {
    const Result<fx::Feed> feed = fx::read_feed(file.content);
    if (!feed) return Error(feed.error().code(), file.name + ": " + feed.error().detail());
    const Result<fx::ImportOutcome> outcome = context.database.writer().commit<fx::ImportOutcome>(
        [&](Transaction& tx) { return fx::import_rates(tx, fx::kEcb, feed->rows); });
    if (!outcome) return Error(outcome.error().code(), file.name + ": " + outcome.error().detail());
    return Imported{.name = file.name, .outcome = *outcome, .skipped = feed->skipped_historic};
}

std::string as_text(const Imported& imported) {
    std::string text = imported.name + ": " + std::to_string(imported.outcome.inserted) +
                       " new rates, " + std::to_string(imported.outcome.unchanged) + " known";
    if (imported.skipped > 0) {
        text += ", " + std::to_string(imported.skipped) + " of currencies that are no more";
    }
    return text + "\n";
}

json::object as_json(const Imported& imported) {
    json::object one;
    one["file"] = imported.name;
    one["inserted"] = imported.outcome.inserted;
    one["unchanged"] = imported.outcome.unchanged;
    one["skipped_historic"] = imported.skipped;
    return one;
}

Result<Day> day_option(const CommandContext& context, const CommandRequest& request) {
    const std::string text = request.option("date");
    if (text.empty() || text == "today") return day_of(context.clock.now());
    Result<Day> day = parse_day(text);
    if (!day) return Error(ErrorCode::invalid_argument, "--date must be YYYY-MM-DD or today");
    return day;
}

}  // namespace

CommandOutput fx_import(CommandContext& context, const CommandRequest& request) {
    if (request.files.empty()) return usage_error("fx import wants a file");
    CommandOutput output;
    json::array rows;
    for (const InputFile& file : request.files) {
        const Result<Imported> imported = import_file(context, file);
        if (!imported) {
            output.err += failed(imported.error()).err;
            output.exit_code = rows.empty() ? failed(imported.error()).exit_code : kExitPartly;
            break;
        }
        rows.push_back(as_json(*imported));
        output.out += as_text(*imported);
    }
    if (!rows.empty()) context.rates_changed();
    if (request.flag("json")) output.out = json::serialize(rows) + "\n";
    return output;
}

CommandOutput fx_rates(CommandContext& context, const CommandRequest& request) {
    const Result<Day> day = day_option(context, request);
    if (!day) return failed(day.error());
    const Result<ReferenceTable> table = newest(context.database, *day);
    if (!table) return failed(table.error());
    json::array rows;
    CommandOutput output;
    output.out = table->publisher() + " " + to_text(table->day()) + ", units per EUR\n";
    for (const fx::ReferenceRate& rate : table->rates()) {
        json::object one;
        one["object"] = "rate";
        one["base"] = "EUR";
        one["currency"] = rate.currency.code();
        one["rate"] = rate.per_euro.to_string();
        one["date"] = to_text(table->day());
        one["source"] = table->publisher();
        rows.push_back(std::move(one));
        output.out += std::string(rate.currency.code()) + "  " + rate.per_euro.to_string() + "\n";
    }
    if (request.flag("json")) output.out = json::serialize(rows) + "\n";
    return output;
}

CommandOutput fx_convert(CommandContext& context, const CommandRequest& request) {
    if (request.arguments.size() != 3) {
        return usage_error("fx convert wants AMOUNT FROM TO, such as 100.00 USD EUR");
    }
    const Result<Currency> from = Currency::from_code(request.arguments[1]);
    const Result<Currency> to = Currency::from_code(request.arguments[2]);
    if (!from) return failed(from.error());
    if (!to) return failed(to.error());
    const Result<Money> amount = Money::parse(request.arguments[0], *from);
    if (!amount) return failed(amount.error());
    const Result<Day> day = day_option(context, request);
    if (!day) return failed(day.error());
    const Result<ReferenceTable> table = newest(context.database, *day);
    if (!table) return failed(table.error());
    const Result<fx::Rate> rate = table->rate(*from, *to);
    if (!rate) return failed(rate.error());
    const Result<Money> converted = fx::convert(*amount, rate->value, *to);
    if (!converted) return failed(converted.error());

    json::object members;
    members["source_amount"] = amount->minor_units();
    members["source_currency"] = from->code();
    members["target_amount"] = converted->minor_units();
    members["target_currency"] = to->code();
    members["mid_rate"] = rate->value.to_string();
    members["rate_source"] = table->publisher();
    members["rate_date"] = to_text(table->day());
    CommandOutput output;
    output.out = amount->to_string() + " = " + converted->to_string() + "  at " +
                 rate->value.to_string() + " (" + table->publisher() + " " + to_text(table->day()) +
                 ", mid rate)\n";
    if (request.flag("json")) output.out = json::serialize(members) + "\n";
    return output;
}

Result<void> load_rate_book(ledger::Database& database, const Clock& clock, fx::RateBook& book) {
    Result<ReferenceTable> table = newest(database, day_of(clock.now()));
    if (!table && table.error().code() == ErrorCode::not_found) return {};
    if (!table) return table.error();
    (void)book.publish(*std::move(table));
    return {};
}

}  // namespace causeway::gateway
