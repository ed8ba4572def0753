// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/recovery.h"

#include "gateway/payments/outcomes.h"
#include "tests/support/payment_desk.h"

#include <gtest/gtest.h>

namespace causeway::gateway {
namespace {

using test::eur;
using test::PaymentDesk;

// The doubt was posted with every start, and the operation stayed as it was.
TEST(Recovery, DoubtsAChargeOfAConnectorThatIsGoneOnceItIsBack) {
    PaymentDesk desk;
    const Caller who = desk.creator("k1");
    desk.begin(desk.creating(who, PaymentDesk::charge(eur(10'000))));
    desk.is_configured = false;
    for (int starts = 0; starts < 3; ++starts) {
        EXPECT_EQ(desk.restart().doubtful, 1);
        EXPECT_TRUE(desk.nothing_in_suspense());
        EXPECT_EQ(desk.open_operations(), 1);
    }
    desk.is_configured = true;
    desk.restart();
    EXPECT_EQ(desk.suspense(), 10'000);
    desk.sweep_until_dry();
    EXPECT_TRUE(desk.nothing_in_suspense());
    EXPECT_TRUE(desk.books_are_clean());
    EXPECT_TRUE(desk.create(PaymentDesk::charge(eur(10'000)), "k1").reply.replayed);
}

TEST(Recovery, OnAFileTakesEverythingUp) {
    PaymentDesk desk;
    const Uuid id = desk.authorised(eur(10'000));
    const Caller capturer = desk.capturer("k1");
    desk.begin(desk.capturing(capturer, id, {{}, 4'000, false}));
    const Caller refunder = desk.refunder("k2");
    const Uuid paid = desk.captured(eur(5'000));
    desk.begin(desk.refunding(refunder, {.payment = paid, .amount = 1'000, .reason = {}}));
    const Recovered recovered = desk.restart();
    EXPECT_EQ(recovered.operations, 2);
    EXPECT_EQ(recovered.doubtful, 1) << "the refund; a capture may be said twice";
    EXPECT_EQ(recovered.requests, 2);
    desk.sweep_until_dry();
    EXPECT_EQ(desk.payment(id).captured, 4'000);
    EXPECT_EQ(desk.payment(paid).refunding, 0);
    EXPECT_TRUE(desk.capture(id, 4'000, false, "k1").reply.replayed);
    EXPECT_TRUE(desk.refund(paid, 1'000, "k2").reply.replayed);
}

// The process lives on, but what it heard could not be stored: the janitor ends the operation, and
// the shop would get its 409 until the next restart.
class LostOutcome : public testing::Test {
  protected:
    // The request's first step, and then the janitor.
    void cut_off(const PaymentDesk::Body& first) {
        desk.begin(first);
        desk.clock.advance(std::chrono::minutes(10));
        desk.sweep();
        desk.sweep_until_dry();
    }

    PaymentDesk desk{20260413, {.increments = true}};
    Uuid id = desk.authorised(eur(10'000));
};

TEST_F(LostOutcome, OfACancelAnswersItsKey) {
    cut_off(desk.canceling(desk.canceler("k1"), id));
    const test::Answered again = desk.cancel(id, "k1");
    EXPECT_TRUE(again.reply.replayed) << again.reply.body;
    EXPECT_EQ(again.text("status"), "canceled");
}

TEST_F(LostOutcome, OfACancelOfTheRestAnswersItsKey) {
    desk.capture(id, 4'000);
    cut_off(desk.canceling(desk.canceler("k1"), id));
    const test::Answered again = desk.cancel(id, "k1");
    EXPECT_TRUE(again.reply.replayed) << again.reply.body;
    EXPECT_EQ(again.text("status"), "succeeded");
}

TEST_F(LostOutcome, OfAnIncrementAnswersItsKey) {
    const Caller who = desk.caller("POST /v1/payments/{id}/increment", "k1");
    const PaymentDesk::Body raise = [&](ledger::Transaction& tx) {
        return increase_payment(tx, desk.service->shop(), who, id, {.amount = 12'000});
    };
    cut_off(raise);
    const test::Answered again = desk.ask(who, raise);
    EXPECT_TRUE(again.reply.replayed) << again.reply.body;
    EXPECT_EQ(desk.payment(id).increasing, 0);
}

TEST_F(LostOutcome, OfTheCaptureInsideOfAPaymentAnswersThePaymentsKey) {
    const Caller who = desk.creator("k1");
    const PaymentDesk::Body pay = desk.creating(who, PaymentDesk::charge(eur(5'000)));
    const Step authorising = desk.begin(pay);
    cut_off([&](ledger::Transaction& tx) {
        const Result<connectors::Answer> yes(connectors::Answer{.approved = true});
        return apply_outcome(tx, desk.service->shop(), who, authorising.send->row, yes);
    });
    const test::Answered again = desk.ask(who, pay);
    EXPECT_TRUE(again.reply.replayed) << again.reply.body;
    EXPECT_EQ(again.text("status"), "succeeded");
}

// A capture that the janitor repeats says nothing of an increment that somebody is sending.
TEST_F(LostOutcome, OfOneRequestLeavesTheOthersAlone) {
    const Caller capturer = desk.capturer("k1");
    desk.begin(desk.capturing(capturer, id, {{}, 4'000, false}));
    desk.clock.advance(std::chrono::minutes(10));
    const Caller who = desk.caller("POST /v1/payments/{id}/increment", "k2");
    const PaymentDesk::Body raise = [&](ledger::Transaction& tx) {
        return increase_payment(tx, desk.service->shop(), who, id, {.amount = 12'000});
    };
    desk.begin(raise);
    desk.sweep();
    EXPECT_TRUE(desk.capture(id, 4'000, false, "k1").reply.replayed);
    EXPECT_EQ(desk.ask(who, raise).text("code"), "idempotency_key_in_flight");
}

}  // namespace
}  // namespace causeway::gateway
