// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/sqlite/migrate.h"

#include <algorithm>
#include <cctype>
#include <stdexcept>

namespace causeway::ledger::sqlite {
namespace {

bool is_word(char letter) {
    return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_';
}

// Runs `sql` whole or not at all.
Result<void> run_together(Connection& writer, const std::string& sql) {
    Result<void> done = writer.run("BEGIN IMMEDIATE;" + sql + ";COMMIT");
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

std::string spelt(std::string_view sql) {
    constexpr std::string_view kBytes = "BYTES";
    constexpr std::string_view kClustered = "/*clustered*/";
    std::string text;
    while (!sql.empty()) {
        const bool starts_word = text.empty() || !is_word(text.back());
        const std::string_view after = sql.substr(std::min(kBytes.size(), sql.size()));
        if (starts_word && sql.starts_with(kBytes) && (after.empty() || !is_word(after.front()))) {
            text += "BLOB";
            sql.remove_prefix(kBytes.size());
        } else if (sql.starts_with(kClustered)) {
            text += "WITHOUT ROWID";
            sql.remove_prefix(kClustered.size());
        } else {
            text += sql.front();
            sql.remove_prefix(1);
        }
    }
    return text;
}

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
        const Result<void> done = run_together(
            writer,
            spelt(step.sql) + ";INSERT INTO schema_version (version) VALUES (" + version + ")");
        if (!done) {
            return Error(ErrorCode::storage, "migration " + version + ": " + done.error().detail());
        }
    }
    return {};
}

}  // namespace causeway::ledger::sqlite
