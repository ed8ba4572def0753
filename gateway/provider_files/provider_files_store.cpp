// SPDX-License-Identifier: Apache-2.0
#include "gateway/provider_files/provider_files_store.h"

#include <algorithm>
#include <span>
#include <utility>

namespace causeway::gateway {
namespace {

using ledger::Row;
using ledger::Transaction;

constexpr std::string_view kSchema = R"(
CREATE TABLE file_queue (
    operation_id BYTES NOT NULL PRIMARY KEY,
    connector TEXT NOT NULL
);
CREATE INDEX file_queue_by_connector ON file_queue (connector, operation_id);
CREATE TABLE provider_files (
    file_id BYTES NOT NULL PRIMARY KEY,
    connector TEXT NOT NULL,
    direction TEXT NOT NULL,
    sequence BIGINT,
    name TEXT NOT NULL,
    sha256 BYTES NOT NULL,
    day BIGINT,
    state TEXT NOT NULL,
    lines BIGINT NOT NULL,
    applied BIGINT NOT NULL,
    known BIGINT NOT NULL,
    unmatched BIGINT NOT NULL,
    disbelieved BIGINT NOT NULL,
    faults BIGINT NOT NULL,
    sealed BYTES NOT NULL,
    vault_key TEXT NOT NULL,
    created_us BIGINT NOT NULL,
    UNIQUE (connector, direction, sha256),
    UNIQUE (connector, direction, sequence)
);
)";

constexpr std::string_view kFileColumns =
    "file_id, connector, direction, sequence, name, sha256, day, state, lines, applied, known, "
    "unmatched, disbelieved, faults, sealed, vault_key, created_us, corrects";

FileState state_in(std::string_view text) {
    for (const FileState state : {FileState::written, FileState::reading}) {
        if (to_string(state) == text) return state;
    }
    return FileState::read;
}

ProviderFile file_in(const Row& row) {
    ProviderFile file;
    file.id = row.uuid(0);
    file.connector = row.text(1);
    file.direction = row.text(2) == "out" ? FileDirection::out : FileDirection::in;
    file.sequence = row.maybe_integer(3);
    file.name = row.text(4);
    const std::span<const std::uint8_t> digest = row.bytes(5);
    if (digest.size() == file.digest.size()) std::ranges::copy(digest, file.digest.begin());
    if (const auto day = row.maybe_integer(6)) file.day = Day(std::chrono::days(*day));
    file.state = state_in(row.text(7));
    file.counts = {.lines = row.integer(8),
                   .applied = row.integer(9),
                   .known = row.integer(10),
                   .unmatched = row.integer(11),
                   .disbelieved = row.integer(12),
                   .faults = row.integer(13)};
    file.sealed.assign(row.bytes(14).begin(), row.bytes(14).end());
    file.vault_key = row.text(15);
    file.created = row.moment(16);
    file.corrects = row.maybe_integer(17);
    return file;
}

Result<std::optional<ProviderFile>> file_where(Transaction& tx,
                                               const std::string& condition,
                                               std::initializer_list<ledger::Value> values) {
    std::optional<ProviderFile> found;
    const Result<void> read =
        tx.query("SELECT " + std::string(kFileColumns) + " FROM provider_files WHERE " + condition,
                 values,
                 [&found](const Row& row) { found = file_in(row); });
    if (!read) return read.error();
    return found;
}

}  // namespace

std::string_view to_string(FileDirection direction) noexcept {
    return direction == FileDirection::out ? "out" : "in";
}

std::string_view to_string(FileState state) noexcept {
    switch (state) {
        case FileState::written: return "written";
        case FileState::reading: return "reading";
        case FileState::read: break;
    }
    return "read";
}

std::string_view provider_files_schema_sql() {
    return kSchema;
}

std::string_view corrected_files_schema_sql() {
    return "ALTER TABLE provider_files ADD COLUMN corrects BIGINT;";
}

Result<void> queue_for_file(Transaction& tx, std::string_view connector, const Uuid& operation) {
    return tx.defer(
        "INSERT INTO file_queue (operation_id, connector) VALUES ($1, $2) "
        "ON CONFLICT (operation_id) DO NOTHING",
        {operation, connector});
}

Result<std::vector<Uuid>> queued_for_file(Transaction& tx,
                                          std::string_view connector,
                                          std::size_t limit) {
    std::vector<Uuid> queued;
    const Result<void> read = tx.query(
        "SELECT operation_id FROM file_queue WHERE connector = $1 "
        "ORDER BY operation_id LIMIT $2 /*locked*/",
        {connector, static_cast<std::int64_t>(limit)},
        [&queued](const Row& row) { queued.push_back(row.uuid(0)); });
    if (!read) return read.error();
    return queued;
}

Result<void> take_from_queue(Transaction& tx, const Uuid& operation) {
    return tx.defer("DELETE FROM file_queue WHERE operation_id = $1", {operation});
}

