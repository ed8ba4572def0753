// SPDX-License-Identifier: Apache-2.0
#include "gateway/settlement/settlement_store.h"

#include "gateway/store/gather.h"

#include <string>
#include <utility>

namespace causeway::gateway {
namespace {

using ledger::Currency;
using ledger::Row;
using ledger::Transaction;

// A left join: a line whose payment is missing is still a line, and its cents count.
constexpr std::string_view kSelectLines = R"(
SELECT b.txn_id, b.created_us, b.available_day, b.type, b.source, b.payment_id,
       p.merchant_reference, p.connector, p.method, p.card_brand,
       b.presentment_currency, b.presentment_amount, b.currency, b.amount,
       b.mid_rate, b.exchange_rate, b.fee, b.fx_fee
FROM balance_transactions b LEFT JOIN payments p ON p.payment_id = b.payment_id
)";

constexpr std::string_view kSelectSettlement = R"(
SELECT settlement_id, merchant_id, livemode, currency, period_start_us, period_end_us, value_day,
       opening_balance, gross, refunds, fees, net, closing_balance, line_count, sha256, entry_id,
       created_us
FROM settlements
)";

Day day_from(std::int64_t count) {
    return Day(std::chrono::days(count));
}

std::int64_t day_count(Day day) {
    return day.time_since_epoch().count();
}

Result<SettlementLine> line_from(const Row& row) {
    const bool exchanged = !row.is_null(10);
    const Result<Currency> currency = Currency::from_code(row.text(exchanged ? 10 : 12));
    if (!currency) return currency.error();
    const std::int64_t presented = row.integer(exchanged ? 11 : 13);
    SettlementLine line{
        .txn_id = row.uuid(0),
        .created = row.moment(1),
        .available_on = day_from(row.integer(2)),
        .type = std::string(row.text(3)),
        .source = std::string(row.text(4)),
        .payment_id = row.uuid(5),
        .merchant_reference = std::string(row.text(6)),
        .connector = std::string(row.text(7)),
        .payment_method = std::string(row.text(8)),
        .payment_method_variant = std::string(row.text(9)),
        .presentment = ledger::Money(presented, *currency),
        .mid_rate = std::string(row.text(14)),
        .exchange_rate = std::string(row.text(15)),
        .gross = row.integer(13),
        .fee = row.integer(16),
        .fx_fee = row.integer(17),
    };
    return line;
}

Result<Settlement> settlement_from(const Row& row) {
    const Result<Currency> currency = Currency::from_code(row.text(3));
    if (!currency) return currency.error();
    return Settlement{
        .id = row.uuid(0),
        .key = {.merchant_id = row.uuid(1), .livemode = row.integer(2) != 0, .currency = *currency},
        .period_start = row.moment(4),
        .period_end = row.moment(5),
        .value_day = day_from(row.integer(6)),
        .opening_balance = row.integer(7),
        .gross = row.integer(8),
        .refunds = row.integer(9),
        .fees = row.integer(10),
        .net = row.integer(11),
        .closing_balance = row.integer(12),
        .line_count = row.integer(13),
        .sha256 = std::string(row.text(14)),
        .entry_id = row.maybe_uuid(15),
        .created = row.moment(16),
    };
}

Result<SettlementKey> key_from(const Row& row) {
    const Result<Currency> currency = Currency::from_code(row.text(2));
    if (!currency) return currency.error();
    return SettlementKey{
        .merchant_id = row.uuid(0), .livemode = row.integer(1) != 0, .currency = *currency};
}

Result<void> claim_line(Transaction& transaction, const Uuid& settlement, const SettlementLine& l) {
    const Result<std::int64_t> changed = transaction.execute(
        "UPDATE balance_transactions SET settlement_id = $1, settlement_line = $2 "
        "WHERE txn_id = $3 AND settlement_id IS NULL",
        {settlement, l.number, l.txn_id});
    if (!changed) return changed.error();
    if (*changed == 1) return {};
    return Error(ErrorCode::conflict, to_text("txn", l.txn_id) + " was settled before");
}

}  // namespace

// The lines can not be locked themselves: they come by way of an outer join.
Result<void> lock_merchant(Transaction& transaction, const Uuid& merchant_id) {
    return transaction.query("SELECT merchant_id FROM merchants WHERE merchant_id = $1 /*locked*/",
                             {merchant_id},
                             [](const Row&) {});
}

