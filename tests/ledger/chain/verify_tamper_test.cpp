// SPDX-License-Identifier: Apache-2.0
//
// Whoever changes the file behind the journal's back is found, whatever he changes: every column of
// every table, every row taken away, every row too many. The database is asked for its tables and
// columns, so that what is added to the schema one day is not forgotten here.
#include "tests/support/engines.h"
#include "tests/support/journal_tables.h"
#include "tests/support/sample_books.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace causeway::ledger {
namespace {

using test::Cell;
using test::JournalTable;
using test::TableRow;

struct VerifyTamperTest : test::OnEachEngine {
    VerifyTamperTest() {
        options.exported = sample.exported();
        sample.books.read<bool>([&](Transaction& snapshot) -> Result<bool> {
            tables = test::journal_tables(snapshot, on_postgres());
            return true;
        });
    }

    /// What verify says after `sql`, which is taken back; nothing when the database refuses it.
    std::optional<VerifyReport> after(const std::vector<std::string>& statements) {
        std::optional<VerifyReport> report;
        const auto undone = sample.books.run<int>([&](Transaction& body) -> Result<int> {
            report.reset();
            for (const std::string& sql : statements) {
                const Result<std::int64_t> done = body.execute(sql, {});
                if (!done) return done.error();
                if (*done == 0) ADD_FAILURE() << "changes nothing: " << sql;
            }
            const Result<VerifyReport> verified = verify(body, options);
            if (verified) report = *verified;
            return Error(ErrorCode::conflict, "taken back");
        });
        EXPECT_FALSE(undone);
        return report;
    }
    void expect_found(const std::vector<std::string>& statements) {
        const std::optional<VerifyReport> report = after(statements);
        if (!report) return;
        ++tried;
        if (report->findings.empty()) ADD_FAILURE() << "not found: " << statements.front();
    }

    /// What one may write into a column instead of `cell`.
    [[nodiscard]] std::vector<std::string> others(const test::TableColumn& column,
                                                  const Cell& cell,
                                                  bool all_bytes) const {
        std::vector<std::string> found;
        const bool pg = on_postgres();
        if (cell.type == ColumnType::number) {
            constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
            constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
            std::set<std::int64_t> numbers{0, kLeast};
            if (cell.number < kMost) numbers.insert(cell.number + 1);
            if (cell.number > kLeast) numbers.insert(cell.number - 1);
            numbers.erase(cell.number);
            for (const std::int64_t number : numbers)
                found.push_back(Cell{.type = cell.type, .number = number, .text = {}}.literal(pg));
            if (column.loose) {
                for (const char* const expression : {" + 0.25", " || 'x'"})
                    found.push_back(column.name + expression);
                found.push_back("CAST(" + column.name + " AS BLOB)");
            }
            return found;
        }
        const auto add = [&](std::string text) {
            if (text == cell.text) return;
            found.push_back(
                Cell{.type = cell.type, .number = 0, .text = std::move(text)}.literal(pg));
        };
        add({});
        add(cell.text + (cell.type == ColumnType::text ? "x" : std::string(1, '\0')));
        add(cell.text.substr(0, cell.text.size() - 1));
        const std::size_t step = all_bytes ? 1 : std::max<std::size_t>(cell.text.size() / 4, 1);
        for (std::size_t at = 0; at < cell.text.size(); at += step) {
            std::string text = cell.text;
            // The highest bit of a packed number says that more follows.
            const bool high = cell.type == ColumnType::bytes && at % 2 == 1;
            text[at] = static_cast<char>(text[at] ^ (high ? 0x80 : 1));
            add(text);
        }
        if (column.loose) {
            found.push_back("CAST(" + column.name +
                            (cell.type == ColumnType::text ? " AS BLOB)" : " AS TEXT)"));
        }
        return found;
    }

    /// Rows that stand for all: of the entries one of each type, the first and the last.
    [[nodiscard]] std::vector<TableRow> samples(const JournalTable& table) const {
        if (table.name == "journal_entries") {
            std::vector<TableRow> found{table.rows.front(), table.rows.back()};
            std::set<std::int64_t> types;
            for (const TableRow& row : table.rows) {
                if (types.insert(row[table.column("type")].number).second) found.push_back(row);
            }
            return found;
        }
        // A server answers more slowly.
        const std::size_t rows_max = on_postgres() ? 3 : 6;
        const std::size_t step = table.rows.size() / rows_max + 1;
        std::vector<TableRow> found;
        for (std::size_t at = 0; at < table.rows.size(); at += step)
            found.push_back(table.rows[at]);
        return found;
    }

