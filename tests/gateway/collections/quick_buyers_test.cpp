// SPDX-License-Identifier: Apache-2.0
//
// Buyers who pay before the provider has answered that they can.
#include "gateway/collections/collections_store.h"
#include "tests/support/engines.h"
#include "tests/support/payment_desk.h"

#include <gtest/gtest.h>

namespace causeway::gateway {
namespace {

using connectors::Notice;
using connectors::NoticeKind;
using test::Answered;
using test::eur;
using test::PaymentDesk;
using test::ScriptedSides;
using test::Word;

Notice paid(std::int64_t amount) {
    Notice notice{.kind = NoticeKind::received, .id = "n1"};
    notice.amount = eur(amount);
    notice.receipt = connectors::Receipt{
        .identity = "E1", .channel = "api", .paid_on = *parse_day("2026-04-15")};
    return notice;
}

class QuickBuyers : public test::OnEachEngine {
  protected:
    // The registration arrived, but its answer did not; the buyer pays; then it is sent again.
    void pay_before_the_answer(Word answer, std::string_view status, std::int64_t amount) {
        PaymentDesk desk(
            1,
            ScriptedSides{.collecting = true, .receipts = {.short_payment = ReceiptPolicy::credit}},
            url());
        desk.provider.next({Word::lost_after, answer});
        const Answered waiting = desk.create(PaymentDesk::bill(eur(10'000)));
        ASSERT_EQ(waiting.text("status"), "processing");
        ASSERT_EQ(desk.notice(waiting.payment(), paid(amount)), NoticeVerdict::applied);
        EXPECT_EQ(desk.status(waiting.payment()), status);
        desk.sweep_until_dry();
        EXPECT_EQ(desk.status(waiting.payment()), status);
        EXPECT_EQ(desk.payment(waiting.payment()).captured, amount);
        EXPECT_TRUE(desk.nothing_in_suspense());
        EXPECT_TRUE(desk.books_are_clean());
    }
};

TEST_P(QuickBuyers, HavePaidWhenTheAnswerComes) {
    pay_before_the_answer(Word::approve, "succeeded", 10'000);
}

TEST_P(QuickBuyers, HavePaidAPartWhenTheAnswerComes) {
    pay_before_the_answer(Word::approve, "partially_captured", 4'000);
}

TEST_P(QuickBuyers, HavePaidThoughTheAnswerIsNo) {
    pay_before_the_answer(Word::decline, "succeeded", 10'000);
}

CAUSEWAY_ON_EACH_ENGINE(QuickBuyers);

}  // namespace
}  // namespace causeway::gateway
