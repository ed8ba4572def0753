// SPDX-License-Identifier: Apache-2.0
//
// From a charge to captured money when the provider answers, and what limits a merchant.
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

std::vector<OperationKind> kinds_heard(PaymentDesk& desk) {
    std::vector<OperationKind> kinds;
    for (const connectors::Operation& one : desk.provider.heard())
        kinds.push_back(one.kind);
    return kinds;
}

TEST(Captures, AutomaticMeansAuthoriseThenCaptureInOneRequest) {
    PaymentDesk desk;
    const Answered paid = desk.create(PaymentDesk::charge(eur(10'000)));
    EXPECT_EQ(paid.status(), 201);
    EXPECT_EQ(paid.text("status"), "succeeded");
    EXPECT_EQ(paid.number("amount_captured"), 10'000);
    EXPECT_EQ(kinds_heard(desk), (std::vector{OperationKind::authorise, OperationKind::capture}));
    EXPECT_EQ(desk.open_operations(), 0);
    // The merchant pays 2.9 % of 100.00; the acquirer keeps 0.20 + 0.10 + 0.05.
    EXPECT_EQ(desk.pending(), 9'710);
    EXPECT_EQ(desk.net("scripted", Purpose::provider_receivable, "EUR"), 9'965);
    EXPECT_EQ(desk.net("scripted", Purpose::provider_cost, "EUR"), 35);
    EXPECT_EQ(desk.net("operator", Purpose::fee_revenue, "EUR"), -290);
    EXPECT_TRUE(desk.books_are_clean());
}

TEST(Captures, MaestroIsChargedInOneMessage) {
    PaymentDesk desk;
    const Answered paid = desk.create(PaymentDesk::charge(eur(10'000), true, "tok_maestro"));
    EXPECT_EQ(paid.text("status"), "succeeded");
    EXPECT_EQ(kinds_heard(desk), std::vector{OperationKind::sale});
    EXPECT_EQ(desk.pending(), 9'710);
    EXPECT_EQ(desk.refund(paid.payment()).text("status"), "succeeded");
}

TEST(Captures, MaestroCannotBeCapturedLater) {
    PaymentDesk desk;
    const Answered refused = desk.create(PaymentDesk::charge(eur(10'000), false, "tok_maestro"));
    EXPECT_EQ(refused.status(), 422);
    EXPECT_EQ(refused.text("code"), "capture_method_not_supported");
    EXPECT_TRUE(desk.provider.heard().empty());
}

TEST(Captures, ManualCaptureInPartsEndsInSucceeded) {
    PaymentDesk desk;
    const Uuid id = desk.authorised(eur(10'000));
    EXPECT_EQ(desk.status(id), "requires_capture");
    EXPECT_EQ(desk.pending(), 0);

    const Answered first = desk.capture(id, 3'000);
    EXPECT_EQ(first.status(), 201);
    EXPECT_EQ(first.text("status"), "succeeded");
    EXPECT_EQ(desk.status(id), "partially_captured");
    EXPECT_EQ(desk.payment(id).capturable(), 7'000);

    EXPECT_EQ(desk.capture(id).number("amount"), 7'000);
    EXPECT_EQ(desk.status(id), "succeeded");
    EXPECT_EQ(desk.payment(id).captured, 10'000);
    EXPECT_EQ(desk.pending(), 10'000 - 87 - 203);
    EXPECT_EQ(desk.open_operations(), 0);
}

// Nothing left us and nothing was reserved: the refusal must not cost the merchant a cent.
TEST(Captures, MoreThanIsLeftIsRefused) {
    PaymentDesk desk;
    const Uuid id = desk.authorised(eur(10'000));
    desk.capture(id, 6'000);
    const std::size_t said = desk.provider.heard().size();
    const Answered refused = desk.capture(id, 4'001);
    EXPECT_EQ(refused.status(), 422);
    EXPECT_EQ(refused.text("code"), "amount_exceeds_capturable");
    EXPECT_EQ(desk.provider.heard().size(), said);
    EXPECT_EQ(desk.capture(id, 4'000).status(), 201);
    EXPECT_EQ(desk.capture(id, 1).status(), 409);
}

// A hold that is never released keeps the buyer's money blocked for weeks.
TEST(Captures, TheFinalOneReleasesTheRest) {
    PaymentDesk desk;
    const Uuid id = desk.authorised(eur(10'000));
    EXPECT_EQ(desk.capture(id, 4'000, true).status(), 201);
    EXPECT_EQ(desk.status(id), "succeeded");
    EXPECT_EQ(desk.payment(id).capturable(), 0);
    ASSERT_EQ(desk.open_operations(), 1);
    EXPECT_EQ(desk.sweep(), 1);
    const connectors::Operation released = desk.provider.last_heard();
    EXPECT_EQ(released.kind, OperationKind::release);
    EXPECT_EQ(released.amount, eur(4'000));
    ASSERT_TRUE(released.original);
    EXPECT_EQ(released.original->kind, OperationKind::authorise);
    EXPECT_EQ(desk.provider.believes(to_text("pay", id)),
              (test::ProviderCase{.authorised = 4'000, .captured = 4'000, .refunded = 0}));
    EXPECT_EQ(desk.open_operations(), 0);
}

TEST(Captures, TheReleaseIsRepeatedUntilTheProviderSpeaks) {
    PaymentDesk desk;
    const Uuid id = desk.authorised(eur(10'000));
    desk.capture(id, 4'000, true);
    desk.provider.next({Word::unavailable, Word::lost_before, Word::later});
    desk.sweep_until_dry();
    EXPECT_EQ(desk.provider.believes(to_text("pay", id)).authorised, 4'000);
    EXPECT_EQ(desk.status(id), "succeeded");
}

// The rest may only be given back when no capture of it is under way any more.
TEST(Captures, TheRestIsReleasedAfterTheLastOpenCapture) {
    PaymentDesk desk;
    const Uuid id = desk.authorised(eur(10'000));
    desk.provider.next({Word::lost_before});
    EXPECT_EQ(desk.capture(id, 3'000).text("status"), "pending");
    EXPECT_EQ(desk.capture(id, 2'000, true).text("status"), "succeeded");
    EXPECT_EQ(desk.status(id), "partially_captured");
    ASSERT_EQ(desk.open_operations(), 1);
    desk.sweep_until_dry();
    EXPECT_EQ(desk.status(id), "succeeded");
    EXPECT_EQ(desk.provider.believes(to_text("pay", id)),
              (test::ProviderCase{.authorised = 5'000, .captured = 5'000, .refunded = 0}));
}

TEST(Captures, ADeclineFailsThePaymentAndSaysWhy) {
    PaymentDesk desk;
    desk.provider.next({Word::decline});
    const Answered declined = desk.create(PaymentDesk::charge(eur(10'000)), "k1");
    EXPECT_EQ(declined.status(), 402);
    EXPECT_EQ(declined.text("code"), "card_declined");
    EXPECT_EQ(declined.text("decline_code"), "insufficient_funds");
    const std::string instance = declined.text("instance");
    const Uuid id = *parse_id("pay", instance.substr(instance.rfind('/') + 1));
    EXPECT_EQ(desk.status(id), "failed");
    EXPECT_EQ(desk.open_operations(), 0);
    EXPECT_TRUE(desk.balances().empty());
    EXPECT_EQ(desk.capture(id).status(), 409);
    EXPECT_EQ(desk.confirm(id).status(), 409);
}

TEST(Captures, ADeclinedCaptureGivesTheReservationBack) {
    PaymentDesk desk;
    const Uuid id = desk.authorised(eur(10'000));
    desk.provider.next({Word::decline});
    const Answered declined = desk.capture(id, 4'000, true);
    EXPECT_EQ(declined.status(), 402);
    EXPECT_EQ(declined.text("code"), "capture_declined");
    EXPECT_EQ(desk.status(id), "requires_capture");
    EXPECT_EQ(desk.payment(id).capturable(), 10'000);
    EXPECT_EQ(desk.pending(), 0);
    EXPECT_EQ(desk.capture(id).status(), 201);
    EXPECT_EQ(desk.status(id), "succeeded");
}

// The automatic capture was refused and the merchant captures by hand: that one part is still on
// its way must not lock the others out.
TEST(Captures, ADeclinedOneDoesNotLockOutTheNextWhileAnotherIsOnItsWay) {
    PaymentDesk desk;
    desk.provider.next({Word::approve, Word::decline, Word::lost_before, Word::decline});
    const Answered declined = desk.create(PaymentDesk::charge(eur(10'000)));
    const std::string instance = declined.text("instance");
    const Uuid id = *parse_id("pay", instance.substr(instance.rfind('/') + 1));
    EXPECT_EQ(desk.status(id), "requires_capture");
    EXPECT_EQ(desk.capture(id, 3'000).text("status"), "pending");
    EXPECT_EQ(desk.capture(id, 2'000).status(), 402);
    EXPECT_EQ(desk.status(id), "requires_capture");
    EXPECT_EQ(desk.capture(id, 7'000).status(), 201);
    desk.sweep_until_dry();
    EXPECT_EQ(desk.status(id), "succeeded");
}

// Half an approval is no approval: the buyer would be charged for half a pair of shoes.
TEST(Captures, APartialApprovalIsReversedAndDeclined) {
    PaymentDesk desk;
    desk.provider.next({Word::half});
    const Answered declined = desk.create(PaymentDesk::charge(eur(10'000)));
    EXPECT_EQ(declined.status(), 402);
    EXPECT_EQ(declined.text("decline_code"), "insufficient_funds");
    const std::string instance = declined.text("instance");
    const std::string id = instance.substr(instance.rfind('/') + 1);
    EXPECT_EQ(desk.provider.believes(id).authorised, 5'000);
    ASSERT_EQ(desk.open_operations(), 1);
    desk.sweep_until_dry();
    EXPECT_EQ(desk.provider.believes(id), test::ProviderCase{});
    EXPECT_EQ(desk.status(*parse_id("pay", id)), "failed");
    EXPECT_TRUE(desk.nothing_in_suspense());
}

TEST(Captures, AreTheMerchantsOwn) {
    PaymentDesk desk;
    const Uuid id = desk.authorised(eur(10'000));
    desk.merchant = desk.add_merchant(100, {});
    EXPECT_EQ(desk.capture(id).status(), 404);
    EXPECT_EQ(desk.cancel(id).status(), 404);
    EXPECT_EQ(desk.confirm(id).status(), 404);
    EXPECT_EQ(desk.refund(id).status(), 404);
}

TEST(Captures, TheFixedFeeIsTakenOnceAPayment) {
    PaymentDesk desk;
    desk.merchant = desk.add_merchant(100, {{"EUR", 25}});
    const Uuid id = desk.authorised(eur(10'000));
    desk.capture(id, 5'000);
    EXPECT_EQ(desk.pending(), 5'000 - 50 - 25);
    desk.capture(id, 5'000);
    EXPECT_EQ(desk.pending(), 10'000 - 50 - 25 - 50);
}

TEST(Captures, TheVerificationValueTravelsOnceAndOnlyWithTheAuthorisation) {
    PaymentDesk desk;
    desk.cvcs.keep("tok_visa", "123", desk.clock.now());
    desk.create(PaymentDesk::charge(eur(100)));
    ASSERT_EQ(desk.provider.heard().size(), 2U);
    EXPECT_EQ(desk.provider.heard()[0].card->cvc, "123");
    EXPECT_EQ(desk.provider.heard()[1].card->cvc, "");
    desk.create(PaymentDesk::charge(eur(100)));
    EXPECT_EQ(desk.provider.heard()[2].card->cvc, "");
}

// A receiver that keeps the last status would otherwise have to ask what it was.
TEST(Captures, TellWhatTheStatusWasBefore) {
    PaymentDesk desk;
    desk.captured(eur(10'000));
    const auto list = [&desk](ledger::Transaction& tx) {
        return list_events(tx, {.merchant = desk.merchant, .livemode = false}, Page{.limit = 100});
    };
    std::map<std::string, std::string> before;
    for (const EventRow& event : desk.read<Listed<EventRow>>(list).rows) {
        const boost::json::value body = boost::json::parse(event.body);
        const boost::json::object& data = body.at("data").as_object();
        const boost::json::value* const previous = data.if_contains("previous_attributes");
        before[event.type] =
            previous == nullptr ? "none" : std::string(previous->at("status").as_string());
    }
    EXPECT_EQ(before["payment.created"], "none");
    EXPECT_EQ(before["payment.succeeded"], "processing");
    EXPECT_EQ(before["capture.succeeded"], "pending");
}

}  // namespace
}  // namespace causeway::gateway
