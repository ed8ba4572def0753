// SPDX-License-Identifier: Apache-2.0
#include "connectors/card/link.h"

#include "connectors/card/codec.h"
#include "connectors/card/reference.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <deque>
#include <exception>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace causeway::connectors::card {
namespace {

namespace asio = boost::asio;
using Strand = asio::strand<asio::any_io_executor>;
using SteadyClock = std::chrono::steady_clock;
using SteadyTime = SteadyClock::time_point;

constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable);
constexpr const char* kSignOn = "001";
constexpr const char* kSignOff = "002";
constexpr const char* kEcho = "301";

Error unavailable(std::string why) {
    return Error(ErrorCode::unavailable, std::move(why));
}

Error unknown(std::string why) {
    return Error(ErrorCode::outcome_unknown, std::move(why));
}

/// Something that coroutines on the strand wait for. May wake without a cause: look again.
class Event {
  public:
    explicit Event(const Strand& strand) : strand_(strand), timer_(strand, SteadyTime::max()) {}

    asio::awaitable<void> wait() {
        auto token = asio::bind_executor(strand_, kAsTuple);
        (void)co_await timer_.async_wait(std::move(token));
    }
    void notify() noexcept { timer_.cancel(); }

  private:
    Strand strand_;
    asio::steady_timer timer_;
};

/// A request in flight, shared by its caller, the writer and the list.
struct Pending {
    Pending(const Strand& strand, Message request_in, std::chrono::milliseconds answer_max)
        : request(std::move(request_in)), alarm(strand, answer_max) {}

    void finish(Result<Message> result) {
        if (outcome) return;
        outcome.emplace(std::move(result));
        alarm.cancel();
    }

    Message request;
    asio::steady_timer alarm;
    bool is_handed_over = false;  ///< The socket has seen it; from here on its fate is in doubt.
    std::optional<Result<Message>> outcome;
};

using PendingPtr = std::shared_ptr<Pending>;

struct Outgoing {
    net::Frame frame;
    PendingPtr pending;  ///< None for an answer of ours.
};

/// One connection, from its making to its loss.
struct Session {
    Session(const Strand& strand, std::unique_ptr<net::FramedChannel> channel_in)
        : channel(std::move(channel_in)), work(strand), alarm(strand) {}

    std::unique_ptr<net::FramedChannel> channel;
    std::deque<Outgoing> outbox;
    Event work;                ///< For the writer: `outbox` or `is_over` changed.
    asio::steady_timer alarm;  ///< For the keeper; cancelled when `is_over` changes.
    SteadyTime last_heard = SteadyClock::now();
    bool is_doubted = false;  ///< A request went unanswered and nothing else was heard.
    bool is_over = false;
};

using SessionPtr = std::shared_ptr<Session>;

// Everything that an answer echoes for certain.
std::string key_of(const std::string& answering_mti, const Message& message) {
    return answering_mti + ' ' + message.get(11) + ' ' + message.get(7);
}

bool same_where_both_have(const Message& a, const Message& b, int field) {
    return !a.has(field) || !b.has(field) || a.get(field) == b.get(field);
}

bool same_sender(const Message& a, const Message& b) {
    return same_where_both_have(a, b, 32) && same_where_both_have(a, b, 41);
}

// The data element in which an answer contradicts its request; 0 when it does not.
int contradiction(const Message& request, const Message& answer) {
    if (request.has(37) && request.get(37) != answer.get(37)) return 37;
    if (!same_where_both_have(request, answer, 49)) return 49;
    if (same_where_both_have(request, answer, 4)) return 0;
    const bool lowered = answer.get(39) == "10" && answer.get(4) < request.get(4);
    return lowered ? 0 : 4;
}

}  // namespace

Result<std::string> answer_mti(const std::string& request_mti) {
    const bool digits =
        request_mti.size() == 4 && request_mti.find_first_not_of("0123456789") == std::string::npos;
    if (!digits || (request_mti[2] != '0' && request_mti[2] != '2')) {
        return Error(ErrorCode::invalid_argument, "no type of a request or an advice");
    }
    std::string answer = request_mti;
    ++answer[2];
    if ((answer[3] - '0') % 2 != 0) --answer[3];
    return answer;
}

/// Threads: the strand, but for the atomics and what is const.
struct Link::State : std::enable_shared_from_this<State> {
    State(const asio::any_io_executor& executor, LinkConfig config_in, const Clock& clock_in)
        : config(std::move(config_in)),
          clock(clock_in),
          strand(asio::make_strand(executor)),
          readiness(strand),
          emptiness(strand),
          backoff_alarm(strand),
          backoff(config.backoff_first) {}