Result<std::vector<SettlementKey>> open_settlement_keys(Transaction& transaction,
                                                        Timestamp cutoff,
                                                        const std::optional<Uuid>& merchant_id) {
    Gather<SettlementKey> gather(&key_from);
    const std::string head =
        "SELECT merchant_id, livemode, currency FROM balance_transactions "
        "WHERE settlement_id IS NULL AND created_us < $1";
    const std::string tail =
        " GROUP BY merchant_id, livemode, currency ORDER BY merchant_id, livemode, currency";
    const Result<void> queried =
        merchant_id
            ? transaction.query(
                  head + " AND merchant_id = $2" + tail, {cutoff, *merchant_id}, gather.each())
            : transaction.query(head + tail, {cutoff}, gather.each());
    return gather.take(queried);
}

Result<std::vector<SettlementLine>> open_settlement_lines(Transaction& transaction,
                                                          const SettlementKey& key,
                                                          Timestamp cutoff) {
    Gather<SettlementLine> gather(&line_from);
    const Result<void> queried = transaction.query(
        std::string(kSelectLines) +
            "WHERE b.settlement_id IS NULL AND b.merchant_id = $1 AND b.livemode = $2 "
            "AND b.currency = $3 AND b.created_us < $4 ORDER BY b.created_us, b.txn_id",
        {key.merchant_id, key.livemode, key.currency.code(), cutoff},
        gather.each());
    return gather.take(queried);
}

Result<std::optional<Settlement>> latest_settlement(Transaction& transaction,
                                                    const SettlementKey& key) {
    Gather<Settlement> gather(&settlement_from);
    const Result<void> queried =
        transaction.query(std::string(kSelectSettlement) +
                              "WHERE merchant_id = $1 AND livemode = $2 AND currency = $3 "
                              "ORDER BY settlement_id DESC LIMIT 1",
                          {key.merchant_id, key.livemode, key.currency.code()},
                          gather.each());
    const Result<std::vector<Settlement>> found = gather.take(queried);
    if (!found) return found.error();
    if (found->empty()) return std::optional<Settlement>();
    return std::optional<Settlement>(found->front());
}

Result<void> insert_settlement(Transaction& transaction, const SettlementReport& report) {
    const Settlement& s = report.settlement;
    Result<void> inserted = transaction.defer(
        "INSERT INTO settlements (settlement_id, merchant_id, livemode, currency, "
        "period_start_us, period_end_us, value_day, opening_balance, gross, refunds, fees, net, "
        "closing_balance, line_count, sha256, entry_id, created_us) VALUES "
        "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        {s.id,
         s.key.merchant_id,
         s.key.livemode,
         s.key.currency.code(),
         s.period_start,
         s.period_end,
         day_count(s.value_day),
         s.opening_balance,
         s.gross,
         s.refunds,
         s.fees,
         s.net,
         s.closing_balance,
         s.line_count,
         s.sha256,
         s.entry_id,
         s.created});
    if (!inserted) return inserted;
    for (const SettlementLine& line : report.lines) {
        const Result<void> claimed = claim_line(transaction, s.id, line);
        if (!claimed) return claimed.error();
    }
    return {};
}

Result<SettlementReport> load_settlement(Transaction& transaction, const Uuid& settlement_id) {
    Gather<Settlement> heads(&settlement_from);
    const Result<void> queried = transaction.query(
        std::string(kSelectSettlement) + "WHERE settlement_id = $1", {settlement_id}, heads.each());
    const Result<std::vector<Settlement>> found = heads.take(queried);
    if (!found) return found.error();
    if (found->empty()) {
        return Error(ErrorCode::not_found, settlement_name(settlement_id) + " does not exist");
    }
    Gather<SettlementLine> lines(&line_from);
    const Result<void> read = transaction.query(
        std::string(kSelectLines) + "WHERE b.settlement_id = $1 ORDER BY b.settlement_line",
        {settlement_id},
        lines.each());
    Result<std::vector<SettlementLine>> taken = lines.take(read);
    if (!taken) return taken.error();
    return SettlementReport{.settlement = found->front(), .lines = std::move(*taken)};
}

Result<bool> merchant_exists(Transaction& transaction, const Uuid& merchant_id) {
    bool exists = false;
    const Result<void> queried =
        transaction.query("SELECT merchant_id FROM merchants WHERE merchant_id = $1",
                          {merchant_id},
                          [&exists](const Row&) { exists = true; });
    if (!queried) return queried.error();
    return exists;
}

}  // namespace causeway::gateway
