// SPDX-License-Identifier: Apache-2.0
#include "gateway/webhooks/backlog.h"
#include "gateway/webhooks/delivery.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

using ledger::Row;
using ledger::Transaction;

// Steps from one endpoint with work to the next in the index of what is due, so its cost is the
// number of such endpoints and not the number of deliveries.
constexpr std::string_view kQueues =
    "WITH RECURSIVE q(endpoint_id) AS ("
    " SELECT (SELECT a.endpoint_id FROM webhook_deliveries a WHERE a.next_try_us IS NOT NULL"
    "  ORDER BY a.endpoint_id LIMIT 1)"
    " UNION ALL"
    " SELECT (SELECT b.endpoint_id FROM webhook_deliveries b WHERE b.next_try_us IS NOT NULL"
    "  AND b.endpoint_id > q.endpoint_id ORDER BY b.endpoint_id LIMIT 1)"
    "  FROM q WHERE q.endpoint_id IS NOT NULL) "
    "SELECT q.endpoint_id, (SELECT MIN(d.next_try_us) FROM webhook_deliveries d WHERE"
    " d.endpoint_id = q.endpoint_id AND d.next_try_us IS NOT NULL), COALESCE(e.failures, 0), "
    "COALESCE(e.paused_until_us, 0), CASE WHEN e.status = 'enabled' THEN 0 ELSE 1 END FROM q "
    "LEFT JOIN webhook_endpoints e ON e.endpoint_id = q.endpoint_id "
    "WHERE q.endpoint_id IS NOT NULL";

constexpr int kAttemptsShown = 100;

struct DueRow {
    Uuid event;
    std::int64_t attempts = 0;
    std::int64_t tries = 0;
    Timestamp begun;
};

Result<std::vector<DueRow>> due_of(Transaction& tx, const WebhookTurn& turn, Timestamp now) {
    std::vector<DueRow> rows;
    const Result<void> read = tx.query(
        "SELECT event_id, attempts, tries, begun_us FROM webhook_deliveries "
        "WHERE endpoint_id = $1 AND next_try_us IS NOT NULL AND next_try_us <= $2 "
        "ORDER BY next_try_us, event_id LIMIT $3 /*locked*/",
        {turn.endpoint, now, turn.most},
        [&rows](const Row& row) {
            rows.push_back({.event = row.uuid(0),
                            .attempts = row.integer(1),
                            .tries = row.integer(2),
                            .begun = row.moment(3)});
        });
    if (!read) return read.error();
    return rows;
}

// Sent again at the moment at which another process deleted the event.
Result<void> drop_orphan(Transaction& tx, const Uuid& event) {
    return tx.defer("DELETE FROM webhook_deliveries WHERE event_id = $1", {event});
}

Result<HeldDelivery> take(Transaction& tx,
                          const Lease& lease,
                          const WebhookEndpoint& endpoint,
                          const DueRow& due) {
    const Result<void> leased = tx.defer(
        "UPDATE webhook_deliveries SET attempts = $1, next_try_us = $2, lease_id = $3 "
        "WHERE event_id = $4 AND endpoint_id = $5",
        {due.attempts + 1, lease.until, lease.id, due.event, endpoint.id});
    if (!leased) return leased.error();
    Result<EventRow> event = load_event(tx, due.event, endpoint.scope);
    if (!event) return event.error();
    return HeldDelivery{.event = due.event,
                        .lease = lease.id,
                        .attempt = static_cast<int>(due.attempts) + 1,
                        .tries = static_cast<int>(due.tries),
                        .begun = due.begun,
                        .body = std::move(event->body),
                        .traceparent = std::move(event->traceparent),
                        .endpoint = endpoint};
}

