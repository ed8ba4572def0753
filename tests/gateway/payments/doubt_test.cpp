// SPDX-License-Identifier: Apache-2.0
//
// When the provider does not answer: what stands in the books meanwhile, who clears it up, and
// that a word which comes too late moves nothing.
#include "gateway/payments/outcomes.h"
#include "tests/support/case_name.h"
#include "tests/support/payment_desk.h"

#include <gtest/gtest.h>

namespace causeway::gateway {
namespace {

using connectors::OperationKind;
using ledger::Purpose;
using test::Answered;
using test::eur;
using test::PaymentDesk;
using test::Word;

struct Silence {
    std::string name;
    std::string token;
    Word word;
};

class ChargeWithoutAnswer : public testing::TestWithParam<Silence> {};

INSTANTIATE_TEST_SUITE_P(
    Charges,
    ChargeWithoutAnswer,
    testing::Values(Silence{"AuthorisationNeverArrived", "tok_visa", Word::lost_before},
                    Silence{"AuthorisationWasDone", "tok_visa", Word::lost_after},
                    Silence{"SaleNeverArrived", "tok_maestro", Word::lost_before},
                    Silence{"SaleWasDone", "tok_maestro", Word::lost_after}),
    test::case_name<Silence>);

TEST_P(ChargeWithoutAnswer, IsInDoubtAndThenReversed) {
    PaymentDesk desk;
    desk.provider.next({GetParam().word});
    const Answered paid = desk.create(PaymentDesk::charge(eur(10'000), true, GetParam().token));
    EXPECT_EQ(paid.status(), 201);
    EXPECT_EQ(paid.text("status"), "processing");
    // Durable before the answer: a crash right now must not lose the reversal.
    ASSERT_EQ(desk.open_operations(), 1);
    EXPECT_EQ(desk.open_rows()[0].kind, OperationKind::reverse);
    EXPECT_EQ(desk.suspense(), 10'000);
    EXPECT_EQ(desk.net(to_text("mer", desk.merchant), Purpose::suspense, "EUR"), -10'000);
    EXPECT_EQ(desk.pending(), 0);
    EXPECT_TRUE(desk.books_are_clean());

    desk.sweep();
    EXPECT_EQ(desk.status(paid.payment()), "failed");
    EXPECT_NE(desk.payment(paid.payment()).last_error.find("provider_timeout_reversed"),
              std::string::npos);
    EXPECT_EQ(desk.open_operations(), 0);
    EXPECT_TRUE(desk.nothing_in_suspense());
    EXPECT_EQ(desk.provider.believes(paid.text("id")), test::ProviderCase{});
    EXPECT_TRUE(desk.books_are_clean());
}

TEST(Doubt, LastsAsLongAsTheReversalHasNoWord) {
    PaymentDesk desk;
    desk.provider.next({Word::lost_after});
    const Uuid id = desk.create(PaymentDesk::charge(eur(10'000))).payment();
    desk.provider.next({Word::unavailable, Word::lost_before, Word::later});
    desk.sweep();
    EXPECT_FALSE(desk.provider.last_heard().repeat);
    for (const int seconds : {10, 10, 30}) {
        EXPECT_EQ(desk.sweep(), 0) << "before its time";
        desk.clock.advance(std::chrono::seconds(seconds));
        EXPECT_EQ(desk.status(id), "processing");
        EXPECT_EQ(desk.suspense(), 10'000);
        EXPECT_EQ(desk.sweep(), 1);
    }
    EXPECT_TRUE(desk.provider.last_heard().repeat);
    EXPECT_EQ(desk.status(id), "failed");
    EXPECT_TRUE(desk.nothing_in_suspense());
}

TEST(Doubt, OutlivesARestart) {
    PaymentDesk desk;
    desk.provider.next({Word::lost_after});
    const Uuid id = desk.create(PaymentDesk::charge(eur(10'000))).payment();
    EXPECT_EQ(desk.restart().operations, 1);
    EXPECT_EQ(desk.suspense(), 10'000);
    desk.sweep();
    EXPECT_EQ(desk.status(id), "failed");
    EXPECT_TRUE(desk.nothing_in_suspense());
}

// Providers answer late, and twice. The operation is closed; believing the late word would charge
// a buyer whose charge we have just reversed.
TEST(Doubt, ALateWordChangesNothing) {
    for (const bool swept : {false, true}) {
        PaymentDesk desk;
        desk.provider.next({Word::lost_after});
        const Uuid id = desk.create(PaymentDesk::charge(eur(10'000))).payment();
        if (swept) desk.sweep();
        const Uuid reversal = desk.read<Uuid>([](ledger::Transaction& tx) -> Result<Uuid> {
            Uuid found;
            const Result<void> read =
                tx.query("SELECT original_id FROM operations WHERE kind = 'reverse'",
                         {},
                         [&found](const ledger::Row& row) { found = row.uuid(0); });
            if (!read) return read.error();
            return found;
        });
        const OperationRow late = desk.operation(reversal);
        const PaymentStatus before = desk.payment(id).status;
        const std::int64_t doubtful = desk.suspense();
        const Result<connectors::Answer> yes(connectors::Answer{.approved = true,
                                                                .decline = {},
                                                                .response_code = "00",
                                                                .approval_code = "A1",
                                                                .approved_amount = {}});
        const Step step = desk.begin([&](ledger::Transaction& tx) {
            return apply_outcome(tx, desk.service->shop(), std::nullopt, late, yes);
        });
        EXPECT_FALSE(step.send);
        EXPECT_FALSE(step.reply);
        EXPECT_EQ(desk.payment(id).status, before);
        EXPECT_EQ(desk.payment(id).authorised, 0);
        EXPECT_EQ(desk.suspense(), doubtful);
        EXPECT_EQ(desk.operation(late.id).state, late.state);
    }
}

TEST(Doubt, AnApprovalHeardTwiceIsBookedOnce) {
    PaymentDesk desk;
    const Uuid id = desk.authorised(eur(10'000));
    const Caller who = desk.capturer();
    Step sent = desk.begin(desk.capturing(who, id, {{}, 4'000, false}));
    ASSERT_TRUE(sent.send);
    const OperationRow row = sent.send->row;
    const Result<connectors::Answer> yes = desk.provider.hear(sent.send->operation);
    for (int time = 0; time < 2; ++time) {
        desk.begin([&](ledger::Transaction& tx) {
            return apply_outcome(tx, desk.service->shop(), std::nullopt, row, yes);
        });
        EXPECT_EQ(desk.payment(id).captured, 4'000);
        EXPECT_EQ(desk.payment(id).capturing, 0);
        EXPECT_EQ(desk.pending(), 4'000 - 116);
    }
}

// The merchant may repeat at once: nothing left us, so nothing can be charged twice.
TEST(Doubt, UnavailableIsCertainAndTheSameKeyGoesOnWithTheSamePayment) {
    PaymentDesk desk;
    desk.provider.next({Word::unavailable, Word::unavailable});
    const CreatePayment wanted = PaymentDesk::charge(eur(10'000));
    const Answered first = desk.create(wanted, "k1");
    EXPECT_EQ(first.status(), 503);
    EXPECT_EQ(first.text("code"), "provider_unavailable");
    EXPECT_GT(first.reply.retry_after_s, 0);
    EXPECT_EQ(desk.open_operations(), 0);
    EXPECT_TRUE(desk.balances().empty());
    const std::string instance = first.text("instance");
    const Uuid id = *parse_id("pay", instance.substr(instance.rfind('/') + 1));
    EXPECT_EQ(desk.status(id), "requires_confirmation");

    EXPECT_EQ(desk.create(wanted, "k1").status(), 503);
    const Answered third = desk.create(wanted, "k1");
    EXPECT_EQ(third.status(), 201);
    EXPECT_FALSE(third.reply.replayed);
    EXPECT_EQ(third.payment(), id);
    EXPECT_EQ(third.text("status"), "succeeded");
    const Answered fourth = desk.create(wanted, "k1");
    EXPECT_TRUE(fourth.reply.replayed);
    EXPECT_EQ(fourth.reply.body, third.reply.body);
    EXPECT_EQ(desk.provider.believes(to_text("pay", id)).captured, 10'000);
}

TEST(Doubt, UnavailableLeavesAPaymentThatCanBeConfirmedByAnotherRequest) {
    PaymentDesk desk;
    desk.provider.next({Word::unavailable});
    const std::string instance =
        desk.create(PaymentDesk::charge(eur(10'000)), "k1").text("instance");
    const Uuid id = *parse_id("pay", instance.substr(instance.rfind('/') + 1));
    EXPECT_EQ(desk.confirm(id).text("status"), "succeeded");
    // The first request's key then finds the payment done and does not charge again.
    const Answered again = desk.create(PaymentDesk::charge(eur(10'000)), "k1");
    EXPECT_EQ(again.status(), 201);
    EXPECT_EQ(again.payment(), id);
    EXPECT_EQ(desk.provider.believes(to_text("pay", id)).captured, 10'000);
}

// Without it the issuer would decline the second try of a charge that the first never made.
TEST(Doubt, AChargeThatWasNotSentKeepsItsVerificationValueForTheNextTry) {
    PaymentDesk desk;
    desk.cvcs.keep("tok_visa", "123", desk.clock.now());
    desk.provider.next({Word::unavailable, Word::lost_before});
    EXPECT_EQ(desk.create(PaymentDesk::charge(eur(10'000)), "k1").status(), 503);
    EXPECT_EQ(desk.provider.last_heard().card->cvc, "123");
    EXPECT_EQ(desk.create(PaymentDesk::charge(eur(10'000)), "k1").status(), 201);
    EXPECT_EQ(desk.provider.last_heard().card->cvc, "123");
    // This one may have arrived: the value has had its use.
    EXPECT_EQ(desk.cvcs.find("tok_visa", desk.clock.now()), "");
}

struct LostCapture {
    std::string name;
    Word word;
    bool in_doubt;
    bool repeat;
};

class CaptureWithoutAnswer : public testing::TestWithParam<LostCapture> {};

INSTANTIATE_TEST_SUITE_P(Captures,
                         CaptureWithoutAnswer,
                         testing::Values(LostCapture{"NeverArrived", Word::lost_before, true, true},
                                         LostCapture{"WasDone", Word::lost_after, true, true},
                                         LostCapture{
                                             "WasNotSent", Word::unavailable, false, false}),
                         test::case_name<LostCapture>);

TEST_P(CaptureWithoutAnswer, StaysPendingIsRepeatedAndHappensOnce) {
    PaymentDesk desk;
    const Uuid id = desk.authorised(eur(10'000));
    desk.provider.next({GetParam().word});
    const Answered pending = desk.capture(id, 4'000);
    EXPECT_EQ(pending.status(), 201);
    EXPECT_EQ(pending.text("status"), "pending");
    EXPECT_EQ(desk.payment(id).capturing, 4'000);
    EXPECT_EQ(desk.payment(id).capturable(), 6'000);
    EXPECT_EQ(desk.suspense(), GetParam().in_doubt ? 4'000 : 0);
    EXPECT_EQ(desk.pending(), 0);
    const std::string reference = desk.provider.last_heard().reference;

    EXPECT_EQ(desk.sweep(), 0);
    desk.clock.advance(std::chrono::seconds(10));
    EXPECT_EQ(desk.sweep(), 1);
    EXPECT_EQ(desk.provider.last_heard().reference, reference);
    EXPECT_EQ(desk.provider.last_heard().repeat, GetParam().repeat);
    EXPECT_EQ(desk.payment(id).captured, 4'000);
    EXPECT_EQ(desk.payment(id).capturing, 0);
    EXPECT_EQ(desk.provider.believes(to_text("pay", id)).captured, 4'000);
    EXPECT_EQ(desk.pending(), 4'000 - 116);
    EXPECT_TRUE(desk.nothing_in_suspense());
    desk.clock.advance(std::chrono::hours(1));
    EXPECT_EQ(desk.sweep(), 0);
}

TEST(Doubt, AnAutomaticCaptureWithoutAnswerIsProcessingUntilItIsRepeated) {
    PaymentDesk desk;
    desk.provider.next({Word::approve, Word::lost_after});
    const Answered paid = desk.create(PaymentDesk::charge(eur(10'000)));
    EXPECT_EQ(paid.text("status"), "processing");
    desk.restart();
    desk.sweep_until_dry();
    EXPECT_EQ(desk.status(paid.payment()), "succeeded");
    EXPECT_EQ(desk.provider.believes(paid.text("id")).captured, 10'000);
    EXPECT_TRUE(desk.nothing_in_suspense());
}

// The lease: two processes, or the janitor and a request, must not both send.
TEST(Doubt, TheJanitorLeavesAloneWhatSomebodyIsSending) {
    PaymentDesk desk;
    const Uuid id = desk.authorised(eur(10'000));
    desk.begin(desk.capturing(desk.capturer(), id, {{}, 4'000, false}));
    EXPECT_EQ(desk.sweep(), 0);
    desk.clock.advance(std::chrono::seconds(61));
    EXPECT_EQ(desk.sweep(), 1);
    EXPECT_TRUE(desk.provider.last_heard().repeat);
    EXPECT_EQ(desk.payment(id).captured, 4'000);
}

TEST(Doubt, WaitsLongerAfterEachTry) {
    EXPECT_EQ(retry_after(0).count(), 10);
    EXPECT_EQ(retry_after(1).count(), 10);
    EXPECT_EQ(retry_after(2).count(), 30);
    EXPECT_EQ(retry_after(3).count(), 60);
    EXPECT_EQ(retry_after(4).count(), 300);
    EXPECT_EQ(retry_after(1'000'000).count(), 300);
}

}  // namespace
}  // namespace causeway::gateway
