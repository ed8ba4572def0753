// SPDX-License-Identifier: Apache-2.0
#include "gateway/fx/revaluation.h"

#include "gateway/fx/hedge.h"
#include "gateway/fx/missed_days.h"
#include "gateway/fx/revaluer.h"
#include "ledger/journal/history.h"
#include "tests/support/fx_books.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <limits>
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
    const Day later = kMonday + std::chrono::days(21);
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

TEST_P(RevaluationTest, APairThatFailsLeavesTheOthersTheirs) {
    FxBooks books(GetParam());
    hold_dollars(books);
    // So many euros that their worth in dollars does not fit.
    const TradeOrder order{
        .pair = {.base = test::currency("EUR"),
                 .counter = test::currency("USD"),
                 .livemode = false},
        .trade = {.base = std::numeric_limits<std::int64_t>::max() / 8 * 7, .counter = 1},
        .deal = "EVERYTHING",
        .reason = "test",
        .by = "test"};
    books.write([&](ledger::Transaction& body) -> Result<void> {
        const Result<TradeOutcome> booked = book_trade(body,
                                                       books.context.journal,
                                                       books.ids,
                                                       order,
                                                       Timestamp(kMonday) + std::chrono::hours(13));
        if (!booked) return booked.error();
        return {};
    });
    const auto done = revalue(books.desk(), kMonday);
    ASSERT_TRUE(done) << done.error().detail();
    ASSERT_EQ(done->size(), 2U);
    EXPECT_EQ(done->front().outcome, Revalued::failed);
    EXPECT_EQ(done->front().pair, order.pair);
    EXPECT_FALSE(done->front().why.empty());
    EXPECT_EQ(done->back().outcome, Revalued::booked);
}

TEST_P(RevaluationTest, IsDoneAgainByACorrectedRate) {
    FxBooks books(GetParam());
    hold_dollars(books);
    ASSERT_TRUE(revalue(books.desk(), kMonday));
    books.dollars_per_euro("2026-04-13", "1.18", true);
    const auto again = [&books](Day day) {
        const auto done = revalue_again(books.desk(), day, {.reason = "a slip", .by = "me"});
        EXPECT_TRUE(done);
        return done->front();
    };
    const PairRevalued standing = again(kMonday);
    EXPECT_EQ(standing.outcome, Revalued::booked);
    EXPECT_EQ(standing.reversed, 62);
    EXPECT_EQ(standing.booked->unrealised, -84);
    EXPECT_EQ(books.position().unrealised, -84);
    EXPECT_EQ(unrealised_at(books, end_of(kMonday)), -84);
    const std::string before = books.dump();
    EXPECT_EQ(again(kMonday).outcome, Revalued::known_before);
    EXPECT_EQ(books.run(fx_revalue, {{"again", "true"}, {"reason", "x"}}).exit_code, kExitUsage);
    EXPECT_EQ(books.run(fx_revalue, {{"again", "true"}, {"date", "2026-04-13"}}).exit_code,
              kExitUsage);
    EXPECT_EQ(
        books.run(fx_revalue, {{"again", "true"}, {"date", "2026-04-13"}, {"reason", "once more"}})
            .out,
        "test/USD/EUR: done before, nothing changed\n");
    EXPECT_EQ(books.dump(), before);

    // Monday was taken back on Tuesday: that is corrected with it.
    books.clock.advance(kOneDay);
    EXPECT_EQ(revalue(books.desk(), kTuesday)->front().booked->unrealised, -84);
    books.dollars_per_euro("2026-04-14", "1.18");
    books.dollars_per_euro("2026-04-13", "1.20", true);
    EXPECT_EQ(again(kMonday).booked->unrealised, 8'333 - 8'559);
    EXPECT_EQ(unrealised_at(books, end_of(kMonday)), 8'333 - 8'559);
    EXPECT_EQ(unrealised_at(books, Timestamp(kTuesday)), 0);
    EXPECT_EQ(books.position().unrealised, -84) << "Tuesday's is its own";
    EXPECT_EQ(books.net(Purpose::fx_revaluation, "EUR"), -84);
    EXPECT_EQ(books.number("SELECT COUNT(*) FROM fx_revaluations"), 2);
    EXPECT_EQ(books.number("SELECT COUNT(*) FROM fx_revaluations_undone WHERE reason = 'a slip'"),
              2);
    EXPECT_TRUE(books.verifies());
}

