// SPDX-License-Identifier: Apache-2.0
//
// The ceiling: a loop that hands SQLite the same rows in the same batches with the same durability,
// and does nothing else. What an entry's row holds was computed before.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace causeway::bench {

/// A row of journal_entries.
struct EntryRow {
    std::int64_t sequence;
    std::string id;
    std::int64_t type;
    std::string kind;
    std::string reference;
    std::int64_t effective_us;
    std::int64_t recorded_us;
    std::string postings;
    std::string hash;
};

class BareSqlite {
  public:
    /// Opens a file that a journal made.
    BareSqlite(const std::string& path, std::size_t batch);
    BareSqlite(const BareSqlite&) = delete;
    BareSqlite& operator=(const BareSqlite&) = delete;
    ~BareSqlite();

    /// Inserts the rows, and every 65,536 of them all balances and a run of ids, as the journal
    /// does.
    void post(const std::vector<EntryRow>& rows);

    /// Reads every entry and does nothing with it; says how many there are.
    std::int64_t read_entries();

  private:
    void run(const char* sql);
    sqlite3_stmt* prepared(const char* sql);
    void step(sqlite3_stmt* statement);
    void insert(const EntryRow& row);
    void flush(std::int64_t last);

    std::size_t batch_;
    sqlite3* handle_ = nullptr;
    sqlite3_stmt* begin_ = nullptr;
    sqlite3_stmt* commit_ = nullptr;
    sqlite3_stmt* entry_ = nullptr;
    sqlite3_stmt* balance_ = nullptr;
    sqlite3_stmt* ids_ = nullptr;
    std::size_t since_flush_ = 0;
};

}  // namespace causeway::bench
