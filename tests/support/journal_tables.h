// SPDX-License-Identifier: Apache-2.0
//
// The journal's tables as somebody sees them who has the file and knows nothing of the journal:
// names, columns, rows, and statements that change them.
#pragma once

#include "ledger/digest.h"
#include "ledger/store/database.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::test {

/// A value as SQL writes it.
struct Cell {
    ledger::ColumnType type;
    std::int64_t number = 0;
    std::string text;  ///< Of bytes, too.

    [[nodiscard]] std::string literal(bool postgres) const {
        if (type == ledger::ColumnType::number) return number_literal();
        if (type == ledger::ColumnType::bytes) {
            // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): text seen as bytes
            const auto* const data = reinterpret_cast<const std::uint8_t*>(text.data());
            const std::string digits = to_hex(std::span(data, text.size()));
            return postgres ? "decode('" + digits + "', 'hex')" : "x'" + digits + "'";
        }
        return "'" + text + "'";
    }

    friend bool operator==(const Cell&, const Cell&) = default;

  private:
    // The least number has no positive twin, so SQL can not spell it.
    [[nodiscard]] std::string number_literal() const {
        if (number == INT64_MIN) return "(-9223372036854775807 - 1)";
        return std::to_string(number);
    }
};

struct TableColumn {
    std::string name;
    ledger::ColumnType type;
    bool is_key;
    bool loose;  ///< Takes values of other types, as most columns of SQLite do.
};

using TableRow = std::vector<Cell>;

/// One table with its rows.
struct JournalTable {
    std::string name;
    bool postgres;
    std::vector<TableColumn> columns;
    std::vector<TableRow> rows;

    /// " WHERE " and what tells `row` from the others.
    [[nodiscard]] std::string where(const TableRow& row) const {
        std::string text;
        for (std::size_t at = 0; at < columns.size(); ++at) {
            if (!columns[at].is_key) continue;
            text += text.empty() ? " WHERE " : " AND ";
            text += columns[at].name + " = " + row[at].literal(postgres);
        }
        return text;
    }
    [[nodiscard]] std::string update(const TableRow& row,
                                     const std::string& column,
                                     const std::string& expression) const {
        return "UPDATE " + name + " SET " + column + " = " + expression + where(row);
    }
    /// Whether two rows say the same, but for their keys.
    [[nodiscard]] bool alike(const TableRow& one, const TableRow& other) const {
        for (std::size_t at = 0; at < columns.size(); ++at) {
            if (!columns[at].is_key && one[at] != other[at]) return false;
        }
        return true;
    }
    /// `row` as it stands becomes what `contents` says, but for the key.
    [[nodiscard]] std::string overwrite(const TableRow& row, const TableRow& contents) const {
        std::string text;
        for (std::size_t at = 0; at < columns.size(); ++at) {
            if (columns[at].is_key) continue;
            text += text.empty() ? "UPDATE " + name + " SET " : std::string(", ");
            text += columns[at].name + " = " + contents[at].literal(postgres);
        }
        return text + where(row);
    }
    [[nodiscard]] std::string remove(const TableRow& row) const {
        return "DELETE FROM " + name + where(row);
    }
    [[nodiscard]] std::string insert(const TableRow& row) const {
        std::string names;
        std::string values;
        for (std::size_t at = 0; at < columns.size(); ++at) {
            names += (at == 0 ? "" : ", ") + columns[at].name;
            values += (at == 0 ? "" : ", ") + row[at].literal(postgres);
        }
        return "INSERT INTO " + name + " (" + names + ") VALUES (" + values + ")";
    }
    [[nodiscard]] std::size_t column(std::string_view wanted) const {
        for (std::size_t at = 0; at < columns.size(); ++at) {
            if (columns[at].name == wanted) return at;
        }
        throw std::logic_error("no such column");
    }
};

inline ledger::ColumnType type_named(std::string_view name) {
    if (name == "TEXT" || name == "text") return ledger::ColumnType::text;
    if (name == "BLOB" || name == "bytea") return ledger::ColumnType::bytes;
    if (name == "BIGINT" || name == "bigint" || name == "INTEGER") {
        return ledger::ColumnType::number;
    }
    throw std::logic_error("a column of an unknown type");
}

/// What the database itself says of its tables, so that a new one can not be forgotten.
inline std::vector<JournalTable> journal_tables(ledger::Transaction& snapshot, bool postgres) {
    constexpr std::string_view kSqlite =
        "SELECT m.name, p.name, p.type, p.pk > 0 FROM sqlite_schema m"
        " JOIN pragma_table_info(m.name) p WHERE m.type = 'table' AND m.name LIKE 'journal%'"
        " ORDER BY m.name, p.cid";
    constexpr std::string_view kPostgres =
        "SELECT c.table_name, c.column_name, c.data_type, (k.column_name IS NOT NULL)::int::bigint"
        " FROM information_schema.columns c LEFT JOIN information_schema.key_column_usage k"
        " ON k.table_schema = c.table_schema AND k.table_name = c.table_name"
        " AND k.column_name = c.column_name AND k.constraint_name LIKE '%_pkey'"
        " WHERE c.table_schema = current_schema() AND c.table_name LIKE 'journal%'"
        " ORDER BY c.table_name, c.ordinal_position";
    std::vector<JournalTable> tables;
    const auto listed =
        snapshot.query(postgres ? kPostgres : kSqlite, {}, [&](const ledger::Row& row) {
            if (tables.empty() || tables.back().name != row.text(0)) {
                tables.push_back({std::string(row.text(0)), postgres, {}, {}});
            }
            tables.back().columns.push_back({std::string(row.text(1)),
                                             type_named(row.text(2)),
                                             row.integer(3) != 0,
                                             !postgres && row.text(2) != "INTEGER"});
        });
    if (!listed) throw std::runtime_error(listed.error().detail());
    for (JournalTable& table : tables) {
        const auto read = snapshot.query(
            "SELECT * FROM " + table.name + " ORDER BY 1, 2", {}, [&](const auto& row) {
                TableRow& cells = table.rows.emplace_back();
                for (std::size_t at = 0; at < table.columns.size(); ++at) {
                    const auto column = static_cast<int>(at);
                    Cell cell{.type = table.columns[at].type, .number = 0, .text = {}};
                    if (cell.type == ledger::ColumnType::number) {
                        cell.number = row.integer(column);
                    } else if (cell.type == ledger::ColumnType::text) {
                        cell.text = row.text(column);
                    } else {
                        const auto bytes = row.bytes(column);
                        cell.text.assign(bytes.begin(), bytes.end());
                    }
                    cells.push_back(std::move(cell));
                }
            });
        if (!read) throw std::runtime_error(read.error().detail());
    }
    return tables;
}

}  // namespace causeway::test
