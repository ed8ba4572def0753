// SPDX-License-Identifier: Apache-2.0
//
// A printed code that many buyers pay.
#include "gateway/collections/repeat_sale.h"

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
using test::usd;

Notice paid(const std::string& name, ledger::Money amount) {
    Notice notice{.kind = NoticeKind::received, .id = "n/" + name};
    notice.amount = amount;
    notice.receipt = connectors::Receipt{
        .identity = name, .channel = "api", .paid_on = *parse_day("2026-04-15")};
    return notice;
}

class RepeatSales : public test::OnEachEngine {
  protected:
    static Notice returned(const std::string& name, ledger::Money amount) {
        Notice notice = paid(name, amount);
        notice.kind = NoticeKind::receipt_returned;
        notice.id = "back/" + name;
        notice.reason = "a fraud was reported";
        return notice;
    }
    Uuid code(ledger::Money amount = eur(10'000)) {
        return desk.create(PaymentDesk::bill(amount, {.reusable = true})).payment();
    }
    ReceiptRow receipt(const std::string& name) {
        const auto all = desk.read<std::vector<ReceiptRow>>(
            [](ledger::Transaction& tx) { return list_receipts(tx, std::nullopt, 100); });
        for (const ReceiptRow& each : all) {
            if (each.identity == name) return each;
        }
        throw std::runtime_error("no receipt " + name);
    }
    Uuid sold(const std::string& name) { return *receipt(name).payment; }
    Result<ReceiptRow> credit(const std::string& name) {
        const Uuid id = receipt(name).id;
        return desk.database->writer().commit<ReceiptRow>([&](ledger::Transaction& tx) {
            return decide_receipt(tx,
                                  desk.service->shop(),
                                  {.receipt = id,
                                   .decision = ReceiptPolicy::credit,
                                   .sent_back_as = {},
                                   .reason = "the shop knows what it was",
                                   .by = "tester"});
        });
    }
    std::int64_t apart() {
        return -desk.net("scripted", Purpose::unallocated_receipt, "EUR") -
               desk.net("scripted", Purpose::unallocated_receipt, "USD");
    }

    PaymentDesk desk{1, ScriptedSides{.collecting = true}, url()};
};
CAUSEWAY_ON_EACH_ENGINE(RepeatSales);

TEST_P(RepeatSales, AreEachAPaymentOfTheirOwn) {
    const Uuid first = code();
    for (const char* name : {"E1", "E2", "E3"})
        EXPECT_EQ(desk.notice(first, paid(name, eur(10'000))), NoticeVerdict::applied);
    EXPECT_EQ(sold("E1"), first);
    EXPECT_NE(sold("E2"), sold("E3"));
    for (const char* name : {"E1", "E2", "E3"}) {
        const Payment payment = desk.payment(sold(name));
        EXPECT_EQ(payment.status, PaymentStatus::succeeded);
        EXPECT_EQ(payment.captured, 10'000);
        EXPECT_EQ(payment.method, "boleto");
        EXPECT_EQ(receipt(name).reason, ReceiptReason::exact);
    }
    EXPECT_EQ(apart(), 0);
    EXPECT_EQ(desk.net("scripted", Purpose::provider_receivable, "EUR"), 3 * (10'000 - 35));
    EXPECT_TRUE(desk.books_are_clean());
}

TEST_P(RepeatSales, AreOneHoweverOftenTheyAreTold) {
    const Uuid first = code();
    desk.notice(first, paid("E1", eur(10'000)));
    desk.notice(first, paid("E2", eur(10'000)));
    const Uuid second = sold("E2");
    EXPECT_EQ(desk.notice(first, paid("E2", eur(10'000))), NoticeVerdict::duplicate);
    Notice by_file = paid("E2", eur(10'000));
    by_file.id = "file:2";
    by_file.receipt->channel = "retorno";
    EXPECT_EQ(desk.notice(first, by_file), NoticeVerdict::duplicate);
    EXPECT_EQ(sold("E2"), second);
    EXPECT_EQ(desk.payment(second).captured, 10'000);
    EXPECT_EQ(apart(), 0);
    EXPECT_TRUE(desk.books_are_clean());
}

TEST_P(RepeatSales, CarryWhatTheMerchantWroteOnTheFirst) {
    CreatePayment wanted = PaymentDesk::bill(eur(10'000), {.reusable = true});
    wanted.reference = "till 4";
    wanted.metadata = R"({"shop":"north"})";
    const Uuid first = desk.create(wanted).payment();
    desk.notice(first, paid("E1", eur(10'000)));
    desk.notice(first, paid("E2", eur(10'000)));
    const Payment second = desk.payment(sold("E2"));
    EXPECT_EQ(second.reference, "till 4");
    EXPECT_EQ(second.metadata, R"({"shop":"north"})");
    EXPECT_EQ(second.next_action, "");
}

TEST_P(RepeatSales, AreRefundedByTheirOwnName) {
    const Uuid first = code();
    desk.notice(first, paid("E1", eur(10'000)));
    desk.notice(first, paid("E2", eur(10'000)));
    EXPECT_EQ(desk.refund(sold("E2"), 4'000).status(), 201);
    EXPECT_EQ(desk.provider.last_heard().original->approval_code, "E2");
    EXPECT_EQ(desk.payment(sold("E2")).refunded, 4'000);
    EXPECT_EQ(desk.payment(first).refunded, 0);
    EXPECT_EQ(desk.refund(first).status(), 201);
    EXPECT_EQ(desk.provider.last_heard().original->approval_code, "E1");
    EXPECT_TRUE(desk.books_are_clean());
}

TEST_P(RepeatSales, AreTakenBackFromTheSaleThatTheyAre) {
    const Uuid first = code();
    desk.notice(first, paid("E1", eur(10'000)));
    desk.notice(first, paid("E2", eur(10'000)));
    EXPECT_EQ(desk.notice(first, returned("E2", eur(10'000))), NoticeVerdict::applied);
    EXPECT_EQ(desk.payment(first).disputed, 0);
    EXPECT_EQ(desk.payment(sold("E2")).disputed, 10'000);
    EXPECT_EQ(receipt("E2").state, ReceiptState::returned);
    EXPECT_EQ(desk.notice(first, returned("E2", eur(10'000))), NoticeVerdict::duplicate);
    EXPECT_TRUE(desk.books_are_clean());
}

// Nobody knows what it is for.
TEST_P(RepeatSales, AreNotMadeOfTooLittle) {
    const Uuid first = code();
    desk.notice(first, paid("E1", eur(10'000)));
    EXPECT_EQ(desk.notice(first, paid("E2", eur(9'000))), NoticeVerdict::applied);
    EXPECT_EQ(sold("E2"), first);
    EXPECT_EQ(receipt("E2").reason, ReceiptReason::short_payment);
    EXPECT_EQ(apart(), 9'000);
    EXPECT_TRUE(desk.books_are_clean());
}

TEST_P(RepeatSales, AreNotMadeOfWhatHasNoName) {
    const Uuid first = code();
    desk.notice(first, paid("E1", eur(10'000)));
    Notice unnamed = paid("", eur(10'000));
    unnamed.receipt->channel = "retorno";
    unnamed.receipt->paid_on = *parse_day("2026-04-25");
    EXPECT_EQ(desk.notice(first, unnamed), NoticeVerdict::applied);
    EXPECT_EQ(apart(), 10'000);
}

TEST_P(RepeatSales, AreNotMadeByACodeThatIsPaidOnce) {
    const Uuid first = desk.create(PaymentDesk::bill(eur(10'000))).payment();
    desk.notice(first, paid("E1", eur(10'000)));
    desk.notice(first, paid("E2", eur(10'000)));
    EXPECT_EQ(receipt("E2").reason, ReceiptReason::duplicate);
    EXPECT_EQ(sold("E2"), first);
    EXPECT_EQ(apart(), 10'000);
}

// The rate of the first was locked for the first.
TEST_P(RepeatSales, AreConvertedAtAQuoteOfTheirOwn) {
    const Uuid first = code(usd(10'000));
    ASSERT_TRUE(desk.payment(first).quote);
    desk.notice(first, paid("E1", usd(10'000)));
    desk.notice(first, paid("E2", usd(10'000)));
    const Payment second = desk.payment(sold("E2"));
    EXPECT_EQ(second.status, PaymentStatus::succeeded);
    ASSERT_TRUE(second.quote);
    EXPECT_NE(second.quote, desk.payment(first).quote);
    EXPECT_EQ(apart(), 0);
    EXPECT_TRUE(desk.books_are_clean());
}

// Nothing converts what comes while there is no rate.
TEST_P(RepeatSales, StandApartWithoutARateUntilAPersonHasOne) {
    const Uuid first = code(usd(10'000));
    desk.notice(first, paid("E1", usd(10'000)));
    desk.clock.advance(std::chrono::hours(24 * 30));
    EXPECT_EQ(desk.notice(first, paid("E2", usd(10'000))), NoticeVerdict::applied);
    EXPECT_EQ(sold("E2"), first);
    EXPECT_EQ(receipt("E2").reason, ReceiptReason::rate_over);
    EXPECT_EQ(apart(), 10'000);
    EXPECT_EQ(credit("E2").error().code(), ErrorCode::conflict);
    EXPECT_EQ(receipt("E2").state, ReceiptState::held);
    EXPECT_EQ(apart(), 10'000);

    desk.clock.set(desk.clock.now() - std::chrono::hours(24 * 30));
    ASSERT_TRUE(credit("E2"));
    EXPECT_NE(sold("E2"), first);
    const Payment second = desk.payment(sold("E2"));
    EXPECT_EQ(second.status, PaymentStatus::succeeded);
    EXPECT_EQ(second.captured, 10'000);
    EXPECT_NE(second.quote, desk.payment(first).quote);
    EXPECT_EQ(desk.payment(first).captured, 10'000);
    EXPECT_EQ(apart(), 0);
    EXPECT_TRUE(desk.books_are_clean());
}

TEST_P(RepeatSales, AreOfWhatWasPaidWhenAPersonSaysSo) {
    const Uuid first = code();
    desk.notice(first, paid("E1", eur(10'000)));
    desk.notice(first, paid("E2", eur(9'000)));
    ASSERT_TRUE(credit("E2"));
    ASSERT_NE(sold("E2"), first);
    EXPECT_EQ(desk.payment(sold("E2")).status, PaymentStatus::succeeded)
        << "nobody can pay the rest";
    EXPECT_EQ(desk.payment(sold("E2")).captured, 9'000);
    EXPECT_EQ(desk.payment(first).captured, 10'000);
    EXPECT_EQ(apart(), 0);
    EXPECT_EQ(desk.refund(sold("E2"), 9'000).status(), 201);
    EXPECT_EQ(desk.provider.last_heard().original->approval_code, "E2");
    EXPECT_TRUE(desk.books_are_clean());
}

class PartPaidCodes : public test::OnEachEngine {};
CAUSEWAY_ON_EACH_ENGINE(PartPaidCodes);

// His part must not be made whole with another buyer's money.
TEST_P(PartPaidCodes, StayAsTheyAreWhenTheNextBuyerPays) {
    PaymentDesk desk(
        1,
        ScriptedSides{.collecting = true, .receipts = {.short_payment = ReceiptPolicy::credit}},
        url());
    const Uuid first = desk.create(PaymentDesk::bill(eur(10'000), {.reusable = true})).payment();
    desk.notice(first, paid("E1", eur(4'000)));
    EXPECT_EQ(desk.notice(first, paid("E2", eur(10'000))), NoticeVerdict::applied);
    EXPECT_EQ(desk.payment(first).captured, 4'000);
    EXPECT_EQ(desk.net("scripted", Purpose::unallocated_receipt, "EUR"), 0);
    EXPECT_TRUE(desk.books_are_clean());
}

}  // namespace
}  // namespace causeway::gateway
