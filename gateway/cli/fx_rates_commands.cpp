// SPDX-License-Identifier: Apache-2.0
//
// Where rates come from: files, addresses, and the human who looks at those that leapt.
#include "fx/held_rates_store.h"
#include "gateway/cli/fx_commands.h"
#include "gateway/cli/text_table.h"
#include "gateway/config.h"
#include "gateway/fx/fetcher.h"
#include "gateway/fx/rate_desk.h"
#include "ledger/store/commit_queue.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace asio = boost::asio;
namespace json = boost::json;

namespace causeway::gateway {
namespace {

using ledger::Currency;
using ledger::Transaction;

const FxSettings* fx_settings(const CommandContext& context) {
    return context.settings == nullptr ? nullptr : &context.settings->fx;
}

int jump_limit(const CommandContext& context) {
    const FxSettings* const settings = fx_settings(context);
    return settings == nullptr ? fx::kJumpLimitBps : settings->jump_limit_bps;
}

std::string as_text(const std::string& name, const RatesTaken& taken) {
    const fx::ImportOutcome& outcome = taken.outcome;
    std::string text = name + ": " + std::to_string(outcome.inserted) + " new rates, " +
                       std::to_string(outcome.unchanged) + " known";
    if (outcome.corrected > 0) text += ", " + std::to_string(outcome.corrected) + " corrected";
    if (taken.skipped > 0) {
        text += ", " + std::to_string(taken.skipped) + " of currencies that are not listed";
    }
    if (outcome.held > 0) {
        text += ", " + std::to_string(outcome.held) + " held: see `causeway fx held`";
    }
    return text + "\n";
}

json::object as_json(std::string_view kind, const std::string& name, const RatesTaken& taken) {
    json::object one;
    one[kind] = name;
    one["inserted"] = taken.outcome.inserted;
    one["unchanged"] = taken.outcome.unchanged;
    one["corrected"] = taken.outcome.corrected;
    one["held"] = taken.outcome.held;
    one["skipped"] = taken.skipped;
    return one;
}

// What several files or sources came to; those beside one that failed stay.
class Takings {
  public:
    explicit Takings(std::string_view kind) : kind_(kind) {}

    [[nodiscard]] bool add(const std::string& name, const Result<RatesTaken>& taken) {
        if (!taken) {
            const CommandOutput wrong =
                failed(Error(taken.error().code(), name + ": " + taken.error().detail()));
            output_.err += wrong.err;
            if (output_.exit_code == kExitOk) output_.exit_code = wrong.exit_code;
            return false;
        }
        rows_.push_back(as_json(kind_, name, *taken));
        output_.out += as_text(name, *taken);
        return true;
    }
    [[nodiscard]] bool any() const { return !rows_.empty(); }
    [[nodiscard]] CommandOutput output(bool as_json) {
        if (any() && output_.exit_code != kExitOk) output_.exit_code = kExitPartly;
        if (as_json) output_.out = json::serialize(rows_) + "\n";
        return std::move(output_);
    }

