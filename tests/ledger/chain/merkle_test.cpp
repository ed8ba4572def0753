// SPDX-License-Identifier: Apache-2.0
#include "ledger/chain/merkle.h"

#include "ledger/chain/bytes.h"
#include "ledger/chain/hash.h"
#include "ledger/digest.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <rapidcheck.h>
#include <vector>

namespace causeway::ledger {
namespace {

/// Leaf i is the BLAKE2b-256 of the eight bytes of i.
std::vector<ChainHash> leaves(std::size_t count) {
    std::vector<ChainHash> all;
    for (std::size_t i = 0; i < count; ++i) {
        std::vector<std::uint8_t> bytes;
        append_big_endian<8>(bytes, i);
        all.push_back(chain_hash(personal(""), bytes));
    }
    return all;
}

struct RootCase {
    std::size_t count;
    const char* root;
};

// Computed by a program of ten lines in another language, from docs/chain.md.
constexpr RootCase kRoots[] = {
    {1, "09cfad36dfa2868386d7bcb26b6927b47a11458bc95118be4893e9ae2d3827a2"},
    {2, "1827ce784d146c11f866baf202f21d01bceedcfc186db496ac63010a9565a68e"},
    {15, "e04813b1d1136a208584a7d7c4023cf3326f778005eebe60225a2d10a3c87911"},
    {16, "37b9bd4a22f1cff11946c2fc36ef57648e28db3379f57829b3df87d95334dd72"},
    {17, "13d695f33f07bd1f73d2d333d7441943b0b9825646c236d424d07c4fec5dc927"},
    {255, "f29ab5804676132b74b4fab18b833fab4f4f2cf37f101c48924b9bf2e6c2c9e8"},
    {256, "709103b27f22c5fe914f8a6ebe5add468c6d65de925aa278abbc7ae24c42611c"},
    {257, "b655d0d25762c174d079de894ca87c50bd717bdc644fda17282a796053dd2b70"},
    {272, "52175be28920cf29e81dd202d7841fe78831947efff6b2175eb8b8f210512d3b"},
    {4095, "d843ddb78884898aca7fa1d86c918da474d27cd9a1bcba99cf6fc99204a3d3aa"},
    {4096, "1e492d6a4e7656d86a5947961d9a0914faee1368d78ca53e981670e713a20a72"},
    {4097, "3ea9d452db0b9f7a2f7703015b99bc49dd96e23e77f6a9f354924bf65bb8e67c"},
    {70000, "9715487fd5ff71073e2b561bcc6d1beb701cde57f0d5bfa11af5d9abfdd3047b"},
};

TEST(Merkle, HasTheDocumentedRoots) {
    for (const RootCase& it : kRoots) {
        EXPECT_EQ(to_hex(merkle_root(leaves(it.count))), it.root) << it.count;
    }
}

// The journal asks for a root at any moment, and goes on adding.
TEST(Merkle, AccumulatesToTheSameRootAtEveryCount) {
    const std::vector<ChainHash> all = leaves(4097);
    MerkleAccumulator accumulator;
    std::size_t next = 0;
    for (std::size_t count = 1; count <= all.size(); ++count) {
        accumulator.add(all[count - 1]);
        ASSERT_EQ(accumulator.count(), count);
        if (kRoots[next].count != count) continue;
        EXPECT_EQ(to_hex(accumulator.root()), kRoots[next].root) << count;
        ++next;
    }
}

TEST(Merkle, LeadsFromEveryLeafToTheRoot) {
    for (const std::size_t count : {1U, 2U, 16U, 17U, 33U, 256U, 257U, 272U}) {
        const std::vector<ChainHash> all = leaves(count);
        const ChainHash root = merkle_root(all);
        for (std::size_t i = 0; i < count; ++i) {
            const Result<ChainHash> found = root_from_path(all[i], i, count, merkle_path(all, i));
            ASSERT_TRUE(found) << i << " of " << count;
            EXPECT_EQ(*found, root) << i << " of " << count;
        }
    }
}

// A path that fits another leaf, place or count would prove what was never booked.
TEST(Merkle, LeadsNothingElseToTheRoot) {
    const bool held = rc::check("only the leaf at its place leads to the root", [] {
        const auto count = *rc::gen::inRange<std::size_t>(1, 600);
        const auto index = *rc::gen::inRange<std::size_t>(0, count);
        const std::vector<ChainHash> all = leaves(count);
        const ChainHash root = merkle_root(all);
        ChainHash leaf = all[index];
        MerklePath path = merkle_path(all, index);
        std::uint64_t place = index;
        std::uint64_t told = count;
        const auto change = *rc::gen::inRange(0, 4);
        const auto bit = *rc::gen::inRange(0, 8);
        const auto byte = *rc::gen::inRange<std::size_t>(0, 32);
        if (change == 0) {
            leaf[byte] = static_cast<std::uint8_t>(leaf[byte] ^ (1 << bit));
        } else if (change == 1) {
            std::vector<ChainHash>& level = path[*rc::gen::inRange<std::size_t>(0, path.size())];
            if (level.empty()) {
                level.emplace_back();
            } else {
                ChainHash& other = level[*rc::gen::inRange<std::size_t>(0, level.size())];
                other[byte] = static_cast<std::uint8_t>(other[byte] ^ (1 << bit));
            }
        } else if (change == 2) {
            place = *rc::gen::suchThat(rc::gen::inRange<std::uint64_t>(0, 700),
                                       [index](std::uint64_t it) { return it != index; });
        } else {
            path.emplace_back();
        }
        const Result<ChainHash> found = root_from_path(leaf, place, told, path);
        const bool leads = found && *found == root;
        RC_ASSERT(!leads);
    });
    EXPECT_TRUE(held);
}

TEST(Merkle, RefusesAPathOfAnotherShape) {
    const std::vector<ChainHash> all = leaves(17);
    const MerklePath path = merkle_path(all, 3);
    ASSERT_EQ(path.size(), 2U);
    MerklePath shorter = path;
    shorter.pop_back();
    EXPECT_FALSE(root_from_path(all[3], 3, 17, shorter));
    EXPECT_FALSE(root_from_path(all[3], 17, 17, path));
    EXPECT_FALSE(root_from_path(all[3], 3, 16, path));
    EXPECT_FALSE(root_from_path(all[3], 3, 0, path));
    EXPECT_FALSE(root_from_path(all[3], 3, 17, {}));
    MerklePath narrower = path;
    narrower[0].pop_back();
    EXPECT_FALSE(root_from_path(all[3], 3, 17, narrower));
    MerklePath wider = path;
    wider[0].emplace_back();
    EXPECT_FALSE(root_from_path(all[3], 3, 17, wider));
}

// Otherwise a node could be shown as the leaf of a smaller tree.
TEST(Merkle, HashesEvenASingleLeaf) {
    const std::vector<ChainHash> one = leaves(1);
    EXPECT_NE(merkle_root(one), one[0]);
}

}  // namespace
}  // namespace causeway::ledger
