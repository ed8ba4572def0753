// SPDX-License-Identifier: Apache-2.0
#include "connectors/capability.h"

#include "tests/support/amounts.h"

#include <gtest/gtest.h>

namespace causeway::connectors {
namespace {

const Day kEnd = *parse_day("2024-06-30");

Capability ended(LifecycleStage stage) {
    Capability can;
    can.name = "giropay";
    can.lifecycle = {.stage = stage, .since = kEnd};
    return can;
}

TEST(Capability, OffersEverythingBeforeItsEnd) {
    const Capability can = ended(LifecycleStage::retired);
    const Day before = kEnd - std::chrono::days(1);
    EXPECT_TRUE(can.offers(OperationKind::authorise, before));
    EXPECT_FALSE(can.offers(OperationKind::increment, before)) << "it never did";
}

TEST(Capability, GivesBackForEver) {
    for (const LifecycleStage stage : {LifecycleStage::refund_only, LifecycleStage::retired}) {
        const Capability can = ended(stage);
        EXPECT_FALSE(can.offers(OperationKind::authorise, kEnd));
        EXPECT_FALSE(can.offers(OperationKind::sale, kEnd));
        EXPECT_TRUE(can.offers(OperationKind::refund, kEnd));
        EXPECT_TRUE(can.offers(OperationKind::reverse, kEnd));
        EXPECT_TRUE(can.offers(OperationKind::release, kEnd));
        const bool captures = stage == LifecycleStage::refund_only;
        EXPECT_EQ(can.offers(OperationKind::capture, kEnd), captures);
    }
}

// An advice that was sent while it was allowed has to come to its end.
TEST(Capability, RepeatsWhatWasBegun) {
    const Capability can = ended(LifecycleStage::retired);
    Operation capture{OperationKind::capture, "r", test::eur(1), "pay_1", {}, {}};
    EXPECT_FALSE(check_offered(can, capture, kEnd));
    capture.repeat = true;
    EXPECT_TRUE(check_offered(can, capture, kEnd));
    capture.kind = OperationKind::increment;
    EXPECT_FALSE(check_offered(can, capture, kEnd));
}

TEST(Capability, AnUnknownCountryForbidsNothing) {
    Capability can;
    EXPECT_TRUE(can.takes_country("DE"));
    can.countries = {"BR"};
    EXPECT_TRUE(can.takes_country(""));
    EXPECT_TRUE(can.takes_country("BR"));
    EXPECT_FALSE(can.takes_country("DE"));
}

}  // namespace
}  // namespace causeway::connectors
