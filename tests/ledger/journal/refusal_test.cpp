// SPDX-License-Identifier: Apache-2.0
//
// Every refusal there is, brought about through the journal's own functions.
#include "ledger/journal/refusal.h"

#include "ledger/journal/journal.h"
#include "tests/support/books.h"
#include "tests/support/case_name.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace causeway::ledger {
namespace {

using test::account;
using test::capture;
using test::post_of;
using test::reservation;
using test::void_of;

constexpr std::int64_t kMax = INT64_MAX;
constexpr std::int64_t kMin = INT64_MIN;
constexpr int kRefusals = static_cast<int>(Refusal::balance_overflow) + 1;

/// Books in which each kind of pending entry is there.
struct Scene {
    Scene() {
        EXPECT_TRUE(books.post(reservation(open, 100)));
        EXPECT_TRUE(books.post(reservation(posted, 100)));
        EXPECT_TRUE(books.post(post_of(ids.next(), posted)));
        EXPECT_TRUE(books.post(reservation(voided, 100)));
        EXPECT_TRUE(books.post(void_of(ids.next(), voided)));
        EXPECT_TRUE(books.post(reservation(expiring, 100, expiry())));
        EXPECT_TRUE(books.post(capture(plain, 100)));
        EXPECT_TRUE(books.set_terms(ids.next(), closed, {.closed = true}));
        EXPECT_TRUE(books.set_terms(ids.next(), fixed, {.currency_fixed = true}));
        EXPECT_TRUE(books.set_terms(ids.next(), debtor, {.credits_within_debits = true}));
        EXPECT_TRUE(books.set_terms(ids.next(), creditor, {.debits_within_credits = true}));
    }
    [[nodiscard]] Timestamp expiry() { return capture(ids.next(), 1).recorded + one_hour; }

    /// An entry between two accounts of one purpose.
    Entry transfer(const AccountKey& debit, const AccountKey& credit, std::int64_t minor_units) {
        Entry entry = capture(ids.next(), minor_units);
        entry.lines = {{.account = debit, .minor_units = minor_units},
                       {.account = credit, .minor_units = -minor_units}};
        return entry;
    }
    Entry simple() { return capture(ids.next(), 100); }

