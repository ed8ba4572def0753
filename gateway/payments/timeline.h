// SPDX-License-Identifier: Apache-2.0
//
// What happened to a payment, in the order in which it happened: every move of it and of its parts,
// every decision, with the journal entries that were posted for it.
//
// One row holds what one transaction did: its lines stand or fall together.
#pragma once

#include "gateway/payments/payments_store.h"
#include "ledger/clock.h"
#include "ledger/id.h"
#include "ledger/store/database.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::gateway {

struct TimelineLine {
    std::string kind;    ///< "move", "routing", "doubt", "decision", "notice", "conversion"
    std::string object;  ///< "pay_...", "op_...", "cap_...", "ref_...", "dp_..."
    std::string from;    ///< For moves; empty when the object is new.
    std::string event;
    std::string to;
    std::string detail;  ///< For people. No personal data.
    std::optional<Uuid> entry;
};

struct TimelineRow {
    Uuid payment;
    Uuid id;
    std::string request_id;  ///< Empty when no request caused it.
    std::vector<TimelineLine> lines;
    Timestamp at;
};

[[nodiscard]] Result<void> insert_timeline(ledger::Transaction& tx, const TimelineRow& row);

/// Newest first, as the page asks.
[[nodiscard]] Result<Listed<TimelineRow>> list_timeline(ledger::Transaction& tx,
                                                        const Uuid& payment,
                                                        const Page& page);

/// A merchant sees that an operator decided, and that a provider converted; who, why and at which
/// rate stays with the operators.
enum class TimelineReader { merchant, operators };

/// One row as the API shows it.
[[nodiscard]] std::string render_timeline(const TimelineRow& row, TimelineReader reader);

}  // namespace causeway::gateway
