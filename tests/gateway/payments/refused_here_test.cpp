// SPDX-License-Identifier: Apache-2.0
//
// What a connector refuses to send: it must end, say why, and give back what it had reserved.
#include "tests/support/payment_desk.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace causeway::gateway {
namespace {

using connectors::OperationKind;
using test::Answered;
using test::eur;
using test::PaymentDesk;
using test::Word;

bool says(PaymentDesk& desk, const Uuid& payment, std::string_view detail) {
    const std::vector<TimelineLine> lines = desk.timeline(payment);
    return std::ranges::any_of(lines, [detail](const TimelineLine& line) {
        return line.detail.find(detail) != std::string::npos;
    });
}

Uuid only_doubtful(PaymentDesk& desk) {
    const auto doubtful = desk.read<std::vector<OperationRow>>(
        [](ledger::Transaction& tx) { return operations_in_doubt(tx, 10); });
    EXPECT_EQ(doubtful.size(), 1U);
    return doubtful.at(0).id;
}

TEST(RefusedHere, AChargeFailsThePayment) {
    for (const char* const token : {"tok_visa", "tok_maestro"}) {
        PaymentDesk desk;
        desk.provider.next({Word::refused_here});
        const Answered paid = desk.create(PaymentDesk::charge(eur(10'000), true, token));
        EXPECT_EQ(paid.status(), 402);
        EXPECT_EQ(paid.text("code"), "card_declined");
        EXPECT_EQ(paid.text("decline_code"), "invalid_request");
        const Uuid id = desk.only_payment();
        EXPECT_EQ(desk.status(id), "failed");
        EXPECT_EQ(desk.open_operations(), 0);
        EXPECT_TRUE(says(desk, id, "not sent: the amount"));
    }
}

TEST(RefusedHere, ACaptureFailsAndItsAmountCanBeCapturedAgain) {
    PaymentDesk desk;
    const Uuid id = desk.authorised(eur(10'000));
    desk.provider.next({Word::refused_here});
    const Answered refused = desk.capture(id, 4'000);
    EXPECT_EQ(refused.status(), 402);
    EXPECT_EQ(refused.text("code"), "capture_declined");
    EXPECT_EQ(desk.open_operations(), 0);
    EXPECT_EQ(desk.payment(id).capturing, 0);
    EXPECT_EQ(desk.status(id), "requires_capture");
    EXPECT_TRUE(says(desk, id, "not sent: the amount"));
    EXPECT_EQ(desk.capture(id).text("status"), "succeeded");
    EXPECT_TRUE(desk.books_are_clean());
}

TEST(RefusedHere, ARefundFailsAndItsAmountCanBeRefundedAgain) {
    PaymentDesk desk;
    const Uuid id = desk.captured(eur(10'000));
    desk.provider.next({Word::refused_here});
    const Answered refused = desk.refund(id, 4'000);
    EXPECT_EQ(refused.text("status"), "failed");
    EXPECT_EQ(refused.text("failure_code"), "invalid_request");
    EXPECT_EQ(desk.open_operations(), 0);
    EXPECT_EQ(desk.payment(id).refundable(), 10'000);
    EXPECT_TRUE(says(desk, id, "not sent: the amount"));
    EXPECT_EQ(desk.refund(id).text("status"), "succeeded");
}

TEST(RefusedHere, ARefundThatWaitedForTheLineEndsToo) {
    PaymentDesk desk;
    const Uuid id = desk.captured(eur(10'000));
    desk.provider.next({Word::unavailable, Word::refused_here});
    EXPECT_EQ(desk.refund(id, 4'000).text("status"), "pending");
    desk.clock.advance(std::chrono::minutes(1));
    desk.sweep();
    EXPECT_EQ(desk.open_operations(), 0);
    EXPECT_EQ(desk.payment(id).refundable(), 10'000);
}

TEST(RefusedHere, ACancelLeavesTheAuthorisation) {
    PaymentDesk desk;
    const Uuid id = desk.authorised(eur(10'000));
    desk.provider.next({Word::refused_here});
    EXPECT_EQ(desk.cancel(id).text("code"), "cancel_declined");
    EXPECT_EQ(desk.status(id), "requires_capture");
    EXPECT_EQ(desk.open_operations(), 0);
}

TEST(RefusedHere, AnIncrementLeavesTheAuthorisation) {
    PaymentDesk desk(1, {.increments = true});
    const Uuid id = desk.authorised(eur(10'000));
    desk.provider.next({Word::refused_here});
    EXPECT_EQ(desk.increase(id, 12'000).text("decline_code"), "invalid_request");
    EXPECT_EQ(desk.payment(id).increasing, 0);
    EXPECT_EQ(desk.open_operations(), 0);
}

TEST(RefusedHere, AReleaseIsNotTriedForEver) {
    PaymentDesk desk;
    const Uuid id = desk.authorised(eur(10'000));
    desk.capture(id, 4'000, true);
    desk.provider.next({Word::refused_here});
    desk.sweep();
    EXPECT_EQ(desk.open_operations(), 0);
    EXPECT_TRUE(says(desk, id, "not sent: the amount"));
}

// The first try may have arrived: calling the repeat declined would lose the capture.
TEST(RefusedHere, ARepeatOfADoubtfulCaptureIsLeftToAPerson) {
    PaymentDesk desk;
    const Uuid id = desk.authorised(eur(10'000));
    desk.provider.next({Word::lost_after});
    desk.capture(id, 4'000);
    desk.provider.next({Word::refused_here});
    desk.clock.advance(std::chrono::minutes(1));
    desk.sweep();
    EXPECT_EQ(desk.open_operations(), 0);
    EXPECT_EQ(desk.suspense(), 4'000);
    EXPECT_EQ(desk.payment(id).capturing, 4'000);
    const auto doubtful = desk.read<std::vector<OperationRow>>(
        [](ledger::Transaction& tx) { return operations_in_doubt(tx, 10); });
    ASSERT_EQ(doubtful.size(), 1U);
    EXPECT_EQ(desk.decide(doubtful[0].id, true).captured, 4'000);
    EXPECT_TRUE(desk.nothing_in_suspense());
    EXPECT_EQ(desk.provider.believes(to_text("pay", id)).captured, 4'000);
    EXPECT_TRUE(desk.books_are_clean());
}

// The first try may have arrived: the authorisation may be gone at the provider.
TEST(RefusedHere, ARepeatOfACancelIsLeftToAPerson) {
    for (const bool was_done : {false, true}) {
        PaymentDesk desk;
        const Uuid id = desk.authorised(eur(10'000));
        desk.provider.next({Word::lost_after, Word::refused_here});
        ASSERT_EQ(desk.cancel(id).text("status"), "processing");
        desk.clock.advance(std::chrono::minutes(1));
        desk.sweep();
        EXPECT_EQ(desk.open_operations(), 0);
        EXPECT_EQ(desk.status(id), "processing");
        EXPECT_EQ(desk.suspense(), 10'000);
        (void)desk.decide(only_doubtful(desk), was_done);
        EXPECT_EQ(desk.status(id), was_done ? "canceled" : "requires_capture");
        EXPECT_TRUE(desk.nothing_in_suspense());
        EXPECT_TRUE(desk.books_are_clean());
    }
}

TEST(RefusedHere, ARepeatOfAReleaseIsLeftToAPerson) {
    for (const bool was_done : {false, true}) {
        PaymentDesk desk;
        const Uuid id = desk.authorised(eur(10'000));
        desk.capture(id, 4'000, true);
        desk.provider.next({Word::lost_after, Word::refused_here});
        desk.sweep();
        desk.clock.advance(std::chrono::minutes(1));
        desk.sweep();
        EXPECT_EQ(desk.open_operations(), 0);
        (void)desk.decide(only_doubtful(desk), was_done);
        EXPECT_EQ(desk.status(id), "succeeded");
        EXPECT_TRUE(desk.nothing_in_suspense());
        EXPECT_TRUE(desk.books_are_clean());
    }
}

// Both wait for a person: in whichever order he decides, both end.
TEST(RefusedHere, ARepeatOfAReversalIsLeftToAPersonWithItsCharge) {
    for (const bool charge_first : {false, true}) {
        PaymentDesk desk;
        desk.provider.next({Word::lost_after, Word::lost_after, Word::refused_here});
        const Uuid id = desk.create(PaymentDesk::charge(eur(10'000))).payment();
        const OperationRow reversal = desk.open_rows().at(0);
        desk.sweep_until_dry();
        EXPECT_TRUE(desk.operation(reversal.id).in_doubt);
        EXPECT_EQ(desk.status(id), "processing");
        if (charge_first) (void)desk.decide(desk.charge_of(id).id, false);
        (void)desk.decide(reversal.id, true);
        EXPECT_EQ(desk.status(id), "failed");
        EXPECT_EQ(desk.operation(reversal.id).state, OperationState::approved);
        EXPECT_TRUE(desk.nothing_in_suspense());
        EXPECT_TRUE(desk.books_are_clean());
    }
}

}  // namespace
}  // namespace causeway::gateway
