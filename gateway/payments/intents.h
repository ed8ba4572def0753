// SPDX-License-Identifier: Apache-2.0
//
// The first step of everything a merchant can ask for: check, reserve, make durable.
//
// Every limit is decided here, inside the transaction that reserves: see Payment's invariants.
#pragma once

#include "gateway/payments/confirmation.h"
#include "gateway/payments/records.h"
#include "gateway/payments/steps.h"

#include <optional>
#include <string>

namespace causeway::gateway {

struct CreatePayment {
    ledger::Money amount;
    bool capture_automatic = true;
    bool confirm = false;
    std::optional<MethodChoice> method;
    std::optional<std::string> customer;
    std::optional<Uuid> quote;
    std::optional<std::string> reference;
    std::optional<std::string> description;
    std::optional<std::string> statement_descriptor;
    std::optional<std::string> return_url;
    std::string metadata = "{}";
};

struct ConfirmPayment {
    std::optional<MethodChoice> method;
    std::optional<Uuid> quote;  ///< Instead of the one that the payment names.
};

struct CreateCapture {
    std::optional<Uuid> id;              ///< Nothing: a new one.
    std::optional<std::int64_t> amount;  ///< Nothing: everything that can be captured.
    bool final_capture = false;
};

/// Raises what is authorised, and the payment's amount with it.
struct IncreasePayment {
    std::int64_t amount = 0;  ///< The new total. Units: minor units of the payment's currency.
};

struct CreateRefund {
    std::optional<Uuid> id;  ///< Nothing: a new one.
    Uuid payment;
    std::optional<std::int64_t> amount;  ///< Nothing: everything that can be refunded.
    std::optional<std::string> reason;
    std::string metadata = "{}";
};

[[nodiscard]] Result<Step> create_payment(ledger::Transaction& tx,
                                          const Workshop& shop,
                                          const Caller& caller,
                                          const CreatePayment& wanted);
[[nodiscard]] Result<Step> confirm_payment(ledger::Transaction& tx,
                                           const Workshop& shop,
                                           const Caller& caller,
                                           const Uuid& id,
                                           const ConfirmPayment& wanted);
[[nodiscard]] Result<Step> capture_payment(ledger::Transaction& tx,
                                           const Workshop& shop,
                                           const Caller& caller,
                                           const Uuid& id,
                                           const CreateCapture& wanted);
[[nodiscard]] Result<Step> increase_payment(ledger::Transaction& tx,
                                            const Workshop& shop,
                                            const Caller& caller,
                                            const Uuid& id,
                                            const IncreasePayment& wanted);
[[nodiscard]] Result<Step> cancel_payment(ledger::Transaction& tx,
                                          const Workshop& shop,
                                          const Caller& caller,
                                          const Uuid& id);
[[nodiscard]] Result<Step> create_refund(ledger::Transaction& tx,
                                         const Workshop& shop,
                                         const Caller& caller,
                                         const CreateRefund& wanted);

struct StartedCapture {
    Capture capture;
    OperationRow operation;
};

}  // namespace causeway::gateway
