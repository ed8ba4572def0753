// SPDX-License-Identifier: Apache-2.0
//
// Entries of every kind: for tests that copy books, upgrade them or compute them anew.
#pragma once

#include "ledger/digest.h"
#include "ledger/store/tables.h"
#include "tests/support/books.h"

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace causeway::test {

/// The `number`th entry of busy books: late, early and orderly ones, of four merchants in two
/// currencies, some only reserved.
inline ledger::Entry busy_entry(const Uuid& id, std::int64_t number) {
    const std::int64_t now = 1'776'074'461'000'000 + number * 1'000'000;
    ledger::Entry entry = capture(id,
                                  100 + number % 50,
                                  "mer_" + std::to_string(number % 4),
                                  number % 3 == 0 ? "USD" : "EUR");
    entry.reference = "cap_" + std::to_string(number);
    entry.recorded = from_microseconds(now);
    entry.effective = from_microseconds(now - 1'000);
    if (number % 7 == 0) entry.effective = from_microseconds(now - number * 86'400'000'000);
    if (number % 11 == 0) entry.effective = from_microseconds(now + 3'600'000'000);
    if (number % 10 == 0) entry.type = ledger::EntryType::pending;
    return entry;
}

/// Posts `count` entries; of what was reserved a part is posted, a part released and a part left.
inline void make_busy(Books& books, Ids& ids, std::int64_t count) {
    const auto good = [](const auto& result) {
        if (!result) throw std::runtime_error(result.error().detail());
    };
    constexpr std::int64_t kTogether = 100;
    for (std::int64_t number = 1; number <= count;) {
        std::vector<ledger::Entry> entries;
        for (; number <= count && static_cast<std::int64_t>(entries.size()) < kTogether; ++number) {
            const Uuid id = ids.next();
            entries.push_back(busy_entry(id, number));
            if (number % 20 == 0) entries.push_back(void_of(ids.next(), id));
            if (number % 60 == 10) {
                entries.push_back(post_of(ids.next(), id, entries.back().lines));
                for (ledger::Line& line : entries.back().lines)
                    line.minor_units /= 2;
            }
        }
        good(books.run<int>([&](ledger::Transaction& body) -> Result<int> {
            for (const ledger::Entry& entry : entries) {
                const Result<ledger::Posted> posted = books.journal->post(body, entry);
                if (!posted) return posted.error();
            }
            return 0;
        }));
    }
    good(books.set_terms(ids.next(),
                         account("mer_1", ledger::Purpose::merchant_pending),
                         {.debits_within_credits = true}));
}

/// Every row of the tables, in the order of their keys, as text.
inline std::string rows_of(ledger::Database& database,
                           const std::vector<ledger::Table>& tables,
                           const std::vector<std::string>& only = {}) {
    std::string all;
    const auto listed = [](const auto& names, const auto& name_of) {
        std::string text;
        for (const auto& name : names)
            text += (text.empty() ? "" : ", ") + name_of(name);
        return text;
    };
    const Result<void> read = database.read([&](ledger::Transaction& snapshot) -> Result<void> {
        for (const ledger::Table& table : tables) {
            if (!only.empty() && std::ranges::find(only, table.name) == only.end()) continue;
            all += "== " + table.name + "\n";
            const std::string sql =
                "SELECT " +
                listed(table.columns, [](const ledger::TableColumn& one) { return one.name; }) +
                " FROM " + table.name + " ORDER BY " +
                listed(table.key, [](const std::string& one) { return one; });
            const Result<void> done = snapshot.query(sql, {}, [&](const ledger::Row& row) {
                for (std::size_t i = 0; i < table.columns.size(); ++i) {
                    const int column = static_cast<int>(i);
                    const ledger::ColumnType type = table.columns[i].type;
                    if (row.is_null(column)) {
                        all += "NULL";
                    } else if (type == ledger::ColumnType::number) {
                        all += std::to_string(row.integer(column));
                    } else if (type == ledger::ColumnType::text) {
                        all += row.text(column);
                    } else {
                        all += to_hex(row.bytes(column));
                    }
                    all += " ";
                }
                all += "\n";
            });
            if (!done) return done;
        }
        return {};
    });
    if (!read) throw std::runtime_error(read.error().detail());
    return all;
}

}  // namespace causeway::test
