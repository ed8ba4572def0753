// SPDX-License-Identifier: Apache-2.0
//
// What the buyer is to do, and where the papers for it are.
#pragma once

#include "gateway/collections/collections_store.h"
#include "gateway/payments/payment.h"
#include "gateway/payments/steps.h"

#include <string>
#include <string_view>

namespace causeway::gateway {

/// The `next_action` of the API, as a JSON object: the instrument's details, its last day and
/// moment, and an address for each form in which it can be shown.
[[nodiscard]] std::string render_next_action(const Workshop& shop,
                                             const Payment& payment,
                                             const CollectionRow& collection);

/// Whether the payment is one that its buyer pays later, at a connector that is still configured.
[[nodiscard]] bool is_collected(const Workshop& shop, const Payment& payment);

/// The part of a document's address that nobody can guess: who has it may see the document. It
/// names nobody and holds for as long as the vault's key.
[[nodiscard]] std::string document_key(const Workshop& shop, const Uuid& payment);

}  // namespace causeway::gateway
