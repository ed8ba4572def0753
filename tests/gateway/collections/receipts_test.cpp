// SPDX-License-Identifier: Apache-2.0
//
// A payment that its buyer pays later, from the instrument to the last receipt.
#include "gateway/collections/receipts.h"

#include "tests/support/engines.h"
#include "tests/support/payment_desk.h"

#include <gtest/gtest.h>

namespace causeway::gateway {
namespace {

using connectors::Notice;
using connectors::NoticeKind;
using connectors::OperationKind;
using ledger::Purpose;
using test::Answered;
using test::eur;
using test::PaymentDesk;
using test::ScriptedSides;
using test::Word;

ScriptedSides sides(ReceiptPolicies policies = {}) {
    return {.collecting = true, .receipts = policies};
}

struct Telling {
    std::string id;
    std::string channel = "retorno";
    std::string identity = {};
    std::string day = "2026-04-15";
    std::string way = {};
    std::optional<std::int64_t> cost = std::nullopt;
};

Notice received(std::int64_t amount, const Telling& telling) {
    Notice notice{.kind = NoticeKind::received, .id = telling.id};
    notice.amount = eur(amount);
    notice.receipt = connectors::Receipt{.identity = telling.identity,
                                         .channel = telling.channel,
                                         .way = telling.way,
                                         .paid_on = *parse_day(telling.day)};
    if (telling.cost) notice.receipt->cost = eur(*telling.cost);
    return notice;
}

Notice returned(std::int64_t amount, const Telling& telling) {
    Notice notice = received(amount, telling);
    notice.kind = NoticeKind::receipt_returned;
    notice.reason = "the cheque bounced";
    return notice;
}

Notice fee(std::int64_t amount, const Telling& telling) {
    Notice notice = received(amount, telling);
    notice.kind = NoticeKind::charged;
    notice.reason = "registration";
    return notice;
}

std::vector<ReceiptRow> receipts(PaymentDesk& desk, const Uuid& payment) {
    return desk.read<std::vector<ReceiptRow>>(
        [&](ledger::Transaction& tx) { return receipts_of_payment(tx, payment); });
}

std::int64_t apart(PaymentDesk& desk) {
    return -desk.net("scripted", Purpose::unallocated_receipt, "EUR");
}

std::int64_t owed(PaymentDesk& desk) {
    return desk.net("scripted", Purpose::provider_receivable, "EUR");
}

class Collections : public test::OnEachEngine {};

TEST_P(Collections, ShowTheBuyerWhatToPayBy) {
    PaymentDesk desk(1, sides(), url());
    const Answered made = desk.create(PaymentDesk::bill(eur(10'000)));
    EXPECT_EQ(made.status(), 201);
    EXPECT_EQ(made.text("status"), "requires_action");
    const auto& action = made.body.at("next_action").as_object();
    EXPECT_EQ(action.at("type").as_string(), "display_boleto");
    EXPECT_EQ(action.at("due_date").as_string(), "2026-04-17");
    EXPECT_TRUE(action.contains("html_url"));
    const connectors::Operation heard = desk.provider.last_heard();
    EXPECT_EQ(heard.kind, OperationKind::collect);
    EXPECT_EQ(heard.collection->payer.name, "Ana Souza");
    EXPECT_TRUE(desk.balances().empty());
}

TEST_P(Collections, NameTheFieldOfABuyerThatIsMissing) {
    PaymentDesk desk(1, sides(), url());
    const Answered refused = desk.create(PaymentDesk::bill(eur(10'000), {}, ""));
    EXPECT_EQ(refused.status(), 400);
    const auto& error = refused.body.at("errors").as_array().at(0).as_object();
    EXPECT_EQ(error.at("pointer").as_string(), "/payment_method/billing_details/name");
    EXPECT_TRUE(desk.provider.heard().empty());
}

TEST_P(Collections, FailWithTheProvidersReason) {
    PaymentDesk desk(1, sides(), url());
    desk.provider.next({Word::decline});
    const Answered refused = desk.create(PaymentDesk::bill(eur(10'000)));
    EXPECT_EQ(refused.status(), 402);
    EXPECT_EQ(refused.text("code"), "payment_method_refused");
    EXPECT_NE(refused.text("detail").find("insufficient_funds (05)"), std::string::npos)
        << refused.text("detail");
}

TEST_P(Collections, SendAnInstrumentAgainUntilThereIsAWord) {
    PaymentDesk desk(1, sides(), url());
    desk.provider.next({Word::lost_after});
    const Answered waiting = desk.create(PaymentDesk::bill(eur(10'000)));
    EXPECT_EQ(waiting.text("status"), "processing");
    EXPECT_TRUE(desk.balances().empty());
    desk.sweep_until_dry();
    EXPECT_EQ(desk.status(waiting.payment()), "requires_action");
    EXPECT_TRUE(desk.provider.last_heard().repeat);
}

TEST_P(Collections, CreditWhatWasAskedFor) {
    PaymentDesk desk(1, sides(), url());
    const Uuid id = desk.create(PaymentDesk::bill(eur(10'000))).payment();
    EXPECT_EQ(desk.notice(id, received(10'000, {.id = "f1:2"})), NoticeVerdict::applied);
    EXPECT_EQ(desk.status(id), "succeeded");
    EXPECT_EQ(desk.payment(id).captured, 10'000);
    const std::vector<ReceiptRow> rows = receipts(desk, id);
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].reason, ReceiptReason::exact);
    EXPECT_EQ(rows[0].state, ReceiptState::credited);
    EXPECT_EQ(apart(desk), 0);
    EXPECT_EQ(owed(desk), 10'000 - 35);  // Less the provider's 35 basis points.
    EXPECT_TRUE(desk.books_are_clean());
}

TEST_P(Collections, CountOnePaymentToldByTwoChannelsOnce) {
    PaymentDesk desk(1, sides(), url());
    const Uuid id = desk.create(PaymentDesk::bill(eur(10'000))).payment();
    EXPECT_EQ(desk.notice(id, received(10'000, {.id = "m1", .channel = "api"})),
              NoticeVerdict::applied);
    EXPECT_EQ(desk.notice(id, received(10'000, {.id = "f1:2"})), NoticeVerdict::duplicate);
    EXPECT_EQ(receipts(desk, id).size(), 1U);
}

TEST_P(Collections, TellTwoPaymentsAlikeFromOneToldTwice) {
    PaymentDesk desk(1, sides(), url());
    const Uuid id = desk.create(PaymentDesk::bill(eur(10'000))).payment();
    desk.notice(id, received(10'000, {.id = "f1:2"}));
    EXPECT_EQ(desk.notice(id, received(10'000, {.id = "f1:3"})), NoticeVerdict::applied);
    EXPECT_EQ(desk.notice(id, received(10'000, {.id = "m1", .channel = "api"})),
              NoticeVerdict::duplicate);
    EXPECT_EQ(desk.notice(id, received(10'000, {.id = "m2", .channel = "api"})),
              NoticeVerdict::duplicate);
    EXPECT_EQ(desk.notice(id, received(10'000, {.id = "f1:3"})), NoticeVerdict::duplicate);
    const std::vector<ReceiptRow> rows = receipts(desk, id);
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[1].reason, ReceiptReason::duplicate);
    EXPECT_EQ(rows[1].state, ReceiptState::held);
    EXPECT_EQ(apart(desk), 10'000);
    EXPECT_EQ(desk.payment(id).captured, 10'000);
    EXPECT_TRUE(desk.books_are_clean());
}

TEST_P(Collections, SendBackWhatCameTwice) {
    PaymentDesk desk(1, sides({.duplicate = ReceiptPolicy::refund}), url());
    const Uuid id = desk.create(PaymentDesk::bill(eur(10'000))).payment();
    desk.notice(id, received(10'000, {.id = "n1", .channel = "api", .identity = "E1"}));
    desk.notice(id, received(10'000, {.id = "n2", .channel = "api", .identity = "E2"}));
    EXPECT_EQ(receipts(desk, id).at(1).state, ReceiptState::refunding);
    desk.sweep_until_dry();
    EXPECT_EQ(desk.provider.last_heard().kind, OperationKind::refund);
    EXPECT_EQ(desk.provider.last_heard().original->approval_code, "E2");
    EXPECT_EQ(receipts(desk, id).at(1).state, ReceiptState::refunded);
    EXPECT_EQ(apart(desk), 0);
    EXPECT_EQ(desk.payment(id).refunded, 0);
    EXPECT_EQ(owed(desk), 10'000 - 35 - 35);
    EXPECT_TRUE(desk.books_are_clean());
}

// The request was lost, and the provider says so when it is asked: a person sends it back.
TEST_P(Collections, LeaveToAPersonWhatTheProviderNeverHeardOfSendingBack) {
    PaymentDesk desk(
        1,
        ScriptedSides{
            .inquiry = true, .collecting = true, .receipts = {.duplicate = ReceiptPolicy::refund}},
        url());
    const Uuid id = desk.create(PaymentDesk::bill(eur(10'000))).payment();
    desk.notice(id, received(10'000, {.id = "n1", .channel = "api", .identity = "E1"}));
    desk.notice(id, received(10'000, {.id = "n2", .channel = "api", .identity = "E2"}));
    desk.provider.next({Word::lost_before});
    desk.sweep_until_dry();
    const ReceiptRow row = receipts(desk, id).at(1);
    EXPECT_EQ(row.state, ReceiptState::refund_due);
    EXPECT_EQ(apart(desk), 10'000);
    EXPECT_TRUE(desk.nothing_in_suspense());
    EXPECT_TRUE(desk.books_are_clean());
}

TEST_P(Collections, GiveTheFineToTheMerchant) {
    PaymentDesk desk(1, sides(), url());
    const Uuid id =
        desk.create(PaymentDesk::bill(eur(10'000),
                                      {.due_on = *parse_day("2026-04-15"), .fine_bps = 200}))
            .payment();
    EXPECT_EQ(desk.notice(id, received(10'200, {.id = "f1:2", .day = "2026-04-16"})),
              NoticeVerdict::applied);
    const ReceiptRow row = receipts(desk, id).at(0);
    EXPECT_EQ(row.reason, ReceiptReason::with_interest);
    EXPECT_EQ(row.surcharge, 200);
    EXPECT_EQ(desk.status(id), "succeeded");
    EXPECT_TRUE(desk.books_are_clean());
}

TEST_P(Collections, ExpireAndTellTheProvider) {
    PaymentDesk desk(1, sides(), url());
    const Uuid id = desk.create(PaymentDesk::bill(eur(10'000))).payment();
    desk.clock.advance(std::chrono::hours(24 * 7));
    EXPECT_EQ(desk.expire(), 1);
    EXPECT_EQ(desk.status(id), "expired");
    desk.sweep_until_dry();
    EXPECT_EQ(desk.provider.last_heard().kind, OperationKind::withdraw);
    // It was paid in time; the news of it comes late.
    EXPECT_EQ(desk.notice(id, received(10'000, {.id = "f1:2"})), NoticeVerdict::applied);
    EXPECT_EQ(desk.status(id), "succeeded");
    EXPECT_TRUE(desk.books_are_clean());
}

TEST_P(Collections, KeepMoneyForACanceledPaymentApart) {
    PaymentDesk desk(1, sides(), url());
    const Uuid id = desk.create(PaymentDesk::bill(eur(10'000))).payment();
    const Answered canceled = desk.cancel(id);
    EXPECT_EQ(canceled.text("status"), "canceled");
    EXPECT_EQ(desk.provider.last_heard().kind, OperationKind::withdraw);
    desk.notice(id, received(10'000, {.id = "f1:2"}));
    EXPECT_EQ(desk.status(id), "canceled");
    EXPECT_EQ(receipts(desk, id).at(0).reason, ReceiptReason::closed);
    EXPECT_EQ(apart(desk), 10'000);
    EXPECT_TRUE(desk.books_are_clean());
}

TEST_P(Collections, StayOpenWhenTheProviderRefusesTheCancel) {
    PaymentDesk desk(1, sides(), url());
    const Uuid id = desk.create(PaymentDesk::bill(eur(10'000))).payment();
    desk.provider.next({Word::decline});
    EXPECT_EQ(desk.cancel(id).text("code"), "cancel_declined");
    EXPECT_EQ(desk.status(id), "requires_action");
    desk.notice(id, received(10'000, {.id = "f1:2"}));
    EXPECT_EQ(desk.status(id), "succeeded");
}

TEST_P(Collections, CloseTheOtherWaysOfPayingOnce) {
    PaymentDesk desk(1, ScriptedSides{.collecting = true, .withdraws_when_paid = true}, url());
    const Uuid id = desk.create(PaymentDesk::bill(eur(10'000))).payment();
    desk.notice(id, received(10'000, {.id = "p1", .channel = "pix", .identity = "E1"}));
    desk.sweep_until_dry();
    EXPECT_EQ(desk.provider.last_heard().kind, OperationKind::withdraw);
    EXPECT_EQ(desk.status(id), "succeeded");
}

// The bank's night file tells of a Pix that its message told of before, by its name, or will.
void tell_of_a_pix_twice(const std::string& url, bool file_first) {
    PaymentDesk desk(1, sides(), url);
    const Uuid id = desk.create(PaymentDesk::bill(eur(10'000))).payment();
    const Notice pix =
        received(10'000, {.id = "p1", .channel = "api", .identity = "E1", .way = "pix"});
    const Notice night = received(10'000, {.id = "f1:2", .way = "pix"});
    desk.notice(id, file_first ? night : pix);
    EXPECT_EQ(desk.notice(id, file_first ? pix : night), NoticeVerdict::duplicate);
    const std::vector<ReceiptRow> rows = receipts(desk, id);
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].identity, "E1");
    EXPECT_EQ(desk.payment(id).captured, 10'000);
    // What is refunded is named by what came in, whichever way we heard of it first.
    EXPECT_EQ(desk.refund(id, 4'000).status(), 201);
    EXPECT_EQ(desk.provider.last_heard().original->approval_code, "E1");
    EXPECT_TRUE(desk.books_are_clean());
}

TEST_P(Collections, KnowAPixThatTheNightFileTellsOfWithoutItsName) {
    tell_of_a_pix_twice(url(), false);
}

TEST_P(Collections, NameAPixThatTheNightFileToldOfFirst) {
    tell_of_a_pix_twice(url(), true);
}

TEST_P(Collections, TakeWhatCameByTwoWaysForTwoPayments) {
    PaymentDesk desk(1, sides(), url());
    const Uuid id = desk.create(PaymentDesk::bill(eur(10'000))).payment();
    desk.notice(id,
                received(10'000, {.id = "p1", .channel = "api", .identity = "E1", .way = "pix"}));
    desk.notice(id, received(10'000, {.id = "f1:2", .way = "boleto"}));
    EXPECT_EQ(receipts(desk, id).size(), 2U);
    // A bank whose file does not say by which way tells of both in it.
    EXPECT_EQ(desk.notice(id, received(10'000, {.id = "f2:2", .channel = "other"})),
              NoticeVerdict::duplicate);
    EXPECT_EQ(desk.notice(id, received(10'000, {.id = "f2:3", .channel = "other"})),
              NoticeVerdict::duplicate);
    EXPECT_EQ(receipts(desk, id).size(), 2U);
    EXPECT_EQ(apart(desk), 10'000);
    EXPECT_TRUE(desk.books_are_clean());
}

// One channel says when the buyer paid, the other when the bank worked at it.
TEST_P(Collections, KnowAPaymentThatTwoChannelsDateDifferently) {
    PaymentDesk desk(1, sides(), url());
    const Uuid id = desk.create(PaymentDesk::bill(eur(10'000))).payment();
    desk.notice(id, received(10'000, {.id = "m1", .channel = "api", .day = "2026-04-10"}));
    EXPECT_EQ(desk.notice(id, received(10'000, {.id = "f1:2", .day = "2026-04-13"})),
              NoticeVerdict::duplicate);
    EXPECT_EQ(receipts(desk, id).size(), 1U);
    // A month later it is another one.
    desk.notice(id, received(10'000, {.id = "m2", .channel = "api", .day = "2026-04-30"}));
    EXPECT_EQ(receipts(desk, id).size(), 2U);
}

// However late a file, each payment of the two days is told of once by each channel.
TEST_P(Collections, CountTwoDaysThatComeCrosswise) {
    PaymentDesk desk(1, sides(), url());
    const Uuid id = desk.create(PaymentDesk::bill(eur(10'000))).payment();
    desk.notice(id, received(10'000, {.id = "m1", .channel = "api", .day = "2026-04-14"}));
    desk.notice(id, received(10'000, {.id = "f2:2", .day = "2026-04-15"}));
    desk.notice(id, received(10'000, {.id = "m2", .channel = "api", .day = "2026-04-15"}));
    desk.notice(id, received(10'000, {.id = "f1:2", .day = "2026-04-14"}));
    EXPECT_EQ(receipts(desk, id).size(), 2U);
}

// The message of the second day overtakes that of the first, which is taken for it meanwhile.
TEST_P(Collections, DateTwoPaymentsByTheirOwnDaysHoweverTheyAreTold) {
    PaymentDesk desk(1, sides(), url());
    const Uuid id = desk.create(PaymentDesk::bill(eur(10'000))).payment();
    desk.notice(id, received(10'000, {.id = "f1:2", .day = "2026-04-14"}));
    desk.notice(id, received(10'000, {.id = "m2", .channel = "api", .day = "2026-04-15"}));
    EXPECT_EQ(receipts(desk, id).size(), 1U);
    desk.notice(id, received(10'000, {.id = "m1", .channel = "api", .day = "2026-04-14"}));
    const auto check = [&] {
        const std::vector<ReceiptRow> rows = receipts(desk, id);
        ASSERT_EQ(rows.size(), 2U);
        EXPECT_EQ(rows[0].paid_on, *parse_day("2026-04-14"));
        EXPECT_EQ(rows[1].paid_on, *parse_day("2026-04-15"));
    };
    check();
    EXPECT_EQ(desk.notice(id, received(10'000, {.id = "f2:2", .day = "2026-04-15"})),
              NoticeVerdict::duplicate);
    check();
    EXPECT_TRUE(desk.books_are_clean());
}

TEST_P(Collections, TakeTheProvidersWordOnItsCostWheneverItComes) {
    PaymentDesk desk(1, sides(), url());
    const Uuid id = desk.create(PaymentDesk::bill(eur(10'000))).payment();
    desk.notice(id, received(10'000, {.id = "m1", .channel = "api"}));
    EXPECT_EQ(desk.net("scripted", Purpose::provider_cost, "EUR"), 35);
    desk.notice(id, received(10'000, {.id = "f1:2", .cost = 185}));
    EXPECT_EQ(desk.net("scripted", Purpose::provider_cost, "EUR"), 185);
    EXPECT_EQ(owed(desk), 10'000 - 185);
    desk.notice(id, received(10'000, {.id = "x1", .channel = "third", .cost = 99}));
    EXPECT_EQ(owed(desk), 10'000 - 185);
    EXPECT_TRUE(desk.books_are_clean());
}

TEST_P(Collections, BookAFeeOnceThatTwoChannelsTellOf) {
    PaymentDesk desk(1, sides(), url());
    const Uuid id = desk.create(PaymentDesk::bill(eur(10'000))).payment();
    EXPECT_EQ(desk.notice(id, fee(290, {.id = "m1", .channel = "api"})), NoticeVerdict::applied);
    EXPECT_EQ(desk.notice(id, fee(290, {.id = "f1:2"})), NoticeVerdict::duplicate);
    EXPECT_EQ(owed(desk), -290);
    // The file has two of them, so there are two, in whatever order the message of it comes.
    EXPECT_EQ(desk.notice(id, fee(290, {.id = "f2:2"})), NoticeVerdict::applied);
    EXPECT_EQ(desk.notice(id, fee(290, {.id = "m2", .channel = "api"})), NoticeVerdict::duplicate);
    EXPECT_EQ(owed(desk), -580);
    EXPECT_EQ(desk.notice(id, fee(100, {.id = "f3:2"})), NoticeVerdict::applied);
    EXPECT_EQ(owed(desk), -680);
    EXPECT_TRUE(desk.books_are_clean());
}

TEST_P(Collections, TakeBackFromTheMerchantWhatDidNotStay) {
    PaymentDesk desk(1, sides(), url());
    const Uuid id =
        desk.create(PaymentDesk::bill(eur(10'000),
                                      {.due_on = *parse_day("2026-04-15"), .fine_bps = 200}))
            .payment();
    desk.notice(id, received(10'200, {.id = "f1:2", .day = "2026-04-16"}));
    EXPECT_EQ(
        desk.notice(id, returned(10'200, {.id = "m1", .channel = "api", .day = "2026-04-17"})),
        NoticeVerdict::applied);
    EXPECT_EQ(desk.notice(id, returned(10'200, {.id = "f2:2", .day = "2026-04-17"})),
              NoticeVerdict::duplicate);
    EXPECT_EQ(receipts(desk, id).at(0).state, ReceiptState::returned);
    EXPECT_EQ(desk.payment(id).disputed, 10'000);
    // What is left is the provider's cost of the payment that was none.
    EXPECT_EQ(owed(desk), -desk.net("scripted", Purpose::provider_cost, "EUR"));
    EXPECT_EQ(desk.refund(id, 1).status(), 422);
    EXPECT_TRUE(desk.books_are_clean());
}

TEST_P(Collections, TakeBackTheOneOfTwoThatDidNotStay) {
    PaymentDesk desk(1, sides(), url());
    const Uuid id = desk.create(PaymentDesk::bill(eur(10'000))).payment();
    desk.notice(id, received(10'000, {.id = "f1:2", .day = "2026-04-14"}));
    desk.notice(id, received(10'000, {.id = "f1:3", .day = "2026-04-15"}));
    desk.notice(id, returned(10'000, {.id = "f2:2", .day = "2026-04-16"}));
    EXPECT_EQ(desk.notice(id, returned(10'000, {.id = "m1", .channel = "api"})),
              NoticeVerdict::duplicate);
    EXPECT_EQ(receipts(desk, id).at(0).state, ReceiptState::credited);
    EXPECT_EQ(receipts(desk, id).at(1).state, ReceiptState::returned);
    EXPECT_EQ(apart(desk), 0);
    EXPECT_EQ(desk.payment(id).disputed, 0);
    EXPECT_TRUE(desk.books_are_clean());
}

// The file does not know the name under which the message told of the same return.
TEST_P(Collections, TakeBackOnceWhatIsToldWithANameAndWithout) {
    PaymentDesk desk(1, sides(), url());
    const Uuid id = desk.create(PaymentDesk::bill(eur(10'000))).payment();
    desk.notice(id, received(10'000, {.id = "p1", .channel = "api", .identity = "E1"}));
    desk.notice(id, returned(10'000, {.id = "r1", .channel = "api", .identity = "E1"}));
    EXPECT_EQ(desk.notice(id, returned(10'000, {.id = "f2:2"})), NoticeVerdict::duplicate);
    EXPECT_EQ(desk.payment(id).disputed, 10'000);
    EXPECT_TRUE(desk.books_are_clean());
}

TEST_P(Collections, TakeBackNoMoreThanCameIn) {
    PaymentDesk desk(1, sides(), url());
    const Uuid id = desk.create(PaymentDesk::bill(eur(10'000))).payment();
    desk.notice(id, received(10'000, {.id = "p1", .identity = "E1"}));
    desk.notice(id, returned(6'000, {.id = "r1", .identity = "E1"}));
    EXPECT_EQ(desk.notice(id, returned(6'001, {.id = "r2", .identity = "E1"})),
              NoticeVerdict::amount_mismatch);
    EXPECT_EQ(desk.payment(id).disputed, 6'000);
}

TEST_P(Collections, TakeBackAPartThatWasStillThere) {
    PaymentDesk desk(1, sides(), url());
    const Uuid id = desk.create(PaymentDesk::bill(eur(10'000))).payment();
    desk.notice(id, received(10'000, {.id = "p1", .identity = "E1"}));
    EXPECT_EQ(desk.notice(id, returned(3'000, {.id = "r1", .identity = "E1"})),
              NoticeVerdict::applied);
    EXPECT_EQ(receipts(desk, id).at(0).state, ReceiptState::credited);
    EXPECT_EQ(desk.payment(id).disputed, 3'000);
    EXPECT_EQ(desk.refund(id, 8'000).status(), 422);
    EXPECT_TRUE(desk.books_are_clean());
}

TEST_P(Collections, HearOfMoneyThatWentBackBeforeHearingThatItCame) {
    PaymentDesk desk(1, sides(), url());
    const Uuid id = desk.create(PaymentDesk::bill(eur(10'000))).payment();
    const Notice early = returned(10'000, {.id = "r1", .channel = "api"});
    EXPECT_EQ(desk.notice(id, early), NoticeVerdict::move_not_allowed);
    desk.notice(id, received(10'000, {.id = "f1:2"}));
    // What came too early is compared again.
    EXPECT_EQ(desk.notice(id, early), NoticeVerdict::applied);
    EXPECT_EQ(receipts(desk, id).at(0).state, ReceiptState::returned);
    EXPECT_EQ(desk.payment(id).disputed, 10'000);
    EXPECT_TRUE(desk.books_are_clean());
}

TEST_P(Collections, FailWhenTheRegistrationIsRefusedLater) {
    PaymentDesk desk(1, sides(), url());
    const Uuid id = desk.create(PaymentDesk::bill(eur(10'000))).payment();
    Notice refused{.kind = NoticeKind::instrument_refused, .id = "f1:2"};
    refused.reason = "03 the postal code has no branch";
    EXPECT_EQ(desk.notice(id, refused), NoticeVerdict::applied);
    EXPECT_EQ(desk.status(id), "failed");
    EXPECT_NE(desk.payment(id).last_error.find("postal code"), std::string::npos);
    EXPECT_EQ(desk.notice(id, refused), NoticeVerdict::duplicate);
}

TEST_P(Collections, KeepMoneyOfNobodyApart) {
    PaymentDesk desk(1, sides(), url());
    Notice stray = received(5'000, {.id = "f1:2"});
    stray.reference = "nobody's";
    EXPECT_EQ(desk.tell(stray), NoticeVerdict::unknown_reference);
    EXPECT_EQ(apart(desk), 5'000);
    EXPECT_EQ(desk.tell(stray), NoticeVerdict::duplicate);
    EXPECT_EQ(apart(desk), 5'000);
    EXPECT_TRUE(desk.books_are_clean());
}

TEST_P(Collections, BookTheProvidersFees) {
    PaymentDesk desk(1, sides(), url());
    const Uuid id = desk.create(PaymentDesk::bill(eur(10'000))).payment();
    EXPECT_EQ(desk.notice(id, fee(290, {.id = "f1:2"})), NoticeVerdict::applied);
    EXPECT_EQ(desk.net("scripted", Purpose::provider_cost, "EUR"), 290);
    EXPECT_EQ(owed(desk), -290);
    EXPECT_TRUE(desk.books_are_clean());
}

TEST_P(Collections, RefundOutOfWhatCameIn) {
    PaymentDesk desk(1, sides(), url());
    const Uuid id = desk.create(PaymentDesk::bill(eur(10'000))).payment();
    EXPECT_EQ(desk.refund(id).status(), 409);
    desk.notice(id, received(10'000, {.id = "n1", .channel = "api", .identity = "E1"}));
    EXPECT_EQ(desk.refund(id, 4'000).status(), 201);
    EXPECT_EQ(desk.provider.last_heard().original->approval_code, "E1");
    EXPECT_EQ(desk.refund(id, 7'000).status(), 422);
    EXPECT_EQ(desk.payment(id).refunded, 4'000);
    EXPECT_TRUE(desk.books_are_clean());
}

TEST_P(Collections, SayAtOnceThatTheProviderSendsNoMoneyBack) {
    PaymentDesk desk(1, ScriptedSides{.collecting = true, .refunds = false}, url());
    const Uuid id = desk.create(PaymentDesk::bill(eur(10'000))).payment();
    desk.notice(id, received(10'000, {.id = "f1:2"}));
    const Answered refused = desk.refund(id, 4'000);
    EXPECT_EQ(refused.status(), 422);
    EXPECT_EQ(refused.text("code"), "refund_not_supported");
    EXPECT_EQ(desk.payment(id).refunded, 0);
    EXPECT_EQ(desk.provider.last_heard().kind, OperationKind::collect);
}

// The merchant is paid in another currency, and the rate was locked to the due date.
TEST_P(Collections, ConvertALatePaymentAtTheRateOfItsDayWhenToldTo) {
    PaymentDesk desk(1, sides({.late_rate = LateRate::requote}), url());
    const Uuid id = desk.create(PaymentDesk::bill(test::usd(10'000))).payment();
    const std::optional<Uuid> locked = desk.payment(id).quote;
    ASSERT_TRUE(locked);
    Notice late{.kind = NoticeKind::received, .id = "f1:2"};
    late.amount = test::usd(10'000);
    late.receipt = connectors::Receipt{
        .identity = {}, .channel = "retorno", .paid_on = *parse_day("2026-04-18")};
    desk.clock.advance(std::chrono::hours(24));
    EXPECT_EQ(desk.notice(id, late), NoticeVerdict::applied);
    EXPECT_EQ(desk.status(id), "succeeded");
    EXPECT_NE(desk.payment(id).quote, locked);
    EXPECT_EQ(receipts(desk, id).at(0).credited, 10'000);
    EXPECT_EQ(-desk.net("scripted", Purpose::unallocated_receipt, "USD"), 0);
    EXPECT_GT(desk.pending("EUR"), 0);
    EXPECT_TRUE(desk.books_are_clean());
}

CAUSEWAY_ON_EACH_ENGINE(Collections);

}  // namespace
}  // namespace causeway::gateway
