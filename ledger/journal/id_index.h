// SPDX-License-Identifier: Apache-2.0
//
// Which entry has which id, in memory: a flat table from a fingerprint of the id to the entry's
// place in its lane. Ids may be random, and a random key in a B-tree costs more than the whole
// rest of an entry; here it costs one or two cache lines.
//
// Two ids may share a fingerprint, so a hit is a candidate and the caller looks at the row.
#pragma once

#include "ledger/id.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace causeway::ledger {

/// Never zero.
[[nodiscard]] std::uint64_t fingerprint(const Uuid& id) noexcept;

/// Twelve bytes a slot, at most three quarters of them full.
///
/// Threads: none of its own; insert() excludes all else.
class IdIndex {
  public:
    IdIndex();

    /// `place`: 1 to 2^32 - 1.
    void insert(std::uint64_t fingerprint, std::uint32_t place);

    /// Calls `each` with every place of that fingerprint until it returns true; whether it did.
    template <class Each>
    bool find(std::uint64_t fingerprint, const Each& each) const {
        const Part& part = parts_[fingerprint >> kPartShift];
        for (std::size_t slot = fingerprint & part.mask; part.fingerprints[slot] != 0;
             slot = (slot + 1) & part.mask) {
            if (part.fingerprints[slot] == fingerprint && each(part.places[slot])) return true;
        }
        return false;
    }

    /// Asks memory for what find() and insert() read first.
    void fetch(std::uint64_t fingerprint) const noexcept {
        const Part& part = parts_[fingerprint >> kPartShift];
        __builtin_prefetch(&part.fingerprints[fingerprint & part.mask]);
    }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }

  private:
    static constexpr int kPartShift = 56;  // the upper eight bits choose the part
    struct Part {
        std::vector<std::uint64_t> fingerprints;  // 0: free
        std::vector<std::uint32_t> places;
        std::size_t mask = 0;
        std::size_t used = 0;
    };
    static void put(Part& part, std::uint64_t fingerprint, std::uint32_t place);
    static void grow(Part& part);

    // Parts grow one at a time, so that nobody waits for all of them.
    std::array<Part, 256> parts_;
    std::size_t size_ = 0;
};

}  // namespace causeway::ledger
