// SPDX-License-Identifier: Apache-2.0
//
// What the sandbox acquirer writes down: one fact a message, one JSON line a fact. The lines are
// the books; everything else is worked out from them.
#pragma once

#include "ledger/clock.h"
#include "ledger/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace causeway::connectors::card::sandbox {

enum class FactKind {
    authorised,      ///< An amount stands reserved.
    sold,            ///< Authorised and captured by one message.
    captured,        ///< Part or all of an authorised amount is taken.
    refunded,        ///< Part or all of a captured amount goes back.
    reversed,        ///< `amount` is all that remains charged of what `target` did.
    reversal_noted,  ///< As `reversed`, but `target` has not been seen yet.
    answered,        ///< No money moved: a decline, or an advice without effect.
};

[[nodiscard]] std::string_view to_string(FactKind kind) noexcept;

/// Amounts are minor units of `currency`. Holds no whole card number.
struct Fact {
    FactKind kind = FactKind::answered;
    Timestamp at;             ///< When it was booked; whole seconds.
    std::string key;          ///< Of the message; see request_key().
    std::string rrn;          ///< Of the transaction it is about: a refund names its original.
    std::string message_rrn;  ///< DE37 of the message itself.
    std::int64_t asked = 0;   ///< DE4.
    std::int64_t amount = 0;  ///< What was booked.
    std::string currency;     ///< DE49, three digits; empty where the message has none.
    std::string target;       ///< The key of the reversed message.
    std::string response_code;
    std::string approval_code;
    Timestamp sent;            ///< DE7 with its year found.
    std::string modification;  ///< DE7 and DE11, sixteen digits.
    std::string reference;     ///< DE60: the merchant's side's own name for it.
    std::string merchant;      ///< DE42 without its padding.
    std::string card;          ///< First six and last four.
    std::string settling;      ///< "EUR@20000085": see settling.h; empty: in its own currency.

    friend bool operator==(const Fact&, const Fact&) = default;
};

/// One line without its end. `number` counts the lines from 1.
[[nodiscard]] std::string to_line(const Fact& fact, std::int64_t number);

/// Errors: `integrity` naming the line, when it is not what to_line() wrote for this `number`.
[[nodiscard]] Result<Fact> parse_line(std::string_view line, std::int64_t number);

}  // namespace causeway::connectors::card::sandbox
