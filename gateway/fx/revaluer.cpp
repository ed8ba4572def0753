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
    if (one.outcome == Revalued::no_rate) {
        return log(LogLevel::warning,
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

asio::awaitable<int> Revaluer::round() {
    const Day day = day_of(desk_.clock.now() - kGrace) - std::chrono::days(1);
    if (done_ == day) co_return 0;
    co_await asio::post(asio::bind_executor(blocking_, asio::use_awaitable));
    const Result<All> all = revalue(desk_, day);
    co_await asio::post(asio::bind_executor(executor_, asio::use_awaitable));
    if (!all) {
        log(LogLevel::warning,
            "not_revalued",
            {{"day", to_text(day)}, {"why", all.error().detail()}});
        co_return 0;
    }
    int booked = 0;
    bool whole = true;
    for (const PairRevalued& one : *all) {
        const bool waits = one.outcome == Revalued::no_rate;
        booked += one.outcome == Revalued::booked ? 1 : 0;
        whole = whole && !waits;
        if (!waits || warned_ != day) tell(one, day);
    }
    if (whole) done_ = day;
    warned_ = day;
    co_return booked;
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
