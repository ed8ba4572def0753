// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/bank_notices.h"

#include "tests/connectors/boleto/some_config.h"
#include "tests/support/case_name.h"

#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include <functional>

namespace causeway::connectors::boleto {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kSecret = "whsec_of_the_bank";

BankNews payment() {
    return {.id = "n-1",
            .kind = BankNewsKind::payment,
            .our_number = "00000000012",
            .control = "00000000012",
            .amount = 10'234,
            .paid_on = Day(2026y / 11 / 25),
            .credited_on = Day(2026y / 11 / 26),
            .tariff = 150,
            .channel = "internet",
            .happened = *parse_rfc3339("2026-11-25T14:00:00Z")};
}

Result<std::vector<Notice>> read_signed(const std::string& body) {
    const Timestamp now = some_moment();
    const auto headers = sign_news(kSecret, body, now);
    return BankNoticeReader(Bank::bradesco, std::string(kSecret))
        .read({.headers = headers, .body = body, .received = now});
}

Notice read(const BankNews& news) {
    const auto notices = read_signed(boost::json::serialize(write_body(news)));
    EXPECT_TRUE(notices) << notices.error().detail();
    return notices->at(0);
}

TEST(BankNotices, ReadAPaymentByBarcode) {
    const Notice notice = read(payment());
    EXPECT_EQ(notice.kind, NoticeKind::received);
    EXPECT_EQ(notice.id, "n-1");
    EXPECT_EQ(notice.reference, "00000000012");
    EXPECT_EQ(notice.amount, reais(10'234));
    ASSERT_TRUE(notice.receipt);
    EXPECT_EQ(notice.receipt->identity, "");
    EXPECT_EQ(notice.receipt->channel, "api");
    EXPECT_EQ(notice.receipt->way, "boleto");
    EXPECT_EQ(notice.receipt->paid_on, Day(2026y / 11 / 25));
    EXPECT_EQ(notice.receipt->credited_on, Day(2026y / 11 / 26));
    EXPECT_EQ(notice.receipt->cost, reais(150));
}

TEST(BankNotices, NameAPaymentByPixByItsEndToEndId) {
    BankNews news = payment();
    news.kind = BankNewsKind::pix_payment;
    news.end_to_end_id = "E0000000120261125140012345678901";
    const Notice notice = read(news);
    EXPECT_EQ(notice.kind, NoticeKind::received);
    EXPECT_EQ(notice.receipt->identity, news.end_to_end_id);
    EXPECT_EQ(notice.receipt->channel, "api");
    EXPECT_EQ(notice.receipt->way, "pix");
}

TEST(BankNotices, DoNotTakeAMissingTariffForNone) {
    BankNews news = payment();
    news.tariff = 0;
    EXPECT_FALSE(read(news).receipt->cost);
}

struct NewsCase {
    std::string name;
    BankNewsKind news;
    NoticeKind notice;
};

class BankNewsKinds : public testing::TestWithParam<NewsCase> {};

TEST_P(BankNewsKinds, MeanWhatTheTableSays) {
    BankNews news = payment();
    news.kind = GetParam().news;
    news.reason = "por isso";
    const Notice notice = read(news);
    EXPECT_EQ(notice.kind, GetParam().notice);
    EXPECT_EQ(notice.reason, "por isso");
    const bool money =
        notice.kind == NoticeKind::receipt_returned || notice.kind == NoticeKind::charged;
    EXPECT_EQ(notice.receipt.has_value(), money);
    if (notice.kind == NoticeKind::charged) {
        EXPECT_EQ(notice.amount, reais(150));
    }
    if (notice.kind == NoticeKind::instrument_refused) {
        EXPECT_FALSE(notice.answer.approved);
        EXPECT_EQ(notice.answer.decline, Decline::not_allowed);
    }
}

INSTANTIATE_TEST_SUITE_P(
    Rows,
    BankNewsKinds,
    testing::Values(NewsCase{"Reversal", BankNewsKind::reversal, NoticeKind::receipt_returned},
                    NewsCase{"WriteOff", BankNewsKind::write_off, NoticeKind::instrument_ended},
                    NewsCase{"Rejection", BankNewsKind::rejection, NoticeKind::instrument_refused},
                    NewsCase{"Tariff", BankNewsKind::tariff, NoticeKind::charged},
                    NewsCase{"Protest", BankNewsKind::protest, NoticeKind::told}),
    test::case_name<NewsCase>);

struct HostileCase {
    std::string name;
    std::string body;
};

class HostileNews : public testing::TestWithParam<HostileCase> {};

TEST_P(HostileNews, IsRefusedAndNeverRepeated) {
    const auto read = read_signed(GetParam().body);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code(), ErrorCode::invalid_argument);
    EXPECT_EQ(read.error().detail().find("secret-of-somebody"), std::string::npos);
}

std::string spoilt(const std::function<void(boost::json::object&)>& spoil) {
    boost::json::object body = write_body(payment());
    spoil(body);
    return boost::json::serialize(body);
}

INSTANTIATE_TEST_SUITE_P(
    Rows,
    HostileNews,
    testing::Values(
        HostileCase{"Nothing", ""},
        HostileCase{"NoObject", "[]"},
        HostileCase{"Deep", std::string(10'000, '[')},
        HostileCase{"TwoAmounts", R"({"valor_pago":1,"valor_pago":2})"},
        HostileCase{"NoId", spoilt([](auto& b) { b.erase("id"); })},
        HostileCase{"EmptyId", spoilt([](auto& b) { b["id"] = ""; })},
        HostileCase{"UnknownKind", spoilt([](auto& b) { b["tipo"] = "secret-of-somebody"; })},
        HostileCase{"NumberWithLetters",
                    spoilt([](auto& b) { b["nosso_numero"] = "secret-of-somebody"; })},
        HostileCase{"LongNumber",
                    spoilt([](auto& b) { b["nosso_numero"] = std::string(21, '1'); })},
        HostileCase{"NegativeAmount", spoilt([](auto& b) { b["valor_pago"] = -1; })},
        HostileCase{"FractionalAmount", spoilt([](auto& b) { b["valor_pago"] = 1.5; })},
        HostileCase{"AmountAsText", spoilt([](auto& b) { b["valor_pago"] = "100"; })},
        HostileCase{"HugeAmount",
                    spoilt([](auto& b) { b["valor_pago"] = 9'223'372'036'854'775'807; })},
        HostileCase{"PaidNothing", spoilt([](auto& b) { b["valor_pago"] = 0; })},
        HostileCase{"PaidOnNoDay", spoilt([](auto& b) { b["data_pagamento"] = nullptr; })},
        HostileCase{"PaidOnAnImpossibleDay",
                    spoilt([](auto& b) { b["data_pagamento"] = "2026-02-30"; })},
        HostileCase{"PixWithoutName", spoilt([](auto& b) { b["tipo"] = "pagamento_pix"; })},
        HostileCase{"BarcodeWithPixName", spoilt([](auto& b) { b["e2e"] = "E1"; })},
        HostileCase{"TariffOfNothing", spoilt([](auto& b) {
                        b["tipo"] = "tarifa";
                        b["tarifa"] = 0;
                    })},
        HostileCase{"LongReason", spoilt([](auto& b) { b["motivo"] = std::string(5'000, 'x'); })}),
    test::case_name<HostileCase>);

TEST(BankNotices, ShowNoControlCharactersOfTheBanks) {
    BankNews news = payment();
    news.kind = BankNewsKind::protest;
    news.reason = "a\nb\u202e";
    EXPECT_EQ(read(news).reason, "a b");
}

// A bare code says nothing to who has to mend the payment.
TEST(BankNotices, SayWhatTheCodeOfARefusalMeans) {
    BankNews news = payment();
    news.kind = BankNewsKind::rejection;
    news.reason = "48";
    EXPECT_EQ(read(news).reason, "48 postal code invalid");
    news.reason = "48: CEP";
    EXPECT_EQ(read(news).reason, "48: CEP");
    news.kind = BankNewsKind::protest;
    news.reason = "48";
    EXPECT_EQ(read(news).reason, "48");
}

TEST(BankNotices, AreBelievedForFiveMinutes) {
    const std::string body = boost::json::serialize(write_body(payment()));
    const auto headers = sign_news(kSecret, body, some_moment());
    const BankNoticeReader reader(Bank::bradesco, std::string(kSecret));
    for (const auto off : {-301s, -300s, 0s, 300s, 301s}) {
        const auto read =
            reader.read({.headers = headers, .body = body, .received = some_moment() + off});
        EXPECT_EQ(read.has_value(), off >= -300s && off <= 300s) << off.count();
        if (!read) {
            EXPECT_EQ(read.error().code(), ErrorCode::integrity);
        }
    }
}

TEST(BankNotices, AreNotBelievedFromWhoDoesNotKnowTheSecret) {
    const std::string body = boost::json::serialize(write_body(payment()));
    const BankNoticeReader reader(Bank::bradesco, std::string(kSecret));
    auto headers = sign_news("another secret", body, some_moment());
    const auto stranger =
        reader.read({.headers = headers, .body = body, .received = some_moment()});
    EXPECT_EQ(stranger.error().code(), ErrorCode::integrity);
    headers = sign_news(kSecret, body, some_moment());
    headers[0].second += " ";
    const auto padded = reader.read({.headers = headers, .body = body, .received = some_moment()});
    EXPECT_EQ(padded.error().code(), ErrorCode::integrity);
}

}  // namespace
}  // namespace causeway::connectors::boleto
