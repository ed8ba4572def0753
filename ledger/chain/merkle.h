// SPDX-License-Identifier: Apache-2.0
//
// The tree over a segment of the chain, so that one entry can be shown to be in it without showing
// its neighbours.
//
// A node has up to sixteen children: the hashes of a level are taken in groups of sixteen from the
// left, each group is hashed to one node of the next level, until one is left. A single leaf is
// hashed too, so the root is never a leaf. How many leaves there are is not in the tree but in the
// head, and a path is checked against that count.
#pragma once

#include "ledger/journal/stored_entry.h"
#include "ledger/result.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace causeway::ledger {

inline constexpr std::size_t kMerkleWidth = 16;

/// The root of leaves that come one after the other. Every sixteenth leaf costs a hash or a few;
/// root() costs one a level. Nothing is allocated; a copy, 4 kB, is a mark to go back to.
class MerkleAccumulator {
  public:
    /// Requires fewer than 16^8 leaves.
    void add(const ChainHash& leaf) noexcept;

    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

    /// Requires a leaf.
    [[nodiscard]] ChainHash root() const noexcept;

  private:
    struct Level {
        std::array<ChainHash, kMerkleWidth> nodes;
        std::size_t count = 0;
    };
    static constexpr std::size_t kLevels = 8;

    std::array<Level, kLevels> levels_{};
    std::uint64_t count_ = 0;
};

/// Requires a leaf.
[[nodiscard]] ChainHash merkle_root(std::span<const ChainHash> leaves) noexcept;

/// For each level from the leaves up: the other children of the node above, from the left.
using MerklePath = std::vector<std::vector<ChainHash>>;

/// Requires index < leaves.size().
[[nodiscard]] MerklePath merkle_path(std::span<const ChainHash> leaves, std::size_t index);

/// The root of a tree of `count` leaves in which `leaf` stands at `index`, counted from 0.
///
/// Errors: `integrity` when the path has not the shape that such a tree has.
[[nodiscard]] Result<ChainHash> root_from_path(const ChainHash& leaf,
                                               std::uint64_t index,
                                               std::uint64_t count,
                                               const MerklePath& path);

}  // namespace causeway::ledger
