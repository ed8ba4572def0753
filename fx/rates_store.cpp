// SPDX-License-Identifier: Apache-2.0
#include "fx/rates_store.h"

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace causeway::fx {
namespace {

using ledger::Currency;
using ledger::Row;
using ledger::Transaction;

// day: days since 1970-01-01. A rate is mantissa / 10^scale units of the currency per euro.
constexpr std::string_view kSchema = R"(
CREATE TABLE rates (
    source TEXT NOT NULL,
    day BIGINT NOT NULL,
    currency TEXT NOT NULL,
    mantissa BIGINT NOT NULL,
    scale BIGINT NOT NULL,
    PRIMARY KEY (source, day, currency)
) /*clustered*/;
)";

std::int64_t day_number(Day day) noexcept {
    return day.time_since_epoch().count();
}

std::int64_t key_of(Day day, Currency currency) noexcept {
    constexpr std::int64_t kNumericEnd = 1'000;
    return day_number(day) * kNumericEnd + currency.numeric();
}

// What one row of (currency, mantissa, scale) says, if it makes sense.
std::optional<ReferenceRate> rate_in(const Row& row, int first_column) {
    const Result<Currency> currency = Currency::from_code(row.text(first_column));
    const Result<Decimal> value = Decimal::from_parts(
        row.integer(first_column + 1), static_cast<int>(row.integer(first_column + 2)));
    if (!currency || !value) return std::nullopt;
    return ReferenceRate{*currency, *value};
}

using KnownRates = std::unordered_map<std::int64_t, Decimal>;

Result<KnownRates> known_rates(Transaction& transaction,
                               std::string_view publisher,
                               std::span<const FeedRow> rows) {
    const auto [first, last] = std::ranges::minmax(rows, {}, &FeedRow::day);
    KnownRates known;
    bool sound = true;
    const Result<void> read = transaction.query(
        "SELECT day, currency, mantissa, scale FROM rates"
        " WHERE source = $1 AND day >= $2 AND day <= $3",
        {publisher, day_number(first.day), day_number(last.day)},
        [&known, &sound](const Row& row) {
            const std::optional<ReferenceRate> rate = rate_in(row, 1);
            sound = sound && rate;
            if (!rate) return;
            const Day day{std::chrono::days(row.integer(0))};
            known.emplace(key_of(day, rate->currency), rate->per_euro);
        });
    if (!read) return read.error();
    if (!sound) return Error(ErrorCode::integrity, "a stored rate makes no sense");
    return known;
}

Error contradiction(const FeedRow& row, const Decimal& known) {
    return Error(ErrorCode::integrity,
                 to_text(row.day) + ", " + std::string(row.currency.code()) + ": known as " +
                     known.to_string() + ", now " + row.per_euro.to_string());
}

}  // namespace

std::string_view rates_schema_sql() {
    return kSchema;
}

Result<ImportOutcome> import_rates(Transaction& transaction,
                                   std::string_view publisher,
                                   std::span<const FeedRow> rows) {
    ImportOutcome outcome;
    if (rows.empty()) return outcome;
    Result<KnownRates> known = known_rates(transaction, publisher, rows);
    if (!known) return known.error();
    for (const FeedRow& row : rows) {
        const auto [place, is_new] =
            known->try_emplace(key_of(row.day, row.currency), row.per_euro);
        if (!is_new) {
            if (place->second != row.per_euro) return contradiction(row, place->second);
            ++outcome.unchanged;
            continue;
        }
        const Result<std::int64_t> inserted = transaction.execute(
            "INSERT INTO rates (source, day, currency, mantissa, scale)"
            " VALUES ($1, $2, $3, $4, $5)",
            {publisher,
             day_number(row.day),
             row.currency.code(),
             row.per_euro.mantissa(),
             row.per_euro.scale()});
        if (!inserted) return inserted.error();
        ++outcome.inserted;
    }
    return outcome;
}

Result<ReferenceTable> load_rates(Transaction& transaction, std::string_view publisher, Day day) {
    std::vector<ReferenceRate> rates;
    Day found{};
    bool sound = true;
    const Result<void> read = transaction.query(
        "SELECT day, currency, mantissa, scale FROM rates WHERE source = $1 AND day ="
        " (SELECT MAX(day) FROM rates WHERE source = $1 AND day <= $2) ORDER BY currency",
        {publisher, day_number(day)},
        [&](const Row& row) {
            const std::optional<ReferenceRate> rate = rate_in(row, 1);
            sound = sound && rate;
            found = Day{std::chrono::days(row.integer(0))};
            if (rate) rates.push_back(*rate);
        });
    if (!read) return read.error();
    if (!sound) return Error(ErrorCode::integrity, "a stored rate makes no sense");
    if (rates.empty()) {
        return Error(ErrorCode::not_found,
                     "no rates of " + std::string(publisher) + " up to " + to_text(day));
    }
    return ReferenceTable::make(std::string(publisher), found, std::move(rates));
}

}  // namespace causeway::fx
