// SPDX-License-Identifier: Apache-2.0
//
// What is computed anew must be what the journal wrote, to the byte.
#include "ledger/journal/rebuild.h"

#include "tests/support/busy_books.h"
#include "tests/support/engines.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace causeway::ledger {
namespace {

using test::Books;
using test::capture;

const std::vector<std::string> kDerived{
    "journal_balances", "journal_lanes", "journal_entry_ids", "journal_id_runs"};

class RebuildTest : public test::OnEachEngine {
  protected:
    std::string derived(Database& database) {
        return test::rows_of(database, tables_of(journal_migrations()), kDerived);
    }
    Result<void> rebuild(Database& database) {
        const auto done = database.writer().commit<int>([&](Transaction& body) -> Result<int> {
            const Result<void> rebuilt = rebuild_journal(body, on_postgres());
            return rebuilt ? Result<int>(0) : Result<int>(rebuilt.error());
        });
        return done ? Result<void>() : Result<void>(done.error());
    }
    std::unique_ptr<Database> reopened() {
        auto database = Database::open(url(), journal_migrations());
        if (!database) throw std::runtime_error(database.error().detail());
        return std::move(*database);
    }

    test::Ids ids_;
};

CAUSEWAY_ON_EACH_ENGINE(RebuildTest);

TEST_P(RebuildTest, MakesWhatTheJournalMade) {
    {
        Books books(url());
        test::make_busy(books, ids_, 3000);
    }
    const auto database = reopened();
    const std::string before = derived(*database);
    for (const std::string& table : kDerived) {
        ASSERT_TRUE(database->writer().commit<std::int64_t>(
            [&](Transaction& body) { return body.execute("DELETE FROM " + table, {}); }));
    }
    ASSERT_NE(derived(*database), before);
    ASSERT_TRUE(rebuild(*database));
    EXPECT_EQ(derived(*database), before);
    ASSERT_TRUE(rebuild(*database));
    EXPECT_EQ(derived(*database), before);
}

// Two journals on one server post in lanes of their own, to the same accounts.
TEST_P(RebuildTest, TakesTheEntriesOfSeveralLanesInTheOrderOfTheirAccounts) {
    if (!on_postgres()) GTEST_SKIP() << "SQLite has one lane";
    Books first(url());
    Books second(url());
    const auto post_in_both = [&](std::int64_t number) {
        return first.run<int>([&](Transaction& body) -> Result<int> {
            const auto mine = first.journal->post(body, test::busy_entry(ids_.next(), number));
            if (!mine) return mine.error();
            // While the first still holds its lane.
            Entry other = capture(ids_.next(), 5, "mer_other");
            other.lines[0].account = test::account("card2", Purpose::provider_receivable);
            const auto theirs = second.post(other);
            if (!theirs) return theirs.error();
            return 0;
        });
    };
    ASSERT_TRUE(first.post(capture(ids_.next(), 7)));  // the first lane is there
    for (std::int64_t number = 1; number <= 40; ++number) {
        ASSERT_TRUE(post_in_both(number));
        ASSERT_TRUE(second.post(test::busy_entry(ids_.next(), 100 + number)));
        ASSERT_TRUE(first.post(capture(ids_.next(), 7, "mer_other")));
    }
    const std::string before = derived(*first.database);
    std::int64_t lanes = 0;
    ASSERT_TRUE(first.database->read([&](Transaction& snapshot) {
        return snapshot.query("SELECT count(*) FROM journal_lanes WHERE last_sequence > 0",
                              {},
                              [&](const Row& row) { lanes = row.integer(0); });
    }));
    ASSERT_EQ(lanes, 2);
    ASSERT_TRUE(rebuild(*first.database));
    EXPECT_EQ(derived(*first.database), before);
}

TEST_P(RebuildTest, RefusesEntriesThatDoNotAddUp) {
    {
        Books books(url());
        test::make_busy(books, ids_, 50);
    }
    const auto database = reopened();
    const std::string before = derived(*database);
    ASSERT_TRUE(database->writer().commit<std::int64_t>([&](Transaction& body) {
        return body.execute("DELETE FROM journal_entries WHERE sequence = 20", {});
    }));
    const Result<void> refused = rebuild(*database);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), ErrorCode::integrity);
    EXPECT_EQ(derived(*database), before);
}

}  // namespace
}  // namespace causeway::ledger
