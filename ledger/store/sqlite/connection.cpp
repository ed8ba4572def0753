// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/sqlite/connection.h"

#include "ledger/store/statement.h"
#include "ledger/store/text.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <variant>

namespace causeway::ledger::sqlite {
namespace {

// Every pragma here says something that SQLite's default does not, or that a distribution could
// have changed. The page size counts for a new file only.
constexpr const char* kWriterSetUp =
    "PRAGMA page_size=8192;"
    "PRAGMA journal_mode=WAL;"
    "PRAGMA synchronous=FULL;"
    "PRAGMA foreign_keys=ON;"
    "PRAGMA temp_store=MEMORY;"
    "PRAGMA mmap_size=0;"
    "PRAGMA cache_size=-65536;"  // KiB
    "PRAGMA cell_size_check=ON;"
    "PRAGMA trusted_schema=OFF;"
    "PRAGMA journal_size_limit=67108864;";  // bytes

constexpr const char* kReaderSetUp =
    "PRAGMA query_only=ON;"
    "PRAGMA wal_autocheckpoint=0;"
    "PRAGMA temp_store=MEMORY;"
    "PRAGMA mmap_size=0;"
    "PRAGMA cache_size=-16384;"
    "PRAGMA cell_size_check=ON;"
    "PRAGMA trusted_schema=OFF;";

// Nothing is kept from it but writing: a copy needs a connection that is not query_only.
constexpr const char* kArchivistSetUp =
    "PRAGMA temp_store=MEMORY;"
    "PRAGMA mmap_size=0;"
    "PRAGMA cell_size_check=ON;"
    "PRAGMA trusted_schema=OFF;";

// A reader waits this long for the moment in which the writer restarts the WAL.
constexpr int kReaderBusyMs = 5000;

class SqliteRow final : public Row {
  public:
    explicit SqliteRow(sqlite3_stmt* handle) : handle_(handle) {}

    [[nodiscard]] bool is_null(int column) const override {
        return sqlite3_column_type(handle_, column) == SQLITE_NULL;
    }
    [[nodiscard]] std::int64_t integer(int column) const override {
        return sqlite3_column_int64(handle_, column);
    }
    [[nodiscard]] std::string_view text(int column) const override {
        const unsigned char* const at = sqlite3_column_text(handle_, column);
        if (at == nullptr) return {};
        return {reinterpret_cast<const char*>(at), size(column)};
    }
    [[nodiscard]] std::span<const std::uint8_t> bytes(int column) const override {
        const void* const at = sqlite3_column_blob(handle_, column);
        if (at == nullptr) return {};
        return {static_cast<const std::uint8_t*>(at), size(column)};
    }
    [[nodiscard]] bool holds(int column, ColumnType type) const override {
        switch (sqlite3_column_type(handle_, column)) {
            case SQLITE_INTEGER: return type == ColumnType::number;
            case SQLITE_TEXT: return type == ColumnType::text;
            case SQLITE_BLOB: return type == ColumnType::bytes;
            default: return false;
        }
    }

  private:
    [[nodiscard]] std::size_t size(int column) const {
        return static_cast<std::size_t>(sqlite3_column_bytes(handle_, column));
    }

