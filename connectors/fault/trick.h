// SPDX-License-Identifier: Apache-2.0
//
// What the scripted provider, or the way to it, does with an operation.
#pragma once

#include "connectors/operation.h"
#include "ledger/result.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace causeway::connectors::fault {

enum class Trick {
    behave,           ///< Carries it out and says so at once.
    decline,          ///< Refuses it, with `decline`.
    partial,          ///< Approves `amount` and no more; without one, half.
    delayed,          ///< Carries it out; the answer takes `delay`.
    cut_before,       ///< There is no line: nothing was sent.
    lost_before,      ///< It was sent and never arrives; no answer.
    lost_after,       ///< It arrives and is carried out; the line is cut before the answer.
    stray,            ///< As lost_before, but it arrives when nobody expects it any more.
    hang,             ///< It is carried out; the answer never comes.
    late,             ///< As hang, and then a notice says what became of it.
    twice,            ///< The answer, and a notice that says the same.
    under_way,        ///< It arrives and is not decided; no answer. See ScriptedBooks::decide().
    wrong_amount,     ///< Carries it out, and speaks of a larger amount.
    wrong_currency,   ///< Carries it out, and speaks of another currency.
    wrong_reference,  ///< Carries it out, and answers something else: not to be believed.
};

[[nodiscard]] std::string_view to_string(Trick trick) noexcept;
/// Errors: `not_found`.
[[nodiscard]] Result<Trick> parse_trick(std::string_view text);

struct Act {
    Trick trick = Trick::behave;
    Decline decline = Decline::insufficient_funds;
    std::int64_t amount = 0;  ///< Of `partial`. Units: minor units.
    std::chrono::milliseconds delay{0};
};

/// An act for every operation that fits; what is not set fits everything.
struct Rule {
    std::optional<OperationKind> kind;
    std::optional<std::int64_t> amount;  ///< Units: minor units of whatever currency.
    std::string card_number;
    Act act;

    [[nodiscard]] bool fits(const Operation& operation) const;
};

/// "kind=capture amount=1051: decline insufficient_funds", "card=4000000000000002: lost_after",
/// "amount=9998: late 20000", "amount=700: partial 500", ": behave".
///
/// Errors: `invalid_argument` with what could not be read.
[[nodiscard]] Result<Rule> parse_rule(std::string_view text);

}  // namespace causeway::connectors::fault
