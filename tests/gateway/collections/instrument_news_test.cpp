// SPDX-License-Identifier: Apache-2.0
//
// What providers tell of an instrument that is neither money nor its end.
#include "gateway/collections/instrument_news.h"

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

Notice tariff(std::string id, std::string channel) {
    Notice notice{.kind = NoticeKind::charged, .id = std::move(id)};
    notice.amount = eur(150);
    notice.receipt = connectors::Receipt{.identity = {},
                                         .channel = std::move(channel),
                                         .way = {},
                                         .paid_on = *parse_day("2026-04-15")};
    notice.reason = "registration";
    return notice;
}

class InstrumentNews : public test::OnEachEngine {};

TEST_P(InstrumentNews, ShowTheBuyerOneMoreWayToPayOnceItIsKnown) {
    PaymentDesk desk(1, {.collecting = true}, url());
    const Uuid id = desk.create(PaymentDesk::bill(eur(10'000))).payment();
    const std::string before = desk.payment(id).next_action;
    Notice notice{.kind = NoticeKind::instrument_completed, .id = "f1:2"};
    notice.answer.instrument =
        connectors::Instrument{.action = "display_boleto", .details = {{"qr_data", "00020126"}}};
    EXPECT_EQ(desk.notice(id, notice), NoticeVerdict::applied);
    const std::string after = desk.payment(id).next_action;
    EXPECT_EQ(before.find("qr_data"), std::string::npos);
    EXPECT_NE(after.find(R"("qr_data":"00020126")"), std::string::npos) << after;
    EXPECT_NE(after.find(R"("line":)"), std::string::npos) << "what it had stays";
    // A second word does not change what buyers may hold in their hands already.
    notice.id = "f2:2";
    notice.answer.instrument->details[0].second = "00020199";
    EXPECT_EQ(desk.notice(id, notice), NoticeVerdict::applied);
    EXPECT_EQ(desk.payment(id).next_action, after);
    EXPECT_EQ(desk.status(id), "requires_action");
}

TEST_P(InstrumentNews, BookATariffOnceThatTwoLinesOfAFileTellOf) {
    PaymentDesk desk(1, {.collecting = true}, url());
    const Uuid id = desk.create(PaymentDesk::bill(eur(10'000))).payment();
    EXPECT_EQ(desk.notice(id, tariff("f1:2", "retorno: entrada")), NoticeVerdict::applied);
    EXPECT_EQ(desk.notice(id, tariff("f1:3", "retorno")), NoticeVerdict::duplicate);
    EXPECT_EQ(desk.notice(id, tariff("m1", "api")), NoticeVerdict::duplicate);
    EXPECT_EQ(desk.notice(id, tariff("f1:2", "retorno: entrada")), NoticeVerdict::duplicate);
    EXPECT_EQ(desk.net("scripted", Purpose::provider_cost, "EUR"), 150);
    EXPECT_TRUE(desk.books_are_clean());
}

// A bank may ask the same for another service, weeks after the entry.
TEST_P(InstrumentNews, BookAlikeTariffsOfOtherDaysEach) {
    PaymentDesk desk(1, {.collecting = true}, url());
    const Uuid id = desk.create(PaymentDesk::bill(eur(10'000))).payment();
    desk.notice(id, tariff("f1:2", "retorno: entrada"));
    Notice soon = tariff("f2:2", "retorno");
    soon.receipt->paid_on += std::chrono::days(4);
    EXPECT_EQ(desk.notice(id, soon), NoticeVerdict::duplicate);
    Notice later = tariff("f9:2", "retorno");
    later.receipt->paid_on += std::chrono::days(5);
    EXPECT_EQ(desk.notice(id, later), NoticeVerdict::applied);
    EXPECT_EQ(desk.net("scripted", Purpose::provider_cost, "EUR"), 300);
    EXPECT_TRUE(desk.books_are_clean());
}

CAUSEWAY_ON_EACH_ENGINE(InstrumentNews);

}  // namespace
}  // namespace causeway::gateway
