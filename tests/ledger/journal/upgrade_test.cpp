// SPDX-License-Identifier: Apache-2.0
//
// The books of the first schema become those of the present one: nothing is lost, nothing is added.
// On SQLite alone: the release that wrote the first schema knew no other engine.
#include "ledger/journal/entry_rules.h"
#include "ledger/journal/journal.h"
#include "ledger/journal/stored_entry.h"
#include "tests/support/busy_books.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace causeway::ledger {
namespace {

using test::Books;
using test::busy_entry;

/// As the first release wrote them: an entry, its lines, its accounts and their balances.
class FirstBooks {
  public:
    explicit FirstBooks(const std::string& url) {
        auto opened = Database::open(url, journal_migrations().first(1));
        if (!opened) throw std::runtime_error(opened.error().detail());
        database_ = std::move(*opened);
    }

    void insert(const std::vector<Entry>& entries) {
        const auto done = database_->writer().commit<int>([&](Transaction& body) -> Result<int> {
            for (const Entry& entry : entries) {
                const Result<void> inserted = insert(body, entry);
                if (!inserted) return inserted.error();
            }
            return 0;
        });
        if (!done) throw std::runtime_error(done.error().detail());
    }

    void execute(const std::string& sql) {
        const auto done = database_->writer().commit<std::int64_t>(
            [&](Transaction& body) { return body.execute(sql, {}); });
        if (!done || *done == 0) throw std::runtime_error("nothing was changed");
    }

  private:
    Result<void> insert(Transaction& body, const Entry& entry) {
        Result<void> done = body.defer(
            "INSERT INTO entries (entry_id, kind, reference, effective_us, recorded_us)"
            " VALUES ($1, $2, $3, $4, $5)",
            {entry.id, entry.kind, entry.reference, entry.effective, entry.recorded});
        std::int64_t line_no = 0;
        for (const Line& line : entry.lines) {
            if (done) done = insert(body, entry.id, ++line_no, line);
        }
        return done;
    }

    Result<void> insert(Transaction& body, const Uuid& id, std::int64_t line_no, const Line& line) {
        const auto [place, added] = accounts_.emplace(
            std::tuple(line.account.owner, line.account.purpose, line.account.currency.code()),
            static_cast<std::int64_t>(accounts_.size()) + 1);
        const std::int64_t account = place->second;
        Result<void> done;
        if (added) {
            done = body.defer(
                "INSERT INTO accounts (account_id, owner, purpose, currency)"
                " VALUES ($1, $2, $3, $4)",
                {account,
                 line.account.owner,
                 to_string(line.account.purpose),
                 line.account.currency.code()});
        }
        if (done) {
            done = body.defer(
                "INSERT INTO lines (entry_id, line_no, account_id, amount) VALUES ($1, $2, $3, $4)",
                {id, line_no, account, line.minor_units});
        }
        if (!done) return done;
        return body.defer(
            "INSERT INTO balances (account_id, debits, credits) VALUES ($1, $2, $3)"
            " ON CONFLICT (account_id) DO UPDATE SET debits = balances.debits + excluded.debits,"
            " credits = balances.credits + excluded.credits",
            {account,
             std::max<std::int64_t>(line.minor_units, 0),
             -std::min<std::int64_t>(line.minor_units, 0)});
    }

    std::unique_ptr<Database> database_;
    std::map<std::tuple<std::string, Purpose, std::string_view>, std::int64_t> accounts_;
};

class UpgradeTest : public testing::Test {
  protected:
    [[nodiscard]] std::string url() const { return folder_.url(); }

    // Old books know no pending entries; some were recorded in the same microsecond.
    std::vector<Entry> entries(std::int64_t count) {
        std::vector<Entry> all;
        for (std::int64_t number = 1; number <= count; ++number) {
            all.push_back(busy_entry(ids_.next(), number));
            all.back().type = EntryType::posting;
            if (number % 13 == 0) all.back().recorded = all[all.size() - 2].recorded;
        }
        return all;
    }

