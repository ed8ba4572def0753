// SPDX-License-Identifier: Apache-2.0
#include "gateway/fx/revaluation.h"

#include "gateway/fx/revaluer.h"
#include "ledger/journal/history.h"
#include "tests/support/fx_books.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <thread>

namespace causeway::gateway {
namespace {

using ledger::Purpose;
using test::FxBooks;

const Day kMonday = *parse_day("2026-04-13");
const Day kTuesday = *parse_day("2026-04-14");
constexpr std::chrono::days kOneDay{1};

class RevaluationTest : public testing::TestWithParam<test::Engine> {};
CAUSEWAY_ON_EACH_ENGINE(RevaluationTest);

// 100.00 USD held for 85.59 EUR. At 1.16 dollars for a euro they are worth 86.21: 0.62 more.
void hold_dollars(FxBooks& books) {
    books.clock.set(Timestamp(kMonday) + std::chrono::hours(12));
    books.pay(10'000, 8'559, 68);
    books.dollars_per_euro("2026-04-13", "1.16");
    books.clock.set(Timestamp(kTuesday) + std::chrono::hours(1));
}

std::int64_t unrealised_at(FxBooks& books, Timestamp moment) {
    const ledger::AccountKey account{.owner = "test/USD/EUR",
                                     .purpose = Purpose::fx_unrealised,
                                     .currency = test::currency("EUR")};
    const ledger::History history(books.context.database, books.context.journal);
    return -history.balance_at(account, moment, ledger::HistoryClock::effective)->net();
}

TEST_P(RevaluationTest, BooksTheDayAtItsEndAndTakesItBackTheNextDay) {
    FxBooks books(GetParam());
    hold_dollars(books);
    const auto first = revalue(books.desk(), kMonday);
    ASSERT_TRUE(first) << first.error().detail();
    ASSERT_EQ(first->size(), 1U);
    EXPECT_EQ(first->front().outcome, Revalued::booked);
    EXPECT_EQ(first->front().booked->unrealised, 62);
    EXPECT_EQ(books.position().unrealised, 62);
    EXPECT_EQ(unrealised_at(books, end_of(kMonday) - std::chrono::microseconds(1)), 0);
    EXPECT_EQ(unrealised_at(books, end_of(kMonday)), 62);

    // What comes on Tuesday is not Monday's.
    books.dollars_per_euro("2026-04-14", "1.18");
    books.clock.set(Timestamp(kTuesday + kOneDay) + std::chrono::hours(1));
    const auto second = revalue(books.desk(), kTuesday);
    ASSERT_TRUE(second) << second.error().detail();
    EXPECT_EQ(second->front().reversed, 62);
    EXPECT_EQ(second->front().booked->unrealised, 8'475 - 8'559);
    EXPECT_EQ(books.position().unrealised, -84);
    EXPECT_EQ(unrealised_at(books, end_of(kMonday)), 62);
    EXPECT_EQ(unrealised_at(books, Timestamp(kTuesday)), 0);
    EXPECT_EQ(books.net(Purpose::fx_revaluation, "EUR"), -84);
    EXPECT_EQ(books.position().cost, 8'559);
    EXPECT_TRUE(books.verifies());
}

TEST_P(RevaluationTest, IsDoneOnce) {
    FxBooks books(GetParam());
    hold_dollars(books);
    ASSERT_TRUE(revalue(books.desk(), kMonday));
    const std::string before = books.dump();
    const auto again = revalue(books.desk(), kMonday);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->front().outcome, Revalued::known_before);
    const auto earlier = revalue(books.desk(), kMonday - kOneDay);
    ASSERT_TRUE(earlier);
    EXPECT_EQ(books.dump(), before);
}

// The payments after midnight are the next day's.
TEST_P(RevaluationTest, TakesThePositionAsItWasAtTheDaysEnd) {
    FxBooks books(GetParam());
    hold_dollars(books);
    books.pay(1'000'000, 900'000, 0);
    const auto done = revalue(books.desk(), kMonday);
    ASSERT_TRUE(done);
    EXPECT_EQ(done->front().booked->open, 10'000);
    EXPECT_EQ(done->front().booked->unrealised, 62);
}

TEST_P(RevaluationTest, WithoutAFreshRateOnlyTakesBackWhatStood) {
    FxBooks books(GetParam());
    hold_dollars(books);
    ASSERT_TRUE(revalue(books.desk(), kMonday));
    const Day later = kMonday + std::chrono::days(20);
    books.clock.set(Timestamp(later + kOneDay) + std::chrono::hours(1));
    const auto done = revalue(books.desk(), later);
    ASSERT_TRUE(done);
    EXPECT_EQ(done->front().outcome, Revalued::no_rate);
    EXPECT_EQ(done->front().reversed, 62);
    EXPECT_EQ(books.position().unrealised, 0);
    EXPECT_EQ(books.run(fx_revalue).exit_code, kExitFound);
    EXPECT_NE(books.run(fx_positions).out.find("  -"), std::string::npos);

    books.dollars_per_euro(to_text(later), "1.16");
    EXPECT_EQ(revalue(books.desk(), later)->front().outcome, Revalued::booked);
    EXPECT_EQ(books.position().unrealised, 62);
}

TEST_P(RevaluationTest, RefusesADayThatHasNotEnded) {
    FxBooks books(GetParam());
    hold_dollars(books);
    EXPECT_EQ(revalue(books.desk(), kTuesday).error().code(), ErrorCode::invalid_argument);
    EXPECT_EQ(books.run(fx_revalue, {{"date", "2026-04-14"}}).exit_code, kExitUsage);
}

TEST_P(RevaluationTest, RealisesWhatRefundsLeftWithNothingOpen) {
    FxBooks books(GetParam());
    hold_dollars(books);
    books.pay(10'000, 8'500, 0, -1);
    ASSERT_EQ(books.position().cost, 59);
    ASSERT_TRUE(revalue(books.desk(), kMonday));
    EXPECT_EQ(books.position().cost, 0);
    EXPECT_EQ(books.position().realised, -59);
    EXPECT_TRUE(books.verifies());
}

TEST_P(RevaluationTest, IsDoneOnceBySeveralGatewaysAtTheSameMoment) {
    if (GetParam() != test::Engine::postgres) GTEST_SKIP() << "a file has one owner";
    FxBooks books(GetParam());
    hold_dollars(books);
    auto opened = ledger::Database::open(books.url(), schema());
    ASSERT_TRUE(opened) << opened.error().detail();
    ledger::Journal journal(**opened);
    RevaluationDesk other = books.desk();
    const RevaluationDesk theirs{.database = **opened,
                                 .journal = journal,
                                 .clock = other.clock,
                                 .ids = other.ids,
                                 .settings = nullptr};
    for (Day day = kMonday; day < kMonday + std::chrono::days(4); day += kOneDay) {
        books.clock.set(Timestamp(day + kOneDay) + std::chrono::hours(1));
        Result<std::vector<PairRevalued>> second = std::vector<PairRevalued>();
        std::jthread rival([&] { second = revalue(theirs, day); });
        const Result<std::vector<PairRevalued>> first = revalue(other, day);
        rival.join();
        ASSERT_TRUE(first) << first.error().detail();
        ASSERT_TRUE(second) << second.error().detail();
        EXPECT_NE(first->front().outcome == Revalued::booked,
                  second->front().outcome == Revalued::booked);
    }
    EXPECT_EQ(books.number("SELECT COUNT(*) FROM fx_revaluations"), 4);
    EXPECT_EQ(books.position().unrealised, 62);
    EXPECT_TRUE(books.verifies());
}

int rounds(Revaluer& revaluer, boost::asio::io_context& io) {
    std::optional<int> booked;
    boost::asio::co_spawn(
        io, revaluer.round(), [&booked](const std::exception_ptr& bug, int count) {
            if (!bug) booked = count;
        });
    io.restart();
    io.run();
    return booked.value_or(-1);
}

TEST_P(RevaluationTest, IsMadeByTheClockOnceADay) {
    FxBooks books(GetParam());
    hold_dollars(books);
    boost::asio::io_context io;
    Revaluer revaluer(io.get_executor(), io.get_executor(), books.desk());
    Revaluer another(io.get_executor(), io.get_executor(), books.desk());
    // What happened before midnight may still be on its way.
    books.clock.set(Timestamp(kTuesday) + std::chrono::minutes(14));
    EXPECT_EQ(rounds(revaluer, io), 0);
    books.clock.set(Timestamp(kTuesday) + std::chrono::minutes(15));
    EXPECT_EQ(rounds(revaluer, io), 1);
    EXPECT_EQ(rounds(another, io), 0);
    EXPECT_EQ(rounds(revaluer, io), 0);
    EXPECT_EQ(books.position().unrealised, 62);
    books.clock.advance(kOneDay);
    EXPECT_EQ(rounds(another, io), 1);
    EXPECT_EQ(books.number("SELECT COUNT(*) FROM fx_revaluations"), 2);
}

}  // namespace
}  // namespace causeway::gateway
