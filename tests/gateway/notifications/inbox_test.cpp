// SPDX-License-Identifier: Apache-2.0
//
// What providers tell comes again, too early and out of order; it is believed once and in order.
#include "gateway/notifications/inbox.h"

#include "tests/support/engines.h"
#include "tests/support/messages.h"
#include "tests/support/payment_desk.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>
#include <string>
#include <vector>

namespace causeway::gateway {
namespace {

using connectors::Notice;
using connectors::NoticeKind;
using connectors::OperationKind;
using test::eur;
using test::message_of;
using test::PaymentDesk;
using test::receive;

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

int delete_messages(PaymentDesk& desk, Timestamp before) {
    return desk.write<int>(
        [before](ledger::Transaction& tx) { return delete_old_messages(tx, before, 100); });
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

// The provider says again what it said before, long after its messages were deleted here: believed
// once more, the money would be taken from the merchant a second time.
TEST(Inbox, KnowsARepetitionAfterTheMessagesWereDeleted) {
    for (const bool under_another_id : {false, true}) {
        PaymentDesk desk;
        const Taken taken = take_payment(desk);
        const auto at = [&](NoticeKind kind, std::string id, int minute) {
            Notice notice = about(taken, kind, std::move(id));
            notice.happened = desk.clock.now() + std::chrono::minutes(minute);
            return notice;
        };
        const Notice reopened = at(NoticeKind::dispute_reopened, "n-3", 3);
        const std::vector<Notice> told{at(NoticeKind::dispute_opened, "n-1", 1),
                                       at(NoticeKind::dispute_won, "n-2", 2),
                                       reopened,
                                       at(NoticeKind::dispute_won, "n-4", 4)};
        for (const Notice& notice : told)
            ASSERT_EQ(receive(desk, {notice}).applied, 1);
        const std::int64_t pending = desk.pending();
        desk.clock.advance(std::chrono::days(401));
        EXPECT_EQ(delete_messages(desk, desk.clock.now() - std::chrono::days(400)), 4);
        Notice again = reopened;
        if (under_another_id) again.id = "n-5";
        EXPECT_EQ(receive(desk, {again}).applied, 0);
        EXPECT_EQ(desk.disputes()[0].status, DisputeStatus::won);
        EXPECT_EQ(desk.pending(), pending);
        EXPECT_TRUE(desk.books_are_clean());
    }
}

/// Notes what is asked, in order.
class ListeningTransaction final : public ledger::Transaction {
  public:
    explicit ListeningTransaction(ledger::Transaction& inner) : inner_(inner) {}

    /// Which question was the first with these words; -1 when none was.
    [[nodiscard]] std::ptrdiff_t first_with(std::string_view words) const {
        const auto found = std::ranges::find_if(asked_, [words](const std::string& sql) {
            return sql.find(words) != std::string::npos;
        });
        return found == asked_.end() ? -1 : found - asked_.begin();
    }

    Result<std::int64_t> execute(std::string_view sql,
                                 std::initializer_list<ledger::Value> values) override {
        return inner_.execute(sql, values);
    }
    Result<void> defer(std::string_view sql, std::initializer_list<ledger::Value> values) override {
        return inner_.defer(sql, values);
    }
    Result<void> insert_rows(const ledger::Rows& rows) override { return inner_.insert_rows(rows); }
    Result<void> query(std::string_view sql,
                       std::initializer_list<ledger::Value> values,
                       const std::function<void(const ledger::Row&)>& each) override {
        asked_.emplace_back(sql);
        return inner_.query(sql, values, each);
    }
    [[nodiscard]] bool writes() const noexcept override { return inner_.writes(); }
    [[nodiscard]] ledger::RowMemory* memory() noexcept override { return inner_.memory(); }

  private:
    ledger::Transaction& inner_;
    std::vector<std::string> asked_;
};

// Another process may be applying the later news: it holds the payment until it has.
TEST(Inbox, LooksForLaterNewsWithThePaymentInHand) {
    PaymentDesk desk;
    Notice opened = about(take_payment(desk), NoticeKind::dispute_opened, "n-1");
    opened.happened = desk.clock.now();
    const NotificationMessage message = message_of(desk, "once");
    desk.restart();  // What it remembers it would not ask for.
    desk.write<Intake>([&](ledger::Transaction& inner) {
        ListeningTransaction tx(inner);
        const Result<Intake> intake = take_in(tx, desk.service->shop(), message, {opened});
        const std::ptrdiff_t taken = tx.first_with("FROM payments");
        EXPECT_GE(taken, 0);
        EXPECT_GT(tx.first_with("happened_us >"), taken);
        return intake;
    });
    EXPECT_EQ(verdict_of(desk, "n-1"), NoticeVerdict::applied);
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

class InboxAfterAnUpgrade : public test::OnEachEngine {};

Notice pix(std::string day) {
    Notice notice{.kind = NoticeKind::received, .id = "E1"};
    notice.reference = "nobody's";
    notice.amount = eur(10'000);
    notice.receipt = connectors::Receipt{.identity = "E1",
                                         .channel = "pix",
                                         .way = {},
                                         .paid_on = *parse_day(day),
                                         .credited_on = *parse_day(day),
                                         .cost = eur(0)};
    return notice;
}

// What an older version stored: it knew no way, and made its digest of something else.
void store_as_before(PaymentDesk& desk, const Notice& notice) {
    const NotificationMessage message = message_of(desk, "before the upgrade");
    desk.write<bool>([&](ledger::Transaction& tx) -> Result<bool> {
        const Result<void> kept = insert_message(tx, message);
        if (!kept) return kept.error();
        const Result<void> inserted =
            insert_notification(tx,
                                {.connector = "scripted",
                                 .notice = notice,
                                 .message = message.id,
                                 .digest = sha256("8:received8:nobody's"),
                                 .verdict = NoticeVerdict::unknown_reference,
                                 .payment = std::nullopt,
                                 .repeats = 0,
                                 .received = desk.clock.now()});
        if (!inserted) return inserted.error();
        return true;
    });
}

TEST_P(InboxAfterAnUpgrade, KnowsWhatAnOlderVersionStored) {
    PaymentDesk desk(1, test::ScriptedSides{.collecting = true}, url());
    store_as_before(desk, pix("2026-04-14"));
    Notice again = pix("2026-04-14");
    again.receipt->way = "pix";
    again.receipt->channel = "api";
    again.receipt->cost.reset();
    const Intake intake = receive(desk, {again});
    EXPECT_EQ(intake.repeated, 1);
    EXPECT_EQ(intake.disbelieved, 0);
}

TEST_P(InboxAfterAnUpgrade, KnowsAFeeThatWasToldOfWithoutAReceipt) {
    PaymentDesk desk(1, test::ScriptedSides{.collecting = true}, url());
    Notice fee = pix("2026-04-14");
    fee.kind = NoticeKind::charged;
    Notice before = fee;
    before.receipt.reset();
    store_as_before(desk, before);
    EXPECT_EQ(receive(desk, {fee}).repeated, 1);
}

TEST_P(InboxAfterAnUpgrade, StillSeesAContradiction) {
    struct Case {
        std::string name;
        std::function<void(Notice&)> change;
    };
    const std::vector<Case> cases{
        {"amount", [](Notice& n) { n.amount = eur(9'999); }},
        {"name", [](Notice& n) { n.receipt->identity = "E2"; }},
        {"day", [](Notice& n) { n.receipt->paid_on += std::chrono::days(1); }},
        {"day of the credit", [](Notice& n) { n.receipt->credited_on.reset(); }},
        {"cost", [](Notice& n) { n.receipt->cost = eur(1); }}};
    PaymentDesk desk(1, test::ScriptedSides{.collecting = true}, url());
    store_as_before(desk, pix("2026-04-14"));
    for (const Case& each : cases) {
        Notice again = pix("2026-04-14");
        again.receipt->way = "pix";
        each.change(again);
        EXPECT_EQ(receive(desk, {again}).disbelieved, 1) << each.name;
    }
}

CAUSEWAY_ON_EACH_ENGINE(InboxAfterAnUpgrade);

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
