// SPDX-License-Identifier: Apache-2.0
//
// What happened, written down in the same transaction in which it happened.
//
// An event is rendered once, when it is recorded, and never again: what a receiver gets at the
// tenth attempt, what the API shows a year later and what was signed are the same bytes, even if
// the object has moved on since.
#pragma once

#include "gateway/payments/payments_store.h"
#include "ledger/clock.h"
#include "ledger/id.h"
#include "ledger/store/database.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::gateway {

inline constexpr std::string_view kEventPrefix = "evt";

/// What an event tells. `object` and `previous` are JSON objects.
struct EventFacts {
    Scope scope;
    std::string type;        ///< One of event_types().
    std::string object;      ///< As the API shows it after the move.
    std::string previous;    ///< The status, as it was; empty when that did not change.
    std::string request_id;  ///< Empty when no request caused it.
    std::optional<std::string> idempotency_key;  ///< Of that request.
    std::string traceparent = {};                ///< Its trace, handed on to receivers; or empty.
};

/// Writes the event, and one delivery for every enabled endpoint of this merchant and mode that
/// subscribed to its type. No statement here waits for an answer.
///
/// Errors: `invalid_argument` unless the type is one of event_types().
[[nodiscard]] Result<Uuid> record_event(ledger::Transaction& tx,
                                        IdSource& ids,
                                        const Clock& clock,
                                        const EventFacts& facts);

/// Every type there is, in the order of the documentation.
[[nodiscard]] std::span<const std::string_view> event_types() noexcept;
[[nodiscard]] bool is_event_type(std::string_view type) noexcept;

struct EventRow {
    Uuid id;
    Scope scope;
    std::string type;
    std::string body;  ///< JSON, byte for byte as receivers get it.
    Timestamp created_at;
    std::int64_t pending_deliveries = 0;
    std::string traceparent = {};  ///< W3C Trace Context of what caused it; may be empty.
};

/// Errors: `not_found`, also for another merchant's event.
[[nodiscard]] Result<EventRow> load_event(ledger::Transaction& tx, const Uuid& id, Scope scope);
[[nodiscard]] Result<Listed<EventRow>> list_events(ledger::Transaction& tx,
                                                   Scope scope,
                                                   const Page& page);

/// Deletes events from before `before` with their deliveries and attempts, `limit` at most, but
/// none with a delivery that is not over. Returns how many; fewer than `limit` means that no more
/// are there. Two processes may do it at once.
[[nodiscard]] Result<int> delete_old_events(ledger::Transaction& tx, Timestamp before, int limit);

/// The event as the API shows it: its body and the number of deliveries that are not over.
[[nodiscard]] std::string render_event(const EventRow& event);

}  // namespace causeway::gateway
