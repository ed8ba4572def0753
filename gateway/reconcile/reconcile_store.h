// SPDX-License-Identifier: Apache-2.0
//
// Expectations, reconciliation runs and their exceptions in the database.
#pragma once

#include "gateway/reconcile/expectation.h"
#include "gateway/reconcile/run.h"
#include "ledger/store/database.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::gateway {

/// Writes a new expectation, open whatever `confirmed` says.
///
/// Errors: `conflict` when the id exists.
[[nodiscard]] Result<void> insert_expectation(ledger::Transaction& transaction,
                                              const Expectation& expectation);

/// What became known of a receipt after its expectation was written.
struct ExpectationCorrection {
    std::string connector;
    std::string provider_reference;
    std::string source;
    std::string modification_reference;
    std::int64_t cost = 0;  ///< Minor units.
    Day day{};
};
/// Corrects the expectation that the source will be settled; false when it was settled already.
[[nodiscard]] Result<bool> correct_expectation(ledger::Transaction& transaction,
                                               const ExpectationCorrection& correction);
/// Which row of a provider's file is to settle what.
struct ExpectationName {
    std::string_view connector;
    std::string_view provider_reference;
    std::string_view source;
};
/// What is to be settled is another payment's after all.
[[nodiscard]] Result<void> give_expectation(ledger::Transaction& transaction,
                                            const ExpectationName& name,
                                            const Uuid& payment);
/// The expectations of a connector under both references, of whatever kind.
[[nodiscard]] Result<std::vector<Expectation>> expectations_named(
    ledger::Transaction& transaction,
    std::string_view connector,
    std::string_view provider_reference,
    std::string_view modification_reference);

/// The expectations of a connector of one day, confirmed ones too, deposits left out.
[[nodiscard]] Result<std::vector<Expectation>> payment_expectations_on(
    ledger::Transaction& transaction, std::string_view connector, Day day);

/// Errors: `conflict` unless it is open.
[[nodiscard]] Result<void> confirm_expectation(ledger::Transaction& transaction,
                                               const Confirmation& confirmation,
                                               const Uuid& run_id);

/// Notes the settlement that is booked for the expectation; none: it is taken back.
[[nodiscard]] Result<void> tell_expectation(ledger::Transaction& transaction,
                                            const Uuid& expectation_id,
                                            const std::optional<ToldSettlement>& told);

/// Every connector that has expectations, in order.
[[nodiscard]] Result<std::vector<std::string>> connectors_with_expectations(
    ledger::Transaction& transaction);

/// Whether the payments behind a connector's expectations are live. False when there are none.
[[nodiscard]] Result<bool> connector_is_live(ledger::Transaction& transaction,
                                             std::string_view connector);

/// Without a payment: false.
[[nodiscard]] Result<bool> payment_is_live(ledger::Transaction& transaction,
                                           const std::optional<Uuid>& payment);

/// Errors: `conflict` when this file was reconciled with this connector before.
[[nodiscard]] Result<void> insert_run(ledger::Transaction& transaction,
                                      const ReconciliationRun& run);

/// The run of this very file with this connector, or none.
[[nodiscard]] Result<std::optional<Uuid>> find_run(ledger::Transaction& transaction,
                                                   std::string_view connector,
                                                   std::string_view file_sha256);

/// Errors: `not_found`.
[[nodiscard]] Result<ReconciliationRun> load_run(ledger::Transaction& transaction,
                                                 const Uuid& run_id);

/// Every stored exception, oldest first, of one class or of all.
[[nodiscard]] Result<std::vector<ReconciliationItem>> list_exceptions(
    ledger::Transaction& transaction, std::optional<ItemStatus> status);

}  // namespace causeway::gateway
