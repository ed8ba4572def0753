// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/account_row.h"
#include "ledger/journal/stored_entry.h"

#include <initializer_list>
#include <optional>

namespace causeway::ledger {
namespace {

// `a` and `b` are the two tables.
#define CAUSEWAY_ACCOUNT_ROWS                                                             \
    "SELECT a.account_id, a.owner, a.purpose, a.currency, b.terms, b.debits, b.credits,"  \
    " b.pending_debits, b.pending_credits, b.line_count, b.last_sequence,"                \
    " b.last_recorded_us, b.ordered_debits, b.ordered_credits, b.ordered_pending_debits," \
    " b.ordered_pending_credits, b.watermark_us, b.block_max_us"                          \
    " FROM journal_accounts a LEFT JOIN journal_balances b ON b.account_id = a.account_id"

Result<std::vector<PublishedAccount>> rows(Transaction& snapshot,
                                           std::string_view sql,
                                           std::initializer_list<Value> values) {
    std::vector<PublishedAccount> found;
    std::optional<Error> broken;
    const Result<void> read = snapshot.query(sql, values, [&](const Row& row) {
        Result<AccountKey> key = account_key(row, 1);
        if (!key) {
            broken = key.error();
            return;
        }
        found.push_back(
            {.id = row.integer(0), .key = *std::move(key), .state = account_state(row, 4)});
    });
    if (!read) return read.error();
    if (broken) return *broken;
    return found;
}

}  // namespace

AccountState account_state(const Row& row, int first) {
    if (row.is_null(first)) return {};
    return {.balance = {.debits = row.integer(first + 1),
                        .credits = row.integer(first + 2),
                        .pending_debits = row.integer(first + 3),
                        .pending_credits = row.integer(first + 4)},
            .terms = row.integer(first),
            .line_count = row.integer(first + 5),
            .last_sequence = row.integer(first + 6),
            .last_recorded_us = row.integer(first + 7),
            .ordered = {.debits = row.integer(first + 8),
                        .credits = row.integer(first + 9),
                        .pending_debits = row.integer(first + 10),
                        .pending_credits = row.integer(first + 11)},
            .watermark_us = row.integer(first + 12),
            .block_max_us = row.integer(first + 13)};
}

Result<std::vector<PublishedAccount>> account_rows(Transaction& snapshot) {
    return rows(snapshot, CAUSEWAY_ACCOUNT_ROWS " ORDER BY a.account_id", {});
}

Result<std::vector<PublishedAccount>> account_rows(Transaction& snapshot, std::string_view owner) {
    return rows(snapshot, CAUSEWAY_ACCOUNT_ROWS " WHERE a.owner = $1", {owner});
}

Result<std::vector<PublishedAccount>> account_row(Transaction& snapshot, const AccountKey& key) {
    return rows(snapshot,
                CAUSEWAY_ACCOUNT_ROWS " WHERE a.owner = $1 AND a.purpose = $2 AND a.currency = $3",
                {key.owner, to_string(key.purpose), key.currency.code()});
}

Result<std::vector<PublishedAccount>> account_row(Transaction& snapshot, std::int64_t account_id) {
    return rows(snapshot, CAUSEWAY_ACCOUNT_ROWS " WHERE a.account_id = $1", {account_id});
}

}  // namespace causeway::ledger