    const std::chrono::hours one_hour{1};
    test::TemporaryFolder folder;
    test::Ids ids;
    test::Books books{folder.url()};
    const Uuid open = ids.next();
    const Uuid posted = ids.next();
    const Uuid voided = ids.next();
    const Uuid expiring = ids.next();
    const Uuid plain = ids.next();
    const AccountKey provider = account("card", Purpose::provider_receivable);
    const AccountKey merchant = account("mer_1", Purpose::merchant_pending);
    const AccountKey stranger = account("mer_9", Purpose::suspense);
    const AccountKey closed = account("mer_closed", Purpose::dispute);
    const AccountKey fixed = account("mer_fixed", Purpose::dispute);
    const AccountKey debtor = account("mer_debtor", Purpose::dispute);
    const AccountKey creditor = account("mer_creditor", Purpose::dispute);
};

struct RefusalCase {
    const char* name;
    Refusal refusal;
    ErrorCode code;
    Entry (*entry)(Scene& scene);
};

// Hands `spoil` a sound entry.
template <class Spoil>
Entry spoilt(Scene& scene, Spoil spoil) {
    Entry entry = scene.simple();
    spoil(entry);
    return entry;
}

constexpr ErrorCode kNever = ErrorCode::invalid_argument;
constexpr ErrorCode kNow = ErrorCode::conflict;
constexpr ErrorCode kLimit = ErrorCode::limit_exceeded;

// NOLINTNEXTLINE(cert-err58-cpp): a test may end when its table can not be made
const std::vector<RefusalCase> kCases{
    {"NoLines",
     Refusal::too_few_lines,
     kNever,
     [](Scene& s) { return spoilt(s, [](Entry& e) { e.lines.clear(); }); }},
    {"OneLine",
     Refusal::too_few_lines,
     kNever,
     [](Scene& s) { return spoilt(s, [](Entry& e) { e.lines.pop_back(); }); }},
    {"OneLineOfAPost",
     Refusal::too_few_lines,
     kNever,
     [](Scene& s) {
         return post_of(s.ids.next(), s.open, {{s.provider, 5}});
     }},
    {"AThousandAndTwoLines",
     Refusal::too_many_lines,
     kNever,
     [](Scene& s) {
         return spoilt(s, [](Entry& e) {
             const std::vector<Line> pair = e.lines;
             for (int i = 0; i < 500; ++i)
                 e.lines.insert(e.lines.end(), pair.begin(), pair.end());
         });
     }},
    {"NoKind",
     Refusal::no_kind,
     kNever,
     [](Scene& s) { return spoilt(s, [](Entry& e) { e.kind.clear(); }); }},
    {"NoOwner",
     Refusal::no_owner,
     kNever,
     [](Scene& s) { return spoilt(s, [](Entry& e) { e.lines[0].account.owner.clear(); }); }},
    {"LongKind",
     Refusal::text_too_long,
     kNever,
     [](Scene& s) { return spoilt(s, [](Entry& e) { e.kind = std::string(65, 'k'); }); }},
    {"LongReference",
     Refusal::text_too_long,
     kNever,
     [](Scene& s) { return spoilt(s, [](Entry& e) { e.reference = std::string(256, 'r'); }); }},
    {"LongOwner",
     Refusal::text_too_long,
     kNever,
     [](Scene& s) {
         return spoilt(s, [](Entry& e) { e.lines[1].account.owner = std::string(256, 'o'); });
     }},
    {"NulInTheReference",
     Refusal::text_not_storable,
     kNever,
     [](Scene& s) { return spoilt(s, [](Entry& e) { e.reference = std::string("a\0b", 3); }); }},
    {"BrokenOwner",
     Refusal::text_not_storable,
     kNever,
     [](Scene& s) { return spoilt(s, [](Entry& e) { e.lines[1].account.owner = "mer_\xFF"; }); }},
    {"AZeroLine",
     Refusal::zero_line,
     kNever,
     [](Scene& s) { return spoilt(s, [&](Entry& e) {
                        e.lines.push_back({s.stranger, 0});
                    }); }},
    {"OneUnitOff",
     Refusal::unbalanced,
     kNever,
     [](Scene& s) { return spoilt(s, [](Entry& e) { e.lines[0].minor_units += 1; }); }},
    {"TwoCurrencies",
     Refusal::unbalanced,
     kNever,
     [](Scene& s) {
         return spoilt(s,
                       [](Entry& e) { e.lines[0].account.currency = *Currency::from_code("USD"); });
     }},
    // Client money that pays a fee without saying so.
    {"TwoFunds",
     Refusal::unbalanced,
     kNever,
     [](Scene& s) {
         return spoilt(s, [](Entry& e) { e.lines[0].account.purpose = Purpose::fee_revenue; });
     }},
    // In 64 bits these three add up to zero.
    {"AWrappedSum",
     Refusal::unbalanced,
     kNever,
     [](Scene& s) {
         return spoilt(s, [](Entry& e) {
             const AccountKey key = e.lines[0].account;
             e.lines = {{key, kMax}, {key, kMax}, {key, 2}};
         });
     }},
    {"AnUnbalancedPart",
     Refusal::unbalanced,
     kNever,
     [](Scene& s) {
         return post_of(s.ids.next(), s.open, {{s.provider, 5}, {s.merchant, -4}});
     }},
    {"AnExpiryByHand",
     Refusal::type_not_allowed,
     kNever,
     [](Scene& s) {
         Entry entry = void_of(s.ids.next(), s.open);
         entry.type = EntryType::expire_pending;
         return entry;
     }},
    {"TermsByHand",
     Refusal::type_not_allowed,
     kNever,
     [](Scene& s) { return spoilt(s, [](Entry& e) { e.type = EntryType::account_terms; }); }},
    {"APostOfNothing",
     Refusal::pending_not_named,
     kNever,
     [](Scene& s) { return spoilt(s, [](Entry& e) { e.type = EntryType::post_pending; }); }},
    {"APostingThatNamesOne",
     Refusal::pending_not_allowed,
     kNever,
     [](Scene& s) { return spoilt(s, [&](Entry& e) { e.pending = s.open; }); }},
    {"APostingThatExpires",
     Refusal::expiry_not_allowed,
     kNever,
     [](Scene& s) { return spoilt(s, [&](Entry& e) { e.expires = s.expiry(); }); }},
    {"BornExpired",
     Refusal::expiry_passed,
     kNever,
     [](Scene& s) { return reservation(s.ids.next(), 100, s.simple().recorded); }},
    {"AVoidWithLines",
     Refusal::lines_not_allowed,
     kNever,
     [](Scene& s) {
         Entry entry = void_of(s.ids.next(), s.open);
         entry.lines = s.simple().lines;
         return entry;
     }},
    {"APostElsewhere",
     Refusal::line_not_pending,
     kNever,
     [](Scene& s) {
         return post_of(s.ids.next(), s.open, {{s.stranger, 5}, {s.merchant, -5}});
     }},
    {"IdOfAnother", Refusal::id_reused, kNow, [](Scene& s) { return capture(s.plain, 101); }},
    {"AClosedAccount",
     Refusal::account_closed,
     kNow,
     [](Scene& s) { return s.transfer(s.closed, s.stranger, 1); }},
    {"ASecondCurrency",
     Refusal::currency_fixed,
     kNow,
     [](Scene& s) {
         return s.transfer(account(s.fixed.owner, s.fixed.purpose, "USD"),
                           account("mer_9", Purpose::suspense, "USD"),
                           1);
     }},
    {"NoSuchPending",
     Refusal::pending_unknown,
     kNow,
     [](Scene& s) { return post_of(s.ids.next(), s.ids.next()); }},
    {"NoPendingEntry",
     Refusal::not_pending,
     kNow,
     [](Scene& s) { return void_of(s.ids.next(), s.plain); }},
    {"PostedAlready",
     Refusal::pending_posted,
     kNow,
     [](Scene& s) { return void_of(s.ids.next(), s.posted); }},
    {"VoidedAlready",
     Refusal::pending_voided,
     kNow,
     [](Scene& s) { return post_of(s.ids.next(), s.voided); }},
    {"TooLate",
     Refusal::pending_expired,
     ErrorCode::expired,
     [](Scene& s) {
         Entry entry = post_of(s.ids.next(), s.expiring);
         entry.recorded = s.expiry();
         return entry;
     }},
    {"MoreThanTheCredits",
     Refusal::debits_exceed_credits,
     kLimit,
     [](Scene& s) { return s.transfer(s.creditor, s.stranger, 1); }},
    {"MoreThanTheDebits",
     Refusal::credits_exceed_debits,
     kLimit,
     [](Scene& s) { return s.transfer(s.stranger, s.debtor, 1); }},
    {"MoreThanIsPending",
     Refusal::pending_exceeded,
     kLimit,
     [](Scene& s) {
         return post_of(s.ids.next(), s.open, {{s.provider, 101}, {s.merchant, -101}});
     }},
    // The other side of an account is another amount.
    {"TheOtherWayRound",
     Refusal::pending_exceeded,
     kLimit,
     [](Scene& s) {
         return post_of(s.ids.next(), s.open, {{s.provider, -5}, {s.merchant, 5}});
     }},
    {"OverTheLargestNumber",
     Refusal::balance_overflow,
     ErrorCode::amount_overflow,
     [](Scene& s) { return capture(s.ids.next(), kMax); }},
    {"TheSmallestNumber",
     Refusal::balance_overflow,
     ErrorCode::amount_overflow,
     [](Scene& s) {
         return spoilt(s, [](Entry& e) {
             const AccountKey key = e.lines[0].account;
             e.lines = {{key, kMin}, {key, kMax}, {key, 1}};
         });
     }},
};

class JournalRefuses : public testing::TestWithParam<RefusalCase> {};

TEST_P(JournalRefuses, AndKeepsNothing) {
    Scene scene;
    const std::vector<AccountBalance> before = scene.books.balances();
    const Entry entry = GetParam().entry(scene);
    const Result<Posted> posted = scene.books.post(entry);
    ASSERT_FALSE(posted);
    EXPECT_EQ(refusal_of(posted.error()), GetParam().refusal) << posted.error().detail();
    EXPECT_EQ(posted.error().code(), GetParam().code);
    EXPECT_EQ(code_of(GetParam().refusal), GetParam().code);
    const std::vector<AccountBalance> after = scene.books.balances();
    const auto same = [](const AccountBalance& a, const AccountBalance& b) {
        return a.account == b.account && a.balance == b.balance;
    };
    EXPECT_TRUE(std::ranges::equal(before, after, same));
    // Nor has it left anything behind that the next one would stumble over.
    EXPECT_TRUE(scene.books.post(scene.simple()));
    EXPECT_TRUE(scene.books.verified().findings.empty());
}

INSTANTIATE_TEST_SUITE_P(Entry,
                         JournalRefuses,
                         testing::ValuesIn(kCases),
                         test::case_name<RefusalCase>);

TEST(Refusal, HasACaseForEachOfTheList) {
    for (int i = 0; i < kRefusals; ++i) {
        const auto refusal = static_cast<Refusal>(i);
        EXPECT_TRUE(std::ranges::any_of(kCases, [&](const RefusalCase& one) {
            return one.refusal == refusal;
        })) << to_string(refusal);
    }
}

TEST(Refusal, IsKnownAgainByItsError) {
    for (int i = 0; i < kRefusals; ++i) {
        const auto refusal = static_cast<Refusal>(i);
        const Error error = refused(refusal, "je_1: and more: colons");
        EXPECT_EQ(refusal_of(error), refusal);
        EXPECT_EQ(error.detail(), std::string(to_string(refusal)) + ": je_1: and more: colons");
    }
    EXPECT_FALSE(refusal_of(Error(ErrorCode::conflict, "something else")));
    EXPECT_FALSE(refusal_of(Error(ErrorCode::storage, "id_reused: of another code")));
    EXPECT_FALSE(refusal_of(Error(ErrorCode::conflict)));
}

}  // namespace
}  // namespace causeway::ledger
