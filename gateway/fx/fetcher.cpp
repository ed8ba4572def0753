// SPDX-License-Identifier: Apache-2.0
#include "gateway/fx/fetcher.h"

#include "fx/rate_snapshot.h"
#include "gateway/commit.h"
#include "gateway/log.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <utility>

namespace asio = boost::asio;

namespace causeway::gateway {
namespace {

using ledger::Transaction;

constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable);
// The whole history of the European Central Bank has two megabytes.
constexpr std::size_t kAnswerBytesMax = 16'777'216;
constexpr int kStatusOk = 200;

InTransaction<fx::ImportOutcome> importing(const fx::RateSource& source,
                                           const fx::Feed& feed,
                                           Timestamp now,
                                           int jump_limit_bps) {
    return [&source, &feed, now, jump_limit_bps](Transaction& tx) {
        return fx::import_rates(tx,
                                {.source = source.name(),
                                 .base = source.base(),
                                 .rows = feed.rows,
                                 .now = now,
                                 .correct = false,
                                 .jump_limit_bps = jump_limit_bps});
    };
}

// What is thrown in another thread must not leave the coroutine there.
Result<fx::Feed> parse_or_bug(const fx::RateSource& source, std::string_view content, Day today) {
    try {
        return source.parse(content, today);
    } catch (const std::exception& bug) {
        return Error(ErrorCode::integrity, std::string("a bug: ") + bug.what());
    }
}

std::optional<Day> newest_of(const fx::RateBook& book, const std::string& publisher) {
    const std::shared_ptr<const fx::RateSnapshot> rates = book.snapshot();
    if (!rates) return std::nullopt;
    for (const fx::SourceRates& source : rates->sources()) {
        const fx::ReferenceTable& newest = source.tables.front();
        if (newest.publisher() == publisher) return newest.day();
    }
    return std::nullopt;
}

void tell(const fx::RateSource& source, const Result<RatesTaken>& taken) {
    if (!taken) {
        return log(LogLevel::warning,
                   "rates_not_fetched",
                   {{"source", source.name()}, {"why", taken.error().detail()}});
    }
    log(taken->outcome.held > 0 ? LogLevel::warning : LogLevel::info,
        "rates_fetched",
        {{"source", source.name()},
         {"inserted", std::to_string(taken->outcome.inserted)},
         {"held", std::to_string(taken->outcome.held)}});
}

}  // namespace

bool is_due(const fx::RateSource& source, std::optional<Day> newest, Day today) {
    if (source.url().empty()) return false;
    return !newest || fx::rate_age(*newest, today, source.calendar()).count() > 0;
}

asio::awaitable<Result<RatesTaken>> fetch_rates(FetchParts parts, const fx::RateSource& source) {
    if (source.url().empty()) {
        co_return Error(ErrorCode::invalid_argument, source.name() + " has no address to fetch");
    }
    net::HttpRequest request;
    request.method = "GET";
    request.target = source.url();
    net::HttpLimits limits;
    limits.body_bytes_max = kAnswerBytesMax;
    const Result<net::HttpResponse> response = co_await parts.client.send(request, limits);
    if (!response) co_return Error(ErrorCode::unavailable, response.error().detail());
    if (response->status != kStatusOk) {
        co_return Error(ErrorCode::unavailable,
                        "the source answered with status " + std::to_string(response->status));
    }
    const Timestamp now = parts.clock.now();
    const asio::any_io_executor here = co_await asio::this_coro::executor;
    const asio::any_io_executor reading = parts.blocking ? parts.blocking : here;
    co_await asio::post(asio::bind_executor(reading, asio::use_awaitable));
    const Result<fx::Feed> feed = parse_or_bug(source, response->body, day_of(now));
    co_await asio::post(asio::bind_executor(here, asio::use_awaitable));
    if (!feed) co_return feed.error();
    InTransaction<fx::ImportOutcome> body = importing(source, *feed, now, parts.jump_limit_bps);
    const Result<fx::ImportOutcome> outcome =
        co_await commit<fx::ImportOutcome>(parts.database, std::move(body));
    if (!outcome) co_return outcome.error();
    RatesTaken taken;
    taken.outcome = *outcome;
    taken.skipped = feed->skipped;
    co_return taken;
}

RateFetcher::RateFetcher(const asio::any_io_executor& executor,
                         FetchParts parts,
                         const FxSettings& settings,
                         const fx::RateBook& book,
                         std::function<void()> rates_changed)
    : executor_(executor),
      parts_(parts),
      settings_(settings),
      book_(book),
      rates_changed_(std::move(rates_changed)),
      timer_(executor) {
    for (const fx::RateSource& source : settings_.sources) {
        if (!source.url().empty()) (void)counts_[source.name()];
    }
}

void RateFetcher::start() {
    asio::co_spawn(executor_, run(), [this](const std::exception_ptr& bug) {
        if (bug) log(LogLevel::error, "bug", {{"what", "fetching rates"}});
        ended_.set_value();
    });
}

bool RateFetcher::stop(std::chrono::milliseconds time_max) {
    stopping_ = true;
    asio::post(executor_, [this] { timer_.cancel(); });
    return ended_.get_future().wait_for(time_max) == std::future_status::ready;
}

asio::awaitable<void> RateFetcher::round() {
    try {
        co_await ask_all();
    } catch (const std::exception& bug) {
        ++broken_;
        log(LogLevel::error, "bug", {{"what", "fetching rates"}, {"why", bug.what()}});
    }
}

asio::awaitable<void> RateFetcher::ask_all() {
    bool stored = false;
    for (const fx::RateSource& source : settings_.sources) {
        const Day today = day_of(parts_.clock.now());
        if (stopping_ || !is_due(source, newest_of(book_, source.name()), today)) continue;
        const Result<RatesTaken> taken = co_await fetch_rates(parts_, source);
        Count& count = counts_.find(source.name())->second;
        ++(taken ? count.taken : count.failed);
        tell(source, taken);
        stored = stored || (taken && taken->outcome.inserted > 0);
    }
    if (stored) rates_changed_();
}

asio::awaitable<void> RateFetcher::run() {
    while (!stopping_ && settings_.fetch_every_minutes > 0 && !counts_.empty()) {
        co_await round();
        if (stopping_) break;
        timer_.expires_after(std::chrono::minutes(settings_.fetch_every_minutes));
        (void)co_await timer_.async_wait(kAsTuple);
    }
}

MetricCollector RateFetcher::metrics() const {
    return [this](Transaction&, MetricSink& sink) -> Result<void> {
        sink.counter("causeway_fx_fetch_rounds_broken_total",
                     "Rounds over the sources of rates that a bug ended.",
                     static_cast<double>(broken_));
        for (const auto& [name, count] : counts_) {
            constexpr std::string_view kName = "causeway_fx_fetches_total";
            constexpr std::string_view kHelp = "Times a source of rates was asked, by outcome.";
            sink.counter(kName,
                         kHelp,
                         static_cast<double>(count.taken),
                         {{"source", name}, {"outcome", "taken"}});
            sink.counter(kName,
                         kHelp,
                         static_cast<double>(count.failed),
                         {{"source", name}, {"outcome", "failed"}});
        }
        return {};
    };
}

}  // namespace causeway::gateway
