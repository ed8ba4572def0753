// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/fx_commands.h"

#include "fx/builtin_rates.h"
#include "fx/convert.h"
#include "fx/disclosure.h"
#include "fx/plot.h"
#include "fx/quote.h"
#include "gateway/api/quote_view.h"
#include "gateway/cli/text_table.h"
#include "gateway/config.h"
#include "gateway/fx/positions.h"
#include "gateway/fx/rate_desk.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <charconv>
#include <optional>
#include <string>
#include <utility>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

using fx::ReferenceTable;
using ledger::Currency;
using ledger::Money;
using ledger::Transaction;

const FxSettings* fx_settings(const CommandContext& context) {
    return context.settings == nullptr ? nullptr : &context.settings->fx;
}

template <class T>
Result<T> in_snapshot(CommandContext& context, const std::function<Result<T>(Transaction&)>& body) {
    std::optional<Result<T>> found;
    const Result<void> read = context.database.read([&](Transaction& tx) {
        found.emplace(body(tx));
        return Result<void>();
    });
    if (!read) return read.error();
    return *std::move(found);
}

// The newest table at or before `day`: of the database, or of the program if it is empty.
Result<ReferenceTable> newest(CommandContext& context, const fx::RateSource& source, Day day) {
    Result<ReferenceTable> found = in_snapshot<ReferenceTable>(
        context, [&](Transaction& tx) { return fx::load_rates(tx, source.name(), day); });
    if (found || found.error().code() != ErrorCode::not_found || source.name() != fx::kEcb) {
        return found;
    }
    Result<ReferenceTable> builtin = fx::newest_table(fx::builtin_feed(), source.name());
    if (builtin && builtin->day() > day) {
        return Error(ErrorCode::not_found, "there are no rates of " + to_text(day) + " or before");
    }
    return builtin;
}

Result<Day> day_option(const CommandContext& context,
                       const CommandRequest& request,
                       const std::string& name,
                       Day otherwise) {
    const std::string text = request.option(name);
    if (text.empty()) return otherwise;
    if (text == "today") return day_of(context.clock.now());
    Result<Day> day = parse_day(text);
    if (!day)
        return Error(ErrorCode::invalid_argument, "--" + name + " must be YYYY-MM-DD or today");
    return day;
}

CommandOutput rates_of_a_day(CommandContext& context,
                             const CommandRequest& request,
                             const fx::RateSource& source) {
    const Result<Day> day = day_option(context, request, "date", day_of(context.clock.now()));
    if (!day) return failed(day.error());
    const Result<ReferenceTable> table = newest(context, source, *day);
    if (!table) return failed(table.error());
    json::array rows;
    CommandOutput output;
    const std::string base(table->base().code());
    output.out = table->publisher() + " " + to_text(table->day()) + ", units per " + base + "\n";
    for (const fx::ReferenceRate& rate : table->rates()) {
        json::object one;
        one["object"] = "rate";
        one["base"] = base;
        one["currency"] = rate.currency.code();
        one["rate"] = rate.per_base.to_string();
        one["date"] = to_text(table->day());
        one["source"] = table->publisher();
        rows.push_back(std::move(one));
        output.out += std::string(rate.currency.code()) + "  " + rate.per_base.to_string() + "\n";
    }
    if (request.flag("json")) output.out = json::serialize(rows) + "\n";
    return output;
}

Result<std::pair<Currency, Currency>> parse_pair(const std::string& text) {
    const std::size_t slash = text.find('/');
    const std::string_view all(text);
    const Result<Currency> from = Currency::from_code(all.substr(0, slash));
    const Result<Currency> to = Currency::from_code(
        slash == std::string::npos ? std::string_view() : all.substr(slash + 1));
    if (!from || !to || *from == *to) {
        return Error(ErrorCode::invalid_argument, "a pair is two currencies, such as USD/BRL");
    }
    return std::pair(*from, *to);
}

std::string as_list(const std::vector<fx::PairRate>& rates) {
    std::string text;
    for (const fx::PairRate& rate : rates)
        text += to_text(rate.day) + "  " + rate.value.to_string() + "\n";
    return text;
}

std::string as_json(const std::vector<fx::PairRate>& rates) {
    json::array rows;
    for (const fx::PairRate& rate : rates) {
        json::object one;
        one["date"] = to_text(rate.day);
        one["rate"] = rate.value.to_string();
        rows.push_back(std::move(one));
    }
    return json::serialize(rows) + "\n";
}

constexpr std::chrono::days kHistory{365};

