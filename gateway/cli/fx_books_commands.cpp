// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/fx_books_commands.h"

#include "fx/convert.h"
#include "gateway/cli/by_hand.h"
#include "gateway/cli/text_table.h"
#include "gateway/config.h"
#include "gateway/fx/hedge.h"
#include "gateway/fx/missed_days.h"
#include "gateway/fx/positions.h"
#include "gateway/fx/revaluation.h"
#include "ledger/store/commit_queue.h"
#include "ledger/store/text.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

using fx::MidRate;
using fx::Position;
using ledger::Currency;
using ledger::Money;
using ledger::Transaction;

constexpr std::size_t kReasonMax = 200;
constexpr std::size_t kNameMax = 64;
// A trade at a rate further away from the day's is a slip of the pen until somebody says not.
constexpr int kOffMarketPercent = 10;

const FxSettings* settings_of(const CommandContext& context) {
    return context.settings == nullptr ? nullptr : &context.settings->fx;
}

Error wrong_use(const std::string& what) {
    return Error(ErrorCode::invalid_argument, what);
}

// What moves money by a rate takes the sources that somebody configured, never the default ones.
CommandOutput no_sources(const CommandRequest& request) {
    return usage_error(request.name +
                       " wants --config: it goes by the configured sources of rates");
}

// A refusal is the caller's mistake, not the environment's.
CommandOutput refused_or_failed(const Error& error) {
    const bool refusal =
        error.code() == ErrorCode::conflict || error.code() == ErrorCode::amount_overflow;
    return refusal ? usage_error(error.detail()) : failed(error);
}

Result<Day> read_day(const CommandRequest& request, Day otherwise) {
    if (!request.flag("date")) return otherwise;
    const Result<Day> day = parse_day(request.option("date"));
    if (!day) return wrong_use("--date must be YYYY-MM-DD");
    return day;
}

// ---- positions -------------------------------------------------------------------------------

// A position and what the day makes of it. Amounts are absent where there is no fresh rate.
struct Valued {
    Position position;
    std::optional<fx::Decimal> average;
    std::optional<MidRate> mid;
    std::optional<std::int64_t> market;
    std::optional<std::int64_t> unrealised;
};

Result<Valued> value(const Position& position, const DayRates& rates) {
    Valued valued{.position = position};
    const Result<std::optional<fx::Decimal>> average = fx::average_rate(position);
    if (!average) return average.error();
    valued.average = *average;
    const Result<MidRate> mid = rates.mid(position.pair);
    if (!mid) return valued;
    const Result<Money> market = fx::market_value(position, mid->value);
    if (!market) return market.error();
    const Result<Money> unrealised = fx::unrealised_at(position, mid->value);
    if (!unrealised) return unrealised.error();
    valued.mid = *mid;
    valued.market = market->minor_units();
    valued.unrealised = unrealised->minor_units();
    return valued;
}

bool is_empty(const Position& position) {
    return position == Position{.pair = position.pair};
}

json::value number_or_null(const std::optional<std::int64_t>& number) {
    return number ? json::value(*number) : json::value(nullptr);
}

json::object as_json(const Valued& one) {
    const Position& position = one.position;
    json::object members;
    members["object"] = "fx_position";
    members["pair"] =
        std::string(position.pair.base.code()) + "/" + std::string(position.pair.counter.code());
    members["livemode"] = position.pair.livemode;
    members["open"] = position.open;
    members["cost"] = position.cost;
    members["average_rate"] =
        one.average ? json::value(one.average->to_string()) : json::value(nullptr);
    members["mid_rate"] = one.mid ? json::value(one.mid->value.to_string()) : json::value(nullptr);
    members["mid_rate_date"] = one.mid ? json::value(to_text(one.mid->day)) : json::value(nullptr);
    members["market_value"] = number_or_null(one.market);
    members["unrealised"] = number_or_null(one.unrealised);
    members["unrealised_booked"] = position.unrealised;
    members["realised"] = position.realised;
    members["margin"] = position.margin;
    members["fees"] = position.fees;
    return members;
}

