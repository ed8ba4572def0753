// SPDX-License-Identifier: Apache-2.0
//
// What providers said of conversions in their answers, word for word, whether we believe it or not.
#pragma once

#include "connectors/operation.h"
#include "ledger/clock.h"
#include "ledger/id.h"
#include "ledger/money.h"
#include "ledger/result.h"
#include "ledger/store/database.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace causeway::gateway {

/// One step of schema(), published; never edited.
[[nodiscard]] std::string_view told_conversions_schema_sql();

struct KeptConversion {
    Uuid operation;
    Uuid payment;
    std::optional<Uuid> expectation;  ///< Of a capture or a refund.
    ledger::Money paid;               ///< Negative for what goes back.
    std::optional<connectors::ToldAmount> settlement;
    std::optional<connectors::ToldAmount> billing;
    bool booked = false;  ///< The settlement.
    std::string fault;    ///< Why not all of it is believed; empty when it is.
    Timestamp created;
};

/// An operation keeps the first that was said of it.
[[nodiscard]] Result<void> insert_kept_conversion(ledger::Transaction& tx,
                                                  const KeptConversion& kept);

/// Of captures and refunds that no file has confirmed yet: how many conversions are not believed.
[[nodiscard]] Result<std::int64_t> count_disbelieved_conversions(ledger::Transaction& tx);

}  // namespace causeway::gateway