TEST_P(RevaluationTest, WhatStandsIsReversedThoughNothingFollows) {
    FxBooks books(GetParam());
    hold_dollars(books);
    ASSERT_TRUE(revalue(books.desk(), kMonday));
    EXPECT_TRUE(reverse_due(books.desk(), kMonday)->empty()) << "Tuesday's may be on its way";
    FxSettings settings;
    settings.revalue = false;
    RevaluationDesk desk = books.desk();
    const RevaluationDesk idle{.database = desk.database,
                               .journal = desk.journal,
                               .clock = desk.clock,
                               .ids = desk.ids,
                               .settings = &settings};
    books.clock.advance(kOneDay);
    boost::asio::io_context io;
    Revaluer revaluer(io.get_executor(), io.get_executor(), idle);
    EXPECT_EQ(rounds(revaluer, io), 0);
    EXPECT_EQ(books.position().unrealised, 0);
    EXPECT_EQ(unrealised_at(books, end_of(kMonday)), 62);
    EXPECT_EQ(unrealised_at(books, Timestamp(kTuesday)), 0);
    EXPECT_EQ(books.number("SELECT COUNT(*) FROM fx_revaluations"), 1);
    EXPECT_TRUE(reverse_due(books.desk(), kTuesday)->empty());
    EXPECT_TRUE(books.verifies());
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

// From Tuesday to Thursday nobody was there.
TEST_P(RevaluationTest, MissedDaysAreMadeUpForWithTheirOwnRates) {
    FxBooks books(GetParam());
    hold_dollars(books);
    ASSERT_TRUE(revalue(books.desk(), kMonday));
    books.clock.set(Timestamp(kMonday + std::chrono::days(4)) + std::chrono::hours(1));
    books.dollars_per_euro("2026-04-14", "1.18");
    books.dollars_per_euro("2026-04-15", "1.20");
    books.dollars_per_euro("2026-04-16", "1.16");
    boost::asio::io_context io;
    Revaluer revaluer(io.get_executor(), io.get_executor(), books.desk());
    EXPECT_EQ(rounds(revaluer, io), 3);
    const std::vector<std::int64_t> made{62, 8'475 - 8'559, 8'333 - 8'559, 62};
    for (int i = 0; i < 4; ++i) {
        const Day day = kMonday + std::chrono::days(i);
        EXPECT_EQ(unrealised_at(books, end_of(day)), made[static_cast<std::size_t>(i)]) << i;
        if (i == 3) break;
        EXPECT_EQ(unrealised_at(books, Timestamp(day + kOneDay)), 0) << i;
    }
    const std::string before = books.dump();
    Revaluer another(io.get_executor(), io.get_executor(), books.desk());
    EXPECT_EQ(rounds(another, io), 0);
    EXPECT_EQ(books.run(fx_revalue).exit_code, kExitOk);
    EXPECT_EQ(books.dump(), before);
    EXPECT_TRUE(books.verifies());
}

TEST_P(RevaluationTest, TheCommandMakesUpForMissedDaysToo) {
    FxBooks books(GetParam());
    hold_dollars(books);
    ASSERT_TRUE(revalue(books.desk(), kMonday));
    books.clock.set(Timestamp(kMonday + std::chrono::days(3)) + std::chrono::hours(1));
    EXPECT_EQ(books.run(fx_revalue).out,
              "2026-04-14 test/USD/EUR: EUR 0.62 unrealised at 0.8620689655 of 2026-04-13, "
              "EUR 0.62 of before reversed\n"
              "2026-04-15 test/USD/EUR: EUR 0.62 unrealised at 0.8620689655 of 2026-04-13, "
              "EUR 0.62 of before reversed\n");
}

TEST_P(RevaluationTest, DaysTooLongAgoAreNamedAndLeftOut) {
    FxBooks books(GetParam());
    hold_dollars(books);
    ASSERT_TRUE(revalue(books.desk(), kMonday));
    const Day until = kMonday + std::chrono::days(40);
    books.clock.set(Timestamp(until + kOneDay) + std::chrono::hours(1));
    const Result<MissedDays> missed = missed_days(books.desk(), until);
    ASSERT_TRUE(missed);
    EXPECT_EQ(missed->days.size(), 31U);
    EXPECT_EQ(missed->days.back(), until);
    ASSERT_EQ(missed->forgone.size(), 1U);
    EXPECT_EQ(forgone_text(missed->forgone.front()),
              "2026-04-14 to 2026-04-22 of test/USD/EUR are too long ago");
    EXPECT_EQ(books.run(fx_revalue).err,
              "causeway: not revalued: 2026-04-14 to 2026-04-22 of test/USD/EUR are too long "
              "ago\n");
    EXPECT_EQ(books.position().unrealised, 0) << "what stood of Monday is reversed all the same";
}

// Rates may be on their way when the gateway starts.
TEST_P(RevaluationTest, AMissedDayWithoutRatesHoldsTheOthersUpOnce) {
    FxBooks books(GetParam());
    hold_dollars(books);
    ASSERT_TRUE(revalue(books.desk(), kMonday));
    books.clock.set(Timestamp(kMonday + std::chrono::days(12)) + std::chrono::hours(1));
    books.dollars_per_euro("2026-04-24", "1.18");
    boost::asio::io_context io;
    Revaluer revaluer(io.get_executor(), io.get_executor(), books.desk());
    // Monday's rates are good until Friday; on Saturday it waits.
    EXPECT_EQ(rounds(revaluer, io), 4);
    EXPECT_EQ(rounds(revaluer, io), 1);
    EXPECT_EQ(rounds(revaluer, io), 0);
    EXPECT_EQ(books.position().unrealised, 8'475 - 8'559);
    EXPECT_TRUE(books.verifies());
}

TEST_P(RevaluationTest, MissedDaysAreMadeUpForOnceBySeveralGateways) {
    if (GetParam() != test::Engine::postgres) GTEST_SKIP() << "a file has one owner";
    FxBooks books(GetParam());
    hold_dollars(books);
    const auto opened = books.open_again();
    ledger::Journal journal(*opened);
    RevaluationDesk theirs = books.desk();
    const RevaluationDesk other{.database = *opened,
                                .journal = journal,
                                .clock = theirs.clock,
                                .ids = theirs.ids,
                                .settings = nullptr};
    books.clock.set(Timestamp(kMonday + std::chrono::days(5)) + std::chrono::hours(1));
    int booked_there = 0;
    std::jthread rival([&] {
        boost::asio::io_context io;
        Revaluer revaluer(io.get_executor(), io.get_executor(), other);
        booked_there = rounds(revaluer, io);
    });
    boost::asio::io_context io;
    Revaluer revaluer(io.get_executor(), io.get_executor(), books.desk());
    const int booked_here = rounds(revaluer, io);
    rival.join();
    EXPECT_EQ(booked_here + booked_there, 5);
    EXPECT_EQ(books.number("SELECT COUNT(*) FROM fx_revaluations"), 5);
    EXPECT_EQ(books.net(Purpose::fx_revaluation, "EUR"), books.position().unrealised);
    EXPECT_TRUE(books.verifies());
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
