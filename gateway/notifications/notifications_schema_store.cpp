// SPDX-License-Identifier: Apache-2.0
#include "gateway/notifications/notifications_schema_store.h"

namespace causeway::gateway {

// A message is kept as it came, sealed under its own id. A notice is kept in its parts, so that
// one which came too early can be compared again when what it was waiting for has come.
std::string_view notifications_schema_sql() noexcept {
    return R"(
CREATE TABLE notification_messages (
    message_id BYTES NOT NULL PRIMARY KEY,
    connector TEXT NOT NULL,
    body_sha256 BYTES NOT NULL,
    state TEXT NOT NULL,
    sealed BYTES NOT NULL,
    vault_key TEXT NOT NULL,
    size BIGINT NOT NULL,
    received_us BIGINT NOT NULL,
    UNIQUE (connector, body_sha256)
);
CREATE TABLE notifications (
    connector TEXT NOT NULL,
    notice_id TEXT NOT NULL,
    message_id BYTES NOT NULL,
    digest BYTES NOT NULL,
    kind TEXT NOT NULL,
    reference TEXT NOT NULL,
    amount BIGINT,
    currency TEXT NOT NULL,
    approved BIGINT NOT NULL,
    decline TEXT NOT NULL,
    response_code TEXT NOT NULL,
    approval_code TEXT NOT NULL,
    case_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    network_reason TEXT NOT NULL,
    respond_by_us BIGINT,
    happened_us BIGINT,
    verdict TEXT NOT NULL,
    payment_id BYTES,
    repeats BIGINT NOT NULL,
    received_us BIGINT NOT NULL,
    PRIMARY KEY (connector, notice_id)
);
CREATE INDEX notifications_by_message ON notifications (message_id);
CREATE INDEX notifications_by_reference ON notifications (connector, reference);
)";
}

// Nearly every notice was believed at once and has no case: no index need know of it. The words of
// the two queries are the indexes' own, or the engines would not use them.
std::string_view early_notifications_schema_sql() noexcept {
    return R"(
DROP INDEX notifications_by_reference;
CREATE INDEX notifications_early ON notifications (connector, reference)
    WHERE (verdict = 'move_not_allowed' OR verdict = 'unknown_reference');
CREATE INDEX notifications_of_cases ON notifications (connector, reference)
    WHERE case_id <> '';
)";
}

}  // namespace causeway::gateway
