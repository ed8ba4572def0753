// SPDX-License-Identifier: Apache-2.0
//
// What the sandbox acquirer pays out for one UTC day, in the layout of Adyen's settlement details
// report. Settled like for like, the net currency is the transaction's and the exchange rate 1; a
// capture or refund whose answer said another currency is paid in that one, at the rate that was
// said, and its costs too. The same books, day and plan give the same bytes.
//
// On command, by the last digits of a payment's amount or of a refund's own: 9994 is paid at a
// rate one per cent below the one that was said, 9990 in the transaction's currency after all.
//
// A capture or refund belongs to the day of its DE7. What a reversal took back on the same day is
// left out; taken back on a later day, it is a Refunded (or RefundedReversed) row of that day.
// "Psp Reference" is DE37 of the payment, also for its refunds; "Modification Reference" is DE7
// and DE11 of the capture, refund, sale or reversal; "Merchant Reference" is DE60 of the
// authorisation. One MerchantPayout row a currency makes the sums of Net Debit and Net Credit
// equal; it is on the credit side when the merchant owes.
//
// Source: Adyen, settlement details report (column names and types).
#pragma once

#include "connectors/card/sandbox/books.h"
#include "ledger/clock.h"
#include "ledger/result.h"

#include <cstdint>
#include <string>

namespace causeway::connectors::card::sandbox {

/// What a capture costs the merchant; refunds cost nothing. Each part is rounded half-even to the
/// minor unit. Units: basis points of the gross amount, but for `commission_minor_units`.
struct CostPlan {
    std::int64_t interchange_bp = 80;
    std::int64_t scheme_bp = 12;
    std::int64_t markup_bp = 20;
    std::int64_t commission_minor_units = 0;
};

/// Errors: `amount_overflow`.
[[nodiscard]] Result<std::string> settlement_csv(const Books& books, Day day, CostPlan plan = {});

/// Writes the file under a temporary name beside `out_path` and renames it: a reader never sees
/// half of it.
///
/// Errors: as Books::load() and settlement_csv(); `storage`.
[[nodiscard]] Result<void> write_settlement_file(const std::string& books_path,
                                                 Day day,
                                                 const std::string& out_path,
                                                 CostPlan plan = {});

}  // namespace causeway::connectors::card::sandbox
