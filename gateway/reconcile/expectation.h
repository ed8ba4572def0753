// SPDX-License-Identifier: Apache-2.0
//
// What we expect a counterparty to tell us: a captured payment expects to be settled, a refund to
// be taken back, a payout of a batch to reach the bank. Reconciliation confirms expectations and
// explains what is left over.
#pragma once

#include "ledger/clock.h"
#include "ledger/id.h"
#include "ledger/money.h"
#include "ledger/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace causeway::gateway {

/// The spelling is stored.
enum class ExpectationKind {
    settled,              ///< The provider will credit a capture.
    refunded,             ///< The provider will debit a refund.
    charged_back,         ///< The provider will debit a dispute.
    chargeback_reversed,  ///< The provider will credit a dispute that was won.
    deposit,              ///< The provider's payout of a batch will reach our bank account.
};

[[nodiscard]] std::string_view to_string(ExpectationKind kind) noexcept;
/// Errors: `not_found`.
[[nodiscard]] Result<ExpectationKind> parse_expectation_kind(std::string_view text);

/// The settlement that the provider announced in its answer, as it is booked.
struct ToldSettlement {
    ledger::Money settled;  ///< Before its cost, signed from our side.
    std::string rate;       ///< As told.
    std::int64_t cost = 0;  ///< What we expect at that rate. Units: of the currency of `settled`.
    Uuid entry;             ///< Of the journal.
};

struct Expectation {
    Uuid id;
    std::string connector;
    ExpectationKind kind = ExpectationKind::settled;
    std::string provider_reference;      ///< Of a deposit: the batch.
    std::string modification_reference;  ///< Of a deposit: the currency's code.
    std::string source;                  ///< What caused it: "cap_...", "ref_...", "rec_...".
    std::optional<Uuid> payment_id;
    ledger::Money amount;    ///< Before the provider's cost; positive for either kind of payment.
    std::int64_t cost = 0;   ///< Expected. Units: minor units of the same currency.
    Day day;                 ///< Of the operation, in UTC.
    bool confirmed = false;  ///< Else still open.
    std::string batch;       ///< Of the provider, once confirmed.
    std::optional<Uuid> run_id;
    Timestamp created;
    /// What we took the amount for in the merchant's currency, at the mid rate of its quote; none
    /// for a payment in one currency.
    std::optional<ledger::Money> taken_for = {};
    std::optional<ToldSettlement> told = {};
};

}  // namespace causeway::gateway
