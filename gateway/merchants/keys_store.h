// SPDX-License-Identifier: Apache-2.0
//
// API keys. A key is shown once; what is stored is its SHA-256, which nobody can turn back into
// 160 random bits.
#pragma once

#include "gateway/payments/payments_store.h"
#include "ledger/digest.h"
#include "ledger/store/database.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::gateway {

enum class KeyKind {
    secret,      ///< sk_: everything the merchant may do.
    restricted,  ///< rk_: what its permissions name.
    publishable  ///< pk_: may be shown to buyers; hands in card data and reads rates, no more.
};
[[nodiscard]] std::string_view to_string(KeyKind kind) noexcept;
/// Errors: `not_found`.
[[nodiscard]] Result<KeyKind> parse_key_kind(std::string_view text);

struct ApiKey {
    Uuid id;
    Sha256 hash{};
    Scope scope;
    KeyKind kind = KeyKind::secret;
    std::string name;         ///< The operator's own words; may be empty.
    std::string permissions;  ///< Of a restricted key: see permissions.h.
    std::string version;      ///< Of the contract; empty until the key is first used.
    std::string hint;         ///< The last four characters, to tell keys apart.
    Timestamp created_at;
    std::optional<Timestamp> last_used_at;  ///< A minute behind at most.
    std::optional<Timestamp> revoked_at;
};

/// A new key: "sk_test_" and 32 characters with 160 random bits.
[[nodiscard]] std::string make_api_key(KeyKind kind, bool livemode, Entropy& entropy);

/// Whether `text` has the form of a key. What has not need not be looked for.
[[nodiscard]] bool is_api_key(std::string_view text) noexcept;

[[nodiscard]] Result<void> insert_key(ledger::Transaction& tx, const ApiKey& key);

/// Errors: `not_found`, also for a key that was revoked. The key is looked up by its hash, so no
/// comparison can be timed.
[[nodiscard]] Result<ApiKey> find_key(ledger::Transaction& tx, const Sha256& hash);

/// Oldest first; of every merchant when none is named.
[[nodiscard]] Result<std::vector<ApiKey>> list_keys(ledger::Transaction& tx,
                                                    const std::optional<Uuid>& merchant);

/// Ends a key. Ending it again changes nothing. Errors: `not_found`.
[[nodiscard]] Result<ApiKey> revoke_key(ledger::Transaction& tx, const Uuid& id, Timestamp now);

/// Notes that the key was used, and pins it to `version` if it was not pinned. Returns the version
/// it is pinned to. Errors: `not_found`.
[[nodiscard]] Result<std::string> note_use(ledger::Transaction& tx,
                                           const Sha256& hash,
                                           std::string_view version,
                                           Timestamp now);

}  // namespace causeway::gateway
