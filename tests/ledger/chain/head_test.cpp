// SPDX-License-Identifier: Apache-2.0
#include "ledger/chain/head.h"

#include "ledger/digest.h"
#include "tests/support/case_name.h"
#include "tests/support/chain_segment.h"
#include "tests/support/files.h"
#include "tests/support/source_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <functional>
#include <rapidcheck.h>
#include <string>
#include <vector>

namespace causeway::ledger {
namespace {

using test::ChainSegment;
using test::segment_of_captures;
using test::throwaway_signer;

constexpr Sequence kLaneThree = Sequence{3} << kLaneBits;

/// Of lane 3, after other entries, beside a lane 0.
Head example() {
    Head head = segment_of_captures(kLaneThree + 4097, 5).head();
    head.previous.fill(9);
    head.lanes.insert(head.lanes.begin(), LaneTip{.lane = 0, .last_sequence = 12, .hash = {}});
    return head;
}

TEST(Head, IsReadBackAsItWasWritten) {
    const HeadSigner signer = throwaway_signer();
    const SignedHead head = signer.sign(example());
    Head expected = example();
    expected.public_key = signer.public_key();
    const Result<Head> read = parse_head(head.body);
    ASSERT_TRUE(read) << read.error().detail();
    EXPECT_EQ(*read, expected);
    EXPECT_EQ(own_tip(*read).last_sequence, kLaneThree + 4101);
}

// A verifier written from the document alone must find these very bytes.
TEST(Head, IsWhatTheDocumentShows) {
    std::string document = test::read_file(test::source_folder() + "/docs/chain.md");
    std::erase_if(document, [](unsigned char c) { return std::isspace(c) != 0; });
    const auto shows = [&document](std::span<const std::uint8_t> bytes) {
        return document.find(to_hex(bytes)) != std::string::npos;
    };
    const ChainSegment segment = test::documented_segment();
    for (std::size_t i = 0; i < 2; ++i) {
        EXPECT_TRUE(shows(segment.canonical[i])) << i;
        EXPECT_TRUE(shows(segment.hashes[i])) << i;
    }
    const HeadSigner signer = throwaway_signer();
    const SignedHead head = signer.sign(segment.head());
    EXPECT_TRUE(shows(segment.head().root));
    EXPECT_TRUE(shows(signer.public_key()));
    EXPECT_TRUE(shows(head.body));
    EXPECT_TRUE(shows(head.signature));
    EXPECT_TRUE(shows(head_digest(head.body)));
}

TEST(Head, IsRefusedWhenAnyBitChanges) {
    const HeadSigner signer = throwaway_signer();
    const std::vector<PublicKey> trusted{signer.public_key()};
    const SignedHead head = signer.sign(example());
    ASSERT_TRUE(check_signed(head, trusted));
    for (std::size_t bit = 0; bit < 8 * (head.body.size() + head.signature.size()); ++bit) {
        SignedHead changed = head;
        const std::size_t at = bit / 8;
        std::uint8_t& byte =
            at < head.body.size() ? changed.body[at] : changed.signature[at - head.body.size()];
        byte = static_cast<std::uint8_t>(byte ^ (1U << bit % 8));
        const Result<Head> checked = check_signed(changed, trusted);
        ASSERT_FALSE(checked) << "bit " << bit;
        EXPECT_EQ(checked.error().code(), ErrorCode::integrity);
    }
}

TEST(Head, IsRefusedWhenCutOrLengthened) {
    std::vector<std::uint8_t> body = throwaway_signer().sign(example()).body;
    body.push_back(0);
    EXPECT_FALSE(parse_head(body));
    for (body.pop_back(); !body.empty();) {
        body.pop_back();
        EXPECT_FALSE(parse_head(body)) << body.size();
    }
}

TEST(Head, IsTrustedUnderAnyOfTheKeysGiven) {
    const HeadSigner old_signer = throwaway_signer();
    const HeadSigner signer = throwaway_signer(1);
    const SignedHead head = old_signer.sign(example());
    EXPECT_TRUE(check_signed(head, std::vector{signer.public_key(), old_signer.public_key()}));
    const Result<Head> checked = check_signed(head, std::vector{signer.public_key()});
    ASSERT_FALSE(checked);
    EXPECT_NE(checked.error().detail().find("not among the trusted"), std::string::npos);
}

struct ContradictionCase {
    std::string name;
    std::function<void(Head&)> change;
};

const ContradictionCase kContradictions[] = {
    {"no_lanes", [](Head& head) { head.lanes.clear(); }},
    {"own_lane_missing", [](Head& head) { head.lanes.pop_back(); }},
    {"own_lane_ends_elsewhere", [](Head& head) { ++head.lanes.back().last_sequence; }},
    {"lanes_out_of_order", [](Head& head) { std::swap(head.lanes[0], head.lanes[1]); }},
    {"lane_twice", [](Head& head) { head.lanes.push_back(head.lanes.back()); }},
    {"lane_ends_in_another", [](Head& head) { head.lanes[0].lane = 1; }},
    {"empty_segment", [](Head& head) { head.first_sequence = head.last_sequence + 1; }},
    {"begins_in_another_lane", [](Head& head) { head.first_sequence = 1; }},
    {"no_first", [](Head& head) { head.first_sequence = kLaneThree; }},
    {"negative_lane", [](Head& head) { head.lane = -1; }},
};

class HeadContradiction : public testing::TestWithParam<ContradictionCase> {};

// A signature says who wrote it, not that it makes sense.
TEST_P(HeadContradiction, IsRefusedThoughItIsSigned) {
    const HeadSigner signer = throwaway_signer();
    Head head = example();
    GetParam().change(head);
    EXPECT_FALSE(check_signed(signer.sign(head), std::vector{signer.public_key()}));
}

INSTANTIATE_TEST_SUITE_P(Head,
                         HeadContradiction,
                         testing::ValuesIn(kContradictions),
                         test::case_name<ContradictionCase>);

struct FactCase {
    std::string name;
    std::function<void(SegmentFacts&)> change;
    std::string says;
};

const FactCase kFacts[] = {
    {"first", [](SegmentFacts& facts) { --facts.first_sequence; }, "it begins at"},
    {"last", [](SegmentFacts& facts) { --facts.last_sequence; }, "the segment ends at"},
    {"root", [](SegmentFacts& facts) { facts.root[0] ^= 1U; }, "another root"},
    {"hash", [](SegmentFacts& facts) { facts.last_hash[31] ^= 1U; }, "another hash"},
    {"previous", [](SegmentFacts& facts) { facts.previous_head[0] ^= 1U; }, "another head"},
};

class HeadFact : public testing::TestWithParam<FactCase> {};

// `ledger verify` hands over what it found in the rows.
TEST_P(HeadFact, ThatDiffersIsNamed) {
    const HeadSigner signer = throwaway_signer();
    const std::vector<PublicKey> trusted{signer.public_key()};
    const ChainSegment segment = segment_of_captures(17, 20);
    ChainHash before{};
    before.fill(5);
    const SignedHead head = signer.sign(segment.head(before));
    SegmentFacts facts{.first_sequence = 17,
                       .last_sequence = 36,
                       .root = merkle_root(segment.hashes),
                       .last_hash = segment.hashes.back(),
                       .previous_head = before};
    ASSERT_TRUE(check_head(head, trusted, facts));
    GetParam().change(facts);
    const Result<Head> checked = check_head(head, trusted, facts);
    ASSERT_FALSE(checked);
    EXPECT_NE(checked.error().detail().find(GetParam().says), std::string::npos)
        << checked.error().detail();
}

INSTANTIATE_TEST_SUITE_P(Head, HeadFact, testing::ValuesIn(kFacts), test::case_name<FactCase>);

}  // namespace
}  // namespace causeway::ledger
