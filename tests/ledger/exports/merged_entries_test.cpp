// SPDX-License-Identifier: Apache-2.0
#include "ledger/exports/merged_entries.h"

#include "ledger/journal/journal.h"
#include "ledger/store/commit_queue.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <rapidcheck.h>
#include <stdexcept>
#include <tuple>
#include <utility>
#include <vector>

namespace causeway::ledger {
namespace {

/// Where an entry stands, and its second.
using Place = std::pair<Sequence, std::int64_t>;

/// Rows of journal_entries as several processes leave them, without a journal.
class Lanes {
  public:
    Lanes() {
        auto opened = Database::open(folder_.url(), journal_migrations());
        if (!opened) throw std::runtime_error(opened.error().detail());
        database_ = std::move(*opened);
    }

    void add(const std::vector<Place>& places) {
        const auto done = database_->writer().commit<int>([&](Transaction& t) -> Result<int> {
            for (const auto& [sequence, second] : places)
                (void)insert(t, sequence, second);
            return 0;
        });
        ASSERT_TRUE(done);
    }

    void clear() {
        const auto done = database_->writer().commit<std::int64_t>(
            [](Transaction& t) { return t.execute("DELETE FROM journal_entries", {}); });
        ASSERT_TRUE(done);
    }

    void remove(Sequence sequence) {
        const auto done = database_->writer().commit<std::int64_t>([&](Transaction& t) {
            return t.execute("DELETE FROM journal_entries WHERE sequence = $1", {sequence});
        });
        ASSERT_TRUE(done && *done == 1);
    }

    Result<MergedEntries> open() {
        std::optional<Result<MergedEntries>> opened;
        (void)database_->read([&](Transaction& snapshot) -> Result<void> {
            opened.emplace(MergedEntries::open(snapshot));
            return {};
        });
        return *std::move(opened);
    }

    /// All there are, each from a snapshot of its own.
    Result<std::vector<Place>> read(MergedEntries& merged) {
        std::vector<Place> found;
        while (true) {
            std::optional<Place> place;
            const Result<void> done = database_->read([&](Transaction& snapshot) -> Result<void> {
                const Result<const StoredEntry*> entry = merged.front(snapshot);
                if (!entry) return entry.error();
                if (*entry != nullptr) place = {(*entry)->sequence, second_of(**entry)};
                return {};
            });
            if (!done) return done.error();
            if (!place) return found;
            found.push_back(*place);
            merged.pop();
        }
    }

  private:
    static std::int64_t second_of(const StoredEntry& entry) {
        return to_microseconds(entry.recorded) / 1'000'000;
    }

    static Result<std::int64_t> insert(Transaction& t, Sequence sequence, std::int64_t second) {
        StoredEntry entry;
        entry.sequence = sequence;
        entry.lines = {{.account_id = 1, .minor_units = 1, .previous = 0, .balance = {}}};
        std::vector<std::uint8_t> postings;
        pack_postings(entry, postings);
        return t.execute("INSERT INTO journal_entries (" CAUSEWAY_ENTRY_COLUMNS
                         ") VALUES ($1, $2, 1, 'capture', '', 0, $3, $4, $5)",
                         {sequence,
                          Uuid{},
                          second * 1'000'000,
                          std::span<const std::uint8_t>(postings),
                          std::span<const std::uint8_t>(entry.hash)});
    }

    test::TemporaryFolder folder_;
    std::unique_ptr<Database> database_;
};

Sequence at(std::int64_t lane, std::int64_t place) {
    return first_of_lane(lane) + place - 1;
}

TEST(MergedEntries, OfNoEntriesAreNone) {
    Lanes lanes;
    MergedEntries merged = *lanes.open();
    EXPECT_TRUE(lanes.read(merged)->empty());
}

// hledger's ordereddates refuses a file whose days run backwards, as lanes one after the other do.
TEST(MergedEntries, AreInTheOrderInWhichTheyWereRecorded) {
    Lanes lanes;
    const bool held = rc::check("the merged order is that of (recorded, sequence)", [&lanes] {
        lanes.clear();
        std::vector<Place> all;
        for (const std::int64_t lane : {0, 1, 5}) {
            std::int64_t second = 0;
            const int count = *rc::gen::inRange(0, 20);
            for (int i = 1; i <= count; ++i) {
                second += *rc::gen::inRange(0, 3);
                all.emplace_back(at(lane, i), second);
            }
        }
        lanes.add(all);
        std::ranges::sort(
            all, {}, [](const Place& place) { return std::tuple(place.second, place.first); });
        MergedEntries merged = *lanes.open();
        RC_ASSERT(*lanes.read(merged) == all);
    });
    EXPECT_TRUE(held);
}

TEST(MergedEntries, GoOnFromPageToPage) {
    Lanes lanes;
    std::vector<Place> all;
    for (int i = 1; i <= 1200; ++i) {
        all.emplace_back(at(0, i), 2 * i);
        all.emplace_back(at(3, i), 2 * i + 1);
    }
    lanes.add(all);
    MergedEntries merged = *lanes.open();
    EXPECT_EQ(*lanes.read(merged), all);
}

TEST(MergedEntries, EndWhereTheyEndedAtTheBeginning) {
    Lanes lanes;
    lanes.add({{at(0, 1), 1}, {at(2, 1), 2}});
    MergedEntries merged = *lanes.open();
    lanes.add({{at(0, 2), 3}, {at(1, 1), 1}, {at(2, 2), 3}});
    EXPECT_EQ(*lanes.read(merged), (std::vector<Place>{{at(0, 1), 1}, {at(2, 1), 2}}));
}

// A file that leaves entries out looks just like a whole one.
TEST(MergedEntries, AreNoneThatLeaveOneOut) {
    Lanes lanes;
    for (const std::int64_t gone : {1, 2, 600, 1199, 1200}) {
        lanes.clear();
        std::vector<Place> all;
        for (int i = 1; i <= 1200; ++i)
            all.emplace_back(at(1, i), i);
        lanes.add(all);
        MergedEntries merged = *lanes.open();
        lanes.remove(at(1, gone));
        const auto read = lanes.read(merged);
        ASSERT_FALSE(read) << gone;
        EXPECT_EQ(read.error().code(), ErrorCode::integrity);
        EXPECT_EQ(read.error().detail(),
                  "entry " + std::to_string(at(1, gone)) + " is missing; run ledger verify");
    }
}

}  // namespace
}  // namespace causeway::ledger
