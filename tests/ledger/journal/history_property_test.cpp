// SPDX-License-Identifier: Apache-2.0
//
// Random lines in and out of order against the sum over all of them.
#include "ledger/journal/history.h"
#include "tests/support/books.h"
#include "tests/support/engines.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace causeway::ledger {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using test::account;

/// How much is dated back or ahead.
struct Disorder {
    int percent;
    int hours_max;
};

class Past {
  public:
    Past(const std::string& url, std::uint64_t seed) : random_(seed), ids_(seed), books_(url) {}

    void post(int entries, const Disorder& disorder) {
        for (int left = entries; left > 0;) {
            const int size = std::min(left, 100);
            left -= size;
            std::vector<Entry> body;
            for (int i = 0; i < size; ++i)
                body.push_back(entry(disorder));
            ASSERT_TRUE(books_.run<std::vector<Posted>>(
                [&](Transaction& t) { return books_.journal->post_linked(t, body); }));
            posted_.insert(posted_.end(), body.begin(), body.end());
        }
    }

    void compare() {
        const History history(*books_.database, *books_.journal);
        for (int i = 0; i < 40; ++i) {
            const Timestamp moment = any_moment();
            for (const HistoryClock clock : {HistoryClock::effective, HistoryClock::recorded}) {
                const auto all = history.trial_balance(moment, clock);
                ASSERT_TRUE(all);
                for (const AccountBalance& row : *all)
                    ASSERT_EQ(row.balance, expected(row.account, moment, clock))
                        << row.account.owner << ' ' << to_rfc3339(moment) << ' '
                        << to_string(clock);
            }
            const AccountKey& one = accounts_.at(pick(accounts_.size()));
            const auto found = history.balance_at(one, moment, HistoryClock::effective);
            ASSERT_EQ(*found, expected(one, moment, HistoryClock::effective));
        }
        for (const AccountKey& key : accounts_)
            compare_statement(history, key);
        EXPECT_TRUE(books_.verified().findings.empty());
    }