std::string as_text(const std::vector<Valued>& all) {
    using enum TextTable::Align;
    TextTable table({{"PAIR"},
                     {"OPEN", right},
                     {"COST", right},
                     {"AVERAGE", right},
                     {"MID", right},
                     {"MARKET", right},
                     {"UNREALISED", right},
                     {"BOOKED", right},
                     {"REALISED", right},
                     {"MARGIN", right},
                     {"FEES", right}});
    for (const Valued& one : all) {
        const Position& position = one.position;
        const Currency& counter = position.pair.counter;
        table.row({position.pair.owner(),
                   amount_text(position.open, position.pair.base),
                   amount_text(position.cost, counter),
                   one.average ? one.average->to_string() : "-",
                   one.mid ? one.mid->value.to_string() : "-",
                   amount_text(one.market, counter),
                   amount_text(one.unrealised, counter),
                   amount_text(position.unrealised, counter),
                   amount_text(position.realised, counter),
                   amount_text(position.margin, counter),
                   amount_text(position.fees, counter)});
    }
    return table.empty() ? "No positions.\n" : table.to_string();
}

Result<std::vector<Valued>> valued_positions(CommandContext& context,
                                             const CommandRequest& request) {
    const Day today = day_of(context.clock.now());
    const Result<Day> day = read_day(request, today);
    if (!day) return day.error();
    if (*day > today) return wrong_use("--date lies in the future");
    const std::optional<Day> then = *day == today ? std::optional<Day>() : *day;
    const Result<std::vector<Position>> all = positions(context.database, context.journal, then);
    if (!all) return all.error();
    const Result<DayRates> rates = rates_of_day(context.database, settings_of(context), *day);
    if (!rates) return rates.error();
    std::vector<Valued> valued;
    for (const Position& position : *all) {
        if (is_empty(position)) continue;
        const Result<Valued> one = value(position, *rates);
        if (!one) return one.error();
        valued.push_back(*one);
        // It points into the rates, which go.
        if (valued.back().mid) valued.back().mid->publisher = valued.back().mid->second = {};
    }
    return valued;
}

// ---- trade -----------------------------------------------------------------------------------

Result<fx::Pair> read_pair(const CommandRequest& request) {
    const std::string text = request.arguments.empty() ? "" : request.arguments.front();
    const Result<fx::Pair> pair = fx::Pair::of_owner(text);
    if (!pair || !pair->livemode) return wrong_use("a pair is two currencies, such as USD/EUR");
    if (request.flag("live") && request.flag("test")) return wrong_use("either --live or --test");
    fx::Pair meant = *pair;
    meant.livemode = request.flag("live");
    return meant;
}

Result<std::int64_t> read_amount(const CommandRequest& request,
                                 const std::string& option,
                                 const Currency& currency) {
    const std::string text = request.option(option);
    const Result<Money> amount = Money::parse(text, currency);
    if (!amount && amount.error().code() == ErrorCode::amount_overflow) {
        return wrong_use("--" + option + " is too large");
    }
    if (!amount) {
        return wrong_use("--" + option + ": \"" + printable(text) + "\" is not an amount in " +
                         std::string(currency.code()) + " with at most " +
                         std::to_string(currency.exponent()) + " decimals, such as 100 or -100");
    }
    if (amount->minor_units() == 0) return wrong_use("--" + option + " is nothing");
    return amount->minor_units();
}

Result<std::string> read_name(const CommandRequest& request,
                              const std::string& option,
                              const std::string& otherwise) {
    if (!request.flag(option)) return otherwise;
    const std::string text = request.option(option);
    const bool plain = std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               c == '-' || c == '_' || c == '.';
    });
    if (plain && !text.empty() && text.size() <= kNameMax) return text;
    return wrong_use("--" + option + " wants up to " + std::to_string(kNameMax) +
                     " letters, digits, dots, dashes and underscores");
}

