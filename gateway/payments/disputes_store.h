// SPDX-License-Identifier: Apache-2.0
//
// Disputes as rows, and the evidence that was sent for them. Evidence is sealed: it speaks of
// people.
#pragma once

#include "gateway/payments/payment.h"
#include "gateway/payments/payments_store.h"
#include "ledger/store/database.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::gateway {

/// Errors: `conflict` when the connector has told of this case before.
[[nodiscard]] Result<void> insert_dispute(ledger::Transaction& tx, const Dispute& dispute);
[[nodiscard]] Result<void> update_dispute(ledger::Transaction& tx, const Dispute& dispute);
/// Errors: `not_found`.
[[nodiscard]] Result<Dispute> load_dispute(ledger::Transaction& tx, const Uuid& id);
/// Without taking the dispute's row: payments are taken before their disputes.
[[nodiscard]] Result<Uuid> payment_of_dispute(ledger::Transaction& tx, const Uuid& id);
/// Errors: `not_found`, also for another merchant's.
[[nodiscard]] Result<Dispute> load_dispute(ledger::Transaction& tx, const Uuid& id, Scope scope);
/// By the provider's name of it; nothing when it was never told.
[[nodiscard]] Result<std::optional<Dispute>> find_dispute(ledger::Transaction& tx,
                                                          const std::string& connector,
                                                          const std::string& case_id);
/// Oldest first.
[[nodiscard]] Result<std::vector<Dispute>> disputes_of_payment(ledger::Transaction& tx,
                                                               const Uuid& payment);
[[nodiscard]] Result<Listed<Dispute>> list_disputes(ledger::Transaction& tx,
                                                    Scope scope,
                                                    const Page& page);

/// `sealed` is what the vault made of the evidence. A later one stands beside the earlier.
struct EvidenceRow {
    Uuid id;
    Uuid dispute;
    std::vector<std::uint8_t> sealed;
    std::string vault_key;
    Timestamp created_at;
};
[[nodiscard]] Result<void> insert_evidence(ledger::Transaction& tx, const EvidenceRow& row);
/// The latest; `not_found` when there is none.
[[nodiscard]] Result<EvidenceRow> load_evidence(ledger::Transaction& tx, const Uuid& dispute);

/// The tables of the payments core that came after its first release.
[[nodiscard]] std::string_view payments_core_schema_sql();
/// Later: a connector's reference names one operation, and the database sees to it.
[[nodiscard]] std::string_view unique_references_schema_sql();

}  // namespace causeway::gateway
