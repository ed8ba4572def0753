// SPDX-License-Identifier: Apache-2.0
//
// Takes in what providers tell us: POST /v1/notifications/{connector}.
//
// The signature is the whole authentication. What is signed is stored as it came, sealed, and its
// notices are compared and applied in the same transaction; an answer of 2xx means that all of it
// is durable. What is not signed leaves nothing behind but a count.
#pragma once

#include "connectors/net/http.h"
#include "gateway/notifications/notifications_store.h"
#include "gateway/payments/service.h"
#include "ledger/store/database.h"

#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::gateway {

/// Since the start of this process, over all connectors.
struct InboxCounters {
    std::uint64_t received = 0;  ///< Messages that were signed.
    std::uint64_t notices = 0;
    std::uint64_t repeated = 0;     ///< Notices that had come before.
    std::uint64_t disbelieved = 0;  ///< Notices that contradict what we know.
    std::uint64_t unreadable = 0;   ///< Signed messages in no known form.
    std::uint64_t bad_signature = 0;
};

/// What came of one notice. Of one that came before: what was made of it then, unless it says
/// something else now.
struct Taken {
    NoticeVerdict verdict = NoticeVerdict::applied;
    bool known = false;  ///< It came before.
};

/// What came of one message.
struct Intake {
    std::int64_t applied = 0;
    std::int64_t repeated = 0;
    std::int64_t disbelieved = 0;
    bool work_left = false;
    std::vector<Taken> each;  ///< One for every notice that was given, in their order.
};

/// Compares and applies the notices of a signed message, and keeps both; in one transaction.
///
/// A notice that was applied may be what earlier ones were waiting for: those are compared again.
/// Errors: storage errors; then nothing was changed and the provider may send it again.
[[nodiscard]] Result<Intake> take_in(ledger::Transaction& tx,
                                     const Workshop& shop,
                                     const NotificationMessage& message,
                                     const std::vector<connectors::Notice>& notices);

/// Compares what was told of `reference`, and came too early, once more: a doubt has ended.
/// Suits Workshop::compare_kept.
[[nodiscard]] Result<bool> compare_kept_notices(ledger::Transaction& tx,
                                                const Workshop& shop,
                                                const std::string& connector,
                                                const std::string& reference);

/// Threads: every method may be called from any thread.
/// Lifetime: outlives every awaitable it returned; borrows what it is given.
class Inbox {
  public:
    Inbox(ledger::Database& database, PaymentService& service)
        : database_(database), service_(service) {}

    boost::asio::awaitable<net::HttpResponse> receive(net::HttpRequest request,
                                                      std::string connector,
                                                      std::string request_id);

    [[nodiscard]] InboxCounters counters() const noexcept;

    /// Called for a connector whose message told nothing by itself: it is to be asked.
    std::function<void(std::string_view connector)> on_knock;

  private:
    boost::asio::awaitable<net::HttpResponse> keep(NotificationMessage message,
                                                   std::vector<connectors::Notice> notices,
                                                   std::string request_id);
    [[nodiscard]] NotificationMessage seal(const std::string& connector,
                                           const std::string& body,
                                           MessageState state) const;

    ledger::Database& database_;
    PaymentService& service_;
    std::atomic<std::uint64_t> received_ = 0;
    std::atomic<std::uint64_t> notices_ = 0;
    std::atomic<std::uint64_t> repeated_ = 0;
    std::atomic<std::uint64_t> disbelieved_ = 0;
    std::atomic<std::uint64_t> unreadable_ = 0;
    std::atomic<std::uint64_t> bad_signature_ = 0;
};

}  // namespace causeway::gateway
