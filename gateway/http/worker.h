// SPDX-License-Identifier: Apache-2.0
//
// A thread that accepts connections and serves them, and a set of such threads.
//
// Every thread has its own event loop and its own listening socket, so that a session never
// changes threads and needs no lock. For the two servers only.
#pragma once

#include "gateway/http/connection.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace causeway::gateway {

/// How often deadlines are looked at: a quarter of the shortest, within reason.
[[nodiscard]] std::chrono::milliseconds sweep_interval(const HttpTimeouts& timeouts) noexcept;

/// What the threads of one server have in common.
struct ServerShared {
    HttpHooks hooks;
    HttpLimits limits;
    HttpTimeouts timeouts;
    std::atomic<bool> draining = false;
    std::mutex mutex = {};
    std::condition_variable session_left = {};
};

/// Beyond what Connection asks of it, `Transport` has
///   Acceptor                                    a type
///   Acceptor listen(io_context&)                a listening socket; throws system_error
///   static std::string peer_of(const Socket&)   for HttpRequest::peer
template <class Transport>
class Worker {
  public:
    Worker(Transport& transport, ServerShared& shared, std::size_t sessions_max)
        : transport_(transport),
          shared_(shared),
          sessions_max_(sessions_max),
          host_{shared.hooks,
                shared.limits,
                shared.timeouts,
                shared.draining,
                BufferPool(std::max(shared.limits.header_bytes_max, Transport::kReadBytesMax))},
          acceptor_(transport.listen(io_)),
          seat_(io_) {}
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;
    ~Worker() { stop(); }

    void start() {
        boost::asio::co_spawn(io_, accept_all(), boost::asio::detached);
        boost::asio::co_spawn(io_, sweep_all(), boost::asio::detached);
        thread_ = std::thread([this] { io_.run(); });
    }

    /// Threads: any.
    void begin_drain() {
        boost::asio::post(io_, [this] {
            boost::system::error_code ignored;
            acceptor_.close(ignored);
            seat_.cancel();
            host_.table.interrupt_idle();
            closed_ = true;
            tell_drained();
        });
    }

    /// Threads: any. Stays true once it is.
    [[nodiscard]] bool drained() const { return closed_ && host_.table.open() == 0; }

    /// Ends the event loop where it stands. Idempotent.
    void stop() {
        io_.stop();
        if (thread_.joinable()) thread_.join();
    }

    [[nodiscard]] boost::asio::io_context& io() { return io_; }
    [[nodiscard]] const SessionHost& host() const { return host_; }

  private:
    using Socket = typename Transport::Socket;
    static constexpr std::chrono::milliseconds kSeatPause{20};

    // Full, we stop accepting: who comes next waits in the kernel's queue, costs us nothing and
    // is served when a seat is free. An idle session gives up its seat, so that nobody can
    // keep others out by doing nothing.
    boost::asio::awaitable<void> wait_for_seat() {
        while (acceptor_.is_open() && host_.table.open() >= sessions_max_) {
            const auto now = std::chrono::steady_clock::now();
            if (host_.table.evict_idle(now, shared_.timeouts.idle_min)) {
                host_.evicted.fetch_add(1, std::memory_order_relaxed);
            }
            seat_.expires_after(kSeatPause);
            co_await seat_.async_wait(kAsTuple);
        }
    }

    boost::asio::awaitable<void> accept_all() {
        while (acceptor_.is_open()) {
            co_await wait_for_seat();
            if (!acceptor_.is_open()) break;
            Socket socket(io_);
            const auto [failed] = co_await acceptor_.async_accept(socket, kAsTuple);
            if (!acceptor_.is_open()) break;
            if (failed) {
                // Out of descriptors, most likely. Pause, or this loop would spin.
                seat_.expires_after(kSeatPause);
                co_await seat_.async_wait(kAsTuple);
                continue;
            }
            boost::asio::co_spawn(io_, tend(std::move(socket)), boost::asio::detached);
        }
    }

    boost::asio::awaitable<void> tend(Socket socket) {
        if (shared_.draining) co_return;
        std::string peer = Transport::peer_of(socket);
        auto session = std::make_shared<Connection<Transport>>(
            transport_, host_, std::move(socket), std::move(peer));
        co_await Connection<Transport>::run(std::move(session));
        seat_.cancel();
        tell_drained();
    }

    void tell_drained() {
        if (!shared_.draining) return;
        const std::lock_guard lock(shared_.mutex);
        shared_.session_left.notify_all();
    }

    boost::asio::awaitable<void> sweep_all() {
        const std::chrono::milliseconds interval = sweep_interval(shared_.timeouts);
        boost::asio::steady_timer timer(io_);
        for (;;) {
            timer.expires_after(interval);
            co_await timer.async_wait(kAsTuple);
            host_.table.sweep(std::chrono::steady_clock::now());
        }
    }

    // The order matters: what lives in the event loop ends with it, and needs the host then.
    Transport& transport_;
    ServerShared& shared_;
    const std::size_t sessions_max_;
    SessionHost host_;
    std::atomic<bool> closed_ = false;
    boost::asio::io_context io_{1};
    typename Transport::Acceptor acceptor_;
    boost::asio::steady_timer seat_;
    std::thread thread_;
};

template <class Transport>
class WorkerSet {
  public:
    /// Throws boost::system::system_error if the transport cannot listen.
    WorkerSet(Transport& transport, ServerShared& shared, std::size_t threads) : shared_(shared) {
        const std::size_t count = std::max<std::size_t>(threads, 1);
        const std::size_t seats = (shared.limits.sessions_max + count - 1) / count;
        for (std::size_t i = 0; i < count; ++i) {
            workers_.push_back(std::make_unique<Worker<Transport>>(
                transport, shared, std::max<std::size_t>(seats, 1)));
        }
    }

    void start() {
        for (auto& worker : workers_)
            worker->start();
    }

    /// Returns whether every session came to its end in time.
    bool drain(std::chrono::milliseconds time_max) {
        shared_.draining = true;
        for (auto& worker : workers_)
            worker->begin_drain();
        std::unique_lock lock(shared_.mutex);
        const bool ended = shared_.session_left.wait_for(lock, time_max, [this] {
            return std::all_of(workers_.begin(), workers_.end(), [](const auto& worker) {
                return worker->drained();
            });
        });
        lock.unlock();
        for (auto& worker : workers_)
            worker->stop();
        return ended;
    }

    [[nodiscard]] HttpStatistics statistics() const {
        HttpStatistics sum;
        for (const auto& worker : workers_) {
            const SessionHost& host = worker->host();
            sum.requests += host.requests.load(std::memory_order_relaxed);
            sum.protocol_errors += host.protocol_errors.load(std::memory_order_relaxed);
            sum.sessions_open += host.table.open();
            sum.sessions_evicted += host.evicted.load(std::memory_order_relaxed);
        }
        return sum;
    }

    [[nodiscard]] std::size_t size() const noexcept { return workers_.size(); }
    [[nodiscard]] boost::asio::io_context& io(std::size_t index) { return workers_[index]->io(); }

  private:
    ServerShared& shared_;
    std::vector<std::unique_ptr<Worker<Transport>>> workers_;
};

}  // namespace causeway::gateway
