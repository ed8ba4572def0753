// SPDX-License-Identifier: Apache-2.0
//
// Card tokens: what a merchant holds instead of a card number.
#pragma once

#include "gateway/payments/payment.h"
#include "gateway/payments/payments_store.h"
#include "gateway/vault/vault.h"
#include "ledger/store/database.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::gateway {

struct CardToken {
    Uuid id;
    Scope scope;
    std::vector<std::uint8_t> sealed;
    std::string vault_key;
    CardFacts card;
    std::string first6;
    Timestamp created_at;
};

[[nodiscard]] Result<void> insert_token(ledger::Transaction& tx, const CardToken& token);
/// Errors: `not_found`, also for another merchant's token.
[[nodiscard]] Result<CardToken> load_token(ledger::Transaction& tx, const Uuid& id, Scope scope);

/// A card that may be charged: its facts for the payment and its number for the connector.
struct ChargeableCard {
    CardFacts facts;
    connectors::Card card;
};

/// The card behind "tok_01J..." or, in test mode, behind a word such as "tok_visa".
///
/// Errors: `not_found`, `integrity`.
[[nodiscard]] Result<ChargeableCard> chargeable_card(ledger::Transaction& tx,
                                                     const Vault& vault,
                                                     std::string_view token,
                                                     Scope scope);

}  // namespace causeway::gateway
