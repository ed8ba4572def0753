// SPDX-License-Identifier: Apache-2.0
//
// Refunds: never more than was captured, and no reservation that stays for ever.
#include "tests/support/payment_desk.h"

#include <gtest/gtest.h>

namespace causeway::gateway {
namespace {

using ledger::Purpose;
using test::Answered;
using test::eur;
using test::PaymentDesk;
using test::Word;

TEST(Refunds, SeveralPartsUpToTheWhole) {
    PaymentDesk desk;
    const Uuid id = desk.captured(eur(10'000));
    const Answered first = desk.refund(id, 2'500);
    EXPECT_EQ(first.status(), 201);
    EXPECT_EQ(first.text("status"), "succeeded");
    EXPECT_EQ(first.number("amount"), 2'500);
    EXPECT_EQ(desk.pending(), 9'710 - 2'500);
    EXPECT_EQ(desk.refund(id, 500).status(), 201);
    EXPECT_EQ(desk.refund(id).number("amount"), 7'000);
    EXPECT_EQ(desk.payment(id).refunded, 10'000);
    EXPECT_EQ(desk.status(id), "succeeded");
    // The fee of the capture stays with us: the merchant is down by exactly that.
    EXPECT_EQ(desk.pending(), -290);
    EXPECT_EQ(desk.net("scripted", Purpose::provider_receivable, "EUR"), -35);
    const Answered refused = desk.refund(id);
    EXPECT_EQ(refused.status(), 422);
    EXPECT_EQ(refused.text("code"), "amount_exceeds_refundable");
}

TEST(Refunds, MoreThanIsLeftIsRefusedBeforeAnybodyIsAsked) {
    PaymentDesk desk;
    const Uuid id = desk.captured(eur(10'000));
    desk.refund(id, 6'000);
    const std::size_t said = desk.provider.heard().size();
    const Answered refused = desk.refund(id, 4'001);
    EXPECT_EQ(refused.status(), 422);
    EXPECT_EQ(refused.text("code"), "amount_exceeds_refundable");
    EXPECT_EQ(desk.provider.heard().size(), said);
    EXPECT_EQ(desk.refund(id, 4'000).status(), 201);
}

TEST(Refunds, OnlyWhatIsCapturedNotWhatIsAuthorised) {
    PaymentDesk desk;
    const Uuid id = desk.authorised(eur(10'000));
    desk.capture(id, 4'000);
    EXPECT_EQ(desk.refund(id, 4'001).status(), 422);
    EXPECT_EQ(desk.refund(id).number("amount"), 4'000);
    // The rest can still be captured, and then be refunded.
    EXPECT_EQ(desk.capture(id).status(), 201);
    EXPECT_EQ(desk.refund(id).number("amount"), 6'000);
}

TEST(Refunds, OfAnUncapturedAuthorisationIsACancel) {
    PaymentDesk desk;
    const Uuid id = desk.authorised(eur(10'000));
    EXPECT_EQ(desk.refund(id, 4'000).status(), 422) << "an authorisation is given back whole";
    const Answered refunded = desk.refund(id);
    EXPECT_EQ(refunded.status(), 201);
    EXPECT_EQ(refunded.text("object"), "refund");
    EXPECT_EQ(refunded.text("status"), "succeeded");
    EXPECT_EQ(desk.status(id), "canceled");
    EXPECT_EQ(desk.provider.believes(to_text("pay", id)), test::ProviderCase{});
    EXPECT_EQ(desk.pending(), 0);
    EXPECT_TRUE(desk.books_are_clean());
}

TEST(Refunds, OfAnUncapturedAuthorisationFailWithTheirCancel) {
    PaymentDesk desk;
    const Uuid id = desk.authorised(eur(10'000));
    desk.provider.next({Word::decline});
    const Answered refunded = desk.refund(id);
    EXPECT_EQ(refunded.status(), 201);
    EXPECT_EQ(refunded.text("status"), "failed");
    EXPECT_EQ(desk.status(id), "requires_capture");
    EXPECT_EQ(desk.capture(id).status(), 201);
}

TEST(Refunds, ADeclineReturnsTheReservation) {
    PaymentDesk desk;
    const Uuid id = desk.captured(eur(10'000));
    desk.provider.next({Word::decline});
    const Answered declined = desk.refund(id);
    EXPECT_EQ(declined.status(), 201);
    EXPECT_EQ(declined.text("status"), "failed");
    EXPECT_EQ(declined.text("failure_code"), "insufficient_funds");
    EXPECT_EQ(desk.payment(id).refunding, 0);
    EXPECT_EQ(desk.pending(), 9'710);
    EXPECT_EQ(desk.refund(id).text("status"), "succeeded");
}

// A refund that may have happened counts as one until the provider has undone it: otherwise the
// merchant sends it again and the buyer gets the money twice.
TEST(Refunds, WithoutAnswerHoldTheirReservationUntilTheyAreReversed) {
    for (const Word word : {Word::lost_before, Word::lost_after}) {
        PaymentDesk desk;
        const Uuid id = desk.captured(eur(10'000));
        desk.provider.next({word});
        const Answered lost = desk.refund(id, 6'000);
        EXPECT_EQ(lost.status(), 201);
        EXPECT_EQ(lost.text("status"), "pending");
        EXPECT_EQ(desk.suspense(), 6'000);
        EXPECT_EQ(desk.refund(id, 4'001).status(), 422);
        ASSERT_EQ(desk.open_operations(), 1);

        desk.sweep();
        EXPECT_EQ(desk.open_operations(), 0);
        EXPECT_EQ(desk.payment(id).refunding, 0);
        EXPECT_EQ(desk.payment(id).refunded, 0);
        EXPECT_TRUE(desk.nothing_in_suspense());
        EXPECT_EQ(desk.provider.believes(to_text("pay", id)).refunded, 0);
        const Uuid refund = *parse_id("ref", lost.text("id"));
        const Refund row = desk.read<Refund>(
            [refund](ledger::Transaction& tx) { return load_refund(tx, refund); });
        EXPECT_EQ(row.status, PartStatus::failed);
        EXPECT_EQ(row.failure_code, "provider_timeout_reversed");
        EXPECT_EQ(desk.refund(id).number("amount"), 10'000);
    }
}

TEST(Refunds, ThatWereNotSentGoOutLaterUnderTheSameReference) {
    PaymentDesk desk;
    const Uuid id = desk.captured(eur(10'000));
    desk.provider.next({Word::unavailable, Word::unavailable});
    EXPECT_EQ(desk.refund(id, 6'000).text("status"), "pending");
    const std::string reference = desk.provider.last_heard().reference;
    EXPECT_EQ(desk.suspense(), 0);
    desk.sweep_until_dry();
    EXPECT_EQ(desk.provider.last_heard().reference, reference);
    EXPECT_FALSE(desk.provider.last_heard().repeat);
    EXPECT_EQ(desk.payment(id).refunded, 6'000);
    EXPECT_EQ(desk.payment(id).refunding, 0);
    EXPECT_EQ(desk.provider.believes(to_text("pay", id)).refunded, 6'000);
}

TEST(Refunds, ThatWereNotSentSurviveARestart) {
    PaymentDesk desk;
    const Uuid id = desk.captured(eur(10'000));
    desk.provider.next({Word::unavailable});
    desk.refund(id, 6'000);
    const Recovered recovered = desk.restart();
    EXPECT_EQ(recovered.operations, 1);
    EXPECT_EQ(recovered.doubtful, 0);
    EXPECT_EQ(desk.sweep(), 1);
    EXPECT_EQ(desk.payment(id).refunded, 6'000);
}

}  // namespace
}  // namespace causeway::gateway
