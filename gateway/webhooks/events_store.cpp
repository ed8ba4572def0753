// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/version.h"
#include "gateway/json_writer.h"
#include "gateway/payments/pages_store.h"
#include "gateway/retention.h"
#include "gateway/webhooks/endpoint.h"
#include "gateway/webhooks/event.h"
#include "ledger/store/row_memory.h"

#include <algorithm>
#include <array>

namespace causeway::gateway {
namespace {

using ledger::Row;
using ledger::Transaction;

constexpr std::array<std::string_view, 22> kTypes{
    "payment.created",
    "payment.requires_action",
    "payment.processing",
    "payment.requires_capture",
    "payment.partially_captured",
    "payment.succeeded",
    "payment.canceled",
    "payment.failed",
    "payment.expired",
    "capture.succeeded",
    "capture.failed",
    "refund.created",
    "refund.succeeded",
    "refund.failed",
    "dispute.created",
    "dispute.updated",
    "dispute.won",
    "dispute.lost",
    "dispute.accepted",
    "customer.created",
    "settlement.closed",
    "webhook_endpoint.disabled",
};

void write_request(JsonWriter& out, const EventFacts& facts) {
    if (facts.request_id.empty()) return out.null();
    out.begin_object();
    out.name("id").text(facts.request_id);
    out.name("idempotency_key").text_or_null(facts.idempotency_key);
    out.end_object();
}

std::string body_of(const EventFacts& facts, const Uuid& id, Timestamp now) {
    const std::string at = to_rfc3339(now);
    JsonWriter out(facts.object.size() + facts.previous.size() + 512);
    out.begin_object();
    out.name("id").id(kEventPrefix, id);
    out.name("object").text("event");
    out.name("created_at").text(at);
    out.name("livemode").boolean(facts.scope.livemode);
    out.name("type").text(facts.type);
    out.name("timestamp").text(at);
    out.name("api_version").text(kApiVersion);
    out.name("merchant").id("mer", facts.scope.merchant);
    out.name("data").begin_object();
    out.name("object").raw(facts.object);
    if (!facts.previous.empty()) out.name("previous_attributes").raw(facts.previous);
    out.end_object();
    write_request(out.name("request"), facts);
    out.end_object();
    return out.take();
}

// "payment.*" of "payment.succeeded", as an endpoint may subscribe to it.
std::string family_of(std::string_view type) {
    return std::string(type.substr(0, type.find('.'))) + ".*";
}

// Where rows are remembered, asking once replaces a statement an event: most merchants poll. On a
// shared engine the question costs more than the statement, which goes along with the next.
Result<bool> may_be_heard(Transaction& tx, const Uuid& merchant) {
    if (tx.shared() || tx.memory() == nullptr) return true;
    if (ledger::recall<NobodyListens>(tx, merchant) != nullptr) return false;
    bool any = false;
    const Result<void> read =
        tx.query("SELECT 1 FROM webhook_endpoints WHERE merchant_id = $1 LIMIT 1",
                 {merchant},
                 [&any](const Row&) { any = true; });
    if (!read) return read.error();
    if (!any) ledger::remember(tx, merchant, NobodyListens{});
    return any;
}

#define CAUSEWAY_EVENT_COLUMNS                                                     \
    "merchant_id, livemode, event_id, type, body, created_us, "                    \
    "(SELECT COUNT(*) FROM webhook_deliveries d WHERE d.event_id = e.event_id AND" \
    " d.next_try_us IS NOT NULL), traceparent"

EventRow read_event(const Row& row) {
    return EventRow{.id = row.uuid(2),
                    .scope = {.merchant = row.uuid(0), .livemode = row.integer(1) != 0},
                    .type = std::string(row.text(3)),
                    .body = std::string(row.text(4)),
                    .created_at = row.moment(5),
                    .pending_deliveries = row.integer(6),
                    .traceparent = std::string(row.text(7))};
}

// By the primary key, one merchant and mode after the other: events have no index by age, because
// every payment would pay for it.
constexpr std::string_view kOldEvents =
    "SELECT e.merchant_id, e.livemode, e.event_id FROM merchants m "
    "CROSS JOIN (SELECT 0 AS livemode UNION ALL SELECT 1) l CROSS JOIN events e "
    "WHERE e.merchant_id = m.merchant_id AND e.livemode = l.livemode AND e.event_id < $1 "
    "AND NOT EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.event_id = e.event_id AND "
    "d.next_try_us IS NOT NULL) LIMIT $2";

struct OldEvent {
    Scope scope;
    Uuid id;
};

// Looks at the deliveries once more: an event may have been sent again since it was found.
Result<void> delete_event(Transaction& tx, const OldEvent& event) {
    const Result<std::int64_t> gone = tx.execute(
        "DELETE FROM events WHERE merchant_id = $1 AND livemode = $2 AND event_id = $3 AND "
        "NOT EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.event_id = $3 AND "
        "d.next_try_us IS NOT NULL)",
        {event.scope.merchant, event.scope.livemode, event.id});
    if (!gone) return gone.error();
    if (*gone == 0) return {};
    const Result<void> deliveries =
        tx.defer("DELETE FROM webhook_deliveries WHERE event_id = $1", {event.id});
    if (!deliveries) return deliveries.error();
    return tx.defer("DELETE FROM webhook_attempts WHERE event_id = $1", {event.id});
}

}  // namespace

std::span<const std::string_view> event_types() noexcept {
    return kTypes;
}

bool is_event_type(std::string_view type) noexcept {
    return std::ranges::find(kTypes, type) != kTypes.end();
}

Result<Uuid> record_event(Transaction& tx,
                          IdSource& ids,
                          const Clock& clock,
                          const EventFacts& facts) {
    if (!is_event_type(facts.type)) {
        return Error(ErrorCode::invalid_argument, "no event type: " + facts.type);
    }
    const Uuid id = ids.next();
    const Timestamp now = clock.now();
    const Result<void> written = tx.defer(
        "INSERT INTO events (merchant_id, livemode, event_id, type, body, created_us, "
        "traceparent) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        {facts.scope.merchant,
         facts.scope.livemode,
         id,
         facts.type,
         body_of(facts, id, now),
         now,
         facts.traceparent});
    if (!written) return written.error();
    const Result<bool> heard = may_be_heard(tx, facts.scope.merchant);
    if (!heard) return heard.error();
    if (!*heard) return id;
    const Result<void> queued = tx.defer(
        "INSERT INTO webhook_deliveries (event_id, endpoint_id, merchant_id, livemode, state, "
        "attempts, tries, begun_us, next_try_us, lease_id) "
        "SELECT $1, endpoint_id, merchant_id, livemode, 'pending', 0, 0, $2, $2, NULL "
        "FROM webhook_endpoints WHERE merchant_id = $3 AND livemode = $4 AND status = 'enabled' "
        "AND (events = ',*,' OR replace(events, $5, '') <> events OR "
        "replace(events, $6, '') <> events)",
        {id,
         now,
         facts.scope.merchant,
         facts.scope.livemode,
         "," + facts.type + ",",
         "," + family_of(facts.type) + ","});
    if (!queued) return queued.error();
    return id;
}

