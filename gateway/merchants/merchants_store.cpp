// SPDX-License-Identifier: Apache-2.0
#include "gateway/merchants/merchants_store.h"

#include "gateway/payments/pages_store.h"
#include "ledger/store/row_memory.h"

#include <algorithm>

namespace causeway::gateway {
namespace {

using ledger::Currency;
using ledger::Money;
using ledger::Row;
using ledger::Transaction;

std::string join(const std::vector<Currency>& currencies) {
    std::string text;
    for (const Currency& currency : currencies) {
        if (!text.empty()) text += ',';
        text += currency.code();
    }
    return text;
}

std::vector<Currency> split(std::string_view text) {
    std::vector<Currency> currencies;
    while (!text.empty()) {
        const std::size_t comma = text.find(',');
        currencies.push_back(*Currency::from_code(text.substr(0, comma)));
        text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
    }
    return currencies;
}

constexpr std::string_view kColumns =
    "merchant_id, name, country, default_currency, settlement_currencies, fee_bps, created_us, "
    "platform, platform_id, metadata, status";

Merchant read_merchant(const Row& row) {
    Merchant merchant{.default_currency = *Currency::from_code(row.text(3))};
    merchant.id = row.uuid(0);
    merchant.name = row.text(1);
    merchant.country = row.text(2);
    merchant.settlement_currencies = split(row.text(4));
    merchant.fee_bps = row.integer(5);
    merchant.created_at = row.moment(6);
    merchant.platform = row.integer(7) != 0;
    merchant.platform_id = row.maybe_uuid(8);
    merchant.metadata = row.text(9);
    merchant.status = row.text(10);
    return merchant;
}

Result<void> read_fixed_fees(Transaction& tx, Merchant& merchant) {
    return tx.query("SELECT currency, fixed FROM merchant_fees WHERE merchant_id = $1",
                    {merchant.id},
                    [&merchant](const Row& row) {
                        merchant.fixed_fees[std::string(row.text(0))] = row.integer(1);
                    });
}

}  // namespace

bool Merchant::settles_in(Currency currency) const {
    return std::ranges::find(settlement_currencies, currency) != settlement_currencies.end();
}

Result<std::int64_t> Merchant::fee_of(Money amount, bool first_capture) const {
    Result<Money> fee = amount.scale(fee_bps, 10'000, ledger::Rounding::half_even);
    if (!fee) return fee.error();
    const auto fixed = fixed_fees.find(std::string(amount.currency().code()));
    if (first_capture && fixed != fixed_fees.end()) {
        fee = fee->add(Money(fixed->second, amount.currency()));
        if (!fee) return fee.error();
    }
    return std::min(fee->minor_units(), amount.minor_units());
}

Result<void> insert_merchant(Transaction& tx, const Merchant& m) {
    const Result<std::int64_t> inserted = tx.execute(
        "INSERT INTO merchants (merchant_id, name, country, default_currency, "
        "settlement_currencies, fee_bps, status, created_us, platform, platform_id, metadata) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        {m.id,
         m.name,
         m.country,
         m.default_currency.code(),
         join(m.settlement_currencies),
         m.fee_bps,
         m.status,
         m.created_at,
         m.platform,
         m.platform_id,
         m.metadata});
    if (!inserted) return inserted.error();
    for (const auto& [currency, fixed] : m.fixed_fees) {
        const Result<std::int64_t> fee = tx.execute(
            "INSERT INTO merchant_fees (merchant_id, currency, fixed) VALUES ($1, $2, $3)",
            {m.id, currency, fixed});
        if (!fee) return fee.error();
    }
    return {};
}

Result<Merchant> load_merchant(Transaction& tx, const Uuid& id) {
    if (const auto* const known = ledger::recall<Merchant>(tx, id)) return *known;
    std::optional<Merchant> found;
    Result<void> read =
        tx.query("SELECT " + std::string(kColumns) + " FROM merchants WHERE merchant_id = $1",
                 {id},
                 [&found](const Row& row) { found = read_merchant(row); });
    if (read && found) read = read_fixed_fees(tx, *found);
    if (!read) return read.error();
    if (!found) return Error(ErrorCode::not_found, "merchant " + to_text("mer", id));
    ledger::remember(tx, id, *found);
    return *std::move(found);
}

Result<std::vector<Merchant>> list_merchants(Transaction& tx) {
    std::vector<Merchant> merchants;
    const Result<void> read =
        tx.query("SELECT " + std::string(kColumns) + " FROM merchants ORDER BY merchant_id",
                 {},
                 [&merchants](const Row& row) { merchants.push_back(read_merchant(row)); });
    if (!read) return read.error();
    for (Merchant& merchant : merchants) {
        const Result<void> fees = read_fixed_fees(tx, merchant);
        if (!fees) return fees.error();
    }
    return merchants;
}

Result<bool> is_connected(Transaction& tx, const Uuid& merchant, const Uuid& platform) {
    bool found = false;
    const Result<void> read =
        tx.query("SELECT 1 FROM merchants WHERE merchant_id = $1 AND platform_id = $2",
                 {merchant, platform},
                 [&found](const Row&) { found = true; });
    if (!read) return read.error();
    return found;
}

Result<Listed<Merchant>> list_visible_merchants(Transaction& tx,
                                                const Uuid& viewer,
                                                const Page& page) {
    // The second parameter is a page's mode, and merchants have none.
    const PageQuery query("SELECT " + std::string(kColumns) +
                              " FROM merchants WHERE (merchant_id = $1 OR platform_id = $1) AND "
                              "$2 >= 0 AND ",
                          "merchant_id",
                          page);
    Result<Listed<Merchant>> listed =
        query.run<Merchant>(tx, viewer, false, [](const Row& row) { return read_merchant(row); });
    if (!listed) return listed;
    for (Merchant& merchant : listed->rows) {
        const Result<void> fees = read_fixed_fees(tx, merchant);
        if (!fees) return fees.error();
    }
    return listed;
}

}  // namespace causeway::gateway
