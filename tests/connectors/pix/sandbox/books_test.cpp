// SPDX-License-Identifier: Apache-2.0
#include "connectors/pix/sandbox/books.h"

#include <gtest/gtest.h>

namespace causeway::connectors::pix::sandbox {
namespace {

constexpr const char* kKey = "pix@example.com";

class PixBooks : public testing::Test {
  protected:
    static BooksConfig config() {
        BooksConfig config;
        config.keys = {kKey};
        config.merchant = {.name = "Loja", .city = "Recife"};
        config.location_base = "qr.example.com/qr/v2";
        return config;
    }
    static CobRequest cob(std::int64_t amount) {
        CobRequest body;
        body.terms.amount = amount;
        body.terms.key = kKey;
        return body;
    }
    static std::string fixed_code(std::optional<std::int64_t> amount) {
        StaticCode code{.key = *PixKey::parse(kKey), .merchant = config().merchant};
        code.amount = amount;
        code.txid = *StaticTxid::parse("BALCAO1");
        return *write_br_code(code);
    }
    template <class T>
    static const Problem* refusal(const Outcome<T>& outcome) {
        return std::get_if<Problem>(&outcome);
    }

    const std::string txid = std::string(30, 'a');
    const Timestamp now = *parse_rfc3339("2026-11-20T12:00:00Z");
    SystemEntropy entropy;
    Books books{config(), entropy};
};

TEST_F(PixBooks, TakeATxidOnce) {
    EXPECT_FALSE(refusal(books.create_cob(txid, cob(100), now)));
    EXPECT_TRUE(refusal(books.create_cob(txid, cob(100), now)));
}

TEST_F(PixBooks, RefuseAKeyOfSomebodyElse) {
    CobRequest body = cob(100);
    body.terms.key = "other@example.com";
    EXPECT_TRUE(refusal(books.create_cob(txid, body, now)));
}

TEST_F(PixBooks, TakeOnePaymentOfTheRightAmountForACharge) {
    (void)books.create_cob(txid, cob(100), now);
    Payment payment;
    payment.txid = txid;
    payment.amount = 99;
    EXPECT_TRUE(refusal(books.pay(payment, now)));
    payment.amount.reset();
    EXPECT_FALSE(refusal(books.pay(payment, now)));
    EXPECT_TRUE(refusal(books.pay(payment, now)));
    EXPECT_EQ(books.payments().size(), 1U);
}

TEST_F(PixBooks, LetThePayerChooseWhereTheChargeSaysSo) {
    CobRequest body = cob(100);
    body.terms.amount_may_change = 1;
    (void)books.create_cob(txid, body, now);
    Payment payment;
    payment.txid = txid;
    payment.amount = 250;
    const auto paid = books.pay(payment, now);
    ASSERT_FALSE(refusal(paid));
    EXPECT_EQ(std::get<ReceivedPix>(paid).amount, 250);
}

// A sticker at the till is paid all day, always under the same txid.
TEST_F(PixBooks, TakeAnyNumberOfPaymentsForAStaticCode) {
    Payment payment;
    payment.code = fixed_code(500);
    const auto first = books.pay(payment, now);
    const auto second = books.pay(payment, now);
    ASSERT_FALSE(refusal(first));
    ASSERT_FALSE(refusal(second));
    EXPECT_EQ(std::get<ReceivedPix>(first).txid, "BALCAO1");
    EXPECT_NE(std::get<ReceivedPix>(first).end_to_end_id,
              std::get<ReceivedPix>(second).end_to_end_id);
    payment.amount = 499;
    EXPECT_TRUE(refusal(books.pay(payment, now)));
    payment.code = fixed_code(std::nullopt);
    EXPECT_FALSE(refusal(books.pay(payment, now)));
}

TEST_F(PixBooks, ReadTheCodeThatWasPaid) {
    const auto created = books.create_cob(txid, cob(100), now);
    Payment payment;
    payment.code = std::get<Cob>(created).record.copy_and_paste;
    const auto paid = books.pay(payment, now);
    ASSERT_FALSE(refusal(paid));
    EXPECT_EQ(std::get<ReceivedPix>(paid).txid, txid);
    EXPECT_TRUE(EndToEndId::parse(std::get<ReceivedPix>(paid).end_to_end_id));
}

TEST_F(PixBooks, GiveNothingBackAfterNinetyDays) {
    (void)books.create_cob(txid, cob(100), now);
    Payment payment;
    payment.txid = txid;
    const auto paid = books.pay(payment, now);
    const std::string id = std::get<ReceivedPix>(paid).end_to_end_id;
    EXPECT_TRUE(refusal(books.refund(id, "d1", {.amount = 1}, now + std::chrono::days(91))));
    EXPECT_FALSE(refusal(books.refund(id, "d1", {.amount = 1}, now + std::chrono::days(90))));
    EXPECT_TRUE(refusal(books.refund(id, "d1", {.amount = 2}, now))) << "one id, two amounts";
    EXPECT_EQ(books.unsettled(now + std::chrono::days(90)).size(), 1U);
    EXPECT_TRUE(books.unsettled(now).empty());
}

TEST_F(PixBooks, TakeBackNoMoreThanIsLeft) {
    (void)books.create_cob(txid, cob(100), now);
    Payment payment;
    payment.txid = txid;
    const std::string id = std::get<ReceivedPix>(books.pay(payment, now)).end_to_end_id;
    (void)books.refund(id, "d1", {.amount = 30}, now);
    const auto take = [&](std::optional<std::int64_t> amount) {
        return books.take_back(id, amount, RefundNature::med_fraud, now);
    };
    EXPECT_TRUE(refusal(take(71)));
    EXPECT_TRUE(refusal(take(0)));
    ASSERT_FALSE(refusal(take(50)));
    const auto rest = take(std::nullopt);
    ASSERT_FALSE(refusal(rest));
    EXPECT_EQ(std::get<ReceivedPix>(rest).refunds.back().amount, 20);
    EXPECT_TRUE(refusal(take(std::nullopt))) << "nothing is left";
    EXPECT_EQ(refusal(books.take_back("E0", {}, RefundNature::med_fraud, now))->status, 404);
}

TEST_F(PixBooks, HideACodeWhoseChargeRanOut) {
    const auto created = books.create_cob(txid, cob(100), now);
    const std::string url = std::get<Cob>(created).record.url;
    const std::string token = url.substr(url.find_last_of('/') + 1);
    EXPECT_FALSE(refusal(books.payload(token, now, day_of(now))));
    const Timestamp later = now + std::chrono::days(1);
    EXPECT_EQ(refusal(books.payload(token, later, day_of(later)))->status, 410);
    EXPECT_EQ(refusal(books.payload("other", now, day_of(now)))->status, 404);
}

}  // namespace
}  // namespace causeway::connectors::pix::sandbox
