// SPDX-License-Identifier: Apache-2.0
//
// A payment and what hangs on it, as rows: captures, refunds, and the operations that were or will
// be sent to a provider on their behalf.
#pragma once

#include "connectors/connector.h"
#include "gateway/payments/states.h"
#include "ledger/clock.h"
#include "ledger/id.h"
#include "ledger/money.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace causeway::gateway {

/// Which card, without its number.
struct CardFacts {
    std::string brand;
    std::string last4;
    int exp_month = 0;
    int exp_year = 0;

    friend bool operator==(const CardFacts&, const CardFacts&) = default;
};

/// All amounts are minor units of `amount.currency()`.
///
/// Invariants: captured + capturing <= authorised <= amount; refunded + refunding <= captured, and
/// as long as no provider has taken more, refunded + refunding + disputed <= captured.
/// `capturing` and `refunding` are reservations: the check that keeps a thousand callers at once
/// from taking more than there is happens when they grow, inside one transaction.
struct Payment {
    Uuid id;
    Uuid merchant;
    bool livemode = false;
    State<PaymentMachine> status;
    bool capture_automatic = true;
    ledger::Money amount;
    std::int64_t authorised = 0;
    std::int64_t capturing = 0;
    std::int64_t captured = 0;
    std::int64_t refunding = 0;
    std::int64_t refunded = 0;
    std::int64_t disputed = 0;    ///< Taken back by providers in disputes that are not won.
    std::int64_t increasing = 0;  ///< Asked to be added to `authorised`, without an answer yet.
    bool capture_closed =
        false;  ///< No further capture: the rest was released, or nothing is left.
    ledger::Currency settlement_currency;
    std::optional<Uuid> quote;
    std::string method;  ///< "card"; empty while there is none.
    std::string token;
    CardFacts card;
    std::string connector;  ///< Of the last attempt; empty before.
    std::optional<std::string> customer;
    std::optional<std::string> reference;
    std::optional<std::string> description;
    std::optional<std::string> statement_descriptor;
    std::optional<std::string> return_url;
    std::string metadata = "{}";  ///< A JSON object.
    std::string last_error;       ///< A JSON problem; empty when there is none.
    /// Of the authorisation, while it can be captured; or of what the buyer may pay by.
    std::optional<Timestamp> expires_at;
    std::string next_action;  ///< A JSON object; empty when the buyer has nothing to do.
    Timestamp created_at;
    Timestamp updated_at;

    [[nodiscard]] std::int64_t capturable() const noexcept {
        return capture_closed ? 0 : authorised - captured - capturing;
    }
    /// Refunds and disputes draw on the same amount.
    [[nodiscard]] std::int64_t refundable() const noexcept {
        return std::max<std::int64_t>(captured - refunded - refunding - disputed, 0);
    }

    friend bool operator==(const Payment&, const Payment&) = default;
};

struct Capture {
    Uuid id;
    Uuid payment;
    ledger::Money amount;
    bool final_capture = false;
    State<CaptureMachine> status;
    std::optional<Uuid> balance_transaction;
    Timestamp created_at;

    friend bool operator==(const Capture&, const Capture&) = default;
};

struct Refund {
    Uuid id;
    Uuid payment;
    Uuid merchant;
    bool livemode = false;
    ledger::Money amount;
    std::optional<std::string> reason;
    State<RefundMachine> status;
    std::optional<std::string> failure_code;
    std::string metadata = "{}";
    std::optional<Uuid> balance_transaction;
    Timestamp created_at;
};

/// What a disputed amount is to the merchant, fixed when the dispute was booked: what comes back
/// when it is won is what was taken. Units: minor units of the settlement currency.
struct DisputeShare {
    ledger::Money settlement;
    std::int64_t mid_value = 0;
    std::int64_t margin = 0;  ///< Of disputes of before the fee was apart: with it.
    std::int64_t fee = 0;
};

struct Dispute {
    Uuid id;
    Uuid payment;
    Uuid merchant;
    bool livemode = false;
    std::string connector;
    std::string case_id;  ///< The provider's.
    ledger::Money amount;
    DisputeShare share;
    std::string reason;
    std::optional<std::string> network_reason_code;
    State<DisputeMachine> status;
    int round = 1;  ///< 2: the second chargeback.
    /// The operation that carries our word to the provider and has no answer, "op_..."; or empty.
    /// Rows of the first versions hold its kind.
    std::string acting;
    std::optional<Timestamp> evidence_due_at;
    std::string movements = "[]";  ///< JSON: ids of its balance transactions, oldest first.
    Timestamp created_at;
};

/// One exchange with a provider. The row is durable before the first byte is sent.
struct OperationRow {
    Uuid id;
    Uuid payment;
    std::string subject;  ///< "cap_...", "ref_..." or "dp_..." when it is about one; or empty.
    connectors::OperationKind kind = connectors::OperationKind::authorise;
    std::string connector;
    std::int64_t sequence = 0;
    std::string reference;
    ledger::Money amount;
    std::optional<Uuid> original;
    connectors::ReversalReason reason = connectors::ReversalReason::no_answer;
    State<AttemptMachine> state;
    std::string response_code;
    std::string approval_code;
    bool in_doubt = false;  ///< Its amount stands in suspense.
    int tries = 0;          ///< How often it was handed to the connector; counted before it is.
    std::optional<Timestamp> next_try;
    std::optional<Uuid> worker;  ///< The instance that took it up last; of use while it is open.
    Timestamp created_at;
    std::optional<Timestamp> answered_at;

    friend bool operator==(const OperationRow&, const OperationRow&) = default;
};

[[nodiscard]] std::string_view to_string(connectors::ReversalReason reason) noexcept;
/// Errors: `not_found`.
[[nodiscard]] Result<connectors::ReversalReason> parse_reversal_reason(std::string_view text);

}  // namespace causeway::gateway
