// SPDX-License-Identifier: Apache-2.0
#include "fx/rate_snapshot.h"

#include "fx/builtin_rates.h"
#include "tests/support/amounts.h"
#include "tests/support/case_name.h"

#include <gtest/gtest.h>

#include <rapidcheck.h>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace causeway::fx {
namespace {

using std::chrono::days;
using test::currency;

Day day(std::string_view text) {
    return *parse_day(text);
}

using Quoted = std::vector<std::pair<std::string_view, std::string_view>>;

ReferenceTable table(std::string publisher,
                     std::string_view base,
                     std::string_view date,
                     const Quoted& quoted) {
    std::vector<ReferenceRate> rates;
    for (const auto& [code, rate] : quoted)
        rates.push_back({currency(code), *Decimal::parse(rate)});
    return *ReferenceTable::make(std::move(publisher), currency(base), day(date), rates);
}

SourceRates source(int priority, std::vector<ReferenceTable> tables) {
    const ledger::Calendar& calendar = ledger::calendar_of(tables.front().base());
    return {.priority = priority, .calendar = &calendar, .tables = std::move(tables)};
}

// The euro's bank of Monday and Friday, and a bank of dollars that knows the dirham.
class TwoBanks : public testing::Test {
  protected:
    TwoBanks() {
        sources = {
            source(
                2,
                {table("ECB", "EUR", "2026-04-13", {{"USD", "1.25"}, {"BRL", "6"}}),
                 table(
                     "ECB", "EUR", "2026-04-10", {{"USD", "1.2"}, {"BRL", "6"}, {"JPY", "180"}})}),
            source(5, {table("desk", "USD", "2026-04-13", {{"AED", "3.6725"}, {"BRL", "5"}})})};
    }

    [[nodiscard]] std::string mid(std::string_view from,
                                  std::string_view to,
                                  std::string_view today = "2026-04-14",
                                  int age_max = 4) const {
        const RateSnapshot snapshot = *RateSnapshot::make(sources);
        const Result<MidRate> found = snapshot.mid(
            currency(from), currency(to), {.today = day(today), .age_max = days(age_max)});
        if (!found)
            return std::string(to_string(found.error().code())) + ": " + found.error().detail();
        return found->value.to_string() + " " + found->publishers() + " " + to_text(found->day) +
               (found->via ? " via " + std::string(found->via->code()) : "");
    }

