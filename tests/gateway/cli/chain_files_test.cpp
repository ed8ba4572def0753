// SPDX-License-Identifier: Apache-2.0
//
// A proof that was changed on its way must not be believed, whatever of its text was changed.
#include "gateway/cli/chain_files.h"

#include "gateway/cli/chain_commands.h"
#include "tests/support/case_name.h"
#include "tests/support/chain_segment.h"
#include "tests/support/files.h"
#include "tests/support/source_folder.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <rapidcheck.h>
#include <string>
#include <vector>

namespace causeway::gateway {
namespace {

using ledger::Proof;
using ledger::PublicKey;
using test::ChainSegment;
using test::throwaway_signer;

std::string example(const std::string& name) {
    return test::read_file(test::source_folder() + "/tests/chain/" + name);
}

Proof documented_proof() {
    const ChainSegment segment = test::documented_segment();
    return {.entries = {segment.proof_of(0)}, .heads = {throwaway_signer().sign(segment.head())}};
}

/// Two heads, three entries, paths of several levels.
Proof larger_proof() {
    const ChainSegment one = test::segment_of_captures(1, 40);
    const ChainSegment two = test::segment_of_captures(41, 1);
    return {.entries = {one.proof_of(1), one.proof_of(39), two.proof_of(0, 1)},
            .heads = {throwaway_signer().sign(one.head()), throwaway_signer().sign(two.head())}};
}

std::vector<PublicKey> trusted() {
    return {throwaway_signer().public_key()};
}

// These files were written by another program, from docs/chain.md.
TEST(ChainFiles, AreWrittenAsDocumented) {
    EXPECT_EQ(proof_file(documented_proof()), example("example.proof.json"));
    EXPECT_EQ(head_file(documented_proof().heads[0]), example("example.head.json"));
    EXPECT_EQ(ledger::public_key_text(trusted()), example("example.public-key"));
}

TEST(ChainFiles, AreReadBack) {
    for (const Proof& proof : {documented_proof(), larger_proof()}) {
        const Result<Proof> read = parse_proof_file(proof_file(proof));
        ASSERT_TRUE(read) << read.error().detail();
        EXPECT_EQ(*read, proof);
        const Result<ledger::SignedHead> head = parse_head_file(head_file(proof.heads[0]));
        ASSERT_TRUE(head) << head.error().detail();
        EXPECT_EQ(*head, proof.heads[0]);
    }
}

TEST(ChainFiles, AreNotBelievedWhenAByteChanges) {
    const Proof proof = larger_proof();
    const std::string text = proof_file(proof);
    const bool held = rc::check("a changed byte is noticed", [&] {
        std::string changed = text;
        char& letter = changed[*rc::gen::inRange<std::size_t>(0, changed.size())];
        letter = static_cast<char>(letter ^ *rc::gen::inRange(1, 256));
        const Result<Proof> read = parse_proof_file(changed);
        // What says the same in other words, such as a space for the last newline, is the same.
        const bool believed = read && !(*read == proof) && check_proof(*read, trusted());
        RC_ASSERT(!believed);
    });
    EXPECT_TRUE(held);
}

struct FormCase {
    std::string name;
    std::string from;
    std::string to;
};

const FormCase kForms[] = {
    {"another_format", "causeway-proof-1", "causeway-proof-2"},
    {"unknown_member", "\"heads\"", "\"more\":1,\"heads\""},
    {"unknown_member_of_an_entry", "\"head\":0", "\"head\":0,\"more\":1"},
    {"missing_member", "\"head\":0", "\"had\":0"},
    {"member_twice", "\"head\":0", "\"head\":0,\"head\":0"},
    {"negative_head", "\"head\":0", "\"head\":-1"},
    {"head_no_integer", "\"head\":0", "\"head\":0.0"},
    {"upper_case_digits", "158fe7", "158FE7"},
    {"digits_missing", "158fe7", "158fe"},
    {"no_digits", "158fe7", "158fg7"},
    {"no_base_64", "Q1dKRQ", "Q1dK_Q"},
    {"padding_missing", "y4=\"", "y4\""},
    {"unused_bits_set", "y4=\"", "y5=\""},
    {"signature_too_short", "gM1dgFud", "gM1d"},
    {"path_no_list", "\"path\":[", "\"path\":{\"a\":["},
    {"something_behind", "\n", "\n{}"},
};

class ChainForm : public testing::TestWithParam<FormCase> {};

TEST_P(ChainForm, IsReadStrictly) {
    std::string text = example("example.proof.json");
    ASSERT_TRUE(parse_proof_file(text));
    const std::size_t at = text.find(GetParam().from);
    ASSERT_NE(at, std::string::npos);
    text.replace(at, GetParam().from.size(), GetParam().to);
    const Result<Proof> read = parse_proof_file(text);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code(), ErrorCode::integrity);
}

INSTANTIATE_TEST_SUITE_P(ChainFiles,
                         ChainForm,
                         testing::ValuesIn(kForms),
                         test::case_name<FormCase>);

CommandOutput check(const std::string& file, const std::string& keys) {
    CommandRequest request{.name = "ledger check-proof"};
    request.files = {{.name = "it", .content = file}, {.name = "keys", .content = keys}};
    return ledger_check_proof(request);
}

TEST(CheckProof, ShowsWhatIsProven) {
    const std::string keys = example("example.public-key");
    const CommandOutput proof = check(example("example.proof.json"), keys);
    EXPECT_EQ(proof.exit_code, kExitOk) << proof.err;
    EXPECT_NE(proof.out.find("cap_01FWHE4YDGFK1SHH6W1G60EECF"), std::string::npos) << proof.out;
    EXPECT_NE(proof.out.find("merchant_pending  mer_1  EUR -12.34"), std::string::npos);
    EXPECT_NE(proof.out.find("proven: 1\n"), std::string::npos);
    const CommandOutput head = check(example("example.head.json"), keys);
    EXPECT_EQ(head.exit_code, kExitOk) << head.err;
    EXPECT_NE(head.out.find("entries     1 to 2"), std::string::npos) << head.out;
}

TEST(CheckProof, SaysWhatIsBroken) {
    const std::string keys = example("example.public-key");
    Proof proof = larger_proof();
    proof.entries[1].previous[0] ^= 1U;
    const CommandOutput broken = check(proof_file(proof), keys);
    EXPECT_EQ(broken.exit_code, kExitFound);
    EXPECT_EQ(broken.out, "");
    EXPECT_EQ(broken.err,
              "BROKEN: proof: entry 2: its bytes and path do not lead to the signed root\n");
    EXPECT_EQ(check("{}", keys).exit_code, kExitFound);
    EXPECT_EQ(check(proof_file(larger_proof()), "no key").exit_code, kExitUsage);
    const std::string others =
        ledger::public_key_text(std::vector<PublicKey>{throwaway_signer(1).public_key()});
    EXPECT_EQ(check(example("example.head.json"), others).exit_code, kExitFound);
}

TEST(Keygen, MakesAPairOfFiles) {
    const test::TemporaryFolder folder;
    CommandRequest request{.name = "ledger keygen"};
    request.options["out-file"] = folder.file("signing.key");
    const CommandOutput made = ledger_keygen(request);
    ASSERT_EQ(made.exit_code, kExitOk) << made.err;
    const auto signer = ledger::HeadSigner::load(folder.file("signing.key"));
    ASSERT_TRUE(signer) << signer.error().detail();
    EXPECT_EQ(test::read_file(folder.file("signing.key.pub")),
              ledger::public_key_text(std::vector<PublicKey>{(*signer)->public_key()}));
    EXPECT_NE(ledger_keygen(request).exit_code, kExitOk);
}

}  // namespace
}  // namespace causeway::gateway
