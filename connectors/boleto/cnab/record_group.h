// SPDX-License-Identifier: Apache-2.0
//
// The records that make one title, as if they were one: a value goes to, or comes from, the first
// of them that has a field for its role.
#pragma once

#include "connectors/boleto/cnab/record.h"

#include <string>
#include <vector>

namespace causeway::connectors::cnab {

/// `Record` is RecordReader or RecordWriter.
template <class Record>
class RecordGroup {
  public:
    void add(Record record) { records_.push_back(std::move(record)); }
    void clear() noexcept { records_.clear(); }
    [[nodiscard]] bool empty() const noexcept { return records_.empty(); }

    /// The record that has `role`; the first one, which will say that it has not, when none does.
    ///
    /// Requires a group that is not empty.
    [[nodiscard]] Record& at(Role role) {
        for (Record& record : records_) {
            if (record.has(role)) return record;
        }
        return records_.front();
    }

    [[nodiscard]] bool has(Role role) const {
        for (const Record& record : records_) {
            if (record.has(role)) return true;
        }
        return false;
    }

    [[nodiscard]] std::vector<Record>& all() noexcept { return records_; }

    /// The first fault of any of them.
    [[nodiscard]] std::optional<Fault> fault() const {
        for (const Record& record : records_) {
            if (record.fault()) return record.fault();
        }
        return std::nullopt;
    }

  private:
    std::vector<Record> records_;
};

}  // namespace causeway::connectors::cnab
