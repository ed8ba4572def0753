// SPDX-License-Identifier: Apache-2.0
//
// The journal's tables, step by step, and how the books of the first step become those of the
// second.
#include "ledger/journal/journal.h"
#include "ledger/journal/upgrade.h"

#include <array>

namespace causeway::ledger {
namespace {

// The first books: an entry and its lines in rows of their own, known by the entry's id.
constexpr std::string_view kFirstTables = R"(
CREATE TABLE accounts (
    account_id BIGINT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    purpose TEXT NOT NULL,
    currency TEXT NOT NULL,
    UNIQUE (owner, purpose, currency)
) /*clustered*/;
CREATE TABLE entries (
    entry_id BYTES NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    reference TEXT NOT NULL,
    effective_us BIGINT NOT NULL,
    recorded_us BIGINT NOT NULL
) /*clustered*/;
CREATE TABLE lines (
    entry_id BYTES NOT NULL,
    line_no BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    PRIMARY KEY (entry_id, line_no)
) /*clustered*/;
CREATE TABLE balances (
    account_id BIGINT NOT NULL PRIMARY KEY,
    debits BIGINT NOT NULL,
    credits BIGINT NOT NULL
) /*clustered*/;
)";

// An entry is one row. Amounts are minor units, *_us microseconds since 1970-01-01 UTC.
constexpr std::string_view kTables = R"(
CREATE TABLE journal_accounts (
    account_id BIGINT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    purpose TEXT NOT NULL,
    currency TEXT NOT NULL,
    UNIQUE (owner, purpose, currency)
) /*clustered*/;
CREATE TABLE journal_balances (
    account_id BIGINT NOT NULL PRIMARY KEY,
    terms BIGINT NOT NULL,
    debits BIGINT NOT NULL,
    credits BIGINT NOT NULL,
    pending_debits BIGINT NOT NULL,
    pending_credits BIGINT NOT NULL,
    line_count BIGINT NOT NULL,
    last_sequence BIGINT NOT NULL,
    last_recorded_us BIGINT NOT NULL,
    ordered_debits BIGINT NOT NULL,
    ordered_credits BIGINT NOT NULL,
    ordered_pending_debits BIGINT NOT NULL,
    ordered_pending_credits BIGINT NOT NULL,
    watermark_us BIGINT NOT NULL,
    block_max_us BIGINT NOT NULL
) /*clustered*/;
CREATE TABLE journal_entries (
    sequence ROWKEY,
    entry_id BYTES NOT NULL,
    type BIGINT NOT NULL,
    kind TEXT NOT NULL,
    reference TEXT NOT NULL,
    effective_us BIGINT NOT NULL,
    recorded_us BIGINT NOT NULL,
    postings BYTES NOT NULL,
    hash BYTES NOT NULL
);
CREATE TABLE journal_entry_ids (
    entry_id BYTES NOT NULL PRIMARY KEY,
    sequence BIGINT NOT NULL
) /*clustered*/;
CREATE TABLE journal_id_runs (
    first_sequence BIGINT NOT NULL PRIMARY KEY,
    fingerprints BYTES NOT NULL
);
CREATE TABLE journal_pendings (
    sequence BIGINT NOT NULL PRIMARY KEY,
    state BIGINT NOT NULL,
    expires_us BIGINT NOT NULL,
    remaining BYTES NOT NULL
) /*clustered*/;
CREATE INDEX journal_pendings_open ON journal_pendings (expires_us, sequence) WHERE state = 1;
CREATE TABLE journal_marks (
    account_id BIGINT NOT NULL,
    mark_no BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    line_no BIGINT NOT NULL,
    recorded_us BIGINT NOT NULL,
    watermark_us BIGINT NOT NULL,
    ordered_debits BIGINT NOT NULL,
    ordered_credits BIGINT NOT NULL,
    ordered_pending_debits BIGINT NOT NULL,
    ordered_pending_credits BIGINT NOT NULL,
    PRIMARY KEY (account_id, mark_no)
) /*clustered*/;
CREATE TABLE journal_displaced (
    account_id BIGINT NOT NULL,
    effective_us BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    line_no BIGINT NOT NULL,
    debits BIGINT NOT NULL,
    credits BIGINT NOT NULL,
    pending_debits BIGINT NOT NULL,
    pending_credits BIGINT NOT NULL,
    PRIMARY KEY (account_id, effective_us, sequence, line_no)
) /*clustered*/;
CREATE TABLE journal_displaced_totals (
    account_id BIGINT NOT NULL,
    level BIGINT NOT NULL,
    bucket BIGINT NOT NULL,
    debits BIGINT NOT NULL,
    credits BIGINT NOT NULL,
    pending_debits BIGINT NOT NULL,
    pending_credits BIGINT NOT NULL,
    PRIMARY KEY (account_id, level, bucket)
) /*clustered*/;
CREATE TABLE journal_lanes (
    lane BIGINT NOT NULL PRIMARY KEY,
    last_sequence BIGINT NOT NULL,
    last_hash BYTES NOT NULL,
    last_recorded_us BIGINT NOT NULL,
    accounts BIGINT NOT NULL
) /*clustered*/;
CREATE TABLE journal_heads (
    lane BIGINT NOT NULL,
    last_sequence BIGINT NOT NULL,
    body BYTES NOT NULL,
    signature BYTES NOT NULL,
    PRIMARY KEY (lane, last_sequence)
) /*clustered*/;
)";

constexpr std::string_view kDropFirstTables = R"(
DROP TABLE balances;
DROP TABLE lines;
DROP TABLE entries;
DROP TABLE accounts;
)";

// A row to hold on to and nothing else: whoever opens an account of an owner and whoever changes
// what its accounts may do come one after the other. Used where several processes share the books.
constexpr std::string_view kOwners = R"(
CREATE TABLE account_owner_locks (
    owner TEXT NOT NULL,
    purpose TEXT NOT NULL,
    PRIMARY KEY (owner, purpose)
);
)";

constexpr std::array kMigrations{
    Migration{.version = 1, .sql = kFirstTables},
    Migration{.version = 2, .sql = kTables, .upgrade = &upgrade_first_books},
    Migration{.version = 3, .sql = kDropFirstTables},
    Migration{.version = 4, .sql = kOwners},
};

}  // namespace

std::span<const Migration> journal_migrations() {
    return kMigrations;
}

}  // namespace causeway::ledger
