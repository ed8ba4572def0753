// SPDX-License-Identifier: Apache-2.0
#include "ledger/chain/merkle.h"

#include "ledger/chain/hash.h"

#include <algorithm>

namespace causeway::ledger {
namespace {

ChainHash node_of(std::span<const ChainHash> children) noexcept {
    return chain_hash(kNodePersonal,
                      {children.front().data(), children.size() * sizeof(ChainHash)});
}

std::vector<ChainHash> next_level(std::span<const ChainHash> nodes) {
    std::vector<ChainHash> above;
    above.reserve((nodes.size() + kMerkleWidth - 1) / kMerkleWidth);
    for (std::size_t i = 0; i < nodes.size(); i += kMerkleWidth) {
        above.push_back(node_of(nodes.subspan(i, std::min(kMerkleWidth, nodes.size() - i))));
    }
    return above;
}

}  // namespace

void MerkleAccumulator::add(const ChainHash& leaf) noexcept {
    ++count_;
    ChainHash node = leaf;
    for (Level& level : levels_) {
        level.nodes[level.count++] = node;
        if (level.count < kMerkleWidth) return;
        node = node_of(level.nodes);
        level.count = 0;
    }
}

ChainHash MerkleAccumulator::root() const noexcept {
    // Of each level only the last group is here; the complete ones have become nodes above. What is
    // incomplete is closed from the bottom up, `carried` being the node that closing made.
    ChainHash carried{};
    bool carries = false;
    std::uint64_t width = count_;  // the whole level's
    for (const Level& level : levels_) {
        std::array<ChainHash, kMerkleWidth> group;
        std::size_t size = level.count;
        std::copy_n(level.nodes.begin(), size, group.begin());
        if (carries) group[size++] = carried;
        if (width == 1 && &level != levels_.data()) return group[0];
        carries = size > 0;
        if (carries) carried = node_of(std::span(group).first(size));
        width = (width + kMerkleWidth - 1) / kMerkleWidth;
    }
    return carried;
}

ChainHash merkle_root(std::span<const ChainHash> leaves) noexcept {
    MerkleAccumulator accumulator;
    for (const ChainHash& leaf : leaves) {
        accumulator.add(leaf);
    }
    return accumulator.root();
}

MerklePath merkle_path(std::span<const ChainHash> leaves, std::size_t index) {
    MerklePath path;
    std::vector<ChainHash> level(leaves.begin(), leaves.end());
    do {
        const std::size_t first = index - index % kMerkleWidth;
        const std::size_t end = std::min(first + kMerkleWidth, level.size());
        std::vector<ChainHash> others;
        for (std::size_t i = first; i < end; ++i) {
            if (i != index) others.push_back(level[i]);
        }
        path.push_back(std::move(others));
        level = next_level(level);
        index /= kMerkleWidth;
    } while (level.size() > 1);
    return path;
}

Result<ChainHash> root_from_path(const ChainHash& leaf,
                                 std::uint64_t index,
                                 std::uint64_t count,
                                 const MerklePath& path) {
    const Error misshapen(ErrorCode::integrity, "a path of another shape than the segment's tree");
    if (index >= count) return misshapen;
    ChainHash node = leaf;
    std::size_t level = 0;
    do {
        const std::uint64_t place = index % kMerkleWidth;
        const std::uint64_t size = std::min<std::uint64_t>(kMerkleWidth, count - (index - place));
        if (level == path.size() || path[level].size() != size - 1) return misshapen;
        std::vector<ChainHash> children = path[level];
        children.insert(children.begin() + static_cast<std::ptrdiff_t>(place), node);
        node = node_of(children);
        index /= kMerkleWidth;
        count = (count + kMerkleWidth - 1) / kMerkleWidth;
        ++level;
    } while (count > 1);
    if (level != path.size()) return misshapen;
    return node;
}

}  // namespace causeway::ledger
