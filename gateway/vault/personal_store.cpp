// SPDX-License-Identifier: Apache-2.0
#include "gateway/vault/personal_store.h"

#include <optional>
#include <vector>

namespace causeway::gateway {

Result<void> insert_personal(ledger::Transaction& tx,
                             const Vault& vault,
                             const Uuid& id,
                             std::string_view facts,
                             Timestamp now) {
    const std::vector<std::uint8_t> sealed = vault.seal(facts, id);
    const Result<std::int64_t> inserted = tx.execute(
        "INSERT INTO personal_data (object_id, sealed, vault_key, created_us) "
        "VALUES ($1, $2, $3, $4)",
        {id, std::span<const std::uint8_t>(sealed), vault.key_name(), now});
    if (!inserted) return inserted.error();
    return {};
}

Result<void> put_personal(ledger::Transaction& tx,
                          const Vault& vault,
                          const Uuid& id,
                          std::string_view facts,
                          Timestamp now) {
    const Result<std::int64_t> gone =
        tx.execute("DELETE FROM personal_data WHERE object_id = $1", {id});
    if (!gone) return gone.error();
    return insert_personal(tx, vault, id, facts, now);
}

Result<std::string> load_personal(ledger::Transaction& tx, const Vault& vault, const Uuid& id) {
    std::optional<std::vector<std::uint8_t>> sealed;
    const Result<void> read = tx.query("SELECT sealed FROM personal_data WHERE object_id = $1",
                                       {id},
                                       [&sealed](const ledger::Row& row) {
                                           sealed.emplace(row.bytes(0).begin(), row.bytes(0).end());
                                       });
    if (!read) return read.error();
    if (!sealed) return std::string();
    return vault.unseal(*sealed, id);
}

}  // namespace causeway::gateway