    test::TemporaryFolder folder_;
    test::Ids ids_;
};

TEST_F(UpgradeTest, KeepsEveryEntryAndItsOrder) {
    const std::vector<Entry> old = entries(5000);
    {
        FirstBooks first(url());
        // The tables are in the order of ids; what counts is when an entry was recorded.
        std::vector<Entry> shuffled = old;
        std::ranges::rotate(shuffled, shuffled.begin() + 1234);
        first.insert(shuffled);
    }
    Books books(url());
    std::vector<Entry> found;
    ASSERT_TRUE(books.database->read([&](Transaction& snapshot) -> Result<void> {
        const Result<AccountNames> names = load_account_names(snapshot);
        if (!names) return names.error();
        return each_entry(snapshot, 0, [&](const StoredEntry& stored) -> Result<bool> {
            EXPECT_EQ(stored.sequence, static_cast<Sequence>(found.size()) + 1);
            const Result<Entry> entry = named(stored, *names);
            if (!entry) return entry.error();
            found.push_back(*entry);
            return true;
        });
    }));
    EXPECT_EQ(found, old);
    EXPECT_EQ(books.verified().findings.size(), 0U);
}

TEST_F(UpgradeTest, KeepsEveryBalance) {
    const std::vector<Entry> old = entries(700);
    FirstBooks(url()).insert(old);
    std::map<std::string, Balance> expected;
    for (const Entry& entry : old) {
        for (const Line& line : entry.lines) {
            ASSERT_TRUE(apply(expected[about(line.account)], entry.type, line.minor_units));
        }
    }
    Books books(url());
    std::map<std::string, Balance> found;
    for (const AccountBalance& one : books.balances())
        found[about(one.account)] = one.balance;
    EXPECT_EQ(found, expected);
}

// The merchant who sends an old request again must not be paid twice after an upgrade.
TEST_F(UpgradeTest, KnowsOldIdsAndGoesOn) {
    const std::vector<Entry> old = entries(300);
    FirstBooks(url()).insert(old);
    {
        Books books(url());
        const auto again = books.post(old[100]);
        ASSERT_TRUE(again) << again.error().detail();
        EXPECT_TRUE(again->replayed);
        EXPECT_EQ(again->sequence, 101);
        const auto next = books.post(busy_entry(ids_.next(), 301));
        ASSERT_TRUE(next);
        EXPECT_EQ(next->sequence, 301);
    }
    Books books(url());
    EXPECT_TRUE(books.post(old[299])->replayed);
    EXPECT_EQ(books.verified().findings.size(), 0U);
}

TEST_F(UpgradeTest, MakesEmptyBooksOfEmptyBooks) {
    FirstBooks{url()};
    Books books(url());
    EXPECT_TRUE(books.balances().empty());
    EXPECT_EQ(books.post(busy_entry(ids_.next(), 1))->sequence, 1);
}

// An entry that does not balance: the old release never wrote one, so somebody else has.
TEST_F(UpgradeTest, LeavesBooksAloneThatItCanNotCarryOver) {
    {
        FirstBooks first(url());
        first.insert(entries(50));
        first.execute(
            "UPDATE lines SET amount = amount + 1 WHERE line_no = 1 AND entry_id ="
            " (SELECT min(entry_id) FROM lines)");
    }
    for (int tries = 0; tries < 2; ++tries) {
        const auto opened = Database::open(url(), journal_migrations());
        ASSERT_FALSE(opened);
        EXPECT_EQ(opened.error().code(), ErrorCode::integrity);
        EXPECT_NE(opened.error().detail().find("the old books can not be carried over"),
                  std::string::npos)
            << opened.error().detail();
        EXPECT_NE(opened.error().detail().find("migration 2"), std::string::npos);
    }
    // The release that wrote them can still use them.
    const auto old = Database::open(url(), journal_migrations().first(1));
    ASSERT_TRUE(old);
    std::int64_t lines = 0;
    ASSERT_TRUE((*old)->read([&](Transaction& snapshot) {
        return snapshot.query(
            "SELECT count(*) FROM lines", {}, [&](const Row& row) { lines = row.integer(0); });
    }));
    EXPECT_EQ(lines, 100);
}

TEST_F(UpgradeTest, RefusesBooksOfANewerRelease) {
    { Books books(url()); }
    const auto opened = Database::open(url(), journal_migrations().first(1));
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code(), ErrorCode::integrity);
    EXPECT_NE(opened.error().detail().find("the database has schema version 4 and this program"
                                           " knows 1: a newer Causeway wrote it"),
              std::string::npos)
        << opened.error().detail();
}

}  // namespace
}  // namespace causeway::ledger
