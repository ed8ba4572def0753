// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/journal.h"
#include "tests/support/books.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace causeway::ledger {
namespace {

using test::account;
using test::Books;
using test::capture;
using test::post_of;
using test::void_of;

struct TermsTest : testing::Test {
    // Moves money out of (positive) or into the wallet.
    Entry debit(std::int64_t minor_units, EntryType type = EntryType::posting) {
        Entry entry = capture(ids.next(), 1);
        entry.type = type;
        entry.lines = {{.account = wallet, .minor_units = minor_units},
                       {.account = other, .minor_units = -minor_units}};
        return entry;
    }
    Entry credit(std::int64_t minor_units, EntryType type = EntryType::posting) {
        return debit(-minor_units, type);
    }
    std::optional<Refusal> refusal(const Entry& entry) {
        const Result<Posted> posted = books.post(entry);
        return posted ? std::nullopt : refusal_of(posted.error());
    }
    void set(const AccountTerms& terms) { ASSERT_TRUE(books.set_terms(ids.next(), wallet, terms)); }
    AccountTerms terms_of(const AccountKey& key) {
        return books.read<AccountTerms>(
            [&](Transaction& snapshot) { return books.journal->terms(snapshot, key); });
    }

    test::TemporaryFolder folder;
    test::Ids ids;
    Books books{folder.url()};
    const AccountKey wallet = account("mer_1", Purpose::merchant_available);
    const AccountKey other = account("main", Purpose::bank_client);
};

TEST_F(TermsTest, OpenAnAccountAndCanBeReadBack) {
    const AccountTerms terms{.debits_within_credits = true, .currency_fixed = true};
    set(terms);
    EXPECT_EQ(terms_of(wallet), terms);
    set({});
    EXPECT_EQ(terms_of(wallet), AccountTerms{});
    EXPECT_EQ(books.balances().size(), 1U);
    ASSERT_TRUE(books.database->read([&](Transaction& snapshot) -> Result<void> {
        EXPECT_EQ(books.journal->terms(snapshot, other).error().code(), ErrorCode::not_found);
        return {};
    }));
    EXPECT_TRUE(books.verified().findings.empty());
}

// What is reserved is as good as gone: two reservations must not both count on the same money.
TEST_F(TermsTest, CountWhatIsPending) {
    set({.debits_within_credits = true});
    ASSERT_TRUE(books.post(credit(100)));
    const Entry reserved = debit(60, EntryType::pending);
    ASSERT_TRUE(books.post(reserved));
    EXPECT_EQ(refusal(debit(41)), Refusal::debits_exceed_credits);
    EXPECT_EQ(refusal(debit(41, EntryType::pending)), Refusal::debits_exceed_credits);
    ASSERT_TRUE(books.post(debit(40)));
    ASSERT_TRUE(books.post(post_of(ids.next(), reserved.id))) << "it has been counted already";
    EXPECT_EQ(books.net(wallet), 0);
    EXPECT_TRUE(books.verified().findings.empty());
}

TEST_F(TermsTest, DoNotCountWhatMayStillComeIn) {
    set({.debits_within_credits = true});
    const Entry coming = credit(100, EntryType::pending);
    ASSERT_TRUE(books.post(coming));
    EXPECT_EQ(refusal(debit(1)), Refusal::debits_exceed_credits);
    ASSERT_TRUE(books.post(post_of(ids.next(), coming.id)));
    EXPECT_EQ(refusal(debit(100)), std::nullopt);
}

TEST_F(TermsTest, GiveBackWhatIsVoided) {
    set({.debits_within_credits = true});
    ASSERT_TRUE(books.post(credit(100)));
    const Entry reserved = debit(100, EntryType::pending);
    ASSERT_TRUE(books.post(reserved));
    EXPECT_EQ(refusal(debit(1)), Refusal::debits_exceed_credits);
    ASSERT_TRUE(books.post(void_of(ids.next(), reserved.id)));
    EXPECT_EQ(refusal(debit(100)), std::nullopt);
}

TEST_F(TermsTest, HoldTheOtherSideTheSameWay) {
    set({.credits_within_debits = true});
    ASSERT_TRUE(books.post(debit(100)));
    ASSERT_TRUE(books.post(credit(60, EntryType::pending)));
    EXPECT_EQ(refusal(credit(41)), Refusal::credits_exceed_debits);
    EXPECT_EQ(refusal(credit(40)), std::nullopt);
}

// An entry is judged as a whole.
TEST_F(TermsTest, LookAtTheEndOfAnEntry) {
    set({.debits_within_credits = true});
    Entry entry = debit(100);
    entry.lines.push_back({.account = wallet, .minor_units = -100});
    entry.lines.push_back({.account = other, .minor_units = 100});
    EXPECT_EQ(refusal(entry), std::nullopt);
}

TEST_F(TermsTest, CanNotBeSetWhenTheBalanceBreaksThem) {
    ASSERT_TRUE(books.post(debit(1)));
    const Uuid id = ids.next();
    EXPECT_EQ(refusal_of(books.set_terms(id, wallet, {.debits_within_credits = true}).error()),
              Refusal::debits_exceed_credits);
    EXPECT_EQ(terms_of(wallet), AccountTerms{});
    ASSERT_TRUE(books.post(credit(2)));
    EXPECT_EQ(refusal_of(books.set_terms(id, wallet, {.credits_within_debits = true}).error()),
              Refusal::credits_exceed_debits);
    EXPECT_TRUE(books.set_terms(id, wallet, {.debits_within_credits = true})) << "the id is free";
}

// Debits and pending debits of 2^63 - 1 each add up to a small negative number in 64 bits.
TEST_F(TermsTest, AreNotFooledByTheLargestNumbers) {
    ASSERT_TRUE(books.post(debit(INT64_MAX)));
    ASSERT_TRUE(books.post(debit(INT64_MAX, EntryType::pending)));
    EXPECT_EQ(
        refusal_of(books.set_terms(ids.next(), wallet, {.debits_within_credits = true}).error()),
        Refusal::debits_exceed_credits);
}

TEST_F(TermsTest, CloseAnAccountForAllButTheReleaseOfWhatIsPending) {
    ASSERT_TRUE(books.post(credit(100)));
    const Entry voided = debit(10, EntryType::pending);
    const Entry posted = debit(20, EntryType::pending);
    Entry expiring = debit(30, EntryType::pending);
    expiring.expires = expiring.recorded + std::chrono::seconds(1);
    for (const Entry& entry : {voided, posted, expiring})
        ASSERT_TRUE(books.post(entry));
    set({.closed = true});
    EXPECT_EQ(refusal(debit(1)), Refusal::account_closed);
    EXPECT_EQ(refusal(credit(1, EntryType::pending)), Refusal::account_closed);
    EXPECT_EQ(refusal(post_of(ids.next(), posted.id)), Refusal::account_closed);
    EXPECT_EQ(refusal(void_of(ids.next(), voided.id)), std::nullopt);
    EXPECT_EQ(*books.run<std::int64_t>([&](Transaction& t) {
        return books.journal->expire(t, *expiring.expires, ids.source);
    }),
              1);
    EXPECT_EQ(books.balance(wallet).pending_debits, 20);
    set({});
    EXPECT_EQ(refusal(post_of(ids.next(), posted.id)), std::nullopt);
    EXPECT_TRUE(books.verified().findings.empty());
}

TEST_F(TermsTest, FixACurrencyForOneOwnerAndPurpose) {
    set({.currency_fixed = true});
    const auto in_dollars = [&](std::string owner, Purpose purpose) {
        Entry entry = debit(1);
        entry.lines[0].account = account(std::move(owner), purpose, "USD");
        entry.lines[1].account = account("main", Purpose::bank_client, "USD");
        return entry;
    };
    EXPECT_EQ(refusal(in_dollars("mer_1", Purpose::merchant_available)), Refusal::currency_fixed);
    EXPECT_EQ(refusal(in_dollars("mer_1", Purpose::merchant_pending)), std::nullopt);
    EXPECT_EQ(refusal(in_dollars("mer_2", Purpose::merchant_available)), std::nullopt);
    EXPECT_EQ(refusal(debit(1)), std::nullopt);
    const AccountKey second = account("mer_1", Purpose::merchant_available, "USD");
    EXPECT_EQ(refusal_of(books.set_terms(ids.next(), second, {}).error()), Refusal::currency_fixed);
    const AccountKey bank = account("main", Purpose::bank_client, "USD");
    EXPECT_EQ(refusal_of(books.set_terms(ids.next(), bank, {.currency_fixed = true}).error()),
              Refusal::currency_fixed)
        << "there is one in another currency already";
}

TEST_F(TermsTest, AnswerAgainWhenAskedLater) {
    const Uuid id = ids.next();
    const AccountTerms terms{.closed = true};
    ASSERT_TRUE(books.set_terms(id, wallet, terms));
    ASSERT_TRUE(books.set_terms(ids.next(), wallet, {}));
    const Result<Posted> again = books.set_terms(id, wallet, terms, 1'776'074'999'000'000);
    ASSERT_TRUE(again) << again.error().detail();
    EXPECT_TRUE(again->replayed);
    EXPECT_EQ(terms_of(wallet), AccountTerms{}) << "nothing has changed";
    EXPECT_EQ(refusal_of(books.set_terms(id, wallet, {}).error()), Refusal::id_reused);
    EXPECT_EQ(refusal_of(books.set_terms(id, other, terms).error()), Refusal::id_reused);
}

TEST_F(TermsTest, WantAnOwnerThatCanBeStored) {
    const auto refusal_for = [&](std::string owner) {
        return refusal_of(
            books.set_terms(ids.next(), account(std::move(owner), Purpose::dispute), {}).error());
    };
    EXPECT_EQ(refusal_for(""), Refusal::no_owner);
    EXPECT_EQ(refusal_for(std::string(256, 'o')), Refusal::text_too_long);
    EXPECT_EQ(refusal_for("mer_\xFF"), Refusal::text_not_storable);
    EXPECT_EQ(refusal_for(std::string("a\0b", 3)), Refusal::text_not_storable);
}

TEST_F(TermsTest, AreForgottenWithTheBodyThatSetThem) {
    ASSERT_TRUE(books.post(debit(1)));
    const Result<int> told = books.run<int>([&](Transaction& t) -> Result<int> {
        const Entry entry = debit(1);
        EXPECT_TRUE(
            books.journal->set_terms(t, ids.next(), wallet, {.closed = true}, entry.recorded));
        EXPECT_EQ(refusal_of(books.journal->post(t, entry).error()), Refusal::account_closed);
        return Error(ErrorCode::declined);
    });
    ASSERT_FALSE(told);
    EXPECT_EQ(refusal(debit(1)), std::nullopt);
}

TEST(AccountTerms, AreReadAsTheyAreWritten) {
    for (std::int64_t bits = 0; bits < 16; ++bits) {
        const AccountTerms terms = terms_from_bits(bits);
        EXPECT_EQ(to_bits(terms), bits);
        EXPECT_EQ(*parse_terms(to_text(terms)), terms);
    }
    EXPECT_EQ(to_text(AccountTerms{.debits_within_credits = true, .closed = true}),
              "closed,debits_within_credits");
    EXPECT_EQ(to_text(AccountTerms{}), "none");
    EXPECT_EQ(parse_terms("closed,closed").error().code(), ErrorCode::invalid_argument);
    EXPECT_EQ(parse_terms("").error().code(), ErrorCode::invalid_argument);
    EXPECT_EQ(parse_terms("shut").error().code(), ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace causeway::ledger
