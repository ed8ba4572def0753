// SPDX-License-Identifier: Apache-2.0
//
// The one long-lived connection to a card host, with many requests in flight on it.
//
// Answers come in any order and are told apart by what they echo, never by when they come. The
// link connects by itself, signs on before any financial request, proves the line with echoes
// and comes back after a loss. It repeats nothing: only the caller knows what may be sent twice.
#pragma once

#include "connectors/card/dialect.h"
#include "connectors/card/message.h"
#include "connectors/net/framed_channel.h"
#include "ledger/clock.h"
#include "ledger/result.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace causeway::connectors::card {

struct LinkConfig {
    net::ConnectConfig connect;
    Dialect dialect;

    std::chrono::milliseconds backoff_first{100};   ///< Doubles with each failure,
    std::chrono::milliseconds backoff_max{10'000};  ///< up to this; a sign-on resets it.
    std::chrono::milliseconds sign_on_max{15'000};  ///< Waiting for its answer; sign-off too.
    std::chrono::milliseconds echo_idle{60'000};    ///< Nothing heard for so long: an echo.
    std::chrono::milliseconds echo_max{15'000};     ///< Without an answer for so long it is lost.
    int echoes_lost_max = 3;                        ///< In a row; then the link reconnects.
    std::size_t in_flight_max = 4096;

    // Trace numbers of network messages, apart from those of operations.
    int network_stan_first = 990'000;
    int network_stan_last = 999'999;

    /// Shown every message that answers nothing in flight: too late, twice, or not ours. Called
    /// on the link's strand; may be empty.
    std::function<void(const Message&)> on_unmatched;

    /// Told why a connection could not be made or was lost. On the strand; may be empty.
    std::function<void(const Error&)> on_failure;
};

/// Counted since the start.
struct LinkCounters {
    std::uint64_t sign_ons = 0;
    std::uint64_t losses = 0;        ///< Connections lost, echoes' verdict included.
    std::uint64_t unmatched = 0;     ///< Messages that answered nothing in flight.
    std::uint64_t undecodable = 0;   ///< Frames that are no message of the dialect.
    std::uint64_t contradicted = 0;  ///< Answers that do not fit their request.
};

/// Threads: every method may be called from any thread. The link runs on a strand of its own;
/// awaitables resume on the caller's executor.
/// Lifetime: awaitables may outlive the link and then end with an error; `clock` outlives both.
class Link {
  public:
    Link(const boost::asio::any_io_executor& executor, LinkConfig config, const Clock& clock);
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;
    /// Hangs up without signing off.
    ~Link();

    /// Begins to connect. Call once.
    void start();

    /// Takes no more requests, lets those in flight come to their end, signs off and hangs up.
    boost::asio::awaitable<void> stop();

    /// Signed on, and so open for exchange().
    [[nodiscard]] bool ready() const noexcept;

    /// Waits until ready(), or until the link is stopped: then false.
    boost::asio::awaitable<bool> until_ready();

    /// Sends a request and awaits its answer: the message of the answering type with the same
    /// DE7 and DE11, and the same DE32 and DE41 if it has them. An answer whose DE37, DE4 or DE49
    /// contradicts the request is not believed; only a partial approval (DE39 10) may lower DE4.
    ///
    /// Errors:
    ///   `unavailable`      nothing was sent: not signed on, too many in flight.
    ///   `outcome_unknown`  it was sent, and no answer came in time that can be believed.
    ///   `conflict`         a request that could not be told from this one is in flight.
    ///   `invalid_argument` the message cannot be encoded, or is not a request.
    boost::asio::awaitable<Result<Message>> exchange(Message request,
                                                     std::chrono::milliseconds answer_max);

    [[nodiscard]] LinkCounters counters() const noexcept;

  private:
    struct State;
    std::shared_ptr<State> state_;
};

/// "0110" for "0100" and "0101": the function one higher, the mark of a repeat gone.
///
/// Errors: `invalid_argument` unless it is the type of a request or an advice.
[[nodiscard]] Result<std::string> answer_mti(const std::string& request_mti);

}  // namespace causeway::connectors::card
