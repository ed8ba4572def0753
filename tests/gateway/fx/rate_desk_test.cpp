// SPDX-License-Identifier: Apache-2.0
#include "gateway/fx/rate_desk.h"

#include "fx/builtin_rates.h"
#include "tests/support/rate_house.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace causeway::gateway {
namespace {

using test::currency;
using test::dollar_source;
using test::RateHouse;
using test::reais;

Day day(std::string_view text) {
    return *parse_day(text);
}

class RateDesk : public testing::Test {
  protected:
    std::string mid(std::string_view source, std::string_view target, Day on, int age_max = 4) {
        const Result<fx::MidRate> found =
            house.book.snapshot()->mid(currency(source),
                                       currency(target),
                                       {.today = on, .age_max = std::chrono::days(age_max)});
        if (!found) return std::string(found.error().detail());
        return found->value.to_string() + " " + found->publishers();
    }
    Result<fx::ReferenceTable> reference(std::string_view on, std::string_view base = {}) {
        return house.read<fx::ReferenceTable>([&](ledger::Transaction& tx) {
            return reference_rates(
                tx, sources, day(on), base.empty() ? std::nullopt : std::optional(currency(base)));
        });
    }

    RateHouse house;
    std::vector<fx::RateSource> sources{dollar_source("second", 20), dollar_source("first", 10)};
};

TEST_F(RateDesk, NamesTheSourcesThereAre) {
    EXPECT_EQ((*find_source(sources, "second"))->name(), "second");
    EXPECT_EQ((*find_source(sources, ""))->name(), "first") << "the smallest priority";
    const auto none = find_source(sources, "third");
    ASSERT_FALSE(none);
    EXPECT_NE(none.error().detail().find("second, first"), std::string::npos);
}

TEST_F(RateDesk, TakesAFileWholeOrNotAtAll) {
    const Result<RatesTaken> taken = house.take(sources[0], reais("2026-04-13", "5.0"));
    ASSERT_TRUE(taken) << taken.error().detail();
    EXPECT_EQ(taken->outcome.inserted, 1);
    const std::string bad =
        R"({"base":"USD","date":"2026-04-14","rates":{"MXN":"17.1","EUR":"-1"}})";
    EXPECT_FALSE(house.take(sources[0], bad));
    house.load(sources);
    EXPECT_EQ(mid("USD", "BRL", house.today()), "5 second");
    EXPECT_FALSE(house.book.mid_rate(currency("USD"), currency("MXN")));
}

TEST_F(RateDesk, AsksTheFirstSourceAndTheNextWhenItIsStale) {
    ASSERT_TRUE(house.take(sources[0], reais("2026-04-13", "5.2")));
    ASSERT_TRUE(house.take(sources[1], reais("2026-04-13", "5.1")));
    house.load(sources);
    EXPECT_EQ(mid("USD", "BRL", house.today()), "5.1 first");
    house.clock.advance(std::chrono::hours(24 * 20));
    ASSERT_TRUE(house.take(sources[0], reais("2026-05-04", "5.3")));
    house.load(sources);
    EXPECT_EQ(mid("USD", "BRL", house.today()), "5.3 second");
    EXPECT_EQ(mid("USD", "BRL", house.today(), 365), "5.1 first");
}

TEST_F(RateDesk, ARateThatLeapsIsNotLoaded) {
    ASSERT_TRUE(house.take(sources[0], reais("2026-04-13", "5.0")));
    const Result<RatesTaken> leapt = house.take(sources[0], reais("2026-04-14", "6.0"));
    ASSERT_TRUE(leapt) << leapt.error().detail();
    EXPECT_EQ(leapt->outcome.held, 1);
    house.load(sources);
    EXPECT_EQ(mid("USD", "BRL", house.today()), "5 second");
}

TEST_F(RateDesk, KnowsTheReferenceRatesOfADayAndAnyBase) {
    ASSERT_TRUE(house.take(sources[0], reais("2026-04-10", "5.2")));
    ASSERT_TRUE(house.take(sources[1], reais("2026-04-13", "5.1")));
    EXPECT_EQ(reference("2026-04-14")->publisher(), "first");
    // Before the first source has any, the next one.
    EXPECT_EQ(reference("2026-04-12", "BRL")->publisher(), "second");
    EXPECT_EQ(reference("2026-04-12")->day(), day("2026-04-10"));
    EXPECT_EQ(reference("2026-04-09").error().code(), ErrorCode::not_found);
    EXPECT_EQ(reference("2026-04-14", "JPY").error().code(), ErrorCode::not_found);
}

TEST_F(RateDesk, StandsOnTheBuiltInRatesUntilTheBankIsImported) {
    sources = {fx::ecb_source()};
    house.load(sources_of(nullptr));
    ASSERT_NE(house.book.snapshot(), nullptr);
    EXPECT_EQ(house.book.snapshot()->front().publisher(), "ECB");
    EXPECT_EQ(reference("2026-04-14", "JPY")->publisher(), "ECB");
    EXPECT_EQ(reference("1998-01-01").error().code(), ErrorCode::not_found);
}

TEST_F(RateDesk, SaysHowOldRatesAreAndWhichSourceHasNone) {
    FxSettings settings;
    settings.sources = sources;
    EXPECT_EQ(rates_report(house.book, settings, house.today()),
              "rates: none (too old to quote by)\n");
    ASSERT_TRUE(house.take(sources[1], reais("2026-04-13", "5.1")));
    house.load(sources);
    const std::string none = "rates: second none (too old to quote by)\n";
    EXPECT_EQ(rates_report(house.book, settings, house.today()),
              "rates: first 2026-04-13\n" + none);
    EXPECT_EQ(rates_report(house.book, settings, day("2026-04-24")),
              "rates: first 2026-04-13 (too old to quote by)\n" + none);
}

TEST_F(RateDesk, MeasuresHowLongRatesAreOverdue) {
    FxSettings settings;
    settings.sources = sources;
    const MetricCollector collector = freshness_metrics(house.book, settings, house.clock);
    EXPECT_NE(house.scrape(collector).find("causeway_fx_rates_stale{source=\"first\"} 1\n"),
              std::string::npos)
        << "there are no rates at all";
    ASSERT_TRUE(house.take(sources[1], reais("2026-04-13", "5.1")));
    house.load(sources);
    const std::string fresh = house.scrape(collector);
    EXPECT_NE(fresh.find("causeway_fx_rates_stale{source=\"second\"} 1\n"), std::string::npos)
        << "nothing ever came: " << fresh;
    EXPECT_NE(fresh.find("causeway_fx_rates_stale{source=\"first\"} 0\n"), std::string::npos)
        << fresh;
    house.clock.advance(std::chrono::hours(24 * 10));
    const std::string stale = house.scrape(collector);
    EXPECT_NE(stale.find("causeway_fx_rates_stale{source=\"first\"} 1\n"), std::string::npos);
    // Due again on Tuesday, the 14th; today is the 24th.
    EXPECT_NE(stale.find("causeway_fx_rates_overdue_seconds{source=\"first\"} 950400\n"),
              std::string::npos)
        << stale;
}

}  // namespace
}  // namespace causeway::gateway
