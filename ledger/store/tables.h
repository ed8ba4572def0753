// SPDX-License-Identifier: Apache-2.0
//
// The tables that migrations leave behind, read from their SQL: the one description that all
// engines share. It is what an engine-neutral copy goes by.
//
// This reads the SQL of our own migrations and no other: what it does not know is a bug.
#pragma once

#include "ledger/store/database.h"

#include <span>
#include <string>
#include <vector>

namespace causeway::ledger {

struct TableColumn {
    std::string name;
    ColumnType type;

    friend bool operator==(const TableColumn&, const TableColumn&) = default;
};

struct Table {
    std::string name;
    std::vector<TableColumn> columns;  ///< In the order of the schema.
    std::vector<std::string> key;      ///< Of its primary key.

    friend bool operator==(const Table&, const Table&) = default;
};

/// In the order in which they were created. The engines' own tables are not among them.
///
/// Throws std::logic_error for a statement or a type it does not know, and for a table without a
/// primary key.
[[nodiscard]] std::vector<Table> tables_of(std::span<const Migration> migrations);

}  // namespace causeway::ledger
