// SPDX-License-Identifier: Apache-2.0
//
// Which Pix of earlier days are to be asked about, since something of them may have been given
// back: a list tells of Pix by the time at which they came, so a list of new ones is silent there.
#pragma once

#include "ledger/clock.h"

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace causeway::connectors::pix {

/// Threads: every method may be called from any thread.
class OlderReturns {
  public:
    /// Anybody may say so, and each costs a question: so many wait at most. Those beyond are found
    /// by the list of all that had returns.
    static constexpr std::size_t kNamedMax = 16;
    static constexpr std::chrono::hours kListPause{1};

    void name(std::string end_to_end_id);
    /// Those that were named, once.
    [[nodiscard]] std::vector<std::string> take();

    /// Whether the list of all is due; from now on it is not, for kListPause.
    [[nodiscard]] bool take_list(Timestamp now);

  private:
    std::mutex mutex_;  ///< Guards what follows.
    std::set<std::string> named_;
    std::optional<Timestamp> listed_;
};

}  // namespace causeway::connectors::pix
