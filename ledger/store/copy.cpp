// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/copy.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

namespace causeway::ledger {
namespace {

constexpr std::size_t kPageBytes = 1U << 20U;
constexpr std::int64_t kFirstPageRows = 64;
constexpr std::int64_t kPageRowsMax = 4096;

/// Rows, with all that they speak of in one buffer.
class Page {
  public:
    explicit Page(const std::vector<TableColumn>& columns) : columns_(&columns) {}

    void clear() {
        cells_.clear();
        bytes_.clear();
    }
    void add(const Row& row) {
        for (std::size_t i = 0; i < columns_->size(); ++i) {
            const int column = static_cast<int>(i);
            if (row.is_null(column)) {
                cells_.push_back({.is_null = true});
            } else if ((*columns_)[i].type == ColumnType::number) {
                cells_.push_back({.number = row.integer(column)});
            } else if ((*columns_)[i].type == ColumnType::text) {
                const std::string_view text = row.text(column);
                keep(text.data(), text.size());
            } else {
                const std::span<const std::uint8_t> bytes = row.bytes(column);
                keep(bytes.data(), bytes.size());
            }
        }
    }

    [[nodiscard]] std::int64_t rows() const {
        return static_cast<std::int64_t>(cells_.size() / columns_->size());
    }
    [[nodiscard]] std::size_t size_bytes() const {
        return bytes_.size() + cells_.size() * sizeof(Cell);
    }

    /// Lifetime: until the next add() or clear().
    [[nodiscard]] std::vector<Value> values() const {
        std::vector<Value> all;
        all.reserve(cells_.size());
        for (std::size_t i = 0; i < cells_.size(); ++i)
            all.push_back(value(i));
        return all;
    }
    /// Of the last row, the columns at these places.
    [[nodiscard]] std::vector<Value> last(const std::vector<std::size_t>& places) const {
        std::vector<Value> found;
        if (cells_.empty()) return found;
        for (const std::size_t place : places)
            found.push_back(value(cells_.size() - columns_->size() + place));
        return found;
    }

  private:
    struct Cell {
        bool is_null = false;
        std::int64_t number = 0;
        std::size_t start = 0;  // in bytes_
        std::size_t size = 0;
    };

    void keep(const void* data, std::size_t size) {
        const auto* const from = static_cast<const std::uint8_t*>(data);
        cells_.push_back({.start = bytes_.size(), .size = size});
        bytes_.insert(bytes_.end(), from, from + size);
    }
    [[nodiscard]] Value value(std::size_t at) const {
        const Cell& cell = cells_[at];
        const ColumnType type = (*columns_)[at % columns_->size()].type;
        if (cell.is_null) return nullptr;
        if (type == ColumnType::number) return cell.number;
        const auto bytes = std::span(bytes_).subspan(cell.start, cell.size);
        if (type == ColumnType::bytes) return bytes;
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes seen as text
        return std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    }

    const std::vector<TableColumn>* columns_;
    std::vector<Cell> cells_;
    std::vector<std::uint8_t> bytes_;
};

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names)
        text += (text.empty() ? "" : ", ") + name;
    return text;
}

// The first page when `after` is false; else what comes after a key.
std::string page_sql(const Table& table, bool after) {
    std::vector<std::string> columns;
    for (const TableColumn& column : table.columns)
        columns.push_back(column.name);
    std::string sql = "SELECT " + listed(columns) + " FROM " + table.name;
    std::size_t parameters = 0;
    if (after) {
        std::vector<std::string> marks;
        for (std::size_t i = 0; i < table.key.size(); ++i)
            marks.push_back("$" + std::to_string(++parameters));
        sql += " WHERE (" + listed(table.key) + ") > (" + listed(marks) + ")";
    }
    return sql + " ORDER BY " + listed(table.key) + " LIMIT $" + std::to_string(parameters + 1);
}

Result<void> query_page(Transaction& source,
                        const std::string& sql,
                        const std::vector<Value>& key,
                        std::int64_t rows,
                        const std::function<void(const Row&)>& each) {
    switch (key.size()) {
        case 0: return source.query(sql, {rows}, each);
        case 1: return source.query(sql, {key[0], rows}, each);
        case 2: return source.query(sql, {key[0], key[1], rows}, each);
        case 3: return source.query(sql, {key[0], key[1], key[2], rows}, each);
        case 4: return source.query(sql, {key[0], key[1], key[2], key[3], rows}, each);
        default: throw std::logic_error("a primary key of more than four columns");
    }
}

std::vector<std::size_t> places_of_key(const Table& table) {
    std::vector<std::size_t> places;
    for (const std::string& name : table.key) {
        const auto column = std::ranges::find(table.columns, name, &TableColumn::name);
        places.push_back(static_cast<std::size_t>(column - table.columns.begin()));
    }
    return places;
}

// How many rows to ask for when so many took so much.
std::int64_t next_rows(std::int64_t rows, std::size_t bytes) {
    if (bytes > kPageBytes) return std::max<std::int64_t>(rows / 2, 1);
    return bytes < kPageBytes / 4 ? std::min(rows * 2, kPageRowsMax) : rows;
}

}  // namespace

Result<std::int64_t> copy_table(Transaction& source, const Table& table, const RowSink& sink) {
    std::vector<Column> columns;
    for (const TableColumn& column : table.columns)
        columns.push_back({.name = column.name, .type = column.type});
    const std::vector<std::size_t> key = places_of_key(table);
    const std::string first = page_sql(table, false);
    const std::string next = page_sql(table, true);
    // The key of the page before is in use while the next is read.
    Page page(table.columns);
    Page before(table.columns);
    std::int64_t copied = 0;
    std::int64_t rows = kFirstPageRows;
    while (true) {
        page.clear();
        const Result<void> read = query_page(source,
                                             before.rows() == 0 ? first : next,
                                             before.last(key),
                                             rows,
                                             [&page](const Row& row) { page.add(row); });
        if (!read) return read.error();
        if (page.rows() == 0) return copied;
        const std::vector<Value> values = page.values();
        const Result<void> taken =
            sink({.table = table.name, .columns = columns, .tail = {}, .values = values});
        if (!taken) return taken.error();
        copied += page.rows();
        if (page.rows() < rows) return copied;
        rows = next_rows(rows, page.size_bytes());
        std::swap(page, before);
    }
}

Result<bool> has_rows(Transaction& source, const Table& table) {
    bool found = false;
    const Result<void> read = source.query(
        "SELECT 1 FROM " + table.name + " LIMIT 1", {}, [&found](const Row&) { found = true; });
    if (!read) return read.error();
    return found;
}

}  // namespace causeway::ledger