    std::vector<SourceRates> sources;
};

TEST_F(TwoBanks, BothLegsComeFromTheFirstSourceThatHasThem) {
    EXPECT_EQ(mid("EUR", "USD"), "1.25 ECB 2026-04-13");
    EXPECT_EQ(mid("USD", "EUR"), "0.8 ECB 2026-04-13");
    EXPECT_EQ(mid("USD", "BRL"), "4.8 ECB 2026-04-13");
    EXPECT_EQ(mid("AED", "USD"), "0.2722940776 desk 2026-04-13");
    sources[1].priority = 1;
    EXPECT_EQ(mid("USD", "BRL"), "5 desk 2026-04-13");
    EXPECT_EQ(mid("EUR", "BRL"), "6 ECB 2026-04-13");
}

// A leg of Monday over a leg of Friday is a rate at which nobody ever dealt.
TEST_F(TwoBanks, BothLegsAreOfOneDay) {
    EXPECT_EQ(mid("USD", "JPY"), "150 ECB 2026-04-10");
    EXPECT_EQ(mid("EUR", "JPY"), "180 ECB 2026-04-10");
}

TEST_F(TwoBanks, WhatNoSourceHasWholeGoesThroughABase) {
    EXPECT_EQ(mid("EUR", "AED"), "4.590625 ECB+desk 2026-04-13 via USD");
    EXPECT_EQ(mid("AED", "EUR"), "0.2178352621 desk+ECB 2026-04-13 via USD");
    // The older half says how old the rate is: yen of Friday to euros, euros of Monday to dirhams.
    EXPECT_EQ(mid("JPY", "AED"), "0.02448333333 ECB+desk 2026-04-10 via USD");
    EXPECT_EQ(mid("CHF", "EUR"), "not_found: no source has a rate for CHF/EUR");
}

TEST_F(TwoBanks, AStaleSourceGivesWayToTheNext) {
    // The ECB was due on the 14th. On the 18th that is four days ago, on the 19th five too many.
    EXPECT_EQ(mid("USD", "BRL", "2026-04-17"), "4.8 ECB 2026-04-13");
    EXPECT_EQ(mid("USD", "BRL", "2026-04-18"), "expired: the newest rates are of 2026-04-13");
    sources[1].tables = {table("desk", "USD", "2026-04-17", {{"AED", "3.6725"}, {"BRL", "5"}})};
    EXPECT_EQ(mid("USD", "BRL", "2026-04-18"), "5 desk 2026-04-17");
    EXPECT_EQ(mid("USD", "BRL", "2026-04-18", 5), "4.8 ECB 2026-04-13");
    EXPECT_EQ(mid("EUR", "AED", "2026-04-18"), "expired: the newest rates are of 2026-04-13");
}

TEST_F(TwoBanks, ASourceIsAskedForItsOwnCurrenciesAlone) {
    sources[1].priority = 1;
    sources[1].currencies = {currency("AED")};
    EXPECT_EQ(mid("USD", "BRL"), "4.8 ECB 2026-04-13");
    EXPECT_EQ(mid("USD", "AED"), "3.6725 desk 2026-04-13");
}

TEST_F(TwoBanks, ListsWhatCanBeQuotedInto) {
    const RateSnapshot snapshot = *RateSnapshot::make(sources);
    std::string codes;
    for (const ledger::Currency one : snapshot.quotable(currency("EUR"), {day("2026-04-14")}))
        codes += std::string(one.code()) + " ";
    EXPECT_EQ(codes, "AED BRL JPY USD ");
    EXPECT_TRUE(snapshot.quotable(currency("EUR"), {day("2026-05-14")}).empty());
    EXPECT_EQ(snapshot.day(), day("2026-04-13"));
    EXPECT_FALSE(snapshot.is_stale({day("2026-04-17")}));
    EXPECT_TRUE(snapshot.is_stale({day("2026-04-18")}));
}

TEST_F(TwoBanks, RefusesSourcesThatMakeNoSense) {
    EXPECT_FALSE(RateSnapshot::make({}));
    EXPECT_FALSE(RateSnapshot::make({SourceRates{.calendar = &ledger::target_calendar()}}));
    const auto why = [this] { return RateSnapshot::make(sources).error().detail(); };
    sources[0].calendar = nullptr;
    EXPECT_EQ(why(), "a source of rates has no calendar");
    sources[0].calendar = &ledger::target_calendar();
    std::swap(sources[0].tables[0], sources[0].tables[1]);
    EXPECT_EQ(why(), "a source of rates has its tables in another order");
    sources[0].tables[1] = table("ECB", "USD", "2026-04-09", {{"AED", "3.67"}});
    EXPECT_EQ(why(), "a source of rates has two bases");
    sources[0].tables[1] = table("desk", "EUR", "2026-04-09", {{"AED", "3.67"}});
    EXPECT_EQ(why(), "a source of rates has two publishers");
    sources[0] = sources[1];
    EXPECT_EQ(why(), "two sources of rates have one publisher");
}

struct AgeCase {
    std::string name;
    std::string rates;
    std::string today;
    std::string calendar;
    int age;
};

class RateAge : public testing::TestWithParam<AgeCase> {};

TEST_P(RateAge, CountsFromTheLastDayWithoutAnythingDue) {
    EXPECT_EQ(rate_age(day(GetParam().rates),
                       day(GetParam().today),
                       **ledger::find_calendar(GetParam().calendar)),
              days(GetParam().age));
}

INSTANTIATE_TEST_SUITE_P(
    Days,
    RateAge,
    testing::Values(AgeCase{"SameDay", "2026-04-13", "2026-04-13", "TARGET", 0},
                    AgeCase{"NextDay", "2026-04-13", "2026-04-14", "TARGET", 1},
                    AgeCase{"OverTheWeekend", "2026-04-10", "2026-04-12", "TARGET", 0},
                    AgeCase{"MondayAfter", "2026-04-10", "2026-04-13", "TARGET", 1},
                    AgeCase{"EasterMonday", "2026-04-02", "2026-04-06", "TARGET", 0},
                    AgeCase{"TuesdayAfterEaster", "2026-04-02", "2026-04-07", "TARGET", 1},
                    AgeCase{
                        "AMissedFridayCountsTheWeekend", "2026-04-09", "2026-04-13", "TARGET", 4},
                    AgeCase{"EasterOnAnotherCalendar", "2026-04-02", "2026-04-06", "FEDWIRE", 4},
                    AgeCase{"BeyondWhatIsKnown", "2026-12-31", "2027-01-03", "CN", 3},
                    AgeCase{"FromTheFuture", "2026-04-14", "2026-04-13", "TARGET", 0}),
    test::case_name<AgeCase>);

// With one source the snapshot gives what its table gives, to the digit.
TEST(RateSnapshot, OfOneTableIsThatTable) {
    const ReferenceTable newest = *newest_table(builtin_feed(), "ECB");
    const RateSnapshot snapshot = RateSnapshot::of(newest);
    EXPECT_EQ(snapshot.front(), newest);
    EXPECT_TRUE(rc::check("crosses", [&] {
        const auto any = [&newest] {
            const auto count = newest.rates().size();
            return newest.rates()[*rc::gen::inRange<std::size_t>(0, count)].currency;
        };
        const ledger::Currency from = any();
        const ledger::Currency to = any();
        const Result<MidRate> mid = snapshot.mid(from, to, {day("2026-04-14")});
        RC_ASSERT(mid.has_value());
        RC_ASSERT(mid->value == *newest.cross(from, to));
        RC_ASSERT(mid->publisher == "ECB");
    }));
}

// Going through a third currency costs at most the roundings it states: two halves and a product,
// each of ten digits.
TEST(RateSnapshot, ThroughABaseIsAsGoodAsDirect) {
    const ReferenceTable newest = *newest_table(builtin_feed(), "ECB");
    EXPECT_TRUE(rc::check("halves of two publishers", [&] {
        const auto count = newest.rates().size();
        const ReferenceRate& one = newest.rates()[*rc::gen::inRange<std::size_t>(0, count)];
        const ReferenceRate& two = newest.rates()[*rc::gen::inRange<std::size_t>(0, count)];
        RC_PRE(one.currency != two.currency);
        const Day of = newest.day();
        const RateSnapshot split = *RateSnapshot::make(
            {source(1, {*ReferenceTable::make("a", newest.base(), of, {one})}),
             source(2, {*ReferenceTable::make("b", newest.base(), of, {two})})});
        const Result<MidRate> mid = split.mid(one.currency, two.currency, {day("2026-04-14")});
        RC_ASSERT(mid.has_value());
        RC_ASSERT(mid->via == newest.base());
        // Relative error below 2 units of the tenth digit: |mid / direct - 1| <= 2e-9.
        const Decimal direct = *newest.cross(one.currency, two.currency);
        const Decimal ratio = *mid->value.divide(direct, 12);
        RC_ASSERT(ratio <= *Decimal::parse("1.000000002"));
        RC_ASSERT(ratio >= *Decimal::parse("0.999999998"));
    }));
}

RateSnapshot two_days(const char* older) {
    SourceRates ecb{.calendar = &ledger::target_calendar()};
    ecb.tables.push_back(*ReferenceTable::make(
        "ECB", day("2026-04-13"), {{currency("MXN"), *Decimal::parse("20.3")}}));
    ecb.tables.push_back(
        *ReferenceTable::make("ECB", day(older), {{currency("BRL"), *Decimal::parse("5.9")}}));
    return *RateSnapshot::make({ecb});
}

TEST(RateSnapshot, TwoDaysOfOnePublisherMakeNoRate) {
    const RateSnapshot snapshot = two_days("2026-04-10");
    const Freshness now{day("2026-04-14")};
    EXPECT_TRUE(snapshot.mid(currency("EUR"), currency("BRL"), now));
    EXPECT_EQ(snapshot.mid(currency("MXN"), currency("BRL"), now).error().code(),
              ErrorCode::not_found);
}

TEST(RateSnapshot, TheOlderOfTwoStaleLegsIsNamed) {
    const Result<MidRate> stale =
        two_days("2026-04-01").mid(currency("MXN"), currency("BRL"), {day("2026-06-01")});
    EXPECT_EQ(stale.error().detail(), "the newest rates are of 2026-04-01");
}

}  // namespace
}  // namespace causeway::fx
