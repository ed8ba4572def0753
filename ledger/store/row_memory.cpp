// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/row_memory.h"

namespace causeway::ledger {

void RowMemory::begin_body() {
    kept_.clear();
    if (rows_.size() >= kRowsMax) rows_.clear();
}

void RowMemory::undo_body() {
    for (const Key& key : kept_)
        rows_.erase(key);
    kept_.clear();
}

void RowMemory::clear() {
    kept_.clear();
    rows_.clear();
}

void RowMemory::put(const Key& key, std::shared_ptr<const void> row) {
    kept_.push_back(key);
    rows_.insert_or_assign(key, std::move(row));
}

}  // namespace causeway::ledger
