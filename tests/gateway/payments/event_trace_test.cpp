// SPDX-License-Identifier: Apache-2.0
#include "tests/support/payment_desk.h"

#include <gtest/gtest.h>

namespace causeway::gateway {
namespace {

using test::eur;
using test::PaymentDesk;

// What a request caused belongs to its trace, also in the receiver's.
TEST(EventTrace, IsTheRequestsOwn) {
    PaymentDesk desk;
    Caller who = desk.creator();
    who.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    (void)desk.ask(who, desk.creating(who, PaymentDesk::charge(eur(10'000))));
    const auto events = desk.read<Listed<EventRow>>([&desk](ledger::Transaction& tx) {
        return list_events(tx, {.merchant = desk.merchant, .livemode = false}, Page{.limit = 100});
    });
    ASSERT_GE(events.rows.size(), 2U);
    for (const EventRow& event : events.rows)
        EXPECT_EQ(event.traceparent, who.traceparent) << event.type;
}

}  // namespace
}  // namespace causeway::gateway
