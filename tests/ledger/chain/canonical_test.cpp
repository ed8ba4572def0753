// SPDX-License-Identifier: Apache-2.0
#include "ledger/chain/canonical.h"

#include "ledger/digest.h"
#include "tests/support/books.h"
#include "tests/support/case_name.h"
#include "tests/support/hex.h"

#include <gtest/gtest.h>

#include <rapidcheck.h>
#include <string>
#include <vector>

namespace causeway::ledger {
namespace {

using test::account;
using test::array_from_hex;
using test::from_hex;

Uuid example_id(char last) {
    return {array_from_hex<16>(std::string("017f22e279b07cc398c4dc0c0c0739") + last +
                               (last == '8' ? "f" : "0"))};
}

Entry posting() {
    Entry entry;
    entry.id = example_id('8');
    entry.kind = "capture";
    entry.reference = "cap_01FWHE4YDGFK1SHH6W1G60EECF";
    entry.effective = from_microseconds(1'775'000'000'000'000);
    entry.recorded = from_microseconds(1'775'000'000'250'000);
    entry.lines = {{account("card_acquirer", Purpose::provider_receivable), 1234},
                   {account("mer_1", Purpose::merchant_pending), -1234}};
    return entry;
}

Entry pending() {
    Entry entry;
    entry.id = example_id('9');
    entry.type = EntryType::pending;
    entry.kind = "hold";
    entry.effective = from_microseconds(-1);
    entry.recorded = from_microseconds(1'775'000'000'250'001);
    entry.expires = from_microseconds(1'775'003'600'000'000);
    entry.lines = {{account("mer_1", Purpose::merchant_available, "JPY"), 500},
                   {account("Zo\u00eb", Purpose::merchant_reserve, "JPY"), -500}};
    return entry;
}

Entry post_pending() {
    Entry entry = pending();
    entry.id = example_id('8');
    entry.type = EntryType::post_pending;
    entry.kind = "hold_posted";
    entry.reference = "r";
    entry.effective = from_microseconds(0);
    entry.recorded = from_microseconds(1'775'000'000'250'002);
    entry.expires = {};
    entry.pending = example_id('9');
    return entry;
}

Entry terms() {
    Entry entry;
    entry.id = example_id('8');
    entry.type = EntryType::account_terms;
    entry.kind = "terms";
    entry.reference = "closed";
    entry.effective = from_microseconds(0);
    entry.recorded = from_microseconds(1);
    entry.lines = {{account("operator", Purpose::fee_revenue, "USD"), 0}};
    return entry;
}

struct VectorCase {
    std::string name;
    Entry entry;
    Sequence sequence;
    std::string canonical;
    std::string previous;
    std::string hash;
};

// All computed by a program of ten lines in another language, from docs/chain.md.
const VectorCase kVectors[] = {
    {"posting",
     posting(),
     1,
     "43574a4501010000000000000001017f22e279b07cc398c4dc0c0c07398f00064e5a6479f0000006"
     "4e5a647dc090000763617074757265001e6361705f30314657484534594447464b31534848365731"
     "473630454543460002000d636172645f61637175697265721370726f76696465725f726563656976"
     "61626c6545555200000000000004d200056d65725f31106d65726368616e745f70656e64696e6745"
     "5552fffffffffffffb2e",
     std::string(64, '0'),
     "c5461f83973ef1eeb15858c10a55f7814ad84fc68873f0cc3bcf6957b90e2ae9"},
    {"pending",
     pending(),
     (Sequence{3} << kLaneBits) + 2,
     "43574a4501020000030000000002017f22e279b07cc398c4dc0c0c073990ffffffffffffffff0006"
     "4e5a647dc09100064e5b3b0d94000004686f6c640000000200056d65725f31126d65726368616e74"
     "5f617661696c61626c654a505900000000000001f400045a6fc3ab106d65726368616e745f726573"
     "657276654a5059fffffffffffffe0c",
     "c5461f83973ef1eeb15858c10a55f7814ad84fc68873f0cc3bcf6957b90e2ae9",
     "f4b66e0b6f9101b1b1b038ac88b07aebd9b8c9b37c0d53fd206c59e7362aefe9"},
    {"post_pending",
     post_pending(),
     (Sequence{3} << kLaneBits) + 3,
     "43574a4501030000030000000003017f22e279b07cc398c4dc0c0c07398f00000000000000000006"
     "4e5a647dc092017f22e279b07cc398c4dc0c0c073990000b686f6c645f706f737465640001720002"
     "00056d65725f31126d65726368616e745f617661696c61626c654a505900000000000001f400045a"
     "6fc3ab106d65726368616e745f726573657276654a5059fffffffffffffe0c",
     "f4b66e0b6f9101b1b1b038ac88b07aebd9b8c9b37c0d53fd206c59e7362aefe9",
     "0b039ca8dd78c5c526b78d97e0bfc8f99c3b3fe084b0cf6e99f8baef5030cf98"},
    {"account_terms",
     terms(),
     4,
     "43574a4501060000000000000004017f22e279b07cc398c4dc0c0c07398f00000000000000000000"
     "00000000000100057465726d730006636c6f736564000100086f70657261746f720b6665655f7265"
     "76656e75655553440000000000000000",
     "0b039ca8dd78c5c526b78d97e0bfc8f99c3b3fe084b0cf6e99f8baef5030cf98",
     "490feecd9accc3cd6a5c718f8265fac0e9c4d51e3a9494ca62a05cdb33890439"},
};

class CanonicalVector : public testing::TestWithParam<VectorCase> {};

// Somebody else's verifier has to find the same bytes, in ten years too.
TEST_P(CanonicalVector, IsWrittenAndHashedAsDocumented) {
    std::vector<std::uint8_t> bytes;
    append_canonical(GetParam().entry, GetParam().sequence, bytes);
    EXPECT_EQ(to_hex(bytes), GetParam().canonical);
    const auto previous = array_from_hex<32>(GetParam().previous);
    EXPECT_EQ(to_hex(entry_hash(previous, bytes)), GetParam().hash);
}

TEST_P(CanonicalVector, IsReadBack) {
    const Result<CanonicalEntry> read = parse_canonical(from_hex(GetParam().canonical));
    ASSERT_TRUE(read) << read.error().detail();
    EXPECT_EQ(read->sequence, GetParam().sequence);
    EXPECT_EQ(read->entry, GetParam().entry);
}

INSTANTIATE_TEST_SUITE_P(Canonical,
                         CanonicalVector,
                         testing::ValuesIn(kVectors),
                         test::case_name<VectorCase>);

StoredEntry stored(const Entry& entry, Sequence sequence, AccountNames& names) {
    StoredEntry row{.sequence = sequence,
                    .id = entry.id,
                    .type = entry.type,
                    .kind = entry.kind,
                    .reference = entry.reference,
                    .effective = entry.effective,
                    .recorded = entry.recorded,
                    .pending = entry.pending,
                    .expires = entry.expires};
    for (const Line& line : entry.lines) {
        const auto id = static_cast<std::int64_t>(names.size() + 1);
        names.emplace(id, line.account);
        row.lines.push_back({.account_id = id, .minor_units = line.minor_units});
    }
    return row;
}

// The journal hashes from rows and prepared names, a verifier from entries: they must agree.
TEST(CanonicalWriter, WritesARowAsItsEntryAndStartsAfreshEachTime) {
    CanonicalWriter writer;
    for (const VectorCase& it : kVectors) {
        AccountNames names;
        const StoredEntry row = stored(it.entry, it.sequence, names);
        ASSERT_TRUE(writer.write(row, account_bytes(names)));
        EXPECT_EQ(to_hex(writer.hash(array_from_hex<32>(it.previous))), it.hash) << it.name;
        EXPECT_EQ(to_hex(writer.bytes()), it.canonical) << it.name;
    }
}

TEST(CanonicalWriter, GrowsToTheLargestEntry) {
    Entry entry = posting();
    entry.lines.clear();
    for (int i = 0; i < 1000; ++i) {
        entry.lines.push_back({account(std::string(255, 'o'), Purpose::fee_revenue), i - 500});
    }
    std::vector<std::uint8_t> bytes;
    append_canonical(entry, 7, bytes);
    const Result<CanonicalEntry> read = parse_canonical(bytes);
    ASSERT_TRUE(read) << read.error().detail();
    EXPECT_EQ(read->entry, entry);
}

TEST(CanonicalWriter, SaysWhichAccountIsUnknown) {
    AccountNames names;
    StoredEntry row = stored(posting(), 5, names);
    row.lines[1].account_id = 99;
    CanonicalWriter writer;
    const Result<void> written = writer.write(row, account_bytes(names));
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error(), Error(ErrorCode::integrity, "entry 5 names the unknown account 99"));
}

// What is read is what was hashed, or it is refused: no two texts for one hash.
TEST(Canonical, IsReadStrictly) {
    const bool held = rc::check("a changed byte is refused or says something else", [] {
        const VectorCase& it = kVectors[*rc::gen::inRange<std::size_t>(0, std::size(kVectors))];
        std::vector<std::uint8_t> bytes = from_hex(it.canonical);
        const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
        bytes[at] = static_cast<std::uint8_t>(bytes[at] ^ *rc::gen::inRange(1, 256));
        const Result<CanonicalEntry> read = parse_canonical(bytes);
        if (!read) {
            RC_ASSERT(read.error().code() == ErrorCode::integrity);
            return;
        }
        std::vector<std::uint8_t> again;
        append_canonical(read->entry, read->sequence, again);
        RC_ASSERT(again == bytes);
        RC_ASSERT(!(read->entry == it.entry && read->sequence == it.sequence));
    });
    EXPECT_TRUE(held);
}

struct TextCase {
    std::string name;
    Entry entry;
};

Entry changed(void (*change)(Entry&)) {
    Entry entry = posting();
    change(entry);
    return entry;
}

const TextCase kTexts[] = {
    {"no_kind", changed([](Entry& entry) { entry.kind.clear(); })},
    {"no_owner", changed([](Entry& entry) { entry.lines[0].account.owner.clear(); })},
    {"kind_not_utf8", changed([](Entry& entry) { entry.kind = "\xff"; })},
    {"reference_not_utf8", changed([](Entry& entry) { entry.reference = "\xff"; })},
    {"owner_not_utf8", changed([](Entry& entry) { entry.lines[1].account.owner = "\xc0\x80"; })},
    {"owner_with_a_nul",
     changed([](Entry& entry) { entry.lines[1].account.owner = std::string("a\0b", 3); })},
};

class CanonicalText : public testing::TestWithParam<TextCase> {};

// The journal books no such entry, so nobody can have signed one.
TEST_P(CanonicalText, IsRefused) {
    std::vector<std::uint8_t> bytes;
    append_canonical(GetParam().entry, 1, bytes);
    EXPECT_FALSE(parse_canonical(bytes));
}

INSTANTIATE_TEST_SUITE_P(Canonical,
                         CanonicalText,
                         testing::ValuesIn(kTexts),
                         test::case_name<TextCase>);

TEST(Canonical, IsRefusedWhenCutOrLengthened) {
    for (const VectorCase& it : kVectors) {
        std::vector<std::uint8_t> bytes = from_hex(it.canonical);
        bytes.push_back(0);
        EXPECT_FALSE(parse_canonical(bytes)) << it.name;
        for (bytes.pop_back(); !bytes.empty();) {
            bytes.pop_back();
            EXPECT_FALSE(parse_canonical(bytes)) << it.name << " cut to " << bytes.size();
        }
    }
}

}  // namespace
}  // namespace causeway::ledger
