// SPDX-License-Identifier: Apache-2.0
//
// An authorisation that has grown goes back whole: a provider that is told of less keeps the rest
// of the buyer's money blocked.
#include "tests/support/payment_desk.h"

#include <gtest/gtest.h>

namespace causeway::gateway {
namespace {

using connectors::Operation;
using connectors::OperationKind;
using test::Answered;
using test::eur;
using test::PaymentDesk;
using test::Word;

class Increased : public testing::Test {
  protected:
    void expect_all_of_it_reversed() {
        const Operation reversal = desk.provider.last_heard();
        EXPECT_EQ(reversal.kind, OperationKind::reverse);
        EXPECT_EQ(reversal.amount, eur(15'000));
        ASSERT_TRUE(reversal.original);
        EXPECT_EQ(reversal.original->kind, OperationKind::authorise);
        EXPECT_EQ(reversal.original->amount, eur(15'000));
        EXPECT_EQ(desk.provider.believes(to_text("pay", id)), test::ProviderCase{});
        EXPECT_FALSE(desk.provider.overdrawn());
    }

    PaymentDesk desk{1, {.increments = true, .authorisation_valid = std::chrono::hours(1)}};
    Uuid id = desk.authorised(eur(10'000));
    Answered raised = desk.increase(id, 15'000);
};

TEST_F(Increased, IsReversedWholeByACancel) {
    ASSERT_EQ(raised.number("amount_capturable"), 15'000);
    EXPECT_EQ(desk.cancel(id).text("status"), "canceled");
    expect_all_of_it_reversed();
}

TEST_F(Increased, IsReversedWholeByARepeatOfTheCancel) {
    desk.provider.next({Word::lost_before});
    desk.cancel(id);
    desk.sweep_until_dry();
    EXPECT_TRUE(desk.provider.last_heard().repeat);
    expect_all_of_it_reversed();
}

TEST_F(Increased, IsReversedWholeByARefundOfNothingCaptured) {
    EXPECT_EQ(desk.refund(id).number("amount"), 15'000);
    expect_all_of_it_reversed();
}

TEST_F(Increased, IsReversedWholeWhenItExpires) {
    desk.clock.advance(std::chrono::hours(2));
    EXPECT_EQ(desk.expire(), 1);
    desk.sweep();
    EXPECT_EQ(desk.status(id), "expired");
    expect_all_of_it_reversed();
}

TEST_F(Increased, IsCapturedAndReleasedAsTheWhole) {
    desk.capture(id, 12'000, true);
    EXPECT_EQ(desk.provider.last_heard().original->amount, eur(15'000));
    desk.sweep();
    EXPECT_EQ(desk.provider.last_heard().kind, OperationKind::release);
    EXPECT_EQ(desk.provider.last_heard().amount, eur(12'000));
    EXPECT_EQ(desk.provider.last_heard().original->amount, eur(15'000));
}

}  // namespace
}  // namespace causeway::gateway
