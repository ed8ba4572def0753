// SPDX-License-Identifier: Apache-2.0
#include "fx/quotes_store.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

namespace causeway::fx {
namespace {

using ledger::Currency;
using ledger::Money;
using ledger::Row;
using ledger::Transaction;

// *_us: microseconds since 1970-01-01 UTC; rate_day: days since then; amounts in minor units; the
// rates are units of target per one unit of source, mantissa / 10^scale.
constexpr std::string_view kSchema = R"(
CREATE TABLE fx_quotes (
    quote_id BYTES NOT NULL PRIMARY KEY,
    merchant_id BYTES NOT NULL,
    livemode BIGINT NOT NULL,
    source_currency TEXT NOT NULL,
    source_amount BIGINT NOT NULL,
    target_currency TEXT NOT NULL,
    target_amount BIGINT NOT NULL,
    mid_mantissa BIGINT NOT NULL,
    mid_scale BIGINT NOT NULL,
    rate_mantissa BIGINT NOT NULL,
    rate_scale BIGINT NOT NULL,
    markup_bps BIGINT NOT NULL,
    rate_source TEXT NOT NULL,
    rate_day BIGINT NOT NULL,
    created_us BIGINT NOT NULL,
    expires_us BIGINT NOT NULL,
    consumed_by BYTES,
    consumed_us BIGINT
) /*clustered*/;
CREATE INDEX fx_quotes_by_merchant ON fx_quotes (merchant_id, livemode, quote_id);
)";

constexpr std::string_view kTerms = R"(
ALTER TABLE fx_quotes ADD COLUMN fee BIGINT NOT NULL DEFAULT 0;
ALTER TABLE fx_quotes ADD COLUMN rounding TEXT NOT NULL DEFAULT 'nearest';
ALTER TABLE fx_quotes ADD COLUMN bearer TEXT NOT NULL DEFAULT 'merchant';
)";

constexpr std::string_view kMakers = R"(
ALTER TABLE fx_quotes ADD COLUMN automatic BIGINT NOT NULL DEFAULT 0;
UPDATE fx_quotes SET automatic = 1 WHERE consumed_by IS NOT NULL AND quote_id > consumed_by;
)";

// In the order in which read_quote() takes them.
constexpr std::string_view kColumns =
    "quote_id, merchant_id, livemode, source_currency, source_amount, target_currency,"
    " target_amount, mid_mantissa, mid_scale, rate_mantissa, rate_scale, markup_bps,"
    " rate_source, rate_day, created_us, expires_us, consumed_by, fee, rounding, bearer, automatic";

std::string select_sql(std::string_view condition) {
    return "SELECT " + std::string(kColumns) + " FROM fx_quotes WHERE " + std::string(condition);
}

std::optional<Quote> read_quote(const Row& row) {
    const Result<Currency> source = Currency::from_code(row.text(3));
    const Result<Currency> target = Currency::from_code(row.text(5));
    const Result<Decimal> mid =
        Decimal::from_parts(row.integer(7), static_cast<int>(row.integer(8)));
    const Result<Decimal> rate =
        Decimal::from_parts(row.integer(9), static_cast<int>(row.integer(10)));
    const Result<RoundingSide> rounding = parse_rounding_side(row.text(18));
    const Result<Bearer> bearer = parse_bearer(row.text(19));
    if (!source || !target || !mid || !rate || !rounding || !bearer) return std::nullopt;
    return Quote{.id = row.uuid(0),
                 .merchant = row.uuid(1),
                 .livemode = row.integer(2) != 0,
                 .source = Money(row.integer(4), *source),
                 .target = Money(row.integer(6), *target),
                 .mid_rate = *mid,
                 .rate = *rate,
                 .markup_bps = static_cast<int>(row.integer(11)),
                 .fee = row.integer(17),
                 .rounding = *rounding,
                 .bearer = *bearer,
                 .rate_source = std::string(row.text(12)),
                 .rate_date = Day{std::chrono::days(row.integer(13))},
                 .created_at = row.moment(14),
                 .expires_at = row.moment(15),
                 .consumed_by = row.maybe_uuid(16),
                 .automatic = row.integer(20) != 0};
}

Result<std::vector<Quote>> select(Transaction& transaction,
                                  std::string_view sql,
                                  std::initializer_list<ledger::Value> values) {
    std::vector<Quote> quotes;
    bool sound = true;
    const Result<void> read = transaction.query(sql, values, [&](const Row& row) {
        std::optional<Quote> quote = read_quote(row);
        sound = sound && quote;
        if (quote) quotes.push_back(*std::move(quote));
    });
    if (!read) return read.error();
    if (!sound) return Error(ErrorCode::integrity, "a stored quote makes no sense");
    return quotes;
}