  private:
    std::string_view kind_;
    json::array rows_;
    CommandOutput output_;
};

asio::awaitable<void> fetch_into(FetchParts parts,
                                 const fx::RateSource& source,
                                 std::optional<Result<RatesTaken>>& taken) {
    taken.emplace(co_await fetch_rates(parts, source));
}

Result<RatesTaken> fetch_now(CommandContext& context,
                             net::HttpClient& client,
                             const fx::RateSource& source) {
    asio::io_context io;
    const FetchParts parts{.database = context.database,
                           .clock = context.clock,
                           .client = client,
                           .blocking = io.get_executor(),
                           .jump_limit_bps = jump_limit(context)};
    std::optional<Result<RatesTaken>> taken;
    // The commit is made on the writer's thread and comes back here.
    const auto work = asio::make_work_guard(io);
    std::exception_ptr bug;
    asio::co_spawn(io, fetch_into(parts, source, taken), [&](const std::exception_ptr& thrown) {
        bug = thrown;
        io.stop();
    });
    io.run();
    if (bug) std::rethrow_exception(bug);
    return *std::move(taken);
}

json::object as_json(const fx::StoredRate& rate) {
    json::object one;
    one["source"] = rate.source;
    one["base"] = rate.base.code();
    one["date"] = to_text(rate.day);
    one["currency"] = rate.currency.code();
    one["rate"] = rate.per_base.to_string();
    one["status"] = to_string(rate.status);
    one["reason"] = rate.reason;
    return one;
}

CommandOutput show_rates(const std::vector<fx::StoredRate>& rates, bool as_json_text) {
    json::array rows;
    TextTable table(
        {{"SOURCE"}, {"DATE"}, {"PAIR"}, {"RATE", TextTable::Align::right}, {"STATUS"}, {"WHY"}});
    for (const fx::StoredRate& rate : rates) {
        rows.push_back(as_json(rate));
        table.row({rate.source,
                   to_text(rate.day),
                   std::string(rate.base.code()) + "/" + std::string(rate.currency.code()),
                   rate.per_base.to_string(),
                   std::string(to_string(rate.status)),
                   printable(rate.decision.empty() ? rate.reason : rate.decision)});
    }
    return {.out = as_json_text ? json::serialize(rows) + "\n" : table.to_string()};
}

// SOURCE DAY CURRENCY, and why.
struct HumanWord {
    std::string source;
    Day day;
    Currency currency;
    std::string reason;
};

Result<HumanWord> read_word(const CommandRequest& request) {
    if (request.arguments.size() != 3) {
        return Error(ErrorCode::invalid_argument,
                     request.name + " wants SOURCE DAY CURRENCY, such as ECB 2026-04-13 BRL");
    }
    const Result<Day> day = parse_day(request.arguments[1]);
    if (!day) return Error(ErrorCode::invalid_argument, "the day must be YYYY-MM-DD");
    const Result<Currency> currency = Currency::from_code(request.arguments[2]);
    if (!currency) return currency.error();
    const std::string reason = request.option("reason");
    if (reason.empty()) return Error(ErrorCode::invalid_argument, "--reason must say why");
    return HumanWord{
        .source = request.arguments[0], .day = *day, .currency = *currency, .reason = reason};
}

fx::RateDecision decision_of(const CommandContext& context, const HumanWord& word) {
    return {.source = word.source,
            .day = word.day,
            .currency = word.currency,
            .reason = word.reason,
            .now = context.clock.now(),
            .jump_limit_bps = jump_limit(context)};
}

}  // namespace

CommandOutput fx_import(CommandContext& context, const CommandRequest& request) {
    if (request.files.empty()) return usage_error("fx import wants a file");
    const Result<const fx::RateSource*> source =
        find_source(sources_of(fx_settings(context)), request.option("source"));
    if (!source) return failed(source.error());
    using Gaps = fx::RateSource::Gaps;
    Takings takings("file");
    for (const InputFile& file : request.files) {
        const RateFile taken{.content = file.content,
                             .correct = request.flag("correct"),
                             .gaps = request.flag("gaps") ? Gaps::accepted : Gaps::refused,
                             .jump_limit_bps = jump_limit(context)};
        const Timestamp now = context.clock.now();
        if (!takings.add(file.name, take_rates(context.database, **source, taken, now))) break;
    }
    if (takings.any()) context.rates_changed();
    return takings.output(request.flag("json"));
}

CommandOutput fx_fetch(CommandContext& context, const CommandRequest& request) {
    const FxSettings* const settings = fx_settings(context);
    net::HttpClientConfig config;
    if (settings != nullptr) config.ca_file = settings->ca;
    const Result<std::unique_ptr<net::HttpClient>> client = net::make_http_client(config);
    if (!client) return failed(client.error());
    std::vector<const fx::RateSource*> wanted;
    for (const std::string& name : request.arguments) {
        const Result<const fx::RateSource*> source = find_source(sources_of(settings), name);
        if (!source) return failed(source.error());
        wanted.push_back(*source);
    }
    for (const fx::RateSource& source : sources_of(settings)) {
        if (request.arguments.empty() && !source.url().empty()) wanted.push_back(&source);
    }
    if (wanted.empty()) return usage_error("no source of rates has an address; see [[fx.source]]");
    Takings takings("source");
    // One that is not there says nothing about the next.
    for (const fx::RateSource* const source : wanted)
        (void)takings.add(source->name(), fetch_now(context, **client, *source));
    if (takings.any()) context.rates_changed();
    return takings.output(request.flag("json"));
}

CommandOutput fx_held(CommandContext& context, const CommandRequest& request) {
    std::vector<fx::StoredRate> held;
    const Result<void> read = context.database.read([&](Transaction& tx) -> Result<void> {
        Result<std::vector<fx::StoredRate>> all = fx::list_held_rates(tx);
        if (!all) return all.error();
        held = *std::move(all);
        return {};
    });
    if (!read) return failed(read.error());
    CommandOutput output = show_rates(held, request.flag("json"));
    if (!held.empty()) output.exit_code = kExitFound;
    if (held.empty() && !request.flag("json")) output.out = "No held rates.\n";
    return output;
}

CommandOutput fx_release(CommandContext& context, const CommandRequest& request) {
    const Result<HumanWord> word = read_word(request);
    if (!word) return failed(word.error());
    using Rates = std::vector<fx::StoredRate>;
    const Result<Rates> released = context.database.writer().commit<Rates>(
        [&](Transaction& tx) { return fx::release_rate(tx, decision_of(context, *word)); });
    if (!released) return failed(released.error());
    context.rates_changed();
    return show_rates(*released, request.flag("json"));
}

CommandOutput fx_reject(CommandContext& context, const CommandRequest& request) {
    const Result<HumanWord> word = read_word(request);
    if (!word) return failed(word.error());
    using Rates = std::vector<fx::StoredRate>;
    const Result<Rates> rejected =
        context.database.writer().commit<Rates>([&](Transaction& tx) -> Result<Rates> {
            const Result<void> done = fx::reject_rate(tx, decision_of(context, *word));
            if (!done) return done.error();
            Result<Rates> all =
                fx::load_rate_revisions(tx, word->source, word->day, word->currency);
            if (all && all->size() > 1) all->erase(all->begin(), all->end() - 1);
            return all;
        });
    if (!rejected) return failed(rejected.error());
    return show_rates(*rejected, request.flag("json"));
}

}  // namespace causeway::gateway