    sqlite3_stmt* handle_;
};

Error not_storable() {
    return Error(ErrorCode::invalid_argument, "a text that is not UTF-8 or holds a NUL");
}

int bind_one(sqlite3_stmt* handle, int at, const Value::State& state) {
    // The values outlive the run, so SQLite need not copy them. An empty view may have no address,
    // and that would bind NULL.
    if (const auto* number = std::get_if<std::int64_t>(&state)) {
        return sqlite3_bind_int64(handle, at, *number);
    }
    if (const auto* text = std::get_if<std::string_view>(&state)) {
        if (!is_storable(*text)) return SQLITE_MISMATCH;
        const char* const data = text->empty() ? "" : text->data();
        return sqlite3_bind_text64(handle, at, data, text->size(), SQLITE_STATIC, SQLITE_UTF8);
    }
    if (const auto* bytes = std::get_if<std::span<const std::uint8_t>>(&state)) {
        const void* const data = bytes->empty() ? static_cast<const void*>("") : bytes->data();
        return sqlite3_bind_blob64(handle, at, data, bytes->size(), SQLITE_STATIC);
    }
    if (std::holds_alternative<std::monostate>(state)) return sqlite3_bind_null(handle, at);
    throw std::logic_error("SQLite knows no arrays");
}

// Small objects of a statement's run come from a list of the connection's own. SQLite's default of
// forty is too few for a hundred prepared statements.
constexpr int kLookasideSize = 1200;
constexpr int kLookasides = 400;

}  // namespace

bool is_constraint(int code) noexcept {
    return (code & 0xFF) == SQLITE_CONSTRAINT;
}

bool is_bug(int code) noexcept {
    const int primary = code & 0xFF;
    return primary == SQLITE_ERROR || primary == SQLITE_MISUSE || primary == SQLITE_RANGE ||
           primary == SQLITE_MISMATCH || primary == SQLITE_AUTH;
}

Result<std::unique_ptr<Connection>> Connection::open(const std::string& path,
                                                     Role role,
                                                     const std::string& vfs) {
    // Counting every byte takes a lock of the whole process at each malloc, and nobody asks.
    // Refused once SQLite is at work; it was said before then, or another program's word holds.
    static const int uncounted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    (void)uncounted;
    sqlite3* handle = nullptr;
    const int make = role == Role::writer && !vfs.empty() ? SQLITE_OPEN_CREATE : 0;
    const int access = role == Role::archivist ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    const int flags = access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | make;
    const int code =
        sqlite3_open_v2(path.c_str(), &handle, flags, vfs.empty() ? nullptr : vfs.c_str());
    // SQLite hands out a handle even when it fails, and wants it back.
    std::unique_ptr<Connection> connection(new Connection(handle));
    if (code != SQLITE_OK) {
        return Error(ErrorCode::storage, "can not open " + path + ": " + sqlite3_errstr(code));
    }
    const Result<void> ready = connection->set_up(role);
    if (ready) return connection;
    const Error& why = ready.error();
    const int primary = sqlite3_errcode(handle) & 0xFF;
    if (primary == SQLITE_NOTADB) {
        return Error(ErrorCode::integrity, path + " is no SQLite database");
    }
    if (primary == SQLITE_CORRUPT && role == Role::archivist) {
        return Error(ErrorCode::integrity, path + " is damaged");
    }
    return Error(why.code(), "can not open " + path + ": " + why.detail());
}

Result<void> Connection::set_up(Role role) {
    // "text" is a bug, 'text' is a text; PostgreSQL thinks so too.
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_LOOKASIDE, nullptr, kLookasideSize, kLookasides);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    switch (role) {
        case Role::writer: return set_up_writer();
        case Role::reader: return set_up_reader();
        case Role::archivist: break;
    }
    return set_up_archivist();
}

Result<void> Connection::set_up_reader() {
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    sqlite3_busy_timeout(handle_, kReaderBusyMs);
    return run(kReaderSetUp);
}

Result<void> Connection::set_up_archivist() {
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    sqlite3_busy_timeout(handle_, kReaderBusyMs);
    const Result<std::int64_t> id = number("PRAGMA application_id");
    if (!id) return id.error();
    if (*id == kApplicationId) return run(kArchivistSetUp);
    return Error(ErrorCode::integrity, "it is no database of Causeway's");
}

Result<void> Connection::set_up_writer() {
    const Result<void> owned = check_owner();
    if (!owned) return owned.error();
    const Result<void> ready = run(kWriterSetUp);
    if (!ready) return ready.error();
    const Result<std::int64_t> durable = number(
        "SELECT (SELECT journal_mode FROM pragma_journal_mode) = 'wal'"
        " AND (SELECT synchronous FROM pragma_synchronous) = 2");
    if (!durable) return durable.error();
    if (*durable != 1) return Error(ErrorCode::storage, "SQLite refuses WAL or synchronous=FULL");
    // This hook takes the place of wal_autocheckpoint: we checkpoint between batches.
    if (shown_.attach(handle_) != SQLITE_OK) return Error(ErrorCode::storage, last_error());
    sqlite3_wal_hook(
        handle_,
        [](void* self, sqlite3*, const char*, int pages) {
            static_cast<Connection*>(self)->wal_pages_ = pages;
            return SQLITE_OK;
        },
        this);
    return {};
}

// Before anything is changed: a file of somebody else's keeps every byte.
Result<void> Connection::check_owner() {
    const Result<std::int64_t> id = number("PRAGMA application_id");
    if (!id) return id.error();
    const Result<std::int64_t> tables = number("SELECT count(*) FROM sqlite_schema");
    if (!tables) return tables.error();
    if (*id == kApplicationId || (*id == 0 && *tables == 0)) return {};
    return Error(ErrorCode::integrity, "it is a database, but none of Causeway's");
}

Connection::~Connection() {
    for (const auto& [sql, prepared] : cache_)
        sqlite3_finalize(prepared->handle);
    sqlite3_close_v2(handle_);
}

Result<void> Connection::run(const std::string& sql) {
    if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) return {};
    return Error(ErrorCode::storage, last_error());
}

Result<std::int64_t> Connection::number(const std::string& sql) {
    std::int64_t found = 0;
    sqlite3_stmt* handle = nullptr;
    int code = sqlite3_prepare_v2(handle_, sql.c_str(), -1, &handle, nullptr);
    if (code == SQLITE_OK) {
        code = sqlite3_step(handle);
        if (code == SQLITE_ROW) found = sqlite3_column_int64(handle, 0);
        sqlite3_finalize(handle);
    }
    if (code == SQLITE_ROW || code == SQLITE_DONE) return found;
    return Error(ErrorCode::storage, last_error());
}