Result<Quote> only(Result<std::vector<Quote>> quotes) {
    if (!quotes) return quotes.error();
    if (quotes->empty()) return Error(ErrorCode::not_found, "no such quote");
    return std::move(quotes->front());
}

}  // namespace

std::string_view quotes_schema_sql() {
    return kSchema;
}

std::string_view quotes_terms_schema_sql() {
    return kTerms;
}

std::string_view quotes_makers_schema_sql() {
    return kMakers;
}

Result<void> insert_quote(Transaction& transaction, const Quote& quote) {
    static const std::string sql =
        "INSERT INTO fx_quotes (" + std::string(kColumns) +
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,"
        " $18, $19, $20, $21)";
    return transaction.defer(sql,
                             {quote.id,
                              quote.merchant,
                              quote.livemode,
                              quote.source.currency().code(),
                              quote.source.minor_units(),
                              quote.target.currency().code(),
                              quote.target.minor_units(),
                              quote.mid_rate.mantissa(),
                              quote.mid_rate.scale(),
                              quote.rate.mantissa(),
                              quote.rate.scale(),
                              quote.markup_bps,
                              quote.rate_source,
                              std::int64_t{quote.rate_date.time_since_epoch().count()},
                              quote.created_at,
                              quote.expires_at,
                              quote.consumed_by,
                              quote.fee,
                              to_string(quote.rounding),
                              to_string(quote.bearer),
                              quote.automatic});
}

Result<Quote> load_quote(Transaction& transaction, const QuoteOwner& owner, const Uuid& id) {
    static const std::string sql =
        select_sql("quote_id = $1 AND merchant_id = $2 AND livemode = $3");
    return only(select(transaction, sql, {id, owner.merchant, owner.livemode}));
}

Result<Quote> consume(Transaction& transaction,
                      const Uuid& id,
                      const Uuid& payment,
                      Timestamp now) {
    static const std::string sql = select_sql("quote_id = $1");
    Result<Quote> quote = only(select(transaction, sql, {id}));
    if (!quote) return quote;
    const Error taken(ErrorCode::conflict, "another payment has used the quote");
    if (quote->consumed_by && quote->consumed_by != payment) return taken;
    if (!still_valid(*quote, now)) {
        return Error(ErrorCode::expired, "the quote ended at " + to_rfc3339(quote->expires_at));
    }
    if (quote->consumed_by) return quote;
    // The condition again: another process may have come between.
    const Result<std::int64_t> changed = transaction.execute(
        "UPDATE fx_quotes SET consumed_by = $1, consumed_us = $2"
        " WHERE quote_id = $3 AND consumed_by IS NULL",
        {payment, now, id});
    if (!changed) return changed.error();
    if (*changed != 1) return taken;
    quote->consumed_by = payment;
    return quote;
}

Result<bool> release(Transaction& transaction, const Uuid& id, const Uuid& payment, Timestamp now) {
    const Result<std::int64_t> changed = transaction.execute(
        "UPDATE fx_quotes SET consumed_by = NULL, consumed_us = NULL"
        " WHERE quote_id = $1 AND consumed_by = $2 AND expires_us > $3 AND automatic = 0",
        {id, payment, now});
    if (!changed) return changed.error();
    return *changed == 1;
}

Result<QuoteList> list_quotes(Transaction& transaction,
                              const QuoteOwner& owner,
                              const QuotePage& page) {
    using Limits = std::numeric_limits<std::int64_t>;
    Uuid last;
    last.bytes.fill(0xFF);
    const std::int64_t from =
        page.created_from ? to_microseconds(*page.created_from) : Limits::min();
    const std::int64_t to =
        page.created_earlier ? to_microseconds(*page.created_earlier) : Limits::max();
    const std::int64_t rows_max = std::int64_t{page.limit} + 1;  // one more tells has_more
    const Uuid older_than = page.after.value_or(last);
    const Uuid newer_than = page.before.value_or(Uuid{});
    const std::initializer_list<ledger::Value> values{
        owner.merchant, owner.livemode, older_than, newer_than, from, to, rows_max};
    static const std::string range = select_sql(
        "merchant_id = $1 AND livemode = $2 AND quote_id < $3 AND quote_id > $4"
        " AND created_us >= $5 AND created_us < $6 ORDER BY quote_id");
    static const std::string newest_first = range + " DESC LIMIT $7";
    static const std::string oldest_first = range + " LIMIT $7";
    Result<std::vector<Quote>> quotes =
        select(transaction, page.before ? oldest_first : newest_first, values);
    if (!quotes) return quotes.error();
    QuoteList list{.quotes = *std::move(quotes), .has_more = false};
    list.has_more = std::ssize(list.quotes) == rows_max;
    if (list.has_more) list.quotes.pop_back();
    if (page.before) std::ranges::reverse(list.quotes);
    return list;
}

}  // namespace causeway::fx
