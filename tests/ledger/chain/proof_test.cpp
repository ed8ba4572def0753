// SPDX-License-Identifier: Apache-2.0
#include "ledger/chain/proof.h"

#include "tests/support/chain_segment.h"

#include <gtest/gtest.h>

#include <rapidcheck.h>
#include <string>
#include <vector>

namespace causeway::ledger {
namespace {

using test::ChainSegment;
using test::segment_of_captures;
using test::throwaway_signer;

const HeadSigner& signer() {
    static const HeadSigner kSigner = throwaway_signer();
    return kSigner;
}

std::vector<PublicKey> trusted() {
    return {signer().public_key()};
}

/// Entries 2 and 20 of one segment and entry 3 of another.
Proof example() {
    const ChainSegment one = segment_of_captures(1, 40);
    const ChainSegment two = segment_of_captures(41, 17);
    return {.entries = {one.proof_of(1), one.proof_of(19), two.proof_of(2, 1)},
            .heads = {signer().sign(one.head()), signer().sign(two.head())}};
}

TEST(Proof, ShowsTheEntries) {
    const Result<std::vector<ProvenEntry>> proven = check_proof(example(), trusted());
    ASSERT_TRUE(proven) << proven.error().detail();
    ASSERT_EQ(proven->size(), 3U);
    EXPECT_EQ((*proven)[0].sequence, 2);
    EXPECT_EQ((*proven)[1].sequence, 20);
    EXPECT_EQ((*proven)[2].sequence, 43);
    EXPECT_EQ((*proven)[1].entry.kind, "capture");
    EXPECT_EQ((*proven)[1].entry.lines[0].minor_units, 119);
    EXPECT_EQ((*proven)[1].head_made, from_microseconds(1'775'000'001'000'000));
}

TEST(Proof, IsNotBelievedUnderAnotherKey) {
    EXPECT_FALSE(check_proof(example(), std::vector{throwaway_signer(1).public_key()}));
    EXPECT_FALSE(check_proof(example(), {}));
}

// All the bytes there are in a proof, as one sequence.
std::vector<std::uint8_t*> bytes_of(Proof& proof) {
    std::vector<std::uint8_t*> all;
    const auto add = [&all](auto& bytes) {
        for (std::uint8_t& byte : bytes) {
            all.push_back(&byte);
        }
    };
    for (EntryProof& entry : proof.entries) {
        add(entry.canonical);
        add(entry.previous);
        for (std::vector<ChainHash>& level : entry.path) {
            for (ChainHash& hash : level) {
                add(hash);
            }
        }
    }
    for (SignedHead& head : proof.heads) {
        add(head.body);
        add(head.signature);
    }
    return all;
}

TEST(Proof, IsRefusedWhenAnyBitChanges) {
    const Proof proof = example();
    const bool held = rc::check("a changed bit is noticed", [&proof] {
        Proof changed = proof;
        const std::vector<std::uint8_t*> bytes = bytes_of(changed);
        std::uint8_t& byte = *bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())];
        byte = static_cast<std::uint8_t>(byte ^ (1 << *rc::gen::inRange(0, 8)));
        const Result<std::vector<ProvenEntry>> checked = check_proof(changed, trusted());
        RC_ASSERT(!checked);
        RC_ASSERT(checked.error().code() == ErrorCode::integrity);
    });
    EXPECT_TRUE(held);
}

std::string why(const Proof& proof) {
    const Result<std::vector<ProvenEntry>> checked = check_proof(proof, trusted());
    return checked ? "accepted" : checked.error().detail();
}

TEST(Proof, SaysWhatIsBroken) {
    Proof proof = example();
    proof.entries[1].canonical.back() ^= 1U;
    EXPECT_EQ(why(proof), "proof: entry 2: its bytes and path do not lead to the signed root");
    proof = example();
    proof.heads[1].signature[0] ^= 1U;
    EXPECT_EQ(why(proof), "proof: head 2: head: up to sequence 57: its signature does not hold");
    EXPECT_EQ(why({}), "proof: no entries");
}

TEST(Proof, HasOneForm) {
    Proof proof = example();
    std::swap(proof.entries[0], proof.entries[1]);
    EXPECT_EQ(why(proof), "proof: entry 2: not in order of sequence");
    proof = example();
    proof.entries.insert(proof.entries.begin(), proof.entries[0]);
    EXPECT_EQ(why(proof), "proof: entry 2: not in order of sequence");
    proof = example();
    proof.entries.pop_back();
    EXPECT_EQ(why(proof), "proof: head 2: no entry needs it");
    proof = example();
    proof.entries[2].head = 2;
    EXPECT_EQ(why(proof), "proof: entry 3: it names no head, or one out of order");
    proof = example();
    proof.entries[2].head = 0;
    EXPECT_EQ(why(proof), "proof: entry 3: its head does not cover it");
    proof = example();
    proof.entries[0].head = 1;
    EXPECT_EQ(why(proof), "proof: entry 1: it names no head, or one out of order");
}

// An entry before or after a head's segment is none of that head's.
TEST(Proof, KeepsToTheSegment) {
    const ChainSegment one = segment_of_captures(1, 40);
    const ChainSegment two = segment_of_captures(41, 17);
    Proof proof{.entries = {one.proof_of(2)}, .heads = {signer().sign(two.head())}};
    EXPECT_EQ(why(proof), "proof: entry 1: its head does not cover it");
    proof = {.entries = {two.proof_of(2)}, .heads = {signer().sign(one.head())}};
    EXPECT_EQ(why(proof), "proof: entry 1: its head does not cover it");
}

TEST(Proof, LetsTheFirstOfALaneFollowNothing) {
    ChainSegment segment{.first = 1, .previous = {}, .canonical = {}, .hashes = {}};
    segment.previous.fill(1);
    test::Ids ids;
    segment.add(test::capture(ids.next(), 100));
    EXPECT_EQ(why({.entries = {segment.proof_of(0)}, .heads = {signer().sign(segment.head())}}),
              "proof: entry 1: the first of its lane follows an entry");
}

}  // namespace
}  // namespace causeway::ledger