Prepared Connection::compile(std::string_view sql) {
    const int parameters = parameters_of(sql);
    Prepared made;
    const char* tail = nullptr;
    const int code = sqlite3_prepare_v3(handle_,
                                        sql.data(),
                                        static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT,
                                        &made.handle,
                                        &tail);
    if (code != SQLITE_OK) refuse(last_error(), sql);
    made.parameters = sqlite3_bind_parameter_count(made.handle);
    made.writes = sqlite3_stmt_readonly(made.handle) == 0;
    const std::string_view rest = sql.substr(static_cast<std::size_t>(tail - sql.data()));
    // SQLite and parameters_of() may differ on what is a comment or a text.
    const bool in_order = made.parameters == parameters;
    const bool alone = rest.find_first_not_of(" \n\t\r;") == std::string_view::npos;
    if (in_order && alone) return made;
    sqlite3_finalize(made.handle);
    refuse(alone ? "parameters are $1, $2, ... in order of first use" : "one statement at a time",
           sql);
}

std::size_t Connection::slot(std::string_view sql) noexcept {
    return (reinterpret_cast<std::uintptr_t>(sql.data()) >> 4U) % 64;
}

Prepared* Connection::recent(std::string_view sql) noexcept {
    Prepared* const candidate = recent_[slot(sql)];
    if (candidate == nullptr || candidate->in_use || candidate->sql != sql) return nullptr;
    return candidate;
}

Prepared* Connection::prepare(std::string_view sql) {
    if (Prepared* const same = recent(sql)) {
        same->in_use = true;
        return same;
    }
    const auto found = cache_.find(sql);
    if (found != cache_.end() && !found->second->in_use) {
        found->second->in_use = true;
        recent_[slot(sql)] = found->second.get();
        return found->second.get();
    }
    auto made = std::make_unique<Prepared>(compile(sql));
    if (found != cache_.end()) {  // it runs inside its own callback: a twin for a single run
        made->sql = found->first;
        return made.release();
    }
    made->cached = true;
    made->in_use = true;
    const auto place = cache_.emplace(std::string(sql), std::move(made)).first;
    place->second->sql = place->first;
    return place->second.get();
}

void Connection::release(Prepared* prepared) noexcept {
    if (prepared->cached) {
        sqlite3_reset(prepared->handle);
        prepared->in_use = false;
        return;
    }
    sqlite3_finalize(prepared->handle);
    delete prepared;
}

Result<void> Connection::bind(Prepared& prepared, std::span<const Value> values) {
    if (values.size() != static_cast<std::size_t>(prepared.parameters)) {
        refuse("the statement wants another number of values", sqlite3_sql(prepared.handle));
    }
    int at = 0;
    for (const Value& value : values) {
        const int code = bind_one(prepared.handle, ++at, value.state());
        if (code == SQLITE_OK) continue;
        if (code == SQLITE_MISMATCH) return not_storable();
        return Error(ErrorCode::invalid_argument, "a value too large to store");
    }
    return {};
}

Result<int> Connection::insert(const Rows& rows) {
    for (const Value& value : rows.values) {
        const auto* const text = std::get_if<std::string_view>(&value.state());
        if (text != nullptr && !is_storable(*text)) return not_storable();
        // The last alternatives are the arrays.
        if (value.state().index() > 3) throw std::logic_error("SQLite knows no arrays");
    }
    const Lease prepared(*this, insert_of_shown(rows));
    const RowSource::Showing showing(shown_, rows);
    return step(*prepared, nullptr).code;
}

int Connection::step_row(Prepared& prepared) noexcept {
    const int code = sqlite3_step(prepared.handle);
    sqlite3_reset(prepared.handle);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

Outcome Connection::step(Prepared& prepared, const std::function<void(const Row&)>* each) {
    const SqliteRow row(prepared.handle);
    int code = sqlite3_step(prepared.handle);
    for (; code == SQLITE_ROW; code = sqlite3_step(prepared.handle)) {
        if (each != nullptr) (*each)(row);
    }
    if (code != SQLITE_DONE) return {.code = code};
    return {.changed = prepared.writes ? sqlite3_changes64(handle_) : 0};
}

std::string Connection::last_error() const {
    return std::string(sqlite3_errmsg(handle_)) + " (SQLite " +
           std::to_string(sqlite3_extended_errcode(handle_)) + ")";
}

bool Connection::in_transaction() const noexcept {
    return sqlite3_get_autocommit(handle_) == 0;
}

Result<void> Connection::checkpoint() {
    const int code =
        sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    if (code == SQLITE_OK || (code & 0xFF) == SQLITE_BUSY) return {};
    return Error(ErrorCode::storage, last_error());
}

}  // namespace causeway::ledger::sqlite
