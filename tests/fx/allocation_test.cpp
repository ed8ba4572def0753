// SPDX-License-Identifier: Apache-2.0
//
// Quoting is on the path of every payment in two currencies: it takes no memory from the heap.
// This file replaces operator new for the whole test program in order to count.
#include "fx/builtin_rates.h"
#include "fx/quote.h"
#include "tests/support/amounts.h"
#include "tests/support/books.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdlib>
#include <new>
#include <string>

namespace {
thread_local std::size_t allocations = 0;
}

void* operator new(std::size_t size) {
    ++allocations;
    if (void* const memory = std::malloc(size)) return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

namespace causeway::fx {
namespace {

using test::currency;

TEST(Allocation, LookingUpAndQuotingTakeNoMemory) {
    RateBook rates;
    rates.publish(*newest_table(builtin_feed(), std::string(kEcb)));
    test::Ids ids;
    const Corridors corridors = *Corridors::make(
        {{.spread_bps = 80},
         {.source = currency("USD"), .target = currency("JPY"), .fixed_fee = test::jpy(30)}});
    const QuoteSources from{
        .rates = rates, .clock = ids.clock, .ids = ids.source, .corridors = corridors};
    const QuoteRequest request{.merchant = {},
                               .source = currency("USD"),
                               .target = currency("JPY"),
                               .source_amount = 9710};
    const std::size_t before = allocations;
    const Result<Decimal> rate = rates.mid_rate(request.source, request.target);
    const std::size_t after_rate = allocations;
    const Result<Quote> quote = make_quote(request, from);
    const std::size_t after_quote = allocations;
    ASSERT_TRUE(rate);
    ASSERT_TRUE(quote);
    EXPECT_EQ(after_rate - before, 0U);
    EXPECT_EQ(after_quote - after_rate, 0U);
}

// With several sources the choice between them takes none either, nor does the way through a base.
TEST(Allocation, ChoosingBetweenSourcesTakesNoMemory) {
    const Day day = newest_table(builtin_feed(), std::string(kEcb))->day();
    SourceRates ecb{.priority = 1, .calendar = &ledger::target_calendar()};
    ecb.tables.push_back(*newest_table(builtin_feed(), std::string(kEcb)));
    SourceRates desk{.priority = 2, .calendar = &ledger::weekend_calendar()};
    desk.tables.push_back(*ReferenceTable::make(
        "desk", currency("USD"), day, {{currency("AED"), *Decimal::parse("3.6725")}}));
    const RateSnapshot snapshot = *RateSnapshot::make({ecb, desk});
    const Freshness freshness{.today = day};
    const std::size_t before = allocations;
    const Result<MidRate> direct = snapshot.mid(currency("USD"), currency("JPY"), freshness);
    const Result<MidRate> through = snapshot.mid(currency("JPY"), currency("AED"), freshness);
    const std::size_t after = allocations;
    ASSERT_TRUE(direct);
    ASSERT_TRUE(through);
    EXPECT_TRUE(through->via);
    EXPECT_EQ(after - before, 0U);
}

}  // namespace
}  // namespace causeway::fx
