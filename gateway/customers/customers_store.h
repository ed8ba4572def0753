// SPDX-License-Identifier: Apache-2.0
//
// Who buys from a merchant. What says who it is lies sealed in personal_data; the row itself has
// nothing but a country and what the merchant wrote into `metadata`.
#pragma once

#include "gateway/payments/payments_store.h"
#include "gateway/vault/vault.h"
#include "ledger/store/database.h"

#include <optional>
#include <string>

namespace causeway::gateway {

struct PostalAddress {
    std::optional<std::string> line1;
    std::optional<std::string> line2;
    std::optional<std::string> city;
    std::optional<std::string> state;
    std::optional<std::string> postal_code;
    std::optional<std::string> country;
};

/// Never logged, never in an error.
struct PersonalFacts {
    std::optional<std::string> name;
    std::optional<std::string> email;
    std::optional<std::string> date_of_birth;  ///< YYYY-MM-DD
    std::optional<PostalAddress> address;
};

struct Customer {
    Uuid id;
    Scope scope;
    std::optional<std::string> country;  ///< ISO 3166-1 alpha-2.
    std::string metadata = "{}";         ///< A JSON object.
    PersonalFacts person;
    Timestamp created_at;
};

[[nodiscard]] Result<void> insert_customer(ledger::Transaction& tx,
                                           const Vault& vault,
                                           const Customer& customer);

/// Errors: `not_found`, also for another merchant's or the other mode's.
[[nodiscard]] Result<Customer> load_customer(ledger::Transaction& tx,
                                             const Vault& vault,
                                             const Uuid& id,
                                             Scope scope);

[[nodiscard]] Result<Listed<Customer>> list_customers(ledger::Transaction& tx,
                                                      const Vault& vault,
                                                      Scope scope,
                                                      const Page& page);

/// Whether a payment of `scope` may name the customer.
[[nodiscard]] Result<bool> is_customer(ledger::Transaction& tx, std::string_view id, Scope scope);

/// Where a customer lives, without unsealing who it is; empty when not known or not of `scope`.
[[nodiscard]] Result<std::string> country_of_customer(ledger::Transaction& tx,
                                                      std::string_view id,
                                                      Scope scope);

/// Whose the customer is, for the operator. Errors: `not_found`.
[[nodiscard]] Result<Scope> scope_of_customer(ledger::Transaction& tx, const Uuid& id);

}  // namespace causeway::gateway
