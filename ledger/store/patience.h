// SPDX-License-Identifier: Apache-2.0
//
// How long a shared engine waits before it tries again, and when it gives up.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

namespace causeway::ledger {

/// Threads: the writer's only.
class Patience {
  public:
    Patience() = default;
    Patience(const Patience&) = delete;
    Patience& operator=(const Patience&) = delete;
    virtual ~Patience() = default;

    /// Waits before the next try; false, without waiting, when it has been tried for too long.
    [[nodiscard]] virtual bool wait() = 0;
    /// What was tried has succeeded.
    virtual void forget() noexcept = 0;
};

/// Waits twice as long each time, up to a second, each time a little less by chance, so that two
/// who stood in each other's way do not meet again; gives up after `at_most`.
[[nodiscard]] std::unique_ptr<Patience> make_patience(std::chrono::milliseconds at_most,
                                                      std::uint64_t seed);

}  // namespace causeway::ledger
