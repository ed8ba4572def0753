// SPDX-License-Identifier: Apache-2.0
//
// Balance transactions: a merchant's money as the merchant sees it move.
#pragma once

#include "gateway/payments/payments_store.h"
#include "ledger/clock.h"
#include "ledger/id.h"
#include "ledger/money.h"
#include "ledger/store/database.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::gateway {

/// One movement of a merchant's balance. net = amount - fee; both in the settlement currency.
struct BalanceTransaction {
    Uuid id;
    Scope scope;
    std::string type;      ///< "charge", "refund"
    ledger::Money amount;  ///< Signed, gross.
    std::int64_t fee = 0;
    std::int64_t fx_fee = 0;                   ///< Margin already inside the exchange rate.
    std::optional<std::string> mid_rate;       ///< Units of settlement per one of presentment.
    std::optional<std::string> exchange_rate;  ///< The same after the margin.
    ledger::Money presentment;                 ///< Signed.
    std::string source;                        ///< "cap_..." or "ref_..."
    Uuid payment;
    Uuid entry;
    Day available_on;
    std::optional<Uuid> settlement;
    Timestamp created_at;

    [[nodiscard]] std::int64_t net() const noexcept { return amount.minor_units() - fee; }
};

[[nodiscard]] Result<void> insert_balance_transaction(ledger::Transaction& tx,
                                                      const BalanceTransaction& transaction);
/// Errors: `not_found`, also for another merchant's.
[[nodiscard]] Result<BalanceTransaction> load_balance_transaction(ledger::Transaction& tx,
                                                                  const Uuid& id,
                                                                  Scope scope);
[[nodiscard]] Result<Listed<BalanceTransaction>> list_balance_transactions(ledger::Transaction& tx,
                                                                           Scope scope,
                                                                           const Page& page);

/// The journal entries of the payment's captures and refunds, oldest first.
[[nodiscard]] Result<std::vector<Uuid>> entries_of_payment(ledger::Transaction& tx,
                                                           const Uuid& payment);

}  // namespace causeway::gateway
