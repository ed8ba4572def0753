// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/ledger/bare_sqlite.h"

#include "tests/bench/ledger/transfers.h"

#include <sqlite3.h>

#include <algorithm>
#include <stdexcept>

namespace causeway::bench {
namespace {

constexpr std::size_t kFlushEvery = 65'536;

void check(bool sound, sqlite3* handle) {
    if (!sound) throw std::runtime_error(sqlite3_errmsg(handle));
}

int size(const std::string& text) {
    return static_cast<int>(text.size());
}

}  // namespace

BareSqlite::BareSqlite(const std::string& path, std::size_t batch) : batch_(batch) {
    check(sqlite3_open_v2(
              path.c_str(), &handle_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr) ==
              SQLITE_OK,
          handle_);
    run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=2000;"
        "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-65536; PRAGMA cell_size_check=ON");
    begin_ = prepared("BEGIN IMMEDIATE");
    commit_ = prepared("COMMIT");
    entry_ = prepared(
        "INSERT INTO journal_entries (sequence, entry_id, type, kind, reference, effective_us,"
        " recorded_us, postings, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
    balance_ = prepared(
        "UPDATE journal_balances SET terms = $2, debits = $3, credits = $4, pending_debits = $5,"
        " pending_credits = $6, line_count = $7, last_sequence = $8, last_recorded_us = $9,"
        " ordered_debits = $10, ordered_credits = $11, ordered_pending_debits = $12,"
        " ordered_pending_credits = $13, watermark_us = $14, block_max_us = $15"
        " WHERE account_id = $1");
    ids_ = prepared(
        "INSERT OR REPLACE INTO journal_id_runs (first_sequence, fingerprints) VALUES ($1, $2)");
}

BareSqlite::~BareSqlite() {
    for (sqlite3_stmt* statement : {begin_, commit_, entry_, balance_, ids_})
        sqlite3_finalize(statement);
    sqlite3_close(handle_);
}

void BareSqlite::post(const std::vector<EntryRow>& rows) {
    for (std::size_t at = 0; at < rows.size(); at += batch_) {
        const std::size_t end = std::min(at + batch_, rows.size());
        step(begin_);
        for (std::size_t i = at; i < end; ++i)
            insert(rows[i]);
        since_flush_ += end - at;
        if (since_flush_ >= kFlushEvery) flush(rows[end - 1].sequence);
        step(commit_);
    }
}

std::int64_t BareSqlite::read_entries() {
    sqlite3_stmt* const read = prepared(
        "SELECT sequence, entry_id, type, kind, reference, effective_us, recorded_us, postings,"
        " hash FROM journal_entries ORDER BY sequence");
    std::int64_t count = 0;
    std::int64_t sum = 0;
    while (sqlite3_step(read) == SQLITE_ROW) {
        for (const int number : {0, 2, 5, 6})
            sum += sqlite3_column_int64(read, number);
        for (const int bytes : {1, 3, 4, 7, 8})
            sum += sqlite3_column_bytes(read, bytes);
        ++count;
    }
    sqlite3_finalize(read);
    return sum == 0 ? 0 : count;
}

void BareSqlite::run(const char* sql) {
    check(sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) == SQLITE_OK, handle_);
}

sqlite3_stmt* BareSqlite::prepared(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v3(handle_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) ==
              SQLITE_OK,
          handle_);
    return statement;
}

void BareSqlite::step(sqlite3_stmt* statement) {
    check(sqlite3_step(statement) == SQLITE_DONE, handle_);
    sqlite3_reset(statement);
}

void BareSqlite::insert(const EntryRow& row) {
    sqlite3_bind_int64(entry_, 1, row.sequence);
    sqlite3_bind_blob(entry_, 2, row.id.data(), size(row.id), SQLITE_STATIC);
    sqlite3_bind_int64(entry_, 3, row.type);
    sqlite3_bind_text(entry_, 4, row.kind.data(), size(row.kind), SQLITE_STATIC);
    sqlite3_bind_text(entry_, 5, row.reference.data(), size(row.reference), SQLITE_STATIC);
    sqlite3_bind_int64(entry_, 6, row.effective_us);
    sqlite3_bind_int64(entry_, 7, row.recorded_us);
    sqlite3_bind_blob(entry_, 8, row.postings.data(), size(row.postings), SQLITE_STATIC);
    sqlite3_bind_blob(entry_, 9, row.hash.data(), size(row.hash), SQLITE_STATIC);
    step(entry_);
}

void BareSqlite::flush(std::int64_t last) {
    since_flush_ = 0;
    for (std::int64_t account = 1; account <= kAccounts; ++account) {
        sqlite3_bind_int64(balance_, 1, account);
        for (int column = 2; column <= 15; ++column)
            sqlite3_bind_int64(balance_, column, last * column);
        step(balance_);
    }
    const std::vector<std::uint64_t> ids(kFlushEvery, static_cast<std::uint64_t>(last));
    sqlite3_bind_int64(ids_, 1, last);
    sqlite3_bind_blob(ids_, 2, ids.data(), static_cast<int>(ids.size() * 8), SQLITE_STATIC);
    step(ids_);
}

}  // namespace causeway::bench
