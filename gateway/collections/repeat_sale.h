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

/// Writes `payment` as one that is being paid, with its collection, which `collection` becomes, and
/// a charge that the provider has agreed to: nothing is sent. Gives back the charge.
///
/// Errors: storage errors.
[[nodiscard]] Result<OperationRow> open_repeat_sale(Records& records,
                                                    Payment& payment,
                                                    CollectionRow collection);

}  // namespace causeway::gateway