    asio::awaitable<void> run();
    asio::awaitable<void> keep(SessionPtr session);
    asio::awaitable<void> keep_alive(SessionPtr session);
    asio::awaitable<void> read(SessionPtr session);
    asio::awaitable<void> write(SessionPtr session);
    asio::awaitable<void> pause();
    asio::awaitable<void> stop();
    asio::awaitable<Result<Message>> network(std::string code, std::chrono::milliseconds max);
    asio::awaitable<Result<Message>> send(Message request, std::chrono::milliseconds answer_max);
    asio::awaitable<Result<Message>> await_answer(std::string key, PendingPtr pending);

    void receive(Message message);
    void answer_host(const Message& request);
    void end(const SessionPtr& over, const std::string& why);
    void forget(const std::string& key, const PendingPtr& pending);
    void hang_up();
    void report(const Error& failure) const;
    bool is_in_flight(const std::string& key, const Message& request) const;

    const LinkConfig config;
    const Clock& clock;
    const Strand strand;

    SessionPtr session;  ///< None while there is no connection.
    std::multimap<std::string, PendingPtr> pending;
    Event readiness;
    Event emptiness;
    asio::steady_timer backoff_alarm;
    std::chrono::milliseconds backoff;
    int network_stan = 0;
    bool is_stopping = false;
    bool is_started = false;

    std::atomic<bool> is_ready = false;
    std::atomic<std::uint64_t> sign_ons = 0;
    std::atomic<std::uint64_t> losses = 0;
    std::atomic<std::uint64_t> unmatched = 0;
    std::atomic<std::uint64_t> undecodable = 0;
    std::atomic<std::uint64_t> contradicted = 0;
};

// ---- One connection after the other ------------------------------------------------------------

asio::awaitable<void> Link::State::run() {
    const std::shared_ptr<State> self = shared_from_this();
    while (!is_stopping) {
        Result<std::unique_ptr<net::FramedChannel>> channel = co_await net::connect(config.connect);
        if (channel && !is_stopping) {
            session = std::make_shared<Session>(strand, std::move(*channel));
            const SessionPtr current = session;
            asio::co_spawn(strand, read(current), asio::detached);
            asio::co_spawn(strand, write(current), asio::detached);
            co_await keep(current);
        } else if (!channel) {
            report(channel.error());
        }
        if (!is_stopping) co_await pause();
    }
}

asio::awaitable<void> Link::State::pause() {
    backoff_alarm.expires_after(backoff);
    backoff = std::min(backoff * 2, config.backoff_max);
    (void)co_await backoff_alarm.async_wait(kAsTuple);
}

asio::awaitable<void> Link::State::keep(SessionPtr current) {
    const Result<Message> answer = co_await network(kSignOn, config.sign_on_max);
    if (current->is_over) co_return;
    if (!answer || answer->get(39) != "00" || is_stopping) {
        end(current, "the sign-on was not accepted");
        co_return;
    }
    backoff = config.backoff_first;
    ++sign_ons;
    is_ready = true;
    readiness.notify();
    co_await keep_alive(current);
}

// Only what is heard proves the line: requests sent into a dead one are no sign of life.
asio::awaitable<void> Link::State::keep_alive(SessionPtr current) {
    int lost = 0;
    while (!current->is_over && !is_stopping) {
        const SteadyTime due = current->last_heard + config.echo_idle;
        if (lost == 0 && !current->is_doubted && SteadyClock::now() < due) {
            current->alarm.expires_at(due);
            (void)co_await current->alarm.async_wait(kAsTuple);
            continue;
        }
        const SteadyTime asked = SteadyClock::now();
        const Result<Message> answer = co_await network(kEcho, config.echo_max);
        if (answer || current->last_heard > asked) {
            lost = 0;
        } else if (++lost >= config.echoes_lost_max) {
            end(current, "no answer to echoes");
        }
    }
}

// Idempotent. What was not handed to the socket is safe to send again; the rest is in doubt.
void Link::State::end(const SessionPtr& over, const std::string& why) {
    if (over->is_over) return;
    over->is_over = true;
    is_ready = false;
    session.reset();
    if (!is_stopping) {
        ++losses;
        report(unavailable(why));
    }
    over->channel->close();
    for (const auto& [key, waiting] : pending) {
        waiting->finish(waiting->is_handed_over ? unknown("connection lost: " + why)
                                                : unavailable("connection lost: " + why));
    }
    pending.clear();
    over->outbox.clear();
    over->work.notify();
    over->alarm.cancel();
    emptiness.notify();
}

