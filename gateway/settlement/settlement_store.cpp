// SPDX-License-Identifier: Apache-2.0
#include "gateway/settlement/settlement_store.h"

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
    SettlementLine line{.presentment = ledger::Money(presented, *currency)};
    line.txn_id = row.uuid(0);
    line.created = row.moment(1);
    line.available_on = day_from(row.integer(2));
    line.type = row.text(3);
    line.source = row.text(4);
    line.payment_id = row.uuid(5);
    line.merchant_reference = row.text(6);
    line.connector = row.text(7);
    line.payment_method = row.text(8);
    line.payment_method_variant = row.text(9);
    // A payment in the merchant's own currency may store it as its presentment: still no rate.
    line.mid_rate = row.text(14);
    line.exchange_rate = row.text(15);
    line.gross = row.integer(13);
    line.fee = row.integer(16);
    line.fx_fee = row.integer(17);
    return line;
}

Result<Settlement> settlement_from(const Row& row) {
    const Result<Currency> currency = Currency::from_code(row.text(3));
    if (!currency) return currency.error();
    return Settlement{
        .id = row.uuid(0),
        .key = {.merchant_id = row.uuid(1),
                .livemode = row.integer(2) != 0,
                .currency = *currency},
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

// Gathers what `read` makes of each row; the first row it cannot read ends it all.
template <class T, class Read>
class Gather {
  public:
    explicit Gather(Read read) : read_(read) {}

    void operator()(const Row& row) {
        if (!outcome_) return;
        Result<T> item = read_(row);
        if (item) items_.push_back(std::move(*item));
        if (!item) outcome_ = item.error();
    }
    Result<std::vector<T>> take(const Result<void>& queried) {
        if (!queried) return queried.error();
        if (!outcome_) return outcome_.error();
        return std::move(items_);
    }

  private:
    Read read_;
    std::vector<T> items_;
    Result<void> outcome_;
};

Result<SettlementKey> key_from(const Row& row) {
    const Result<Currency> currency = Currency::from_code(row.text(2));
    if (!currency) return currency.error();
    return SettlementKey{.merchant_id = row.uuid(0),
                         .livemode = row.integer(1) != 0,
                         .currency = *currency};
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

Result<std::vector<SettlementKey>> open_settlement_keys(Transaction& transaction,
                                                        Timestamp cutoff,
                                                        const std::optional<Uuid>& merchant_id) {
    Gather<SettlementKey, decltype(&key_from)> gather(&key_from);
    const std::string head =
        "SELECT merchant_id, livemode, currency FROM balance_transactions "
        "WHERE settlement_id IS NULL AND created_us < $1";
    const std::string tail =
        " GROUP BY merchant_id, livemode, currency ORDER BY merchant_id, livemode, currency";
    const Result<void> queried =
        merchant_id ? transaction.query(head + " AND merchant_id = $2" + tail,
                                        {cutoff, *merchant_id},
                                        std::ref(gather))
                    : transaction.query(head + tail, {cutoff}, std::ref(gather));
    return gather.take(queried);
}

Result<std::vector<SettlementLine>> open_settlement_lines(Transaction& transaction,
                                                          const SettlementKey& key,
                                                          Timestamp cutoff) {
    Gather<SettlementLine, decltype(&line_from)> gather(&line_from);
    const Result<void> queried = transaction.query(
        std::string(kSelectLines) +
            "WHERE b.settlement_id IS NULL AND b.merchant_id = $1 AND b.livemode = $2 "
            "AND b.currency = $3 AND b.created_us < $4 ORDER BY b.created_us, b.txn_id",
        {key.merchant_id, key.livemode, key.currency.code(), cutoff},
        std::ref(gather));
    return gather.take(queried);
}

Result<std::optional<Settlement>> latest_settlement(Transaction& transaction,
                                                    const SettlementKey& key) {
    Gather<Settlement, decltype(&settlement_from)> gather(&settlement_from);
    const Result<void> queried = transaction.query(
        std::string(kSelectSettlement) +
            "WHERE merchant_id = $1 AND livemode = $2 AND currency = $3 "
            "ORDER BY settlement_id DESC LIMIT 1",
        {key.merchant_id, key.livemode, key.currency.code()},
        std::ref(gather));
    const Result<std::vector<Settlement>> found = gather.take(queried);
    if (!found) return found.error();
    if (found->empty()) return std::optional<Settlement>();
    return std::optional<Settlement>(found->front());
}

Result<void> insert_settlement(Transaction& transaction, const SettlementReport& report) {
    const Settlement& s = report.settlement;
    const Result<std::int64_t> inserted = transaction.execute(
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
    if (!inserted) return inserted.error();
    for (const SettlementLine& line : report.lines) {
        const Result<void> claimed = claim_line(transaction, s.id, line);
        if (!claimed) return claimed;
    }
    return {};
}

Result<SettlementReport> load_settlement(Transaction& transaction, const Uuid& settlement_id) {
    Gather<Settlement, decltype(&settlement_from)> heads(&settlement_from);
    const Result<void> queried =
        transaction.query(std::string(kSelectSettlement) + "WHERE settlement_id = $1",
                          {settlement_id},
                          std::ref(heads));
    const Result<std::vector<Settlement>> found = heads.take(queried);
    if (!found) return found.error();
    if (found->empty()) {
        return Error(ErrorCode::not_found, settlement_name(settlement_id) + " does not exist");
    }
    Gather<SettlementLine, decltype(&line_from)> lines(&line_from);
    const Result<void> read = transaction.query(
        std::string(kSelectLines) + "WHERE b.settlement_id = $1 ORDER BY b.settlement_line",
        {settlement_id},
        std::ref(lines));
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
