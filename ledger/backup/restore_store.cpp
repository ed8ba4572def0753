// SPDX-License-Identifier: Apache-2.0
#include "ledger/backup/backup.h"
#include "ledger/backup/facts.h"
#include "ledger/journal/rebuild.h"
#include "ledger/store/commit_queue.h"
#include "ledger/store/copy.h"
#include "ledger/store/sqlite/database_file.h"

#include <filesystem>
#include <memory>
#include <optional>

namespace causeway::ledger {
namespace {

using Migrations = std::span<const Migration>;

bool is_broken(const CopyReport& report) {
    return !report.verified.findings.empty();
}

std::int64_t last_version(Migrations migrations) {
    return static_cast<std::int64_t>(migrations.size());
}

// What the file says of itself. Books of an older schema can not be verified as they are; then
// there is no report.
struct Look {
    Origin origin;
    std::optional<CopyReport> report;
};

Result<Look> look_at(const std::string& path, Migrations migrations) {
    Look look;
    const std::int64_t known = last_version(migrations);
    const Result<void> read = sqlite::read_file(path, [&](Transaction& snapshot) -> Result<void> {
        const Result<Origin> origin = origin_of(snapshot, known);
        if (!origin) return origin.error();
        look.origin = *origin;
        if (origin->schema_version != known) return {};
        Result<CopyReport> facts = facts_of(snapshot, origin->shared);
        if (!facts) return facts.error();
        look.report = *std::move(facts);
        return {};
    });
    if (!read) return read.error();
    if (look.origin.schema_version <= known) return look;
    return Error(ErrorCode::integrity,
                 "the backup has schema version " + std::to_string(look.origin.schema_version) +
                     " and this program knows " + std::to_string(known) +
                     ": a newer Causeway wrote it, use that one or a newer");
}

// Brings the database at `path` up to the last of `migrations` and to SQLite's ways, and verifies
// it.
Result<CopyReport> bring_up(const std::string& path, const Origin& origin, Migrations migrations) {
    const Result<std::unique_ptr<Database>> opened = Database::open("sqlite:" + path, migrations);
    if (!opened) return opened.error();
    if (origin.shared) {
        const Result<bool> rebuilt =
            (*opened)->writer().commit<bool>([](Transaction& body) -> Result<bool> {
                const Result<void> done = rebuild_journal(body, false);
                if (!done) return done.error();
                return true;
            });
        if (!rebuilt) return rebuilt.error();
    }
    std::optional<Result<CopyReport>> facts;
    const Result<void> read = (*opened)->read([&facts](Transaction& snapshot) -> Result<void> {
        facts.emplace(facts_of(snapshot, false));
        return {};
    });
    if (!read) return read.error();
    return *std::move(facts);
}

Result<CopyReport> restore_file(const std::string& from,
                                const std::string& to,
                                const Origin& origin,
                                Migrations migrations) {
    if (origin.lanes > 1) {
        return Error(ErrorCode::integrity,
                     std::to_string(origin.lanes) +
                         " processes have posted to these books, each in a lane of its own, and"
                         " SQLite has one lane: restore them into PostgreSQL");
    }
    Result<sqlite::Berth> berth = sqlite::Berth::take(to);
    if (!berth) return berth.error();
    const Result<void> copied = sqlite::copy_file(from, berth->draft());
    if (!copied) return copied.error();
    Result<CopyReport> report = bring_up(berth->draft(), origin, migrations);
    if (!report || is_broken(*report)) return report;
    const Result<void> installed = berth->install();
    if (!installed) return installed.error();
    return report;
}

Result<void> check_empty(Transaction& body, const std::vector<Table>& tables) {
    for (const Table& table : tables) {
        const Result<bool> used = has_rows(body, table);
        if (!used) return used.error();
        if (!*used) continue;
        return Error(ErrorCode::conflict,
                     "the database is not empty: there are rows in " + table.name);
    }
    return {};
}

// In one transaction, verified before it is committed.
Result<CopyReport> fill(Transaction& body,
                        const std::string& path,
                        bool shared,
                        Migrations migrations) {
    const std::vector<Table> tables = tables_of(migrations);
    const Result<void> empty = check_empty(body, tables);
    if (!empty) return empty.error();
    const Result<void> copied = sqlite::read_file(path, [&](Transaction& source) -> Result<void> {
        for (const Table& table : tables) {
            if (!shared && is_rebuilt(table.name)) continue;
            const Result<std::int64_t> rows = copy_table(source, table, [&](const Rows& page) {
                Result<void> sent = body.insert_rows(page);
                // Waits, so that no more than a page is on its way.
                return sent ? body.query("SELECT 1", {}, [](const Row&) {}) : sent;
            });
            if (!rows) return rows.error();
        }
        return {};
    });
    if (!copied) return copied.error();
    if (!shared) {
        const Result<void> rebuilt = rebuild_journal(body, true);
        if (!rebuilt) return rebuilt.error();
    }
    Result<CopyReport> report = facts_of(body, true);
    if (!report || !is_broken(*report)) return report;
    const Finding& first = report->verified.findings.front();
    return Error(ErrorCode::integrity,
                 "the restored books do not verify: " + first.rule + ": " + first.detail);
}

Result<CopyReport> restore_rows(const std::string& path,
                                std::string_view url,
                                bool shared,
                                Migrations migrations) {
    const Result<std::unique_ptr<Database>> target = Database::open(url, migrations);
    if (!target) return target.error();
    return (*target)->writer().commit<CopyReport>(
        [&](Transaction& body) { return fill(body, path, shared, migrations); });
}

// Only SQLite has written backups of older schemas; they are brought up beside themselves first.
Result<CopyReport> restore_old_rows(const std::string& path,
                                    std::string_view url,
                                    Migrations migrations) {
    const Result<sqlite::Berth> berth = sqlite::Berth::take(path + ".upgraded");
    if (!berth) return berth.error();
    const Result<void> copied = sqlite::copy_file(path, berth->draft());
    if (!copied) return copied.error();
    Result<CopyReport> report = bring_up(berth->draft(), {}, migrations);
    if (!report || is_broken(*report)) return report;
    return restore_rows(berth->draft(), url, false, migrations);
}

}  // namespace

Result<CopyReport> restore(const std::string& path,
                           std::string_view url,
                           std::span<const Migration> migrations) {
    std::error_code unknown;
    const std::uintmax_t bytes = std::filesystem::file_size(path, unknown);
    if (unknown) return Error(ErrorCode::not_found, "there is no backup at " + path);
    Result<Look> look = look_at(path, migrations);
    if (!look) return look.error();
    Result<CopyReport> report = CopyReport{};
    const Result<std::string> file = sqlite_path(url);
    if (look->report && is_broken(*look->report)) {
        report = *std::move(look->report);
    } else if (file) {
        report = restore_file(path, *file, look->origin, migrations);
    } else if (look->report) {
        report = restore_rows(path, url, look->origin.shared, migrations);
    } else {
        report = restore_old_rows(path, url, migrations);
    }
    if (report) report->bytes = static_cast<std::int64_t>(bytes);
    return report;
}

}  // namespace causeway::ledger
