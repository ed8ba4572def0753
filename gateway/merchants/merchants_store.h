// SPDX-License-Identifier: Apache-2.0
//
// Merchants, what we charge them, and which of them stand under a platform.
#pragma once

#include "gateway/payments/payments_store.h"
#include "ledger/currency.h"
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
    bool platform = false;                           ///< May make merchants, and act for them.
    std::optional<Uuid> platform_id;                 ///< Who made it.
    std::string metadata = "{}";                     ///< A JSON object.
    std::string status = "active";
    Timestamp created_at;

    [[nodiscard]] bool settles_in(ledger::Currency currency) const;
    /// Errors: `amount_overflow`. Never more than `amount` itself.
    [[nodiscard]] Result<std::int64_t> fee_of(ledger::Money amount, bool first_capture) const;
};

[[nodiscard]] Result<void> insert_merchant(ledger::Transaction& tx, const Merchant& merchant);
/// Errors: `not_found`.
[[nodiscard]] Result<Merchant> load_merchant(ledger::Transaction& tx, const Uuid& id);
[[nodiscard]] Result<std::vector<Merchant>> list_merchants(ledger::Transaction& tx);

/// Whether `merchant` was made by `platform`, which may then act for it.
[[nodiscard]] Result<bool> is_connected(ledger::Transaction& tx,
                                        const Uuid& merchant,
                                        const Uuid& platform);

/// The merchant itself and, of a platform, those it made.
[[nodiscard]] Result<Listed<Merchant>> list_visible_merchants(ledger::Transaction& tx,
                                                              const Uuid& viewer,
                                                              const Page& page);

}  // namespace causeway::gateway
