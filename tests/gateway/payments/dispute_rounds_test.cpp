// SPDX-License-Identifier: Apache-2.0
//
// A dispute that was won comes back: what was said in the first round says nothing of the second.
#include "gateway/payments/outcomes.h"
#include "tests/support/payment_desk.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace causeway::gateway {
namespace {

using connectors::Notice;
using connectors::NoticeKind;
using test::eur;
using test::PaymentDesk;
using test::Word;

class DisputeRounds : public testing::Test {
  protected:
    void tell(NoticeKind kind) {
        Notice notice{.kind = kind, .id = "n-" + std::to_string(++told_)};
        notice.case_id = "case-1";
        notice.reason = "fraudulent";
        if (kind == NoticeKind::dispute_opened) notice.amount = eur(4'000);
        ASSERT_EQ(desk.notice(id, notice), NoticeVerdict::applied);
    }
    void win_and_lose_it_again() {
        tell(NoticeKind::dispute_won);
        tell(NoticeKind::dispute_reopened);
        ASSERT_EQ(desk.disputes()[0].round, 2);
    }
    bool notes_the_earlier_round() {
        return std::ranges::any_of(desk.timeline(id), [](const TimelineLine& line) {
            return line.event == "earlier_round";
        });
    }

    PaymentDesk desk{1, test::ScriptedSides{.disputing = true}};
    Uuid id = desk.captured(eur(10'000));

  private:
    int told_ = 0;
};

TEST_F(DisputeRounds, AnAnswerOfTheFirstIsOnlyNotedInTheSecond) {
    tell(NoticeKind::dispute_opened);
    const Uuid dispute = desk.disputes()[0].id;
    const Caller who = desk.caller("POST /v1/disputes/{id}/evidence", "k1");
    const Step sent = desk.begin([&](ledger::Transaction& tx) {
        return submit_evidence(tx, desk.service->shop(), who, dispute, R"({"note":"first"})");
    });
    ASSERT_TRUE(sent.send);
    win_and_lose_it_again();
    const Result<connectors::Answer> yes(connectors::Answer{.approved = true});
    const Step told = desk.begin([&](ledger::Transaction& tx) {
        return apply_outcome(tx, desk.service->shop(), who, sent.send->row, yes);
    });
    ASSERT_TRUE(told.reply);
    EXPECT_NE(told.reply->body.find("needs_response"), std::string::npos);
    EXPECT_EQ(desk.disputes()[0].status, DisputeStatus::needs_response);
    EXPECT_TRUE(notes_the_earlier_round());
    EXPECT_EQ(desk.open_operations(), 0);
    EXPECT_EQ(desk.contest(dispute).text("status"), "under_review");
}

TEST_F(DisputeRounds, EvidenceOfTheFirstIsNotSentAgainInTheSecond) {
    tell(NoticeKind::dispute_opened);
    const Uuid dispute = desk.disputes()[0].id;
    desk.provider.next({Word::lost_before});
    desk.contest(dispute);
    ASSERT_EQ(desk.open_operations(), 1);
    win_and_lose_it_again();
    desk.sweep_until_dry();
    EXPECT_TRUE(desk.provider.dispute_words().empty());
    EXPECT_TRUE(notes_the_earlier_round());
    EXPECT_EQ(desk.disputes()[0].status, DisputeStatus::needs_response);
    EXPECT_EQ(desk.contest(dispute, R"({"note":"second"})").text("status"), "under_review");
    ASSERT_EQ(desk.provider.dispute_words().size(), 1U);
    EXPECT_EQ(desk.provider.dispute_words().begin()->second.evidence[0].second, "second");
}

TEST_F(DisputeRounds, AnAnswerOfTheFirstDoesNotStandForThatOfTheSecond) {
    tell(NoticeKind::dispute_opened);
    const Uuid dispute = desk.disputes()[0].id;
    desk.provider.next({Word::lost_before, Word::lost_before});
    desk.contest(dispute);
    const OperationRow first = desk.open_rows()[0];
    win_and_lose_it_again();
    desk.contest(dispute, R"({"note":"second"})");
    ASSERT_EQ(desk.open_operations(), 2);
    const Result<connectors::Answer> yes(connectors::Answer{.approved = true});
    desk.begin([&](ledger::Transaction& tx) {
        return apply_outcome(tx, desk.service->shop(), std::nullopt, first, yes);
    });
    EXPECT_EQ(desk.disputes()[0].status, DisputeStatus::needs_response);
    EXPECT_EQ(desk.concede(dispute).status(), 409) << "the second is under way";
    desk.sweep_until_dry();
    EXPECT_EQ(desk.disputes()[0].status, DisputeStatus::under_review);
}

}  // namespace
}  // namespace causeway::gateway