Result<std::string> read_reason(const CommandRequest& request) {
    std::string reason = request.option("reason");
    if (!reason.empty() && reason.size() <= kReasonMax && ledger::is_storable(reason)) {
        return reason;
    }
    return wrong_use("--reason must say why, in up to " + std::to_string(kReasonMax) +
                     " characters");
}

Result<TradeOrder> read_trade(const CommandRequest& request) {
    const Result<fx::Pair> pair = read_pair(request);
    if (!pair) return pair.error();
    const Result<std::int64_t> base = read_amount(request, "base", pair->base);
    if (!base) return base.error();
    const Result<std::int64_t> counter = read_amount(request, "counter", pair->counter);
    if (!counter) return counter.error();
    if ((*base < 0) != (*counter < 0)) {
        return wrong_use(
            "--base and --counter have one sign: both positive when the base currency was bought "
            "and the other one paid, both negative when it was sold");
    }
    const Result<std::string> reason = read_reason(request);
    if (!reason) return reason.error();
    const Result<std::string> deal = read_name(request, "id", "");
    if (!deal) return deal.error();
    const Result<std::string> bank = read_name(request, "bank", "bank");
    if (!bank) return bank.error();
    return TradeOrder{.pair = *pair,
                      .trade = {.base = *base, .counter = *counter},
                      .deal = *deal,
                      .bank = *bank,
                      .reason = *reason,
                      .by = operator_of(request)};
}

// Digits too many, amounts the wrong way round, the pair upside down: all of it shows in the rate.
Result<void> check_rate(const TradeOrder& order, const DayRates& rates) {
    const Result<MidRate> mid = rates.mid(order.pair);
    if (!mid) {
        return wrong_use("there is no fresh rate of " + order.pair.owner() + " to compare with (" +
                         mid.error().detail() + "); --off-market if --counter is right");
    }
    const Result<Money> worth =
        fx::convert(Money(order.trade.base, order.pair.base), mid->value, order.pair.counter);
    if (!worth) return worth.error();
    const Result<Money> apart = worth->subtract(Money(order.trade.counter, order.pair.counter));
    if (!apart) return apart.error();
    const auto size = [](std::int64_t amount) {
        return amount < 0 ? -fx::Int128{amount} : fx::Int128{amount};
    };
    if (size(apart->minor_units()) * 100 <= size(worth->minor_units()) * kOffMarketPercent) {
        return {};
    }
    return wrong_use("at the mid rate " + mid->value.to_string() + " of " + to_text(mid->day) +
                     " that base amount is worth " + worth->to_string() + ", more than " +
                     std::to_string(kOffMarketPercent) +
                     " % away from --counter; --off-market if it is right");
}

// What has the name of this one: it is booked already, or the name is taken.
Result<bool> is_known(ledger::Database& database, const TradeOrder& order) {
    bool known = false;
    const Result<void> read = database.read([&](Transaction& snapshot) -> Result<void> {
        const Result<std::optional<BookedTrade>> found =
            find_trade(snapshot, order.pair.livemode, order.deal);
        if (!found) return found.error();
        known = found->has_value();
        return {};
    });
    if (!read) return read.error();
    return known;
}

// The same two currencies the other way round would be a second position beside the one there is.
Result<void> check_order_of_pair(CommandContext& context, const fx::Pair& pair) {
    const Result<std::vector<Position>> all = positions(context.database, context.journal);
    if (!all) return all.error();
    const fx::Pair inverse{.base = pair.counter, .counter = pair.base, .livemode = pair.livemode};
    const auto has = [&all](const fx::Pair& one) {
        return std::ranges::any_of(*all, [&one](const Position& position) {
            return position.pair == one && !is_empty(position);
        });
    };
    if (has(pair) || !has(inverse)) return {};
    return wrong_use("there is a position of " + inverse.owner() + " and none of " + pair.owner() +
                     ": trade " + inverse.owner() + ", or say --new-pair");
}