    /// The next account's number. Where nobody counts them (SQLite) an account that no entry names
    /// says nothing.
    [[nodiscard]] bool is_free(const JournalTable& table, std::int64_t number) const {
        return !on_postgres() && table.name == "journal_accounts" &&
               number == table.rows.back().front().number + 1;
    }
    /// With a name of its own where names are unique.
    [[nodiscard]] static TableRow renamed(const JournalTable& table, TableRow row) {
        if (table.name == "journal_accounts") row[table.column("owner")].text = "somebody";
        if (table.name == "journal_entry_ids") row[table.column("sequence")].number += 1;
        return row;
    }

    test::SampleBooks sample{url()};
    VerifyOptions options = sample.trusting();
    std::vector<JournalTable> tables;
    int tried = 0;
};

TEST_P(VerifyTamperTest, FindsNothingBefore) {
    const std::optional<VerifyReport> report = after({});
    ASSERT_TRUE(report);
    EXPECT_TRUE(report->findings.empty());
    ASSERT_EQ(tables.size(), 11U);
    for (const JournalTable& table : tables) {
        const bool other_engine =
            table.name == (on_postgres() ? "journal_id_runs" : "journal_entry_ids");
        EXPECT_EQ(table.rows.empty(), other_engine) << table.name;
    }
}

TEST_P(VerifyTamperTest, FindsEveryChangedValue) {
    for (const JournalTable& table : tables) {
        for (const TableRow& row : samples(table)) {
            for (std::size_t at = 0; at < table.columns.size(); ++at) {
                const test::TableColumn& column = table.columns[at];
                const bool all_bytes = column.name == "postings";
                for (const std::string& other : others(column, row[at], all_bytes))
                    expect_found({table.update(row, column.name, other)});
            }
        }
    }
    EXPECT_GT(tried, 1000);
}

TEST_P(VerifyTamperTest, FindsEveryRowThatIsGone) {
    for (const JournalTable& table : tables) {
        for (const TableRow& row : samples(table)) {
            // The journal itself leaves the last ids to the next run, and a tail without the last
            // entry is whole in itself: that one is seen against an exported head (VerifyTest).
            const bool last = row == table.rows.back();
            const bool tail = table.name == "journal_id_runs" || table.name == "journal_entries";
            if (!tail || !last) expect_found({table.remove(row)});
        }
    }
    EXPECT_GT(tried, 25);
}

// A copy of a row under each other key that comes to mind.
TEST_P(VerifyTamperTest, FindsEveryRowTooMany) {
    for (const JournalTable& table : tables) {
        for (const TableRow& row : samples(table)) {
            for (std::size_t at = 0; at < table.columns.size(); ++at) {
                if (!table.columns[at].is_key) continue;
                TableRow copy = row;
                if (copy[at].type == ColumnType::number) {
                    const std::int64_t was = row[at].number;
                    for (const std::int64_t number : {was + 1, was + 1'000'003, -was, -1L}) {
                        copy[at].number = number;
                        if (!is_free(table, number))
                            expect_found({table.insert(renamed(table, copy))});
                    }
                } else {
                    copy[at].text.front() = static_cast<char>(copy[at].text.front() ^ 1);
                    expect_found({table.insert(copy)});
                }
            }
        }
    }
    EXPECT_GT(tried, 100);
}

TEST_P(VerifyTamperTest, FindsRowsThatHaveSwappedTheirContents) {
    for (const JournalTable& table : tables) {
        const std::vector<TableRow> rows = samples(table);
        for (std::size_t at = 1; at < rows.size(); ++at) {
            if (table.alike(rows[at - 1], rows[at])) continue;
            std::vector<std::string> statements{table.overwrite(rows[at - 1], rows[at]),
                                                table.overwrite(rows[at], rows[at - 1])};
            // Names are unique, so they go by way of a third.
            if (table.name == "journal_accounts") {
                statements.insert(statements.begin(),
                                  table.update(rows[at], "owner", "'for a moment'"));
            }
            expect_found(statements);
        }
    }
    EXPECT_GT(tried, 15);
}

// One column of two rows: two hashes, two amounts, two names.
TEST_P(VerifyTamperTest, FindsValuesThatHaveChangedPlaces) {
    for (const JournalTable& table : tables) {
        const std::vector<TableRow> rows = samples(table);
        for (std::size_t at = 1; at < rows.size(); ++at) {
            for (std::size_t column = 0; column < table.columns.size(); ++column) {
                const std::string& name = table.columns[column].name;
                const Cell& one = rows[at - 1][column];
                const Cell& other = rows[at][column];
                if (table.columns[column].is_key || one == other) continue;
                expect_found({table.update(rows[at - 1], name, other.literal(on_postgres())),
                              table.update(rows[at], name, one.literal(on_postgres()))});
            }
        }
    }
    EXPECT_GT(tried, 50);
}

CAUSEWAY_ON_EACH_ENGINE(VerifyTamperTest);

}  // namespace
}  // namespace causeway::ledger
