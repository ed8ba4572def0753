// SPDX-License-Identifier: Apache-2.0
//
// A payment and what hangs on it, as rows: captures, refunds, and the operations that were or will
// be sent to a provider on their behalf.
#pragma once

#include "connectors/connector.h"
#include "ledger/clock.h"
#include "ledger/id.h"
#include "ledger/money.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace causeway::gateway {

/// The spelling is API.
enum class PaymentStatus {
    requires_payment_method,
    requires_confirmation,
    requires_action,
    processing,  ///< Sent; also every unknown outcome. Only a provider's word ends it.
    requires_capture,
    partially_captured,
    succeeded,
    canceled,
    failed,
    expired,
};

[[nodiscard]] std::string_view to_string(PaymentStatus status) noexcept;
/// Errors: `not_found`.
[[nodiscard]] Result<PaymentStatus> parse_payment_status(std::string_view text);

/// Which card, without its number.
struct CardFacts {
    std::string brand;
    std::string last4;
    int exp_month = 0;
    int exp_year = 0;
};

/// All amounts are minor units of `amount.currency()`.
///
/// Invariants: captured + capturing <= authorised <= amount; refunded + refunding <= captured.
/// `capturing` and `refunding` are reservations: the check that keeps a thousand callers at once
/// from taking more than there is happens when they grow, inside one transaction.
struct Payment {
    Uuid id;
    Uuid merchant;
    bool livemode = false;
    PaymentStatus status = PaymentStatus::requires_payment_method;
    bool capture_automatic = true;
    ledger::Money amount;
    std::int64_t authorised = 0;
    std::int64_t capturing = 0;
    std::int64_t captured = 0;
    std::int64_t refunding = 0;
    std::int64_t refunded = 0;
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
    Timestamp created_at;
    Timestamp updated_at;

    [[nodiscard]] std::int64_t capturable() const noexcept {
        return capture_closed ? 0 : authorised - captured - capturing;
    }
    [[nodiscard]] std::int64_t refundable() const noexcept {
        return captured - refunded - refunding;
    }
};

enum class PartStatus { pending, succeeded, failed, canceled };
[[nodiscard]] std::string_view to_string(PartStatus status) noexcept;
/// Errors: `not_found`.
[[nodiscard]] Result<PartStatus> parse_part_status(std::string_view text);

struct Capture {
    Uuid id;
    Uuid payment;
    ledger::Money amount;
    bool final_capture = false;
    PartStatus status = PartStatus::pending;
    std::optional<Uuid> balance_transaction;
    Timestamp created_at;
};

struct Refund {
    Uuid id;
    Uuid payment;
    Uuid merchant;
    bool livemode = false;
    ledger::Money amount;
    std::optional<std::string> reason;
    PartStatus status = PartStatus::pending;
    std::optional<std::string> failure_code;
    std::string metadata = "{}";
    std::optional<Uuid> balance_transaction;
    Timestamp created_at;
};

/// Where an operation stands. An operation with `next_try` set is open: somebody still has to act.
enum class OperationState {
    intent,    ///< Durable; it may have been sent.
    approved,  ///< The provider said yes.
    declined,  ///< The provider said no.
    unsent,    ///< Certain: not one byte left us.
    unknown,   ///< Sent, no word. A `reverse` operation is on its way.
    reversed,  ///< Undone at the provider, whatever it had believed.
};
[[nodiscard]] std::string_view to_string(OperationState state) noexcept;
/// Errors: `not_found`.
[[nodiscard]] Result<OperationState> parse_operation_state(std::string_view text);

/// One exchange with a provider. The row is durable before the first byte is sent.
struct OperationRow {
    Uuid id;
    Uuid payment;
    std::string subject;  ///< "cap_..." or "ref_..." when it is about one; empty otherwise.
    connectors::OperationKind kind = connectors::OperationKind::authorise;
    std::string connector;
    std::int64_t sequence = 0;
    std::string reference;
    ledger::Money amount;
    std::optional<Uuid> original;
    connectors::ReversalReason reason = connectors::ReversalReason::no_answer;
    OperationState state = OperationState::intent;
    std::string response_code;
    std::string approval_code;
    bool in_doubt = false;  ///< Its amount stands in suspense.
    int tries = 0;          ///< How often it was handed to the connector; counted before it is.
    std::optional<Timestamp> next_try;
    Timestamp created_at;
    std::optional<Timestamp> answered_at;
};

[[nodiscard]] std::string_view to_string(connectors::ReversalReason reason) noexcept;
/// Errors: `not_found`.
[[nodiscard]] Result<connectors::ReversalReason> parse_reversal_reason(std::string_view text);

}  // namespace causeway::gateway
