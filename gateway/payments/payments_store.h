// SPDX-License-Identifier: Apache-2.0
//
// The rows of payments, captures, refunds and operations.
//
// Errors everywhere: `not_found` when the id is not there (or not this merchant's), `storage` when
// the file cannot be read, `integrity` when a row holds what this program never wrote.
#pragma once

#include "gateway/payments/payment.h"
#include "ledger/store/database.h"

#include <optional>
#include <string>
#include <vector>

namespace causeway::gateway {

/// Whose objects a caller may see. Everything read on behalf of a merchant takes one.
struct Scope {
    Uuid merchant;
    bool livemode = false;

    friend bool operator==(const Scope&, const Scope&) = default;
};

/// A page of a list, newest first. `after` and `before` exclude themselves.
struct Page {
    int limit = 20;
    std::optional<Uuid> starting_after;
    std::optional<Uuid> ending_before;
    std::optional<Timestamp> created_from;   ///< Inclusive.
    std::optional<Timestamp> created_until;  ///< Exclusive.
};

/// One row more than `limit` is never returned; `has_more` says that there is one.
template <class T>
struct Listed {
    std::vector<T> rows;
    bool has_more = false;
};

[[nodiscard]] Result<void> insert_payment(ledger::Transaction& tx, const Payment& payment);
[[nodiscard]] Result<void> update_payment(ledger::Transaction& tx, const Payment& payment);
[[nodiscard]] Result<Payment> load_payment(ledger::Transaction& tx, const Uuid& id);
/// Takes and remembers them, so that load_payment() need not ask for each.
[[nodiscard]] Result<void> foresee_payments(ledger::Transaction& tx, const std::vector<Uuid>& ids);
[[nodiscard]] Result<Payment> load_payment(ledger::Transaction& tx, const Uuid& id, Scope scope);
[[nodiscard]] Result<Listed<Payment>> list_payments(ledger::Transaction& tx,
                                                    Scope scope,
                                                    const Page& page);

/// Payments whose authorisation has run out, `limit` at most.
[[nodiscard]] Result<std::vector<Payment>> expired_payments(ledger::Transaction& tx,
                                                            Timestamp now,
                                                            int limit);

[[nodiscard]] Result<void> insert_capture(ledger::Transaction& tx, const Capture& capture);
[[nodiscard]] Result<void> update_capture(ledger::Transaction& tx, const Capture& capture);
[[nodiscard]] Result<Capture> load_capture(ledger::Transaction& tx, const Uuid& id);
[[nodiscard]] Result<Listed<Capture>> list_captures(ledger::Transaction& tx,
                                                    const Uuid& payment,
                                                    const Page& page);

[[nodiscard]] Result<void> insert_refund(ledger::Transaction& tx, const Refund& refund);
[[nodiscard]] Result<void> update_refund(ledger::Transaction& tx, const Refund& refund);
[[nodiscard]] Result<Refund> load_refund(ledger::Transaction& tx, const Uuid& id);
[[nodiscard]] Result<Refund> load_refund(ledger::Transaction& tx, const Uuid& id, Scope scope);
[[nodiscard]] Result<Listed<Refund>> list_refunds(ledger::Transaction& tx,
                                                  Scope scope,
                                                  const Page& page);

}  // namespace causeway::gateway