CommandOutput history(CommandContext& context,
                      const CommandRequest& request,
                      const fx::RateSource& source) {
    const Result<std::pair<Currency, Currency>> pair = parse_pair(request.arguments.front());
    if (!pair) return failed(pair.error());
    const Day today = day_of(context.clock.now());
    const Result<Day> until = day_option(context, request, "until", today);
    if (!until) return failed(until.error());
    const Result<Day> since = day_option(context, request, "since", *until - kHistory);
    if (!since) return failed(since.error());
    const fx::PairSpan span{
        .source = pair->first, .target = pair->second, .since = *since, .until = *until};
    using Rates = std::vector<fx::PairRate>;
    const Result<Rates> rates = in_snapshot<Rates>(
        context, [&](Transaction& tx) { return fx::load_pair_rates(tx, source.name(), span); });
    if (!rates) return failed(rates.error());
    if (rates->empty()) {
        return failed(Error(
            ErrorCode::not_found,
            source.name() + " has no rates of " + request.arguments.front() + " in these days"));
    }
    if (request.flag("json")) return {.out = as_json(*rates)};
    const std::string title = request.arguments.front() + ", " + source.name();
    if (request.flag("svg")) {
        const Result<std::string> picture = fx::plot_svg(*rates, {.title = title});
        return picture ? CommandOutput{.out = *picture} : failed(picture.error());
    }
    if (!request.flag("plot")) return {.out = as_list(*rates)};
    const fx::PlotInk ink = request.flag("ascii") ? fx::PlotInk::ascii : fx::PlotInk::braille;
    const Result<std::string> plot = fx::plot_text(*rates, {.title = title, .ink = ink});
    return plot ? CommandOutput{.out = *plot} : failed(plot.error());
}

struct Exchanged {
    Money amount;
    Currency from;
    Currency to;
};

// `name` is what the command calls the word.
Result<Currency> read_currency(const char* name, const std::string& text) {
    Result<Currency> currency = Currency::from_code(text);
    if (currency) return currency;
    return Error(
        ErrorCode::invalid_argument,
        std::string(name) + ": " + printable(text) + " is no ISO 4217 currency that can be quoted");
}

Result<Money> read_amount(const std::string& text, const Currency& currency) {
    Result<Money> amount = Money::parse(text, currency);
    if (amount) return amount;
    const bool too_large = amount.error().code() == ErrorCode::amount_overflow;
    const std::string fault =
        too_large ? " is too large" : " is not an amount in " + std::string(currency.code());
    return Error(ErrorCode::invalid_argument, "AMOUNT: \"" + printable(text) + "\"" + fault);
}

// AMOUNT FROM TO; with `of_target` the amount is in TO.
Result<Exchanged> read_exchange(const CommandRequest& request, bool of_target) {
    if (request.arguments.size() != 3) {
        return Error(ErrorCode::invalid_argument,
                     request.name + " wants AMOUNT FROM TO, such as 100.00 USD EUR");
    }
    const Result<Currency> from = read_currency("FROM", request.arguments[1]);
    const Result<Currency> to = read_currency("TO", request.arguments[2]);
    if (!from) return from.error();
    if (!to) return to.error();
    const Result<Money> amount = read_amount(request.arguments[0], of_target ? *to : *from);
    if (!amount) return amount.error();
    return Exchanged{.amount = *amount, .from = *from, .to = *to};
}

// A mid rate to show, however old.
struct ShownRate {
    fx::Decimal value;
    std::string publishers;
    Day day;
    bool is_stale = false;
};

// What a quote would go by, now.
Result<ShownRate> quoted_rate(CommandContext& context, const Exchanged& wanted) {
    const Result<DayRates> rates =
        rates_of_day(context.database, fx_settings(context), day_of(context.clock.now()));
    if (!rates) return rates.error();
    Result<fx::MidRate> mid =
        rates->mid({.base = wanted.from, .counter = wanted.to, .livemode = true});
    const bool is_stale = !mid && mid.error().code() == ErrorCode::expired;
    if (is_stale) mid = rates->snapshot->mid(wanted.from, wanted.to);
    if (!mid) return mid.error();
    return ShownRate{.value = mid->value,
                     .publishers = mid->publishers(),
                     .day = mid->day,
                     .is_stale = is_stale};
}

// What one source published for a day, or before it.
Result<ShownRate> published_rate(CommandContext& context,
                                 const CommandRequest& request,
                                 const Exchanged& wanted) {
    const Result<Day> day = day_option(context, request, "date", day_of(context.clock.now()));
    if (!day) return day.error();
    const FxSettings* const settings = fx_settings(context);
    const Result<const fx::RateSource*> source =
        find_source(sources_of(settings), request.option("source"));
    if (!source) return source.error();
    const Result<ReferenceTable> table = newest(context, **source, *day);
    if (!table) return table.error();
    const Result<fx::Rate> rate = table->rate(wanted.from, wanted.to);
    if (!rate) return rate.error();
    const int age_max = (settings == nullptr ? FxSettings() : *settings).rates_age_max_days;
    const std::chrono::days age = fx::rate_age(table->day(), *day, (*source)->calendar());
    return ShownRate{.value = rate->value,
                     .publishers = table->publisher(),
                     .day = table->day(),
                     .is_stale = age.count() > age_max};
}

