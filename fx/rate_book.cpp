// SPDX-License-Identifier: Apache-2.0
#include "fx/rate_book.h"

#include <thread>
#include <utility>

namespace causeway::fx {

void RateBook::publish(RateSnapshot snapshot) {
    std::shared_ptr<const RateSnapshot> fresh =
        std::make_shared<const RateSnapshot>(std::move(snapshot));
    const std::lock_guard lock(publishing_);
    put(std::move(fresh));
}

bool RateBook::publish(ReferenceTable table) {
    std::shared_ptr<const RateSnapshot> fresh =
        std::make_shared<const RateSnapshot>(RateSnapshot::of(std::move(table)));
    const std::lock_guard lock(publishing_);
    const auto& present = slots_.at(active_).snapshot;
    if (present && present->day() > fresh->day()) return false;
    put(std::move(fresh));
    return true;
}

void RateBook::put(std::shared_ptr<const RateSnapshot> fresh) {
    const std::size_t idle = 1 - active_;
    Slot& slot = slots_.at(idle);
    // Readers that came before the last publication; none stays longer than a copy takes.
    while (slot.readers != 0)
        std::this_thread::yield();
    slot.snapshot = std::move(fresh);
    active_ = idle;
}

std::shared_ptr<const RateSnapshot> RateBook::snapshot() const noexcept {
    for (;;) {
        const std::size_t at = active_;
        const Slot& slot = slots_[at];
        ++slot.readers;
        // Still the active one after the writer can see us: it will not be written now.
        if (active_ == at) {
            std::shared_ptr<const RateSnapshot> copy = slot.snapshot;
            --slot.readers;
            return copy;
        }
        --slot.readers;
    }
}

Result<Decimal> RateBook::mid_rate(ledger::Currency source, ledger::Currency target) const {
    const std::shared_ptr<const RateSnapshot> present = snapshot();
    if (!present) return Error(ErrorCode::unavailable, "no rates are loaded");
    const Result<MidRate> mid = present->mid(source, target);
    if (!mid) return mid.error();
    return mid->value;
}

bool RateBook::stale(Day today, std::chrono::days age_max) const {
    const std::shared_ptr<const RateSnapshot> present = snapshot();
    return !present || present->is_stale({.today = today, .age_max = age_max});
}

}  // namespace causeway::fx
