// SPDX-License-Identifier: Apache-2.0
//
// The operator's table and the JSON answer. The bank's own files are in feed_test.cpp.
#include "fx/feed.h"
#include "tests/support/amounts.h"
#include "tests/support/case_name.h"

#include <gtest/gtest.h>

#include <rapidcheck.h>
#include <string>
#include <string_view>

namespace causeway::fx {
namespace {

using test::currency;

FeedRow row(std::string_view date, std::string_view code, std::string_view rate) {
    return {*parse_day(date), currency(code), *Decimal::parse(rate)};
}

TEST(TableFeed, IsReadInAnyOrderAndSorted) {
    const Result<Feed> feed = read_table_feed(
        "date,base,currency,rate\n2026-04-13,USD,MXN,17.4001\n2026-04-10,USD,BRL,5.05\n"
        "2026-04-13,USD,BRL,5.0274\n2026-04-13,USD,USD,1\n");
    ASSERT_TRUE(feed) << feed.error().detail();
    EXPECT_EQ(feed->format, FeedFormat::table);
    EXPECT_EQ(feed->base, currency("USD"));
    EXPECT_EQ(feed->rows,
              (std::vector<FeedRow>{row("2026-04-10", "BRL", "5.05"),
                                    row("2026-04-13", "BRL", "5.0274"),
                                    row("2026-04-13", "MXN", "17.4001")}));
    const ReferenceTable newest = *newest_table(*feed, "desk");
    EXPECT_EQ(newest.base(), currency("USD"));
    EXPECT_EQ(newest.cross(currency("BRL"), currency("MXN"))->to_string(), "3.461053427");
}

// Binary floating point would make 5.027399999999999913 of it.
TEST(JsonFeed, TakesEveryDigitAsItIsWritten) {
    const Result<Feed> feed = read_json_feed(
        "{\"base\": \"USD\", \"date\": \"2026-04-13\", \"rates\": {\"BRL\": \"5.0274\",\n"
        " \"JPY\": 159.84, \"IDR\": 1.7187e4, \"BHD\": 3.7699E-1, \"KWD\": 0.123456789012345678}}");
    ASSERT_TRUE(feed) << feed.error().detail();
    EXPECT_EQ(feed->format, FeedFormat::json);
    EXPECT_EQ(feed->rows,
              (std::vector<FeedRow>{row("2026-04-13", "BHD", "0.37699"),
                                    row("2026-04-13", "BRL", "5.0274"),
                                    row("2026-04-13", "IDR", "17187"),
                                    row("2026-04-13", "JPY", "159.84"),
                                    row("2026-04-13", "KWD", "0.123456789012345678")}));
}

TEST(JsonFeed, SkipsWhatItDoesNotNeed) {
    const Result<Feed> feed = read_json_feed(
        "\xEF\xBB\xBF{\r\n\"success\":true,\"info\":{\"a\":[1,{\"b\":\"}\\\"]\"},null],\"c\":{}},"
        "\r\n"
        "\"rates\":{\"USD\":1,\"BTC\":0.0000135,\"EUR\":0.8559},\"date\":\"2026-04-13\","
        "\"base\":\"USD\"}\r\n");
    ASSERT_TRUE(feed) << feed.error().detail();
    EXPECT_EQ(feed->rows, (std::vector<FeedRow>{row("2026-04-13", "EUR", "0.8559")}));
    EXPECT_EQ(feed->skipped, 1);
}

struct WrongFileCase {
    std::string name;
    Result<Feed> (*read)(std::string_view, const FeedLimits&);
    std::string content;
    std::string detail;
};

class WrongFile : public testing::TestWithParam<WrongFileCase> {};

TEST_P(WrongFile, SaysWhatAndWhere) {
    const FeedLimits limits{.latest = *parse_day("2026-04-13")};
    const Result<Feed> feed = GetParam().read(GetParam().content, limits);
    ASSERT_FALSE(feed);
    EXPECT_EQ(feed.error().code(), ErrorCode::invalid_argument);
    EXPECT_EQ(feed.error().detail(), GetParam().detail);
}

std::string table(const std::string& rows) {
    return "date,base,currency,rate\n" + rows;
}

INSTANTIATE_TEST_SUITE_P(
    Table,
    WrongFile,
    testing::Values(
        WrongFileCase{
            "Empty", read_table_feed, "", "line 1: the columns are not date,base,currency,rate"},
        WrongFileCase{"OtherColumns",
                      read_table_feed,
                      "date,currency,base,rate\n",
                      "line 1: the columns are not date,base,currency,rate"},
        WrongFileCase{"NoRow", read_table_feed, table(""), "the file has no rate"},
        WrongFileCase{"TrailingComma",
                      read_table_feed,
                      table("2026-04-13,USD,BRL,5.0274,\n"),
                      "line 2: 5 cells where the header has 4"},
        WrongFileCase{"NotAvailable",
                      read_table_feed,
                      table("2026-04-13,USD,BRL,N/A\n"),
                      "line 2, column 4: the rate 'N/A' is not a decimal number"},
        WrongFileCase{"NoDay",
                      read_table_feed,
                      table("2026-04-10,USD,BRL,5\n,USD,BRL,5.0274\n"),
                      "line 3, column 1: '' is no date"},
        WrongFileCase{"TwoRates",
                      read_table_feed,
                      table("2026-04-13,USD,BRL,5.0274\n2026-04-13,USD,BRL,5.0275\n"),
                      "line 3, column 4: a second rate for BRL on 2026-04-13: 5.0274 and 5.0275"},
        WrongFileCase{"Negative",
                      read_table_feed,
                      table("2026-04-13,USD,BRL,-5.0274\n"),
                      "line 2, column 4: the rate '-5.0274' is not a decimal number"},
        WrongFileCase{"Zero",
                      read_table_feed,
                      table("2026-04-13,USD,BRL,0.00\n"),
                      "line 2, column 4: the rate is zero"},
        WrongFileCase{"Future",
                      read_table_feed,
                      table("2027-04-13,USD,BRL,5.0274\n"),
                      "line 2, column 4: 2027-04-13 is in the future: today is 2026-04-13"},
        WrongFileCase{"Cut",
                      read_table_feed,
                      table("2026-04-13,USD,BRL,5.02"),
                      "line 2, column 4: the last line is cut: it has no line feed"},
        WrongFileCase{"AnotherBase",
                      read_table_feed,
                      table("2026-04-13,USD,BRL,5\n2026-04-13,EUR,BRL,5\n"),
                      "line 3, column 2: the base is 'EUR', and USD above"},
        WrongFileCase{"NoSuchBase",
                      read_table_feed,
                      table("2026-04-13,XQZ,BRL,5\n"),
                      "line 2, column 2: the base is no listed currency"},
        WrongFileCase{"NoSuchCurrency",
                      read_table_feed,
                      table("2026-04-13,USD,CYP,5\n"),
                      "line 2, column 3: unknown currency 'CYP'"}),
    test::case_name<WrongFileCase>);

std::string json(const std::string& rates, const std::string& date = "2026-04-13") {
    return "{\"base\":\"USD\",\n\"date\":\"" + date + "\",\n\"rates\":{\n" + rates + "}}";
}

INSTANTIATE_TEST_SUITE_P(
    Json,
    WrongFile,
    testing::Values(
        WrongFileCase{"Empty", read_json_feed, "", "line 1: the JSON is cut"},
        WrongFileCase{"NoObject",
                      read_json_feed,
                      "[1]",
                      "line 1: the JSON is not well-formed: '{' is missing"},
        WrongFileCase{"Html",
                      read_json_feed,
                      "<html>502</html>",
                      "line 1: the JSON is not well-formed: '{' is missing"},
        WrongFileCase{"NoRates",
                      read_json_feed,
                      "{\"base\":\"USD\",\"date\":\"2026-04-13\"}",
                      "line 1: 'rates' is missing"},
        WrongFileCase{"NoRate", read_json_feed, json(""), "the file has no rate"},
        WrongFileCase{"BaseTwice",
                      read_json_feed,
                      "{\"base\":\"USD\",\n\"base\":\"EUR\"}",
                      "line 2: 'base' occurs twice"},
        WrongFileCase{"TrailingComma",
                      read_json_feed,
                      json("\"BRL\":5,\n"),
                      "line 5: the JSON is not well-formed: '\"' is missing"},
        WrongFileCase{"NotAvailable",
                      read_json_feed,
                      json("\"BRL\":\"N/A\""),
                      "line 4: the rate of BRL 'N/A' is not a decimal number"},
        WrongFileCase{"Null",
                      read_json_feed,
                      json("\"JPY\":159.84,\n\"BRL\":null"),
                      "line 5: the rate of BRL 'null' is not a decimal number"},
        WrongFileCase{"TwoRates",
                      read_json_feed,
                      json("\"BRL\":5,\n\"BRL\":6"),
                      "line 5: a second rate for BRL on 2026-04-13: 5 and 6"},
        WrongFileCase{"Negative",
                      read_json_feed,
                      json("\"BRL\":-5.0274"),
                      "line 4: the rate of BRL '-5.0274' is not a decimal number"},
        WrongFileCase{"Zero", read_json_feed, json("\"BRL\":0.0e3"), "line 4: the rate is zero"},
        WrongFileCase{"HugeExponent",
                      read_json_feed,
                      json("\"BRL\":1e999999999999"),
                      "line 4: the rate of BRL '1e999999999999' is not a decimal number"},
        WrongFileCase{"TooManyDigits",
                      read_json_feed,
                      json("\"BRL\":1e18"),
                      "line 4: the rate of BRL has more than 18 digits"},
        WrongFileCase{"Future",
                      read_json_feed,
                      json("\"BRL\":5", "2026-04-14"),
                      "line 4: 2026-04-14 is in the future: today is 2026-04-13"},
        WrongFileCase{"NoSuchDay",
                      read_json_feed,
                      json("\"BRL\":5", "2026-02-30"),
                      "line 2: the date is no date"},
        WrongFileCase{"Cut",
                      read_json_feed,
                      "{\"base\":\"USD\",\"rates\":{\"BRL\":5.02",
                      "line 1: the JSON is cut"},
        WrongFileCase{"CutInAString", read_json_feed, "{\"base\":\"US", "line 1: the JSON is cut"},
        WrongFileCase{"SomethingBehind",
                      read_json_feed,
                      json("\"BRL\":5") + "\n{}",
                      "line 5: there is something behind the JSON"},
        WrongFileCase{"Deep",
                      read_json_feed,
                      "{\"x\":" + std::string(100'000, '['),
                      "line 1: the JSON is nested too deeply"},
        WrongFileCase{"TheBaseIsNotOne",
                      read_json_feed,
                      json("\"USD\":2"),
                      "line 4: one USD is one USD, and not 2"}),
    test::case_name<WrongFileCase>);

// A byte changed is read or refused, but never crashes and never gives a zero.
TEST(FeedKinds, SurviveDamagedFiles) {
    struct Kind {
        std::string good;
        Result<Feed> (*read)(std::string_view, const FeedLimits&);
    };
    const std::string rates = "\"BRL\":\"5.0274\",\"JPY\":159.84,\"IDR\":1.7e4";
    for (const Kind& kind :
         {Kind{json(rates), read_json_feed},
          Kind{table("2026-04-13,USD,BRL,5.0274\n2026-04-10,USD,BRL,5.1\n"), read_table_feed}}) {
        EXPECT_TRUE(kind.read(kind.good, {}));
        EXPECT_TRUE(rc::check([&kind] {
            std::string damaged = kind.good;
            const int changes = *rc::gen::inRange(1, 4);
            for (int i = 0; i < changes; ++i) {
                const auto place = *rc::gen::inRange<std::size_t>(0, damaged.size());
                damaged[place] = *rc::gen::arbitrary<char>();
            }
            damaged.resize(*rc::gen::inRange<std::size_t>(0, damaged.size() + 1));
            const Result<Feed> feed = kind.read(damaged, {});
            if (!feed) {
                RC_ASSERT(!feed.error().detail().empty());
                return;
            }
            for (const FeedRow& one : feed->rows)
                RC_ASSERT(!one.per_base.is_zero());
        }));
    }
}

TEST(JsonFeed, EveryWordIsAValueOfJson) {
    const auto with = [](const std::string& rate, const std::string& other) {
        return read_json_feed(R"({"other":)" + other +
                              R"(,"base":"USD","date":"2026-04-13","rates":{"BRL":)" + rate + "}}");
    };
    for (const char* const right : {"0", "-1", "1.5", "0.5e3", "1E+2", "2e-7", "true", "null"})
        EXPECT_TRUE(with("5", right)) << right;
    for (const char* const wrong :
         {"nul", "True", "01", "1.", ".5", "+1", "1e", "1e+-3", "-", "1-2"})
        EXPECT_FALSE(with("5", wrong)) << wrong;
    EXPECT_FALSE(with("5e+-3", "0"));
    EXPECT_FALSE(with("05", "0"));
    EXPECT_TRUE(with("5e+0", "0"));
}

// What stands for the rate of an unlisted code is nobody's business.
TEST(JsonFeed, AnUnlistedCodeIsSkippedBeforeItsRateIsRead) {
    const Result<Feed> feed = read_json_feed(
        R"({"base":"USD","date":"2026-04-13","rates":{"USDT":null,"BTC":1e-30,"X":"0","BRL":5}})");
    ASSERT_TRUE(feed) << feed.error().detail();
    EXPECT_EQ(feed->rows.size(), 1U);
    EXPECT_EQ(feed->skipped, 3);
}

}  // namespace
}  // namespace causeway::fx
