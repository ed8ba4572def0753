// SPDX-License-Identifier: Apache-2.0
#include "fx/source.h"

#include "tests/support/amounts.h"
#include "tests/support/case_name.h"

#include <gtest/gtest.h>

#include <string>

namespace causeway::fx {
namespace {

using test::currency;

constexpr std::string_view kAnswer =
    "{\"base\":\"USD\",\"date\":\"2026-04-13\",\"rates\":{\"BRL\":\"5.0274\"}}";

Day day(std::string_view text) {
    return *parse_day(text);
}

TEST(RateSource, OfTheEuropeanCentralBankNeedsNoSettings) {
    const RateSource& ecb = ecb_source();
    EXPECT_EQ(ecb.name(), "ECB");
    EXPECT_EQ(ecb.base(), currency("EUR"));
    EXPECT_EQ(ecb.calendar().name(), "TARGET");
    EXPECT_EQ(ecb.url(), "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml");
    EXPECT_TRUE(ecb.serves(currency("JPY")));
}

TEST(RateSource, EveryKindMakesASource) {
    for (const SourceKind& kind : source_kinds()) {
        SourceSettings settings{.name = "x", .kind = std::string(kind.name)};
        if (kind.base.empty()) settings.base = currency("USD");
        const Result<RateSource> source = RateSource::make(settings);
        ASSERT_TRUE(source) << source.error().detail();
        EXPECT_FALSE(source->parse("", day("2026-04-13"))) << kind.name;
    }
}

TEST(RateSource, ReadsWhatItsKindWrites) {
    const RateSource json = *RateSource::make({.name = "bank",
                                               .kind = "json",
                                               .url = "https://rates.example/latest",
                                               .base = currency("USD"),
                                               .currencies = {currency("BRL")}});
    EXPECT_EQ(json.calendar().name(), "FEDWIRE");
    EXPECT_EQ(json.parse(kAnswer, day("2026-04-13"))->rows.size(), 1U);
    EXPECT_TRUE(json.serves(currency("BRL")));
    EXPECT_TRUE(json.serves(currency("USD")));
    EXPECT_FALSE(json.serves(currency("MXN")));
    const RateSource desk = *RateSource::make(
        {.name = "desk", .kind = "manual", .base = currency("USD"), .calendar = "BR"});
    EXPECT_EQ(desk.calendar().name(), "BR");
    EXPECT_EQ(desk.parse("date,base,currency,rate\n2026-04-13,USD,BRL,5\n", day("2026-04-13"))
                  ->rows.size(),
              1U);
}

// Five reais a dollar are not five reais a euro.
TEST(RateSource, AFileAgainstAnotherBaseIsRefused) {
    const RateSource euros =
        *RateSource::make({.name = "bank", .kind = "json", .base = currency("EUR")});
    EXPECT_EQ(euros.parse(kAnswer, day("2026-04-13")).error().detail(),
              "the source 'bank': the file is against USD, and not EUR");
}

TEST(RateSource, RefusesTheFutureAndGapsInAHistory) {
    const std::string gap = "Date,USD,\n2026-04-13,1.1,\n2026-04-09,1.1,\n";
    EXPECT_EQ(ecb_source().parse(gap, day("2026-04-13")).error().detail(),
              "line 2: 2026-04-10 is missing between 2026-04-09 and 2026-04-13");
    EXPECT_TRUE(ecb_source().parse(gap, day("2026-04-13"), RateSource::Gaps::accepted));
    EXPECT_EQ(
        ecb_source().parse(gap, day("2026-04-12"), RateSource::Gaps::accepted).error().detail(),
        "line 2, column 2: 2026-04-13 is in the future: today is 2026-04-12");
}

struct WrongSourceCase {
    std::string name;
    SourceSettings settings;
    std::string detail;
};

class WrongSource : public testing::TestWithParam<WrongSourceCase> {};

TEST_P(WrongSource, SaysWhat) {
    const Result<RateSource> source = RateSource::make(GetParam().settings);
    ASSERT_FALSE(source);
    EXPECT_EQ(source.error().detail(), GetParam().detail);
}

INSTANTIATE_TEST_SUITE_P(
    Settings,
    WrongSource,
    testing::Values(
        WrongSourceCase{"Name",
                        {.name = "a b", .kind = "ecb"},
                        "the source 'a b': a name is 1 to 32 of A-Z, a-z, 0-9, _ . and -"},
        WrongSourceCase{"Priority",
                        {.name = "a", .kind = "ecb", .priority = -1},
                        "the source 'a': the priority is 0 to 1000"},
        WrongSourceCase{"Url",
                        {.name = "a", .kind = "ecb", .url = "http://rates.example"},
                        "the source 'a': the url is not an https one"},
        WrongSourceCase{"Kind",
                        {.name = "a", .kind = "oracle"},
                        "there is no such kind of source; there are ecb, manual, json"},
        WrongSourceCase{
            "NoBase", {.name = "a", .kind = "json"}, "the source 'a': the kind json needs a base"},
        WrongSourceCase{"OtherBase",
                        {.name = "a", .kind = "ecb", .base = currency("USD")},
                        "the source 'a': its base is EUR"},
        WrongSourceCase{"Calendar",
                        {.name = "a", .kind = "ecb", .calendar = "MOON"},
                        "there is no such calendar; there are TARGET, FEDWIRE, BR, MX, GB, JP, CN, "
                        "WEEKENDS"}),
    test::case_name<WrongSourceCase>);

}  // namespace
}  // namespace causeway::fx
