// SPDX-License-Identifier: Apache-2.0
//
// The end of a process that can no longer say what is durable.
//
// A failed write or sync is never retried: after a failed fsync the kernel may drop the dirty
// pages and report success the next time. The process stops, and the next one reads what the disk
// really holds.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace causeway::ledger {

/// Threads: may be called from any thread; the first caller's line is the one that is told.
class FailStop {
  public:
    using Listener = std::function<void(std::string_view line)>;
    static constexpr int kExitStatus = 3;

    explicit FailStop(Listener listener) : listener_(std::move(listener)) {}

    /// Tells the listener (or standard error) one line and ends the process at once: no
    /// destructors, no exit handlers, nothing that could still answer somebody.
    [[noreturn]] void stop(const std::string& why) const noexcept;

  private:
    Listener listener_;
};

}  // namespace causeway::ledger
