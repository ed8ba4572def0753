// SPDX-License-Identifier: Apache-2.0
//
// Notices that come before the answer they are about, a hundred times, and out of order: the end is
// that of one telling in order.
#include "gateway/payments/notices.h"

#include "gateway/notifications/inbox.h"
#include "gateway/payments/outcomes.h"
#include "tests/support/engines.h"
#include "tests/support/payment_desk.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace causeway::gateway {
namespace {

using connectors::Answer;
using connectors::Notice;
using connectors::NoticeKind;
using test::eur;
using test::PaymentDesk;

class Notices : public test::OnEachEngine {
  protected:
    Notice about(const Uuid& payment, NoticeKind kind, std::string id) {
        Notice notice{.kind = kind, .id = std::move(id)};
        notice.reference = desk.charge_of(payment).reference;
        notice.amount = eur(10'000);
        notice.case_id = "case-" + notice.reference;
        notice.reason = "fraudulent";
        return notice;
    }
    Notice word(const Uuid& payment, bool approved) {
        Notice notice = about(payment, NoticeKind::outcome, {});
        notice.id = "word of " + notice.reference;
        notice.case_id.clear();
        notice.answer.approved = approved;
        if (!approved) notice.answer.decline = connectors::Decline::insufficient_funds;
        return notice;
    }
    // As the inbox does, one message each.
    Intake receive(const Notice& notice) {
        const std::string body = notice.id + notice.reference + std::to_string(++messages_);
        const NotificationMessage message{.id = desk.ids.next(),
                                          .connector = "scripted",
                                          .body_sha256 = sha256(body),
                                          .state = MessageState::read,
                                          .sealed = {1},
                                          .vault_key = "key",
                                          .size = static_cast<std::int64_t>(body.size()),
                                          .received = desk.clock.now()};
        return desk.write<Intake>([&](ledger::Transaction& tx) {
            return take_in(tx, desk.service->shop(), message, {notice});
        });
    }
    // What the provider answers to what was sent, once it comes.
    void answer(const Send& sent, const Result<Answer>& word) {
        (void)desk.write<Step>([&](ledger::Transaction& tx) {
            return apply_outcome(tx, desk.service->shop(), std::nullopt, sent.row, word);
        });
    }
    Step charge() {
        const Caller who = desk.creator();
        return desk.begin(desk.creating(who, PaymentDesk::charge(eur(10'000), false)));
    }

    PaymentDesk desk{20260413, url()};

  private:
    int messages_ = 0;
};

CAUSEWAY_ON_EACH_ENGINE(Notices);

TEST_P(Notices, MayComeBeforeTheAnswerAHundredTimes) {
    const Send sent = *charge().send;
    const Uuid id = sent.row.payment;
    (void)desk.provider.hear(sent.operation);
    for (int told = 0; told < 100; ++told)
        (void)receive(word(id, true));
    EXPECT_EQ(desk.status(id), "requires_capture");
    const std::vector<std::string> events = desk.events();
    answer(sent, Answer{.approved = true});
    EXPECT_EQ(desk.events(), events) << "the answer was no news";
    EXPECT_EQ(desk.payment(id).authorised, 10'000);
    EXPECT_EQ(desk.open_operations(), 0);
    EXPECT_TRUE(desk.nothing_in_suspense());
    EXPECT_TRUE(desk.books_are_clean());
}

TEST_P(Notices, ThatContradictALaterAnswerWereFirst) {
    const Send sent = *charge().send;
    const Uuid id = sent.row.payment;
    (void)receive(word(id, false));
    EXPECT_EQ(desk.status(id), "failed");
    answer(sent, Error(ErrorCode::outcome_unknown, "no answer"));
    EXPECT_EQ(desk.status(id), "failed");
    Notice again = word(id, true);
    again.id = "another";
    EXPECT_EQ(desk.tell(again), NoticeVerdict::move_not_allowed);
    EXPECT_EQ(desk.open_operations(), 0);
    EXPECT_TRUE(desk.nothing_in_suspense());
    EXPECT_TRUE(desk.books_are_clean());
}

// A dispute of so many rounds, won each time but perhaps the last, every notice with its time.
TEST_P(Notices, OfADisputeEndWhereTheirOrderEnds) {
    const auto begun = desk.clock.now();
    for (std::uint32_t seed = 1; seed <= 25; ++seed) {
        std::mt19937 random(seed);
        const Uuid id = desk.captured(eur(10'000));
        const std::size_t rounds = 1 + random() % 3;
        const bool lost = random() % 2 == 0;
        std::vector<Notice> all;
        const auto happens = [&](NoticeKind kind) {
            const auto number = static_cast<int>(all.size()) + 1;
            Notice notice = about(id, kind, std::to_string(seed) + "-" + std::to_string(number));
            notice.happened = begun + std::chrono::minutes(number);
            all.push_back(std::move(notice));
        };
        for (std::size_t round = 1; round <= rounds; ++round) {
            happens(round == 1 ? NoticeKind::dispute_opened : NoticeKind::dispute_reopened);
            const bool last = round == rounds;
            happens(last && lost ? NoticeKind::dispute_lost : NoticeKind::dispute_won);
        }
        const std::vector<Notice> once = all;
        all.insert(all.end(), once.begin(), once.end());
        std::ranges::shuffle(all, random);
        for (const Notice& notice : all)
            (void)receive(notice);
        const std::vector<Dispute> disputes = desk.disputes_of(id);
        ASSERT_EQ(disputes.size(), 1U) << seed;
        EXPECT_EQ(to_string(disputes[0].status.get()), lost ? "lost" : "won") << seed;
        EXPECT_EQ(desk.payment(id).refundable(), lost ? 0 : 10'000) << seed;
    }
    EXPECT_EQ(desk.net("scripted", ledger::Purpose::dispute, "EUR"), 0);
    EXPECT_TRUE(desk.books_are_clean());
}

}  // namespace
}  // namespace causeway::gateway
