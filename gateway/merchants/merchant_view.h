// SPDX-License-Identifier: Apache-2.0
//
// A merchant as the API shows it, and as a platform asks for one.
#pragma once

#include "gateway/http/json_reader.h"
#include "gateway/merchants/merchants_store.h"
#include "gateway/vault/vault.h"

#include <optional>
#include <string>

namespace causeway::gateway {

/// Stored sealed; shown without its number.
struct BankAccount {
    std::string iban;  ///< Without spaces.
    std::string bic;   ///< May be empty.
};

struct NewMerchant {
    Merchant merchant;
    std::optional<BankAccount> account;
};

/// Reads the body of POST /v1/merchants; what is wrong goes into the reader's errors.
[[nodiscard]] NewMerchant read_new_merchant(ObjectReader& body);

/// Whether the text is an IBAN: its form, and its check digits.
/// Source: ISO 13616-1:2020, ISO/IEC 7064 MOD 97-10.
[[nodiscard]] bool is_iban(std::string_view text) noexcept;

[[nodiscard]] Result<void> store_account(ledger::Transaction& tx,
                                         const Vault& vault,
                                         const Merchant& merchant,
                                         const BankAccount& account);

/// `account` is what store_account() sealed; may be empty. A merchant has no mode of its own: it is
/// shown with the key's.
[[nodiscard]] std::string render_merchant(const Merchant& merchant,
                                          const std::string& account,
                                          bool livemode);

/// The merchant's JSON, if the scope's merchant is it or its platform. Errors: `not_found`.
[[nodiscard]] Result<std::string> merchant_text(ledger::Transaction& tx,
                                                const Vault& vault,
                                                const Uuid& id,
                                                Scope scope);

}  // namespace causeway::gateway
