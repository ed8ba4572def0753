// SPDX-License-Identifier: Apache-2.0
//
// What a person decides about money that stands apart.
#include "gateway/collections/collections_store.h"
#include "gateway/collections/receipts.h"
#include "tests/support/engines.h"
#include "tests/support/payment_desk.h"

#include <gtest/gtest.h>

namespace causeway::gateway {
namespace {

using connectors::Notice;
using connectors::NoticeKind;
using ledger::Purpose;
using test::eur;
using test::PaymentDesk;
using test::ScriptedSides;

ScriptedSides sides(ReceiptPolicies policies = {}) {
    return {.collecting = true, .receipts = policies};
}

Notice received(ledger::Money amount, const std::string& name, const char* day = "2026-04-15") {
    Notice notice{.kind = NoticeKind::received, .id = "n/" + name};
    notice.amount = amount;
    notice.receipt =
        connectors::Receipt{.identity = name, .channel = "api", .paid_on = *parse_day(day)};
    return notice;
}

std::vector<ReceiptRow> receipts(PaymentDesk& desk, const Uuid& payment) {
    return desk.read<std::vector<ReceiptRow>>(
        [&](ledger::Transaction& tx) { return receipts_of_payment(tx, payment); });
}

Result<ReceiptRow> try_credit(PaymentDesk& desk, const Uuid& payment, std::size_t number = 0) {
    const Uuid receipt = receipts(desk, payment).at(number).id;
    return desk.database->writer().commit<ReceiptRow>([&](ledger::Transaction& tx) {
        return decide_receipt(tx,
                              desk.service->shop(),
                              {.receipt = receipt,
                               .decision = ReceiptPolicy::credit,
                               .sent_back_as = {},
                               .reason = "the buyer called",
                               .by = "tester"});
    });
}

ReceiptRow credit_by_hand(PaymentDesk& desk, const Uuid& payment, std::size_t number = 0) {
    return *try_credit(desk, payment, number);
}

std::int64_t apart_of(PaymentDesk& desk) {
    return -desk.net("scripted", Purpose::unallocated_receipt, "EUR");
}

class ReceiptDecisions : public test::OnEachEngine {};
CAUSEWAY_ON_EACH_ENGINE(ReceiptDecisions);

TEST_P(ReceiptDecisions, CreditTooLittleWhenAPersonSaysSo) {
    PaymentDesk desk(1, sides(), url());
    const Uuid id = desk.create(PaymentDesk::bill(eur(10'000))).payment();
    EXPECT_EQ(desk.notice(id, received(eur(9'000), "E1")), NoticeVerdict::applied);
    EXPECT_EQ(desk.status(id), "requires_action");
    EXPECT_EQ(apart_of(desk), 9'000);
    const ReceiptRow decided = credit_by_hand(desk, id);
    EXPECT_EQ(decided.state, ReceiptState::credited);
    const ReceiptRow kept = receipts(desk, id).at(0);
    EXPECT_EQ(kept.credited, 9'000);
    EXPECT_EQ(kept.apart, 0) << "its shares are its amount";
    EXPECT_EQ(apart_of(desk), 0);
    EXPECT_EQ(desk.status(id), "partially_captured");
    EXPECT_EQ(desk.payment(id).captured, 9'000);
    EXPECT_EQ(desk.refund(id, 9'000).status(), 201);
    EXPECT_EQ(desk.provider.last_heard().original->approval_code, "E1");
    EXPECT_TRUE(desk.books_are_clean());
}

// A refund may be under way by the name of what came first.
TEST_P(ReceiptDecisions, KeepTheNameOfWhatCameFirstWhenMoreIsCreditedByHand) {
    PaymentDesk desk(1, sides(), url());
    const Uuid id = desk.create(PaymentDesk::bill(eur(10'000))).payment();
    desk.notice(id, received(eur(10'000), "E1"));
    desk.notice(id, received(eur(500), "E2"));
    EXPECT_EQ(credit_by_hand(desk, id, 1).state, ReceiptState::credited);
    EXPECT_EQ(desk.refund(id, 10'000).status(), 201);
    EXPECT_EQ(desk.provider.last_heard().original->approval_code, "E1");
    EXPECT_TRUE(desk.books_are_clean());
}

// Half at one rate and half at another would be two promises.
TEST_P(ReceiptDecisions, RefuseToConvertTheRestAtAnotherRate) {
    PaymentDesk desk(1, sides({.short_payment = ReceiptPolicy::credit}), url());
    const Uuid id = desk.create(PaymentDesk::bill(test::usd(10'000))).payment();
    EXPECT_EQ(desk.notice(id, received(test::usd(4'000), "E1")), NoticeVerdict::applied);
    EXPECT_EQ(desk.notice(id, received(test::usd(6'000), "E2", "2026-04-18")),
              NoticeVerdict::applied);
    ASSERT_EQ(receipts(desk, id).at(1).reason, ReceiptReason::rate_over);
    const std::optional<Uuid> locked = desk.payment(id).quote;
    const Result<ReceiptRow> refused = try_credit(desk, id, 1);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), ErrorCode::conflict);
    EXPECT_EQ(desk.payment(id).quote, locked);
    EXPECT_TRUE(desk.books_are_clean());
}

TEST_P(ReceiptDecisions, ConvertWhatWasLateAtARateOfNow) {
    PaymentDesk desk(1, sides(), url());
    const Uuid id = desk.create(PaymentDesk::bill(test::usd(10'000))).payment();
    EXPECT_EQ(desk.notice(id, received(test::usd(10'000), "E1", "2026-04-18")),
              NoticeVerdict::applied);
    EXPECT_EQ(desk.status(id), "requires_action");
    EXPECT_EQ(receipts(desk, id).at(0).reason, ReceiptReason::rate_over);
    EXPECT_EQ(-desk.net("scripted", Purpose::unallocated_receipt, "USD"), 10'000);
    EXPECT_EQ(desk.pending("EUR"), 0);

    const std::optional<Uuid> locked = desk.payment(id).quote;
    EXPECT_EQ(credit_by_hand(desk, id).state, ReceiptState::credited);
    EXPECT_NE(desk.payment(id).quote, locked) << "as if it had been paid now";
    EXPECT_EQ(desk.status(id), "succeeded");
    EXPECT_TRUE(desk.books_are_clean());
}

}  // namespace
}  // namespace causeway::gateway
