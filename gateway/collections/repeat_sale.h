// SPDX-License-Identifier: Apache-2.0
//
// What a code that may be paid many times sells each time after the first: a payment of its own,
// like the one for which the code was made, so that each buyer can have his money back and each
// sale its events. The provider knows nothing of them: to it, all are paid by the one code.
#pragma once

#include "gateway/collections/collections_store.h"
#include "gateway/payments/records.h"

namespace causeway::gateway {

/// `first` once more, from its beginning: with what the merchant wrote on it, and without a quote.
[[nodiscard]] Payment repeat_of(const Payment& first, const Workshop& shop);

/// Locks and uses a quote of today, which takes the place of one that was locked before; what that
/// promised is over. False when there is no rate.
[[nodiscard]] Result<bool> quote_today(Records& records, Payment& payment);

/// Writes `payment` as one that is being paid, with its collection, which `collection` becomes, and
/// a charge that the provider has agreed to: nothing is sent. Where it is converted, it is at a
/// quote of today. Gives back the charge; nothing, and nothing is written, when there is no rate.
///
/// Errors: storage errors.
[[nodiscard]] Result<std::optional<OperationRow>> open_repeat_sale(Records& records,
                                                                   Payment& payment,
                                                                   CollectionRow collection);

}  // namespace causeway::gateway
