// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/row_memory.h"

#include "ledger/digest.h"

#include <algorithm>
#include <string>

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

Uuid name_key(std::string_view of, std::string_view name) noexcept {
    std::string both(of);
    both.append(1, '\0').append(name);
    const Sha256 digest = sha256(both);
    Uuid key;
    std::copy_n(digest.begin(), key.bytes.size(), key.bytes.begin());
    return key;
}

void RowMemory::put(const Key& key, std::shared_ptr<const void> row) {
    kept_.push_back(key);
    rows_.insert_or_assign(key, std::move(row));
}

}  // namespace causeway::ledger
