// SPDX-License-Identifier: Apache-2.0
#include "gateway/instances/instances_schema_store.h"

namespace causeway::gateway {

std::string_view instances_schema_sql() noexcept {
    // `worker` is the instance that works on an operation, or on the request behind a key.
    return R"(
CREATE TABLE gateway_instances (
    instance_id BYTES NOT NULL PRIMARY KEY,
    beat BIGINT NOT NULL,
    started_us BIGINT NOT NULL,
    heartbeat_us BIGINT NOT NULL
);
CREATE TABLE operation_sequences (
    connector TEXT NOT NULL PRIMARY KEY,
    next_sequence BIGINT NOT NULL
);
ALTER TABLE operations ADD COLUMN worker BYTES;
ALTER TABLE idempotency_keys ADD COLUMN worker BYTES;
)";
}

}  // namespace causeway::gateway
