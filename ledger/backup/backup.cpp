// SPDX-License-Identifier: Apache-2.0
#include "ledger/backup/backup.h"

#include "ledger/backup/facts.h"
#include "ledger/store/commit_queue.h"
#include "ledger/store/copy.h"
#include "ledger/store/draft_file.h"
#include "ledger/store/sqlite/database_file.h"

#include <filesystem>
#include <memory>

namespace causeway::ledger {
namespace {

// A database that is made on the way to a backup, and goes with this object.
class WorkDatabase {
  public:
    explicit WorkDatabase(std::string path) : path_(std::move(path)) {}
    WorkDatabase(const WorkDatabase&) = delete;
    WorkDatabase& operator=(const WorkDatabase&) = delete;
    ~WorkDatabase() { sqlite::remove_database(path_); }
    [[nodiscard]] const std::string& path() const noexcept { return path_; }

  private:
    const std::string path_;
};

Result<void> run(CommitQueue& queue, const std::function<Result<void>(Transaction&)>& body) {
    const Result<bool> done = queue.commit<bool>([&body](Transaction& transaction) -> Result<bool> {
        const Result<void> outcome = body(transaction);
        if (!outcome) return outcome.error();
        return true;
    });
    return done ? Result<void>() : Result<void>(done.error());
}

Result<void> copy_rows(Transaction& source,
                       std::span<const Migration> migrations,
                       CommitQueue& target) {
    for (const Table& table : tables_of(migrations)) {
        const Result<std::int64_t> copied = copy_table(source, table, [&](const Rows& rows) {
            return run(target, [&rows](Transaction& body) { return body.insert_rows(rows); });
        });
        if (!copied) return copied.error();
    }
    return {};
}

// An engine without files: row by row into a database of our own, and that into the draft.
Result<void> copy_shared(Database& database,
                         std::span<const Migration> migrations,
                         const std::string& draft) {
    const WorkDatabase work(draft + ".work");
    {
        const Result<std::unique_ptr<Database>> made =
            Database::open("sqlite:" + work.path(), migrations);
        if (!made) return made.error();
        const Result<void> copied = database.read([&](Transaction& snapshot) {
            return copy_rows(snapshot, migrations, (*made)->writer());
        });
        if (!copied) return copied;
    }
    return sqlite::copy_file(work.path(), draft);
}

}  // namespace

Result<CopyReport> back_up(Database& database,
                           std::span<const Migration> migrations,
                           const std::string& path,
                           const BackupOptions& options) {
    Result<DraftFile> draft = DraftFile::make(path);
    if (!draft) return draft.error();
    const Result<void> copied = database.is_shared()
                                    ? copy_shared(database, migrations, draft->draft())
                                    : database.copy_to(draft->draft());
    if (!copied) return copied.error();
    CopyReport report;
    const Result<void> read =
        sqlite::read_file(draft->draft(), [&](Transaction& snapshot) -> Result<void> {
            Result<CopyReport> facts = facts_of(snapshot, database.is_shared());
            if (!facts) return facts.error();
            report = *std::move(facts);
            return {};
        });
    if (!read) return read.error();
    std::error_code unknown;
    report.bytes = static_cast<std::int64_t>(std::filesystem::file_size(draft->draft(), unknown));
    if (!report.verified.findings.empty() && !options.keep_broken) return report;
    const Result<void> published = draft->publish();
    if (!published) return published.error();
    return report;
}

}  // namespace causeway::ledger
