// SPDX-License-Identifier: Apache-2.0
#include "gateway/collections/tellings_store.h"

namespace causeway::gateway {
namespace {

using ledger::Transaction;

constexpr std::string_view kUnmatchedSchema = R"(
CREATE TABLE unmatched_connectors (
    connector TEXT NOT NULL PRIMARY KEY
);
)";

}  // namespace

std::string_view unmatched_schema_sql() {
    return kUnmatchedSchema;
}

Result<void> lock_unmatched(Transaction& tx, std::string_view connector) {
    // An insert of a key that is there would wait for nobody: the row is written each time.
    const Result<std::int64_t> written = tx.execute(
        "INSERT INTO unmatched_connectors (connector) VALUES ($1) "
        "ON CONFLICT (connector) DO UPDATE SET connector = excluded.connector",
        {connector});
    if (!written) return written.error();
    return {};
}

}  // namespace causeway::gateway
