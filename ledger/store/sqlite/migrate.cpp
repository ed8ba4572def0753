// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/sqlite/migrate.h"

#include "ledger/store/spelling.h"
#include "ledger/store/sqlite/session.h"

#include <array>
#include <stdexcept>
#include <string>

namespace causeway::ledger::sqlite {
namespace {

constexpr std::array kSpellings{Spelling{"BYTES", "BLOB"},
                                Spelling{"ROWKEY", "INTEGER PRIMARY KEY"},
                                Spelling{"/*clustered*/", "WITHOUT ROWID"}};

// Runs `sql` and then `upgrade`, whole or not at all.
Result<void> run_together(Connection& writer,
                          const std::string& sql,
                          Result<void> (*upgrade)(Transaction&) = nullptr) {
    Result<void> done = writer.run("BEGIN IMMEDIATE;" + sql);
    if (done && upgrade != nullptr) {
        Upgrade body(writer);
        done = upgrade(body);
    }
    if (done) done = writer.run("COMMIT");
    if (!done && writer.in_transaction()) (void)writer.run("ROLLBACK");
    return done;
}

// Together with the application's mark, so that a file is ours from its first table on.
Result<void> found(Connection& writer) {
    return run_together(writer,
                        "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL "
                        "PRIMARY KEY);PRAGMA application_id=" +
                            std::to_string(kApplicationId));
}

}  // namespace

Result<void> migrate(Connection& writer, std::span<const Migration> migrations) {
    int last = 0;
    for (const Migration& step : migrations) {
        if (step.version != ++last) throw std::logic_error("migrations are numbered 1, 2, 3, ...");
    }
    const Result<void> ours = found(writer);
    if (!ours) return ours.error();
    const Result<std::int64_t> stands = writer.number("SELECT max(version) FROM schema_version");
    if (!stands) return stands.error();
    if (*stands > last) {
        return Error(ErrorCode::integrity,
                     "the database has schema version " + std::to_string(*stands) +
                         " and this program knows " + std::to_string(last) +
                         ": a newer Causeway wrote it, use that one or a newer");
    }
    for (const Migration& step : migrations) {
        if (step.version <= *stands) continue;
        const std::string version = std::to_string(step.version);
        const Result<void> done =
            run_together(writer,
                         respelt(step.sql, kSpellings) +
                             ";INSERT INTO schema_version (version) VALUES (" + version + ")",
                         step.upgrade);
        if (!done) {
            return Error(done.error().code(),
                         "migration " + version + ": " + done.error().detail());
        }
    }
    return {};
}

}  // namespace causeway::ledger::sqlite
