// SPDX-License-Identifier: Apache-2.0
//
// The rows by which an entry is found by its id: fingerprints in runs where one process owns the
// books, a row for each entry where several share them.
#pragma once

#include "ledger/chain/verify/findings.h"
#include "ledger/journal/stored_entry.h"
#include "ledger/result.h"
#include "ledger/store/database.h"

#include <cstdint>
#include <vector>

namespace causeway::ledger::verifier {

class IdCheck {
  public:
    /// `indexed`: runs were last written after this entry (not on shared engines). Fewer entries
    /// before it than fill a run may be in none.
    IdCheck(Transaction& snapshot, Findings& findings, bool shared, Sequence indexed);

    /// The next entry of the lane; only where one process owns the books. Errors: `storage`.
    [[nodiscard]] Result<void> check(const StoredEntry& entry);
    /// Errors: `storage`.
    [[nodiscard]] Result<void> finish();

  private:
    [[nodiscard]] Result<void> next_run();
    [[nodiscard]] Result<void> check_runs();
    [[nodiscard]] Result<void> check_rows();
    [[nodiscard]] Result<void> check_no_rows();

    Transaction& snapshot_;
    Findings& findings_;
    bool shared_;
    Sequence indexed_;
    Sequence first_ = 1;       // of the run in hand
    bool runs_ended_ = false;  // there is none after it
    std::vector<std::uint8_t> run_;
};

}  // namespace causeway::ledger::verifier
