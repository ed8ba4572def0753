// SPDX-License-Identifier: Apache-2.0
//
// What a provider says of another amount than ours: it stands in suspense for a person, and
// whatever ends the operation ends the doubt.
#include "gateway/payments/outcomes.h"
#include "tests/support/case_name.h"
#include "tests/support/payment_desk.h"

#include <gtest/gtest.h>

namespace causeway::gateway {
namespace {

using connectors::Answer;
using connectors::Notice;
using connectors::NoticeKind;
using ledger::Money;
using test::eur;
using test::PaymentDesk;
using test::usd;
using test::Word;

void hear(PaymentDesk& desk, const OperationRow& sent, const Result<Answer>& word) {
    desk.begin([&](ledger::Transaction& tx) {
        return apply_outcome(tx, desk.service->shop(), std::nullopt, sent, word);
    });
}

Result<Answer> yes_about(const Money& amount) {
    return Answer{.approved = true,
                  .decline = {},
                  .response_code = "00",
                  .approval_code = "A1",
                  .approved_amount = amount};
}

// A claim about the only operation that is open.
NoticeVerdict claim_another_amount(PaymentDesk& desk) {
    Notice notice{.kind = NoticeKind::outcome, .id = "n1"};
    notice.reference = desk.open_rows().at(0).reference;
    notice.amount = eur(1);
    notice.answer.approved = true;
    return desk.tell(notice);
}

struct Mismatch {
    std::string name;
    Money told;
};

class AnswerAboutAnotherAmount : public testing::TestWithParam<Mismatch> {};

INSTANTIATE_TEST_SUITE_P(Answers,
                         AnswerAboutAnotherAmount,
                         testing::Values(Mismatch{"More", eur(4'001)},
                                         Mismatch{"Nothing", eur(0)},
                                         Mismatch{"AnotherCurrency", usd(4'000)}),
                         test::case_name<Mismatch>);

TEST_P(AnswerAboutAnotherAmount, OfACaptureWaitsForAPerson) {
    PaymentDesk desk;
    const Uuid id = desk.authorised(eur(10'000));
    const Step sent = desk.begin(desk.capturing(desk.capturer(), id, {{}, 4'000, false}));
    hear(desk, sent.send->row, yes_about(GetParam().told));
    EXPECT_EQ(desk.suspense(), 4'000);
    EXPECT_EQ(desk.payment(id).captured, 0);
    EXPECT_EQ(desk.payment(id).capturing, 4'000);
    EXPECT_EQ(desk.open_operations(), 0);
    (void)desk.decide(sent.send->row.id, true);
    EXPECT_EQ(desk.payment(id).captured, 4'000);
    EXPECT_EQ(desk.payment(id).capturing, 0);
    EXPECT_TRUE(desk.nothing_in_suspense());
    EXPECT_TRUE(desk.books_are_clean());
}

TEST_P(AnswerAboutAnotherAmount, OfARefundWaitsForAPerson) {
    PaymentDesk desk;
    const Uuid id = desk.captured(eur(10'000));
    const std::int64_t before = desk.pending();
    const Step sent =
        desk.begin(desk.refunding(desk.refunder(), {.payment = id, .amount = 4'000, .reason = {}}));
    hear(desk, sent.send->row, yes_about(GetParam().told));
    EXPECT_EQ(desk.suspense(), 4'000);
    EXPECT_EQ(desk.payment(id).refundable(), 6'000);
    EXPECT_EQ(desk.pending(), before);
    (void)desk.decide(sent.send->row.id, false);
    EXPECT_EQ(desk.payment(id).refundable(), 10'000);
    EXPECT_TRUE(desk.nothing_in_suspense());
    EXPECT_TRUE(desk.books_are_clean());
}

TEST_P(AnswerAboutAnotherAmount, OfAnIncrementWaitsForAPerson) {
    PaymentDesk desk(1, test::ScriptedSides{.increments = true});
    const Uuid id = desk.authorised(eur(10'000));
    const Caller who = desk.caller("POST /v1/payments/{id}/increment");
    const Step sent = desk.begin([&](ledger::Transaction& tx) {
        return increase_payment(tx, desk.service->shop(), who, id, {.amount = 14'000});
    });
    hear(desk, sent.send->row, yes_about(GetParam().told));
    EXPECT_EQ(desk.suspense(), 4'000);
    EXPECT_EQ(desk.payment(id).authorised, 10'000);
    (void)desk.decide(sent.send->row.id, true);
    EXPECT_EQ(desk.payment(id).authorised, 14'000);
    EXPECT_EQ(desk.payment(id).increasing, 0);
    EXPECT_TRUE(desk.nothing_in_suspense());
}

TEST(NoticeAboutAnotherAmount, OfACancelIsClearedByTheCancel) {
    PaymentDesk desk;
    const Uuid id = desk.authorised(eur(10'000));
    desk.provider.next({Word::lost_before});
    ASSERT_EQ(desk.cancel(id).text("status"), "processing");
    ASSERT_EQ(claim_another_amount(desk), NoticeVerdict::amount_mismatch);
    EXPECT_EQ(desk.suspense(), 10'000);
    desk.sweep_until_dry();
    EXPECT_EQ(desk.status(id), "canceled");
    EXPECT_TRUE(desk.nothing_in_suspense());
}

TEST(NoticeAboutAnotherAmount, OfAReleaseIsClearedByTheRelease) {
    PaymentDesk desk;
    const Uuid id = desk.authorised(eur(10'000));
    ASSERT_EQ(desk.capture(id, 4'000, true).status(), 201);
    ASSERT_EQ(desk.open_operations(), 1);
    ASSERT_EQ(claim_another_amount(desk), NoticeVerdict::amount_mismatch);
    EXPECT_EQ(desk.suspense(), 4'000);
    desk.sweep_until_dry();
    EXPECT_TRUE(desk.nothing_in_suspense());
}

TEST(NoticeAboutAnotherAmount, OfAnAnswerToADisputeIsClearedByTheAnswer) {
    PaymentDesk desk(1, test::ScriptedSides{.disputing = true});
    const Uuid id = desk.captured(eur(10'000));
    Notice opened{.kind = NoticeKind::dispute_opened, .id = "n0"};
    opened.amount = eur(4'000);
    opened.case_id = "case-1";
    ASSERT_EQ(desk.notice(id, opened), NoticeVerdict::applied);
    desk.provider.next({Word::lost_after});
    (void)desk.concede(desk.disputes()[0].id);
    ASSERT_EQ(claim_another_amount(desk), NoticeVerdict::amount_mismatch);
    EXPECT_EQ(desk.suspense(), 4'000);
    desk.sweep_until_dry();
    EXPECT_EQ(desk.disputes()[0].status, DisputeStatus::accepted);
    EXPECT_TRUE(desk.nothing_in_suspense());
}

// The provider knows the charge, so it has left us, whatever the line says of it.
TEST(NoticeAboutAnotherAmount, OfAChargeThatIsSaidToBeUnsentLeavesItInDoubt) {
    PaymentDesk desk;
    const Step sent = desk.begin(desk.creating(desk.creator(), PaymentDesk::charge(eur(10'000))));
    ASSERT_EQ(claim_another_amount(desk), NoticeVerdict::amount_mismatch);
    hear(desk, sent.send->row, Error(ErrorCode::unavailable, "no line"));
    EXPECT_EQ(desk.status(sent.send->row.payment), "processing");
    EXPECT_EQ(desk.suspense(), 10'000);
    desk.sweep_until_dry();
    EXPECT_EQ(desk.status(sent.send->row.payment), "failed");
    EXPECT_TRUE(desk.nothing_in_suspense());
    EXPECT_TRUE(desk.books_are_clean());
}

// The payment has failed before the person decides, so there is nothing to move but the doubt.
TEST(Decision, EndsTheDoubtOfAPartialApproval) {
    PaymentDesk desk;
    desk.provider.next({Word::half, Word::decline});
    const std::string instance = desk.create(PaymentDesk::charge(eur(10'000))).text("instance");
    const Uuid id = *parse_id("pay", instance.substr(instance.rfind('/') + 1));
    desk.sweep_until_dry();
    ASSERT_EQ(desk.suspense(), 10'000) << "the reversal was refused";
    const Uuid charge = desk.charge_of(id).id;
    EXPECT_THROW((void)desk.decide(charge, true), std::runtime_error);
    EXPECT_EQ(desk.decide(charge, false).status, PaymentStatus::failed);
    EXPECT_TRUE(desk.nothing_in_suspense());
    EXPECT_EQ(desk.operation(charge).state, OperationState::declined);
    EXPECT_TRUE(desk.books_are_clean());
}

// The provider has taken half of it: without the reversal the buyer would never get that back.
TEST(Decision, DoesNotStopTheReversalOfAPartialApproval) {
    for (const bool was_tried : {false, true}) {
        PaymentDesk desk;
        desk.provider.next({Word::half, Word::lost_before});
        (void)desk.create(PaymentDesk::charge(eur(10'000)));
        const Uuid id = desk.only_payment();
        const Uuid charge = desk.charge_of(id).id;
        desk.clock.advance(std::chrono::minutes(1));
        if (was_tried) desk.sweep();
        ASSERT_EQ(desk.open_operations(), 1);
        EXPECT_THROW((void)desk.decide(charge, false), std::runtime_error);
        EXPECT_EQ(desk.open_operations(), 1) << "the reversal goes on";
        EXPECT_EQ(desk.suspense(), 10'000);
        desk.sweep_until_dry();
        EXPECT_EQ(desk.provider.believes(to_text("pay", id)), test::ProviderCase{});
        EXPECT_TRUE(desk.nothing_in_suspense());
        EXPECT_TRUE(desk.books_are_clean());
    }
}

TEST(Decision, StopsTheReversalOfAPartialApprovalWhenItIsForced) {
    PaymentDesk desk;
    desk.provider.next({Word::half});
    (void)desk.create(PaymentDesk::charge(eur(10'000)));
    const Uuid id = desk.only_payment();
    EXPECT_EQ(desk.decide(desk.charge_of(id).id, false, true).status, PaymentStatus::failed);
    EXPECT_EQ(desk.open_operations(), 0);
    EXPECT_TRUE(desk.nothing_in_suspense());
}

}  // namespace
}  // namespace causeway::gateway
