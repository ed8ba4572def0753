// SPDX-License-Identifier: Apache-2.0
//
// A hedge: the operator has bought or sold a currency at a bank, and says so. What it closes of
// the position is realised, at the average cost of all that is open at that moment.
//
// The bank's accounts are the operator's own money (`bank_own`), in both currencies of the pair.
#pragma once

#include "fx/position.h"
#include "gateway/fx/positions_store.h"
#include "ledger/clock.h"
#include "ledger/id.h"
#include "ledger/journal/journal.h"
#include "ledger/result.h"
#include "ledger/store/database.h"

#include <string>

namespace causeway::gateway {

struct TradeOrder {
    fx::Pair pair;
    fx::Trade trade;
    std::string deal;  ///< What the bank or the operator calls it; empty: its own id.
    std::string bank = "bank";
    std::string reason;
    std::string by;
};

/// A trade that is in the books, and the position behind it.
struct TradeOutcome {
    BookedTrade booked;
    fx::Position after;
    bool repeated = false;  ///< It was booked before; nothing has changed.
};

/// Errors: `conflict` when another trade has the name `deal`; as fx::trade_lines() and
/// Journal::post().
/// Threads: inside a CommitQueue body only.
[[nodiscard]] Result<TradeOutcome> book_trade(ledger::Transaction& body,
                                              ledger::Journal& journal,
                                              IdSource& ids,
                                              const TradeOrder& order,
                                              Timestamp now);

}  // namespace causeway::gateway
