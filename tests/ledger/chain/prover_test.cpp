// SPDX-License-Identifier: Apache-2.0
//
// What the journal signs can be shown to others, and what somebody changes behind its back can
// not.
#include "ledger/chain/canonical.h"
#include "ledger/chain/heads_store.h"
#include "ledger/chain/proof.h"
#include "ledger/journal/journal.h"
#include "tests/support/books.h"
#include "tests/support/chain_segment.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

namespace causeway::ledger {
namespace {

using test::account;
using test::capture;

constexpr std::int64_t kHeadEvery = 10;

/// Books whose journal signs.
class Prover : public testing::Test {
  protected:
    Prover() { open(); }

    void open() {
        journal_.reset();
        database_.reset();
        auto opened = Database::open(folder_.url(), journal_migrations());
        if (!opened) throw std::runtime_error(opened.error().detail());
        database_ = *std::move(opened);
        journal_ = std::make_unique<Journal>(
            *database_, JournalOptions{.signer = &signer_, .head_every = kHeadEvery});
    }

    template <class T>
    Result<T> commit(std::function<Result<T>(Transaction&)> body) {
        return database_->writer().commit<T>(std::move(body));
    }

    Sequence post(const Entry& entry) {
        const Result<Posted> posted =
            commit<Posted>([&](Transaction& tx) { return journal_->post(tx, entry); });
        if (!posted) throw std::runtime_error(posted.error().detail());
        return posted->sequence;
    }

    void post_captures(int count) {
        for (int i = 0; i < count; ++i) {
            (void)post(capture(ids_.next(), 100 + i));
        }
    }

    void make_head() {
        const Result<int> made = commit<int>([&](Transaction& tx) -> Result<int> {
            const Result<void> asked = journal_->make_head(tx);
            if (!asked) return asked.error();
            return 0;
        });
        ASSERT_TRUE(made) << made.error().detail();
    }

    Result<Proof> prove(const std::vector<Sequence>& sequences) {
        std::optional<Result<Proof>> proof;
        const Result<void> read = database_->read([&](Transaction& tx) -> Result<void> {
            proof.emplace(make_proof(tx, sequences));
            return {};
        });
        if (!read) return read.error();
        return *std::move(proof);
    }

    Error refusal(const std::vector<Sequence>& sequences) {
        const Result<Proof> proof = prove(sequences);
        return proof ? Error(ErrorCode::invalid_argument, "it was proven") : proof.error();
    }

    void tamper(const std::string& sql) {
        const auto done =
            commit<std::int64_t>([&](Transaction& tx) { return tx.execute(sql, {}); });
        ASSERT_TRUE(done) << done.error().detail();
        ASSERT_GT(*done, 0);
    }

    [[nodiscard]] std::vector<PublicKey> trusted() const { return {signer_.public_key()}; }

