// SPDX-License-Identifier: Apache-2.0
#include "fx/rate_book.h"

#include <utility>

namespace causeway::fx {

bool RateBook::publish(ReferenceTable table) {
    std::shared_ptr<const ReferenceTable> fresh =
        std::make_shared<const ReferenceTable>(std::move(table));
    const std::lock_guard lock(mutex_);
    if (table_ && table_->day() > fresh->day()) return false;
    table_.swap(fresh);
    return true;
}

std::shared_ptr<const ReferenceTable> RateBook::snapshot() const {
    const std::lock_guard lock(mutex_);
    return table_;
}

Result<Decimal> RateBook::mid_rate(ledger::Currency source, ledger::Currency target) const {
    const std::shared_ptr<const ReferenceTable> table = snapshot();
    if (!table) return Error(ErrorCode::unavailable, "no rates are loaded");
    return table->cross(source, target);
}

bool RateBook::stale(Day today, std::chrono::days age_max) const {
    const std::shared_ptr<const ReferenceTable> table = snapshot();
    return !table || today - table->day() > age_max;
}

}  // namespace causeway::fx
