// SPDX-License-Identifier: Apache-2.0
//
// What the notices of one message need of the database, asked for at once. A file has hundreds of
// them in a transaction, and on a shared engine each would wait a dozen times for an answer.
#pragma once

#include "connectors/notice.h"
#include "ledger/result.h"
#include "ledger/store/database.h"

#include <set>
#include <string>
#include <vector>

namespace causeway::gateway {

/// Lifetime: one transaction.
class Foresight {
  public:
    /// Takes the operations and payments that the notices are about, in one order, and remembers
    /// what is known of them. Of a few notices, and on an engine of our own, nothing is foreseen:
    /// each asks for itself.
    [[nodiscard]] static Result<Foresight> of(ledger::Transaction& tx,
                                              const std::string& connector,
                                              const std::vector<connectors::Notice>& notices);

    /// False: it certainly was not taken in before.
    [[nodiscard]] bool may_be_known(const std::string& notice) const {
        return !foreseen_ || known_.contains(notice);
    }
    /// False: certainly nothing came too early for what has this reference.
    [[nodiscard]] bool may_have_early(const std::string& reference) const {
        return !foreseen_ || early_.contains(reference);
    }
    void came_early(const std::string& reference) { early_.insert(reference); }

  private:
    bool foreseen_ = false;
    std::set<std::string> known_;
    std::set<std::string> early_;
};

}  // namespace causeway::gateway
