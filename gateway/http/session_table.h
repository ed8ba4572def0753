// SPDX-License-Identifier: Apache-2.0
//
// The sessions of one thread and their deadlines.
//
// A session does not set a timer: it notes a deadline, and the table looks at all of them a few
// times a second. That costs a request nothing, and a deadline that stands cannot be pushed out
// by a client that sends one byte a second.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace causeway::gateway {

/// What the table knows of a connection.
///
/// Threads: that of its table.
class Session {
  public:
    using Time = std::chrono::steady_clock::time_point;
    enum class Phase {
        handshake,
        idle,      ///< Not one byte of the next request is here.
        reading,   ///< Some are.
        handling,  ///< The handler runs; it minds its own time.
        writing,
        streaming,  ///< Writes a piece of a body that is made piece by piece.
        closing,
    };

    Session() = default;
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    virtual ~Session() = default;

    [[nodiscard]] Phase phase() const noexcept { return phase_; }
    /// interrupt() came in this phase: what waits next must not be begun.
    [[nodiscard]] bool interrupted() const noexcept { return interrupted_; }

  protected:
    void enter(Phase phase, std::chrono::milliseconds time_max) noexcept;
    void enter_handling() noexcept;

  private:
    friend class SessionTable;
    /// Ends what the session waits for on its socket.
    virtual void cancel() noexcept = 0;
    void interrupt() noexcept;

    Phase phase_ = Phase::handshake;
    bool interrupted_ = false;
    Time entered_;
    Time deadline_ = Time::max();
    std::size_t index_ = 0;
};

/// Threads: one, but for open().
/// Lifetime: outlives its sessions.
class SessionTable {
  public:
    void add(Session& session);
    void remove(Session& session) noexcept;

    [[nodiscard]] std::size_t open() const noexcept {
        return open_.load(std::memory_order_relaxed);
    }

    /// Interrupts every session that is past its deadline.
    void sweep(Session::Time now) noexcept;

    /// Interrupts the session that has been idle longest, if that is idle_min or more.
    bool evict_idle(Session::Time now, std::chrono::milliseconds idle_min) noexcept;

    /// Interrupts all that can wait: who has no request under way, or takes a body piece by piece.
    void interrupt_idle() noexcept;

  private:
    std::vector<Session*> sessions_;
    std::atomic<std::size_t> open_ = 0;
};

}  // namespace causeway::gateway
