// SPDX-License-Identifier: Apache-2.0
//
// What a provider tells without being asked: compared before it is believed.
//
// A notice whose signature was good is still only a claim. It must name an operation of ours, with
// its amount and currency, and ask for a move that the payment's state allows; anything else
// changes nothing and is kept as an exception.
#pragma once

#include "connectors/notice.h"
#include "gateway/payments/steps.h"

#include <optional>
#include <string>
#include <string_view>

namespace causeway::gateway {

/// The spelling is stored and shown.
enum class NoticeVerdict {
    applied,
    duplicate,          ///< It says what is known already.
    unknown_reference,  ///< No operation of ours.
    amount_mismatch,
    currency_mismatch,
    move_not_allowed,  ///< The payment or the dispute is not where it would have to be.
};

[[nodiscard]] std::string_view to_string(NoticeVerdict verdict) noexcept;
/// Errors: `not_found`.
[[nodiscard]] Result<NoticeVerdict> parse_notice_verdict(std::string_view text);

struct NoticeOutcome {
    NoticeVerdict verdict = NoticeVerdict::applied;
    std::optional<Uuid> payment;
    bool work_left = false;  ///< The janitor has something to send.
};

/// Errors: storage errors; then nothing was changed and the provider may send it again.
[[nodiscard]] Result<NoticeOutcome> apply_notice(ledger::Transaction& tx,
                                                 const Workshop& shop,
                                                 const std::string& connector,
                                                 const connectors::Notice& notice);

}  // namespace causeway::gateway
