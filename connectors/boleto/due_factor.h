// SPDX-License-Identifier: Apache-2.0
//
// The due date as a barcode holds it: four digits, counted in days, that began again at 1000 on
// 2025-02-22 and will again on 2049-10-14. The same factor means several days, so reading one needs
// a reference day; there is no fixed date at which the meaning changes.
#pragma once

#include "ledger/clock.h"
#include "ledger/result.h"

namespace causeway::connectors::boleto {

/// A due date lies at most so many days before and behind the day on which it is read.
constexpr std::chrono::days kDueBeforeMax{3000};
constexpr std::chrono::days kDueBehindMax{5500};

/// 1000 to 9999.
///
/// Errors: `invalid_argument` for a day before 2000-07-03, which has none.
[[nodiscard]] Result<int> due_factor(Day due);

/// The one day that `factor` means for who reads it on `reference`.
///
/// Errors: `invalid_argument` unless the factor is 1000 to 9999; `expired` if it means no day
/// between `reference` - 3000 and `reference` + 5500.
/// Source: FEBRABAN, Manual Operacional do Fator de Vencimento, 2012, as Itaú's manual states it.
[[nodiscard]] Result<Day> due_day(int factor, Day reference);

}  // namespace causeway::connectors::boleto
