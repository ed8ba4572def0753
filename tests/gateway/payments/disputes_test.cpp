// SPDX-License-Identifier: Apache-2.0
//
// Disputes: the money goes at once, refunds and disputes share what was captured, and the scheme's
// word is compared before it is believed.
#include "tests/support/payment_desk.h"

#include <gtest/gtest.h>

#include <rapidcheck.h>

namespace causeway::gateway {
namespace {

using connectors::Notice;
using connectors::NoticeKind;
using ledger::Purpose;
using test::Answered;
using test::eur;
using test::PaymentDesk;
using test::usd;
using test::Word;

constexpr std::int64_t kDisputeFee = 1'500;

Notice opened(std::int64_t amount, std::string case_id = "case-1") {
    Notice notice{.kind = NoticeKind::dispute_opened, .id = "n-" + case_id};
    notice.amount = eur(amount);
    notice.case_id = std::move(case_id);
    notice.reason = "fraudulent";
    notice.network_reason_code = "10.4";
    return notice;
}

Notice decided(NoticeKind kind, std::string case_id = "case-1") {
    Notice notice{.kind = kind, .id = "d-" + case_id};
    notice.case_id = std::move(case_id);
    return notice;
}

// One thing that can happen to a payment with disputes; a refund is accepted exactly when enough is
// left.
void take_step(PaymentDesk& desk, const Uuid& id, int& cases, int kind, int amount) {
    const std::string last = "case-" + std::to_string(cases);
    switch (kind) {
        case 0: (void)desk.notice(id, opened(amount, "case-" + std::to_string(++cases))); break;
        case 1: (void)desk.notice(id, decided(NoticeKind::dispute_won, last)); break;
        case 2: (void)desk.notice(id, decided(NoticeKind::dispute_lost, last)); break;
        case 3: (void)desk.notice(id, decided(NoticeKind::dispute_reopened, last)); break;
        default: {
            const std::int64_t left = desk.payment(id).refundable();
            RC_ASSERT((desk.refund(id, amount).status() == 201) == (amount <= left));
        }
    }
    const Payment now = desk.payment(id);
    RC_ASSERT(now.refunded <= now.captured);
    RC_ASSERT(now.disputed >= 0);
}

TEST(Dispute, TakesTheMoneyWhenItIsOpened) {
    PaymentDesk desk;
    const Uuid id = desk.captured(eur(10'000));
    const std::int64_t before = desk.pending();
    EXPECT_EQ(desk.notice(id, opened(4'000)), NoticeVerdict::applied);
    EXPECT_EQ(desk.pending(), before - 4'000 - kDisputeFee);
    EXPECT_EQ(desk.net("scripted", Purpose::dispute, "EUR"), 4'000);
    EXPECT_EQ(desk.net(to_text("mer", desk.merchant), Purpose::dispute, "EUR"), -4'000);
    EXPECT_EQ(desk.payment(id).refundable(), 6'000);
    ASSERT_EQ(desk.disputes().size(), 1U);
    EXPECT_EQ(desk.disputes()[0].status, DisputeStatus::needs_response);
    EXPECT_EQ(desk.disputes()[0].network_reason_code, "10.4");
    EXPECT_EQ(desk.events().back(), "dispute.created");
    EXPECT_TRUE(desk.books_are_clean());
}

TEST(Dispute, ThatIsWonBringsBackWhatItTookButTheFee) {
    PaymentDesk desk;
    const Uuid id = desk.captured(eur(10'000));
    const std::int64_t before = desk.pending();
    ASSERT_EQ(desk.notice(id, opened(4'000)), NoticeVerdict::applied);
    EXPECT_EQ(desk.notice(id, decided(NoticeKind::dispute_won)), NoticeVerdict::applied);
    EXPECT_EQ(desk.pending(), before - kDisputeFee);
    EXPECT_EQ(desk.net("scripted", Purpose::dispute, "EUR"), 0);
    EXPECT_EQ(desk.payment(id).refundable(), 10'000);
    EXPECT_EQ(desk.notice(id, decided(NoticeKind::dispute_won)), NoticeVerdict::duplicate);
    EXPECT_TRUE(desk.books_are_clean());
}

TEST(Dispute, ThatIsLostStaysGone) {
    PaymentDesk desk;
    const Uuid id = desk.captured(eur(10'000));
    const std::int64_t before = desk.pending();
    ASSERT_EQ(desk.notice(id, opened(4'000)), NoticeVerdict::applied);
    EXPECT_EQ(desk.notice(id, decided(NoticeKind::dispute_lost)), NoticeVerdict::applied);
    EXPECT_EQ(desk.pending(), before - 4'000 - kDisputeFee);
    EXPECT_EQ(desk.net("scripted", Purpose::dispute, "EUR"), 0);
    EXPECT_EQ(desk.payment(id).refundable(), 6'000);
    EXPECT_EQ(desk.notice(id, decided(NoticeKind::dispute_won)), NoticeVerdict::move_not_allowed);
    EXPECT_TRUE(desk.books_are_clean());
}

TEST(Dispute, MayComeASecondTimeWithoutASecondFee) {
    PaymentDesk desk;
    const Uuid id = desk.captured(eur(10'000));
    const std::int64_t before = desk.pending();
    ASSERT_EQ(desk.notice(id, opened(4'000)), NoticeVerdict::applied);
    ASSERT_EQ(desk.notice(id, decided(NoticeKind::dispute_won)), NoticeVerdict::applied);
    EXPECT_EQ(desk.notice(id, decided(NoticeKind::dispute_reopened)), NoticeVerdict::applied);
    EXPECT_EQ(desk.disputes()[0].status, DisputeStatus::needs_response);
    EXPECT_EQ(desk.disputes()[0].round, 2);
    EXPECT_EQ(desk.pending(), before - 4'000 - kDisputeFee);
    EXPECT_EQ(desk.notice(id, decided(NoticeKind::dispute_lost)), NoticeVerdict::applied);
    EXPECT_EQ(desk.net("scripted", Purpose::dispute, "EUR"), 0);
    EXPECT_TRUE(desk.books_are_clean());
}

TEST(Dispute, AndRefundDrawOnTheSameAmount) {
    PaymentDesk desk;
    const Uuid id = desk.captured(eur(10'000));
    ASSERT_EQ(desk.notice(id, opened(4'000)), NoticeVerdict::applied);
    const Answered too_much = desk.refund(id, 6'001);
    EXPECT_EQ(too_much.status(), 422);
    EXPECT_EQ(too_much.text("code"), "amount_exceeds_refundable");
    EXPECT_EQ(desk.refund(id, 6'000).status(), 201);
    EXPECT_EQ(desk.refund(id, 1).status(), 422);
    EXPECT_TRUE(desk.books_are_clean());
}

TEST(Dispute, IsBookedEvenWhenARefundCameBeforeIt) {
    // The provider has taken the money, whatever we think of it.
    PaymentDesk desk;
    const Uuid id = desk.captured(eur(10'000));
    ASSERT_EQ(desk.refund(id, 8'000).status(), 201);
    EXPECT_EQ(desk.notice(id, opened(10'000)), NoticeVerdict::applied);
    EXPECT_EQ(desk.payment(id).refundable(), 0);
    EXPECT_EQ(desk.refund(id, 1).status(), 422);
    bool explained = false;
    for (const TimelineLine& line : desk.timeline(id))
        explained = explained || line.event == "exceeds_remaining";
    EXPECT_TRUE(explained);
    EXPECT_TRUE(desk.books_are_clean());
}

TEST(Dispute, OfAPaymentAcrossCurrenciesComesBackToTheCent) {
    PaymentDesk desk;
    const Uuid id = desk.captured(usd(10'001));
    const std::int64_t before = desk.pending();
    Notice notice = opened(0);
    notice.amount = usd(3'333);
    ASSERT_EQ(desk.notice(id, notice), NoticeVerdict::applied);
    // A refund meanwhile moves the place from which the share was drawn.
    const std::int64_t disputed = desk.pending();
    ASSERT_EQ(desk.refund(id, 1'234).status(), 201);
    const std::int64_t refunded = desk.pending() - disputed;
    ASSERT_EQ(desk.notice(id, decided(NoticeKind::dispute_won)), NoticeVerdict::applied);
    EXPECT_EQ(desk.pending(), before - kDisputeFee + refunded);
    EXPECT_TRUE(desk.books_are_clean());
}

TEST(Dispute, ThatClaimsWhatCanNotBeIsNotBelieved) {
    PaymentDesk desk;
    const Uuid id = desk.captured(eur(10'000));
    const std::int64_t before = desk.pending();
    EXPECT_EQ(desk.notice(id, opened(10'001)), NoticeVerdict::amount_mismatch);
    Notice foreign = opened(0);
    foreign.amount = usd(100);
    EXPECT_EQ(desk.notice(id, foreign), NoticeVerdict::currency_mismatch);
    Notice nowhere = opened(100);
    nowhere.reference = "somebody else's";
    EXPECT_EQ(desk.tell(nowhere), NoticeVerdict::unknown_reference);
    EXPECT_EQ(desk.notice(id, decided(NoticeKind::dispute_lost)), NoticeVerdict::unknown_reference);
    EXPECT_EQ(desk.notice(desk.authorised(eur(500)), opened(100)), NoticeVerdict::move_not_allowed);
    EXPECT_EQ(desk.pending(), before);
    EXPECT_TRUE(desk.disputes().empty());
}

TEST(Dispute, ToldAHundredTimesIsOne) {
    PaymentDesk desk;
    const Uuid id = desk.captured(eur(10'000));
    ASSERT_EQ(desk.notice(id, opened(4'000)), NoticeVerdict::applied);
    const std::int64_t after = desk.pending();
    for (int i = 0; i < 99; ++i)
        EXPECT_EQ(desk.notice(id, opened(4'000)), NoticeVerdict::duplicate);
    EXPECT_EQ(desk.pending(), after);
    EXPECT_EQ(desk.disputes().size(), 1U);
}

TEST(Dispute, ToldOfAnotherPaymentOrAmountIsNotTheOneThatIsKnown) {
    PaymentDesk desk;
    const Uuid id = desk.captured(eur(10'000));
    const Uuid other = desk.captured(eur(10'000));
    ASSERT_EQ(desk.notice(id, opened(4'000)), NoticeVerdict::applied);
    EXPECT_EQ(desk.notice(other, opened(4'000)), NoticeVerdict::unknown_reference);
    EXPECT_EQ(desk.notice(id, opened(4'001)), NoticeVerdict::amount_mismatch);
    EXPECT_EQ(desk.disputes().size(), 1U);
}

TEST(DisputeAnswer, IsSentToAProviderThatTakesIt) {
    PaymentDesk desk(1, test::ScriptedSides{.disputing = true});
    const Uuid id = desk.captured(eur(10'000));
    ASSERT_EQ(desk.notice(id, opened(4'000)), NoticeVerdict::applied);
    const Uuid dispute = desk.disputes()[0].id;
    const Answered contested = desk.contest(dispute, R"({"refund_policy":"none"})");
    EXPECT_EQ(contested.status(), 200);
    EXPECT_EQ(contested.text("status"), "under_review");
    const auto words = desk.provider.dispute_words();
    ASSERT_EQ(words.size(), 1U);
    EXPECT_EQ(words.begin()->second.case_id, "case-1");
    ASSERT_EQ(words.begin()->second.evidence.size(), 1U);
    EXPECT_EQ(words.begin()->second.evidence[0].first, "refund_policy");
    EXPECT_EQ(desk.concede(dispute).status(), 409);
    EXPECT_EQ(desk.notice(id, decided(NoticeKind::dispute_won)), NoticeVerdict::applied);
}

TEST(DisputeAnswer, WithoutAWordIsSentUntilThereIsOne) {
    PaymentDesk desk(1, test::ScriptedSides{.disputing = true});
    const Uuid id = desk.captured(eur(10'000));
    ASSERT_EQ(desk.notice(id, opened(4'000)), NoticeVerdict::applied);
    const Uuid dispute = desk.disputes()[0].id;
    desk.provider.next({Word::lost_after, Word::unavailable});
    EXPECT_EQ(desk.concede(dispute).text("status"), "needs_response");
    EXPECT_EQ(desk.contest(dispute).status(), 409) << "an answer is under way";
    desk.sweep_until_dry();
    EXPECT_EQ(desk.disputes()[0].status, DisputeStatus::accepted);
    EXPECT_EQ(desk.provider.dispute_words().size(), 1U);
    EXPECT_EQ(desk.net("scripted", Purpose::dispute, "EUR"), 0);
    EXPECT_TRUE(desk.books_are_clean());
}

TEST(DisputeAnswer, ThatACrashCutOffIsSentOnceAndItsKeyAnswers) {
    PaymentDesk desk(1, test::ScriptedSides{.disputing = true});
    const Uuid id = desk.captured(eur(10'000));
    ASSERT_EQ(desk.notice(id, opened(4'000)), NoticeVerdict::applied);
    const Caller who = desk.caller("POST /v1/disputes/{id}/evidence", "k1");
    const PaymentDesk::Body contesting =
        [&desk, who, dispute = desk.disputes()[0].id](ledger::Transaction& tx) {
            return submit_evidence(tx, desk.service->shop(), who, dispute, R"({"note":"sent"})");
        };
    ASSERT_TRUE(desk.begin(contesting).send);
    desk.restart();
    desk.sweep_until_dry();
    const Answered again = desk.ask(who, contesting);
    EXPECT_EQ(again.status(), 200);
    EXPECT_TRUE(again.reply.replayed);
    EXPECT_EQ(desk.provider.dispute_words().size(), 1U);
}

TEST(DisputeAnswer, StaysWithUsWhereTheProviderTakesNone) {
    PaymentDesk desk;
    const Uuid id = desk.captured(eur(10'000));
    ASSERT_EQ(desk.notice(id, opened(4'000)), NoticeVerdict::applied);
    const Uuid dispute = desk.disputes()[0].id;
    EXPECT_EQ(desk.contest(dispute).text("status"), "under_review");
    EXPECT_EQ(desk.contest(dispute).status(), 200) << "more evidence may follow";
    EXPECT_EQ(desk.concede(dispute).status(), 409);
}

// Whatever happens in whatever order, the merchant never gives back more than was captured unless a
// provider took it, and the books balance.
TEST(Dispute, NeverLetsRefundsExceedWhatIsLeft) {
    PaymentDesk desk;
    std::int64_t exposed_before = 0;
    int cases = 0;
    const bool held = rc::check("refunds and disputes share what was captured", [&] {
        const Uuid id = desk.captured(eur(10'000));
        const auto steps =
            *rc::gen::resize(12,
                             rc::gen::container<std::vector<std::pair<int, int>>>(rc::gen::pair(
                                 rc::gen::inRange(0, 5), rc::gen::inRange(1, 6'000))));
        for (const auto& [kind, amount] : steps)
            take_step(desk, id, cases, kind, amount);
        std::int64_t exposed = exposed_before;
        for (const Dispute& dispute : desk.disputes_of(id)) {
            const bool open = dispute.status == DisputeStatus::needs_response ||
                              dispute.status == DisputeStatus::under_review;
            if (open) exposed += dispute.amount.minor_units();
        }
        RC_ASSERT(desk.net("scripted", Purpose::dispute, "EUR") == exposed);
        exposed_before = exposed;
    });
    EXPECT_TRUE(held);
    EXPECT_TRUE(desk.books_are_clean());
}

}  // namespace
}  // namespace causeway::gateway