// Whether the order may be a slip of the pen.
Result<void> check_order(CommandContext& context,
                         const CommandRequest& request,
                         const TradeOrder& order) {
    const Result<bool> known = is_known(context.database, order);
    if (!known) return known.error();
    if (*known) return {};
    if (!request.flag("new-pair")) {
        const Result<void> fits = check_order_of_pair(context, order.pair);
        if (!fits) return fits.error();
    }
    if (request.flag("off-market")) return {};
    const Result<DayRates> rates =
        rates_of_day(context.database, settings_of(context), day_of(context.clock.now()));
    if (!rates) return rates.error();
    return check_rate(order, *rates);
}

std::string as_text(const TradeOutcome& outcome) {
    const BookedTrade& booked = outcome.booked;
    const Currency& base = booked.pair.base;
    const Currency& counter = booked.pair.counter;
    return to_text("fxt", booked.id) + ": " + booked.pair.owner() + " " +
           Money(booked.trade.base, base).to_string() + " for " +
           Money(booked.trade.counter, counter).to_string() +
           (outcome.repeated ? ", booked before" : ", booked") + "\nrealised  " +
           Money(booked.realised, counter).to_string() + "\nopen      " +
           Money(outcome.after.open, base).to_string() + " at a cost of " +
           Money(outcome.after.cost, counter).to_string() + "\nentry     " +
           to_text("je", booked.entry) + "\n";
}

json::object as_json(const TradeOutcome& outcome) {
    const BookedTrade& booked = outcome.booked;
    json::object members;
    members["object"] = "fx_trade";
    members["id"] = to_text("fxt", booked.id);
    members["deal"] = booked.deal;
    members["pair"] =
        std::string(booked.pair.base.code()) + "/" + std::string(booked.pair.counter.code());
    members["livemode"] = booked.pair.livemode;
    members["bank"] = booked.bank;
    members["base_amount"] = booked.trade.base;
    members["counter_amount"] = booked.trade.counter;
    members["realised"] = booked.realised;
    members["open"] = outcome.after.open;
    members["cost"] = outcome.after.cost;
    members["reason"] = booked.reason;
    members["by"] = booked.by;
    members["entry"] = to_text("je", booked.entry);
    members["created_at"] = to_rfc3339(booked.created);
    members["repeated"] = outcome.repeated;
    return members;
}

// ---- revalue ---------------------------------------------------------------------------------

std::string as_text(const PairRevalued& one) {
    const Currency& counter = one.pair.counter;
    std::string text = one.pair.owner() + ": ";
    if (one.outcome == Revalued::known_before) return text + "done before, nothing changed\n";
    if (one.is_open()) {
        text += "NOT REVALUED, " + one.why;
    } else {
        text += Money(one.booked->unrealised, counter).to_string() + " unrealised at " +
                one.booked->mid.to_string() + " of " + to_text(one.booked->rates_day);
    }
    if (one.reversed != 0) {
        text += ", " + Money(one.reversed, counter).to_string() + " of before reversed";
    }
    return text + "\n";
}

json::object as_json(const PairRevalued& one, Day day) {
    json::object members;
    members["date"] = to_text(day);
    members["pair"] =
        std::string(one.pair.base.code()) + "/" + std::string(one.pair.counter.code());
    members["livemode"] = one.pair.livemode;
    members["outcome"] = to_string(one.outcome);
    members["reversed"] = one.reversed;
    if (!one.why.empty()) members["why"] = one.why;
    if (!one.booked) return members;
    members["mid_rate"] = one.booked->mid.to_string();
    members["mid_rate_date"] = to_text(one.booked->rates_day);
    members["source"] = one.booked->publisher;
    members["open"] = one.booked->open;
    members["cost"] = one.booked->cost;
    members["unrealised"] = one.booked->unrealised;
    members["entry"] =
        one.booked->entry ? json::value(to_text("je", *one.booked->entry)) : json::value(nullptr);
    return members;
}

// What is to be revalued, and for which days.
struct RevaluationOrder {
    MissedDays days;
    std::optional<RevaluationWord> again;
};

