// SPDX-License-Identifier: Apache-2.0
//
// What is known of a person or an account, sealed: one row an object, a JSON text inside. Without
// the vault's key file nobody learns from the database who bought.
#pragma once

#include "gateway/vault/vault.h"
#include "ledger/store/database.h"

#include <string>
#include <string_view>

namespace causeway::gateway {

/// Seals `facts` for the object `id` alone. Errors: `conflict` when it has some already.
[[nodiscard]] Result<void> insert_personal(ledger::Transaction& tx,
                                           const Vault& vault,
                                           const Uuid& id,
                                           std::string_view facts,
                                           Timestamp now);

/// The same in the place of earlier ones.
[[nodiscard]] Result<void> put_personal(ledger::Transaction& tx,
                                        const Vault& vault,
                                        const Uuid& id,
                                        std::string_view facts,
                                        Timestamp now);

/// Empty when there is nothing. Errors: `integrity` when the bytes do not open for this object.
[[nodiscard]] Result<std::string> load_personal(ledger::Transaction& tx,
                                                const Vault& vault,
                                                const Uuid& id);

}  // namespace causeway::gateway
