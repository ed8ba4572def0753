// SPDX-License-Identifier: Apache-2.0
#include "connectors/pix/older_returns.h"

namespace causeway::connectors::pix {

void OlderReturns::name(const std::string& end_to_end_id) {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() < kNamedMax) waiting_.try_emplace(end_to_end_id, 0);
}

std::vector<std::string> OlderReturns::take() {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> taken;
    while (!waiting_.empty() && taken.size() < kAskedMax) {
        auto next = waiting_.extract(waiting_.begin());
        ++next.mapped();
        taken.push_back(next.key());
        asked_.insert(std::move(next));
    }
    return taken;
}

void OlderReturns::put_back(const std::string& end_to_end_id) {
    const std::lock_guard lock(mutex_);
    auto asked = asked_.extract(end_to_end_id);
    const bool again = !asked.empty() && asked.mapped() < kTriesMax && waiting_.size() < kNamedMax;
    if (again) waiting_.insert(std::move(asked));
}

void OlderReturns::answered(const std::string& end_to_end_id) {
    const std::lock_guard lock(mutex_);
    asked_.erase(end_to_end_id);
}

std::optional<Timestamp> OlderReturns::list_since(Timestamp now) {
    const std::lock_guard lock(mutex_);
    if (next_list_ && now < *next_list_) return std::nullopt;
    return since_;
}

void OlderReturns::listed(Timestamp now, bool whole) {
    const std::lock_guard lock(mutex_);
    if (whole) since_ = now - kListOverlap;
    next_list_ = now;
    *next_list_ += whole ? std::chrono::minutes(kListPause) : kListRetry;
}

}  // namespace causeway::connectors::pix
