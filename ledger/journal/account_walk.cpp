// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/account_walk.h"

#include <algorithm>
#include <string>

namespace causeway::ledger {

Result<bool> AccountWalk::next() {
    while (!step()) {
        if (next_ == 0) return false;
        const Result<void> loaded = load();
        if (!loaded) return loaded.error();
    }
    return true;
}

bool AccountWalk::step() {
    while (at_ > 0) {
        --at_;
        if (entry_.lines[at_].account_id == account_id_) return true;
    }
    return false;
}

Result<void> AccountWalk::load() {
    Result<StoredEntry> loaded = load_entry(snapshot_, next_);
    const auto broken = [&](const std::string& why) {
        return Error(ErrorCode::integrity,
                     "account " + std::to_string(account_id_) + ": entry " + std::to_string(next_) +
                         why + "; `ledger verify` says more");
    };
    if (!loaded) {
        if (loaded.error().code() == ErrorCode::not_found) return broken(" is missing");
        return loaded.error();
    }
    entry_ = *std::move(loaded);
    const auto first = std::ranges::find(entry_.lines, account_id_, &StoredLine::account_id);
    if (first == entry_.lines.end()) return broken(" does not touch it");
    if (first->previous == next_) return broken(" comes before itself");
    at_ = static_cast<std::size_t>(
        std::min<std::int64_t>(static_cast<std::int64_t>(entry_.lines.size()), top_));
    top_ = INT64_MAX;
    next_ = first->previous;
    return {};
}

}  // namespace causeway::ledger
