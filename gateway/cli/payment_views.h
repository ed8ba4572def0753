// SPDX-License-Identifier: Apache-2.0
//
// Payments as an operator sees them: everything that moved money, nothing that speaks of people.
// Descriptions, metadata and return addresses are the merchant's and may name a buyer, so they are
// left out; of a card there are the brand and the last four digits.
#pragma once

#include "gateway/payments/payment.h"
#include "gateway/payments/timeline.h"

#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace causeway::gateway {

/// All of it at one moment.
struct PaymentFile {
    Payment payment;
    std::vector<Capture> captures;  ///< Oldest first, as all below.
    std::vector<Refund> refunds;
    std::vector<Dispute> disputes;
    std::vector<OperationRow> operations;
    std::vector<TimelineRow> timeline;
};

/// Errors: `not_found`.
[[nodiscard]] Result<PaymentFile> read_payment_file(ledger::Transaction& tx, const Uuid& id);

[[nodiscard]] std::string text_of(const PaymentFile& file);
[[nodiscard]] boost::json::object json_of(const PaymentFile& file);

[[nodiscard]] boost::json::object json_of(const Payment& payment);
[[nodiscard]] boost::json::object json_of(const Refund& refund);
[[nodiscard]] boost::json::object json_of(const Dispute& dispute);
[[nodiscard]] boost::json::object json_of(const OperationRow& operation);

[[nodiscard]] std::string table_of(const std::vector<Payment>& payments);
[[nodiscard]] std::string table_of(const std::vector<Refund>& refunds);
[[nodiscard]] std::string table_of(const std::vector<Dispute>& disputes);
[[nodiscard]] std::string table_of(const std::vector<OperationRow>& operations);

}  // namespace causeway::gateway
