// SPDX-License-Identifier: Apache-2.0
//
// From "the merchant wants this paid" to an operation that may be sent: card, route, currency.
#pragma once

#include "gateway/collections/collection_facts.h"
#include "gateway/payments/records.h"
#include "gateway/payments/steps.h"

#include <string>
#include <variant>
#include <vector>

namespace causeway::gateway {

/// Everything checked and chosen, nothing written yet but the quote's consumption.
struct Approach {
    std::string connector;
    connectors::OperationKind first_operation;
    std::optional<Timestamp> send_before = std::nullopt;  ///< See Send.
    /// What was agreed for an instrument, for `collect`.
    std::optional<connectors::CollectionTerms> terms = std::nullopt;
};

/// What a merchant names to be charged.
struct MethodChoice {
    std::string type;                                           ///< payment_method.type
    std::string token;                                          ///< Of a card.
    std::optional<CollectionChoice> collection = std::nullopt;  ///< Of what is paid later.
};

/// The connector that is to charge `payment`, other than those tried, and how; a Problem when there
/// is none. Tells the timeline why.
[[nodiscard]] Result<std::variant<Approach, Problem>> find_route(
    Records& records, const Payment& payment, const std::vector<std::string>& tried);

/// Chooses connector and settlement currency, locks the quote, and moves `payment` to
/// `processing`; the caller stores it and opens the operation.
///
/// The quote's expiry is checked here, in the transaction before the sending, and again at the
/// moment of sending: see Send::send_before. A payment in a currency that its merchant does not
/// settle in and that names no quote gets one of its own.
[[nodiscard]] Result<std::variant<Approach, Problem>> confirm(Records& records, Payment& payment);

/// Until when `payment` may be sent once more at the rate it was promised; nothing when it needs
/// none. Errors: `expired` when that is over.
[[nodiscard]] Result<std::optional<Timestamp>> end_of_rate(ledger::Transaction& tx,
                                                           const Workshop& shop,
                                                           const Payment& payment);

/// `payment` came to nothing: the quote that its merchant named is free for another, until its end.
[[nodiscard]] Result<void> give_quote_back(ledger::Transaction& tx,
                                           const Workshop& shop,
                                           const Payment& payment);

/// Parts `payment` from a quote that we made for it: its next try gets a fresh one. One that its
/// merchant named stays.
[[nodiscard]] Result<void> drop_own_quote(ledger::Transaction& tx, Payment& payment);

/// Attaches the card behind the token, or who is to pay later; a Problem when that does not do.
[[nodiscard]] Result<std::optional<Problem>> attach_method(ledger::Transaction& tx,
                                                           const Workshop& shop,
                                                           Payment& payment,
                                                           const MethodChoice& choice);

/// Locks a quote of our own making, from the payment's currency to `target`; a Problem when there
/// is no rate to lock. The caller consumes it.
[[nodiscard]] Result<std::optional<Problem>> lock_automatic_quote(ledger::Transaction& tx,
                                                                  const Workshop& shop,
                                                                  Payment& payment,
                                                                  ledger::Currency target);

/// Whether the quote a merchant names fits the payment at all; its use is decided by confirm().
[[nodiscard]] Result<std::optional<Problem>> check_quote(ledger::Transaction& tx,
                                                         const Workshop& shop,
                                                         const Payment& payment);

/// The merchant names another quote for `payment`, which was not sent: the one of before may have
/// ended. A Problem when the new one does not fit; then nothing has changed.
[[nodiscard]] Result<std::optional<Problem>> name_quote(ledger::Transaction& tx,
                                                        const Workshop& shop,
                                                        Payment& payment,
                                                        const Uuid& quote);

}  // namespace causeway::gateway
