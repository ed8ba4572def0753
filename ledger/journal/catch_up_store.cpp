// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/account_row.h"
#include "ledger/journal/catch_up.h"
#include "ledger/journal/stored_entry.h"

#include <cstddef>
#include <unordered_map>
#include <utility>

namespace causeway::ledger {
namespace {

/// Accounts by number, some of which may be brought up to date.
class Moved {
  public:
    explicit Moved(std::vector<PublishedAccount>& accounts) : accounts_(accounts) {
        for (std::size_t place = 0; place < accounts.size(); ++place)
            places_.emplace(accounts[place].id, place);
    }

    [[nodiscard]] bool knows(std::int64_t account_id) const { return places_.contains(account_id); }
    void add(PublishedAccount account) {
        account.state = {};
        places_.emplace(account.id, accounts_.size());
        accounts_.push_back(std::move(account));
    }
    void add_lines(const StoredEntry& entry) {
        for (const StoredLine& line : entry.lines) {
            const auto place = places_.find(line.account_id);
            if (place == places_.end()) continue;
            (void)add_line(accounts_[place->second].state,
                           {.sequence = entry.sequence,
                            .type = entry.type,
                            .minor_units = line.minor_units,
                            .effective_us = to_microseconds(entry.effective),
                            .recorded_us = to_microseconds(entry.recorded)});
        }
    }

  private:
    std::vector<PublishedAccount>& accounts_;
    std::unordered_map<std::int64_t, std::size_t> places_;
};

}  // namespace

Result<void> catch_up(Transaction& snapshot,
                      Sequence last,
                      bool all,
                      std::vector<PublishedAccount>& accounts) {
    Moved moved(accounts);
    return each_entry(snapshot, last, [&](const StoredEntry& entry) -> Result<bool> {
        for (const StoredLine& line : entry.lines) {
            if (!all || moved.knows(line.account_id)) continue;
            Result<std::vector<PublishedAccount>> opened = account_row(snapshot, line.account_id);
            if (!opened) return opened.error();
            for (PublishedAccount& account : *opened)
                moved.add(std::move(account));
        }
        moved.add_lines(entry);
        return true;
    });
}

}  // namespace causeway::ledger
