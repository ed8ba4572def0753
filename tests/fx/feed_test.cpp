// SPDX-License-Identifier: Apache-2.0
#include "fx/feed.h"

#include "fx/builtin_rates.h"
#include "tests/support/amounts.h"
#include "tests/support/case_name.h"
#include "tests/support/source_folder.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <optional>
#include <rapidcheck.h>
#include <sstream>
#include <string>
#include <string_view>

namespace causeway::fx {
namespace {

using test::currency;

std::optional<std::string> read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return std::nullopt;
    std::ostringstream content;
    content << file.rdbuf();
    return content.str();
}

std::string sample(const std::string& name) {
    const auto content = read_file(test::source_folder() + "/tests/fx/data/" + name);
    EXPECT_TRUE(content) << name;
    return content.value_or("");
}

// The large files that the project does not hold itself.
std::optional<std::string> shared(const std::string& name) {
    const char* const folder = std::getenv("CAUSEWAY_SHARED");
    const std::string root = folder ? folder : test::source_folder() + "/../shared";
    return read_file(root + "/data/" + name);
}

Day day(std::string_view text) {
    return *parse_day(text);
}

ReferenceTable table_in(const std::string& content, std::string_view date) {
    const Result<Feed> feed = read_feed(content);
    EXPECT_TRUE(feed) << feed.error().detail();
    return *table_of(*feed, std::string(kEcb), day(date));
}

TEST(Feed, EveryFormatGivesTheSameTable) {
    const ReferenceTable history = table_in(sample("ecb-history.csv"), "2026-04-13");
    EXPECT_EQ(history.rates().size(), 10U);
    EXPECT_EQ(history.per_base(currency("HUF"))->to_string(), "366.9");
    EXPECT_EQ(table_in(sample("ecb-daily.csv"), "2026-04-13"), history);
    EXPECT_EQ(table_in(sample("ecb-daily.xml"), "2026-04-13"), history);
    EXPECT_EQ(table_in(sample("ecb-90-days.xml"), "2026-04-13"), history);
    EXPECT_EQ(table_in(sample("ecb-90-days.xml"), "2026-04-10"),
              table_in(sample("ecb-history.csv"), "2026-04-10"));
}

TEST(Feed, TellsTheFormatsApartByContent) {
    EXPECT_EQ(read_feed(sample("ecb-daily.csv"))->format, FeedFormat::csv);
    EXPECT_EQ(read_feed(sample("ecb-daily.xml"))->format, FeedFormat::xml);
    EXPECT_EQ(read_feed("\xEF\xBB\xBF" + sample("ecb-daily.csv"))->format, FeedFormat::csv);
    EXPECT_EQ(read_feed("\xEF\xBB\xBF" + sample("ecb-daily.xml"))->format, FeedFormat::xml);
}

TEST(Feed, CountsHistoricCurrenciesInsteadOfKeepingThem) {
    const Feed feed = *read_feed(sample("ecb-history.csv"));
    EXPECT_EQ(feed.skipped, 1);                         // the Cyprus pound of 2007-12-31
    EXPECT_EQ(feed.rows.size(), 10U + 10U + 11U + 8U);  // N/A is no rate
    EXPECT_EQ(to_text(feed.rows.front().day), "2007-12-31");
    EXPECT_EQ(to_text(newest_table(feed, "ECB")->day()), "2026-04-13");
    EXPECT_EQ(table_of(feed, "ECB", day("2026-04-12")).error().code(), ErrorCode::not_found);
}

TEST(Feed, ReadsTheWholeHistory) {
    const std::optional<std::string> history = shared("eurofxref-hist.csv");
    const std::optional<std::string> csv = shared("eurofxref-daily-sample.csv");
    const std::optional<std::string> xml = shared("eurofxref-daily-sample.xml");
    if (!history || !csv || !xml) {
        GTEST_SKIP() << "NOT TESTED: no eurofxref-hist.csv; set CAUSEWAY_SHARED to its folder";
    }
    const Result<Feed> feed = read_feed(*history);
    ASSERT_TRUE(feed) << feed.error().detail();
    EXPECT_EQ(feed->rows.size(), 189'576U);  // counted by another program
    EXPECT_EQ(feed->skipped, 27'979);
    const ReferenceTable newest = *newest_table(*feed, std::string(kEcb));
    EXPECT_EQ(table_in(*csv, "2026-04-13"), newest);
    EXPECT_EQ(table_in(*xml, "2026-04-13"), newest);
    // The built-in days are what the history says, every currency of them.
    for (const std::string_view date :
         {"2026-04-13", "2026-04-10", "2026-04-09", "2026-04-08", "2026-04-07"}) {
        EXPECT_EQ(table_of(builtin_feed(), "ECB", day(date))->rates().size(), 29U);
        EXPECT_EQ(*table_of(builtin_feed(), "ECB", day(date)), *table_of(*feed, "ECB", day(date)));
    }
}

TEST(BuiltinRates, AreFiveDaysOfTwentyNineCurrencies) {
    EXPECT_EQ(builtin_feed().rows.size(), 5U * 29U);
    const ReferenceTable newest = *newest_table(builtin_feed(), "ECB");
    EXPECT_EQ(to_text(newest.day()), "2026-04-13");
    EXPECT_EQ(newest.per_base(currency("USD"))->to_string(), "1.1684");
}

struct WrongCase {
    std::string name;
    std::string content;
    std::string detail;
};

class FeedWrong : public testing::TestWithParam<WrongCase> {};

TEST_P(FeedWrong, SaysWhatAndWhere) {
    const Result<Feed> feed = read_feed(GetParam().content);
    ASSERT_FALSE(feed);
    EXPECT_EQ(feed.error().code(), ErrorCode::invalid_argument);
    EXPECT_EQ(feed.error().detail(), GetParam().detail);
}

INSTANTIATE_TEST_SUITE_P(
    Csv,
    FeedWrong,
    testing::Values(
        WrongCase{"Empty", "", "line 1, column 1: the column 'Date' is missing"},
        WrongCase{"NoDate", "USD,JPY,\n1,2,\n", "line 1, column 1: the column 'Date' is missing"},
        WrongCase{"UnknownCurrency",
                  "Date,USD,XQZ,\n2026-04-13,1.1,N/A,\n",
                  "line 1, column 3: unknown currency 'XQZ'"},
        WrongCase{"ColumnTwice",
                  "Date,USD,USD,\n2026-04-13,1.1,1.1,\n",
                  "line 1, column 3: 'USD' occurs twice"},
        WrongCase{"NoSuchDay",
                  "Date,USD,\n2026-02-30,1.1,\n",
                  "line 2, column 1: '2026-02-30' is no date"},
        WrongCase{"NoSuchLongDay",
                  "Date, USD, \n31 April 2026, 1.1, \n",
                  "line 2, column 1: '31 April 2026' is no date"},
        WrongCase{"AnotherDateFormat",
                  "Date,USD,\n13/04/2026,1.1,\n",
                  "line 2, column 1: '13/04/2026' is no date"},
        WrongCase{
            "ZeroRate", "Date,USD,\n2026-04-13,0.0000,\n", "line 2, column 2: the rate is zero"},
        WrongCase{"NegativeRate",
                  "Date,USD,JPY,\n2026-04-13,1.1,-186.75,\n",
                  "line 2, column 3: the rate '-186.75' is not a decimal number"},
        WrongCase{"GarbageRate",
                  "Date,USD,\n2026-04-13,1.1,\n2026-04-10,1.1x,\n",
                  "line 3, column 2: the rate '1.1x' is not a decimal number"},
        WrongCase{"EmptyRate",
                  "Date,USD,\n2026-04-13,,\n",
                  "line 2, column 2: the rate '' is not a decimal number"},
        WrongCase{"DecimalComma",
                  "Date,USD,\n2026-04-13,\"1,1684\",\n",
                  "line 2, column 2: the rate '1,1684' is not a decimal number"},
        WrongCase{"HistoricIsReadStrictlyToo",
                  "Date,USD,CYP,\n2007-12-31,1.1,x,\n",
                  "line 2, column 3: the rate 'x' is not a decimal number"},
        WrongCase{"TooFewCells",
                  "Date,USD,JPY,\n2026-04-13,1.1,186.75,\n2026-04-10,1.1\n",
                  "line 3: 2 cells where the header has 4"},
        WrongCase{"RateWithoutCurrency",
                  "Date,USD,\n2026-04-13,1.1,186.75\n",
                  "line 2, column 3: a rate without a currency"},
        // Half of 186.75 is 18: a cut file must not become a rate.
        WrongCase{"Cut",
                  "Date,USD,JPY\n2026-04-13,1.1,18",
                  "line 2, column 3: the last line is cut: it has no line feed"},
        WrongCase{"TwoRates",
                  "Date,USD,\n2026-04-13,1.1684,\n2026-04-13,1.1685,\n",
                  "line 3, column 2: a second rate for USD on 2026-04-13: 1.1684 and 1.1685"},
        WrongCase{"OnlyAHeader", "Date,USD,\n", "the file has no rate"},
        WrongCase{"QuoteNotClosed",
                  "Date,USD,\n2026-04-13,\"1.1,\n",
                  "line 2, column 2: quote not closed"},
        WrongCase{"NoDay",
                  "Date,USD,\n2026-04-13,1.1684,\n,1.1711,\n",
                  "line 3, column 1: '' is no date"},
        WrongCase{"TheBaseIsNotOne",
                  "Date,EUR,USD,\n2026-04-13,2,1.1684,\n",
                  "line 2, column 2: one EUR is one EUR, and not 2"},
        WrongCase{"CarriageReturnAlone",
                  "Date,USD,\r2026-04-13,1.1684,\r",
                  "line 1, column 3: a carriage return without a line feed"}),
    test::case_name<WrongCase>);

std::string xml_with(const std::string& days) {
    return "<?xml version=\"1.0\"?>\n<g:Envelope xmlns:g=\"x\">\n<Cube>" + days +
           "</Cube>\n</g:Envelope>\n";
}

INSTANTIATE_TEST_SUITE_P(
    Xml,
    FeedWrong,
    testing::Values(
        WrongCase{"CutXml",
                  "<Envelope>\n<Cube>\n<Cube time='2026-04-13'>",
                  "line 3: the XML is not well-formed: Start-end tags mismatch"},
        WrongCase{"NotWellFormed",
                  "<Envelope>\n<Cube></Envelope></Cube>",
                  "line 2: the XML is not well-formed: Start-end tags mismatch"},
        WrongCase{"DocumentType",
                  "<!DOCTYPE x [<!ENTITY e \"1\">]><Envelope/>",
                  "line 1: a document type is not accepted"},
        WrongCase{"AnotherRoot", "<html/>", "line 1: the root is no Envelope"},
        WrongCase{"TwoRoots", "<Envelope/><Envelope/>", "line 1: a second root element"},
        WrongCase{"NoRate", "<Envelope/>", "the file has no rate"},
        WrongCase{"NoTime",
                  xml_with("<Cube><Cube currency='USD' rate='1'/></Cube>"),
                  "line 3: an element that is no Cube of one time"},
        WrongCase{"WrongTime",
                  xml_with("<Cube time='2026-13-01'><Cube currency='USD' rate='1'/></Cube>"),
                  "line 3, Cube[time=2026-13-01]: the time is no date"},
        WrongCase{"NoRateAttribute",
                  xml_with("<Cube time='2026-04-13'><Cube currency='USD'/></Cube>"),
                  "line 3, Cube[time=2026-04-13]: a child that is no Cube of currency and rate"},
        WrongCase{"AttributeTwice",
                  xml_with("<Cube time='2026-04-13'>"
                           "<Cube currency='USD' rate='1' rate='2'/></Cube>"),
                  "line 3, Cube[time=2026-04-13]: a child that is no Cube of currency and rate"},
        WrongCase{"StrayText",
                  xml_with("<Cube time='2026-04-13'>1.1</Cube>"),
                  "line 3, Cube[time=2026-04-13]: a child that is no Cube of currency and rate"},
        WrongCase{"UnknownCode",
                  xml_with("<Cube time='2026-04-13'><Cube currency='XQZ' rate='1'/></Cube>"),
                  "line 3, Cube[time=2026-04-13]/Cube[currency=XQZ]: unknown currency 'XQZ'"},
        WrongCase{
            "UnknownEntity",
            xml_with("<Cube time='2026-04-13'><Cube currency='USD' rate='&e;'/></Cube>"),
            "line 3, Cube[time=2026-04-13]/Cube[currency=USD]: the rate '&e;' is not a decimal "
            "number"},
        WrongCase{"ContradictsItself",
                  xml_with("<Cube time='2026-04-13'><Cube currency='USD' rate='1'/>"
                           "<Cube currency='USD' rate='2'/></Cube>"),
                  "line 3, Cube[time=2026-04-13]/Cube[currency=USD]: a second rate for USD on "
                  "2026-04-13: 1 and 2"}),
    test::case_name<WrongCase>);

// What the bank really writes: a comma behind every line, N/A for what it did not quote, sometimes
// a byte order mark and the line ends of another system.
TEST(Feed, TakesTheBanksHabitsForWhatTheyMean) {
    const std::string plain = "Date,USD,ISK,\n2026-04-13,1.1684,N/A,\n";
    const Feed expected = *read_feed(plain);
    ASSERT_EQ(expected.rows.size(), 1U);
    EXPECT_EQ(expected.base, currency("EUR"));
    EXPECT_EQ(read_feed("Date,USD,ISK\n2026-04-13,1.1684,N/A\n")->rows, expected.rows);
    EXPECT_EQ(read_feed("\xEF\xBB\xBF" + plain)->rows, expected.rows);
    EXPECT_EQ(read_feed("Date,USD,ISK,\r\n2026-04-13,1.1684,N/A,\r\n")->rows, expected.rows);
    EXPECT_EQ(read_feed("Date,USD,EUR,\n2026-04-13,1.1684,1,\n")->rows, expected.rows);
}

// Tomorrow's rate is a mistyped date: it would be the newest for a whole day.
TEST(Feed, ADayInTheFutureIsRefused) {
    const FeedLimits limits{.latest = day("2026-04-13")};
    EXPECT_TRUE(read_feed("Date,USD,\n2026-04-13,1.1684,\n", limits));
    EXPECT_EQ(read_feed("Date,USD,\n2026-04-13,1.1,\n2026-04-14,1.1,\n", limits).error().detail(),
              "line 3, column 2: 2026-04-14 is in the future: today is 2026-04-13");
    EXPECT_EQ(read_feed("<Envelope><Cube>\n<Cube time='2062-04-13'>\n"
                        "<Cube currency='USD' rate='1.1'/></Cube></Cube></Envelope>",
                        limits)
                  .error()
                  .detail(),
              "line 3, Cube[time=2062-04-13]/Cube[currency=USD]: 2062-04-13 is in the future: "
              "today is 2026-04-13");
}

// Where a day is missing, its payments would be converted at the rates of another.
TEST(Feed, AMissingDayIsRefusedWhereEveryDayIsExpected) {
    const FeedLimits limits{.complete = &ledger::target_calendar()};
    const std::string around_easter = "Date,USD,\n2026-04-07,1.1,\n2026-04-02,1.1,\n";
    EXPECT_TRUE(read_feed(around_easter, limits));
    const std::string gap =
        "Date,USD,\n2026-04-13,1.1,\n2026-04-10,1.1,\n2026-04-08,1.1,\n2026-04-07,1.1,\n";
    EXPECT_TRUE(read_feed(gap));
    EXPECT_EQ(read_feed(gap, limits).error().detail(),
              "line 3: 2026-04-09 is missing between 2026-04-08 and 2026-04-10");
    const std::string only_not_quoted = "Date,USD,ISK,\n2026-04-10,1,1,\n2026-04-09,1,N/A,\n";
    EXPECT_TRUE(read_feed(only_not_quoted, limits));
}

// Entities inside entities blow up to gigabytes in readers that expand them.
TEST(Feed, AnXmlBombIsRefusedUnopened) {
    std::string bomb = "<?xml version=\"1.0\"?>\n<!DOCTYPE lolz [\n<!ENTITY a0 \"lol\">\n";
    for (int i = 1; i < 10; ++i) {
        const std::string inner = "&a" + std::to_string(i - 1) + ";";
        bomb += "<!ENTITY a" + std::to_string(i) + " \"";
        for (int k = 0; k < 10; ++k)
            bomb += inner;
        bomb += "\">\n";
    }
    bomb += "]>\n<Envelope><Cube>&a9;</Cube></Envelope>\n";
    EXPECT_EQ(read_feed(bomb).error().detail(), "line 2: a document type is not accepted");
    std::string nested = "<Envelope>";
    for (int i = 0; i < 200'000; ++i)
        nested += "<Cube>";
    EXPECT_EQ(read_feed(nested).error().code(), ErrorCode::invalid_argument);
    EXPECT_EQ(read_feed(std::string(kFeedBytesMax + 1, ' ')).error().detail(),
              "the file is larger than 64 MiB");
}

TEST(Feed, TheSameRateTwiceIsOneRate) {
    const Result<Feed> feed = read_feed("Date,USD,\n2026-04-13,1.10,\n2026-04-13,1.1,\n");
    ASSERT_TRUE(feed);
    EXPECT_EQ(feed->rows.size(), 1U);
}

// A file with one byte changed is read or refused, but never crashes and never gives a zero.
TEST(Feed, SurvivesDamagedFiles) {
    for (const std::string& good : {sample("ecb-history.csv"), sample("ecb-90-days.xml")}) {
        const bool holds = rc::check([&good] {
            std::string damaged = good;
            const int changes = *rc::gen::inRange(1, 4);
            for (int i = 0; i < changes; ++i) {
                const auto place = *rc::gen::inRange<std::size_t>(0, damaged.size());
                damaged[place] = *rc::gen::arbitrary<char>();
            }
            damaged.resize(*rc::gen::inRange<std::size_t>(damaged.size() / 2, damaged.size() + 1));
            const Result<Feed> feed = read_feed(damaged);
            if (!feed) {
                RC_ASSERT(!feed.error().detail().empty());
                return;
            }
            for (const FeedRow& row : feed->rows)
                RC_ASSERT(!row.per_base.is_zero());
        });
        EXPECT_TRUE(holds);
    }
}

TEST(Feed, XmlHasNoNulAndABound) {
    EXPECT_EQ(read_feed(std::string_view("<a>\n\0</a>", 9)).error().detail(),
              "line 2: a NUL in the XML");
    EXPECT_EQ(read_feed("<" + std::string(16'777'216, ' ')).error().detail(),
              "the XML is larger than 16 MiB");
}

// A Sunday's rates were typed, or are Friday's with a wrong date.
TEST(Feed, ADayOnWhichNobodyPublishesIsRefused) {
    const FeedLimits limits{.complete = &ledger::target_calendar()};
    EXPECT_TRUE(read_feed("Date,USD\n2026-04-10,1.17\n", limits));
    EXPECT_EQ(read_feed("Date,USD\n2026-04-12,1.17\n", limits).error().detail(),
              "line 2: 2026-04-12 is no day of TARGET");
    EXPECT_TRUE(read_feed("Date,USD\n2026-04-12,1.17\n"));
}

// What a terminal would obey and a log could not hold.
TEST(Feed, AnErrorShowsNoRawBytes) {
    EXPECT_EQ(read_feed("Date,\x1b[2J\xff\n2026-04-10,1.17\n").error().detail(),
              "line 1, column 2: unknown currency '?[2J?'");
    EXPECT_EQ(read_feed("Date,USD\n2026-04-10,1\x1b\n").error().detail(),
              "line 2, column 2: the rate '1?' is not a decimal number");
}

}  // namespace
}  // namespace causeway::fx
