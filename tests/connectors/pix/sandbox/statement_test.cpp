// SPDX-License-Identifier: Apache-2.0
#include "connectors/pix/sandbox/statement.h"

#include <gtest/gtest.h>

namespace causeway::connectors::pix::sandbox {
namespace {

constexpr const char* kKey = "pix@example.com";

class PixStatements : public testing::Test {
  protected:
    static BooksConfig config() {
        BooksConfig config;
        config.keys = {kKey};
        config.receiver.tax_number = "11222333000181";
        config.merchant = {.name = "Loja", .city = "Recife"};
        return config;
    }
    static Timestamp at(const char* moment) { return *parse_rfc3339(moment); }
    static Day day(const char* text) { return *parse_day(text); }

    std::string pay(std::int64_t amount, const char* moment) {
        StaticCode code{.key = *PixKey::parse(kKey), .merchant = config().merchant};
        code.amount = amount;
        code.txid = *StaticTxid::parse("BALCAO1");
        Payment payment;
        payment.code = *write_br_code(code);
        return std::get<ReceivedPix>(books.pay(payment, at(moment))).end_to_end_id;
    }
    std::string give_back(const std::string& pix,
                          std::int64_t amount,
                          bool done,
                          const char* then) {
        RefundRequest wanted;
        wanted.amount = amount;
        const std::string id = "D" + std::to_string(amount);
        (void)books.refund(pix, id, wanted, at("2026-11-19T11:00:00Z"));
        const auto settled = books.settle(pix, id, done, at(then));
        return std::get<ReceivedPix>(settled).refunds.back().return_id;
    }

    const Timestamp later = at("2026-11-23T15:00:00Z");
    SystemEntropy entropy;
    Books books{config(), entropy};
};

// Midnight is Brazil's, three hours after that of UTC.
TEST_F(PixStatements, ChainFromDayToDay) {
    const std::string first = pay(10'000, "2026-11-19T10:00:00Z");
    (void)pay(2'500, "2026-11-20T02:59:59Z");
    (void)pay(40, "2026-11-20T03:00:00Z");
    const std::string back = give_back(first, 3'000, true, "2026-11-20T12:00:00Z");
    (void)give_back(first, 500, false, "2026-11-20T13:00:00Z");

    const auto one = statement_of(books, day("2026-11-19"), later);
    EXPECT_EQ(one.opening, 0);
    ASSERT_EQ(one.entries.size(), 2U);
    EXPECT_EQ(one.entries[0].end_to_end_id, first);
    EXPECT_EQ(one.closing(), 12'500);
    const auto two = statement_of(books, day("2026-11-20"), later);
    EXPECT_EQ(two.number, one.number + 1);
    EXPECT_EQ(two.opening, one.closing());
    ASSERT_EQ(two.entries.size(), 2U) << "what was not done moves nothing";
    EXPECT_EQ(two.entries[1].amount, -3'000);
    EXPECT_EQ(two.entries[1].end_to_end_id, first);
    EXPECT_EQ(two.entries[1].reference, back);
    EXPECT_EQ(two.closing(), 9'540);
    const auto quiet = statement_of(books, day("2026-11-21"), later);
    EXPECT_TRUE(quiet.entries.empty());
    EXPECT_EQ(quiet.opening, 9'540);
    EXPECT_EQ(quiet.closing(), 9'540);
}

TEST_F(PixStatements, SayThatADayIsNotOver) {
    const auto text_of = [&](const char* when) {
        return codes::write_bank_statement(statement_of(books, day(when), later));
    };
    EXPECT_NE(text_of("2026-11-22").find("<Cd>CLBD</Cd>"), std::string::npos);
    EXPECT_NE(text_of("2026-11-23").find("<Cd>ITBD</Cd>"), std::string::npos);
    EXPECT_EQ(text_of("2026-11-23").find("<Cd>CLBD</Cd>"), std::string::npos);
}

TEST_F(PixStatements, NameEachPaymentByItsEndToEndId) {
    const std::string pix = pay(1'005, "2026-11-20T12:00:00Z");
    const std::string text =
        codes::write_bank_statement(statement_of(books, day("2026-11-20"), later));
    for (const std::string& part :
         {std::string("camt.053.001.08"),
          "<EndToEndId>" + pix + "</EndToEndId></Refs><Amt Ccy=\"BRL\">10.05</Amt>",
          std::string("<Ustrd>BALCAO1</Ustrd>")}) {
        EXPECT_NE(text.find(part), std::string::npos) << part;
    }
}

}  // namespace
}  // namespace causeway::connectors::pix::sandbox
