// SPDX-License-Identifier: Apache-2.0
//
// What a provider's file says, in words that no provider has for himself. Readers turn files into
// these lines; everything behind them knows nothing of the file's form.
#pragma once

#include "fx/provider_conversion.h"
#include "ledger/clock.h"
#include "ledger/money.h"

#include <cstdint>
#include <optional>
#include <string>

namespace causeway::gateway {

enum class LineKind {
    settled,              ///< A captured payment.
    refunded,             ///< A refund.
    fee,                  ///< A charge of the provider that belongs to no payment.
    payout,               ///< The balance of the batch leaves for our bank account.
    charged_back,         ///< A dispute: the provider takes a captured payment back.
    chargeback_reversed,  ///< A dispute that was won.
    other,                ///< Corrections, transfers.
};

/// One row. Amounts are signed from our side: what the provider credits us is positive.
struct StatementLine {
    std::int64_t row = 0;  ///< The line of the file in which it begins, from 1.
    std::string batch;     ///< The provider's settlement that it is part of.
    std::string provider_reference;
    std::string modification_reference;
    LineKind kind = LineKind::other;
    std::string type;  ///< The provider's own word for the kind.
    ledger::Money gross;
    std::int64_t cost = 0;  ///< As itemised. Units: minor units of the currency of `net`.
    ledger::Money net;
    Day day;  ///< In UTC.
    /// Of a line whose net is in another currency than its gross: what the provider says it
    /// converted at. Units: of the net's currency per one of the gross's.
    std::optional<fx::WrittenRate> rate = {};
};

}  // namespace causeway::gateway
