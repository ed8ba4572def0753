// SPDX-License-Identifier: Apache-2.0
#include "gateway/vault/vault.h"

#include "tests/support/books.h"
#include "tests/support/case_name.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

namespace causeway::gateway {
namespace {

using test::SeededEntropy;
using test::TemporaryFolder;

constexpr std::string_view kNumber = "4242424242424242";

std::string key_file(const TemporaryFolder& folder,
                     const std::string& content,
                     std::filesystem::perms mode = std::filesystem::perms{0600}) {
    std::string file = folder.file("vault.key");
    std::ofstream(file) << content;
    std::filesystem::permissions(file, mode);
    return file;
}

class VaultTest : public testing::Test {
  protected:
    Vault open(char digit) {
        return *Vault::open(key_file(folder, std::string(64, digit) + "\n"), entropy);
    }
    TemporaryFolder folder;
    SeededEntropy entropy{1};
    test::Ids ids;
};

TEST_F(VaultTest, OpensWhatItSealed) {
    const Vault vault = open('a');
    const Uuid token = ids.next();
    for (const std::string_view number : {kNumber, std::string_view("1"), std::string_view()}) {
        const Result<std::string> opened = vault.unseal(vault.seal(number, token), token);
        ASSERT_TRUE(opened);
        EXPECT_EQ(*opened, number);
    }
}

TEST_F(VaultTest, SealsTheSameNumberDifferentlyAndHidesIt) {
    const Vault vault = open('a');
    const Uuid token = ids.next();
    const std::vector<std::uint8_t> one = vault.seal(kNumber, token);
    EXPECT_NE(one, vault.seal(kNumber, token));
    const std::string text(one.begin(), one.end());
    EXPECT_EQ(text.find("4242"), std::string::npos);
}

// Whoever can write to the database could move a stolen card into the token of a shop that still
// charges.
TEST_F(VaultTest, RefusesANumberMovedToAnotherToken) {
    const Vault vault = open('a');
    const Uuid token = ids.next();
    const Result<std::string> opened = vault.unseal(vault.seal(kNumber, token), ids.next());
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code(), ErrorCode::integrity);
}

TEST_F(VaultTest, RefusesEveryChangedByteAndEveryCut) {
    const Vault vault = open('a');
    const Uuid token = ids.next();
    const std::vector<std::uint8_t> sealed = vault.seal(kNumber, token);
    for (std::size_t at = 0; at < sealed.size(); ++at) {
        std::vector<std::uint8_t> changed = sealed;
        changed[at] ^= 1U;
        EXPECT_FALSE(vault.unseal(changed, token)) << at;
        EXPECT_FALSE(vault.unseal(std::span(sealed).first(at), token)) << at;
    }
}

TEST_F(VaultTest, RefusesWhatAnotherKeySealed) {
    const Uuid token = ids.next();
    const Vault first = open('a');
    const Vault second = open('b');
    EXPECT_FALSE(second.unseal(first.seal(kNumber, token), token));
    EXPECT_NE(first.key_name(), second.key_name());
    EXPECT_EQ(first.key_name(), open('a').key_name());
    EXPECT_EQ(first.key_name().size(), 16U);
}

struct KeyFile {
    std::string name;
    std::string content;
    unsigned mode;
    std::optional<ErrorCode> refused;
};

class VaultKeyFile : public testing::TestWithParam<KeyFile> {};

INSTANTIATE_TEST_SUITE_P(
    Files,
    VaultKeyFile,
    testing::Values(
        KeyFile{"Plain", std::string(64, 'a'), 0600, std::nullopt},
        KeyFile{"Newline", std::string(64, 'A') + "\n", 0400, std::nullopt},
        KeyFile{"WindowsNewline", std::string(64, '0') + "\r\n", 0600, std::nullopt},
        KeyFile{"GroupMayRead", std::string(64, 'a'), 0640, ErrorCode::storage},
        KeyFile{"OthersMayRead", std::string(64, 'a'), 0604, ErrorCode::storage},
        KeyFile{"Empty", "", 0600, ErrorCode::invalid_argument},
        KeyFile{"TooShort", std::string(62, 'a'), 0600, ErrorCode::invalid_argument},
        KeyFile{"HalfAByteMissing", std::string(63, 'a'), 0600, ErrorCode::invalid_argument},
        KeyFile{"TooLong", std::string(66, 'a'), 0600, ErrorCode::invalid_argument},
        KeyFile{"NotHex", std::string(63, 'a') + "g", 0600, ErrorCode::invalid_argument},
        KeyFile{"SpaceInside",
                std::string(32, 'a') + " " + std::string(32, 'a'),
                0600,
                ErrorCode::invalid_argument}),
    test::case_name<KeyFile>);

TEST_P(VaultKeyFile, IsReadStrictlyAndOnlyWhenPrivate) {
    const TemporaryFolder folder;
    SeededEntropy entropy{1};
    const Result<Vault> vault = Vault::open(
        key_file(folder, GetParam().content, std::filesystem::perms{GetParam().mode}), entropy);
    ASSERT_EQ(vault.has_value(), !GetParam().refused.has_value());
    if (vault) return;
    EXPECT_EQ(vault.error().code(), *GetParam().refused);
    EXPECT_NE(vault.error().detail().find("vault.key"), std::string::npos);
    EXPECT_EQ(vault.error().detail().find("aaaa"), std::string::npos) << "names the key itself";
}

TEST_F(VaultTest, NeedsAKeyFile) {
    const Result<Vault> vault = Vault::open(folder.file("nothing.key"), entropy);
    ASSERT_FALSE(vault);
    EXPECT_EQ(vault.error().code(), ErrorCode::storage);
}

// ---- verification values ---------------------------------------------------------------------

class CvcTest : public testing::Test {
  protected:
    Timestamp now = *parse_rfc3339("2026-04-14T08:00:00Z");
    CvcMemory memory;
};

// An authorisation that could not be sent is tried again, with the same value; one that was sent
// must not find it any more.
TEST_F(CvcTest, IsThereUntilItWasSent) {
    memory.keep("tok_1", "123", now);
    memory.keep("tok_2", "456", now);
    EXPECT_EQ(memory.find("tok_1", now), "123");
    EXPECT_EQ(memory.find("tok_1", now), "123");
    memory.forget("tok_1");
    EXPECT_EQ(memory.find("tok_1", now), "");
    EXPECT_EQ(memory.find("tok_2", now), "456");
    EXPECT_EQ(memory.find("tok_3", now), "");
}

TEST_F(CvcTest, IsKeptAQuarterOfAnHour) {
    memory.keep("tok_1", "123", now);
    EXPECT_EQ(memory.find("tok_1", now + std::chrono::minutes(15)), "123");
    const Timestamp late = now + std::chrono::minutes(15) + std::chrono::microseconds(1);
    EXPECT_EQ(memory.find("tok_1", late), "");
    EXPECT_EQ(memory.find("tok_1", now), "") << "it is gone, not hidden";
}

TEST_F(CvcTest, TheLastOneCounts) {
    memory.keep("tok_1", "123", now);
    memory.keep("tok_1", "456", now);
    memory.keep("tok_1", "", now);
    EXPECT_EQ(memory.find("tok_1", now), "456");
}

}  // namespace
}  // namespace causeway::gateway
