// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/pages_store.h"
#include "gateway/webhooks/endpoint.h"
#include "ledger/store/row_memory.h"

namespace causeway::gateway {
namespace {

using ledger::Row;
using ledger::Transaction;
using ledger::Value;

#define CAUSEWAY_ENDPOINT_COLUMNS                                                          \
    "endpoint_id, merchant_id, livemode, url, events, signing, status, disabled_because, " \
    "vault_key, secret, previous_secret, signing_key, public_key, previous_signing_key, "  \
    "previous_until_us, failures, paused_until_us, created_us"

// ",payment.succeeded,refund.*," and back.
std::string joined(const std::vector<std::string>& events) {
    std::string text = ",";
    for (const std::string& event : events)
        text += event + ",";
    return text;
}

std::vector<std::string> parted(std::string_view text) {
    std::vector<std::string> events;
    for (std::size_t at = 1; at < text.size();) {
        const std::size_t comma = text.find(',', at);
        events.emplace_back(text.substr(at, comma - at));
        at = comma + 1;
    }
    return events;
}

WebhookSigning signing_of(std::string_view text) {
    if (text == "ed25519") return WebhookSigning::ed25519;
    return text == "both" ? WebhookSigning::both : WebhookSigning::hmac;
}

SealedKey sealed_in(const Row& row, int column) {
    const std::span<const std::uint8_t> bytes = row.bytes(column);
    return {bytes.begin(), bytes.end()};
}

std::optional<SealedKey> maybe_sealed_in(const Row& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return sealed_in(row, column);
}

WebhookEndpoint read_endpoint(const Row& row) {
    WebhookEndpoint one;
    one.id = row.uuid(0);
    one.scope = {.merchant = row.uuid(1), .livemode = row.integer(2) != 0};
    one.url = row.text(3);
    one.events = parted(row.text(4));
    one.signing = signing_of(row.text(5));
    one.enabled = row.text(6) == "enabled";
    one.disabled_because = row.text(7);
    one.vault_key = row.text(8);
    one.secret = sealed_in(row, 9);
    one.previous_secret = maybe_sealed_in(row, 10);
    one.signing_key = maybe_sealed_in(row, 11);
    one.public_key = row.text(12);
    one.previous_signing_key = maybe_sealed_in(row, 13);
    one.previous_until = row.moment(14);
    one.failures = row.integer(15);
    one.paused_until = row.moment(16);
    one.created_at = row.moment(17);
    return one;
}

Value bytes(const SealedKey& key) {
    return {std::span<const std::uint8_t>(key)};
}

Value bytes(const std::optional<SealedKey>& key) {
    return key ? bytes(*key) : Value(nullptr);
}

std::string_view status_of(const WebhookEndpoint& endpoint) {
    return endpoint.enabled ? "enabled" : "disabled";
}

Result<WebhookEndpoint> find_one(Transaction& tx, std::string_view sql, const Uuid& id) {
    std::optional<WebhookEndpoint> found;
    const Result<void> read =
        tx.query(sql, {id}, [&found](const Row& row) { found = read_endpoint(row); });
    if (!read) return read.error();
    if (!found) {
        return Error(ErrorCode::not_found, "webhook endpoint " + to_text(kWebhookPrefix, id));
    }
    return *std::move(found);
}

}  // namespace

Result<void> insert_endpoint(Transaction& tx, const WebhookEndpoint& e) {
    ledger::forget<NobodyListens>(tx, e.scope.merchant);
    return tx.defer("INSERT INTO webhook_endpoints (" CAUSEWAY_ENDPOINT_COLUMNS
                    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, "
                    "$16, $17, $18)",
                    {e.id,
                     e.scope.merchant,
                     e.scope.livemode,
                     e.url,
                     joined(e.events),
                     to_string(e.signing),
                     status_of(e),
                     e.disabled_because,
                     e.vault_key,
                     bytes(e.secret),
                     bytes(e.previous_secret),
                     bytes(e.signing_key),
                     e.public_key,
                     bytes(e.previous_signing_key),
                     e.previous_until,
                     e.failures,
                     e.paused_until,
                     e.created_at});
}

Result<void> update_endpoint(Transaction& tx, const WebhookEndpoint& e) {
    return tx.defer(
        "UPDATE webhook_endpoints SET status = $1, disabled_because = $2, vault_key = $3, "
        "secret = $4, previous_secret = $5, signing_key = $6, public_key = $7, "
        "previous_signing_key = $8, previous_until_us = $9, failures = $10, "
        "paused_until_us = $11 WHERE endpoint_id = $12",
        {status_of(e),
         e.disabled_because,
         e.vault_key,
         bytes(e.secret),
         bytes(e.previous_secret),
         bytes(e.signing_key),
         e.public_key,
         bytes(e.previous_signing_key),
         e.previous_until,
         e.failures,
         e.paused_until,
         e.id});
}

Result<WebhookEndpoint> lock_endpoint(Transaction& tx, const Uuid& id) {
    return find_one(tx,
                    "SELECT " CAUSEWAY_ENDPOINT_COLUMNS
                    " FROM webhook_endpoints WHERE endpoint_id = $1 /*locked*/",
                    id);
}

Result<WebhookEndpoint> load_endpoint(Transaction& tx, const Uuid& id) {
    return find_one(tx,
                    "SELECT " CAUSEWAY_ENDPOINT_COLUMNS
                    " FROM webhook_endpoints WHERE endpoint_id = $1",
                    id);
}

Result<WebhookEndpoint> load_endpoint(Transaction& tx, const Uuid& id, Scope scope) {
    Result<WebhookEndpoint> found = load_endpoint(tx, id);
    if (!found || found->scope == scope) return found;
    return Error(ErrorCode::not_found, "webhook endpoint " + to_text(kWebhookPrefix, id));
}

Result<Listed<WebhookEndpoint>> list_endpoints(Transaction& tx, Scope scope, const Page& page) {
    const PageQuery query("SELECT " CAUSEWAY_ENDPOINT_COLUMNS
                          " FROM webhook_endpoints WHERE merchant_id = $1 AND livemode = $2 AND ",
                          "endpoint_id",
                          page);
    return query.run<WebhookEndpoint>(tx, scope.merchant, scope.livemode, read_endpoint);
}

Result<std::int64_t> count_endpoints(Transaction& tx, Scope scope) {
    std::int64_t count = 0;
    const Result<void> read =
        tx.query("SELECT COUNT(*) FROM webhook_endpoints WHERE merchant_id = $1 AND livemode = $2",
                 {scope.merchant, scope.livemode},
                 [&count](const Row& row) { count = row.integer(0); });
    if (!read) return read.error();
    return count;
}

Result<void> delete_endpoint(Transaction& tx, const Uuid& id) {
    const Result<void> canceled = tx.defer(
        "UPDATE webhook_deliveries SET state = 'canceled', next_try_us = NULL, "
        "lease_id = NULL WHERE endpoint_id = $1 AND next_try_us IS NOT NULL",
        {id});
    if (!canceled) return canceled.error();
    return tx.defer("DELETE FROM webhook_endpoints WHERE endpoint_id = $1", {id});
}

}  // namespace causeway::gateway
