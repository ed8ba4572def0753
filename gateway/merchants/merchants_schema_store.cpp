// SPDX-License-Identifier: Apache-2.0
#include "gateway/merchants/merchants_schema_store.h"

#include "ledger/digest.h"

#include <algorithm>
#include <vector>

namespace causeway::gateway {
namespace {

// A name, an address and a date of birth stand in personal_data alone, sealed.
constexpr std::string_view kSchema = R"(
ALTER TABLE api_keys ADD COLUMN key_id BYTES;
ALTER TABLE api_keys ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE api_keys ADD COLUMN permissions TEXT NOT NULL DEFAULT '';
ALTER TABLE api_keys ADD COLUMN last_used_us BIGINT;
ALTER TABLE api_keys ADD COLUMN revoked_us BIGINT;
CREATE UNIQUE INDEX api_keys_by_id ON api_keys (key_id);
CREATE INDEX api_keys_by_merchant ON api_keys (merchant_id, key_id);
ALTER TABLE merchants ADD COLUMN platform BIGINT NOT NULL DEFAULT 0;
ALTER TABLE merchants ADD COLUMN platform_id BYTES;
ALTER TABLE merchants ADD COLUMN metadata TEXT NOT NULL DEFAULT '{}';
CREATE INDEX merchants_by_platform ON merchants (platform_id, merchant_id);
CREATE TABLE customers (
    customer_id BYTES NOT NULL PRIMARY KEY,
    merchant_id BYTES NOT NULL,
    livemode BIGINT NOT NULL,
    country TEXT,
    metadata TEXT NOT NULL,
    created_us BIGINT NOT NULL
);
CREATE INDEX customers_by_merchant ON customers (merchant_id, livemode, customer_id);
CREATE TABLE personal_data (
    object_id BYTES NOT NULL PRIMARY KEY,
    sealed BYTES NOT NULL,
    vault_key TEXT NOT NULL,
    created_us BIGINT NOT NULL
);
)";

struct OldKey {
    std::vector<std::uint8_t> hash;
    Timestamp created;
};

// What an id of version 7 would have been: the key's time, and chance from its hash.
Uuid id_of(const OldKey& key) {
    constexpr int kTimeBytes = 6;
    Uuid id;
    std::copy_n(key.hash.begin(), id.bytes.size(), id.bytes.begin());
    const std::int64_t ms = to_microseconds(key.created) / 1'000;
    for (int i = 0; i < kTimeBytes; ++i)
        id.bytes.at(static_cast<std::size_t>(i)) =
            static_cast<std::uint8_t>(ms >> (8 * (kTimeBytes - 1 - i)));
    id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0FU) | 0x70U);
    id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3FU) | 0x80U);
    return id;
}

}  // namespace

std::string_view merchants_schema_sql() noexcept {
    return kSchema;
}

Result<void> upgrade_merchants(ledger::Transaction& tx) {
    std::vector<OldKey> keys;
    const Result<void> read =
        tx.query("SELECT key_hash, created_us FROM api_keys", {}, [&keys](const ledger::Row& row) {
            keys.push_back(
                {.hash = {row.bytes(0).begin(), row.bytes(0).end()}, .created = row.moment(1)});
        });
    if (!read) return read.error();
    for (const OldKey& key : keys) {
        const Result<std::int64_t> named =
            tx.execute("UPDATE api_keys SET key_id = $1 WHERE key_hash = $2",
                       {id_of(key), std::span<const std::uint8_t>(key.hash)});
        if (!named) return named.error();
    }
    const Result<std::int64_t> kept =
        tx.execute("UPDATE api_keys SET permissions = '*:read' WHERE kind = 'restricted'", {});
    if (!kept) return kept.error();
    return {};
}

}  // namespace causeway::gateway