Result<EventRow> load_event(Transaction& tx, const Uuid& id, Scope scope) {
    std::optional<EventRow> found;
    const Result<void> read = tx.query("SELECT " CAUSEWAY_EVENT_COLUMNS
                                       " FROM events e WHERE merchant_id = $1 AND livemode = $2 "
                                       "AND event_id = $3",
                                       {scope.merchant, scope.livemode, id},
                                       [&found](const Row& row) { found = read_event(row); });
    if (!read) return read.error();
    if (!found) return Error(ErrorCode::not_found, "event " + to_text(kEventPrefix, id));
    return *std::move(found);
}

Result<Listed<EventRow>> list_events(Transaction& tx, Scope scope, const Page& page) {
    const PageQuery query("SELECT " CAUSEWAY_EVENT_COLUMNS
                          " FROM events e WHERE merchant_id = $1 AND livemode = $2 AND ",
                          "event_id",
                          page);
    return query.run<EventRow>(tx, scope.merchant, scope.livemode, read_event);
}

Result<int> delete_old_events(Transaction& tx, Timestamp before, int limit) {
    std::vector<OldEvent> old;
    const Result<void> read =
        tx.query(kOldEvents, {first_id_of(before), limit}, [&old](const Row& row) {
            old.push_back({.scope = {.merchant = row.uuid(0), .livemode = row.integer(1) != 0},
                           .id = row.uuid(2)});
        });
    if (!read) return read.error();
    // In one order in every process: so none waits for another that waits for it.
    std::ranges::sort(old, {}, &OldEvent::id);
    for (const OldEvent& event : old) {
        const Result<void> deleted = delete_event(tx, event);
        if (!deleted) return deleted.error();
    }
    return static_cast<int>(old.size());
}

std::string render_event(const EventRow& event) {
    std::string text = event.body;
    text.pop_back();
    return text + R"(,"pending_deliveries":)" + std::to_string(event.pending_deliveries) + "}";
}

}  // namespace causeway::gateway
