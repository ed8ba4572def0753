// SPDX-License-Identifier: Apache-2.0
//
// In which currency the sandbox acquirer pays an account, and at which rate. The rate is kept as
// the eight digits of DE9, so that the message and the settlement file say the same.
#pragma once

#include "ledger/currency.h"
#include "ledger/money.h"
#include "ledger/result.h"

#include <span>
#include <string>
#include <string_view>

namespace causeway::connectors::card::sandbox {

struct Settling {
    ledger::Currency currency;
    std::string rate;  ///< DE9. Units: of `currency` per one unit of the transaction's.
};

struct SettlingRule {
    std::string account;  ///< DE42; empty: every account.
    ledger::Currency from;
    Settling settling;
};

/// "USD=EUR@0.85", or "MERCHANT0000001:USD=EUR@0.85" for one account.
///
/// Errors: `invalid_argument`.
[[nodiscard]] Result<SettlingRule> parse_settling_rule(std::string_view text);

/// By DE42 and DE49; nullptr when the account is paid in the transaction's currency.
[[nodiscard]] const Settling* find_settling(std::span<const SettlingRule> rules,
                                            std::string_view account,
                                            std::string_view numeric_currency);

/// "EUR@20000085", as a fact has it.
[[nodiscard]] std::string settling_text(const Settling& settling);
/// The inverse. Errors: `invalid_argument`, for an empty text too.
[[nodiscard]] Result<Settling> parse_settling(std::string_view text);

/// To the nearest unit, a tie to the even one. Errors: `amount_overflow`.
[[nodiscard]] Result<ledger::Money> settle(const ledger::Money& amount, const Settling& settling);

/// One per cent less, cut.
[[nodiscard]] Settling worse_than(const Settling& settling);

}  // namespace causeway::connectors::card::sandbox
