// SPDX-License-Identifier: Apache-2.0
#include "gateway/fx/revaluer.h"

#include "gateway/log.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>
#include <string>
#include <utility>
#include <vector>

namespace asio = boost::asio;

namespace causeway::gateway {
namespace {

using All = std::vector<PairRevalued>;

constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable);
// Rates may come late, and a day may end while nobody looks.
constexpr std::chrono::minutes kPause{10};
// What happened before midnight may be known only a little after it.
constexpr std::chrono::minutes kGrace{15};

void tell(const PairRevalued& one, Day day) {
    const std::string pair = one.pair.owner();
    if (one.is_open()) {
        return log(one.outcome == Revalued::failed ? LogLevel::error : LogLevel::warning,
                   "not_revalued",
                   {{"pair", pair}, {"day", to_text(day)}, {"why", one.why}});
    }
    if (!one.booked) return;
    log(LogLevel::info,
        "revalued",
        {{"pair", pair},
         {"day", to_text(day)},
         {"mid", one.booked->mid.to_string()},
         {"unrealised", std::to_string(one.booked->unrealised)}});
}

}  // namespace

Revaluer::Revaluer(const asio::any_io_executor& executor,
                   asio::any_io_executor blocking,
                   RevaluationDesk desk)
    : executor_(executor), blocking_(std::move(blocking)), desk_(desk), timer_(executor) {}

void Revaluer::start() {
    asio::co_spawn(executor_, run(), [this](const std::exception_ptr& bug) {
        if (bug) log(LogLevel::error, "bug", {{"what", "revaluing positions"}});
        ended_.set_value();
    });
}

bool Revaluer::stop(std::chrono::milliseconds time_max) {
    stopping_ = true;
    asio::post(executor_, [this] { timer_.cancel(); });
    return ended_.get_future().wait_for(time_max) == std::future_status::ready;
}

bool DayRevalued::is_open() const {
    return std::ranges::any_of(pairs, &PairRevalued::is_open);
}

void Revaluer::reverse_until(Day until) {
    const Result<std::vector<PairReversed>> reversed = reverse_due(desk_, until);
    if (!reversed) {
        return log(LogLevel::error, "not_reversed", {{"why", reversed.error().detail()}});
    }
    for (const PairReversed& one : *reversed) {
        log(LogLevel::info,
            "revaluation_reversed",
            {{"pair", one.pair.owner()}, {"amount", std::to_string(one.amount)}});
    }
}

Result<std::vector<DayRevalued>> Revaluer::revalue_until(Day until) {
    if (desk_.settings != nullptr && !desk_.settings->revalue) {
        reverse_until(until);
        return std::vector<DayRevalued>();
    }
    const Result<MissedDays> missed = missed_days(desk_, until);
    if (!missed) return missed.error();
    if (warned_ != until) {
        for (const ForgoneDays& forgone : missed->forgone)
            log(LogLevel::warning, "not_revalued", {{"why", forgone_text(forgone)}});
    }
    std::vector<DayRevalued> all;
    for (const Day day : missed->days) {
        Result<All> pairs = revalue(desk_, day);
        if (!pairs) return pairs.error();
        all.push_back({.day = day, .pairs = *std::move(pairs)});
        const bool waits = all.back().is_open() && day != until && waited_ != until;
        if (!waits) continue;
        waited_ = until;
        break;
    }
    reverse_until(until);
    return all;
}

Result<std::vector<DayRevalued>> Revaluer::try_until(Day until) {
    try {
        return revalue_until(until);
    } catch (const std::exception& bug) {
        ++broken_;
        return Error(ErrorCode::integrity, std::string("a bug: ") + bug.what());
    }
}

MetricCollector Revaluer::metrics() const {
    return [this](ledger::Transaction&, MetricSink& sink) -> Result<void> {
        sink.counter("causeway_fx_revaluation_rounds_broken_total",
                     "Rounds of revaluing that a bug ended.",
                     static_cast<double>(broken_));
        return {};
    };
}

int Revaluer::tell_all(const std::vector<DayRevalued>& days, Day until) {
    int booked = 0;
    for (const DayRevalued& one : days) {
        for (const PairRevalued& pair : one.pairs) {
            booked += pair.outcome == Revalued::booked ? 1 : 0;
            if (!pair.is_open() || one.day != until || warned_ != until) tell(pair, one.day);
        }
    }
    const bool whole = !days.empty() && days.back().day == until && !days.back().is_open();
    if (whole) done_ = until;
    warned_ = until;
    return booked;
}

asio::awaitable<int> Revaluer::round() {
    const Day day = day_of(desk_.clock.now() - kGrace) - std::chrono::days(1);
    if (done_ == day) co_return 0;
    co_await asio::post(asio::bind_executor(blocking_, asio::use_awaitable));
    const Result<std::vector<DayRevalued>> all = try_until(day);
    co_await asio::post(asio::bind_executor(executor_, asio::use_awaitable));
    if (all) co_return tell_all(*all, day);
    log(LogLevel::warning, "not_revalued", {{"day", to_text(day)}, {"why", all.error().detail()}});
    co_return 0;
}

asio::awaitable<void> Revaluer::run() {
    while (!stopping_) {
        (void)co_await round();
        if (stopping_) break;
        timer_.expires_after(kPause);
        (void)co_await timer_.async_wait(kAsTuple);
    }
}

}  // namespace causeway::gateway
