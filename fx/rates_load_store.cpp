// SPDX-License-Identifier: Apache-2.0
//
// The reading half of rates_store.h.
#include "fx/rates_rows.h"
#include "fx/rates_store.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <string>
#include <utility>

namespace causeway::fx {
namespace {

using ledger::Currency;
using ledger::Row;
using ledger::Transaction;

constexpr std::array kStatuses{
    RateStatus::current, RateStatus::held, RateStatus::superseded, RateStatus::rejected};

// Current rates by day, newest first, and the base they have in common.
struct Days {
    std::map<Day, std::vector<ReferenceRate>, std::greater<>> rates;
    std::optional<Currency> base;
    bool sound = true;

    // A row of (day, base, currency, mantissa, scale).
    void add(const Row& row) {
        if (!is_listed(row, 2)) return;
        const std::optional<ReferenceRate> rate = rate_in(row, 2);
        const Result<Currency> of = Currency::from_code(row.text(1));
        sound = sound && rate && of && (!base || *base == *of);
        if (!sound) return;
        base = *of;
        rates[day_in(row, 0)].push_back(*rate);
    }
};

Result<std::vector<ReferenceTable>> tables_of(Days days, std::string_view publisher) {
    if (!days.sound) return senseless_rate();
    std::vector<ReferenceTable> tables;
    for (auto& [day, rates] : days.rates) {
        Result<ReferenceTable> table =
            ReferenceTable::make(std::string(publisher), *days.base, day, std::move(rates));
        if (!table) return senseless_rate();
        tables.push_back(*std::move(table));
    }
    return tables;
}

// The newest day with a current rate of each currency, found from index entry to index entry: the
// table itself has a row for every day since 1999.
Result<std::map<std::string, Day>> newest_days(Transaction& transaction,
                                               std::string_view publisher,
                                               Day day) {
    std::map<std::string, Day> newest;
    const Result<void> read = transaction.query(
        "WITH RECURSIVE quoted (currency) AS ("
        " SELECT MIN(currency) FROM fx_rates WHERE source = $1 UNION ALL"
        " SELECT (SELECT MIN(f.currency) FROM fx_rates f WHERE f.source = $1 AND"
        " f.currency > quoted.currency) FROM quoted WHERE quoted.currency IS NOT NULL)"
        " SELECT quoted.currency, (SELECT MAX(f.day) FROM fx_rates f WHERE f.source = $1 AND"
        " f.currency = quoted.currency AND f.status = 'current' AND f.day <= $2)"
        " FROM quoted WHERE quoted.currency IS NOT NULL",
        {publisher, day_number(day)},
        [&newest](const Row& row) {
            if (!row.is_null(1)) newest.emplace(row.text(0), day_in(row, 1));
        });
    if (!read) return read.error();
    return newest;
}

}  // namespace

std::optional<ReferenceRate> rate_in(const Row& row, int first_column) {
    const Result<Currency> currency = Currency::from_code(row.text(first_column));
    const Result<Decimal> value = Decimal::from_parts(
        row.integer(first_column + 1), static_cast<int>(row.integer(first_column + 2)));
    if (!currency || !value || value->is_zero()) return std::nullopt;
    return ReferenceRate{*currency, *value};
}

bool is_listed(const Row& row, int column) {
    return Currency::from_code(row.text(column)).has_value();
}

Error senseless_rate() {
    return Error(ErrorCode::integrity, "a stored rate makes no sense");
}

std::optional<StoredRate> stored_rate_in(const Row& row) {
    const Result<Currency> base = Currency::from_code(row.text(1));
    const std::optional<ReferenceRate> rate = rate_in(row, 3);
    const auto* const status =
        std::ranges::find(kStatuses, row.text(7), [](RateStatus one) { return to_string(one); });
    if (!base || !rate || status == kStatuses.end()) return std::nullopt;
    return StoredRate{.source = std::string(row.text(0)),
                      .base = *base,
                      .day = day_in(row, 2),
                      .currency = rate->currency,
                      .revision = row.integer(6),
                      .per_base = rate->per_base,
                      .status = *status,
                      .reason = std::string(row.text(8)),
                      .recorded = row.maybe_moment(9),
                      .decided = row.maybe_moment(10),
                      .decision = std::string(row.text(11))};
}

Result<ReferenceTable> load_rates(Transaction& transaction, std::string_view publisher, Day day) {
    Days days;
    const Result<void> read = transaction.query(
        "SELECT day, base, currency, mantissa, scale FROM fx_rates WHERE source = $1 AND"
        " status = 'current' AND day = (SELECT MAX(day) FROM fx_rates WHERE source = $1 AND"
        " day <= $2 AND status = 'current') ORDER BY currency",
        {publisher, day_number(day)},
        [&days](const Row& row) { days.add(row); });
    if (!read) return read.error();
    Result<std::vector<ReferenceTable>> tables = tables_of(std::move(days), publisher);
    if (!tables) return tables.error();
    if (tables->empty()) {
        return Error(ErrorCode::not_found,
                     "no rates of " + std::string(publisher) + " up to " + to_text(day));
    }
    return std::move(tables->front());
}

Result<std::vector<ReferenceTable>> load_recent_rates(Transaction& transaction,
                                                      std::string_view publisher,
                                                      Day day) {
    const Result<std::map<std::string, Day>> newest = newest_days(transaction, publisher, day);
    if (!newest) return newest.error();
    if (newest->empty()) return std::vector<ReferenceTable>();
    const Day last =
        std::ranges::max_element(*newest, {}, [](const auto& one) { return one.second; })->second;
    Days days;
    const auto add = [&days](const Row& row) { days.add(row); };
    Result<void> read = transaction.query(
        "SELECT day, base, currency, mantissa, scale FROM fx_rates WHERE source = $1 AND"
        " day > $2 AND day <= $3 AND status = 'current'",
        {publisher, day_number(last - kRecentDays), day_number(last)},
        add);
    for (const auto& [currency, of] : *newest) {
        if (!read) break;
        if (of > last - kRecentDays) continue;
        read = transaction.query(
            "SELECT day, base, currency, mantissa, scale FROM fx_rates WHERE source = $1 AND"
            " day = $2 AND currency = $3 AND status = 'current'",
            {publisher, day_number(of), currency},
            add);
    }
    if (!read) return read.error();
    return tables_of(std::move(days), publisher);
}

Result<std::vector<PairRate>> load_pair_rates(Transaction& transaction,
                                              std::string_view publisher,
                                              const PairSpan& span) {
    Days days;
    const Result<void> read = transaction.query(
        "SELECT day, base, currency, mantissa, scale FROM fx_rates WHERE source = $1 AND"
        " day >= $2 AND day <= $3 AND (currency = $4 OR currency = $5) AND status = 'current'",
        {publisher,
         day_number(span.since),
         day_number(span.until),
         span.source.code(),
         span.target.code()},
        [&days](const Row& row) { days.add(row); });
    if (!read) return read.error();
    const Result<std::vector<ReferenceTable>> tables = tables_of(std::move(days), publisher);
    if (!tables) return tables.error();
    std::vector<PairRate> pairs;
    for (const ReferenceTable& table : *tables) {
        if (!table.has(span.source) || !table.has(span.target)) continue;
        const Result<Decimal> value = table.cross(span.source, span.target);
        if (!value) return value.error();
        pairs.push_back({table.day(), *value});
    }
    std::ranges::reverse(pairs);
    return pairs;
}

Result<std::vector<StoredRate>> load_rate_revisions(Transaction& transaction,
                                                    std::string_view publisher,
                                                    Day day,
                                                    Currency currency) {
    std::vector<StoredRate> revisions;
    bool sound = true;
    const Result<void> read = transaction.query(
        "SELECT source, base, day, currency, mantissa, scale, revision, status, reason,"
        " recorded_us, decided_us, decision FROM fx_rates WHERE source = $1 AND day = $2 AND"
        " currency = $3 ORDER BY revision",
        {publisher, day_number(day), currency.code()},
        [&](const Row& row) {
            std::optional<StoredRate> one = stored_rate_in(row);
            sound = sound && one;
            if (one) revisions.push_back(*std::move(one));
        });
    if (!read) return read.error();
    if (!sound) return senseless_rate();
    return revisions;
}

}  // namespace causeway::fx
