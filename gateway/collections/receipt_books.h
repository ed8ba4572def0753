// SPDX-License-Identifier: Apache-2.0
//
// The journal entries, movements and expectations of receipts.
#pragma once

#include "gateway/collections/collections_store.h"
#include "gateway/collections/tellings_store.h"
#include "gateway/payments/records.h"

namespace causeway::gateway {

/// Books a new receipt whole: a capture for what is credited, a movement for the surcharge, the
/// rest apart; and expects the provider to settle all of it. Fills receipt.capture; changes
/// `payment.captured` and the rest that follows from it but not its status; stores neither.
///
/// Errors: `amount_overflow`, storage errors.
[[nodiscard]] Result<void> book_receipt(Records& records,
                                        Payment* payment,
                                        const OperationRow* charge,
                                        ReceiptRow& receipt);

/// Takes the part that stood apart into the payment: what it still lacks is credited, anything
/// beyond is the merchant's. As book_receipt().
[[nodiscard]] Result<void> book_receipt_credited(Records& records,
                                                 Payment& payment,
                                                 const OperationRow& charge,
                                                 ReceiptRow& receipt);

/// The part that stood apart has been given back to the buyer, out of what the provider owes us.
/// `operation` names it for the provider's file; null when a person has sent it.
[[nodiscard]] Result<void> book_receipt_given_back(Records& records,
                                                   const ReceiptRow& receipt,
                                                   const OperationRow* operation,
                                                   std::string_view name);

/// Another channel has told of the receipt: what it knows beyond the first one is taken over, the
/// name (and the day that goes with it), the day of the credit, and what the provider keeps. Stores
/// the receipt and `charge`.
[[nodiscard]] Result<void> complete_receipt(Records& records,
                                            Payment* payment,
                                            OperationRow* charge,
                                            ReceiptRow& receipt,
                                            const connectors::Receipt& told);

/// `lost` has turned out to speak of another payment: its receipt has the day of the credit and the
/// cost that those say which speak of it now. Without any the cost is `cost`. Units: minor units.
[[nodiscard]] Result<void> correct_receipt(Records& records,
                                           Payment* payment,
                                           const Telling& lost,
                                           std::int64_t cost);

/// The provider has taken `part` of the receipt's surcharge back. Units: minor units.
[[nodiscard]] Result<void> book_surcharge_returned(Records& records,
                                                   const Payment& payment,
                                                   const OperationRow& charge,
                                                   const ReceiptRow& receipt,
                                                   std::int64_t part);

/// The provider takes a fee for its service, outside of any receipt.
[[nodiscard]] Result<void> book_provider_fee(Records& records,
                                             const Payment& payment,
                                             const OperationRow& charge,
                                             ledger::Money fee);

}  // namespace causeway::gateway
