// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/ledger/bare_postgres.h"

#include "ledger/journal/stored_entry.h"
#include "ledger/store/postgres/parameters.h"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <stdexcept>

namespace causeway::bench {
namespace {

using ledger::Column;
using ledger::ColumnType;
using ledger::Value;
using ledger::postgres::Parameters;

constexpr std::array kEntries{Column{"sequence", ColumnType::number},
                              Column{"entry_id", ColumnType::bytes},
                              Column{"type", ColumnType::number},
                              Column{"kind", ColumnType::text},
                              Column{"reference", ColumnType::text},
                              Column{"effective_us", ColumnType::number},
                              Column{"recorded_us", ColumnType::number},
                              Column{"postings", ColumnType::bytes},
                              Column{"hash", ColumnType::bytes}};
constexpr std::array kIds{Column{"entry_id", ColumnType::bytes},
                          Column{"sequence", ColumnType::number}};
constexpr std::array kBalances{Column{"account_id", ColumnType::number},
                               Column{"terms", ColumnType::number},
                               Column{"debits", ColumnType::number},
                               Column{"credits", ColumnType::number},
                               Column{"pending_debits", ColumnType::number},
                               Column{"pending_credits", ColumnType::number},
                               Column{"line_count", ColumnType::number},
                               Column{"last_sequence", ColumnType::number},
                               Column{"last_recorded_us", ColumnType::number},
                               Column{"ordered_debits", ColumnType::number},
                               Column{"ordered_credits", ColumnType::number},
                               Column{"ordered_pending_debits", ColumnType::number},
                               Column{"ordered_pending_credits", ColumnType::number},
                               Column{"watermark_us", ColumnType::number},
                               Column{"block_max_us", ColumnType::number}};
constexpr std::string_view kBalancesTail =
    "ON CONFLICT (account_id) DO UPDATE SET debits = excluded.debits,"
    " credits = excluded.credits, line_count = excluded.line_count,"
    " last_sequence = excluded.last_sequence, last_recorded_us = excluded.last_recorded_us,"
    " ordered_debits = excluded.ordered_debits, ordered_credits = excluded.ordered_credits,"
    " watermark_us = excluded.watermark_us, block_max_us = excluded.block_max_us";

std::span<const std::uint8_t> bytes(const std::string& text) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): text seen as bytes
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::set<std::int64_t> accounts_of(const EntryRow& row) {
    ledger::StoredEntry entry{.sequence = row.sequence,
                              .type = static_cast<ledger::EntryType>(row.type)};
    if (!ledger::unpack_postings(bytes(row.postings), entry))
        throw std::runtime_error("postings that can not be read");
    std::set<std::int64_t> accounts;
    for (const ledger::StoredLine& line : entry.lines)
        accounts.insert(line.account_id);
    return accounts;
}

}  // namespace

struct BarePostgres::Connection {
    PGconn* handle = nullptr;
    std::map<std::string, std::string> names;  // of prepared statements

    void check(bool sound) const {
        if (!sound) throw std::runtime_error(PQerrorMessage(handle));
    }
    const std::string& prepared(const std::string& sql, const Parameters& parameters) {
        std::string& name = names[sql];
        if (!name.empty()) return name;
        name = "s" + std::to_string(names.size());
        const std::vector<Oid> types = parameters.types();
        PGresult* const done =
            PQprepare(handle, name.c_str(), sql.c_str(), parameters.count(), types.data());
        check(PQresultStatus(done) == PGRES_COMMAND_OK);
        PQclear(done);
        return name;
    }
    void send(const std::string& name, const Parameters& parameters) const {
        check(PQsendQueryPrepared(handle,
                                  name.c_str(),
                                  parameters.count(),
                                  parameters.values(),
                                  parameters.lengths(),
                                  parameters.formats(),
                                  1) == 1);
    }
    void send(const char* sql) const {
        check(PQsendQueryParams(handle, sql, 0, nullptr, nullptr, nullptr, nullptr, 1) == 1);
    }
    void finish_pipeline() const {
        check(PQpipelineSync(handle) == 1);
        for (bool synced = false; !synced;) {
            PGresult* const result = PQgetResult(handle);
            if (result == nullptr) continue;
            synced = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
            check(synced || PQresultStatus(result) == PGRES_COMMAND_OK);
            PQclear(result);
        }
    }
};

struct BarePostgres::Batch {
    std::vector<EntryRow> rows;
    std::array<std::vector<Value>, 3> values;
    std::array<Parameters, 3> parameters;
    std::array<std::string, 3> names;
};

BarePostgres::BarePostgres(const std::string& url, std::size_t batch)
    : batch_(batch), connection_(std::make_unique<Connection>()) {
    connection_->handle = PQconnectdb(url.c_str());
    connection_->check(PQstatus(connection_->handle) == CONNECTION_OK);
}

BarePostgres::~BarePostgres() {
    PQfinish(connection_->handle);
}

void BarePostgres::prepare(const std::vector<EntryRow>& rows) {
    batches_.clear();
    for (std::size_t at = 0; at < rows.size(); at += batch_) {
        auto batch = std::make_unique<Batch>();
        const std::size_t end = std::min(at + batch_, rows.size());
        batch->rows.assign(rows.begin() + static_cast<std::ptrdiff_t>(at),
                           rows.begin() + static_cast<std::ptrdiff_t>(end));
        std::set<std::int64_t> touched;
        for (const EntryRow& row : batch->rows) {
            batch->values[0].insert(batch->values[0].end(),
                                    {row.sequence,
                                     bytes(row.id),
                                     row.type,
                                     row.kind,
                                     row.reference,
                                     row.effective_us,
                                     row.recorded_us,
                                     bytes(row.postings),
                                     bytes(row.hash)});
            batch->values[1].insert(batch->values[1].end(), {bytes(row.id), row.sequence});
            touched.merge(accounts_of(row));
        }
        for (const std::int64_t account : touched) {
            batch->values[2].push_back(account);
            for (std::size_t i = 1; i < kBalances.size(); ++i)
                batch->values[2].push_back(batch->rows.back().sequence);
        }
        const std::array<ledger::Rows, 3> tables{
            ledger::Rows{"journal_entries", kEntries, {}, batch->values[0]},
            ledger::Rows{"journal_entry_ids", kIds, {}, batch->values[1]},
            ledger::Rows{"journal_balances", kBalances, kBalancesTail, batch->values[2]}};
        for (std::size_t i = 0; i < tables.size(); ++i) {
            if (!batch->parameters[i].add_columns(tables[i]))
                throw std::runtime_error("rows that can not be sent");
            batch->parameters[i].seal();
            batch->names[i] = connection_->prepared(ledger::postgres::statement_of(tables[i]),
                                                    batch->parameters[i]);
        }
        batches_.push_back(std::move(batch));
    }
}

void BarePostgres::post() {
    connection_->check(PQenterPipelineMode(connection_->handle) == 1);
    for (const std::unique_ptr<Batch>& batch : batches_) {
        connection_->send("BEGIN");
        for (std::size_t i = 0; i < batch->names.size(); ++i)
            connection_->send(batch->names[i], batch->parameters[i]);
        connection_->send("COMMIT");
        connection_->finish_pipeline();
    }
    connection_->check(PQexitPipelineMode(connection_->handle) == 1);
}

}  // namespace causeway::bench
