// SPDX-License-Identifier: Apache-2.0
//
// What each channel has told of receipts, and who may look for a receipt that nobody's row guards.
#pragma once

#include "connectors/notice.h"
#include "ledger/clock.h"
#include "ledger/id.h"
#include "ledger/store/database.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::gateway {

/// What a telling says beside the day: it goes with it when it turns out to be of another receipt.
[[nodiscard]] std::string_view told_facts_schema_sql();

/// A notice's word on a receipt.
struct Telling {
    std::string notice_id;
    Uuid receipt;
    Day day{};  ///< When the buyer paid, as this one says.
    std::optional<std::int64_t> cost;
    std::optional<Day> credited_on;
};

/// Of the notice's channel, about a receipt of the notice's very day, though it spoke of another
/// day: the receipt is the notice's, and what told of it before spoke of another one. Not one that
/// knew the receipt by its name.
[[nodiscard]] Result<std::optional<Telling>> find_misplaced(ledger::Transaction& tx,
                                                            std::string_view connector,
                                                            const connectors::Notice& notice);
/// What the notice told of is that receipt after all.
[[nodiscard]] Result<void> move_telling(ledger::Transaction& tx,
                                        std::string_view connector,
                                        std::string_view notice_id,
                                        const Uuid& receipt);
/// In the order in which they came.
[[nodiscard]] Result<std::vector<Telling>> tellings_of(ledger::Transaction& tx,
                                                       const Uuid& receipt);

/// Whether anything was received for the instrument.
[[nodiscard]] Result<bool> has_receipts(ledger::Transaction& tx,
                                        std::string_view connector,
                                        std::string_view reference);
/// Remembers for which of them nothing was, so that has_receipts() need not ask for each. On a
/// shared engine that holds as long as their operations are taken.
[[nodiscard]] Result<void> foresee_receipts(ledger::Transaction& tx,
                                            const std::string& connector,
                                            const std::vector<std::string>& references);
/// A receipt is being written: what was remembered of there being none is over.
void something_came(ledger::Transaction& tx,
                    std::string_view connector,
                    std::string_view reference);

/// A row for each connector that has told of money for nothing of ours.
[[nodiscard]] std::string_view unmatched_schema_sql();

/// What is told of no instrument of ours has no payment whose row would make others wait. Until the
/// batch has ended nobody else looks for, or makes, a receipt of this connector's that is
/// unmatched.
[[nodiscard]] Result<void> lock_unmatched(ledger::Transaction& tx, std::string_view connector);

}  // namespace causeway::gateway
