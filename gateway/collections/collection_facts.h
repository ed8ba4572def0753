// SPDX-License-Identifier: Apache-2.0
//
// Who pays later, and on which terms: sealed with the payment, unsealed for the connector alone.
#pragma once

#include "connectors/collection.h"
#include "gateway/api/problem.h"
#include "gateway/collections/collections_store.h"
#include "gateway/payments/payment.h"
#include "gateway/payments/steps.h"

#include <optional>

namespace causeway::gateway {

/// What a merchant says of a buyer who is to pay later.
struct CollectionChoice {
    connectors::Payer payer;
    connectors::CollectionWish wish;
};

/// Seals `choice` for the payment, in the place of an earlier one.
[[nodiscard]] Result<void> keep_choice(ledger::Transaction& tx,
                                       const Workshop& shop,
                                       const Uuid& payment,
                                       const CollectionChoice& choice);
/// Errors: `not_found`, `integrity`.
[[nodiscard]] Result<CollectionChoice> load_choice(ledger::Transaction& tx,
                                                   const Workshop& shop,
                                                   const Uuid& payment);

/// What the connector is told: who pays, and the terms that were agreed.
[[nodiscard]] Result<connectors::Collection> collection_of(ledger::Transaction& tx,
                                                           const Workshop& shop,
                                                           const Payment& payment);

/// The connectors' mistakes, as the API tells them: pointers below /payment_method.
[[nodiscard]] Problem problem_of(const std::vector<connectors::FieldFault>& faults);

}  // namespace causeway::gateway
