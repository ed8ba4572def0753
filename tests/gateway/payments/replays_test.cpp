// SPDX-License-Identifier: Apache-2.0
//
// One key, one piece of work: over repeats, refusals and a crash at every edge.
#include "gateway/payments/outcomes.h"
#include "tests/support/payment_desk.h"

#include <gtest/gtest.h>

#include <set>

namespace causeway::gateway {
namespace {

using test::Answered;
using test::eur;
using test::PaymentDesk;
using test::Word;

TEST(Replays, GiveTheFirstAnswerByteForByteAndAskNobody) {
    PaymentDesk desk;
    const Answered first = desk.create(PaymentDesk::charge(eur(10'000)), "k1");
    desk.refund(first.payment());  // The payment looks different now; the answer does not.
    const std::size_t said = desk.provider.heard().size();
    desk.clock.advance(std::chrono::hours(1));
    const Answered again = desk.create(PaymentDesk::charge(eur(10'000)), "k1");
    EXPECT_TRUE(again.reply.replayed);
    EXPECT_FALSE(first.reply.replayed);
    EXPECT_EQ(again.status(), first.status());
    EXPECT_EQ(again.reply.body, first.reply.body);
    EXPECT_EQ(desk.provider.heard().size(), said);
    desk.restart();
    EXPECT_EQ(desk.create(PaymentDesk::charge(eur(10'000)), "k1").reply.body, first.reply.body);
}

TEST(Replays, CoverRefusals) {
    PaymentDesk desk;
    const Uuid id = desk.authorised(eur(10'000));
    const Answered refused = desk.capture(id, 10'001, false, "too much");
    EXPECT_EQ(refused.status(), 422);
    const Answered again = desk.capture(id, 10'001, false, "too much");
    EXPECT_TRUE(again.reply.replayed);
    EXPECT_EQ(again.reply.body, refused.reply.body);

    desk.provider.next({Word::decline});
    const Answered declined = desk.create(PaymentDesk::charge(eur(10'000)), "declined");
    EXPECT_EQ(declined.status(), 402);
    EXPECT_EQ(desk.create(PaymentDesk::charge(eur(10'000)), "declined").reply.body,
              declined.reply.body);
}

TEST(Replays, CoverCapturesRefundsAndCancels) {
    PaymentDesk desk;
    const Uuid id = desk.authorised(eur(10'000));
    const Answered captured = desk.capture(id, 4'000, false, "c");
    EXPECT_EQ(desk.capture(id, 4'000, false, "c").reply.body, captured.reply.body);
    const Answered refunded = desk.refund(id, 1'000, "r");
    EXPECT_EQ(desk.refund(id, 1'000, "r").reply.body, refunded.reply.body);
    const Answered canceled = desk.cancel(id, "x");
    EXPECT_EQ(desk.cancel(id, "x").reply.body, canceled.reply.body);
    EXPECT_EQ(desk.payment(id).captured, 4'000);
    EXPECT_EQ(desk.payment(id).refunded, 1'000);
}

TEST(Replays, OfAnotherRequestAreRefused) {
    PaymentDesk desk;
    desk.create(PaymentDesk::charge(eur(10'000)), "k1");
    Caller other = desk.creator("k1");
    other.idempotency->fingerprint = sha256("another body");
    const Answered refused =
        desk.ask(other, desk.creating(other, PaymentDesk::charge(eur(20'000))));
    EXPECT_EQ(refused.status(), 422);
    EXPECT_EQ(refused.text("code"), "idempotency_key_reused");
    EXPECT_EQ(desk.pending(), 9'710);
}

TEST(Replays, WhileTheFirstIsAtItAreToldToWait) {
    PaymentDesk desk;
    const Caller who = desk.creator("k1");
    desk.begin(desk.creating(who, PaymentDesk::charge(eur(10'000))));
    const Answered waiting = desk.create(PaymentDesk::charge(eur(10'000)), "k1");
    EXPECT_EQ(waiting.status(), 409);
    EXPECT_EQ(waiting.text("code"), "idempotency_key_in_flight");
    EXPECT_GT(waiting.reply.retry_after_s, 0);
    EXPECT_TRUE(desk.provider.heard().empty());
}

// The parameter: whether the provider had done it when our process died.
class CrashBetweenIntentAndOutcome : public testing::TestWithParam<bool> {};

INSTANTIATE_TEST_SUITE_P(Provider, CrashBetweenIntentAndOutcome, testing::Bool());

TEST_P(CrashBetweenIntentAndOutcome, OfAChargeIsReversedAndTheKeyAnswersAgain) {
    PaymentDesk desk;
    const Caller who = desk.creator("k1");
    Step sent = desk.begin(desk.creating(who, PaymentDesk::charge(eur(10'000))));
    ASSERT_TRUE(sent.send);
    if (GetParam()) (void)desk.provider.hear(sent.send->operation);

    const Recovered recovered = desk.restart();
    EXPECT_EQ(recovered.operations, 1);
    EXPECT_EQ(recovered.doubtful, 1);
    EXPECT_EQ(recovered.requests, 1);
    EXPECT_EQ(desk.suspense(), 10'000);
    const Answered replay = desk.create(PaymentDesk::charge(eur(10'000)), "k1");
    EXPECT_EQ(replay.status(), 201);
    EXPECT_TRUE(replay.reply.replayed);
    EXPECT_EQ(replay.text("status"), "processing");
    desk.sweep();
    EXPECT_EQ(desk.status(replay.payment()), "failed");
    EXPECT_EQ(desk.provider.believes(replay.text("id")), test::ProviderCase{});
    EXPECT_TRUE(desk.nothing_in_suspense());
}

TEST_P(CrashBetweenIntentAndOutcome, OfACaptureIsRepeatedAndHappensOnce) {
    PaymentDesk desk;
    const Uuid id = desk.authorised(eur(10'000));
    Step sent = desk.begin(desk.capturing(desk.capturer("c1"), id, {{}, 4'000, false}));
    if (GetParam()) (void)desk.provider.hear(sent.send->operation);
    const Recovered recovered = desk.restart();
    EXPECT_EQ(recovered.doubtful, 0);
    const Answered replay = desk.capture(id, 4'000, false, "c1");
    EXPECT_TRUE(replay.reply.replayed);
    EXPECT_EQ(replay.status(), 201);
    EXPECT_EQ(replay.text("status"), "pending");
    EXPECT_EQ(desk.sweep(), 1);
    EXPECT_TRUE(desk.provider.last_heard().repeat);
    EXPECT_EQ(desk.payment(id).captured, 4'000);
    EXPECT_EQ(desk.provider.believes(to_text("pay", id)).captured, 4'000);
}

TEST_P(CrashBetweenIntentAndOutcome, OfARefundIsReversed) {
    PaymentDesk desk;
    const Uuid id = desk.captured(eur(10'000));
    const Caller who = desk.refunder("r1");
    Step sent = desk.begin(desk.refunding(who, {.payment = id, .amount = 4'000, .reason = {}}));
    if (GetParam()) (void)desk.provider.hear(sent.send->operation);
    EXPECT_EQ(desk.restart().doubtful, 1);
    const Answered replay = desk.refund(id, 4'000, "r1");
    EXPECT_TRUE(replay.reply.replayed);
    EXPECT_EQ(replay.text("status"), "pending");
    desk.sweep();
    EXPECT_EQ(desk.payment(id).refunding, 0);
    EXPECT_EQ(desk.provider.believes(to_text("pay", id)).refunded, 0);
    EXPECT_TRUE(desk.nothing_in_suspense());
}

TEST_P(CrashBetweenIntentAndOutcome, OfACancelGoesOn) {
    PaymentDesk desk;
    const Uuid id = desk.authorised(eur(10'000));
    Step sent = desk.begin(desk.canceling(desk.canceler("x1"), id));
    if (GetParam()) (void)desk.provider.hear(sent.send->operation);
    desk.restart();
    const Answered replay = desk.cancel(id, "x1");
    EXPECT_TRUE(replay.reply.replayed);
    EXPECT_EQ(replay.status(), 200);
    desk.sweep();
    EXPECT_EQ(desk.status(id), "canceled");
    EXPECT_EQ(desk.provider.believes(to_text("pay", id)), test::ProviderCase{});
}

TEST(Replays, OfACrashAfterTheDeclineStillSayDeclined) {
    PaymentDesk desk;
    const Caller who = desk.creator("k1");
    Step sent = desk.begin(desk.creating(who, PaymentDesk::charge(eur(10'000))));
    // The janitor of another process writes the outcome; ours dies before it answers.
    desk.provider.next({Word::decline});
    const OperationRow row = sent.send->row;
    const Result<connectors::Answer> no = desk.provider.hear(sent.send->operation);
    desk.begin([&](ledger::Transaction& tx) {
        return apply_outcome(tx, desk.service->shop(), std::nullopt, row, no);
    });
    // Whoever writes the outcome answers the request with it: nothing is left for the restart.
    EXPECT_EQ(desk.restart().requests, 0);
    const Answered replay = desk.create(PaymentDesk::charge(eur(10'000)), "k1");
    EXPECT_EQ(replay.status(), 402);
    EXPECT_EQ(replay.text("decline_code"), "insufficient_funds");
}

TEST(Replays, AreKeptTwoDays) {
    PaymentDesk desk;
    const Answered first = desk.create(PaymentDesk::charge(eur(10'000)), "k1");
    desk.clock.advance(std::chrono::hours(48));
    desk.restart();
    EXPECT_EQ(desk.create(PaymentDesk::charge(eur(10'000)), "k1").payment(), first.payment());
    desk.clock.advance(std::chrono::seconds(1));
    desk.restart();
    EXPECT_NE(desk.create(PaymentDesk::charge(eur(10'000)), "k1").payment(), first.payment());
}

TEST(Replays, NumbersGoOnAfterARestart) {
    PaymentDesk desk;
    desk.captured(eur(100));
    desk.restart();
    desk.captured(eur(100));
    std::set<std::string> references;
    for (const connectors::Operation& one : desk.provider.heard())
        EXPECT_TRUE(references.insert(one.reference).second) << one.reference;
    EXPECT_EQ(references.size(), 4U);
}

}  // namespace
}  // namespace causeway::gateway
