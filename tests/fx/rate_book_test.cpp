// SPDX-License-Identifier: Apache-2.0
#include "fx/rate_book.h"

#include "fx/builtin_rates.h"
#include "tests/support/amounts.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace causeway::fx {
namespace {

using test::currency;

Day day(std::string_view text) {
    return *parse_day(text);
}

ReferenceTable table(std::string_view date, std::int64_t dollars, std::int64_t yen) {
    return *ReferenceTable::make("ECB",
                                 day(date),
                                 {{currency("USD"), *Decimal::from_parts(dollars, 0)},
                                  {currency("JPY"), *Decimal::from_parts(yen, 0)}});
}

TEST(RateBook, IsEmptyUntilSomebodyPublishes) {
    const RateBook book;
    EXPECT_EQ(book.snapshot(), nullptr);
    EXPECT_TRUE(book.stale(day("2026-04-13"), std::chrono::days(4)));
    EXPECT_EQ(book.mid_rate(currency("EUR"), currency("USD")).error().code(),
              ErrorCode::unavailable);
}

TEST(RateBook, DoesNotTurnBackForAnOldTable) {
    RateBook book;
    EXPECT_TRUE(book.publish(table("2026-04-13", 2, 200)));
    EXPECT_FALSE(book.publish(table("2026-04-10", 3, 300)));
    EXPECT_EQ(book.mid_rate(currency("EUR"), currency("USD"))->to_string(), "2");
    EXPECT_TRUE(book.publish(table("2026-04-13", 4, 400)));
    EXPECT_EQ(book.mid_rate(currency("EUR"), currency("USD"))->to_string(), "4");
    // Whoever builds a whole snapshot knows better.
    book.publish(RateSnapshot::of(table("2026-04-10", 3, 300)));
    EXPECT_EQ(book.mid_rate(currency("EUR"), currency("USD"))->to_string(), "3");
}

TEST(RateBook, IsStaleByTheCalendarOfItsSource) {
    RateBook book;
    book.publish(table("2026-04-02", 2, 200));  // Thursday before Easter
    EXPECT_FALSE(book.stale(day("2026-04-10"), std::chrono::days(4)));
    EXPECT_TRUE(book.stale(day("2026-04-11"), std::chrono::days(4)));
}

TEST(RateBook, ASnapshotOutlivesWhatReplacesIt) {
    RateBook book;
    book.publish(table("2026-04-13", 2, 200));
    const auto held = book.snapshot();
    for (std::int64_t rate = 3; rate < 10; ++rate)
        book.publish(table("2026-04-13", rate, 100 * rate));
    EXPECT_EQ(held->mid(currency("EUR"), currency("USD"))->value.to_string(), "2");
}

// Half an old table and half a new one would be a rate of no day at all.
TEST(RateBook, ReadersSeeWholeTablesWhileTheyChange) {
    RateBook book;
    book.publish(table("2026-04-13", 1, 100));
    std::atomic<bool> over = false;
    std::vector<std::thread> publishers;
    for (int i = 0; i < 2; ++i) {
        publishers.emplace_back([&book, &over] {
            for (std::int64_t rate = 1; !over; rate = rate % 1'000 + 1)
                book.publish(table("2026-04-13", rate, 100 * rate));
        });
    }
    std::atomic<int> wrong = 0;
    std::vector<std::thread> readers;
    for (int i = 0; i < 4; ++i) {
        readers.emplace_back([&book, &wrong] {
            for (int turn = 0; turn < 2'000; ++turn) {
                const auto rate = book.mid_rate(currency("USD"), currency("JPY"));
                if (!rate || rate->to_string() != "100") ++wrong;
            }
        });
    }
    for (std::thread& reader : readers)
        reader.join();
    over = true;
    for (std::thread& publisher : publishers)
        publisher.join();
    EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace causeway::fx
