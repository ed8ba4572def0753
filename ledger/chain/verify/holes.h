// SPDX-License-Identifier: Apache-2.0
//
// Entries that are not there or can not be read. What depends on them can not be computed, and is
// not reported once more.
#pragma once

#include "ledger/journal/entry.h"

#include <algorithm>
#include <vector>

namespace causeway::ledger::verifier {

class Holes {
  public:
    void add(Sequence first, Sequence last) { ranges_.push_back({.first = first, .last = last}); }
    [[nodiscard]] bool contain(Sequence sequence) const {
        return std::ranges::any_of(ranges_, [sequence](const Range& range) {
            return range.first <= sequence && sequence <= range.last;
        });
    }
    [[nodiscard]] bool empty() const noexcept { return ranges_.empty(); }

  private:
    struct Range {
        Sequence first;
        Sequence last;
    };
    std::vector<Range> ranges_;
};

}  // namespace causeway::ledger::verifier
