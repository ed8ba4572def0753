// SPDX-License-Identifier: Apache-2.0
//
// What a body on a shared engine must not be fooled by: what its own batch has done and not
// written yet, what it took back, and what others do at the same moment.
#include "tests/support/books.h"
#include "tests/support/chain_segment.h"
#include "tests/support/engines.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace causeway::ledger {
namespace {

using test::account;
using test::Books;
using test::capture;
using test::PostgresServer;

const Timestamp kNow = from_microseconds(1'776'074'461'000'000);

class SharedRules : public testing::Test {
  protected:
    void SetUp() override {
        if (!PostgresServer::is_installed()) GTEST_SKIP() << "PostgreSQL 15 is not installed";
        url_ = PostgresServer::shared().fresh_url();
    }

    static void expect_sound(Books& books) {
        for (const Finding& finding : books.verified().findings)
            ADD_FAILURE() << finding.rule << ": " << finding.detail;
    }

    std::string url_;
    test::Ids ids_;
};

/// Bodies that share a batch: they are submitted while the writer is held up.
class OneBatch {
  public:
    explicit OneBatch(Books& books) : books_(books) {
        EXPECT_TRUE(books_.database->writer().submit<int>(
            [this](Transaction&) -> Result<int> {
                open_.wait();
                return 0;
            },
            [](const Result<int>&) {}));
    }
    void add(std::function<Result<int>(Transaction&)> body,
             std::shared_ptr<const Hint> hint = nullptr) {
        EXPECT_TRUE(books_.database->writer().submit<int>(
            std::move(body), [](const Result<int>&) {}, std::move(hint)));
    }
    /// Returns when all of them have been told.
    void run() {
        open_.count_down();
        EXPECT_TRUE(books_.run<int>([](Transaction&) { return Result<int>(0); }));
    }

  private:
    Books& books_;
    std::latch open_{1};
};

Result<int> done(const Result<Posted>& posted) {
    return posted ? Result<int>(0) : Result<int>(posted.error());
}

TEST_F(SharedRules, ExpiresWhatItsOwnBatchHasReserved) {
    Books books(url_);
    const Entry pending = test::reservation(ids_.next(), 100, kNow + std::chrono::seconds(1));
    const auto expired = books.run<std::int64_t>([&](Transaction& body) -> Result<std::int64_t> {
        const Result<Posted> posted = books.journal->post(body, pending);
        if (!posted) return posted.error();
        return books.journal->expire(body, kNow + std::chrono::seconds(2), ids_.source);
    });
    EXPECT_EQ(*expired, 1);
    expect_sound(books);
}

// One may expire, and it is not the one that the batch has resolved already.
TEST_F(SharedRules, CountsNoneThatItsOwnBatchHasResolvedAmongThoseThatExpire) {
    Books books(url_);
    const Entry first = test::reservation(ids_.next(), 100, kNow + std::chrono::seconds(1));
    const Entry second = test::reservation(ids_.next(), 100, kNow + std::chrono::seconds(2));
    ASSERT_TRUE(books.post(first));
    ASSERT_TRUE(books.post(second));
    const Entry release = test::void_of(ids_.next(), first.id);
    const auto expired = books.run<std::int64_t>([&](Transaction& body) -> Result<std::int64_t> {
        const Result<Posted> posted = books.journal->post(body, release);
        if (!posted) return posted.error();
        return books.journal->expire(body, kNow + std::chrono::seconds(9), ids_.source, 1);
    });
    EXPECT_EQ(*expired, 1);
    EXPECT_EQ(books.balance(account("mer_1", Purpose::merchant_pending)), Balance{});
    expect_sound(books);
}

// A client that tries again may meet its first try in the same batch.
TEST_F(SharedRules, KnowsAnEntryThatTwoBodiesOfABatchHint) {
    Books books(url_);
    const Entry entry = capture(ids_.next(), 100);
    ASSERT_TRUE(books.post(entry));
    OneBatch batch(books);
    std::atomic<int> replayed{0};
    const auto hint = std::make_shared<PostHint>(std::vector<AccountKey>{}, std::vector{entry.id});
    for (int i = 0; i < 2; ++i) {
        batch.add(
            [&](Transaction& body) -> Result<int> {
                const Result<Posted> posted = books.journal->post(body, entry);
                replayed += posted && posted->replayed ? 1 : 0;
                return done(posted);
            },
            hint);
    }
    batch.run();
    EXPECT_EQ(replayed.load(), 2);
    expect_sound(books);
}

// The lane that a failed body held may be somebody else's by the time the batch is written.
TEST_F(SharedRules, WritesNoLaneThatItHasLetGoOf) {
    Books one(url_);
    Books two(url_);
    ASSERT_TRUE(one.post(capture(ids_.next(), 100)));
    ASSERT_TRUE(two.post(capture(ids_.next(), 100)));
    const Entry opens = capture(ids_.next(), 100, "mer_new");
    OneBatch batch(one);
    batch.add([&](Transaction& body) -> Result<int> {
        (void)one.journal->post(body, opens);
        return Error(ErrorCode::declined);
    });
    batch.add([](Transaction&) { return Result<int>(0); });
    batch.run();
    expect_sound(one);
    EXPECT_TRUE(two.post(capture(ids_.next(), 100)));
    EXPECT_EQ(two.verified().entries, 3);
    expect_sound(two);
}

// After a refusal the lane is still held, and the entries before it are still there.
TEST_F(SharedRules, KeepsItsLaneWhenAnEntryIsRefused) {
    Books one(url_);
    Books two(url_);
    const AccountKey closed = account("mer_closed", Purpose::merchant_pending);
    ASSERT_TRUE(one.set_terms(ids_.next(), closed, {.closed = true}));
    const Entry refused = capture(ids_.next(), 1, "mer_closed");
    std::vector<Entry> pair{capture(ids_.next(), 1), refused};
    std::vector<Sequence> places;
    std::latch has_gone_back(1);
    std::latch other_is_done(1);
    std::thread poster([&] {
        EXPECT_TRUE(one.run<int>([&](Transaction& body) -> Result<int> {
            places.clear();
            EXPECT_FALSE(one.journal->post(body, refused));
            EXPECT_FALSE(one.journal->post_linked(body, pair));
            has_gone_back.count_down();
            other_is_done.wait();
            const Result<Posted> posted = one.journal->post(body, capture(ids_.next(), 2, "mer_2"));
            if (!posted) return posted.error();
            places.push_back(posted->sequence);
            return 0;
        }));
    });
    has_gone_back.wait();
    // No account in common, so it waits for nobody.
    const Result<Posted> other = two.run<Posted>([&](Transaction& body) {
        return two.journal->post(
            body,
            {.id = Uuid{{1}},
             .kind = "k",
             .reference = "r",
             .effective = kNow,
             .recorded = kNow,
             .lines = {{.account = account("o", Purpose::suspense), .minor_units = 1},
                       {.account = account("p", Purpose::suspense), .minor_units = -1}}});
    });
    other_is_done.count_down();
    poster.join();
    ASSERT_TRUE(other);
    EXPECT_NE(lane_of(other->sequence), lane_of(places.at(0)));
    EXPECT_EQ(place_in_lane(places.at(0)), 2);
    expect_sound(two);
}

// Their rows stay, so their numbers are taken.
TEST_F(SharedRules, GivesEachAccountANumberOfItsOwnWhenAllEntriesOfABodyAreRefused) {
    Books one(url_);
    Books two(url_);
    const auto unsound = [&](const std::string& owner) {
        Entry entry = capture(ids_.next(), 1, owner);
        entry.type = EntryType::pending;
        entry.expires = entry.recorded - std::chrono::seconds(1);
        return entry;
    };
    for (const std::string owner : {"mer_a", "mer_b"}) {
        const Entry entry = unsound(owner);
        EXPECT_TRUE(one.run<int>([&](Transaction& body) -> Result<int> {
            EXPECT_EQ(refusal_of(one.journal->post(body, entry).error()), Refusal::expiry_passed);
            return 0;
        }));
    }
    ASSERT_TRUE(two.post(capture(ids_.next(), 1, "mer_c")));
    ASSERT_TRUE(one.post(capture(ids_.next(), 1, "mer_a")));
    ASSERT_TRUE(two.post(capture(ids_.next(), 1, "mer_b")));
    EXPECT_EQ(one.balances().size(), 4U);
    EXPECT_EQ(two.net(account("mer_b", Purpose::merchant_pending)), -1);
    expect_sound(one);
}

TEST_F(SharedRules, KeepsACurrencyThatItsOwnBatchHasFixed) {
    Books books(url_);
    const AccountKey euro = account("mer_1", Purpose::merchant_pending);
    ASSERT_TRUE(books.post(capture(ids_.next(), 1)));
    const Entry yen = capture(ids_.next(), 1, "mer_1", "JPY");
    EXPECT_TRUE(books.run<int>([&](Transaction& body) -> Result<int> {
        const Result<Posted> fixed =
            books.journal->set_terms(body, ids_.next(), euro, {.currency_fixed = true}, kNow);
        if (!fixed) return fixed.error();
        const Result<Posted> posted = books.journal->post(body, yen);
        EXPECT_FALSE(posted);
        if (posted) return 0;
        EXPECT_EQ(refusal_of(posted.error()), Refusal::currency_fixed);
        return 0;
    }));
    EXPECT_EQ(books.balances().size(), 3U) << "but the provider's account has been opened";
    expect_sound(books);
}

// A refused entry leaves the row of its account, which nobody has ever posted to.
TEST_F(SharedRules, FixesACurrencyBesideAnAccountThatWasNeverUsed) {
    Books books(url_);
    Entry refused = capture(ids_.next(), 1, "mer_1", "JPY");
    refused.type = EntryType::pending;
    refused.expires = refused.recorded - std::chrono::seconds(1);
    EXPECT_TRUE(books.run<int>([&](Transaction& body) -> Result<int> {
        EXPECT_FALSE(books.journal->post(body, refused));
        return 0;
    }));
    const AccountKey euro = account("mer_1", Purpose::merchant_pending);
    EXPECT_TRUE(books.set_terms(ids_.next(), euro, {.currency_fixed = true}));
    const Result<Posted> posted = books.post(capture(ids_.next(), 1, "mer_1", "JPY"));
    ASSERT_FALSE(posted);
    EXPECT_EQ(refusal_of(posted.error()), Refusal::currency_fixed);
    expect_sound(books);
}

// One fixes the currency while another opens an account in a second one: not both.
TEST_F(SharedRules, LetsOnlyOneOfTwoFixACurrencyAndUseAnother) {
    Books one(url_);
    Books two(url_);
    const AccountKey euro = account("mer_1", Purpose::merchant_pending);
    ASSERT_TRUE(one.post(capture(ids_.next(), 1)));
    ASSERT_TRUE(one.post(capture(ids_.next(), 1, "mer_2", "JPY")));
    const Entry yen = capture(ids_.next(), 1, "mer_1", "JPY");
    const Uuid terms = ids_.next();
    std::latch has_fixed(1);
    std::atomic<int> kept{0};
    std::thread fixing([&] {
        bool first = true;
        kept += one.run<int>([&](Transaction& body) -> Result<int> {
            const Result<int> fixed =
                done(one.journal->set_terms(body, terms, euro, {.currency_fixed = true}, kNow));
            if (std::exchange(first, false)) has_fixed.count_down();
            // Long enough for the other to have asked.
            if (fixed) (void)body.query("SELECT pg_sleep(0.2)", {}, [](const Row&) {});
            return fixed;
        })
                    ? 1
                    : 0;
    });
    has_fixed.wait();
    kept += two.post(yen) ? 1 : 0;
    fixing.join();
    EXPECT_EQ(kept.load(), 1);
    expect_sound(one);
}

// The entries that another's head has signed already belong into no second one.
TEST_F(SharedRules, GoesOnBehindAHeadThatAnotherHasSigned) {
    const HeadSigner signer = test::throwaway_signer();
    const JournalOptions options{.signer = &signer, .head_every = 100};
    Books gateway(url_, options);
    Books command(url_, options);
    const auto make_head = [](Books& books) {
        return books.run<int>([&](Transaction& body) -> Result<int> {
            const Result<void> made = books.journal->make_head(body);
            return made ? Result<int>(0) : Result<int>(made.error());
        });
    };
    for (int i = 0; i < 3; ++i)
        ASSERT_TRUE(gateway.post(capture(ids_.next(), 1)));
    ASSERT_TRUE(make_head(command));
    ASSERT_TRUE(gateway.post(capture(ids_.next(), 1)));
    ASSERT_TRUE(make_head(gateway));
    ASSERT_TRUE(make_head(command));
    const VerifyReport report = gateway.verified({.trusted = {signer.public_key()}});
    EXPECT_EQ(report.heads, 2);
    for (const Finding& finding : report.findings)
        ADD_FAILURE() << finding.rule << ": " << finding.detail;
}

}  // namespace
}  // namespace causeway::ledger
