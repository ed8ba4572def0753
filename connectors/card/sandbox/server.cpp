// SPDX-License-Identifier: Apache-2.0
#include "connectors/card/sandbox/server.h"

#include "connectors/card/codec.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <deque>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

namespace causeway::connectors::card::sandbox {
namespace asio = boost::asio;

namespace {

// Answers that one connection has not taken yet; beyond it the other side is not reading.
constexpr std::size_t kOutgoingMax = 1024;

}  // namespace

/// What all connections share.
struct Sandbox::Core {
    Core(SandboxConfig config_in, Books books_in, const Clock& clock_in)
        : config(std::move(config_in)),
          clock(clock_in),
          books(std::move(books_in)),
          acquirer(books, config.acquirer) {}

    void log(std::string_view line) {
        const std::lock_guard lock(log_mutex);
        if (config.log) config.log(line);
    }

    Reaction handle(const Message& message, Connection& connection) {
        const std::lock_guard lock(books_mutex);
        return acquirer.handle(message, clock.now(), connection);
    }

    const SandboxConfig config;
    const Clock& clock;
    std::optional<net::FramedListener> tls;
    std::optional<net::FramedListener> plain;

    std::mutex log_mutex;
    std::mutex books_mutex;  ///< Guards books and acquirer.
    Books books;
    Acquirer acquirer;

    std::mutex sessions_mutex;  ///< Guards what follows.
    std::set<std::shared_ptr<Session>> sessions;
    bool stopped = false;
};

/// One connection. Everything but close() runs on its strand.
class Sandbox::Session : public std::enable_shared_from_this<Session> {
  public:
    Session(std::shared_ptr<Core> core,
            std::unique_ptr<net::FramedChannel> channel,
            const asio::any_io_executor& executor)
        : core_(std::move(core)), channel_(std::move(channel)), strand_(executor) {}

    void start() { asio::co_spawn(strand_, serve(shared_from_this()), asio::detached); }

    void close() {
        asio::dispatch(strand_, [self = shared_from_this()] { self->shut(); });
    }

  private:
    using Timer = std::shared_ptr<asio::steady_timer>;

    static asio::awaitable<void> serve(std::shared_ptr<Session> self);
    static asio::awaitable<void> drain(std::shared_ptr<Session> self);
    void take(const net::Frame& frame);
    void react(Reaction reaction);
    void push(net::Frame frame);
    void push_later(net::Frame frame, std::chrono::milliseconds delay);

    void shut() {
        closed_ = true;
        channel_->close();
        for (const Timer& timer : timers_)
            timer->cancel();
    }

