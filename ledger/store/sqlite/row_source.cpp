// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/sqlite/row_source.h"

#include <sqlite3.h>

#include <cstdint>
#include <new>
#include <string_view>
#include <variant>

namespace causeway::ledger::sqlite {
namespace {

// What SQLite asks of a table of ours, see https://sqlite.org/vtab.html; the names are its own.

struct Table : sqlite3_vtab {
    const RowSource* source;
};

struct Cursor : sqlite3_vtab_cursor {
    std::span<const Value> values;
    std::size_t width;
    std::size_t at;  // the first value of the present row
};

Cursor& cursor_of(sqlite3_vtab_cursor* base) {
    return *static_cast<Cursor*>(base);
}

int connect(sqlite3* handle, void* source, int, const char* const*, sqlite3_vtab** made, char**) {
    static_assert(RowSource::kColumnsMax == 16);
    const int code = sqlite3_declare_vtab(handle,
                                          "CREATE TABLE rows (c1, c2, c3, c4, c5, c6, c7, c8, c9, "
                                          "c10, c11, c12, c13, c14, c15, c16)");
    if (code != SQLITE_OK) return code;
    auto* const table = new (std::nothrow) Table{};
    if (table == nullptr) return SQLITE_NOMEM;
    table->source = static_cast<const RowSource*>(source);
    *made = table;
    return SQLITE_OK;
}

int disconnect(sqlite3_vtab* table) {
    delete static_cast<Table*>(table);
    return SQLITE_OK;
}

// There is one way to read it.
int best_index(sqlite3_vtab*, sqlite3_index_info*) {
    return SQLITE_OK;
}

int open(sqlite3_vtab*, sqlite3_vtab_cursor** made) {
    auto* const cursor = new (std::nothrow) Cursor{};
    if (cursor == nullptr) return SQLITE_NOMEM;
    *made = cursor;
    return SQLITE_OK;
}

int close(sqlite3_vtab_cursor* cursor) {
    delete static_cast<Cursor*>(cursor);
    return SQLITE_OK;
}

int filter(sqlite3_vtab_cursor* base, int, const char*, int, sqlite3_value**) {
    const RowSource& source = *static_cast<const Table*>(base->pVtab)->source;
    Cursor& cursor = cursor_of(base);
    cursor.values = source.values();
    cursor.width = source.width();
    cursor.at = 0;
    return SQLITE_OK;
}

int next(sqlite3_vtab_cursor* base) {
    Cursor& cursor = cursor_of(base);
    cursor.at += cursor.width;
    return SQLITE_OK;
}

int eof(sqlite3_vtab_cursor* base) {
    const Cursor& cursor = cursor_of(base);
    return cursor.at >= cursor.values.size() ? 1 : 0;
}

// The values live until the statement has run, so SQLite need not copy them. An empty view may
// have no address, and that would be NULL.
int column(sqlite3_vtab_cursor* base, sqlite3_context* context, int column) {
    const Cursor& cursor = cursor_of(base);
    const auto which = static_cast<std::size_t>(column);
    if (which >= cursor.width) return SQLITE_OK;
    const Value::State& state = cursor.values[cursor.at + which].state();
    if (const auto* number = std::get_if<std::int64_t>(&state)) {
        sqlite3_result_int64(context, *number);
    } else if (const auto* text = std::get_if<std::string_view>(&state)) {
        const char* const data = text->empty() ? "" : text->data();
        sqlite3_result_text64(context, data, text->size(), SQLITE_STATIC, SQLITE_UTF8);
    } else if (const auto* bytes = std::get_if<std::span<const std::uint8_t>>(&state)) {
        const void* const data = bytes->empty() ? static_cast<const void*>("") : bytes->data();
        sqlite3_result_blob64(context, data, bytes->size(), SQLITE_STATIC);
    }
    return SQLITE_OK;
}

int rowid(sqlite3_vtab_cursor* base, sqlite3_int64* number) {
    *number = static_cast<sqlite3_int64>(cursor_of(base).at);
    return SQLITE_OK;
}

// Without xCreate: the table is there of itself, and nobody can make another of its kind.
constexpr sqlite3_module kModule = [] {
    sqlite3_module module{};
    module.xConnect = connect;
    module.xBestIndex = best_index;
    module.xDisconnect = disconnect;
    module.xOpen = open;
    module.xClose = close;
    module.xFilter = filter;
    module.xNext = next;
    module.xEof = eof;
    module.xColumn = column;
    module.xRowid = rowid;
    return module;
}();

}  // namespace

int RowSource::attach(sqlite3* handle) {
    return sqlite3_create_module(handle, "causeway_rows", &kModule, this);
}

std::string insert_of_shown(const Rows& rows) {
    std::string sql = "INSERT OR FAIL INTO ";
    sql += rows.table;
    std::string shown;
    for (std::size_t i = 0; i < rows.columns.size(); ++i) {
        sql += i == 0 ? " (" : ", ";
        sql += rows.columns[i].name;
        shown += (i == 0 ? "c" : ", c") + std::to_string(i + 1);
    }
    return sql += ") SELECT " + shown + " FROM causeway_rows";
}

}  // namespace causeway::ledger::sqlite
