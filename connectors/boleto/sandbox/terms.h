// SPDX-License-Identifier: Apache-2.0
//
// What a title costs on a day, as the bank computes it: integers and a rule of its own, so that a
// mistake in the gateway's arithmetic is not repeated here.
//
// A title that is due on a day without banks is payable on the next day with them as if in time,
// and a discount that ends on such a day is given until then.
#pragma once

#include "ledger/clock.h"

#include <cstdint>
#include <optional>

namespace causeway::connectors::boleto::sandbox {

/// Units: centavos. Of two ways to say a charge at most one is not zero.
struct SlipTerms {
    std::int64_t face = 0;  ///< Zero: the payer says how much.
    std::int64_t abatement = 0;
    Day due{};
    std::int64_t fine_bps = 0;
    std::int64_t fine_amount = 0;
    std::optional<Day> fine_from;
    std::int64_t interest_month_bps = 0;
    std::int64_t interest_of_a_day = 0;
    std::optional<Day> interest_from;
    std::int64_t discount_bps = 0;
    std::int64_t discount_amount = 0;
    std::optional<Day> discount_until;

    friend bool operator==(const SlipTerms&, const SlipTerms&) = default;
};

/// Units: centavos.
struct Owed {
    std::int64_t discount = 0;
    std::int64_t fine = 0;
    std::int64_t interest = 0;
    std::int64_t total = 0;
};

/// Each part is rounded half-even by itself; the interest of one day is rounded before it is
/// multiplied.
[[nodiscard]] Owed owed_on(const SlipTerms& terms, Day day) noexcept;

}  // namespace causeway::connectors::boleto::sandbox
