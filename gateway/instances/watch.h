// SPDX-License-Identifier: Apache-2.0
//
// Who of several processes still lives, judged by whether their beat moves, and never by comparing
// clocks of two machines. Time is monotonic time of this process.
#pragma once

#include "gateway/instances/instances_store.h"

#include <atomic>
#include <chrono>
#include <map>
#include <vector>

namespace causeway::gateway {

using Monotonic = std::chrono::steady_clock::time_point;

/// How an instance holds on to its work. A dead one is taken over after `lease`; a living one
/// sends nothing more once its last beat is older than `hold`.
struct LeaseTimes {
    explicit LeaseTimes(std::chrono::milliseconds length)
        : lease(length), beat(length / 5), hold(length * 3 / 5) {}

    std::chrono::milliseconds lease;
    std::chrono::milliseconds beat;
    std::chrono::milliseconds hold;
};

/// Our own lease. Threads: any.
class OwnLease {
  public:
    explicit OwnLease(std::chrono::milliseconds hold) : hold_(hold) {}

    /// `asked` is when the beat that was stored had been asked for, not when that was known.
    void renewed(Monotonic asked) noexcept { last_.store(asked); }
    [[nodiscard]] bool holds(Monotonic now) const noexcept { return now - last_.load() < hold_; }

  private:
    std::chrono::milliseconds hold_;
    std::atomic<Monotonic> last_{Monotonic{}};
};

/// The beats of the others. Threads: one at a time.
class Watch {
  public:
    explicit Watch(const LeaseTimes& times) : times_(times) {}

    /// Call after each beat of our own. Those whose beat has not moved for a lease, in which we
    /// ourselves looked all the time: after a pause, or while the server was away, nobody is
    /// blamed.
    [[nodiscard]] Beats silent(const Beats& beats, Monotonic now);

  private:
    struct Seen {
        std::int64_t beat;
        Monotonic since;
    };

    LeaseTimes times_;
    std::map<Uuid, Seen> seen_;
    Monotonic last_look_{};
};

}  // namespace causeway::gateway
