// SPDX-License-Identifier: Apache-2.0
//
// How a receipt is shared, without a database: named cases, and what holds for all of them.
#include "gateway/collections/receipt_rules.h"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>
#include <string>

namespace causeway::gateway {
namespace {

using connectors::CollectionTerms;
using ledger::Currency;
using ledger::Money;

Money brl(std::int64_t centavos) {
    return {centavos, *Currency::from_code("BRL")};
}

Day day(int number) {
    return *parse_day("2026-04-10") + std::chrono::days(number);
}

// R$ 100.00 due on day 3, open to the end of day 5; 2 % fine, 1 % a month, 5 % off until day 1.
Collectable asked() {
    CollectionTerms terms;
    terms.issued_on = day(0);
    terms.due_on = day(3);
    terms.open_until = Timestamp(day(6));
    terms.fine_bps = 200;
    terms.interest_month_bps = 100;
    terms.discount_bps = 500;
    terms.discount_until = day(1);
    return {.terms = terms, .face = brl(10'000), .last_day = day(5)};
}

struct Case {
    std::string name;
    std::int64_t amount;
    int paid_on;
    ReceiptReason reason;
    std::int64_t credited;
    std::int64_t surcharge;
    std::int64_t apart;
    bool completes;
};

std::string name_of(const testing::TestParamInfo<Case>& info) {
    return info.param.name;
}

class SharesAReceipt : public testing::TestWithParam<Case> {};

TEST_P(SharesAReceipt, ByWhatWasDueOnItsDay) {
    const Case& expected = GetParam();
    const Result<ReceiptShares> shares =
        share_receipt(asked(), {}, brl(expected.amount), day(expected.paid_on));
    ASSERT_TRUE(shares);
    EXPECT_EQ(shares->reason, expected.reason) << to_string(shares->reason);
    EXPECT_EQ(shares->credited, expected.credited);
    EXPECT_EQ(shares->surcharge, expected.surcharge);
    EXPECT_EQ(shares->apart, expected.apart);
    EXPECT_EQ(shares->completes, expected.completes);
}

using R = ReceiptReason;
// A day's interest of R$ 100.00 at 1 % a month is 3 centavos; the fine is R$ 2.00.
INSTANTIATE_TEST_SUITE_P(
    Named,
    SharesAReceipt,
    testing::Values(Case{"Exact", 10'000, 3, R::exact, 10'000, 0, 0, true},
                    Case{"Discounted", 9'500, 1, R::discounted, 9'500, 0, 0, true},
                    Case{"DiscountNotTaken", 10'000, 1, R::exact, 10'000, 0, 0, true},
                    Case{"DiscountTakenTooLate", 9'500, 2, R::short_payment, 0, 0, 9'500, false},
                    Case{"FineAndTwoDays", 10'206, 5, R::with_interest, 10'000, 206, 0, true},
                    Case{"LateWithoutInterest", 10'000, 5, R::exact, 10'000, 0, 0, true},
                    Case{"SomeOfTheFine", 10'100, 4, R::with_interest, 10'000, 100, 0, true},
                    Case{"TooMuch", 10'001, 3, R::excess, 10'000, 0, 1, true},
                    Case{"TooMuchAndLate", 10'204, 4, R::excess, 10'000, 203, 1, true},
                    Case{"TooLittle", 9'999, 3, R::short_payment, 0, 0, 9'999, false},
                    Case{"AfterItsEnd", 10'000, 6, R::late, 10'000, 0, 0, true}),
    name_of);

TEST(ReceiptRules, HoldALatePaymentWhenToldTo) {
    const Result<ReceiptShares> shares =
        share_receipt(asked(), {.late = ReceiptPolicy::hold}, brl(10'000), day(6));
    ASSERT_TRUE(shares);
    EXPECT_EQ(shares->reason, ReceiptReason::late);
    EXPECT_EQ(shares->apart, 10'000);
    EXPECT_FALSE(shares->refunds);
}

TEST(ReceiptRules, CreditAPartAndThenTheRest) {
    const ReceiptPolicies policies{.short_payment = ReceiptPolicy::credit};
    Collectable payment = asked();
    const Result<ReceiptShares> part = share_receipt(payment, policies, brl(4'000), day(2));
    ASSERT_TRUE(part);
    EXPECT_EQ(part->credited, 4'000);
    EXPECT_FALSE(part->completes);
    payment.captured = 4'000;
    const Result<ReceiptShares> rest = share_receipt(payment, policies, brl(6'000), day(2));
    ASSERT_TRUE(rest);
    EXPECT_EQ(rest->credited, 6'000);
    EXPECT_TRUE(rest->completes);
}

TEST(ReceiptRules, SendTheSecondPaymentBackWhenToldTo) {
    Collectable payment = asked();
    payment.captured = 10'000;
    payment.paid = true;
    const Result<ReceiptShares> shares =
        share_receipt(payment, {.duplicate = ReceiptPolicy::refund}, brl(10'000), day(2));
    ASSERT_TRUE(shares);
    EXPECT_EQ(shares->reason, ReceiptReason::duplicate);
    EXPECT_EQ(shares->apart, 10'000);
    EXPECT_TRUE(shares->refunds);
}

TEST(ReceiptRules, KeepWhatHasNoRateApart) {
    Collectable payment = asked();
    payment.converted = true;
    const Result<ReceiptShares> late = share_receipt(payment, {}, brl(10'000), day(4));
    ASSERT_TRUE(late);
    EXPECT_EQ(late->reason, ReceiptReason::rate_over);
    EXPECT_EQ(late->apart, 10'000);
    const Result<ReceiptShares> requoted =
        share_receipt(payment, {.late_rate = LateRate::requote}, brl(10'203), day(4));
    ASSERT_TRUE(requoted);
    EXPECT_TRUE(requoted->requotes);
    EXPECT_EQ(requoted->credited, 10'000);
    EXPECT_EQ(requoted->apart, 203);
    const Result<ReceiptShares> excess =
        share_receipt(payment, {.excess = ReceiptPolicy::credit}, brl(10'500), day(3));
    ASSERT_TRUE(excess);
    EXPECT_EQ(excess->surcharge, 0);
    EXPECT_EQ(excess->apart, 500);
}

ReceiptPolicy any_policy() {
    return *rc::gen::element(ReceiptPolicy::credit, ReceiptPolicy::hold, ReceiptPolicy::refund);
}

RC_GTEST_PROP(ReceiptRules, ShareEveryCentavoOnceAndNeverCreditMoreThanTheFace, ()) {
    Collectable payment = asked();
    payment.captured = *rc::gen::inRange(0, 10'000);
    payment.paid = *rc::gen::arbitrary<bool>();
    payment.dead = *rc::gen::arbitrary<bool>();
    payment.converted = *rc::gen::arbitrary<bool>();
    const ReceiptPolicies policies{
        .short_payment = any_policy(),
        .excess = any_policy(),
        .late = any_policy(),
        .duplicate = *rc::gen::element(ReceiptPolicy::hold, ReceiptPolicy::refund),
        .late_rate = *rc::gen::element(LateRate::requote, LateRate::hold, LateRate::refund)};
    const std::int64_t amount = *rc::gen::inRange<std::int64_t>(1, 30'000);
    const Result<ReceiptShares> shares =
        share_receipt(payment, policies, brl(amount), day(*rc::gen::inRange(0, 9)));
    RC_ASSERT(shares.has_value());
    RC_ASSERT(shares->credited + shares->surcharge + shares->apart == amount);
    RC_ASSERT(shares->credited >= 0 && shares->surcharge >= 0 && shares->apart >= 0);
    RC_ASSERT(payment.captured + shares->credited <= 10'000);
    RC_ASSERT(!payment.converted || shares->surcharge == 0);
    RC_ASSERT(!(payment.paid || payment.dead) || shares->apart == amount);
    RC_ASSERT(!shares->refunds || shares->apart > 0);
}

}  // namespace
}  // namespace causeway::gateway
