// SPDX-License-Identifier: Apache-2.0
//
// The contract between the gateway and one payment method.
//
// The gateway makes every operation durable, with its reference, before the connector sends a
// byte. The reference is the provider's idempotency key: performing an operation again under the
// same reference (`repeat`) can not move money twice. A connector posts no ledger entries,
// chooses no rate and never retries on its own: only the gateway knows what already happened.
#pragma once

#include "ledger/clock.h"
#include "ledger/money.h"
#include "ledger/result.h"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::connectors {

enum class OperationKind {
    authorise,  ///< Reserve an amount on the buyer's account.
    sale,       ///< Authorise and capture in one message.
    capture,    ///< Take (part of) what was authorised. The provider may not refuse it.
    refund,     ///< Give (part of) what was captured back.
    reverse,    ///< Undo an authorise, sale or refund whose answer never came, or a cancel.
    release,    ///< Give back what is left of a partly captured authorisation.
};

[[nodiscard]] std::string_view to_string(OperationKind kind) noexcept;
/// Errors: `not_found`.
[[nodiscard]] Result<OperationKind> parse_operation_kind(std::string_view text);

/// A payment card as it travels to the acquirer. Secret: never logged, never in an error.
struct Card {
    std::string number;  ///< Digits only, 12 to 19.
    int expiry_month = 0;
    int expiry_year = 0;  ///< Four digits.
    std::string cvc;      ///< Empty when it is not at hand; never stored.
};

/// Why an authorisation is undone.
enum class ReversalReason { customer_cancel, no_answer, malfunction };

/// The earlier operation that this one is about.
struct Original {
    OperationKind kind;
    std::string reference;      ///< As make_reference() wrote it.
    std::string approval_code;  ///< Empty when the answer never came.
    ledger::Money amount;       ///< Of the earlier operation.
};

struct Operation {
    OperationKind kind;
    std::string reference;  ///< From make_reference(); durable before this call.
    ledger::Money amount;   ///< For `release`: what remains charged. For `reverse`: the original's.
    std::string payment_id;
    std::optional<Card> card;
    std::optional<Original> original;                   ///< Set but for authorise and sale.
    ReversalReason reason = ReversalReason::no_answer;  ///< For `reverse` and `release`.
    bool repeat = false;  ///< This reference was sent before, perhaps.
};

/// Reasons for a decline in our own words; the spelling is API (`decline_code`).
enum class Decline {
    none,
    call_issuer,
    not_allowed,
    fraud,
    do_not_honour,
    invalid_amount,
    invalid_card,
    expired_card,
    insufficient_funds,
    limit_exceeded,
    incorrect_pin,
    authentication_required,
    duplicate,
    original_not_found,
    provider_unavailable,
    provider_error,
};

[[nodiscard]] std::string_view to_string(Decline decline) noexcept;

/// What the provider said, word for word where it is not ours to interpret.
struct Answer {
    bool approved = false;
    Decline decline = Decline::none;
    std::string response_code;  ///< The provider's own.
    std::string approval_code;
    std::optional<ledger::Money> approved_amount;  ///< Only when it differs from what was asked.
};

/// How a provider's file names an operation; both empty when it never does.
struct StatementKey {
    std::string provider_reference;      ///< Adyen's "Psp Reference": the whole payment.
    std::string modification_reference;  ///< This capture or refund.
};

/// How an operation without an answer is cleared up.
enum class Resolution {
    inquiry,   ///< find() asks the provider.
    reversal,  ///< The provider cannot be asked: the operation is reversed, or repeated.
};

/// What a connector can do. Constant for its whole life.
struct Capability {
    std::string name;    ///< Of this instance, such as "demo_card"; unique in a gateway.
    std::string method;  ///< `payment_method.type`, such as "card".
    bool livemode = false;
    std::vector<ledger::Currency> currencies;  ///< Empty: every currency.
    /// The largest amount one operation can carry. Units: minor units.
    std::int64_t amount_max = std::numeric_limits<std::int64_t>::max();
    Resolution resolution = Resolution::reversal;
};

/// One payment method at one provider.
///
/// Threads: every method may be called from any thread; awaitables resume on the caller's
/// executor.
/// Lifetime: the connector outlives every awaitable it returned.
class Connector {
  public:
    Connector() = default;
    Connector(const Connector&) = delete;
    Connector& operator=(const Connector&) = delete;
    virtual ~Connector() = default;

    [[nodiscard]] virtual const Capability& capability() const noexcept = 0;

    /// Writes the provider's reference of a new operation. `sequence` is unique for this
    /// connector for ever and grows. Pure: the same arguments give the same text, of at most 64
    /// visible characters.
    [[nodiscard]] virtual std::string make_reference(std::int64_t sequence,
                                                     Timestamp now,
                                                     const Operation& operation) const = 0;

    /// Which authorising operation suits a payment: `authorise` then `capture`, or `sale`.
    ///
    /// Errors: `invalid_argument` when this card cannot be used in this way.
    [[nodiscard]] virtual Result<OperationKind> first_operation(const Card& card,
                                                                bool capture_now) const = 0;

    /// Sends one operation and awaits the provider's word.
    ///
    /// A decline is an Answer, not an Error. Errors, by what the caller may do next:
    ///   `unavailable`      nothing was sent; perform again later.
    ///   `outcome_unknown`  it may have arrived; resolve it, never assume.
    ///   `invalid_argument` the operation breaks a documented rule; a bug in the caller.
    virtual boost::asio::awaitable<Result<Answer>> perform(Operation operation) = 0;

    /// How the provider's statement will name this operation.
    [[nodiscard]] virtual StatementKey statement_key(const Operation& operation) const = 0;

    /// Whether operations can be sent right now.
    [[nodiscard]] virtual bool ready() const noexcept = 0;
};

}  // namespace causeway::connectors