Result<void> claim_turn(Transaction& tx,
                        const Lease& lease,
                        const WebhookTurn& turn,
                        std::vector<HeldDelivery>& held) {
    const Result<WebhookEndpoint> endpoint = load_endpoint(tx, turn.endpoint);
    const bool gone = !endpoint && endpoint.error().code() == ErrorCode::not_found;
    if (gone) return {};  // Deleted since the plan was made.
    if (!endpoint) return endpoint.error();
    if (!endpoint->enabled) return {};
    const Result<std::vector<DueRow>> due = due_of(tx, turn, lease.now);
    if (!due) return due.error();
    for (const DueRow& row : *due) {
        Result<HeldDelivery> one = take(tx, lease, *endpoint, row);
        if (!one && one.error().code() == ErrorCode::not_found) {
            const Result<void> dropped = drop_orphan(tx, row.event);
            if (!dropped) return dropped.error();
            continue;
        }
        if (!one) return one.error();
        held.push_back(*std::move(one));
    }
    return {};
}

WebhookAttempt read_attempt(const Row& row) {
    WebhookAttempt one;
    one.endpoint = row.uuid(0);
    one.attempt = static_cast<int>(row.integer(1));
    if (!row.is_null(2)) one.answer.status = static_cast<int>(row.integer(2));
    one.answer.error = row.text(3);
    one.duration = std::chrono::milliseconds(row.integer(4));
    one.attempted_at = row.maybe_moment(5);
    one.next_at = row.maybe_moment(6);
    return one;
}

std::optional<std::int64_t> status_of(const WebhookAnswer& answer) {
    if (!answer.status) return std::nullopt;
    return *answer.status;
}

std::optional<std::string> error_of(const WebhookAnswer& answer) {
    if (answer.error.empty()) return std::nullopt;
    return answer.error;
}

}  // namespace

Result<WebhookBacklog> webhook_backlog(Transaction& tx) {
    WebhookBacklog backlog;
    const Result<void> read = tx.query(
        "SELECT COUNT(*), MIN(d.next_try_us) FROM webhook_deliveries d JOIN webhook_endpoints e "
        "ON e.endpoint_id = d.endpoint_id WHERE d.next_try_us IS NOT NULL AND e.status = 'enabled'",
        {},
        [&backlog](const Row& row) {
            backlog.waiting = row.integer(0);
            backlog.oldest_due = row.maybe_moment(1);
        });
    if (!read) return read.error();
    return backlog;
}

Result<std::vector<WebhookQueue>> webhook_queues(Transaction& tx) {
    std::vector<WebhookQueue> queues;
    const Result<void> read = tx.query(kQueues, {}, [&queues](const Row& row) {
        queues.push_back({.endpoint = row.uuid(0),
                          .head_due = row.moment(1),
                          .circuit = {.failures = row.integer(2), .paused_until = row.moment(3)},
                          .in_flight = 0,
                          .orphaned = row.integer(4) != 0});
    });
    if (!read) return read.error();
    return queues;
}

Result<std::vector<HeldDelivery>> claim_deliveries(Transaction& tx,
                                                   const Lease& lease,
                                                   std::span<const WebhookTurn> turns) {
    std::vector<HeldDelivery> held;
    for (const WebhookTurn& turn : turns) {
        const Result<void> claimed = claim_turn(tx, lease, turn, held);
        if (!claimed) return claimed.error();
    }
    return held;
}

Result<bool> finish_delivery(Transaction& tx,
                             const HeldDelivery& held,
                             const WebhookAttempt& attempt,
                             const DeliveryMove& move) {
    const Result<void> noted = tx.defer(
        "INSERT INTO webhook_attempts (event_id, endpoint_id, attempt, status_code, error, "
        "duration_ms, attempted_us, next_attempt_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        {held.event,
         held.endpoint.id,
         attempt.attempt,
         status_of(attempt.answer),
         error_of(attempt.answer),
         std::int64_t{attempt.duration.count()},
         attempt.attempted_at,
         move.next});
    if (!noted) return noted.error();
    const Result<std::int64_t> moved = tx.execute(
        "UPDATE webhook_deliveries SET state = $1, tries = $2, next_try_us = $3, "
        "lease_id = NULL WHERE event_id = $4 AND endpoint_id = $5 AND lease_id = $6",
        {move.state, move.tries, move.next, held.event, held.endpoint.id, held.lease});
    if (!moved) return moved.error();
    return *moved == 1;
}

