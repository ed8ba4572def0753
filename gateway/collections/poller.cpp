// SPDX-License-Identifier: Apache-2.0
#include "gateway/collections/poller.h"

#include "gateway/collections/collections_store.h"
#include "gateway/commit.h"
#include "gateway/log.h"
#include "gateway/notifications/inbox.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <utility>

namespace asio = boost::asio;

namespace causeway::gateway {
namespace {

using connectors::Told;
using ledger::Transaction;

constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable);
// Between two rounds that were knocked for: a thousand knocks are not a thousand questions.
constexpr std::chrono::milliseconds kKnockPause{250};

connectors::Polling* polling_side(const PaymentService& service, std::string_view connector) {
    const ConnectorEntry* const entry = service.shop().connectors.find(connector);
    return entry == nullptr ? nullptr : entry->connector->polling();
}

InTransaction<std::string> reading_cursor(std::string connector) {
    return
        [connector = std::move(connector)](Transaction& tx) { return load_cursor(tx, connector); };
}

// What was told is kept as one message of ours: its notices name it.
NotificationMessage message_of(const Workshop& shop,
                               const std::string& connector,
                               const Told& told) {
    std::string body = "asked, up to " + told.cursor;
    for (const connectors::Notice& notice : told.notices)
        body += "\n" + notice.id;
    NotificationMessage message{.id = shop.ids.next(),
                                .connector = connector,
                                .body_sha256 = sha256(body),
                                .state = MessageState::read,
                                .vault_key = shop.vault.key_name(),
                                .size = static_cast<std::int64_t>(body.size()),
                                .received = shop.clock.now()};
    message.sealed = shop.vault.seal(body, message.id);
    return message;
}

// A window that told nothing new leaves no message behind.
InTransaction<bool> taking(const Workshop& shop,
                           NotificationMessage message,
                           std::string before,
                           Told told) {
    return
        [&shop, message = std::move(message), before = std::move(before), told = std::move(told)](
            Transaction& tx) -> Result<bool> {
            bool work_left = false;
            if (!told.notices.empty()) {
                const Result<Intake> intake = take_in(tx, shop, message, told.notices);
                if (!intake) return intake.error();
                work_left = intake->work_left;
            }
            const Result<void> moved = move_cursor(tx, message.connector, before, told.cursor);
            if (!moved) return moved.error();
            return work_left;
        };
}

}  // namespace

Poller::Poller(const asio::any_io_executor& executor,
               ledger::Database& database,
               PaymentService& service)
    : executor_(executor), database_(database), service_(service) {
    for (const ConnectorEntry& entry : service.shop().connectors.all()) {
        if (entry.connector->polling() == nullptr) continue;
        lines_.push_back(std::make_unique<Line>(entry.connector->capability().name, executor));
    }
}

void Poller::start() {
    for (const std::unique_ptr<Line>& line : lines_) {
        asio::co_spawn(executor_, run(*line), [&line = *line](const std::exception_ptr& bug) {
            if (bug) log(LogLevel::error, "bug", {{"what", "asking " + line.connector}});
            line.ended.set_value();
        });
    }
}

bool Poller::stop(std::chrono::milliseconds time_max) {
    stopping_ = true;
    asio::post(executor_, [this] {
        for (const std::unique_ptr<Line>& line : lines_)
            line->timer.cancel();
    });
    bool whole = true;
    for (const std::unique_ptr<Line>& line : lines_) {
        whole = line->ended.get_future().wait_for(time_max) == std::future_status::ready && whole;
    }
    return whole;
}

void Poller::knock(std::string_view connector) {
    for (const std::unique_ptr<Line>& line : lines_) {
        if (line->connector != connector || line->knocked.exchange(true)) continue;
        asio::post(executor_, [&timer = line->timer] { timer.cancel(); });
    }
}

asio::awaitable<bool> Poller::take(std::string connector, std::string before, Told told) {
    NotificationMessage message = message_of(service_.shop(), connector, told);
    InTransaction<bool> body =
        taking(service_.shop(), std::move(message), std::move(before), std::move(told));
    const Result<bool> work_left = co_await commit<bool>(database_, std::move(body));
    if (!work_left) {
        log(LogLevel::error,
            "not_taken_in",
            {{"connector", connector}, {"why", work_left.error().detail()}});
        co_return false;
    }
    if (*work_left) service_.on_open_work();
    co_return true;
}

asio::awaitable<bool> Poller::round(std::string connector) {
    connectors::Polling* const side = polling_side(service_, connector);
    if (side == nullptr) co_return false;
    InTransaction<std::string> known = reading_cursor(connector);
    Result<std::string> cursor = co_await commit<std::string>(database_, std::move(known));
    if (!cursor) co_return false;
    for (bool more = true; more && !stopping_;) {
        Result<Told> told = co_await side->poll(*cursor);
        if (!told) {
            log(LogLevel::warning,
                "not_asked",
                {{"connector", connector}, {"why", told.error().detail()}});
            co_return false;
        }
        more = told->more;
        std::string next = told->cursor;
        const bool taken = co_await take(connector, *cursor, *std::move(told));
        if (!taken) co_return false;
        *cursor = std::move(next);
    }
    co_return true;
}

asio::awaitable<void> Poller::run(Line& line) {
    while (!stopping_) {
        line.knocked = false;
        std::exception_ptr bug;
        bool asked = false;
        try {
            asked = co_await round(line.connector);
        } catch (...) {
            bug = std::current_exception();
        }
        if (bug) log(LogLevel::error, "bug", {{"what", "asking " + line.connector}});
        if (stopping_) break;
        const connectors::Polling* const side = polling_side(service_, line.connector);
        std::chrono::milliseconds pause = side->pause();
        if (asked && line.knocked) pause = kKnockPause;
        line.timer.expires_after(pause);
        (void)co_await line.timer.async_wait(kAsTuple);
        if (!line.knocked) continue;
        line.timer.expires_after(kKnockPause);
        (void)co_await line.timer.async_wait(kAsTuple);
    }
}

}  // namespace causeway::gateway
