// SPDX-License-Identifier: Apache-2.0
#include "gateway/webhooks/webhooks_schema_store.h"

namespace causeway::gateway {

// `events` of an endpoint is a list with a comma at both ends, so that one comparison finds a type
// in it. A delivery without next_try_us is over; one with a lease is being sent by the process that
// holds it, and next_try_us is when the lease ends.
std::string_view webhooks_schema_sql() noexcept {
    return R"(
CREATE TABLE events (
    merchant_id BYTES NOT NULL,
    livemode BIGINT NOT NULL,
    event_id BYTES NOT NULL,
    type TEXT NOT NULL,
    body TEXT NOT NULL,
    created_us BIGINT NOT NULL,
    PRIMARY KEY (merchant_id, livemode, event_id)
)/*clustered*/;
CREATE TABLE webhook_endpoints (
    endpoint_id BYTES NOT NULL PRIMARY KEY,
    merchant_id BYTES NOT NULL,
    livemode BIGINT NOT NULL,
    url TEXT NOT NULL,
    events TEXT NOT NULL,
    signing TEXT NOT NULL,
    status TEXT NOT NULL,
    disabled_because TEXT NOT NULL,
    vault_key TEXT NOT NULL,
    secret BYTES NOT NULL,
    previous_secret BYTES,
    signing_key BYTES,
    public_key TEXT NOT NULL,
    previous_signing_key BYTES,
    previous_until_us BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    paused_until_us BIGINT NOT NULL,
    created_us BIGINT NOT NULL
);
CREATE INDEX webhook_endpoints_by_merchant
    ON webhook_endpoints (merchant_id, livemode, endpoint_id);
CREATE TABLE webhook_deliveries (
    event_id BYTES NOT NULL,
    endpoint_id BYTES NOT NULL,
    merchant_id BYTES NOT NULL,
    livemode BIGINT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    begun_us BIGINT NOT NULL,
    next_try_us BIGINT,
    lease_id BYTES,
    PRIMARY KEY (event_id, endpoint_id)
)/*clustered*/;
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (endpoint_id, next_try_us, event_id)
    WHERE next_try_us IS NOT NULL;
CREATE TABLE webhook_attempts (
    event_id BYTES NOT NULL,
    endpoint_id BYTES NOT NULL,
    attempt BIGINT NOT NULL,
    status_code BIGINT,
    error TEXT,
    duration_ms BIGINT NOT NULL,
    attempted_us BIGINT NOT NULL,
    next_attempt_us BIGINT,
    PRIMARY KEY (event_id, endpoint_id, attempt)
)/*clustered*/;
)";
}

std::string_view webhook_traces_schema_sql() noexcept {
    return R"(
ALTER TABLE events ADD COLUMN traceparent TEXT NOT NULL DEFAULT '';
)";
}

}  // namespace causeway::gateway
