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

#include <optional>
#include <string>

namespace causeway::gateway {

/// The days of one payment in two channels lie this near to each other: a weekend and a holiday on
/// either side of it.
constexpr std::chrono::days kTellingDaysMax{4};

/// The receipt that is there already, or a new one's identity.
struct Identified {
    std::string identity;
    std::optional<ReceiptRow> known;
    bool told = false;  ///< By this very notice: it came again after it had been forgotten.
    Day day{};          ///< Of the new receipt.
    /// Set: the new receipt is the one that this telling spoke of, and the notice's is the receipt
    /// to which that was taken for want of a nearer one.
    std::optional<Telling> misplaced = std::nullopt;
};

/// Requires: an amount and a receipt in the notice.
[[nodiscard]] Result<Identified> identify_receipt(ledger::Transaction& tx,
                                                  const std::string& connector,
                                                  const connectors::Notice& notice);

/// Writes that `notice` has told of `receipt`, which is the new one of `found`.
[[nodiscard]] Result<void> tell_of_new_receipt(ledger::Transaction& tx,
                                               const ReceiptRow& receipt,
                                               const Identified& found,
                                               const connectors::Notice& notice,
                                               Timestamp now);

/// The receipt whose money went back, when it can be told which: by its name, or as the one of
/// this amount that was paid last and is not back yet.
[[nodiscard]] Result<std::optional<ReceiptRow>> identify_returned(ledger::Transaction& tx,
                                                                  const std::string& connector,
                                                                  const connectors::Notice& notice);

}  // namespace causeway::gateway