  private:
    std::size_t pick(std::size_t bound) {
        return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random_);
    }
    bool happens(int percent) { return static_cast<int>(pick(100)) < percent; }

    // The first account is in almost every entry, often more than once: blocks end inside entries.
    Entry entry(const Disorder& disorder) {
        now_ += seconds(pick(4000));
        Entry entry = test::capture(ids_.next(), 1);
        entry.recorded = now_;
        entry.effective = now_;
        const auto off = hours(pick(static_cast<std::size_t>(disorder.hours_max)) + 1);
        if (happens(disorder.percent)) entry.effective += happens(80) ? -off : off;
        entry.lines.clear();
        std::int64_t sum = 0;
        for (std::size_t left = 1 + pick(4); left > 0; --left) {
            const auto amount = static_cast<std::int64_t>(1 + pick(50)) * (happens(50) ? 1 : -1);
            const AccountKey& key = accounts_.at(happens(80) ? 0 : pick(accounts_.size()));
            entry.lines.push_back({.account = key, .minor_units = amount});
            sum += amount;
        }
        entry.lines.push_back(
            {.account = accounts_.at(pick(accounts_.size())), .minor_units = sum == 0 ? 5 : -sum});
        if (sum == 0) entry.lines.push_back({.account = accounts_[0], .minor_units = -5});
        resolve_sometimes(entry);
        return entry;
    }
    // Some entries reserve; some post or void what the last one reserved.
    void resolve_sometimes(Entry& entry) {
        if (reserved_ && happens(50)) {
            entry.type = happens(50) ? EntryType::post_pending : EntryType::void_pending;
            entry.pending = reserved_->id;
            entry.lines = {};
            lines_of_.emplace(entry.id, reserved_->lines);
            reserved_.reset();
        } else if (!reserved_ && happens(20)) {
            entry.type = EntryType::pending;
            reserved_ = entry;
        }
    }
    [[nodiscard]] const std::vector<Line>& lines_of(const Entry& entry) const {
        const auto found = lines_of_.find(entry.id);
        if (found != lines_of_.end()) return found->second;
        return entry.lines;
    }

    Timestamp any_moment() {
        const Timestamp near = posted_.at(pick(posted_.size())).effective;
        switch (pick(5)) {
            case 0: return near;
            case 1: return near - std::chrono::microseconds(1);
            case 2:  // the last moment of a day
                return Timestamp(day_of(near) + std::chrono::days(1)) -
                       std::chrono::microseconds(1);
            case 3: return posted_.at(pick(posted_.size())).recorded;
            default: return near + seconds(pick(100'000));
        }
    }

    [[nodiscard]] Balance expected(const AccountKey& key,
                                   Timestamp moment,
                                   HistoryClock clock) const {
        Balance sum;
        for (const Entry& entry : posted_) {
            const Timestamp time =
                clock == HistoryClock::effective ? entry.effective : entry.recorded;
            if (time > moment) continue;
            for (const Line& line : lines_of(entry)) {
                if (line.account == key) add(sum, entry.type, line.minor_units);
            }
        }
        return sum;
    }
    // By the definition of the types; sums of the past may be negative.
    static void add(Balance& sum, EntryType type, std::int64_t amount) {
        const bool posts = type == EntryType::posting || type == EntryType::post_pending;
        std::int64_t& posted = amount > 0 ? sum.debits : sum.credits;
        std::int64_t& pending = amount > 0 ? sum.pending_debits : sum.pending_credits;
        const std::int64_t size = std::abs(amount);
        if (posts) posted += size;
        if (type == EntryType::pending) pending += size;
        if (type == EntryType::post_pending || type == EntryType::void_pending) pending -= size;
    }

    void compare_statement(const History& history, const AccountKey& key) {
        std::vector<std::pair<Uuid, std::int64_t>> expected;
        Balance balance;
        std::vector<Balance> balances;
        for (const Entry& entry : posted_) {
            for (const Line& line : lines_of(entry)) {
                if (line.account != key) continue;
                expected.emplace_back(entry.id, line.minor_units);
                add(balance, entry.type, line.minor_units);
                balances.push_back(balance);
            }
        }
        std::optional<Cursor> before;
        const int page_size = 1 + static_cast<int>(pick(70));
        do {
            const auto page = history.statement(key, before, page_size);
            ASSERT_TRUE(page);
            for (const StatementLine& line : page->lines) {
                ASSERT_FALSE(expected.empty());
                EXPECT_EQ(std::pair(line.entry_id, line.minor_units), expected.back());
                EXPECT_EQ(line.balance, balances.back());
                expected.pop_back();
                balances.pop_back();
            }
            before = page->next;
        } while (before);
        EXPECT_TRUE(expected.empty());
    }

    std::mt19937_64 random_;
    test::Ids ids_;
    test::Books books_;
    Timestamp now_ = *parse_rfc3339("2020-01-01T00:00:00Z");
    std::vector<Entry> posted_;
    std::map<Uuid, std::vector<Line>> lines_of_;  // of entries that name none
    std::optional<Entry> reserved_;
    const std::array<AccountKey, 4> accounts_{
        account("card", Purpose::provider_receivable),
        account("mer_1", Purpose::merchant_pending),
        account("mer_2", Purpose::merchant_pending),
        account("mer_2", Purpose::merchant_reserve),
    };
};

class HistoryProperty : public test::OnEachEngine {};

TEST_P(HistoryProperty, IsTheSumOfTheLinesUpToAMoment) {
    constexpr std::array kDisorders{Disorder{.percent = 0, .hours_max = 1},
                                    Disorder{.percent = 10, .hours_max = 100},
                                    Disorder{.percent = 30, .hours_max = 20'000},
                                    Disorder{.percent = 95, .hours_max = 60}};
    std::uint64_t seed = 1;
    for (const Disorder& disorder : kDisorders) {
        const test::Place place(GetParam());
        SCOPED_TRACE("seed " + std::to_string(seed));
        Past past(place.url(), seed++);
        past.post(150, disorder);
        past.compare();
        past.post(550, disorder);
        past.post(200, kDisorders[0]);
        past.compare();
        if (HasFatalFailure()) return;
    }
}

CAUSEWAY_ON_EACH_ENGINE(HistoryProperty);

}  // namespace
}  // namespace causeway::ledger