void Link::State::report(const Error& failure) const {
    if (config.on_failure) config.on_failure(failure);
}

void Link::State::hang_up() {
    is_stopping = true;
    is_ready = false;
    if (const SessionPtr current = session) end(current, "the link is closed");
    backoff_alarm.cancel();
    readiness.notify();
}

asio::awaitable<void> Link::State::stop() {
    is_stopping = true;
    is_ready = false;
    while (!pending.empty())
        co_await emptiness.wait();
    if (session) {
        const Result<Message> answer = co_await network(kSignOff, config.sign_on_max);
        (void)answer;  // Whatever it says, we go.
    }
    hang_up();
}

// ---- Bytes in and out --------------------------------------------------------------------------

asio::awaitable<void> Link::State::read(SessionPtr current) {
    const std::shared_ptr<State> self = shared_from_this();
    while (!current->is_over) {
        Result<net::Frame> frame = co_await current->channel->receive();
        if (!frame) {
            end(current, frame.error().detail());
            co_return;
        }
        current->last_heard = SteadyClock::now();
        current->is_doubted = false;
        Result<Message> message = decode(*frame, config.dialect);
        if (!message) {
            ++undecodable;  // The frame was whole, so the next one can be understood.
        } else if (!current->is_over) {
            receive(std::move(*message));
        }
    }
}

asio::awaitable<void> Link::State::write(SessionPtr current) {
    const std::shared_ptr<State> self = shared_from_this();
    while (!current->is_over) {
        if (current->outbox.empty()) {
            co_await current->work.wait();
            continue;
        }
        Outgoing next = std::move(current->outbox.front());
        current->outbox.pop_front();
        if (next.pending && next.pending->outcome) continue;  // Nobody waits for it any more.
        if (next.pending) next.pending->is_handed_over = true;
        const Result<void> sent = co_await current->channel->send(std::move(next.frame));
        if (sent) continue;
        if (next.pending && sent.error().code() == ErrorCode::unavailable) {
            next.pending->finish(sent.error());
        }
        end(current, sent.error().detail());
    }
}

void Link::State::receive(Message message) {
    if (message.mti == "0800" || message.mti == "0801") {
        answer_host(message);
        return;
    }
    const auto [first, last] = pending.equal_range(key_of(message.mti, message));
    const auto found = std::find_if(first, last, [&message](const auto& entry) {
        return same_sender(entry.second->request, message);
    });
    const bool is_only = found != last && std::next(found) == last;
    const bool names_sender = message.has(32) || message.has(41);
    if (found == last || (!is_only && !names_sender)) {
        ++unmatched;
        if (config.on_unmatched) config.on_unmatched(message);
        return;
    }
    const PendingPtr waiting = found->second;
    pending.erase(found);
    if (pending.empty()) emptiness.notify();
    const int field = contradiction(waiting->request, message);
    if (field == 0) {
        waiting->finish(std::move(message));
        return;
    }
    ++contradicted;
    waiting->finish(unknown("the answer contradicts its request in DE" + std::to_string(field)));
}

// Hosts prove the line too, and hang up when nobody answers.
void Link::State::answer_host(const Message& request) {
    Message answer;
    answer.mti = "0810";
    for (const int field : {7, 11, 32, 33, 70}) {
        if (request.has(field)) answer.fields[field] = request.get(field);
    }
    const std::string code = request.get(70);
    const bool known = code == kEcho || code == kSignOn || code == kSignOff;
    answer.fields[39] = known ? "00" : "12";
    Result<net::Frame> frame = encode(answer, config.dialect);
    if (!frame || !session || session->outbox.size() >= config.in_flight_max) return;
    session->outbox.push_back(Outgoing{std::move(*frame), nullptr});
    session->work.notify();
}

// ---- Requests and their answers ----------------------------------------------------------------

asio::awaitable<Result<Message>> Link::State::network(std::string code,
                                                      std::chrono::milliseconds max) {
    const int count = config.network_stan_last - config.network_stan_first + 1;
    const int stan = config.network_stan_first + network_stan;
    network_stan = (network_stan + 1) % count;
    std::string digits = std::to_string(stan);
    digits.insert(0, 6 - std::min<std::size_t>(6, digits.size()), '0');

    Message request;
    request.mti = "0800";
    request.fields[7] = transmission_time(clock.now());
    request.fields[11] = digits;
    request.fields[70] = std::move(code);
    co_return co_await send(std::move(request), max);
}