    std::shared_ptr<Core> core_;
    std::unique_ptr<net::FramedChannel> channel_;
    asio::strand<asio::any_io_executor> strand_;
    Connection connection_;
    std::deque<net::Frame> outgoing_;
    std::set<Timer> timers_;
    bool sending_ = false;
    bool closed_ = false;
};

asio::awaitable<void> Sandbox::Session::serve(std::shared_ptr<Session> self) {
    while (!self->closed_) {
        const auto frame = co_await self->channel_->receive();
        if (!frame) break;
        self->take(*frame);
    }
    self->shut();
    const std::lock_guard lock(self->core_->sessions_mutex);
    self->core_->sessions.erase(self);
}

asio::awaitable<void> Sandbox::Session::drain(std::shared_ptr<Session> self) {
    while (!self->outgoing_.empty() && !self->closed_) {
        net::Frame frame = std::move(self->outgoing_.front());
        self->outgoing_.pop_front();
        const auto sent = co_await self->channel_->send(std::move(frame));
        if (!sent) self->shut();
    }
    self->sending_ = false;
}

void Sandbox::Session::take(const net::Frame& frame) {
    const auto message = decode(frame, core_->config.dialect);
    if (!message) {
        core_->log("in  refused: " + message.error().detail());
        return;
    }
    core_->log("in  " + loggable(*message));
    react(core_->handle(*message, connection_));
}

void Sandbox::Session::react(Reaction reaction) {
    if (reaction.cut) {
        core_->log("out connection cut");
        return shut();
    }
    if (!reaction.answer) return core_->log("out no answer");
    auto frame = encode(*reaction.answer, core_->config.dialect);
    if (!frame) return core_->log("out not encoded: " + frame.error().detail());
    core_->log("out " + loggable(*reaction.answer));
    if (reaction.delay.count() > 0) return push_later(*std::move(frame), reaction.delay);
    push(*std::move(frame));
}

void Sandbox::Session::push(net::Frame frame) {
    if (outgoing_.size() >= kOutgoingMax) return shut();
    outgoing_.push_back(std::move(frame));
    if (std::exchange(sending_, true)) return;
    asio::co_spawn(strand_, drain(shared_from_this()), asio::detached);
}

void Sandbox::Session::push_later(net::Frame frame, std::chrono::milliseconds delay) {
    const auto timer = std::make_shared<asio::steady_timer>(strand_, delay);
    timers_.insert(timer);
    timer->async_wait([self = shared_from_this(), timer, late = std::move(frame)](
                          const boost::system::error_code& cancelled) mutable {
        self->timers_.erase(timer);
        if (!cancelled && !self->closed_) self->push(std::move(late));
    });
}

Sandbox::Sandbox(std::shared_ptr<Core> core) : core_(std::move(core)) {}

Sandbox::~Sandbox() {
    try {
        stop();
    } catch (...) {
        // Out of memory: what is still open closes with its last coroutine.
    }
}

Result<std::unique_ptr<Sandbox>> Sandbox::start(const asio::any_io_executor& executor,
                                                SandboxConfig config,
                                                const Clock& clock) {
    if (!config.tls && !config.plain) {
        return Error(ErrorCode::invalid_argument, "the sandbox has no address to listen on");
    }
    auto books = Books::open(config.books_file);
    if (!books) return books.error();
    auto core = std::make_shared<Core>(std::move(config), *std::move(books), clock);
    if (core->config.tls) core->tls.emplace(executor, *core->config.tls);
    if (core->config.plain) core->plain.emplace(executor, *core->config.plain);
    return std::unique_ptr<Sandbox>(new Sandbox(std::move(core)));
}

std::uint16_t Sandbox::tls_port() const {
    return core_->tls ? core_->tls->port() : std::uint16_t{0};
}
std::uint16_t Sandbox::plain_port() const {
    return core_->plain ? core_->plain->port() : std::uint16_t{0};
}

asio::awaitable<void> Sandbox::run() {
    const auto executor = co_await asio::this_coro::executor;
    if (core_->tls && core_->plain) {
        asio::co_spawn(executor, accept(core_, *core_->tls), asio::detached);
    }
    net::FramedListener& last = core_->plain ? *core_->plain : *core_->tls;
    co_await accept(core_, last);
}

asio::awaitable<void> Sandbox::accept(std::shared_ptr<Core> core,
                                      std::reference_wrapper<net::FramedListener> listener) {
    const auto executor = co_await asio::this_coro::executor;
    for (;;) {
        auto channel = co_await listener.get().accept();
        if (!channel) co_return;
        auto session = std::make_shared<Session>(core, *std::move(channel), executor);
        {
            const std::lock_guard lock(core->sessions_mutex);
            if (core->stopped) co_return;
            core->sessions.insert(session);
        }
        session->start();
    }
}

void Sandbox::stop() {
    std::vector<std::shared_ptr<Session>> sessions;
    {
        const std::lock_guard lock(core_->sessions_mutex);
        if (std::exchange(core_->stopped, true)) return;
        sessions.assign(core_->sessions.begin(), core_->sessions.end());
    }
    if (core_->tls) core_->tls->close();
    if (core_->plain) core_->plain->close();
    for (const auto& session : sessions)
        session->close();
}

}  // namespace causeway::connectors::card::sandbox
