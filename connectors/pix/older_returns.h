// SPDX-License-Identifier: Apache-2.0
//
// Which Pix of earlier days are to be asked about, since something of them may have been given
// back: a list tells of Pix by the time at which they came, so a list of new ones is silent there.
#pragma once

#include "ledger/clock.h"

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace causeway::connectors::pix {

/// Threads: every method may be called from any thread.
class OlderReturns {
  public:
    /// Anybody may say so, and each costs a question. So many wait at most, so many are asked about
    /// in a round, so often; the rest is found by the list of all that had returns.
    static constexpr std::size_t kNamedMax = 16;
    static constexpr std::size_t kAskedMax = 4;
    static constexpr int kTriesMax = 3;
    static constexpr std::chrono::hours kListPause{1};
    static constexpr std::chrono::minutes kListRetry{5};
    /// A return shows a while after it was settled.
    static constexpr std::chrono::hours kListOverlap{24};

    void name(const std::string& end_to_end_id);
    /// The next to be asked about.
    [[nodiscard]] std::vector<std::string> take();
    /// There was no answer: it waits again, unless it was taken too often.
    void put_back(const std::string& end_to_end_id);
    void answered(const std::string& end_to_end_id);

    /// Since when the returns of all are to be listed, if they are to be: the first time all.
    [[nodiscard]] std::optional<Timestamp> list_since(Timestamp now);
    /// They were listed up to `now`, or not all of them.
    void listed(Timestamp now, bool whole);

  private:
    std::mutex mutex_;                    ///< Guards what follows.
    std::map<std::string, int> waiting_;  ///< With the tries.
    std::map<std::string, int> asked_;    ///< With the tries.
    std::optional<Timestamp> next_list_;
    Timestamp since_ = Timestamp::min();
};

}  // namespace causeway::connectors::pix