Result<ShownRate> rate_for(CommandContext& context,
                           const CommandRequest& request,
                           const Exchanged& wanted) {
    const bool is_named = request.flag("source") || request.flag("date");
    if (is_named || wanted.from == wanted.to) return published_rate(context, request, wanted);
    return quoted_rate(context, wanted);
}

Result<fx::QuoteRequest> read_quote(const CommandRequest& request) {
    const bool of_target = request.flag("target");
    const Result<Exchanged> wanted = read_exchange(request, of_target);
    if (!wanted) return wanted.error();
    fx::QuoteRequest quote{.source = wanted->from, .target = wanted->to};
    (of_target ? quote.target_amount : quote.source_amount) = wanted->amount.minor_units();
    const std::string merchant = request.option("merchant");
    if (!merchant.empty()) {
        const Result<Uuid> id = parse_id("mer", merchant);
        if (!id) return Error(ErrorCode::invalid_argument, "--merchant must be mer_...");
        quote.merchant = *id;
    }
    const std::string valid_for = request.option("valid-for");
    if (valid_for.empty()) return quote;
    int seconds = 0;
    const auto [end, wrong] =
        std::from_chars(valid_for.data(), valid_for.data() + valid_for.size(), seconds);
    if (wrong != std::errc() || end != valid_for.data() + valid_for.size()) {
        return Error(ErrorCode::invalid_argument, "--valid-for must be seconds");
    }
    quote.valid_for = std::chrono::seconds(seconds);
    return quote;
}

// What a buyer must see, a line each.
std::string as_text(const fx::Disclosure& told) {
    return "mid rate    " + told.mid_rate.to_string() + " (" + told.rate_source + " " +
           to_text(told.rate_date) + ")\n" + "rate        " + told.rate.to_string() + "\n" +
           "fee         " + told.fee.to_string() + "\n" + "markup      " + told.markup_percent +
           " %, spread and fee together\n" + "rounding    " +
           std::string(to_string(told.rounding)) + "\n" + "borne by    " +
           std::string(to_string(told.bearer)) + "\n" + "valid until " +
           to_rfc3339(told.valid_until) + "\n";
}

}  // namespace

CommandOutput fx_rates(CommandContext& context, const CommandRequest& request) {
    const Result<const fx::RateSource*> source =
        find_source(sources_of(fx_settings(context)), request.option("source"));
    if (!source) return failed(source.error());
    return request.arguments.empty() ? rates_of_a_day(context, request, **source)
                                     : history(context, request, **source);
}

CommandOutput fx_convert(CommandContext& context, const CommandRequest& request) {
    const Result<Exchanged> wanted = read_exchange(request, false);
    if (!wanted) return failed(wanted.error());
    const Result<ShownRate> rate = rate_for(context, request, *wanted);
    if (!rate) return failed(rate.error());
    const Result<Money> converted = fx::convert(wanted->amount, rate->value, wanted->to);
    if (!converted) return failed(converted.error());

    json::object members;
    members["source_amount"] = wanted->amount.minor_units();
    members["source_currency"] = wanted->from.code();
    members["target_amount"] = converted->minor_units();
    members["target_currency"] = wanted->to.code();
    members["mid_rate"] = rate->value.to_string();
    members["rate_source"] = rate->publishers;
    members["rate_date"] = to_text(rate->day);
    members["stale"] = rate->is_stale;
    CommandOutput output;
    output.out = wanted->amount.to_string() + " = " + converted->to_string() + "  at " +
                 rate->value.to_string() + " (" + rate->publishers + " " + to_text(rate->day) +
                 ", mid rate" + (rate->is_stale ? ", too old to quote by" : "") + ")\n";
    if (request.flag("json")) output.out = json::serialize(members) + "\n";
    return output;
}

CommandOutput fx_quote(CommandContext& context, const CommandRequest& request) {
    const Result<fx::QuoteRequest> wanted = read_quote(request);
    if (!wanted) return failed(wanted.error());
    fx::RateBook book;
    const FxSettings* const settings = fx_settings(context);
    const Result<void> loaded =
        load_rate_book(context.database, sources_of(settings), day_of(context.clock.now()), book);
    if (!loaded) return failed(loaded.error());
    const Result<fx::Corridors> corridors =
        corridors_of(settings == nullptr ? FxSettings() : *settings);
    if (!corridors) return failed(corridors.error());
    const Result<fx::Quote> quote = fx::make_quote(
        *wanted,
        {.rates = book, .clock = context.clock, .ids = context.ids, .corridors = *corridors});
    if (!quote) return failed(quote.error());
    if (request.flag("json")) {
        return {.out = render_quote(*quote, context.clock.now()) + "\n"};
    }
    const Result<fx::Disclosure> told = fx::disclosure_of(*quote);
    if (!told) return failed(told.error());
    return {.out = told->total.to_string() + " = " + told->receives.to_string() + "\n" +
                   as_text(*told)};
}

}  // namespace causeway::gateway