Result<std::int64_t> end_orphans(Transaction& tx, const Uuid& endpoint) {
    return tx.execute(
        "UPDATE webhook_deliveries SET state = 'canceled', next_try_us = NULL, lease_id = NULL "
        "WHERE endpoint_id = $1 AND next_try_us IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "
        "webhook_endpoints e WHERE e.endpoint_id = $1 AND e.status = 'enabled')",
        {endpoint});
}

Result<void> abandon_deliveries(Transaction& tx,
                                const Uuid& endpoint,
                                std::string_view state,
                                Timestamp begun_before) {
    return tx.defer(
        "UPDATE webhook_deliveries SET state = $1, next_try_us = NULL, lease_id = NULL "
        "WHERE endpoint_id = $2 AND next_try_us IS NOT NULL AND begun_us < $3",
        {state, endpoint, begun_before});
}

Result<void> redeliver_event(Transaction& tx, const EventRow& event, Timestamp now) {
    const std::string family = event.type.substr(0, event.type.find('.')) + ".*";
    return tx.defer(
        "INSERT INTO webhook_deliveries (event_id, endpoint_id, merchant_id, livemode, state, "
        "attempts, tries, begun_us, next_try_us, lease_id) "
        "SELECT $1, endpoint_id, merchant_id, livemode, 'pending', 0, 0, $2, $2, NULL "
        "FROM webhook_endpoints WHERE merchant_id = $3 AND livemode = $4 AND status = 'enabled' "
        "AND (events = ',*,' OR replace(events, $5, '') <> events OR "
        "replace(events, $6, '') <> events) "
        "ON CONFLICT (event_id, endpoint_id) DO UPDATE SET state = 'pending', tries = 0, "
        "begun_us = excluded.begun_us, next_try_us = excluded.next_try_us, lease_id = NULL",
        {event.id,
         now,
         event.scope.merchant,
         event.scope.livemode,
         "," + event.type + ",",
         "," + family + ","});
}

Result<std::int64_t> free_leases(Transaction& tx, Timestamp now) {
    return tx.execute(
        "UPDATE webhook_deliveries SET next_try_us = $1, lease_id = NULL "
        "WHERE next_try_us IS NOT NULL AND lease_id IS NOT NULL",
        {now});
}

Result<std::vector<WebhookAttempt>> list_attempts(Transaction& tx, const Uuid& event) {
    std::vector<WebhookAttempt> attempts;
    const auto collect = [&attempts](const Row& row) { attempts.push_back(read_attempt(row)); };
    const Result<void> untried = tx.query(
        "SELECT endpoint_id, 0, NULL, NULL, 0, NULL, next_try_us FROM webhook_deliveries "
        "WHERE event_id = $1 AND attempts = 0 AND next_try_us IS NOT NULL "
        "ORDER BY endpoint_id LIMIT $2",
        {event, kAttemptsShown},
        collect);
    if (!untried) return untried.error();
    const Result<void> tried = tx.query(
        "SELECT endpoint_id, attempt, status_code, error, duration_ms, attempted_us, "
        "next_attempt_us FROM webhook_attempts WHERE event_id = $1 "
        "ORDER BY attempted_us DESC, endpoint_id, attempt DESC LIMIT $2",
        {event, kAttemptsShown - static_cast<int>(attempts.size())},
        collect);
    if (!tried) return tried.error();
    return attempts;
}

std::string render_attempt(const WebhookAttempt& attempt) {
    const auto moment = [](const std::optional<Timestamp>& when) {
        return when ? json::value(to_rfc3339(*when)) : json::value(nullptr);
    };
    json::object members;
    members["object"] = "delivery";
    members["endpoint"] = to_text(kWebhookPrefix, attempt.endpoint);
    members["attempt"] = attempt.attempt;
    members["status_code"] =
        attempt.answer.status ? json::value(*attempt.answer.status) : json::value(nullptr);
    members["error"] =
        attempt.answer.error.empty() ? json::value(nullptr) : json::value(attempt.answer.error);
    members["duration_ms"] = attempt.duration.count();
    if (attempt.attempted_at) members["attempted_at"] = moment(attempt.attempted_at);
    members["next_attempt_at"] = moment(attempt.next_at);
    return json::serialize(members);
}

}  // namespace causeway::gateway
