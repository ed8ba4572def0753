// SPDX-License-Identifier: Apache-2.0
//
// The posting rules: one function per business event, which returns the lines of one journal
// entry. An accountant can read this room alone.
//
// Debits are positive, credits negative. Every entry balances in each currency inside the client
// fund and inside the own fund; see ledger/journal/account.h for the two. Presentment is the
// currency the buyer pays in, settlement the one the merchant is paid in. When they differ the
// operator takes the presentment money over from the client fund, gives the settlement money
// to it, and books the exchange in the own fund through the pair's trading accounts.
#pragma once

#include "fx/position.h"
#include "fx/provider_conversion.h"
#include "ledger/journal/journal.h"
#include "ledger/money.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace causeway::gateway {

/// Who takes part in a payment's entries. Test and live money never meet: test owners carry the
/// prefix "test/".
struct Parties {
    std::string connector;
    std::string merchant;  ///< "mer_01J..."
    bool livemode = false;
};

/// The exchange inside a capture or a refund. Units: minor units of the settlement currency.
struct Exchange {
    std::int64_t mid_value;  ///< Of the presentment amount at the quote's mid rate, half-even.
    std::int64_t margin;     ///< The markup of the quote's corridor.
    std::int64_t fee = 0;    ///< Its fixed fee.
};

struct CaptureFacts {
    Parties parties;
    ledger::Money presentment;         ///< What the buyer pays.
    std::int64_t provider_cost;        ///< Expected. Units: minor units of presentment.
    ledger::Money settlement;          ///< What the merchant earns, before the fee.
    std::int64_t fee;                  ///< Ours. Units: minor units of settlement.
    std::optional<Exchange> exchange;  ///< Set exactly when the currencies differ.
};

/// The provider has taken the money: it owes us, we owe the merchant.
[[nodiscard]] std::vector<ledger::Line> capture_lines(const CaptureFacts& facts);

struct RefundFacts {
    Parties parties;
    ledger::Money presentment;  ///< What the buyer gets back.
    ledger::Money settlement;   ///< What the merchant gives, at the payment's own quote.
    std::optional<Exchange> exchange;
};

/// The provider has given the money back. Fees and provider costs of the capture stay.
[[nodiscard]] std::vector<ledger::Line> refund_lines(const RefundFacts& facts);

struct DisputeFacts {
    Parties parties;
    ledger::Money presentment;  ///< What the provider takes back.
    ledger::Money settlement;   ///< What the merchant loses, at the payment's own quote.
    std::int64_t fee = 0;       ///< Ours. Units: minor units of settlement.
    std::optional<Exchange> exchange;
};

/// A buyer disputes: the provider has taken the money back and so do we from the merchant. The
/// amount stands in `dispute`, on the provider's side and on the merchant's, until it is decided.
[[nodiscard]] std::vector<ledger::Line> dispute_lines(const DisputeFacts& facts);

/// The merchant was right: everything comes back but the fee.
[[nodiscard]] std::vector<ledger::Line> dispute_won_lines(const DisputeFacts& facts);

/// The buyer was right, or nobody contested: the money is gone already, the exposure ends.
[[nodiscard]] std::vector<ledger::Line> dispute_over_lines(const Parties& parties,
                                                           ledger::Money amount);

/// An operation was sent and its fate is not known: the amount stands in suspense, where anyone
/// can see it, on the provider's side and on the merchant's.
[[nodiscard]] std::vector<ledger::Line> doubt_lines(const Parties& parties, ledger::Money amount);

/// The doubt is over, whichever way it went.
[[nodiscard]] std::vector<ledger::Line> doubt_cleared_lines(const Parties& parties,
                                                            ledger::Money amount);

/// A buyer has paid what is nobody's yet: the provider owes it, and it stands apart.
[[nodiscard]] std::vector<ledger::Line> receipt_apart_lines(const Parties& parties,
                                                            ledger::Money amount);

/// What stood apart is taken out again: into a payment, by another entry, or back to the buyer out
/// of what the provider owes.
[[nodiscard]] std::vector<ledger::Line> receipt_released_lines(const Parties& parties,
                                                               ledger::Money amount);

/// A buyer has paid more than the payment's amount, and it is the merchant's: fine and interest.
[[nodiscard]] std::vector<ledger::Line> surcharge_lines(const Parties& parties,
                                                        ledger::Money amount);

/// A merchant's period is closed: its net moves from pending to available. `net` may be negative.
[[nodiscard]] std::vector<ledger::Line> settlement_lines(const Parties& parties, ledger::Money net);

/// What a provider paid out in another currency than the buyer's, signed from our side.
struct ProviderConversionFacts {
    Parties parties;
    fx::Position position;  ///< Of the buyer's currency and the one that was paid out.
    fx::ProviderConversion conversion;
    fx::ConversionGap gap;
    std::int64_t expected_cost = 0;  ///< As it was booked. Units: of the buyer's currency.
    std::int64_t cost = 0;           ///< As it was taken. Units: of the currency paid out.
};

/// The operator takes over what the provider owed in the buyer's currency and gives what it owes
/// now; its position closes at the provider's amount. The cost moves into the provider's currency.
///
/// Errors: as fx::settlement_lines(); `amount_overflow`.
[[nodiscard]] Result<std::vector<ledger::Line>> provider_conversion_lines(
    const ProviderConversionFacts& facts);

/// The provider has kept `more` of what it owes than was booked; less when it is negative.
[[nodiscard]] std::vector<ledger::Line> provider_cost_lines(const Parties& parties,
                                                            const ledger::Money& more);

/// "mer_01J..." or "test/mer_01J...": how the journal names an owner.
[[nodiscard]] std::string owner_name(std::string_view name, bool livemode);

}  // namespace causeway::gateway
