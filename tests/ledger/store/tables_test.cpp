// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/tables.h"

#include "ledger/journal/journal.h"
#include "tests/support/case_name.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <vector>

namespace causeway::ledger {
namespace {

std::vector<Table> tables(std::string_view sql) {
    const std::array steps{Migration{.version = 1, .sql = sql}};
    return tables_of(steps);
}

TEST(Tables, HaveColumnsTypesAndKeysInTheOrderOfTheSchema) {
    const std::vector<Table> found = tables(
        "CREATE TABLE notes (\n"
        "    note_id BYTES NOT NULL PRIMARY KEY, -- sixteen; of them\n"
        "    body TEXT DEFAULT 'a, b; (c',\n"
        "    size BIGINT NOT NULL CHECK (size >= 0)\n"
        ") /*clustered*/;"
        "CREATE UNIQUE INDEX notes_by_body ON notes (body) WHERE body <> '';"
        "CREATE TABLE places (a BIGINT, b TEXT, UNIQUE (a, b), PRIMARY KEY (b, a));"
        "CREATE TABLE numbers (number ROWKEY)");
    const std::vector<Table> expected{
        {.name = "notes",
         .columns = {{"note_id", ColumnType::bytes},
                     {"body", ColumnType::text},
                     {"size", ColumnType::number}},
         .key = {"note_id"}},
        {.name = "places",
         .columns = {{"a", ColumnType::number}, {"b", ColumnType::text}},
         .key = {"b", "a"}},
        {.name = "numbers", .columns = {{"number", ColumnType::number}}, .key = {"number"}}};
    EXPECT_EQ(found, expected);
}

TEST(Tables, FollowLaterSteps) {
    const std::array steps{
        Migration{.version = 1,
                  .sql = "CREATE TABLE a (k ROWKEY);CREATE TABLE b (k ROWKEY);"
                         "INSERT INTO a (k) VALUES (1)"},
        Migration{.version = 2, .sql = "DROP TABLE a;ALTER TABLE b ADD COLUMN more TEXT;"}};
    const std::vector<Table> expected{
        {.name = "b",
         .columns = {{"k", ColumnType::number}, {"more", ColumnType::text}},
         .key = {"k"}}};
    EXPECT_EQ(tables_of(steps), expected);
}

struct SqlCase {
    const char* name;
    std::string_view sql;
};

class TablesRefuse : public testing::TestWithParam<SqlCase> {};

// A table that the copy does not know of would be missing from every backup, in silence.
TEST_P(TablesRefuse, WhatTheyDoNotUnderstand) {
    EXPECT_THROW((void)tables(GetParam().sql), std::logic_error);
}

INSTANTIATE_TEST_SUITE_P(
    Unknown,
    TablesRefuse,
    testing::Values(SqlCase{"AType", "CREATE TABLE a (k ROWKEY, b REAL)"},
                    SqlCase{"NoKey", "CREATE TABLE a (k BIGINT)"},
                    SqlCase{"NoType", "CREATE TABLE a (k)"},
                    SqlCase{"AStatement", "CREATE VIEW a AS SELECT 1"},
                    SqlCase{"ARename", "CREATE TABLE a (k ROWKEY);ALTER TABLE a RENAME TO b"},
                    SqlCase{"NoSuchTable", "DROP TABLE a"},
                    SqlCase{"NotClosed", "CREATE TABLE a (k ROWKEY"}),
    test::case_name<SqlCase>);

// The engine itself is asked what it has.
TEST(Tables, AreThoseOfTheDatabase) {
    const test::TemporaryFolder folder;
    const auto database = Database::open(folder.url(), journal_migrations());
    ASSERT_TRUE(database);
    const std::vector<Table> known = tables_of(journal_migrations());
    std::vector<std::string> names;
    std::vector<std::string> expected_names;
    ASSERT_TRUE((*database)->read([&](Transaction& snapshot) -> Result<void> {
        EXPECT_TRUE(
            snapshot.query("SELECT name FROM sqlite_schema WHERE type = 'table'"
                           " AND name <> 'schema_version' ORDER BY rowid",
                           {},
                           [&](const Row& row) { names.emplace_back(row.text(0)); }));
        for (const Table& table : known) {
            expected_names.push_back(table.name);
            std::string columns;
            EXPECT_TRUE(snapshot.query("SELECT name, pk FROM pragma_table_info($1) ORDER BY cid",
                                       {table.name},
                                       [&](const Row& row) {
                                           columns += std::string(row.text(0)) +
                                                      (row.integer(1) > 0 ? "* " : " ");
                                       }));
            std::string expected;
            for (const TableColumn& column : table.columns) {
                const bool key = std::ranges::find(table.key, column.name) != table.key.end();
                expected += column.name + (key ? "* " : " ");
            }
            EXPECT_EQ(columns, expected) << table.name;
        }
        return {};
    }));
    EXPECT_EQ(names, expected_names);
}

}  // namespace
}  // namespace causeway::ledger
