// SPDX-License-Identifier: Apache-2.0
#include "connectors/pix/older_returns.h"

#include <utility>

namespace causeway::connectors::pix {

void OlderReturns::name(std::string end_to_end_id) {
    const std::lock_guard lock(mutex_);
    if (named_.size() < kNamedMax) named_.insert(std::move(end_to_end_id));
}

std::vector<std::string> OlderReturns::take() {
    const std::lock_guard lock(mutex_);
    const std::set<std::string> taken = std::exchange(named_, {});
    return {taken.begin(), taken.end()};
}

bool OlderReturns::take_list(Timestamp now) {
    const std::lock_guard lock(mutex_);
    if (listed_ && now < *listed_ + kListPause) return false;
    listed_ = now;
    return true;
}

}  // namespace causeway::connectors::pix
