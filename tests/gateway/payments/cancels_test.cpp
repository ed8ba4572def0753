// SPDX-License-Identifier: Apache-2.0
//
// What a cancel does in each state, and when the provider has something to say about it.
#include "tests/support/payment_desk.h"

#include <gtest/gtest.h>

namespace causeway::gateway {
namespace {

using connectors::OperationKind;
using connectors::ReversalReason;
using test::Answered;
using test::eur;
using test::PaymentDesk;
using test::Word;

TEST(Cancels, AnUnconfirmedPaymentWithoutAskingAnybody) {
    PaymentDesk desk;
    CreatePayment wanted = PaymentDesk::charge(eur(10'000));
    wanted.confirm = false;
    const Uuid id = desk.create(wanted).payment();
    EXPECT_EQ(desk.status(id), "requires_confirmation");
    const Answered canceled = desk.cancel(id);
    EXPECT_EQ(canceled.status(), 200);
    EXPECT_EQ(canceled.text("status"), "canceled");
    EXPECT_TRUE(desk.provider.heard().empty());
    EXPECT_EQ(desk.confirm(id).status(), 409);
    EXPECT_EQ(desk.cancel(id).status(), 409);
}

TEST(Cancels, AnAuthorisedPaymentByReversingIt) {
    PaymentDesk desk;
    const Uuid id = desk.authorised(eur(10'000));
    const Answered canceled = desk.cancel(id);
    EXPECT_EQ(canceled.status(), 200);
    EXPECT_EQ(canceled.text("status"), "canceled");
    const connectors::Operation heard = desk.provider.last_heard();
    EXPECT_EQ(heard.kind, OperationKind::reverse);
    EXPECT_EQ(heard.reason, ReversalReason::customer_cancel);
    EXPECT_EQ(heard.amount, eur(10'000));
    EXPECT_EQ(desk.provider.believes(to_text("pay", id)), test::ProviderCase{});
    EXPECT_EQ(desk.capture(id).status(), 409);
    EXPECT_TRUE(desk.balances().empty());
}

TEST(Cancels, TheRestOfAPartlyCapturedPayment) {
    PaymentDesk desk;
    const Uuid id = desk.authorised(eur(10'000));
    desk.capture(id, 4'000);
    const Answered canceled = desk.cancel(id);
    EXPECT_EQ(canceled.status(), 200);
    EXPECT_EQ(canceled.text("status"), "succeeded");
    EXPECT_EQ(desk.provider.last_heard().kind, OperationKind::release);
    EXPECT_EQ(desk.provider.last_heard().amount, eur(4'000));
    EXPECT_EQ(desk.payment(id).capturable(), 0);
    EXPECT_EQ(desk.capture(id, 1).status(), 409);
    EXPECT_EQ(desk.refund(id).status(), 201);
}

// The capture may be done already: reversing its authorisation would take money back that we book.
TEST(Cancels, NothingWhileACaptureIsUnderWay) {
    PaymentDesk desk;
    const Uuid id = desk.authorised(eur(10'000));
    desk.provider.next({Word::lost_after});
    desk.capture(id, 4'000);
    const Answered refused = desk.cancel(id);
    EXPECT_EQ(refused.status(), 409);
    EXPECT_EQ(refused.text("code"), "payment_state");
    desk.sweep_until_dry();
    EXPECT_EQ(desk.cancel(id).text("status"), "succeeded");
}

TEST(Cancels, NothingThatIsCapturedOrInDoubt) {
    PaymentDesk desk;
    EXPECT_EQ(desk.cancel(desk.captured(eur(10'000))).status(), 409);
    desk.provider.next({Word::lost_before});
    EXPECT_EQ(desk.cancel(desk.captured(eur(10'000))).status(), 409);
}

TEST(Cancels, IsProcessingUntilTheProviderAnswers) {
    PaymentDesk desk;
    const Uuid id = desk.authorised(eur(10'000));
    desk.provider.next({Word::lost_after, Word::later});
    const Answered asked = desk.cancel(id);
    EXPECT_EQ(asked.status(), 200);
    EXPECT_EQ(asked.text("status"), "processing");
    EXPECT_EQ(desk.capture(id).status(), 409);
    desk.sweep_until_dry();
    EXPECT_EQ(desk.status(id), "canceled");
    EXPECT_TRUE(desk.payment(id).last_error.empty());
}

TEST(Cancels, IsDoneWhenTheProviderKnowsNoSuchCharge) {
    PaymentDesk desk;
    const Uuid id = desk.authorised(eur(10'000));
    desk.provider.next({Word::original_not_found});
    EXPECT_EQ(desk.cancel(id).text("status"), "canceled");
}

TEST(Cancels, ARefusalLeavesThePaymentAsItWas) {
    PaymentDesk desk;
    const Uuid id = desk.authorised(eur(10'000));
    desk.provider.next({Word::decline});
    const Answered refused = desk.cancel(id);
    EXPECT_EQ(refused.status(), 402);
    EXPECT_EQ(refused.text("code"), "cancel_declined");
    EXPECT_NE(refused.text("detail").find("insufficient_funds"), std::string::npos);
    EXPECT_EQ(desk.status(id), "requires_capture");
    EXPECT_EQ(desk.capture(id).status(), 201);
    EXPECT_EQ(desk.status(id), "succeeded");
    EXPECT_EQ(desk.provider.believes(to_text("pay", id)).captured, 10'000);
}

}  // namespace
}  // namespace causeway::gateway
