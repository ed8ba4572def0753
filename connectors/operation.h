// SPDX-License-Identifier: Apache-2.0
//
// What the gateway asks of a provider, and what the provider says to it.
//
// Capability, Connector and the codecs of every method speak these types. None of them is a
// message: how an operation travels is the connector's business alone.
#pragma once

#include "connectors/collection.h"
#include "ledger/money.h"
#include "ledger/result.h"

#include <optional>
#include <string>
#include <string_view>

namespace causeway::connectors {

enum class OperationKind {
    authorise,  ///< Reserve an amount on the buyer's account.
    sale,       ///< Authorise and capture in one message.
    increment,  ///< Raise what an authorise reserved. The provider may refuse; the rest stands.
    capture,    ///< Take (part of) what was authorised. The provider may not refuse it.
    refund,     ///< Give (part of) what was captured back.
    reverse,    ///< Undo an authorise, sale, increment or refund without an answer, or a cancel.
    release,    ///< Give back what is left of a partly captured authorisation.
    represent,  ///< Contest a dispute, by the connector's disputing side.
    concede,    ///< Give a dispute up, by the same.
    collect,    ///< Make an instrument that the buyer pays later. Moves no money.
    withdraw,   ///< Take it back: nobody can pay it any more. Refused when it was paid.
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
    std::string reference;  ///< As make_reference() wrote it.
    /// Empty when the answer never came. Of a `collect`: what the provider calls the payment that
    /// came in, once it did.
    std::string approval_code;
    ledger::Money amount;  ///< Of the earlier operation, with what increments added to it.
};

struct Operation {
    OperationKind kind;
    std::string reference;  ///< From make_reference(); durable before this call.
    /// For `increment`: what is added. For `release`: what remains charged. For `reverse`: the
    /// original's, increments and all.
    ledger::Money amount;
    std::string payment_id;
    std::optional<Card> card;
    std::optional<Original> original;                     ///< Set but for authorise and sale.
    ReversalReason reason = ReversalReason::no_answer;    ///< For `reverse` and `release`.
    std::optional<Collection> collection = std::nullopt;  ///< For `collect` and `withdraw`.
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
    invalid_request,  ///< The connector will not send it; the provider never heard of it.
};

[[nodiscard]] std::string_view to_string(Decline decline) noexcept;
/// Errors: `not_found`.
[[nodiscard]] Result<Decline> parse_decline(std::string_view text);

/// An amount in another currency, as the provider says that it converted.
struct ToldAmount {
    ledger::Money amount;  ///< Never negative, whichever way the money goes.
    /// A decimal number above zero with every digit that was told, trailing zeros too: they say how
    /// exact it is. Units: of `amount` per one unit of the operation's currency.
    std::string rate;

    friend bool operator==(const ToldAmount&, const ToldAmount&) = default;
};

/// What a provider makes of an operation's amount. It is what was said: whether the amount follows
/// from the rate is for others to judge.
struct Conversion {
    std::optional<ToldAmount> settlement;  ///< What it owes us, or is owed.
    std::optional<ToldAmount> billing;     ///< What the buyer's account is charged, or given.
    std::string fault;  ///< Why a part of it was not understood; empty when all of it was.

    friend bool operator==(const Conversion&, const Conversion&) = default;
};

/// What the provider said, word for word where it is not ours to interpret.
struct Answer {
    bool approved = false;
    Decline decline = Decline::none;
    std::string response_code;  ///< The provider's own.
    std::string approval_code;
    std::optional<ledger::Money> approved_amount;  ///< Only when it differs from what was asked.
    std::optional<Instrument> instrument = std::nullopt;  ///< For `collect`, when approved.
    std::optional<Conversion> provider_conversion = {};   ///< None when it said nothing of one.
};

}  // namespace causeway::connectors
