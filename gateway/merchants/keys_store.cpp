// SPDX-License-Identifier: Apache-2.0
#include "gateway/merchants/keys_store.h"

#include <algorithm>
#include <array>

namespace causeway::gateway {
namespace {

using ledger::Row;
using ledger::Transaction;

constexpr std::array<std::pair<KeyKind, std::string_view>, 3> kKinds{{
    {KeyKind::secret, "secret"},
    {KeyKind::restricted, "restricted"},
    {KeyKind::publishable, "publishable"},
}};

constexpr std::string_view kAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::size_t kPrefix = 8;   // "sk_test_"
constexpr std::size_t kRandom = 32;  // characters of five bits

#define CAUSEWAY_KEY_COLUMNS                                                            \
    "key_id, key_hash, merchant_id, livemode, kind, name, permissions, version, hint, " \
    "created_us, last_used_us, revoked_us"

ApiKey read_key(const Row& row) {
    ApiKey key;
    key.id = row.uuid(0);
    std::copy_n(
        row.bytes(1).begin(), std::min(row.bytes(1).size(), key.hash.size()), key.hash.begin());
    key.scope = {.merchant = row.uuid(2), .livemode = row.integer(3) != 0};
    key.kind = *parse_key_kind(row.text(4));
    key.name = row.text(5);
    key.permissions = row.text(6);
    key.version = row.text(7);
    key.hint = row.text(8);
    key.created_at = row.moment(9);
    key.last_used_at = row.maybe_moment(10);
    key.revoked_at = row.maybe_moment(11);
    return key;
}

Result<ApiKey> one_key(Transaction& tx, std::string_view sql, const ledger::Value& value) {
    std::optional<ApiKey> found;
    const Result<void> read =
        tx.query(sql, {value}, [&found](const Row& row) { found = read_key(row); });
    if (!read) return read.error();
    if (!found) return Error(ErrorCode::not_found, "there is no such API key");
    return *std::move(found);
}

}  // namespace

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
    std::array<std::uint8_t, kRandom> random{};
    entropy.fill(random);
    std::string key = kind == KeyKind::secret ? "sk_" : kind == KeyKind::restricted ? "rk_" : "pk_";
    key += livemode ? "live_" : "test_";
    for (const std::uint8_t byte : random)
        key += kAlphabet[byte & 31U];
    return key;
}

bool is_api_key(std::string_view text) noexcept {
    constexpr std::array<std::string_view, 6> kPrefixes{
        "sk_test_", "sk_live_", "rk_test_", "rk_live_", "pk_test_", "pk_live_"};
    return text.size() == kPrefix + kRandom &&
           std::ranges::find(kPrefixes, text.substr(0, kPrefix)) != kPrefixes.end() &&
           text.find_first_not_of(kAlphabet, kPrefix) == std::string_view::npos;
}

Result<void> insert_key(Transaction& tx, const ApiKey& key) {
    const Result<std::int64_t> inserted =
        tx.execute("INSERT INTO api_keys (" CAUSEWAY_KEY_COLUMNS
                   ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
                   {key.id,
                    std::span<const std::uint8_t>(key.hash),
                    key.scope.merchant,
                    key.scope.livemode,
                    to_string(key.kind),
                    key.name,
                    key.permissions,
                    key.version,
                    key.hint,
                    key.created_at,
                    key.last_used_at,
                    key.revoked_at});
    if (!inserted) return inserted.error();
    return {};
}

Result<ApiKey> find_key(Transaction& tx, const Sha256& hash) {
    return one_key(tx,
                   "SELECT " CAUSEWAY_KEY_COLUMNS
                   " FROM api_keys WHERE key_hash = $1 AND revoked_us IS NULL",
                   std::span<const std::uint8_t>(hash));
}

Result<std::vector<ApiKey>> list_keys(Transaction& tx, const std::optional<Uuid>& merchant) {
    std::vector<ApiKey> keys;
    const auto each = [&keys](const Row& row) { keys.push_back(read_key(row)); };
    const Result<void> read =
        merchant
            ? tx.query("SELECT " CAUSEWAY_KEY_COLUMNS
                       " FROM api_keys WHERE merchant_id = $1 ORDER BY key_id",
                       {*merchant},
                       each)
            : tx.query("SELECT " CAUSEWAY_KEY_COLUMNS " FROM api_keys ORDER BY key_id", {}, each);
    if (!read) return read.error();
    return keys;
}

Result<ApiKey> revoke_key(Transaction& tx, const Uuid& id, Timestamp now) {
    const Result<std::int64_t> ended = tx.execute(
        "UPDATE api_keys SET revoked_us = $1 WHERE key_id = $2 AND revoked_us IS NULL", {now, id});
    if (!ended) return ended.error();
    return one_key(tx, "SELECT " CAUSEWAY_KEY_COLUMNS " FROM api_keys WHERE key_id = $1", id);
}

Result<std::string> note_use(Transaction& tx,
                             const Sha256& hash,
                             std::string_view version,
                             Timestamp now) {
    const Result<std::int64_t> noted = tx.execute(
        "UPDATE api_keys SET last_used_us = $1, version = CASE WHEN version = '' "
        "THEN $2 ELSE version END WHERE key_hash = $3",
        {now, version, std::span<const std::uint8_t>(hash)});
    if (!noted) return noted.error();
    const Result<ApiKey> key = find_key(tx, hash);
    if (!key) return key.error();
    return key->version;
}

}  // namespace causeway::gateway
