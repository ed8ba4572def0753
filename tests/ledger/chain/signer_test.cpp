// SPDX-License-Identifier: Apache-2.0
#include "ledger/chain/signer.h"

#include "ledger/digest.h"
#include "tests/support/books.h"
#include "tests/support/case_name.h"
#include "tests/support/chain_segment.h"
#include "tests/support/files.h"
#include "tests/support/hex.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

namespace causeway::ledger {
namespace {

namespace fs = std::filesystem;
using test::TemporaryFolder;

std::string key_file(const TemporaryFolder& folder, const std::string& text, unsigned mode = 0600) {
    const std::string path = folder.file("signing.key");
    test::write_file(path, text);
    fs::permissions(path, fs::perms{mode});
    return path;
}

// Source: RFC 8032 section 7.1, test 2: one byte of message.
TEST(HeadSigner, SignsAsTheStandardShows) {
    const auto seed = test::array_from_hex<32>(
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
    const HeadSigner signer(seed);
    EXPECT_EQ(to_hex(signer.public_key()),
              "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    const std::vector<std::uint8_t> message{0x72};
    const Signature signature = signer.sign(message);
    EXPECT_EQ(to_hex(signature),
              "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
              "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
    EXPECT_TRUE(signature_holds(message, signature, signer.public_key()));
    EXPECT_FALSE(signature_holds(std::vector<std::uint8_t>{0x73}, signature, signer.public_key()));
}

TEST(HeadSigner, IsLoadedFromTheFileThatWasMade) {
    const TemporaryFolder folder;
    test::SeededEntropy entropy(1);
    const Result<PublicKey> made = make_signing_key(folder.file("made.key"), entropy);
    ASSERT_TRUE(made) << made.error().detail();
    EXPECT_EQ(fs::status(folder.file("made.key")).permissions(),
              fs::perms::owner_read | fs::perms::owner_write);
    const auto signer = HeadSigner::load(folder.file("made.key"));
    ASSERT_TRUE(signer) << signer.error().detail();
    EXPECT_EQ((*signer)->public_key(), *made);
}

// All heads so far would no longer be ours.
TEST(HeadSigner, NeverWritesOverAKey) {
    const TemporaryFolder folder;
    const std::string path = key_file(folder, "precious");
    test::SeededEntropy entropy(1);
    const Result<PublicKey> made = make_signing_key(path, entropy);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code(), ErrorCode::conflict);
    EXPECT_EQ(test::read_file(path), "precious");
}

TEST(HeadSigner, SaysThatAFolderIsMissing) {
    const TemporaryFolder folder;
    test::SeededEntropy entropy(1);
    const Result<PublicKey> made = make_signing_key(folder.file("no/such/key"), entropy);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code(), ErrorCode::storage);
}

const std::string kDigits(64, 'a');
const std::string kHeadLine = "causeway-signing-key-1\n";

struct KeyFileCase {
    std::string name;
    std::string text;
    unsigned mode;
    ErrorCode code;
};

const KeyFileCase kKeyFiles[] = {
    {"readable_by_the_group", kHeadLine + kDigits + "\n", 0640, ErrorCode::storage},
    {"readable_by_all", kHeadLine + kDigits + "\n", 0604, ErrorCode::storage},
    {"empty", "", 0600, ErrorCode::invalid_argument},
    {"without_its_first_line", kDigits + "\n", 0600, ErrorCode::invalid_argument},
    {"of_another_kind",
     "causeway-public-key-1\n" + kDigits + "\n",
     0600,
     ErrorCode::invalid_argument},
    {"one_digit_short", kHeadLine + kDigits.substr(1) + "\n", 0600, ErrorCode::invalid_argument},
    {"two_digits_long", kHeadLine + kDigits + "aa\n", 0600, ErrorCode::invalid_argument},
    {"no_digits", kHeadLine + std::string(64, 'g') + "\n", 0600, ErrorCode::invalid_argument},
    {"more_after_the_key",
     kHeadLine + kDigits + "\n" + kDigits + "\n",
     0600,
     ErrorCode::invalid_argument},
};

class KeyFile : public testing::TestWithParam<KeyFileCase> {};

TEST_P(KeyFile, IsRefusedAndItsDigitsAreNotTold) {
    const TemporaryFolder folder;
    const auto signer = HeadSigner::load(key_file(folder, GetParam().text, GetParam().mode));
    ASSERT_FALSE(signer);
    EXPECT_EQ(signer.error().code(), GetParam().code);
    EXPECT_EQ(signer.error().detail().find("aaaa"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(HeadSigner,
                         KeyFile,
                         testing::ValuesIn(kKeyFiles),
                         test::case_name<KeyFileCase>);

TEST(KeyFile, MayDoWithoutItsLastNewline) {
    const TemporaryFolder folder;
    EXPECT_TRUE(HeadSigner::load(key_file(folder, kHeadLine + kDigits)));
    EXPECT_FALSE(HeadSigner::load(folder.file("none")));
}

TEST(PublicKeys, AreReadBack) {
    const std::vector<PublicKey> keys{test::throwaway_signer().public_key(),
                                      test::throwaway_signer(1).public_key()};
    const std::string text = public_key_text(keys);
    EXPECT_EQ(text.substr(0, 33), "causeway-public-key-1\n03a107bff3c");
    const Result<std::vector<PublicKey>> read = parse_public_keys(text);
    ASSERT_TRUE(read) << read.error().detail();
    EXPECT_EQ(*read, keys);
}

TEST(PublicKeys, AreReadStrictly) {
    const std::string head_line = "causeway-public-key-1\n";
    EXPECT_FALSE(parse_public_keys(""));
    EXPECT_FALSE(parse_public_keys(head_line));
    EXPECT_FALSE(parse_public_keys(head_line + "\n"));
    EXPECT_FALSE(parse_public_keys(kHeadLine + kDigits));
    EXPECT_FALSE(parse_public_keys(head_line + kDigits + " "));
    EXPECT_TRUE(parse_public_keys(head_line + kDigits));
}

}  // namespace
}  // namespace causeway::ledger
