// SPDX-License-Identifier: Apache-2.0
#include "ledger/exports/journal_export.h"

#include "tests/support/books.h"
#include "tests/support/exports.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <malloc.h>
#include <string>
#include <vector>

namespace causeway::ledger {
namespace {

using test::account;
using test::Books;
using test::exported;

/// Between 20 merchants, with a reference that makes it long.
Entry long_entry(const Uuid& id) {
    Entry entry = test::capture(id, 1);
    entry.reference = std::string(255, 'r');
    entry.lines.clear();
    for (int i = 0; i < 20; ++i) {
        entry.lines.push_back(
            {account("mer_" + std::to_string(i), Purpose::merchant_pending), i % 2 == 0 ? 1 : -1});
    }
    return entry;
}

void post_long_entries(Books& books, int count) {
    test::Ids ids;
    const auto done = books.run<int>([&](Transaction& t) -> Result<int> {
        for (int i = 0; i < count; ++i) {
            const Result<Posted> posted = books.journal->post(t, long_entry(ids.next()));
            if (!posted) return posted.error();
        }
        return 0;
    });
    ASSERT_TRUE(done);
}

// Books of ten million lines have to pass through the memory of a small machine.
TEST(JournalExport, HoldsNoMoreAfterManyPiecesThanAfterOne) {
    const test::TemporaryFolder folder;
    Books books(folder.url());
    post_long_entries(books, 4000);
    (void)exported(*books.database, ExportFormat::hledger);  // Fills the store's page cache.
    for (const ExportFormat format :
         {ExportFormat::hledger, ExportFormat::beancount, ExportFormat::csv}) {
        auto made = JournalExport::begin(*books.database, format);
        ASSERT_TRUE(made);
        std::string piece;
        std::vector<std::size_t> held;
        std::size_t bytes = 0;
        for (bool more = true; more;) {
            piece.clear();
            more = *(*made)->next(piece);
            EXPECT_LE(piece.size(), JournalExport::kPieceBytes + 20'000);
            bytes += piece.size();
            held.push_back(::mallinfo2().uordblks);
        }
        EXPECT_GT(bytes, 5'000'000U);
        ASSERT_GT(held.size(), 15U);
        const std::size_t late = *std::max_element(held.begin() + 2, held.end());
        EXPECT_LE(late, held[1] + 100'000);
    }
}

TEST(JournalExport, SpeaksOfTheJournalAsItWasWhenItBegan) {
    const test::TemporaryFolder folder;
    Books books(folder.url());
    test::Ids ids(2);
    post_long_entries(books, 100);
    for (const ExportFormat format :
         {ExportFormat::hledger, ExportFormat::beancount, ExportFormat::csv}) {
        const std::string before = exported(*books.database, format);
        auto made = JournalExport::begin(*books.database, format);
        ASSERT_TRUE(made);
        std::string all;
        for (bool more = true; more;) {
            // To accounts that the export does not know, and to those that it does.
            ASSERT_TRUE(books.post(test::capture(ids.next(), 7, "mer_new")));
            ASSERT_TRUE(books.post(long_entry(ids.next())));
            more = *(*made)->next(all);
        }
        EXPECT_EQ(all, before);
    }
}

TEST(JournalExport, IsTheSameEachTime) {
    const test::TemporaryFolder folder;
    Books books(folder.url());
    post_long_entries(books, 10);
    EXPECT_EQ(exported(*books.database, ExportFormat::beancount),
              exported(*books.database, ExportFormat::beancount));
}

TEST(JournalExport, StopsAtALineOfNoAccount) {
    const test::TemporaryFolder folder;
    Books books(folder.url());
    post_long_entries(books, 1);
    books.tamper("DELETE FROM journal_accounts WHERE owner = 'mer_7'");
    auto made = JournalExport::begin(*books.database, ExportFormat::csv);
    ASSERT_TRUE(made);
    std::string out;
    const Result<bool> more = (*made)->next(out);
    ASSERT_FALSE(more);
    EXPECT_EQ(more.error().code(), ErrorCode::integrity);
}

}  // namespace
}  // namespace causeway::ledger
