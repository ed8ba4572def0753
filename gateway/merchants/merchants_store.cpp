// SPDX-License-Identifier: Apache-2.0
#include "gateway/merchants/merchants_store.h"

#include <algorithm>
#include <array>

namespace causeway::gateway {
namespace {

using ledger::Currency;
using ledger::Money;
using ledger::Row;
using ledger::Transaction;

constexpr std::array<std::pair<KeyKind, std::string_view>, 3> kKinds{{
    {KeyKind::secret, "secret"},
    {KeyKind::restricted, "restricted"},
    {KeyKind::publishable, "publishable"},
}};

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
    "merchant_id, name, country, default_currency, settlement_currencies, fee_bps, created_us";

Merchant read_merchant(const Row& row) {
    Merchant merchant{.default_currency = *Currency::from_code(row.text(3))};
    merchant.id = row.uuid(0);
    merchant.name = row.text(1);
    merchant.country = row.text(2);
    merchant.settlement_currencies = split(row.text(4));
    merchant.fee_bps = row.integer(5);
    merchant.created_at = row.moment(6);
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
        "settlement_currencies, fee_bps, status, created_us) "
        "VALUES ($1, $2, $3, $4, $5, $6, 'active', $7)",
        {m.id,
         m.name,
         m.country,
         m.default_currency.code(),
         join(m.settlement_currencies),
         m.fee_bps,
         m.created_at});
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
    std::optional<Merchant> found;
    Result<void> read =
        tx.query("SELECT " + std::string(kColumns) + " FROM merchants WHERE merchant_id = $1",
                 {id},
                 [&found](const Row& row) { found = read_merchant(row); });
    if (read && found) read = read_fixed_fees(tx, *found);
    if (!read) return read.error();
    if (!found) return Error(ErrorCode::not_found, "merchant " + to_text("mer", id));
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

std::string_view to_string(KeyKind kind) noexcept {
    for (const auto& [value, text] : kKinds) {
        if (value == kind) return text;
    }
    return "unlisted";
}

Result<KeyKind> parse_key_kind(std::string_view text) {
    for (const auto& [value, spelling] : kKinds) {
        if (spelling == text) return value;
    }
    return Error(ErrorCode::not_found, "kind of key: secret, restricted or publishable");
}

std::string make_api_key(KeyKind kind, bool livemode, Entropy& entropy) {
    constexpr std::string_view kAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    std::array<std::uint8_t, 32> random{};
    entropy.fill(random);
    std::string key = kind == KeyKind::secret ? "sk_" : kind == KeyKind::restricted ? "rk_" : "pk_";
    key += livemode ? "live_" : "test_";
    for (const std::uint8_t byte : random)
        key += kAlphabet[byte & 31U];
    return key;
}

Result<void> insert_key(Transaction& tx, const ApiKey& key) {
    const Result<std::int64_t> inserted = tx.execute(
        "INSERT INTO api_keys (key_hash, merchant_id, kind, livemode, version, hint, "
        "created_us) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        {std::span<const std::uint8_t>(key.hash),
         key.scope.merchant,
         to_string(key.kind),
         key.scope.livemode,
         key.version,
         key.hint,
         key.created_at});
    if (!inserted) return inserted.error();
    return {};
}

Result<ApiKey> find_key(Transaction& tx, const Sha256& hash) {
    std::optional<ApiKey> found;
    const Result<void> read = tx.query(
        "SELECT merchant_id, kind, livemode, version, hint, created_us FROM api_keys "
        "WHERE key_hash = $1",
        {std::span<const std::uint8_t>(hash)},
        [&](const Row& row) {
            found.emplace();
            found->hash = hash;
            found->scope = {.merchant = row.uuid(0), .livemode = row.integer(2) != 0};
            found->kind = *parse_key_kind(row.text(1));
            found->version = row.text(3);
            found->hint = row.text(4);
            found->created_at = row.moment(5);
        });
    if (!read) return read.error();
    if (!found) return Error(ErrorCode::not_found, "API key");
    return *std::move(found);
}

}  // namespace causeway::gateway
