// SPDX-License-Identifier: Apache-2.0
//
// Takes in what providers tell of instruments: money that came, registrations refused, instruments
// taken back, fees.
//
// Whatever a buyer paid is in the books in the transaction in which we hear of it: credited to the
// payment, or apart in `unallocated_receipts` with a name for why. A payment told of by two
// channels is one receipt.
#pragma once

#include "connectors/notice.h"
#include "gateway/collections/collections_store.h"
#include "gateway/payments/notices.h"
#include "gateway/payments/records.h"

namespace causeway::gateway {

/// What a notice about an instrument works on. `row` is the `collect` that made it.
struct CollectionCase {
    ledger::Transaction& tx;
    const Workshop& shop;
    Records& records;
    const std::string& connector;
    const connectors::Notice& notice;
    Payment& payment;
    OperationRow& row;
    bool work_left = false;
};

/// Whether the notice is of a kind that this room takes in.
[[nodiscard]] bool is_about_instruments(connectors::NoticeKind kind) noexcept;

/// Errors: storage errors; then nothing was changed.
[[nodiscard]] Result<NoticeVerdict> apply_to_instrument(CollectionCase& c);

/// Money came for an instrument that is not ours: it stands apart.
[[nodiscard]] Result<NoticeVerdict> keep_unmatched(ledger::Transaction& tx,
                                                   const Workshop& shop,
                                                   const std::string& connector,
                                                   const connectors::Notice& notice);

/// What a person decides about a receipt that stands apart.
struct ReceiptDecision {
    Uuid receipt;
    ReceiptPolicy decision = ReceiptPolicy::credit;
    /// It has been sent back by hand already, under this name at the bank. For `refund`.
    std::string sent_back_as;
    std::string reason;  ///< Required.
    std::string by;
};

/// Errors: `not_found`; `conflict` when nothing of it stands apart (any more), or the payment can
/// not take it; `invalid_argument` without a reason.
[[nodiscard]] Result<ReceiptRow> decide_receipt(ledger::Transaction& tx,
                                                const Workshop& shop,
                                                const ReceiptDecision& decision);

/// A refund of a receipt's part that stood apart has come to its end at the provider. `row` is the
/// refund operation; the caller stores it and the payment.
[[nodiscard]] Result<void> end_receipt_refund(Records& records,
                                              const OperationRow& row,
                                              bool approved,
                                              std::string_view code);

}  // namespace causeway::gateway