Result<void> insert_provider_file(Transaction& tx, const ProviderFile& file) {
    std::optional<std::int64_t> day;
    if (file.day) day = file.day->time_since_epoch().count();
    const Result<std::int64_t> inserted =
        tx.execute("INSERT INTO provider_files (" + std::string(kFileColumns) +
                       ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, "
                       "$15, $16, $17, $18)",
                   {file.id,
                    file.connector,
                    to_string(file.direction),
                    file.sequence,
                    file.name,
                    std::span<const std::uint8_t>(file.digest),
                    day,
                    to_string(file.state),
                    file.counts.lines,
                    file.counts.applied,
                    file.counts.known,
                    file.counts.unmatched,
                    file.counts.disbelieved,
                    file.counts.faults,
                    std::span<const std::uint8_t>(file.sealed),
                    file.vault_key,
                    file.created,
                    file.corrects});
    if (!inserted) return inserted.error();
    return {};
}

Result<void> finish_provider_file(Transaction& tx, const Uuid& id, const FileCounts& counts) {
    return tx.defer(
        "UPDATE provider_files SET state = 'read', lines = $1, applied = $2, known = $3, "
        "unmatched = $4, disbelieved = $5, faults = $6 WHERE file_id = $7",
        {counts.lines,
         counts.applied,
         counts.known,
         counts.unmatched,
         counts.disbelieved,
         counts.faults,
         id});
}

Result<std::optional<ProviderFile>> find_provider_file(Transaction& tx,
                                                       const FileKey& key,
                                                       const Sha256& digest) {
    return file_where(
        tx,
        "connector = $1 AND direction = $2 AND sha256 = $3",
        {key.connector, to_string(key.direction), std::span<const std::uint8_t>(digest)});
}

Result<std::optional<ProviderFile>> find_numbered_file(Transaction& tx,
                                                       const FileKey& key,
                                                       std::int64_t sequence) {
    return file_where(tx,
                      "connector = $1 AND direction = $2 AND sequence = $3",
                      {key.connector, to_string(key.direction), sequence});
}

Result<std::vector<NumberedFile>> files_of_number(Transaction& tx,
                                                  std::string_view connector,
                                                  FileDirection direction,
                                                  std::int64_t sequence) {
    std::vector<NumberedFile> files;
    const Result<void> read = tx.query(
        "SELECT file_id, CASE WHEN corrects IS NULL "
        "THEN applied + known + unmatched + disbelieved ELSE 0 END FROM provider_files "
        "WHERE connector = $1 AND direction = $2 AND (sequence = $3 OR corrects = $3) "
        "ORDER BY file_id",
        {connector, to_string(direction), sequence},
        [&files](const Row& row) { files.push_back({.id = row.uuid(0), .told = row.integer(1)}); });
    if (!read) return read.error();
    return files;
}

Result<std::int64_t> last_file_sequence(Transaction& tx, const FileKey& key) {
    std::int64_t last = 0;
    const Result<void> read =
        tx.query("SELECT MAX(sequence) FROM provider_files WHERE connector = $1 AND direction = $2",
                 {key.connector, to_string(key.direction)},
                 [&last](const Row& row) { last = row.integer(0); });
    if (!read) return read.error();
    return last;
}

Result<std::vector<ApartTold>> apart_of_message(Transaction& tx, const Uuid& message) {
    std::vector<ApartTold> sorts;
    const Result<void> read = tx.query(
        "SELECT r.reason, r.state, r.currency, COUNT(*), CAST(SUM(r.apart) AS BIGINT) "
        "FROM notifications n "
        "JOIN receipt_tellings t ON t.connector = n.connector AND t.notice_id = n.notice_id "
        "JOIN receipts r ON r.receipt_id = t.receipt_id "
        "WHERE n.message_id = $1 AND r.apart > 0 AND "
        "(n.verdict = 'applied' OR n.verdict = 'unknown_reference') "
        "GROUP BY r.reason, r.state, r.currency ORDER BY r.reason, r.state, r.currency",
        {message},
        [&sorts](const Row& row) {
            sorts.push_back({.reason = std::string(row.text(0)),
                             .state = std::string(row.text(1)),
                             .currency = std::string(row.text(2)),
                             .count = row.integer(3),
                             .amount = row.integer(4)});
        });
    if (!read) return read.error();
    return sorts;
}

Result<std::vector<FileBacklog>> file_backlogs(Transaction& tx) {
    std::vector<FileBacklog> backlogs;
    const Result<void> read = tx.query(
        "SELECT q.connector, COUNT(*), MIN(o.created_us) FROM file_queue q "
        "JOIN operations o ON o.operation_id = q.operation_id "
        "GROUP BY q.connector ORDER BY q.connector",
        {},
        [&backlogs](const Row& row) {
            backlogs.push_back({.connector = std::string(row.text(0)),
                                .waiting = row.integer(1),
                                .oldest = row.moment(2)});
        });
    if (!read) return read.error();
    return backlogs;
}

}  // namespace causeway::gateway
