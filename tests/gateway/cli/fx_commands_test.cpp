// SPDX-License-Identifier: Apache-2.0
//
// What an operator sees of rates, and what becomes of what he decides.
#include "gateway/cli/fx_commands.h"

#include "gateway/config.h"
#include "gateway/fx/rate_desk.h"
#include "tests/support/https_receiver.h"
#include "tests/support/payment_desk.h"
#include "tests/support/rate_house.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

namespace causeway::gateway {
namespace {

namespace json = boost::json;
using test::currency;
using test::PaymentDesk;
using Options = std::map<std::string, std::string>;

struct Office {
    PaymentDesk desk;
    int told = 0;

    CommandOutput run(CommandOutput (*command)(CommandContext&, const CommandRequest&),
                      Options options,
                      std::vector<std::string> arguments = {},
                      const std::string& file = {},
                      const Settings* settings = nullptr) {
        CommandContext context{.database = *desk.database,
                               .journal = *desk.journal,
                               .clock = desk.clock,
                               .entropy = desk.entropy,
                               .ids = desk.ids};
        context.settings = settings;
        context.rates_changed = [this] { ++told; };
        CommandRequest request{
            .name = {}, .options = std::move(options), .arguments = std::move(arguments)};
        if (!file.empty()) request.files = {{"rates.csv", file}};
        return command(context, request);
    }
    CommandOutput import(const std::string& rows, Options options = {}) {
        return run(fx_import, std::move(options), {}, "Date,USD,JPY,\n" + rows);
    }
    std::string book_rate() {
        fx::RateBook book;
        EXPECT_TRUE(
            load_rate_book(*desk.database, sources_of(nullptr), day_of(desk.clock.now()), book));
        const Result<fx::Decimal> rate = book.mid_rate(currency("EUR"), currency("USD"));
        return rate ? rate->to_string() : rate.error().detail();
    }
};

TEST(RateCommands, AHeldRateIsReleasedOrRejectedByHand) {
    Office office;
    ASSERT_EQ(office.import("2026-04-09,1.17,186,\n2026-04-08,1.16,185,\n").exit_code, kExitOk);
    const CommandOutput leapt = office.import("2026-04-10,1.57,187,\n");
    ASSERT_EQ(leapt.exit_code, kExitOk) << leapt.err;
    EXPECT_EQ(leapt.out, "rates.csv: 1 new rates, 0 known, 1 held: see `causeway fx held`\n");
    EXPECT_EQ(office.book_rate(), "1.17");
    const CommandOutput held = office.run(fx_held, {});
    EXPECT_EQ(held.out,
              "SOURCE  DATE        PAIR     RATE  STATUS  WHY\n"
              "ECB     2026-04-10  EUR/USD  1.57  held    it was 1.17 on 2026-04-09\n");
    EXPECT_EQ(held.exit_code, kExitFound);

    const std::vector<std::string> which{"ECB", "2026-04-10", "USD"};
    EXPECT_EQ(office.run(fx_release, {}, which).exit_code, kExitUsage);
    EXPECT_EQ(office.run(fx_release, {{"reason", "x"}}, {"ECB", "2026-04-10", "JPY"}).exit_code,
              kExitUsage);
    office.told = 0;
    const CommandOutput released = office.run(fx_release, {{"reason", "in the news"}}, which);
    ASSERT_EQ(released.exit_code, kExitOk) << released.err;
    EXPECT_NE(released.out.find("current  in the news"), std::string::npos) << released.out;
    EXPECT_EQ(office.told, 1);
    EXPECT_EQ(office.book_rate(), "1.57");

    ASSERT_EQ(office.import("2026-04-13,15.7,188,\n").exit_code, kExitOk);
    const CommandOutput rejected = office.run(
        fx_reject, {{"reason", "a slip"}, {"json", "true"}}, {"ECB", "2026-04-13", "USD"});
    ASSERT_EQ(rejected.exit_code, kExitOk) << rejected.err;
    EXPECT_EQ(json::parse(rejected.out).as_array().at(0).at("status").as_string(), "rejected");
    EXPECT_EQ(office.book_rate(), "1.57");
    EXPECT_EQ(json::parse(office.run(fx_held, {{"json", "true"}}).out).as_array().size(), 0U);
    EXPECT_EQ(office.run(fx_held, {}).out, "No held rates.\n");
}

TEST(RateCommands, AWrongWordIsNamedAndQuoted) {
    Office office;
    for (CommandOutput (*const command)(CommandContext&, const CommandRequest&) :
         {fx_quote, fx_convert}) {
        EXPECT_EQ(office.run(command, {}, {"1", "ZZZ", "EUR"}).err,
                  "causeway: FROM: ZZZ is no ISO 4217 currency that can be quoted\n");
        EXPECT_EQ(office.run(command, {}, {"1", "EUR", "eur"}).err,
                  "causeway: TO: eur is no ISO 4217 currency that can be quoted\n");
        const CommandOutput amount = office.run(command, {}, {"1,00", "USD", "EUR"});
        EXPECT_EQ(amount.err, "causeway: AMOUNT: \"1,00\" is not an amount in USD\n");
        EXPECT_EQ(amount.exit_code, kExitUsage);
        EXPECT_EQ(office.run(command, {}, {"99999999999999999999", "USD", "EUR"}).err,
                  "causeway: AMOUNT: \"99999999999999999999\" is too large\n");
    }
}

TEST(RateCommands, AnImportCorrectsOnlyWhenTold) {
    Office office;
    ASSERT_EQ(office.import("2026-04-10,1.17,186,\n").exit_code, kExitOk);
    EXPECT_EQ(office.import("2026-04-10,1.18,186,\n").err,
              "causeway: rates.csv: 2026-04-10, USD: known as 1.17, now 1.18\n");
    const CommandOutput corrected = office.import("2026-04-10,1.18,186,\n", {{"correct", "true"}});
    EXPECT_EQ(corrected.out, "rates.csv: 0 new rates, 1 known, 1 corrected\n");
    EXPECT_EQ(office.book_rate(), "1.18");
}

TEST(RateCommands, AnImportWantsEveryDayUnlessTold) {
    Office office;
    const std::string gap = "2026-04-10,1.17,186,\n2026-04-08,1.17,186,\n";
    EXPECT_EQ(office.import(gap).err,
              "causeway: rates.csv: line 2: 2026-04-09 is missing between 2026-04-08 and "
              "2026-04-10\n");
    EXPECT_EQ(office.import(gap, {{"gaps", "true"}}).exit_code, kExitOk);
    const CommandOutput future = office.import("2062-04-14,1.17,186,\n");
    EXPECT_EQ(future.exit_code, kExitUsage);
    EXPECT_NE(future.err.find("line 2, column 2: 2062-04-14 is in the future"), std::string::npos)
        << future.err;
}

// Those that answer are asked after one that does not.
TEST(RateCommands, AFetchGoesOnAfterASourceThatFails) {
    Office office;
    const test::HttpsReceiver server(
        "HTTP/1.1 200 OK\r\nContent-Length: 59\r\nConnection: close\r\n\r\n" +
        test::reais("2026-04-13", "5.1234"));
    Settings settings;
    settings.fx.ca = server.ca_file();
    settings.fx.sources = {test::dollar_source("gone", 10, "https://127.0.0.1:1/"),
                           test::dollar_source("bank", 20, server.url())};
    const CommandOutput output = office.run(fx_fetch, {}, {}, {}, &settings);
    EXPECT_EQ(output.exit_code, kExitPartly) << output.err;
    EXPECT_EQ(output.out, "bank: 1 new rates, 0 known\n");
    EXPECT_TRUE(output.err.starts_with("causeway: gone: ")) << output.err;
    const CommandOutput none = office.run(fx_fetch, {}, {"gone"}, {}, &settings);
    EXPECT_EQ(none.exit_code, kExitEnvironment);
}

// The source that is asked first lacks the currency: a quote would go to the next one.
TEST(RateCommands, AConversionGoesByTheRateOfAQuoteUnlessToldWhose) {
    Office office;
    Settings settings;
    settings.fx.sources = {test::dollar_source("first", 10), test::dollar_source("second", 20)};
    const auto import = [&](const std::string& source, const std::string& file) {
        return office.run(fx_import, {{"source", source}}, {}, file, &settings).exit_code;
    };
    ASSERT_EQ(import("first", R"({"base":"USD","date":"2026-04-13","rates":{"MXN":"17"}})"), 0);
    ASSERT_EQ(import("second", test::reais("2026-04-10", "5.1")), 0);
    const std::vector<std::string> words{"100.00", "USD", "BRL"};
    EXPECT_EQ(office.run(fx_convert, {}, words, {}, &settings).out,
              "USD 100.00 = BRL 510.00  at 5.1 (second 2026-04-10, mid rate)\n");
    EXPECT_EQ(office.run(fx_convert, {{"source", "first"}}, words, {}, &settings).exit_code,
              kExitUsage);
    office.desk.clock.advance(std::chrono::days(30));
    EXPECT_EQ(office.run(fx_convert, {}, words, {}, &settings).out,
              "USD 100.00 = BRL 510.00  at 5.1 (second 2026-04-10, mid rate, too old to quote "
              "by)\n");
}

TEST(RateCommands, APairsHistoryIsPrintedAndDrawn) {
    Office office;
    ASSERT_EQ(office.import("2026-04-10,1.25,190,\n2026-04-09,1.2,180,\n").exit_code, kExitOk);
    EXPECT_EQ(office.run(fx_rates, {}, {"USD/JPY"}).out, "2026-04-09  150\n2026-04-10  152\n");
    EXPECT_EQ(office.run(fx_rates, {{"since", "2026-04-10"}, {"json", "true"}}, {"USD/JPY"}).out,
              "[{\"date\":\"2026-04-10\",\"rate\":\"152\"}]\n");
    EXPECT_EQ(office.run(fx_rates, {{"plot", "true"}}, {"USD/JPY"}).out.substr(0, 13),
              "USD/JPY, ECB\n");
    EXPECT_EQ(office.run(fx_rates, {{"svg", "true"}}, {"USD/JPY"}).out.substr(0, 4), "<svg");
    EXPECT_EQ(office.run(fx_rates, {}, {"USD/CHF"}).err,
              "causeway: ECB has no rates of USD/CHF in these days\n");
    EXPECT_EQ(office.run(fx_rates, {}, {"USDJPY"}).exit_code, kExitUsage);
    EXPECT_EQ(office.run(fx_rates, {{"since", "monday"}}, {"USD/JPY"}).exit_code, kExitUsage);
}

}  // namespace
}  // namespace causeway::gateway
