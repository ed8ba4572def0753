// SPDX-License-Identifier: Apache-2.0
//
// What was done to positions by hand and by the clock: hedges that were booked, and the day's
// revaluations. The positions themselves have no table, they are what the ledger says.
#pragma once

#include "fx/decimal.h"
#include "fx/position.h"
#include "ledger/clock.h"
#include "ledger/id.h"
#include "ledger/result.h"
#include "ledger/store/database.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::gateway {

/// One step of schema(), published; never edited.
[[nodiscard]] std::string_view positions_schema_sql();

/// A later step: what a day was revalued by before it was done again.
[[nodiscard]] std::string_view revaluations_undone_schema_sql();

/// A hedge as it was made at a bank. Units: minor units, see fx::Trade.
struct BookedTrade {
    Uuid id;
    fx::Pair pair;
    std::string deal;  ///< What the operator calls it; one trade a name and mode.
    std::string bank;
    fx::Trade trade;
    std::int64_t realised = 0;
    std::string reason;
    std::string by;
    Uuid entry;
    Timestamp created;
};

/// Nobody else changes a position of the pair by what it was until this transaction has ended. The
/// pair's accounts lock themselves, once there are any.
[[nodiscard]] Result<void> lock_new_pair(ledger::Transaction& tx, const fx::Pair& pair);

/// Errors: `conflict` when there is one of that name.
[[nodiscard]] Result<void> insert_trade(ledger::Transaction& tx, const BookedTrade& trade);

[[nodiscard]] Result<std::optional<BookedTrade>> find_trade(ledger::Transaction& tx,
                                                            bool livemode,
                                                            std::string_view deal);

/// What a pair was revalued by at the end of a day. Units: as of fx::Position.
struct Revaluation {
    fx::Pair pair;
    Day day;
    fx::Decimal mid;
    std::string publisher;
    Day rates_day;
    std::int64_t open = 0;  ///< At the day's end.
    std::int64_t cost = 0;
    std::int64_t unrealised = 0;
    std::optional<Uuid> entry;  ///< None when there was nothing to book.
    Timestamp created;
};

/// Errors: `conflict` when the day was revalued before.
[[nodiscard]] Result<void> insert_revaluation(ledger::Transaction& tx, const Revaluation& done);

/// What the pair was revalued by for that day.
[[nodiscard]] Result<std::optional<Revaluation>> find_revaluation(ledger::Transaction& tx,
                                                                  const fx::Pair& pair,
                                                                  Day day);

/// Why a day is revalued once more, and who wants it.
struct RevaluationWord {
    std::string reason;
    std::string by;
};

/// Puts `was` aside, with the reason: its day can be revalued anew.
[[nodiscard]] Result<void> undo_revaluation(ledger::Transaction& tx,
                                            const Uuid& id,
                                            const Revaluation& was,
                                            const RevaluationWord& word,
                                            Timestamp now);

struct LastRevaluation {
    std::string pair;  ///< fx::Pair::owner().
    Day day;
};

/// The latest one of each pair, in their order.
[[nodiscard]] Result<std::vector<LastRevaluation>> last_revaluations(ledger::Transaction& tx);

/// The latest day on which the pair was revalued.
[[nodiscard]] Result<std::optional<Day>> last_revaluation(ledger::Transaction& tx,
                                                          const fx::Pair& pair);

}  // namespace causeway::gateway
