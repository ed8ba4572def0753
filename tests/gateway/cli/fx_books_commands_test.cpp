// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/fx_books_commands.h"

#include "tests/support/case_name.h"
#include "tests/support/fx_books.h"

#include <gtest/gtest.h>

namespace causeway::gateway {
namespace {

namespace json = boost::json;
using ledger::Purpose;
using test::FxBooks;
using Options = FxBooks::Options;

class FxTradeTest : public testing::TestWithParam<test::Engine> {};
CAUSEWAY_ON_EACH_ENGINE(FxTradeTest);

Options sale(const std::string& counter = "-86.00") {
    return {{"base", "-100.00"}, {"counter", counter}, {"reason", "weekly hedge"}};
}

TEST_P(FxTradeTest, RealisesAgainstTheAverageCost) {
    FxBooks books(GetParam());
    books.dollars_per_euro("2026-04-13", "1.1684");
    books.pay(20'000, 17'118, 0);
    const CommandOutput output = books.run(fx_trade, sale(), {"USD/EUR"});
    ASSERT_EQ(output.exit_code, kExitOk) << output.err;
    EXPECT_NE(output.out.find("realised  EUR 0.41"), std::string::npos) << output.out;
    EXPECT_EQ(books.position().open, 10'000);
    EXPECT_EQ(books.position().cost, 8'559);
    EXPECT_EQ(books.position().realised, 41);
    EXPECT_EQ(books.net(Purpose::bank_own, "USD", "test/bank"), -10'000);
    EXPECT_EQ(books.net(Purpose::bank_own, "EUR", "test/bank"), 8'600);
    EXPECT_TRUE(books.verifies());
}

TEST_P(FxTradeTest, OfAnIdIsBookedOnce) {
    FxBooks books(GetParam());
    Options named = sale();
    named["id"] = "BANK-4711";
    ASSERT_EQ(books.run(fx_trade, named, {"USD/EUR"}).exit_code, kExitOk);
    const std::string before = books.dump();
    const CommandOutput again = books.run(fx_trade, named, {"USD/EUR"});
    EXPECT_EQ(again.exit_code, kExitOk);
    EXPECT_NE(again.out.find("booked before"), std::string::npos);
    named["counter"] = "-86.01";
    const CommandOutput other = books.run(fx_trade, named, {"USD/EUR"});
    EXPECT_EQ(other.exit_code, kExitUsage);
    EXPECT_NE(other.err.find("BANK-4711"), std::string::npos) << other.err;
    EXPECT_EQ(books.dump(), before);
    // The live books are others.
    named["live"] = "true";
    EXPECT_EQ(books.run(fx_trade, named, {"USD/EUR"}).exit_code, kExitOk);
    EXPECT_EQ(books.net(Purpose::bank_own, "EUR", "bank"), 8'601);
}

TEST(FxBooksCommands, DoNothingByRatesOfSourcesThatNobodyConfigured) {
    FxBooks books;
    books.dollars_per_euro("2026-04-13", "1.1684");
    books.pay(20'000, 17'118, 0);
    books.context.settings = nullptr;
    books.clock.advance(std::chrono::hours(24));
    const std::string before = books.dump();
    const CommandOutput trade = books.run(fx_trade, sale(), {"USD/EUR"});
    EXPECT_EQ(trade.exit_code, kExitUsage);
    EXPECT_NE(trade.err.find("--config"), std::string::npos) << trade.err;
    EXPECT_EQ(books.run(fx_revalue).exit_code, kExitUsage);
    EXPECT_EQ(books.dump(), before);
}

// The answer to the first command was lost, and the rate has moved since.
TEST_P(FxTradeTest, OfAnIdIsKnownWhateverTheRateIsNow) {
    FxBooks books(GetParam());
    books.dollars_per_euro("2026-04-13", "1.1684");
    Options named = sale();
    named["id"] = "BANK-4711";
    ASSERT_EQ(books.run(fx_trade, named, {"USD/EUR"}).exit_code, kExitOk);
    books.clock.advance(std::chrono::hours(24));
    books.dollars_per_euro("2026-04-14", "1.06");
    books.dollars_per_euro("2026-04-15", "0.97");
    const CommandOutput again = books.run(fx_trade, named, {"USD/EUR"});
    EXPECT_EQ(again.exit_code, kExitOk) << again.err;
    EXPECT_NE(again.out.find("booked before"), std::string::npos);
}

TEST(FxBooksCommands, ATradeThatNoRateCanBeHeldAgainstIsMeantOnlyWhenSaid) {
    FxBooks books;
    books.dollars_per_euro("2026-04-13", "1.1684");
    books.clock.advance(std::chrono::days(30));
    const CommandOutput refused = books.run(fx_trade, sale(), {"USD/EUR"});
    EXPECT_EQ(refused.exit_code, kExitUsage);
    EXPECT_NE(refused.err.find("no fresh rate of test/USD/EUR"), std::string::npos) << refused.err;
    Options meant = sale();
    meant["off-market"] = "true";
    EXPECT_EQ(books.run(fx_trade, meant, {"USD/EUR"}).exit_code, kExitOk);
}

// Bought as euros for dollars, the dollars that are held would stay open beside it.
TEST_P(FxTradeTest, OfAPairUpsideDownOpensNoSecondPositionUnlessItIsMeant) {
    FxBooks books(GetParam());
    books.dollars_per_euro("2026-04-13", "1.1684");
    books.pay(20'000, 17'118, 0);
    Options options{{"base", "86.00"}, {"counter", "100.00"}, {"reason", "weekly hedge"}};
    const std::string before = books.dump();
    const CommandOutput refused = books.run(fx_trade, options, {"EUR/USD"});
    EXPECT_EQ(refused.exit_code, kExitUsage);
    EXPECT_NE(refused.err.find("trade test/USD/EUR"), std::string::npos) << refused.err;
    EXPECT_EQ(books.dump(), before);
    options["live"] = "true";
    EXPECT_EQ(books.run(fx_trade, options, {"EUR/USD"}).exit_code, kExitOk) << "no position there";
    options.erase("live");
    options["new-pair"] = "true";
    EXPECT_EQ(books.run(fx_trade, options, {"EUR/USD"}).exit_code, kExitOk);
    options.erase("new-pair");
    EXPECT_EQ(books.run(fx_trade, options, {"EUR/USD"}).exit_code, kExitOk) << "there is one now";
}

struct Nonsense {
    std::string name;
    std::string pair;
    Options changes;
    std::string said;
};

class FxTradeNonsense : public testing::TestWithParam<Nonsense> {};

TEST_P(FxTradeNonsense, IsRefusedAndSaysWhy) {
    FxBooks books;
    books.dollars_per_euro("2026-04-13", "1.1684");
    Options options = sale();
    for (const auto& [name, value] : GetParam().changes)
        options[name] = value;
    const std::string before = books.dump();
    const CommandOutput output = books.run(fx_trade, options, {GetParam().pair});
    EXPECT_EQ(output.exit_code, kExitUsage) << output.out;
    EXPECT_NE(output.err.find(GetParam().said), std::string::npos) << output.err;
    EXPECT_EQ(books.dump(), before);
}

INSTANTIATE_TEST_SUITE_P(
    All,
    FxTradeNonsense,
    testing::Values(
        Nonsense{"NoPair", "USDEUR", {}, "a pair is"},
        Nonsense{"SameTwice", "EUR/EUR", {}, "a pair is"},
        Nonsense{"PairOfTheJournal", "test/USD/EUR", {}, "a pair is"},
        Nonsense{"BothModes", "USD/EUR", {{"test", "true"}, {"live", "true"}}, "either"},
        Nonsense{
            "NoNumber", "USD/EUR", {{"base", "much"}}, "--base: \"much\" is not an amount in USD"},
        Nonsense{"Decimals", "USD/EUR", {{"counter", "-86.001"}}, "at most 2 decimals"},
        Nonsense{"Zero", "USD/EUR", {{"base", "0.00"}}, "--base is nothing"},
        Nonsense{"Signs", "USD/EUR", {{"counter", "86.00"}}, "one sign"},
        Nonsense{"NoReason", "USD/EUR", {{"reason", ""}}, "--reason"},
        Nonsense{"Id", "USD/EUR", {{"id", "a b"}}, "--id"},
        Nonsense{"Bank", "USD/EUR", {{"bank", "a/b"}}, "--bank"},
        Nonsense{"UpsideDown", "USD/EUR", {{"counter", "-116.84"}}, "--off-market"},
        Nonsense{"TooLarge", "USD/EUR", {{"base", "-99999999999999999999"}}, "too large"}),
    test::case_name<Nonsense>);

TEST(FxPositionsCommand, SaysWhatTheDayMakesOfThem) {
    FxBooks books;
    books.dollars_per_euro("2026-04-13", "1.16");
    books.pay(10'000, 8'559, 68);
    const json::value all = json::parse(books.run(fx_positions, {{"json", "true"}}).out);
    ASSERT_EQ(all.as_array().size(), 1U);
    const json::value& one = all.as_array().front();
    EXPECT_EQ(one.at("pair"), "USD/EUR");
    EXPECT_EQ(one.at("livemode"), false);
    EXPECT_EQ(one.at("open"), 10'000);
    EXPECT_EQ(one.at("average_rate"), "0.8559");
    EXPECT_EQ(one.at("mid_rate"), "0.8620689655");
    EXPECT_EQ(one.at("market_value"), 8'621);
    EXPECT_EQ(one.at("unrealised"), 62);
    EXPECT_EQ(one.at("unrealised_booked"), 0);
    EXPECT_EQ(one.at("margin"), 68);
    EXPECT_EQ(books.run(fx_positions, {{"date", "2026-04-13"}}).out, "No positions.\n");
    EXPECT_EQ(books.run(fx_positions, {{"date", "2027-01-01"}}).exit_code, kExitUsage);
}

}  // namespace
}  // namespace causeway::gateway
