// SPDX-License-Identifier: Apache-2.0
//
// What operators read beyond what a merchant may ask: over all merchants and both modes. Nothing
// here takes a Scope, so nothing of it may be called on behalf of a merchant.
//
// Errors everywhere: as in payments_store.h.
#pragma once

#include "gateway/payments/payment.h"
#include "ledger/store/database.h"

#include <optional>
#include <vector>

namespace causeway::gateway {

/// Above every id: where the first page of what is newest begins.
inline constexpr Uuid kHighestUuid = [] {
    Uuid id;
    id.bytes.fill(0xFF);
    return id;
}();

/// Newest first, `limit` at most, of those older than `after`.
[[nodiscard]] Result<std::vector<Payment>> newest_payments(
    ledger::Transaction& tx, int limit, const std::optional<Uuid>& after = std::nullopt);
[[nodiscard]] Result<std::vector<Refund>> newest_refunds(
    ledger::Transaction& tx, int limit, const std::optional<Uuid>& after = std::nullopt);
[[nodiscard]] Result<std::vector<Dispute>> newest_disputes(
    ledger::Transaction& tx, int limit, const std::optional<Uuid>& after = std::nullopt);

/// Oldest first.
[[nodiscard]] Result<std::vector<Refund>> refunds_of_payment(ledger::Transaction& tx,
                                                             const Uuid& payment);
/// Everything that was or will be said about a payment, oldest first.
[[nodiscard]] Result<std::vector<OperationRow>> operations_of_payment(ledger::Transaction& tx,
                                                                      const Uuid& payment);

/// As operations_in_doubt(), those after `after`.
[[nodiscard]] Result<std::vector<OperationRow>> operations_in_doubt_after(ledger::Transaction& tx,
                                                                          int limit,
                                                                          const Uuid& after);
/// The same of one merchant.
[[nodiscard]] Result<std::vector<OperationRow>> doubtful_of_merchant(ledger::Transaction& tx,
                                                                     const Uuid& merchant,
                                                                     int limit,
                                                                     const Uuid& after);

}  // namespace causeway::gateway
