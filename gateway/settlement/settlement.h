// SPDX-License-Identifier: Apache-2.0
//
// A settlement closes what a merchant earned in one currency: a numbered line for every balance
// transaction, and totals that are nothing but the sums of those lines.
//
// Test and live money are settled apart. Nothing has been paid out yet in this version, so a
// settlement opens with the closing balance of the one before it.
#pragma once

#include "ledger/clock.h"
#include "ledger/id.h"
#include "ledger/money.h"
#include "ledger/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::gateway {

/// Whose money, of which kind. Every settlement is about exactly one of these.
struct SettlementKey {
    Uuid merchant_id;
    bool livemode = false;
    ledger::Currency currency;

    friend bool operator==(const SettlementKey&, const SettlementKey&) = default;
};

/// One balance transaction as a settlement reports it. Units: minor units of the settlement's
/// currency, signed from the merchant's side; `presentment` is in the buyer's currency.
struct SettlementLine {
    std::int64_t number = 0;  ///< From 1, in the order in which things happened.
    Uuid txn_id;
    Timestamp created;
    Day available_on;
    std::string type;  ///< "charge" or "refund".
    std::string source;
    Uuid payment_id;
    std::string merchant_reference;
    std::string connector;
    std::string payment_method;
    std::string payment_method_variant;
    ledger::Money presentment;
    std::string mid_rate;       ///< Settlement currency for one of presentment; empty when equal.
    std::string exchange_rate;  ///< The same with our margin inside.
    std::int64_t gross = 0;
    std::int64_t fee = 0;     ///< Positive: the merchant pays it.
    std::int64_t fx_fee = 0;  ///< Our margin on the exchange, already inside gross.
    std::int64_t net = 0;     ///< gross - fee.
    std::int64_t running_balance = 0;
};

/// Units: minor units of `key.currency`.
struct Settlement {
    Uuid id;
    SettlementKey key;
    Timestamp period_start;
    Timestamp period_end;  ///< The first moment that is not in it.
    Day value_day;         ///< When all of it is available: the latest of the lines.
    std::int64_t opening_balance = 0;
    std::int64_t gross = 0;    ///< Of charges.
    std::int64_t refunds = 0;  ///< Of refunds; negative.
    std::int64_t fees = 0;     ///< Positive.
    std::int64_t net = 0;      ///< gross + refunds - fees.
    std::int64_t closing_balance = 0;
    std::int64_t line_count = 0;
    std::string sha256;            ///< Of the CSV report, lower-case hexadecimal.
    std::optional<Uuid> entry_id;  ///< None when net is zero.
    Timestamp created;
};

struct SettlementReport {
    Settlement settlement;
    std::vector<SettlementLine> lines;
};

/// Numbers the lines and fills in their running balances, the totals, the count, the closing
/// balance and the value day. Requires at least one line.
///
/// Errors: `amount_overflow`; `integrity` when a line's type is not one that can be settled.
[[nodiscard]] Result<void> add_up(SettlementReport& report);

/// What a report calls the line: "charge" or "refund".
[[nodiscard]] std::string_view reporting_category(const SettlementLine& line) noexcept;

/// "Payment pay_01J..." or "Refund of pay_01J...".
[[nodiscard]] std::string description(const SettlementLine& line);

[[nodiscard]] std::string settlement_name(const Uuid& id);  ///< "stl_01J..."
[[nodiscard]] std::string merchant_name(const Uuid& id);    ///< "mer_01J..."

}  // namespace causeway::gateway