    test::TemporaryFolder folder_;
    test::Ids ids_;
    HeadSigner signer_ = test::throwaway_signer();
    std::unique_ptr<Database> database_;
    std::unique_ptr<Journal> journal_;
};

TEST_F(Prover, ProvesEveryEntryThatHasAHead) {
    post_captures(3 * kHeadEvery + 4);
    make_head();
    std::vector<Sequence> all(3 * kHeadEvery + 4);
    std::iota(all.begin(), all.end(), 1);
    const Result<Proof> proof = prove(all);
    ASSERT_TRUE(proof) << proof.error().detail();
    const Result<std::vector<ProvenEntry>> proven = check_proof(*proof, trusted());
    ASSERT_TRUE(proven) << proven.error().detail();
    ASSERT_EQ(proven->size(), all.size());
    EXPECT_EQ(proven->front().entry.lines[0].minor_units, 100);
    EXPECT_EQ(proven->back().entry.lines[0].minor_units, 133);
    EXPECT_EQ(proof->heads.size(), 4U);
}

TEST_F(Prover, TakesOnlyTheHeadsThatAreNeeded) {
    post_captures(3 * kHeadEvery);
    const Result<Proof> proof = prove({25, 22, 25, 3});
    ASSERT_TRUE(proof) << proof.error().detail();
    EXPECT_EQ(proof->heads.size(), 2U);
    const Result<std::vector<ProvenEntry>> proven = check_proof(*proof, trusted());
    ASSERT_TRUE(proven) << proven.error().detail();
    ASSERT_EQ(proven->size(), 3U);
    EXPECT_EQ((*proven)[0].sequence, 3);
    EXPECT_EQ((*proven)[2].sequence, 25);
}

TEST_F(Prover, ProvesEveryTypeOfEntry) {
    Entry hold = capture(ids_.next(), 500);
    hold.type = EntryType::pending;
    hold.expires = hold.recorded + std::chrono::hours(1);
    Entry part = capture(ids_.next(), 200);
    part.type = EntryType::post_pending;
    part.pending = hold.id;
    Entry release{.id = ids_.next(),
                  .kind = "release",
                  .reference = "cap_1",
                  .effective = hold.effective,
                  .recorded = hold.recorded,
                  .lines = {},
                  .type = EntryType::void_pending,
                  .pending = hold.id};
    const std::vector<Sequence> sequences{post(hold), post(part), post(release)};
    const auto termed = commit<Posted>([&](Transaction& tx) {
        return journal_->set_terms(tx,
                                   ids_.next(),
                                   account("mer_2", Purpose::merchant_pending),
                                   {.closed = true},
                                   hold.recorded);
    });
    ASSERT_TRUE(termed) << termed.error().detail();
    make_head();

    const Result<Proof> proof = prove({1, 2, 3, 4});
    ASSERT_TRUE(proof) << proof.error().detail();
    const Result<std::vector<ProvenEntry>> proven = check_proof(*proof, trusted());
    ASSERT_TRUE(proven) << proven.error().detail();
    ASSERT_EQ(proven->size(), 4U);
    EXPECT_EQ((*proven)[0].entry, hold);
    EXPECT_EQ((*proven)[1].entry, part);
    EXPECT_EQ((*proven)[2].entry.pending, hold.id);
    // What a void released is part of what is proven.
    ASSERT_EQ((*proven)[2].entry.lines.size(), 2U);
    EXPECT_EQ((*proven)[2].entry.lines[0].minor_units, 300);
    EXPECT_EQ((*proven)[3].entry.reference, "closed");
}

TEST_F(Prover, AsksForAHeadFirst) {
    post_captures(kHeadEvery + 1);
    EXPECT_EQ(refusal({11}).code(), ErrorCode::conflict);
    make_head();
    const Result<Proof> proof = prove({11});
    ASSERT_TRUE(proof) << proof.error().detail();
    EXPECT_TRUE(check_proof(*proof, trusted()));
}

TEST_F(Prover, GoesOnAfterARestart) {
    post_captures(kHeadEvery + 5);
    open();
    post_captures(5);
    const Result<Proof> proof = prove({5, 12, 20});
    ASSERT_TRUE(proof) << proof.error().detail();
    EXPECT_TRUE(check_proof(*proof, trusted()));
}

TEST_F(Prover, KnowsNoEntryThatIsNotThere) {
    EXPECT_EQ(refusal({1}).code(), ErrorCode::not_found);
    post_captures(kHeadEvery);
    EXPECT_EQ(refusal({0}).code(), ErrorCode::not_found);
    EXPECT_EQ(refusal({-1}).code(), ErrorCode::not_found);
    EXPECT_EQ(refusal({kHeadEvery + 1}).code(), ErrorCode::not_found);
    EXPECT_EQ(refusal({first_of_lane(5)}).code(), ErrorCode::not_found);
    EXPECT_EQ(refusal({}).code(), ErrorCode::invalid_argument);
}

// Whoever changes a row can not have it proven, nor the rows beside it.
TEST_F(Prover, ProvesNothingOfASegmentThatWasChanged) {
    post_captures(2 * kHeadEvery);
    tamper("UPDATE journal_entries SET reference = 'cap_2' WHERE sequence = 14");
    EXPECT_EQ(refusal({14}).code(), ErrorCode::integrity);
    EXPECT_EQ(refusal({12}).code(), ErrorCode::integrity);
    EXPECT_TRUE(prove({3}));
}

TEST_F(Prover, NoticesAHashThatWasChangedAlone) {
    post_captures(2 * kHeadEvery);
    tamper("UPDATE journal_entries SET hash = zeroblob(32) WHERE sequence = 14");
    EXPECT_EQ(refusal({14}).code(), ErrorCode::integrity);
}

// Somebody who writes rows can compute hashes too; what he lacks is the key.
TEST_F(Prover, IsNotDeceivedByAHashThatFits) {
    post_captures(kHeadEvery);
    tamper("UPDATE journal_entries SET reference = 'cap_2' WHERE sequence = 10");
    const auto rehashed = commit<std::int64_t>([](Transaction& tx) -> Result<std::int64_t> {
        const Result<AccountNames> names = load_account_names(tx);
        const Result<StoredEntry> before = load_entry(tx, 9);
        const Result<StoredEntry> changed = load_entry(tx, 10);
        CanonicalWriter writer;
        if (!writer.write(*changed, account_bytes(*names))) return Error(ErrorCode::integrity);
        const ChainHash hash = writer.hash(before->hash);
        return tx.execute("UPDATE journal_entries SET hash = $1 WHERE sequence = 10",
                          {std::span<const std::uint8_t>(hash)});
    });
    ASSERT_TRUE(rehashed) << rehashed.error().detail();
    const Error refused = refusal({3});
    EXPECT_EQ(refused.code(), ErrorCode::integrity);
    EXPECT_NE(refused.detail().find("root"), std::string::npos) << refused.detail();
}

TEST_F(Prover, NoticesAnEntryThatIsMissing) {
    post_captures(kHeadEvery);
    tamper("DELETE FROM journal_entries WHERE sequence = 7");
    EXPECT_EQ(refusal({3}).code(), ErrorCode::integrity);
}

TEST_F(Prover, NoticesAHeadThatIsMissing) {
    post_captures(2 * kHeadEvery);
    tamper("DELETE FROM journal_heads WHERE last_sequence = 10");
    EXPECT_EQ(refusal({3}).code(), ErrorCode::integrity);
    EXPECT_TRUE(prove({13}));
}

// What `ledger verify` does with the heads: each says what the rows say, and follows the one
// before.
TEST_F(Prover, LeavesHeadsThatCanBeChecked) {
    post_captures(3 * kHeadEvery + 4);
    make_head();
    std::vector<SignedHead> heads;
    std::vector<ChainHash> hashes;
    const Result<void> read = database_->read([&](Transaction& tx) -> Result<void> {
        const Result<void> walked =
            each_head(tx, [&](std::int64_t lane, Sequence, const SignedHead& head) -> Result<void> {
                EXPECT_EQ(lane, 0);
                heads.push_back(head);
                return {};
            });
        if (!walked) return walked;
        return each_entry(tx, 0, [&](const StoredEntry& entry) -> Result<bool> {
            hashes.push_back(entry.hash);
            return true;
        });
    });
    ASSERT_TRUE(read) << read.error().detail();
    ASSERT_EQ(heads.size(), 4U);
    ASSERT_EQ(hashes.size(), 34U);
    SegmentFacts facts{.first_sequence = 1,
                       .last_sequence = kHeadEvery,
                       .root = {},
                       .last_hash = {},
                       .previous_head = {}};
    for (const SignedHead& head : heads) {
        const auto first = static_cast<std::size_t>(facts.first_sequence) - 1;
        const auto count = static_cast<std::size_t>(facts.last_sequence) - first;
        facts.root = merkle_root(std::span(hashes).subspan(first, count));
        facts.last_hash = hashes[first + count - 1];
        const Result<Head> checked = check_head(head, trusted(), facts);
        ASSERT_TRUE(checked) << checked.error().detail();
        facts.previous_head = head_digest(head.body);
        facts.first_sequence = facts.last_sequence + 1;
        facts.last_sequence = std::min<Sequence>(34, facts.last_sequence + kHeadEvery);
    }
}

TEST_F(Prover, MakesNoHeadOverNothing) {
    make_head();
    post_captures(2);
    make_head();
    make_head();
    std::vector<SignedHead> last;
    int count = 0;
    const Result<void> read = database_->read([&](Transaction& tx) -> Result<void> {
        const Result<std::vector<SignedHead>> found = last_heads(tx);
        if (!found) return found.error();
        last = *found;
        return each_head(tx, [&](std::int64_t, Sequence, const SignedHead&) -> Result<void> {
            ++count;
            return {};
        });
    });
    ASSERT_TRUE(read) << read.error().detail();
    EXPECT_EQ(count, 1);
    ASSERT_EQ(last.size(), 1U);
    EXPECT_EQ(parse_head(last[0].body)->last_sequence, 2);
}

}  // namespace
}  // namespace causeway::ledger
