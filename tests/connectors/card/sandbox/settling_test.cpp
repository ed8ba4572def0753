// SPDX-License-Identifier: Apache-2.0
//
// An acquirer that pays in another currency: what its answers say, and what its file says.
#include "connectors/card/sandbox/settling.h"

#include "connectors/card/conversion.h"
#include "connectors/card/sandbox/settlement_file.h"
#include "tests/support/amounts.h"
#include "tests/support/card_messages.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <string>

namespace causeway::connectors::card::sandbox {
namespace {

using test::Terminal;
using test::usd;

const Day kDay = *parse_day("2026-11-21");

// Pays MERCHANT0000001 dollars for euros.
struct House {
    Books books;
    Acquirer acquirer{books,
                      {.settling = {*parse_settling_rule("MERCHANT0000001:EUR=USD@1.1684")}}};
    Connection connection{.signed_on = true};
    Terminal terminal;

    Message ask(const Message& message) {
        return *acquirer.handle(message, test::at("2026-11-21T12:00:00Z"), connection).answer;
    }
    Message sale(std::int64_t amount) { return ask(terminal.purchase(amount, "0200")); }
    std::string file() { return *settlement_csv(books, kDay); }
};

TEST(SandboxSettling, ReadsItsRules) {
    const SettlingRule rule = *parse_settling_rule("SHOP:JPY=EUR@0.005612");
    EXPECT_EQ(rule.account, "SHOP");
    EXPECT_EQ(settling_text(rule.settling), "EUR@60005612");
    EXPECT_EQ(parse_settling("EUR@60005612")->rate, "60005612");
    EXPECT_EQ(*settle(ledger::Money(10'000, test::currency("JPY")), rule.settling),
              test::eur(5'612));
    EXPECT_EQ(worse_than(rule.settling).rate, "60005555");
    for (const char* const wrong :
         {"", "EUR=USD", "EUR=USD@", "EUR=USD@0", "EUR=EUR@1", "EUR-USD@1", "ZZZ=USD@1", "SHOP:"})
        EXPECT_FALSE(parse_settling_rule(wrong)) << wrong;
}

TEST(SandboxSettling, AnswersAndTheFileSayTheSame) {
    House house;
    const Message sold = house.sale(10'000);
    EXPECT_EQ(sold.get(5), "000000011684");
    EXPECT_EQ(sold.get(9), "40011684");
    EXPECT_EQ(sold.get(50), "840");
    EXPECT_EQ(read_conversion(sold)->settlement->amount, usd(11'684));
    const Message refunded = house.ask(house.terminal.refund(sold.get(37), 2'500));
    EXPECT_EQ(refunded.get(5), "000000002921");
    const std::string file = house.file();
    // 116.84 less 0.93, 0.14 and 0.23.
    EXPECT_NE(file.find(",EUR,,100.00,1.1684,USD,,115.54,0.00,0.23,0.14,0.93,"), std::string::npos)
        << file;
    EXPECT_NE(file.find(",EUR,25.00,,1.1684,USD,29.21,,0.00,0.00,0.00,0.00,"), std::string::npos)
        << file;
    EXPECT_NE(file.find("payout-20261121-USD,,,,,USD,86.33,,"), std::string::npos) << file;
}

TEST(SandboxSettling, ACaptureIsOfItsPurchasesAccount) {
    House house;
    const Message approved = house.ask(house.terminal.purchase(10'000));
    EXPECT_EQ(approved.get(5), "000000011684");
    EXPECT_EQ(house.ask(house.terminal.capture(approved, 5'000)).get(5), "000000005842");
    Message other = house.terminal.purchase(10'000, "0200");
    other.fields[42] = "MERCHANT0000002";
    EXPECT_FALSE(house.ask(other).has(5));
    EXPECT_FALSE(house.sale(10'051).has(5)) << "a refusal converts nothing";
}

TEST(SandboxSettling, SaysSomethingElseOnCommand) {
    House house;
    EXPECT_EQ(house.sale(19'993).get(5), "000000023460") << "one major unit too many";
    EXPECT_EQ(house.sale(19'992).get(50), "999");
    EXPECT_EQ(house.sale(19'994).get(9), "40011684");
    EXPECT_EQ(house.sale(19'990).get(9), "40011684");
    const std::string file = house.file();
    EXPECT_NE(file.find(",EUR,,199.94,1.1567,USD,"), std::string::npos) << file;
    EXPECT_NE(file.find(",EUR,,199.90,1,EUR,"), std::string::npos) << file;
    EXPECT_NE(file.find(",EUR,,199.93,1.1684,USD,"), std::string::npos) << file;
}

TEST(SandboxSettling, TheBooksKeepIt) {
    const test::TemporaryFolder folder;
    const std::string path = folder.file("books");
    std::string before;
    {
        House house;
        house.books = *Books::open(path);
        (void)house.sale(10'000);
        before = house.file();
    }
    EXPECT_EQ(*settlement_csv(*Books::load(path), kDay), before);
}

}  // namespace
}  // namespace causeway::connectors::card::sandbox
