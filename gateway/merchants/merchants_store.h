// SPDX-License-Identifier: Apache-2.0
//
// Merchants, what we charge them, and their API keys.
#pragma once

#include "gateway/payments/payments_store.h"
#include "ledger/currency.h"
#include "ledger/digest.h"
#include "ledger/store/database.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace causeway::gateway {

struct Merchant {
    Uuid id;
    std::string name;
    std::string country;  ///< ISO 3166-1 alpha-2.
    ledger::Currency default_currency;
    std::vector<ledger::Currency> settlement_currencies;  ///< The default is always one of them.
    std::int64_t fee_bps = 0;                             ///< Basis points of what is captured.
    std::map<std::string, std::int64_t> fixed_fees;  ///< By currency. Units: minor units a payment.
    Timestamp created_at;

    [[nodiscard]] bool settles_in(ledger::Currency currency) const;
    /// Errors: `amount_overflow`. Never more than `amount` itself.
    [[nodiscard]] Result<std::int64_t> fee_of(ledger::Money amount, bool first_capture) const;
};

[[nodiscard]] Result<void> insert_merchant(ledger::Transaction& tx, const Merchant& merchant);
/// Errors: `not_found`.
[[nodiscard]] Result<Merchant> load_merchant(ledger::Transaction& tx, const Uuid& id);
[[nodiscard]] Result<std::vector<Merchant>> list_merchants(ledger::Transaction& tx);

enum class KeyKind { secret, restricted, publishable };
[[nodiscard]] std::string_view to_string(KeyKind kind) noexcept;
/// Errors: `not_found`.
[[nodiscard]] Result<KeyKind> parse_key_kind(std::string_view text);

struct ApiKey {
    Sha256 hash{};
    Scope scope;
    KeyKind kind = KeyKind::secret;
    std::string version;
    std::string hint;  ///< The last four characters, to tell keys apart.
    Timestamp created_at;
};

/// A new key: "sk_test_" and 32 characters with 160 random bits. Shown once; we keep its hash.
[[nodiscard]] std::string make_api_key(KeyKind kind, bool livemode, Entropy& entropy);

[[nodiscard]] Result<void> insert_key(ledger::Transaction& tx, const ApiKey& key);
/// Errors: `not_found`. The key is looked up by its hash, so no comparison can be timed.
[[nodiscard]] Result<ApiKey> find_key(ledger::Transaction& tx, const Sha256& hash);

}  // namespace causeway::gateway
