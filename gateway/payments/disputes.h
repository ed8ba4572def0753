// SPDX-License-Identifier: Apache-2.0
//
// Disputes: a buyer's bank takes a payment back, the merchant contests or gives in, the scheme
// decides.
//
// The provider has taken the money when it tells of a dispute, so the merchant's part is booked at
// once, whatever is left of the payment: a refund and a dispute draw on the same amount, and a
// dispute that takes more than was left closes the payment for refunds.
#pragma once

#include "connectors/notice.h"
#include "gateway/payments/records.h"

#include <string>

namespace causeway::gateway {

/// Books a dispute of `amount` against `charge` and tells the merchant.
///
/// Requires: amount in the payment's currency, at most what was captured.
[[nodiscard]] Result<void> open_dispute(Records& records,
                                        Payment& payment,
                                        const OperationRow& charge,
                                        const connectors::Notice& notice,
                                        const ledger::Money& amount);

/// The second chargeback of a dispute that was won: the money is gone again, without another fee.
[[nodiscard]] Result<void> reopen_dispute(Records& records,
                                          Payment& payment,
                                          const OperationRow& charge,
                                          Dispute& dispute,
                                          const connectors::Notice& notice);

/// The scheme has decided.
[[nodiscard]] Result<void> win_dispute(Records& records,
                                       Payment& payment,
                                       const OperationRow& charge,
                                       Dispute& dispute);
[[nodiscard]] Result<void> lose_dispute(Records& records, Payment& payment, Dispute& dispute);

/// What the merchant has to say. `evidence` is a JSON object of texts; it is sealed, and sent by
/// the connector where the provider takes it. Elsewhere the operator hands it on.
[[nodiscard]] Result<Step> submit_evidence(ledger::Transaction& tx,
                                           const Workshop& shop,
                                           const Caller& caller,
                                           const Uuid& id,
                                           const std::string& evidence);

/// The merchant gives in.
[[nodiscard]] Result<Step> accept_dispute(ledger::Transaction& tx,
                                          const Workshop& shop,
                                          const Caller& caller,
                                          const Uuid& id);

/// Whether `row`, a `represent` or a `concede`, belongs to a round that is over: the case was
/// decided and opened again since. Its answer is noted, and it is not sent any more.
[[nodiscard]] Result<bool> is_of_an_earlier_round(ledger::Transaction& tx, const OperationRow& row);

/// What the connector is told of `row`, which is a `represent` or a `concede`.
[[nodiscard]] Result<connectors::DisputeOperation> dispute_operation(ledger::Transaction& tx,
                                                                     const Workshop& shop,
                                                                     const OperationRow& row);

}  // namespace causeway::gateway
