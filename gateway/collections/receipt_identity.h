// SPDX-License-Identifier: Apache-2.0
//
// Which receipt a notice of money is about.
//
// Channels tell of the same payments at different times and with different knowledge: one knows the
// payment's name, another the day on which the bank worked at it. What one channel has told n times
// was paid at least n times, and what two channels have told once each was paid once.
#pragma once

#include "connectors/notice.h"
#include "gateway/collections/collections_store.h"
#include "gateway/collections/tellings_store.h"

#include <optional>
#include <string>
#include <vector>

namespace causeway::gateway {

/// The days of one payment in two channels lie this near to each other: a weekend and a holiday on
/// either side of it.
constexpr std::chrono::days kTellingDaysMax{4};

/// The receipt that is there already, or a new one's identity.
///
/// A telling keeps the receipt of its own day whatever comes in between: one that was taken there
/// for want of a nearer one gives way, and looks for a place anew.
struct Identified {
    std::string identity;
    std::optional<ReceiptRow> known;
    bool told = false;  ///< By this very notice: it came again after it had been forgotten.
    Day day{};          ///< Of the new receipt.
    /// The notice takes the receipt of the first, each the receipt of the next, and the last one
    /// `known` or the new receipt. Empty: that is the notice's own.
    std::vector<Telling> misplaced;
};

/// Requires: an amount and a receipt in the notice.
[[nodiscard]] Result<Identified> identify_receipt(ledger::Transaction& tx,
                                                  const std::string& connector,
                                                  const connectors::Notice& notice);

/// Writes what is told of which receipt now. `last` is the one at the end: `known`, or the new one.
[[nodiscard]] Result<void> place_tellings(ledger::Transaction& tx,
                                          const ReceiptRow& last,
                                          const Identified& found,
                                          const connectors::Notice& notice,
                                          Timestamp now);

/// The receipt whose money went back, when it can be told which: by its name, or as the one of
/// this amount that was paid last and is not back yet.
[[nodiscard]] Result<std::optional<ReceiptRow>> identify_returned(ledger::Transaction& tx,
                                                                  const std::string& connector,
                                                                  const connectors::Notice& notice);

}  // namespace causeway::gateway
