// SPDX-License-Identifier: Apache-2.0
//
// What providers tell comes again, too early and out of order; it is believed once and in order.
#include "gateway/notifications/inbox.h"

#include "tests/support/payment_desk.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace causeway::gateway {
namespace {

using connectors::Notice;
using connectors::NoticeKind;
using connectors::OperationKind;
using test::eur;
using test::PaymentDesk;

constexpr std::string_view kCase = "case-1";

/// A captured payment and the reference of its capture.
struct Taken {
    Uuid payment;
    std::string reference;
};

Taken take_payment(PaymentDesk& desk) {
    Taken taken{.payment = desk.captured(eur(10'000)), .reference = {}};
    for (const connectors::Operation& heard : desk.provider.heard()) {
        if (heard.kind == OperationKind::capture) taken.reference = heard.reference;
    }
    return taken;
}

Notice about(const Taken& taken, NoticeKind kind, std::string id) {
    Notice notice;
    notice.kind = kind;
    notice.id = std::move(id);
    notice.reference = taken.reference;
    notice.amount = eur(10'000);
    notice.case_id = kCase;
    notice.reason = "fraudulent";
    return notice;
}

NotificationMessage message_of(PaymentDesk& desk, const std::string& body) {
    NotificationMessage message{.id = desk.ids.next(),
                                .connector = "scripted",
                                .body_sha256 = sha256(body),
                                .state = MessageState::read,
                                .sealed = {1, 2, 3},
                                .vault_key = "key",
                                .size = static_cast<std::int64_t>(body.size()),
                                .received = desk.clock.now()};
    return message;
}

Intake receive(PaymentDesk& desk, const std::vector<Notice>& notices) {
    std::string body;
    for (const Notice& notice : notices)
        body += notice.id + to_hex(digest_of(notice));
    const NotificationMessage message = message_of(desk, body);
    return desk.write<Intake>([&](ledger::Transaction& tx) {
        return take_in(tx, desk.service->shop(), message, notices);
    });
}

std::vector<NotificationRow> rows_of(PaymentDesk& desk) {
    return desk.read<std::vector<NotificationRow>>(
        [](ledger::Transaction& tx) { return list_notifications(tx, {}); });
}

NoticeVerdict verdict_of(PaymentDesk& desk, std::string_view id) {
    for (const NotificationRow& row : rows_of(desk)) {
        if (row.notice.id == id) return row.verdict;
    }
    throw std::runtime_error("no such notice");
}

TEST(Inbox, AppliesANoticeOnceHoweverOftenItComes) {
    PaymentDesk desk;
    const Taken taken = take_payment(desk);
    const Notice opened = about(taken, NoticeKind::dispute_opened, "n-1");
    EXPECT_EQ(receive(desk, {opened}).applied, 1);
    const std::vector<ledger::AccountBalance> before = desk.balances();
    for (int again = 0; again < 99; ++again)
        EXPECT_EQ(receive(desk, {opened}).repeated, 1);
    ASSERT_EQ(rows_of(desk).size(), 1U);
    EXPECT_EQ(rows_of(desk)[0].repeats, 99);
    EXPECT_EQ(rows_of(desk)[0].payment, taken.payment);
    EXPECT_EQ(desk.balances().size(), before.size());
    EXPECT_TRUE(desk.books_are_clean());
}

TEST(Inbox, ComparesAgainWhatCameTooEarly) {
    PaymentDesk desk;
    const Taken taken = take_payment(desk);
    EXPECT_EQ(receive(desk, {about(taken, NoticeKind::dispute_won, "n-2")}).disbelieved, 1);
    EXPECT_NE(verdict_of(desk, "n-2"), NoticeVerdict::applied);
    EXPECT_EQ(receive(desk, {about(taken, NoticeKind::dispute_opened, "n-1")}).applied, 1);
    EXPECT_EQ(verdict_of(desk, "n-1"), NoticeVerdict::applied);
    EXPECT_EQ(verdict_of(desk, "n-2"), NoticeVerdict::applied);
    EXPECT_TRUE(desk.books_are_clean());
}

// Lost, it says of a case that was won; when the case is taken up again, that is old news.
TEST(Inbox, OldNewsDoesNotBecomeTrueLater) {
    PaymentDesk desk;
    const Taken taken = take_payment(desk);
    const auto at = [&](NoticeKind kind, std::string id, int minute) {
        Notice notice = about(taken, kind, std::move(id));
        notice.happened = desk.clock.now() + std::chrono::minutes(minute);
        return notice;
    };
    EXPECT_EQ(receive(desk, {at(NoticeKind::dispute_opened, "n-1", 1)}).applied, 1);
    EXPECT_EQ(receive(desk, {at(NoticeKind::dispute_won, "n-2", 2)}).applied, 1);
    EXPECT_EQ(receive(desk, {at(NoticeKind::dispute_lost, "n-3", 3)}).disbelieved, 1);
    EXPECT_EQ(receive(desk, {at(NoticeKind::dispute_reopened, "n-4", 4)}).applied, 1);
    EXPECT_NE(verdict_of(desk, "n-3"), NoticeVerdict::applied);
    EXPECT_TRUE(desk.books_are_clean());
}

TEST(Inbox, TheSameIdWithOtherContentsIsNoRepetition) {
    PaymentDesk desk;
    const Taken taken = take_payment(desk);
    (void)receive(desk, {about(taken, NoticeKind::dispute_opened, "n-1")});
    const Intake intake = receive(desk, {about(taken, NoticeKind::dispute_lost, "n-1")});
    EXPECT_EQ(intake.disbelieved, 1);
    EXPECT_EQ(intake.repeated, 0);
    EXPECT_EQ(rows_of(desk)[0].notice.kind, NoticeKind::dispute_opened);
    EXPECT_EQ(rows_of(desk)[0].repeats, 0);
}

TEST(Inbox, KeepsWhatItDoesNotBelieve) {
    PaymentDesk desk;
    Taken taken = take_payment(desk);
    Notice dollars = about(taken, NoticeKind::dispute_opened, "n-1");
    dollars.amount = ledger::Money(10'000, test::currency("USD"));
    Notice stranger = about(taken, NoticeKind::dispute_opened, "n-2");
    stranger.reference = "somebody else's";
    EXPECT_EQ(receive(desk, {dollars, stranger}).disbelieved, 2);
    EXPECT_EQ(verdict_of(desk, "n-1"), NoticeVerdict::currency_mismatch);
    EXPECT_EQ(verdict_of(desk, "n-2"), NoticeVerdict::unknown_reference);
    const std::vector<NotificationRow> rows = rows_of(desk);
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].message, rows[1].message);
    EXPECT_EQ(rows[0].notice.amount, dollars.amount);
    EXPECT_EQ(rows[0].notice.case_id, kCase);
}

// The capture was carried out and its answer lost: a dispute of it is no lie, it is only early.
class DisputeInDoubt : public testing::Test {
  protected:
    /// A capture that nobody knows of, and what its dispute names: it, or the charge before it.
    Notice early(std::int64_t captured, OperationKind named) {
        desk.provider.next({test::Word::lost_after});
        (void)desk.capture(id, captured);
        Taken taken{.payment = id, .reference = {}};
        for (const connectors::Operation& heard : desk.provider.heard()) {
            if (heard.kind == named) taken.reference = heard.reference;
        }
        Notice notice = about(taken, NoticeKind::dispute_opened, "n-1");
        notice.amount = eur(4'000);
        return notice;
    }
    void expect_disputed() {
        EXPECT_EQ(verdict_of(desk, "n-1"), NoticeVerdict::applied);
        EXPECT_EQ(desk.disputes_of(id).size(), 1U);
        EXPECT_EQ(desk.payment(id).disputed, 4'000);
        EXPECT_TRUE(desk.books_are_clean());
    }

    PaymentDesk desk;
    Uuid id = desk.authorised(eur(10'000));
};

TEST_F(DisputeInDoubt, IsOpenedWhenTheCaptureIsConfirmed) {
    EXPECT_EQ(receive(desk, {early(4'000, OperationKind::capture)}).disbelieved, 1);
    desk.sweep_until_dry();
    expect_disputed();
}

TEST_F(DisputeInDoubt, IsOpenedWhenItNamesTheCharge) {
    EXPECT_EQ(receive(desk, {early(4'000, OperationKind::authorise)}).disbelieved, 1);
    desk.sweep_until_dry();
    expect_disputed();
}

TEST_F(DisputeInDoubt, IsOpenedWhenItsAmountNeedsTheCaptureInDoubt) {
    (void)desk.capture(id, 1'000);
    EXPECT_EQ(receive(desk, {early(3'000, OperationKind::authorise)}).disbelieved, 1);
    desk.sweep_until_dry();
    expect_disputed();
}

TEST_F(DisputeInDoubt, IsOpenedWhenAPersonDecides) {
    EXPECT_EQ(receive(desk, {early(4'000, OperationKind::capture)}).disbelieved, 1);
    desk.decide(desk.open_rows().front().id, true);
    expect_disputed();
}

// The process died before it heard of the capture: nothing stands in suspense, and nobody knows.
TEST_F(DisputeInDoubt, IsOpenedWhenTheCaptureIsSentAgainAfterACrash) {
    const Caller who = desk.capturer();
    const Step lost = desk.begin(desk.capturing(who, id, {{}, 4'000, false}));
    desk.restart();
    Notice notice = about(
        {.payment = id, .reference = lost.send->row.reference}, NoticeKind::dispute_opened, "n-1");
    notice.amount = eur(4'000);
    EXPECT_EQ(receive(desk, {notice}).disbelieved, 1);
    desk.sweep_until_dry();
    expect_disputed();
}

TEST_F(DisputeInDoubt, IsNotOpenedWhenTheCaptureWasRefused) {
    EXPECT_EQ(receive(desk, {early(4'000, OperationKind::capture)}).disbelieved, 1);
    desk.decide(desk.open_rows().front().id, false);
    EXPECT_EQ(verdict_of(desk, "n-1"), NoticeVerdict::move_not_allowed);
    EXPECT_TRUE(desk.disputes_of(id).empty());
}

// The life of a dispute, each notice several times, in any order and cut into messages in any way:
// the end is the same.
TEST(Inbox, OrderAndRepetitionDoNotMatter) {
    for (std::uint32_t seed = 1; seed <= 12; ++seed) {
        std::mt19937 random(seed);
        PaymentDesk desk;
        const Taken taken = take_payment(desk);
        const Notice opened = about(taken, NoticeKind::dispute_opened, "n-1");
        const Notice won = about(taken, NoticeKind::dispute_won, "n-2");
        std::vector<Notice> all{opened, won, opened, won, opened, won};
        std::ranges::shuffle(all, random);
        while (!all.empty()) {
            const std::size_t count = 1 + random() % all.size();
            const auto end = all.begin() + static_cast<std::ptrdiff_t>(count);
            (void)receive(desk, {all.begin(), end});
            all.erase(all.begin(), end);
        }
        EXPECT_EQ(verdict_of(desk, "n-1"), NoticeVerdict::applied) << seed;
        EXPECT_EQ(verdict_of(desk, "n-2"), NoticeVerdict::applied) << seed;
        EXPECT_EQ(rows_of(desk).size(), 2U) << seed;
        EXPECT_TRUE(desk.books_are_clean()) << seed;
    }
}

}  // namespace
}  // namespace causeway::gateway
