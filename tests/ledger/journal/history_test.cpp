// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/history.h"

#include "tests/support/books.h"
#include "tests/support/counting_transaction.h"
#include "tests/support/engines.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace causeway::ledger {
namespace {

using std::chrono::hours;
using test::account;
using test::Books;
using test::capture;

constexpr HistoryClock kEffective = HistoryClock::effective;
constexpr HistoryClock kRecorded = HistoryClock::recorded;

class HistoryTest : public test::OnEachEngine {
  protected:
    // A capture that happened and was recorded so many hours after the start.
    Entry at(int effective_hour, int recorded_hour, std::int64_t minor_units) {
        Entry entry = capture(ids.next(), minor_units);
        entry.effective = start + hours(effective_hour);
        entry.recorded = start + hours(recorded_hour);
        return entry;
    }
    std::int64_t net(int hour, HistoryClock clock) {
        return history.balance_at(provider, start + hours(hour), clock)->net();
    }

    test::Ids ids;
    Books books{url()};
    const History history{*books.database, *books.journal};
    const AccountKey provider = account("card", Purpose::provider_receivable);
    const AccountKey merchant = account("mer_1", Purpose::merchant_pending);
    const Timestamp start = *parse_rfc3339("2026-04-13T00:00:00Z");
};

TEST_P(HistoryTest, KnowsTheBalanceBeforeBetweenAndAfterLines) {
    ASSERT_TRUE(books.post(at(1, 1, 100)));
    ASSERT_TRUE(books.post(at(2, 2, 20)));
    ASSERT_TRUE(books.post(at(3, 3, -50)));
    for (const HistoryClock clock : {kEffective, kRecorded}) {
        EXPECT_EQ(net(0, clock), 0);
        EXPECT_EQ(net(1, clock), 100) << "a line counts from its own moment on";
        EXPECT_EQ(net(2, clock), 120);
        EXPECT_EQ(net(3, clock), 70);
        EXPECT_EQ(net(1000, clock), 70);
    }
}

// A refund that is booked late belongs to the day it happened, and the report that went out
// before must still be explicable.
TEST_P(HistoryTest, BackDatingChangesThePastByOneClockAlone) {
    ASSERT_TRUE(books.post(at(10, 10, 100)));
    ASSERT_TRUE(books.post(at(5, 20, -30)));
    EXPECT_EQ(net(5, kEffective), -30);
    EXPECT_EQ(net(10, kEffective), 70);
    EXPECT_EQ(net(5, kRecorded), 0);
    EXPECT_EQ(net(10, kRecorded), 100);
    EXPECT_EQ(net(20, kRecorded), 70);
}

TEST_P(HistoryTest, CountsWhatIsDatedAheadWhenItsTimeHasCome) {
    ASSERT_TRUE(books.post(at(50, 1, 100)));
    EXPECT_EQ(net(49, kEffective), 0);
    EXPECT_EQ(net(50, kEffective), 100);
    EXPECT_EQ(net(1, kRecorded), 100);
}

TEST_P(HistoryTest, KeepsPostedAndPendingApart) {
    const Uuid pending = ids.next();
    Entry reserve = test::reservation(pending, 100);
    reserve.effective = reserve.recorded = start;
    Entry post = test::post_of(ids.next(), pending, {{provider, 60}, {merchant, -60}});
    post.effective = post.recorded = start + hours(1);
    Entry release = test::void_of(ids.next(), pending);
    release.effective = release.recorded = start + hours(2);
    for (const Entry& entry : {reserve, post, release})
        ASSERT_TRUE(books.post(entry));
    for (const HistoryClock clock : {kEffective, kRecorded}) {
        EXPECT_EQ(*history.balance_at(provider, start, clock), (Balance{.pending_debits = 100}));
        EXPECT_EQ(*history.balance_at(merchant, start + hours(1), clock),
                  (Balance{.credits = 60, .pending_credits = 40}));
        EXPECT_EQ(*history.balance_at(merchant, start + hours(2), clock), (Balance{.credits = 60}));
    }
}

TEST_P(HistoryTest, ListsEveryAccountAsItWas) {
    ASSERT_TRUE(books.post(at(1, 1, 100)));
    Entry later = capture(ids.next(), 7, "mer_2");
    later.effective = later.recorded = start + hours(9);
    ASSERT_TRUE(books.post(later));
    const auto all = history.trial_balance(start + hours(5), kEffective);
    ASSERT_TRUE(all);
    ASSERT_EQ(all->size(), 3U);
    EXPECT_EQ(all->at(0).account, provider);
    EXPECT_EQ(all->at(0).balance, Balance{.debits = 100});
    EXPECT_EQ(all->at(1).balance, Balance{.credits = 100});
    EXPECT_EQ(all->at(2).account.owner, "mer_2");
    EXPECT_EQ(all->at(2).balance, Balance{});
}

TEST_P(HistoryTest, ShowsTheNewestLinesFirstPageByPage) {
    for (int i = 1; i <= 7; ++i)
        ASSERT_TRUE(books.post(at(i, i, i)));
    std::vector<std::int64_t> shown;
    std::optional<Cursor> before;
    do {
        const auto page = history.statement(merchant, before, 3);
        ASSERT_TRUE(page);
        for (const StatementLine& line : page->lines)
            shown.push_back(line.minor_units);
        before = page->next;
    } while (before);
    EXPECT_EQ(shown, (std::vector<std::int64_t>{-7, -6, -5, -4, -3, -2, -1}));
}

TEST_P(HistoryTest, SaysAllThatThereIsToSayOfALine) {
    const Entry entry = at(3, 4, 100);
    ASSERT_TRUE(books.post(at(1, 1, 5)));
    ASSERT_TRUE(books.post(entry));
    const auto page = history.statement(merchant, {}, 1);
    ASSERT_TRUE(page);
    ASSERT_EQ(page->lines.size(), 1U);
    const StatementLine& line = page->lines[0];
    EXPECT_EQ(place_in_lane(line.place.sequence), 2);
    EXPECT_EQ(line.place.line_no, 2);
    EXPECT_EQ(line.entry_id, entry.id);
    EXPECT_EQ(line.kind, "capture");
    EXPECT_EQ(line.reference, "cap_1");
    EXPECT_EQ(line.type, EntryType::posting);
    EXPECT_EQ(line.effective, entry.effective);
    EXPECT_EQ(line.recorded, entry.recorded);
    EXPECT_EQ(line.minor_units, -100);
    EXPECT_EQ(line.balance, Balance{.credits = 105});
    EXPECT_EQ(page->next, line.place);
}

// A page that ends inside an entry must not lose the entry's other lines.
TEST_P(HistoryTest, CutsAPageInTheMiddleOfAnEntry) {
    Entry entry = capture(ids.next(), 6);
    entry.lines = {{merchant, -1}, {provider, 6}, {merchant, -2}, {merchant, -3}};
    ASSERT_TRUE(books.post(entry));
    const auto first = history.statement(merchant, {}, 2);
    ASSERT_TRUE(first && first->next);
    EXPECT_EQ(first->lines[1].minor_units, -2);
    const auto second = history.statement(merchant, first->next, 2);
    ASSERT_TRUE(second);
    ASSERT_EQ(second->lines.size(), 1U);
    EXPECT_EQ(second->lines[0].minor_units, -1);
    EXPECT_EQ(second->lines[0].balance, Balance{.credits = 1});
    EXPECT_FALSE(second->next);
}

TEST_P(HistoryTest, RefusesWhatIsNotThere) {
    const AccountKey stranger = account("mer_9", Purpose::suspense);
    ASSERT_TRUE(books.post(at(1, 1, 5)));
    const Sequence sequence = books.post(capture(ids.next(), 1, "mer_2"))->sequence;
    const auto code = [](const auto& result) { return result.error().code(); };
    EXPECT_EQ(code(history.balance_at(stranger, start, kEffective)), ErrorCode::not_found);
    EXPECT_EQ(code(history.statement(stranger, {}, 5)), ErrorCode::not_found);
    EXPECT_EQ(code(history.statement(merchant, {}, 0)), ErrorCode::invalid_argument);
    EXPECT_EQ(code(history.statement(merchant, {}, 1001)), ErrorCode::invalid_argument);
    EXPECT_EQ(code(history.statement(merchant, Cursor{99, 1}, 5)), ErrorCode::invalid_argument);
    EXPECT_EQ(code(history.statement(merchant, Cursor{sequence, 2}, 5)),
              ErrorCode::invalid_argument)
        << "a line of another account";
    EXPECT_EQ(code(history.statement(merchant, Cursor{sequence, 9}, 5)),
              ErrorCode::invalid_argument);
}

// Readers come while the writer is at work: what they see must balance all the same.
TEST_P(HistoryTest, IsOneStateWhileOthersPost) {
    std::atomic<bool> over{false};
    ASSERT_TRUE(books.post(at(0, 0, 1)));
    std::thread poster([&] {
        for (int i = 1; i <= 150; ++i) {
            const std::string merchant_name = "mer_" + std::to_string(i % 40);
            Entry entry = capture(ids.next(), i, merchant_name);
            entry.recorded = start + hours(i);
            entry.effective = i % 3 == 0 ? start - hours(i) : entry.recorded;
            EXPECT_TRUE(books.post(entry));
        }
        over = true;
    });
    int looks = 0;
    while (!over || looks == 0) {
        for (const HistoryClock clock : {kEffective, kRecorded}) {
            const auto all = history.trial_balance(start + hours(10'000), clock);
            ASSERT_TRUE(all);
            std::int64_t sum = 0;
            for (const AccountBalance& row : *all)
                sum += row.balance.net();
            EXPECT_EQ(sum, 0);
        }
        ++looks;
    }
    poster.join();
}

CAUSEWAY_ON_EACH_ENGINE(HistoryTest);

struct Steps {
    std::int64_t statements = 0;
    std::int64_t rows = 0;
};

/// Books with one busy account, four lines of it in an entry, a minute between entries; every
/// hundredth is dated back by hours.
class BusyBooks {
  public:
    explicit BusyBooks(const std::string& url) : books(url) {}

    void grow(int lines) {
        constexpr int kEntriesPerBody = 500;
        for (; made < lines / 4;) {
            ASSERT_TRUE(books.run<int>([&](Transaction& t) -> Result<int> {
                for (int i = 0; i < kEntriesPerBody; ++i)
                    EXPECT_TRUE(books.journal->post(t, entry()));
                return 0;
            }));
        }
    }
    Entry entry() {
        ++made;
        Entry entry = capture(ids.next(), 1);
        entry.recorded = start + std::chrono::minutes(made);
        entry.effective = entry.recorded - hours(made % 100 == 0 ? made % 50 : 0);
        entry.lines = {{busy, 1}, {busy, -2}, {busy, 3}, {other, -6}, {busy, 4}};
        return entry;
    }

    // The most that any of some moments takes.
    Steps most(HistoryClock clock) {
        Steps most;
        (void)books.read<int>([&](Transaction& snapshot) -> Result<int> {
            const auto state = books.journal->account(snapshot, busy);
            for (int part = 0; part <= 20; ++part) {
                const Timestamp moment =
                    start + std::chrono::minutes(made) * part / 20 + std::chrono::seconds(7);
                test::CountingTransaction counting(snapshot);
                EXPECT_TRUE(balance_at(counting, **state, moment, clock));
                most.statements = std::max(most.statements, counting.statements());
                most.rows = std::max(most.rows, counting.rows());
            }
            return 0;
        });
        return most;
    }
    Steps statement_at_the_end() {
        Steps steps;
        (void)books.read<int>([&](Transaction& snapshot) -> Result<int> {
            const auto state = books.journal->account(snapshot, busy);
            test::CountingTransaction counting(snapshot);
            EXPECT_TRUE(statement_of(counting, **state, {}, 50));
            steps = {.statements = counting.statements(), .rows = counting.rows()};
            return 0;
        });
        return steps;
    }

    test::Ids ids;
    Books books;
    int made = 0;
    const AccountKey busy = account("card", Purpose::provider_receivable);
    const AccountKey other = account("mer_1", Purpose::merchant_pending);
    const Timestamp start = *parse_rfc3339("2026-04-13T00:00:00Z");
};

// Ten times the lines must not cost more than a few steps of a binary search more.
TEST(History, TakesNoMoreStepsTheOlderTheBooksAre) {
    const test::TemporaryFolder folder;
    BusyBooks busy(folder.url());
    constexpr std::int64_t kBlock = 256 / 4 + 2;  // entries, those that blocks share counted
    busy.grow(10'000);
    const Steps recorded = busy.most(HistoryClock::recorded);
    const Steps effective = busy.most(HistoryClock::effective);
    const Steps statement = busy.statement_at_the_end();
    busy.grow(100'000);
    const Steps recorded_later = busy.most(HistoryClock::recorded);
    const Steps effective_later = busy.most(HistoryClock::effective);
    const Steps statement_later = busy.statement_at_the_end();
    EXPECT_LE(recorded.statements, kBlock + 7) << "and 2^6 marks";
    EXPECT_LE(recorded_later.statements, recorded.statements + 6);
    EXPECT_LE(recorded_later.rows, recorded.rows + 6);
    // The buckets of days, of 32 days and of 1,024 days, and one day's displaced lines.
    EXPECT_LE(effective_later.statements, effective.statements + 6);
    EXPECT_LE(effective_later.rows, kBlock + 12 + 3 * 31 + 15 * 4);
    EXPECT_EQ(statement_later.rows, statement.rows);
    EXPECT_LE(statement.rows, 50 / 4 + 2);
}

TEST(Cursor, IsReadAsItIsWritten) {
    const Cursor cursor{.sequence = 4711, .line_no = 2};
    EXPECT_EQ(to_text(cursor), "4711.2");
    EXPECT_EQ(*parse_cursor("4711.2"), cursor);
    for (const char* const text : {"",
                                   "4711",
                                   "4711.",
                                   ".2",
                                   "4711.0",
                                   "-1.2",
                                   "4711.2x",
                                   "a.b",
                                   "99999999999999999999.1"}) {
        EXPECT_EQ(parse_cursor(text).error().code(), ErrorCode::invalid_argument) << text;
    }
}

TEST(HistoryClock, IsSpeltAsItIsShown) {
    EXPECT_EQ(*parse_history_clock(to_string(kEffective)), kEffective);
    EXPECT_EQ(*parse_history_clock(to_string(kRecorded)), kRecorded);
    EXPECT_EQ(parse_history_clock("wall").error().code(), ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace causeway::ledger
