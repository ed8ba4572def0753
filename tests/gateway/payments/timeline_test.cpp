// SPDX-License-Identifier: Apache-2.0
//
// Who reads what of a payment's timeline.
#include "gateway/payments/timeline.h"

#include "tests/support/payment_desk.h"

#include <gtest/gtest.h>

namespace causeway::gateway {
namespace {

using test::eur;
using test::PaymentDesk;
using test::Word;

std::string shown(PaymentDesk& desk, const Uuid& payment, TimelineReader reader) {
    const auto rows = desk.read<Listed<TimelineRow>>([payment](ledger::Transaction& tx) {
        return list_timeline(tx, payment, Page{.limit = 100});
    });
    std::string text;
    for (const TimelineRow& row : rows.rows)
        text += render_timeline(row, reader);
    return text;
}

TEST(Timeline, TellsMerchantsThatAnOperatorDecidedAndNotWhoNorWhy) {
    PaymentDesk desk;
    desk.provider.next({Word::lost_after});
    const Uuid id = desk.create(PaymentDesk::charge(eur(10'000), false)).payment();
    desk.decide(desk.charge_of(id).id, true);
    const std::string merchants = shown(desk, id, TimelineReader::merchant);
    EXPECT_NE(merchants.find(R"("kind":"decision")"), std::string::npos);
    EXPECT_NE(merchants.find("decided_approved"), std::string::npos);
    EXPECT_NE(merchants.find("by an operator"), std::string::npos);
    EXPECT_EQ(merchants.find("tester"), std::string::npos);
    EXPECT_EQ(merchants.find("seen on the statement"), std::string::npos);
    const std::string operators = shown(desk, id, TimelineReader::operators);
    EXPECT_NE(operators.find("tester: seen on the statement"), std::string::npos);
}

}  // namespace
}  // namespace causeway::gateway
