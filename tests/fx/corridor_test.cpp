// SPDX-License-Identifier: Apache-2.0
#include "fx/corridor.h"

#include "tests/support/amounts.h"
#include "tests/support/case_name.h"

#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace causeway::fx {
namespace {

using ledger::Money;
using test::currency;

const Uuid kMerchant{.bytes = {1}};
const Uuid kOther{.bytes = {2}};

// Every kind of corridor for USD to EUR, the most specific first; the spread is the place.
std::vector<Corridor> all_kinds() {
    std::vector<Corridor> kinds;
    for (const bool with_source : {true, false}) {
        for (const bool with_target : {true, false}) {
            for (const bool with_merchant : {true, false}) {
                Corridor corridor{.spread_bps = static_cast<int>(kinds.size())};
                if (with_source) corridor.source = currency("USD");
                if (with_target) corridor.target = currency("EUR");
                if (with_merchant) corridor.merchant = kMerchant;
                kinds.push_back(corridor);
            }
        }
    }
    return kinds;
}

TEST(Corridors, TheMostSpecificThatFitsIsTaken) {
    std::vector<Corridor> kinds = all_kinds();
    EXPECT_EQ(Corridors::make({kinds.rbegin(), kinds.rend()})->all(), kinds);
    while (!kinds.empty()) {
        std::vector<Corridor> shuffled(kinds.rbegin(), kinds.rend());
        const Corridors corridors = *Corridors::make(shuffled);
        const Corridor* const found = corridors.find(kMerchant, currency("USD"), currency("EUR"));
        ASSERT_NE(found, nullptr);
        EXPECT_EQ(*found, kinds.front());
        kinds.erase(kinds.begin());
    }
}

TEST(Corridors, OnesForOthersDoNotFit) {
    const Corridors corridors =
        *Corridors::make({{.source = currency("USD"), .target = currency("EUR"), .spread_bps = 1},
                          {.source = currency("USD"), .merchant = kMerchant, .spread_bps = 2},
                          {.target = currency("JPY"), .spread_bps = 3}});
    const auto spread = [&corridors](const Uuid& merchant, const char* from, const char* to) {
        const Corridor* const found = corridors.find(merchant, currency(from), currency(to));
        return found == nullptr ? -1 : found->spread_bps;
    };
    EXPECT_EQ(spread(kOther, "USD", "EUR"), 1);
    EXPECT_EQ(spread(kMerchant, "USD", "GBP"), 2);
    EXPECT_EQ(spread(kMerchant, "USD", "JPY"), 2);
    EXPECT_EQ(spread(kOther, "USD", "JPY"), 3);
    // One way is not the other: terms for a way that nobody named would be a guess.
    EXPECT_EQ(spread(kMerchant, "EUR", "USD"), -1);
    EXPECT_EQ(spread(kOther, "USD", "GBP"), -1);
}

TEST(Corridors, OneForEverybody) {
    const Corridors corridors = Corridors::uniform(80, std::chrono::days{7});
    const Corridor* const found = corridors.find(kOther, currency("BRL"), currency("CNY"));
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->spread_bps, 80);
    EXPECT_EQ(found->rate_age_max, std::chrono::days{7});
    EXPECT_EQ(found->rounding, RoundingSide::favour_operator);
    EXPECT_EQ(Corridor{}.rate_age_max, std::chrono::days{4});
    EXPECT_THROW((void)Corridors::uniform(10'000), std::invalid_argument);
}

struct FaultCase {
    std::string name;
    std::function<void(Corridor&)> change;
    std::string detail;
};

class CorridorFault : public testing::TestWithParam<FaultCase> {};

TEST_P(CorridorFault, IsNamedWithItsCorridor) {
    Corridor corridor{.source = currency("USD"), .target = currency("BRL")};
    GetParam().change(corridor);
    const Result<Corridors> made = Corridors::make({{}, corridor});
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code(), ErrorCode::invalid_argument);
    EXPECT_EQ(made.error().detail(), GetParam().detail);
}

INSTANTIATE_TEST_SUITE_P(
    Terms,
    CorridorFault,
    testing::Values(
        FaultCase{"SameCurrency",
                  [](Corridor& c) { c.target = c.source; },
                  "corridor USD/USD: both currencies are the same"},
        FaultCase{"NegativeSpread",
                  [](Corridor& c) { c.spread_bps = -1; },
                  "corridor USD/BRL: the spread is 0 to 9999 basis points"},
        FaultCase{"WholeSpread",
                  [](Corridor& c) { c.spread_bps = 10'000; },
                  "corridor USD/BRL: the spread is 0 to 9999 basis points"},
        FaultCase{"NegativeFee",
                  [](Corridor& c) { c.fixed_fee = test::usd(-1); },
                  "corridor USD/BRL: the fixed fee is negative"},
        FaultCase{"ForeignFee",
                  [](Corridor& c) { c.fixed_fee = test::eur(1); },
                  "corridor USD/BRL: the fixed fee is in neither of the currencies named"},
        FaultCase{"FeeOfAnyPair",
                  [](Corridor& c) {
                      c.target.reset();
                      c.fixed_fee = Money(1, currency("BRL"));
                  },
                  "corridor USD/any: the fixed fee is in neither of the currencies named"},
        FaultCase{"LimitsOfAnySource",
                  [](Corridor& c) {
                      c.source.reset();
                      c.source_max = 1;
                  },
                  "corridor any/BRL: limits need a source currency"},
        FaultCase{"ZeroMinimum",
                  [](Corridor& c) { c.source_min = 0; },
                  "corridor USD/BRL: the smallest amount is at least 1"},
        FaultCase{"CrossedLimits",
                  [](Corridor& c) {
                      c.source_min = 2;
                      c.source_max = 1;
                  },
                  "corridor USD/BRL: the largest amount is less than the smallest"},
        FaultCase{"NegativeAge",
                  [](Corridor& c) { c.rate_age_max = std::chrono::days{-1}; },
                  "corridor USD/BRL: the age of rates is negative"},
        FaultCase{"TooShort",
                  [](Corridor& c) { c.valid_min = std::chrono::seconds{29}; },
                  "corridor USD/BRL: quotes are valid for 30 seconds to 24 hours"},
        FaultCase{"TooLong",
                  [](Corridor& c) { c.valid_max = std::chrono::seconds{86'401}; },
                  "corridor USD/BRL: quotes are valid for 30 seconds to 24 hours"},
        FaultCase{"CrossedValidity",
                  [](Corridor& c) {
                      c.valid_min = std::chrono::seconds{61};
                      c.valid_max = std::chrono::seconds{60};
                  },
                  "corridor USD/BRL: quotes are valid for 30 seconds to 24 hours"},
        FaultCase{"Twice",
                  [](Corridor& c) {
                      c.source.reset();
                      c.target.reset();
                      c.spread_bps = 5;
                  },
                  "corridor any/any: it is there twice"}),
    test::case_name<FaultCase>);

TEST(CorridorNames, ComeBack) {
    for (const RoundingSide side : {RoundingSide::nearest,
                                    RoundingSide::favour_buyer,
                                    RoundingSide::favour_merchant,
                                    RoundingSide::favour_operator})
        EXPECT_EQ(*parse_rounding_side(to_string(side)), side);
    for (const Bearer bearer : {Bearer::merchant, Bearer::buyer})
        EXPECT_EQ(*parse_bearer(to_string(bearer)), bearer);
    EXPECT_EQ(parse_rounding_side("up").error().code(), ErrorCode::not_found);
    EXPECT_EQ(parse_bearer("operator").error().code(), ErrorCode::not_found);
}

}  // namespace
}  // namespace causeway::fx
