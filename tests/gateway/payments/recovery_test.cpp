// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/recovery.h"

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

}  // namespace
}  // namespace causeway::gateway
