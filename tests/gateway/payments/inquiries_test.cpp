// SPDX-License-Identifier: Apache-2.0
//
// A provider that can be asked is asked until it answers; a person may decide before; and an
// authorisation neither lasts for ever nor stays as it was.
#include "gateway/payments/outcomes.h"
#include "tests/support/case_name.h"
#include "tests/support/payment_desk.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace causeway::gateway {
namespace {

using connectors::Fate;
using connectors::Notice;
using connectors::NoticeKind;
using test::Answered;
using test::eur;
using test::PaymentDesk;
using test::ProviderCase;
using test::Word;

test::ScriptedSides asked() {
    test::ScriptedSides sides;
    sides.inquiry = true;
    return sides;
}

TEST(Inquiry, FindsThatTheChargeWasDoneAndGoesOn) {
    PaymentDesk desk(1, asked());
    desk.provider.next({Word::lost_after});
    const Uuid id = desk.create(PaymentDesk::charge(eur(10'000))).payment();
    EXPECT_EQ(desk.status(id), "processing");
    EXPECT_EQ(desk.suspense(), 10'000);
    desk.sweep_until_dry();
    EXPECT_EQ(desk.status(id), "succeeded");
    EXPECT_TRUE(desk.nothing_in_suspense());
    EXPECT_EQ(desk.provider.believes(to_text("pay", id)),
              (ProviderCase{.authorised = 10'000, .captured = 10'000, .refunded = 0}));
    EXPECT_TRUE(desk.books_are_clean());
}

TEST(Inquiry, FindsThatTheChargeNeverArrived) {
    PaymentDesk desk(1, asked());
    desk.provider.next({Word::lost_before});
    const Uuid id = desk.create(PaymentDesk::charge(eur(10'000))).payment();
    desk.sweep_until_dry();
    EXPECT_EQ(desk.status(id), "failed");
    EXPECT_TRUE(desk.nothing_in_suspense());
    EXPECT_EQ(desk.provider.believes(to_text("pay", id)), ProviderCase{});
}

TEST(Inquiry, IsRepeatedWhileTheProviderIsAtIt) {
    PaymentDesk desk(1, asked());
    desk.provider.next({Word::lost_after});
    desk.provider.next_findings({Fate::under_way, Fate::under_way, Fate::refused});
    const Uuid id = desk.create(PaymentDesk::charge(eur(10'000))).payment();
    for (int round = 0; round < 2; ++round) {
        desk.clock.advance(std::chrono::minutes(6));
        EXPECT_EQ(desk.sweep(), 1);
        EXPECT_EQ(desk.status(id), "processing");
        EXPECT_EQ(desk.suspense(), 10'000);
    }
    desk.sweep_until_dry();
    EXPECT_EQ(desk.status(id), "failed");
    EXPECT_TRUE(desk.nothing_in_suspense());
}

// Another process has doubted what this one was still sending.
TEST(Inquiry, IsNotDisturbedByASecondSilence) {
    PaymentDesk desk(1, asked());
    const Step sent = desk.begin(desk.creating(desk.creator(), PaymentDesk::charge(eur(10'000))));
    for (const ErrorCode code :
         {ErrorCode::outcome_unknown, ErrorCode::outcome_unknown, ErrorCode::unavailable}) {
        desk.begin([&](ledger::Transaction& tx) {
            const Result<connectors::Answer> silence(Error(code, "no answer"));
            return apply_outcome(tx, desk.service->shop(), std::nullopt, sent.send->row, silence);
        });
        EXPECT_EQ(desk.suspense(), 10'000);
    }
    const std::vector<std::string> events = desk.events();
    EXPECT_EQ(std::count(events.begin(), events.end(), "payment.processing"), 1);
    desk.sweep_until_dry();
    EXPECT_EQ(desk.status(sent.send->row.payment), "failed") << "it never arrived";
    EXPECT_TRUE(desk.nothing_in_suspense());
}

TEST(Inquiry, SurvivesARestart) {
    PaymentDesk desk(1, asked());
    // The process dies while the charge is out: what is known is only that it may have been sent.
    const gateway::Caller who = desk.creator();
    (void)desk.begin(desk.creating(who, PaymentDesk::charge(eur(10'000))));
    (void)desk.restart();
    desk.sweep_until_dry();
    EXPECT_TRUE(desk.nothing_in_suspense());
    EXPECT_EQ(desk.open_operations(), 0);
    EXPECT_TRUE(desk.books_are_clean());
}

TEST(Inquiry, OfARefundReturnsTheReservationOrBooksIt) {
    for (const bool arrived : {false, true}) {
        PaymentDesk desk(1, asked());
        const Uuid id = desk.captured(eur(10'000));
        desk.provider.next({arrived ? Word::lost_after : Word::lost_before});
        EXPECT_EQ(desk.refund(id, 4'000).text("status"), "pending");
        EXPECT_EQ(desk.payment(id).refundable(), 6'000);
        desk.sweep_until_dry();
        EXPECT_EQ(desk.payment(id).refunded, arrived ? 4'000 : 0);
        EXPECT_EQ(desk.payment(id).refundable(), arrived ? 6'000 : 10'000);
        EXPECT_TRUE(desk.nothing_in_suspense());
        EXPECT_TRUE(desk.books_are_clean());
    }
}

TEST(NoticeOfAnOutcome, EndsTheDoubtBeforeTheInquiryDoes) {
    PaymentDesk desk(1, asked());
    desk.provider.next({Word::lost_after});
    const Uuid id = desk.create(PaymentDesk::charge(eur(10'000), false)).payment();
    Notice notice{.kind = NoticeKind::outcome, .id = "n1"};
    notice.amount = eur(10'000);
    notice.answer.approved = true;
    EXPECT_EQ(desk.notice(id, notice), NoticeVerdict::applied);
    EXPECT_EQ(desk.status(id), "requires_capture");
    EXPECT_TRUE(desk.nothing_in_suspense());
    EXPECT_EQ(desk.notice(id, notice), NoticeVerdict::duplicate);
    notice.answer.approved = false;
    EXPECT_EQ(desk.notice(id, notice), NoticeVerdict::move_not_allowed);
    EXPECT_EQ(desk.status(id), "requires_capture");
}

TEST(NoticeOfAnOutcome, WithAnotherAmountIsNotBelieved) {
    PaymentDesk desk(1, asked());
    desk.provider.next({Word::lost_after});
    const Uuid id = desk.create(PaymentDesk::charge(eur(10'000), false)).payment();
    Notice notice{.kind = NoticeKind::outcome, .id = "n1"};
    notice.amount = eur(9'999);
    notice.answer.approved = true;
    EXPECT_EQ(desk.notice(id, notice), NoticeVerdict::amount_mismatch);
    EXPECT_EQ(desk.status(id), "processing");
    EXPECT_EQ(desk.suspense(), 10'000);
}

TEST(NoticeOfAnOutcome, ThatComesBeforeItsAnswerIsThatAnswer) {
    // The answer is still on its way when the notice arrives; the capture follows once.
    PaymentDesk desk(1, asked());
    const gateway::Caller who = desk.creator();
    const Step step = desk.begin(desk.creating(who, PaymentDesk::charge(eur(10'000))));
    ASSERT_TRUE(step.send);
    Notice notice{.kind = NoticeKind::outcome, .id = "n1"};
    notice.reference = step.send->row.reference;
    notice.amount = eur(10'000);
    notice.answer.approved = true;
    EXPECT_EQ(desk.tell(notice), NoticeVerdict::applied);
    desk.sweep_until_dry();
    const Payment paid = desk.payment(step.send->row.payment);
    EXPECT_EQ(paid.status, PaymentStatus::succeeded);
    EXPECT_EQ(paid.captured, 10'000);
    EXPECT_TRUE(desk.books_are_clean());
}

TEST(Decision, EndsADoubtThatNoProviderEnds) {
    for (const bool approved : {false, true}) {
        PaymentDesk desk;
        desk.provider.next({Word::lost_after, Word::decline});
        const Uuid id = desk.create(PaymentDesk::charge(eur(10'000))).payment();
        desk.sweep_until_dry();
        ASSERT_EQ(desk.status(id), "processing") << "the reversal was refused";
        ASSERT_EQ(desk.suspense(), 10'000);
        const Payment decided = desk.decide(desk.charge_of(id).id, approved);
        EXPECT_TRUE(desk.nothing_in_suspense());
        desk.sweep_until_dry();
        EXPECT_EQ(desk.status(id), approved ? "succeeded" : "failed");
        EXPECT_EQ(desk.payment(id).captured, approved ? 10'000 : 0);
        bool told = false;
        for (const TimelineLine& line : desk.timeline(id))
            told = told || line.detail == "tester: seen on the statement";
        EXPECT_TRUE(told);
        EXPECT_TRUE(desk.books_are_clean());
    }
}

TEST(Decision, OfWhatIsNotInDoubtIsRefused) {
    PaymentDesk desk;
    const Uuid id = desk.captured(eur(10'000));
    EXPECT_THROW((void)desk.decide(desk.charge_of(id).id, false), std::runtime_error);
    EXPECT_EQ(desk.status(id), "succeeded");
}

TEST(Decision, StopsTheReversalThatWasOnItsWay) {
    PaymentDesk desk;
    desk.provider.next({Word::lost_after});
    const Uuid id = desk.create(PaymentDesk::charge(eur(10'000), false)).payment();
    ASSERT_EQ(desk.open_operations(), 1);
    (void)desk.decide(desk.charge_of(id).id, true);
    EXPECT_EQ(desk.open_operations(), 0);
    EXPECT_EQ(desk.status(id), "requires_capture");
    EXPECT_EQ(desk.capture(id).status(), 201);
}

// The reversal reached the provider, or may have: who ships the goods now ships them unpaid.
TEST(Decision, ForApprovalIsRefusedWhileAReversalMayBeOut) {
    PaymentDesk desk;
    desk.provider.next({Word::lost_after, Word::lost_before});
    const Uuid id = desk.create(PaymentDesk::charge(eur(10'000), false)).payment();
    desk.clock.advance(std::chrono::minutes(1));
    ASSERT_EQ(desk.sweep(), 1);
    EXPECT_THROW((void)desk.decide(desk.charge_of(id).id, true), std::runtime_error);
    EXPECT_EQ(desk.status(id), "processing");
    EXPECT_EQ(desk.open_operations(), 1) << "the reversal goes on";
    (void)desk.decide(desk.charge_of(id).id, true, true);
    EXPECT_EQ(desk.status(id), "requires_capture");
    EXPECT_EQ(desk.open_operations(), 0);
}

TEST(Decision, ForARefusalNeedsNoForce) {
    PaymentDesk desk;
    desk.provider.next({Word::lost_after, Word::lost_before});
    const Uuid id = desk.create(PaymentDesk::charge(eur(10'000), false)).payment();
    desk.clock.advance(std::chrono::minutes(1));
    ASSERT_EQ(desk.sweep(), 1);
    (void)desk.decide(desk.charge_of(id).id, false);
    EXPECT_EQ(desk.status(id), "failed");
}

// The answer that nobody counted on any more.
void hear_yes(PaymentDesk& desk, const OperationRow& sent) {
    desk.begin([&](ledger::Transaction& tx) {
        const Result<connectors::Answer> yes(connectors::Answer{.approved = true});
        return apply_outcome(tx, desk.service->shop(), std::nullopt, sent, yes);
    });
}

class ContradictedDecision : public testing::Test {
  protected:
    // A person forces the approval, and the answer to the reversal comes after all.
    void SetUp() override {
        desk.provider.next({Word::lost_after, Word::lost_before});
        id = desk.create(PaymentDesk::charge(eur(10'000), false)).payment();
        desk.clock.advance(std::chrono::minutes(1));
        ASSERT_EQ(desk.sweep(), 1);
        const OperationRow sent = desk.open_rows().at(0);
        reversal = sent.id;
        (void)desk.decide(desk.charge_of(id).id, true, true);
        hear_yes(desk, sent);
        ASSERT_EQ(desk.suspense(), 10'000);
        ASSERT_TRUE(desk.operation(reversal).in_doubt);
        ASSERT_EQ(desk.status(id), "requires_capture");
    }

    PaymentDesk desk;
    Uuid id;
    Uuid reversal;
};

TEST_F(ContradictedDecision, EndsWithThePaymentWhenThePersonBelievesTheProvider) {
    (void)desk.decide(reversal, true);
    EXPECT_TRUE(desk.nothing_in_suspense());
    EXPECT_EQ(desk.status(id), "canceled");
    EXPECT_EQ(desk.open_operations(), 0);
    EXPECT_TRUE(desk.books_are_clean());
}

TEST_F(ContradictedDecision, StandsWhenThePersonSaysSoAgain) {
    (void)desk.decide(reversal, false);
    EXPECT_TRUE(desk.nothing_in_suspense());
    EXPECT_EQ(desk.status(id), "requires_capture");
    EXPECT_EQ(desk.payment(id).capturable(), 10'000);
    EXPECT_TRUE(desk.books_are_clean());
}

// Taken for reversed, it would leave the merchant credited with what the provider gave back.
TEST_F(ContradictedDecision, IsNotForApprovalWhileSomethingIsCaptured) {
    ASSERT_EQ(desk.capture(id, 4'000, true).status(), 201);
    EXPECT_THROW((void)desk.decide(reversal, true), std::runtime_error);
    EXPECT_TRUE(desk.operation(reversal).in_doubt);
    (void)desk.decide(reversal, false);
    EXPECT_EQ(desk.payment(id).captured, 4'000);
    desk.sweep_until_dry();
    EXPECT_TRUE(desk.nothing_in_suspense());
}

TEST(ContradictedSale, StaysInSuspenseUntilTheMerchantHasGivenItBack) {
    PaymentDesk desk;
    desk.provider.next({Word::lost_after, Word::lost_before});
    const Uuid id = desk.create(PaymentDesk::charge(eur(10'000), true, "tok_maestro")).payment();
    desk.clock.advance(std::chrono::minutes(1));
    ASSERT_EQ(desk.sweep(), 1);
    const OperationRow sent = desk.open_rows().at(0);
    const Uuid sale = desk.charge_of(id).id;
    (void)desk.decide(sale, true, true);
    ASSERT_EQ(desk.status(id), "succeeded");
    hear_yes(desk, sent);
    EXPECT_THROW((void)desk.decide(sent.id, true), std::runtime_error);
    EXPECT_EQ(desk.suspense(), 10'000);
    EXPECT_EQ(desk.operation(sale).state, OperationState::approved);
    ASSERT_EQ(desk.refund(id).text("status"), "succeeded");
    (void)desk.decide(sent.id, true);
    EXPECT_EQ(desk.operation(sale).state, OperationState::reversed);
    EXPECT_TRUE(desk.nothing_in_suspense());
    EXPECT_TRUE(desk.books_are_clean());
}

// Both say that the charge is gone.
TEST(Decision, ForARefusalIsNotContradictedByTheReversal) {
    PaymentDesk desk;
    desk.provider.next({Word::lost_after, Word::lost_before});
    const Uuid id = desk.create(PaymentDesk::charge(eur(10'000), false)).payment();
    desk.clock.advance(std::chrono::minutes(1));
    ASSERT_EQ(desk.sweep(), 1);
    const OperationRow sent = desk.open_rows().at(0);
    (void)desk.decide(desk.charge_of(id).id, false);
    hear_yes(desk, sent);
    EXPECT_EQ(desk.operation(sent.id).state, OperationState::approved);
    EXPECT_FALSE(desk.operation(sent.id).in_doubt);
    EXPECT_EQ(desk.status(id), "failed");
    EXPECT_TRUE(desk.nothing_in_suspense());
    EXPECT_TRUE(desk.books_are_clean());
}

TEST(Increment, RaisesWhatCanBeCaptured) {
    PaymentDesk desk(1, test::ScriptedSides{.increments = true});
    const Uuid id = desk.authorised(eur(10'000));
    const Answered raised = desk.increase(id, 12'500);
    EXPECT_EQ(raised.status(), 200);
    EXPECT_EQ(raised.number("amount"), 12'500);
    EXPECT_EQ(raised.number("amount_capturable"), 12'500);
    EXPECT_EQ(desk.capture(id, 12'500).status(), 201);
    EXPECT_EQ(desk.status(id), "succeeded");
    EXPECT_FALSE(desk.provider.overdrawn());
}

TEST(Increment, ThatIsDeclinedLeavesTheRest) {
    PaymentDesk desk(1, test::ScriptedSides{.increments = true});
    const Uuid id = desk.authorised(eur(10'000));
    desk.provider.next({Word::decline});
    EXPECT_EQ(desk.increase(id, 12'500).status(), 402);
    EXPECT_EQ(desk.payment(id).capturable(), 10'000);
    EXPECT_EQ(desk.payment(id).increasing, 0);
    EXPECT_EQ(desk.increase(id, 10'000).status(), 422);
}

TEST(Increment, WithoutAnAnswerBlocksTheCaptureUntilItIsReversed) {
    PaymentDesk desk(1, test::ScriptedSides{.increments = true});
    const Uuid id = desk.authorised(eur(10'000));
    desk.provider.next({Word::lost_before});
    EXPECT_EQ(desk.increase(id, 12'500).status(), 200);
    EXPECT_EQ(desk.capture(id, 10'000).status(), 409);
    desk.sweep_until_dry();
    EXPECT_EQ(desk.payment(id).increasing, 0);
    EXPECT_TRUE(desk.nothing_in_suspense());
    EXPECT_EQ(desk.capture(id, 10'000).status(), 201);
}

TEST(Increment, IsRefusedWhereTheProviderHasNone) {
    PaymentDesk desk;
    const Uuid id = desk.authorised(eur(10'000));
    const Answered refused = desk.increase(id, 12'500);
    EXPECT_EQ(refused.status(), 422);
    EXPECT_EQ(refused.text("code"), "amount_not_increasable");
}

TEST(Expiry, EndsAnAuthorisationThatNobodyCaptured) {
    PaymentDesk desk(1, test::ScriptedSides{.authorisation_valid = std::chrono::hours(24 * 7)});
    const Uuid id = desk.authorised(eur(10'000));
    EXPECT_EQ(desk.expire(), 0);
    desk.clock.advance(std::chrono::hours(24 * 7));
    EXPECT_EQ(desk.expire(), 1);
    EXPECT_EQ(desk.status(id), "expired");
    EXPECT_EQ(desk.events().back(), "payment.expired");
    EXPECT_EQ(desk.capture(id).status(), 409);
    desk.sweep_until_dry();
    EXPECT_EQ(desk.status(id), "expired");
    EXPECT_EQ(desk.provider.believes(to_text("pay", id)), ProviderCase{});
    EXPECT_EQ(desk.expire(), 0);
}

// Else it would stand open for ever: nobody but the merchant would end it.
TEST(Expiry, IsThatOfTheAuthorisationAfterARefusedCancelAndARefusedCapture) {
    PaymentDesk desk(1, test::ScriptedSides{.authorisation_valid = std::chrono::hours(24 * 7)});
    const Timestamp end = desk.clock.now() + std::chrono::hours(24 * 7);
    const Uuid held = desk.authorised(eur(10'000));
    desk.provider.next({Word::approve, Word::decline, Word::decline});
    const std::string instance = desk.create(PaymentDesk::charge(eur(10'000))).text("instance");
    const Uuid refused = *parse_id("pay", instance.substr(instance.rfind('/') + 1));
    desk.clock.advance(std::chrono::hours(24));
    ASSERT_EQ(desk.cancel(held).status(), 402);
    for (const Uuid& id : {held, refused}) {
        EXPECT_EQ(desk.status(id), "requires_capture");
        EXPECT_EQ(desk.payment(id).expires_at, end);
    }
}

TEST(Expiry, OfOneThatNobodyCanSendToDoesNotHoldUpTheOthers) {
    PaymentDesk desk(1, test::ScriptedSides{.authorisation_valid = std::chrono::hours(24 * 7)});
    const Uuid id = desk.authorised(eur(10'000));
    desk.clock.advance(std::chrono::hours(24 * 7));
    desk.is_configured = false;
    desk.restart();
    EXPECT_EQ(desk.expire(), 1);
    EXPECT_EQ(desk.status(id), "requires_capture");
    EXPECT_EQ(desk.expire(), 0) << "others come before it now";
    desk.is_configured = true;
    desk.restart();
    desk.clock.advance(std::chrono::minutes(10));
    EXPECT_EQ(desk.expire(), 1);
    EXPECT_EQ(desk.status(id), "expired");
}

TEST(Expiry, KeepsWhatWasCaptured) {
    PaymentDesk desk(1, test::ScriptedSides{.authorisation_valid = std::chrono::hours(24 * 7)});
    const Uuid id = desk.authorised(eur(10'000));
    ASSERT_EQ(desk.capture(id, 4'000).status(), 201);
    desk.clock.advance(std::chrono::hours(24 * 7));
    EXPECT_EQ(desk.expire(), 1);
    EXPECT_EQ(desk.status(id), "succeeded");
    desk.sweep_until_dry();
    EXPECT_EQ(desk.provider.believes(to_text("pay", id)),
              (ProviderCase{.authorised = 4'000, .captured = 4'000, .refunded = 0}));
    EXPECT_EQ(desk.refund(id, 4'000).status(), 201);
}

TEST(Expiry, WaitsForACaptureThatIsUnderWay) {
    PaymentDesk desk(1, test::ScriptedSides{.authorisation_valid = std::chrono::hours(1)});
    const Uuid id = desk.authorised(eur(10'000));
    desk.provider.next({Word::lost_after});
    ASSERT_EQ(desk.capture(id, 4'000).status(), 201);
    desk.clock.advance(std::chrono::hours(1));
    EXPECT_EQ(desk.expire(), 1);
    EXPECT_EQ(desk.status(id), "requires_capture");
    desk.sweep_until_dry();
    EXPECT_EQ(desk.payment(id).captured, 4'000);
    desk.clock.advance(std::chrono::hours(1));
    EXPECT_EQ(desk.expire(), 1);
    EXPECT_EQ(desk.status(id), "succeeded");
}

}  // namespace
}  // namespace causeway::gateway
