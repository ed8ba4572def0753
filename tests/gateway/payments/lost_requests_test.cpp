// SPDX-License-Identifier: Apache-2.0
//
// A request that lost its way is answered by whoever learns what became of its operation: a notice
// and a person do as well as an answer.
#include "tests/support/payment_desk.h"

#include <gtest/gtest.h>

namespace causeway::gateway {
namespace {

using connectors::Notice;
using connectors::NoticeKind;
using test::Answered;
using test::eur;
using test::PaymentDesk;

class LostRequest : public testing::Test {
  protected:
    /// Its first step and nothing more. Returns its operation.
    OperationRow lose(const PaymentDesk::Body& first) {
        const Step step = desk.begin(first);
        if (!step.send) throw std::runtime_error("nothing was to be sent");
        return step.send->row;
    }
    NoticeVerdict tell(const OperationRow& row, std::int64_t cents) {
        Notice notice{.kind = NoticeKind::outcome, .id = "n-" + std::to_string(cents)};
        notice.reference = row.reference;
        notice.amount = eur(cents);
        notice.answer.approved = true;
        return desk.tell(notice);
    }
    PaymentDesk::Body increasing() {
        return [this](ledger::Transaction& tx) {
            return increase_payment(tx, desk.service->shop(), increaser, id, {.amount = 15'000});
        };
    }
    PaymentDesk::Body canceling() { return desk.canceling(canceler, id); }

    PaymentDesk desk{1, {.increments = true}};
    Uuid id = desk.authorised(eur(10'000));
    Caller increaser = desk.caller("POST /v1/payments/{id}/increment", "k1");
    Caller canceler = desk.canceler("k2");
};

TEST_F(LostRequest, OfAnIncrementIsAnsweredByANotice) {
    EXPECT_EQ(tell(lose(increasing()), 5'000), NoticeVerdict::applied);
    const Answered again = desk.ask(increaser, increasing());
    EXPECT_TRUE(again.reply.replayed);
    EXPECT_EQ(again.status(), 200);
    EXPECT_EQ(again.number("amount_capturable"), 15'000);
}

TEST_F(LostRequest, OfACancelIsAnsweredByANotice) {
    EXPECT_EQ(tell(lose(canceling()), 10'000), NoticeVerdict::applied);
    const Answered again = desk.ask(canceler, canceling());
    EXPECT_TRUE(again.reply.replayed);
    EXPECT_EQ(again.status(), 200);
    EXPECT_EQ(again.text("status"), "canceled");
}

TEST_F(LostRequest, OfACaptureIsAnsweredByANotice) {
    const Caller who = desk.capturer("k3");
    const PaymentDesk::Body capturing = desk.capturing(who, id, {{}, 4'000, false});
    EXPECT_EQ(tell(lose(capturing), 4'000), NoticeVerdict::applied);
    const Answered again = desk.ask(who, capturing);
    EXPECT_TRUE(again.reply.replayed);
    EXPECT_EQ(again.text("status"), "succeeded");
}

TEST_F(LostRequest, OfAnIncrementIsAnsweredByAPerson) {
    const OperationRow row = lose(increasing());
    ASSERT_EQ(tell(row, 4'999), NoticeVerdict::amount_mismatch);  // Nobody is believed.
    desk.decide(row.id, true);
    const Answered again = desk.ask(increaser, increasing());
    EXPECT_TRUE(again.reply.replayed);
    EXPECT_EQ(again.number("amount_capturable"), 15'000);
}

TEST_F(LostRequest, OfACancelIsAnsweredByAPerson) {
    const OperationRow row = lose(canceling());
    ASSERT_EQ(tell(row, 9'999), NoticeVerdict::amount_mismatch);
    desk.decide(row.id, false);
    const Answered again = desk.ask(canceler, canceling());
    EXPECT_TRUE(again.reply.replayed);
    EXPECT_EQ(again.text("status"), "requires_capture");
}

TEST_F(LostRequest, OfAnIncrementIsAnsweredWhenTheJanitorTakesItUp) {
    lose(increasing());
    desk.clock.advance(std::chrono::minutes(5));
    desk.sweep();
    EXPECT_TRUE(desk.ask(increaser, increasing()).reply.replayed);
}

}  // namespace
}  // namespace causeway::gateway