Result<RevaluationOrder> read_revaluation(const CommandContext& context,
                                          const CommandRequest& request,
                                          const RevaluationDesk& desk) {
    const Day yesterday = day_of(context.clock.now()) - std::chrono::days(1);
    const Result<Day> day = read_day(request, yesterday);
    if (!day) return day.error();
    RevaluationOrder order{.days = {.days = {*day}, .forgone = {}}, .again = {}};
    if (request.flag("again")) {
        if (!request.flag("date")) return wrong_use("--again wants --date");
        const Result<std::string> reason = read_reason(request);
        if (!reason) return reason.error();
        order.again = RevaluationWord{.reason = *reason, .by = operator_of(request)};
        return order;
    }
    if (request.flag("reason")) return wrong_use("--reason is for --again");
    if (request.flag("date")) return order;
    Result<MissedDays> missed = missed_days(desk, yesterday);
    if (!missed) return missed.error();
    order.days = *std::move(missed);
    return order;
}

// A failure weighs more than a rate that is not there yet.
void count(const PairRevalued& one, Day day, CommandOutput& output) {
    if (one.outcome == Revalued::no_rate && output.exit_code == kExitOk) {
        output.exit_code = kExitFound;
    }
    if (one.outcome != Revalued::failed) return;
    output.err += "causeway: " + to_text(day) + ", " + one.pair.owner() +
                  " was not revalued: " + one.why + "\n";
    output.exit_code = kExitPartly;
}

template <class T>
json::array as_array(const std::vector<T>& all) {
    json::array rows;
    for (const T& one : all)
        rows.push_back(as_json(one));
    return rows;
}

}  // namespace

CommandOutput fx_positions(CommandContext& context, const CommandRequest& request) {
    const Result<std::vector<Valued>> all = valued_positions(context, request);
    if (!all) return failed(all.error());
    return {.out = request.flag("json") ? json::serialize(as_array(*all)) + "\n" : as_text(*all)};
}

CommandOutput fx_trade(CommandContext& context, const CommandRequest& request) {
    if (context.settings == nullptr) return no_sources(request);
    const Result<TradeOrder> order = read_trade(request);
    if (!order) return failed(order.error());
    const Result<void> sane = check_order(context, request, *order);
    if (!sane) return failed(sane.error());
    const Timestamp now = context.clock.now();
    const Result<TradeOutcome> outcome =
        context.database.writer().commit<TradeOutcome>([&](Transaction& body) {
            return book_trade(body, context.journal, context.ids, *order, now);
        });
    if (!outcome) return refused_or_failed(outcome.error());
    return {.out = request.flag("json") ? json::serialize(as_json(*outcome)) + "\n"
                                        : as_text(*outcome)};
}

CommandOutput fx_revalue(CommandContext& context, const CommandRequest& request) {
    if (context.settings == nullptr) return no_sources(request);
    const RevaluationDesk desk{.database = context.database,
                               .journal = context.journal,
                               .clock = context.clock,
                               .ids = context.ids,
                               .settings = settings_of(context)};
    const Result<RevaluationOrder> order = read_revaluation(context, request, desk);
    if (!order) return failed(order.error());
    const MissedDays& missed = order->days;
    CommandOutput output;
    json::array rows;
    for (const ForgoneDays& forgone : missed.forgone)
        output.err += "causeway: not revalued: " + forgone_text(forgone) + "\n";
    for (const Day each : missed.days) {
        const Result<std::vector<PairRevalued>> all =
            order->again ? revalue_again(desk, each, *order->again) : revalue(desk, each);
        if (!all) return refused_or_failed(all.error());
        const std::string prefix = missed.days.size() > 1 ? to_text(each) + " " : "";
        for (const PairRevalued& one : *all) {
            output.out += prefix + as_text(one);
            rows.push_back(as_json(one, each));
            count(one, each, output);
        }
    }
    if (rows.empty())
        output.out = "No positions at the end of " + to_text(missed.days.back()) + ".\n";
    if (request.flag("json")) output.out = json::serialize(rows) + "\n";
    return output;
}

}  // namespace causeway::gateway
