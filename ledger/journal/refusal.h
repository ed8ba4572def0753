// SPDX-License-Identifier: Apache-2.0
//
// Why the journal refuses an entry: a closed list. A refusal travels as an Error whose code says
// what a caller may do and whose detail starts with the refusal's name, then ": " and which entry,
// account or line is meant.
#pragma once

#include "ledger/result.h"

#include <optional>
#include <string>
#include <string_view>

namespace causeway::ledger {

/// The spelling is shown; never rename one.
enum class Refusal {
    // invalid_argument: the entry can never be posted
    too_few_lines,        ///< Fewer than two.
    too_many_lines,       ///< More than 1,000.
    no_kind,              ///< The kind is empty.
    no_owner,             ///< An account without an owner.
    text_too_long,        ///< A kind over 64 bytes, a reference or an owner over 255.
    text_not_storable,    ///< Not UTF-8, or with a NUL.
    zero_line,            ///< A line that moves nothing.
    unbalanced,           ///< In some currency and fund the lines do not sum to zero.
    type_not_allowed,     ///< expire_pending and account_terms have functions of their own.
    pending_not_named,    ///< A post or a void without the pending entry it is about.
    pending_not_allowed,  ///< A posting or a pending that names a pending entry.
    expiry_not_allowed,   ///< Only a pending entry expires.
    expiry_passed,        ///< It would expire before it is recorded.
    lines_not_allowed,    ///< A void names no lines: it releases all that remains.
    line_not_pending,     ///< The pending entry has no line on that account.
    // conflict: the books' present state forbids it
    id_reused,        ///< The id exists with other content.
    account_closed,   ///< The account takes no more lines.
    currency_fixed,   ///< The owner's account of this purpose is fixed to another currency.
    pending_unknown,  ///< There is no entry of that id.
    not_pending,      ///< That entry is none that can be posted or voided.
    pending_posted,   ///< Nothing remains: it has been posted.
    pending_voided,   ///< It has been voided.
    // expired
    pending_expired,  ///< Its time has come.
    // limit_exceeded
    debits_exceed_credits,  ///< Pending ones counted.
    credits_exceed_debits,  ///< Pending ones counted.
    pending_exceeded,       ///< More than what remains of the pending line.
    // amount_overflow
    balance_overflow,  ///< A sum would not fit in 64 bits.
};

[[nodiscard]] std::string_view to_string(Refusal refusal) noexcept;
[[nodiscard]] ErrorCode code_of(Refusal refusal) noexcept;

/// `about`: which entry, account or line.
[[nodiscard]] Error refused(Refusal refusal, std::string_view about);

/// The refusal that `error` carries, if it is one.
[[nodiscard]] std::optional<Refusal> refusal_of(const Error& error);

}  // namespace causeway::ledger