bool Link::State::is_in_flight(const std::string& key, const Message& request) const {
    const auto [first, last] = pending.equal_range(key);
    return std::any_of(first, last, [&request](const auto& entry) {
        return same_sender(entry.second->request, request);
    });
}

asio::awaitable<Result<Message>> Link::State::send(Message request,
                                                   std::chrono::milliseconds answer_max) {
    const Result<std::string> answering = answer_mti(request.mti);
    if (!answering) co_return answering.error();
    Result<net::Frame> frame = encode(request, config.dialect);
    if (!frame) co_return frame.error();
    if (frame->size() > config.connect.frame_bytes_max) {
        co_return Error(ErrorCode::invalid_argument, "the message exceeds the frame's limit");
    }
    if (!session) co_return unavailable("not connected");

    const std::string key = key_of(*answering, request);
    if (is_in_flight(key, request)) {
        co_return Error(ErrorCode::conflict, "a request with the same DE7 and DE11 is in flight");
    }
    const auto waiting = std::make_shared<Pending>(strand, std::move(request), answer_max);
    pending.emplace(key, waiting);
    session->outbox.push_back(Outgoing{std::move(*frame), waiting});
    session->work.notify();
    co_return co_await await_answer(key, waiting);
}

asio::awaitable<Result<Message>> Link::State::await_answer(std::string key, PendingPtr waiting) {
    const SteadyTime asked = SteadyClock::now();
    auto token = asio::bind_executor(strand, kAsTuple);
    if (!waiting->outcome) (void)co_await waiting->alarm.async_wait(std::move(token));
    if (!waiting->outcome) {
        forget(key, waiting);
        if (session && session->last_heard < asked) {
            session->is_doubted = true;
            session->alarm.cancel();
        }
        waiting->finish(waiting->is_handed_over ? unknown("no answer in time")
                                                : unavailable("not sent in time"));
    }
    co_return std::move(*waiting->outcome);
}

void Link::State::forget(const std::string& key, const PendingPtr& waiting) {
    const auto [first, last] = pending.equal_range(key);
    const auto at = std::find_if(
        first, last, [&waiting](const auto& entry) { return entry.second == waiting; });
    if (at != last) pending.erase(at);
    if (pending.empty()) emptiness.notify();
}

// ---- The public face ---------------------------------------------------------------------------

Link::Link(const asio::any_io_executor& executor, LinkConfig config, const Clock& clock)
    : state_(std::make_shared<State>(executor, std::move(config), clock)) {}

Link::~Link() {
    try {
        asio::dispatch(state_->strand, [state = state_] { state->hang_up(); });
    } catch (const std::exception&) {
        // Out of memory: the connection ends with the process.
    }
}

void Link::start() {
    asio::dispatch(state_->strand, [state = state_] {
        if (state->is_started || state->is_stopping) return;
        state->is_started = true;
        asio::co_spawn(state->strand, state->run(), asio::detached);
    });
}

asio::awaitable<void> Link::stop() {
    const std::shared_ptr<State> state = state_;
    co_await asio::dispatch(asio::bind_executor(state->strand, asio::use_awaitable));
    co_await state->stop();
    co_await asio::dispatch(asio::use_awaitable);
}

bool Link::ready() const noexcept {
    return state_->is_ready;
}

asio::awaitable<bool> Link::until_ready() {
    const std::shared_ptr<State> state = state_;
    co_await asio::dispatch(asio::bind_executor(state->strand, asio::use_awaitable));
    while (!state->is_ready && !state->is_stopping)
        co_await state->readiness.wait();
    const bool ready = state->is_ready;
    co_await asio::dispatch(asio::use_awaitable);
    co_return ready;
}

asio::awaitable<Result<Message>> Link::exchange(Message request,
                                                std::chrono::milliseconds answer_max) {
    const std::shared_ptr<State> state = state_;
    co_await asio::dispatch(asio::bind_executor(state->strand, asio::use_awaitable));
    Result<Message> answer = unavailable("not signed on");
    if (state->pending.size() >= state->config.in_flight_max) {
        answer = unavailable("too many requests in flight");
    } else if (state->is_ready) {
        answer = co_await state->send(std::move(request), answer_max);
    }
    co_await asio::dispatch(asio::use_awaitable);
    co_return answer;
}

LinkCounters Link::counters() const noexcept {
    LinkCounters now;
    now.sign_ons = state_->sign_ons;
    now.losses = state_->losses;
    now.unmatched = state_->unmatched;
    now.undecodable = state_->undecodable;
    now.contradicted = state_->contradicted;
    return now;
}

}  // namespace causeway::connectors::card
