// SPDX-License-Identifier: Apache-2.0
#include "fx/rates_store.h"

#include "fx/builtin_rates.h"
#include "ledger/store/commit_queue.h"
#include "tests/support/amounts.h"
#include "tests/support/engines.h"

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace causeway::fx {
namespace {

using ledger::Database;
using ledger::Transaction;
using test::currency;

FeedRow row(std::string_view date, std::string_view code, std::string_view per_euro) {
    return {*parse_day(date), currency(code), *Decimal::parse(per_euro)};
}

class RatesStore : public test::OnEachEngine {
  protected:
    RatesStore() {
        const std::array steps{ledger::Migration{.version = 1, .sql = rates_schema_sql()}};
        database = std::move(*Database::open(url(), steps));
    }

    [[nodiscard]] Result<ImportOutcome> import_all(const std::vector<FeedRow>& rows) const {
        return database->writer().commit<ImportOutcome>(
            [&rows](Transaction& transaction) { return import_rates(transaction, kEcb, rows); });
    }

    [[nodiscard]] Result<ReferenceTable> load(std::string_view date) const {
        std::optional<ReferenceTable> table;
        const Result<void> read = database->read([&](Transaction& snapshot) -> Result<void> {
            Result<ReferenceTable> loaded = load_rates(snapshot, kEcb, *parse_day(date));
            if (!loaded) return loaded.error();
            table = *std::move(loaded);
            return {};
        });
        if (!read) return read.error();
        return *table;
    }

    std::unique_ptr<Database> database;
};

CAUSEWAY_ON_EACH_ENGINE(RatesStore);

TEST_P(RatesStore, GivesBackTheNewestTableUpToADay) {
    const std::vector<FeedRow>& rows = builtin_feed().rows;
    const Result<ImportOutcome> imported = import_all(rows);
    ASSERT_TRUE(imported);
    EXPECT_EQ(imported->inserted, std::ssize(rows));
    const std::string publisher(kEcb);
    EXPECT_EQ(*load("2030-01-01"), *newest_table(builtin_feed(), publisher));
    // The twelfth was a Sunday: the rates of Friday hold.
    EXPECT_EQ(*load("2026-04-12"), *table_of(builtin_feed(), publisher, *parse_day("2026-04-10")));
    EXPECT_EQ(to_text(load("2026-04-10")->day()), "2026-04-10");
    EXPECT_EQ(load("2026-04-06").error().code(), ErrorCode::not_found);
}

TEST_P(RatesStore, TheSameFileTwiceChangesNothing) {
    ASSERT_TRUE(import_all(builtin_feed().rows));
    const Result<ImportOutcome> again = import_all(builtin_feed().rows);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->inserted, 0);
    EXPECT_EQ(again->unchanged, std::ssize(builtin_feed().rows));
}

// A published rate does not change: who says otherwise is wrong, or somebody else.
TEST_P(RatesStore, AnotherRateForAKnownDayIsRefusedAndNothingIsHalfDone) {
    ASSERT_TRUE(import_all({row("2026-04-13", "USD", "1.1684")}));
    const Result<ImportOutcome> wrong = import_all({row("2026-04-14", "USD", "1.17"),
                                                    row("2026-04-13", "JPY", "186.75"),
                                                    row("2026-04-13", "USD", "1.1685")});
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().code(), ErrorCode::integrity);
    EXPECT_EQ(wrong.error().detail(), "2026-04-13, USD: known as 1.1684, now 1.1685");
    const ReferenceTable table = *load("2026-04-14");
    EXPECT_EQ(to_text(table.day()), "2026-04-13");
    EXPECT_EQ(table.rates().size(), 1U);
}

TEST_P(RatesStore, NothingToImportIsFine) {
    const Result<ImportOutcome> imported = import_all({});
    ASSERT_TRUE(imported);
    EXPECT_EQ(imported->inserted, 0);
}

}  // namespace
}  // namespace causeway::fx
