// SPDX-License-Identifier: Apache-2.0
#include "gateway/collections/tellings_store.h"

#include "ledger/store/row_memory.h"
#include "ledger/store/sixteens.h"

#include <set>

namespace causeway::gateway {
namespace {

using ledger::Row;
using ledger::Transaction;

// Of tellings that are older nobody knows what they said.
constexpr std::string_view kToldFactsSchema = R"(
ALTER TABLE receipt_tellings ADD COLUMN told_cost BIGINT;
ALTER TABLE receipt_tellings ADD COLUMN told_credited_day BIGINT;
ALTER TABLE receipt_tellings ADD COLUMN by_name BIGINT NOT NULL DEFAULT 0;
)";

constexpr std::string_view kUnmatchedSchema = R"(
CREATE TABLE unmatched_connectors (
    connector TEXT NOT NULL PRIMARY KEY
);
)";

// Nothing has come for an instrument yet.
struct NothingReceived {};

// The columns in the order notice_id, receipt_id, told_day, told_cost, told_credited_day.
Telling read_telling(const Row& row) {
    Telling telling{.notice_id = std::string(row.text(0)),
                    .receipt = row.uuid(1),
                    .day = Day(std::chrono::days(row.integer(2))),
                    .cost = row.maybe_integer(3),
                    .credited_on = std::nullopt};
    if (!row.is_null(4)) telling.credited_on = Day(std::chrono::days(row.integer(4)));
    return telling;
}

}  // namespace

std::string_view told_facts_schema_sql() {
    return kToldFactsSchema;
}

Result<std::optional<Telling>> find_misplaced(Transaction& tx,
                                              std::string_view connector,
                                              const connectors::Notice& notice) {
    std::optional<Telling> found;
    const connectors::Receipt& told = *notice.receipt;
    const Result<void> read = tx.query(
        "SELECT t.notice_id, t.receipt_id, t.told_day, t.told_cost, t.told_credited_day "
        "FROM receipts r JOIN receipt_tellings t ON t.receipt_id = r.receipt_id "
        "WHERE r.connector = $1 AND r.reference = $2 AND r.amount = $3 AND r.paid_day = $4 "
        "AND t.channel = $5 AND t.told_day <> r.paid_day AND t.by_name = 0 "
        "AND (r.way = '' OR $6 = '' OR r.way = $6) ORDER BY t.receipt_id LIMIT 1",
        {connector,
         notice.reference,
         notice.amount->minor_units(),
         std::int64_t{told.paid_on.time_since_epoch().count()},
         told.channel,
         told.way},
        [&found](const Row& row) { found = read_telling(row); });
    if (!read) return read.error();
    return found;
}

Result<void> move_telling(Transaction& tx,
                          std::string_view connector,
                          std::string_view notice_id,
                          const Uuid& receipt) {
    const Result<std::int64_t> moved = tx.execute(
        "UPDATE receipt_tellings SET receipt_id = $1 WHERE connector = $2 AND notice_id = $3",
        {receipt, connector, notice_id});
    if (!moved) return moved.error();
    return {};
}

Result<std::vector<Telling>> tellings_of(Transaction& tx, const Uuid& receipt) {
    std::vector<Telling> tellings;
    const Result<void> read = tx.query(
        "SELECT notice_id, receipt_id, told_day, told_cost, told_credited_day "
        "FROM receipt_tellings WHERE receipt_id = $1 ORDER BY told_us, notice_id",
        {receipt},
        [&tellings](const Row& row) { tellings.push_back(read_telling(row)); });
    if (!read) return read.error();
    return tellings;
}

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

Result<void> foresee_receipts(Transaction& tx,
                              const std::string& connector,
                              const std::vector<std::string>& references) {
    static const std::string select = ledger::sixteen_times(
        "SELECT reference FROM receipts WHERE connector = $1 AND reference = ");
    std::set<std::string> paid;
    Result<void> read = ledger::by_sixteens(references, [&](const auto&... each) {
        return tx.query(
            select, {connector, each...}, [&paid](const Row& row) { paid.emplace(row.text(0)); });
    });
    if (!read) return read;
    for (const std::string& reference : references) {
        if (paid.contains(reference)) continue;
        ledger::remember(tx, ledger::name_key(connector, reference), NothingReceived{});
    }
    return {};
}

Result<bool> has_receipts(Transaction& tx, std::string_view connector, std::string_view reference) {
    const Uuid name = ledger::name_key(connector, reference);
    if (ledger::recall<NothingReceived>(tx, name) != nullptr) return false;
    bool found = false;
    const Result<void> read =
        tx.query("SELECT 1 FROM receipts WHERE connector = $1 AND reference = $2 LIMIT 1",
                 {connector, reference},
                 [&found](const Row&) { found = true; });
    if (!read) return read.error();
    return found;
}

void something_came(Transaction& tx, std::string_view connector, std::string_view reference) {
    ledger::forget<NothingReceived>(tx, ledger::name_key(connector, reference));
}

}  // namespace causeway::gateway
