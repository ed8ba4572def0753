// SPDX-License-Identifier: Apache-2.0
//
// The rows of journal_lanes, and which lanes there are at all.
#pragma once

#include "ledger/chain/head.h"
#include "ledger/chain/verify/findings.h"
#include "ledger/journal/stored_entry.h"
#include "ledger/result.h"
#include "ledger/store/database.h"

#include <cstdint>
#include <string>
#include <vector>

namespace causeway::ledger::verifier {

struct LaneRow {
    std::int64_t lane = 0;
    Sequence last_sequence = 0;
    ChainHash hash{};
    std::int64_t recorded_us = 0;
    std::int64_t accounts = 0;
    bool sound = true;  ///< Each column holds a value of its type and length.
};

/// Errors: `storage`.
[[nodiscard]] Result<std::vector<LaneRow>> read_lane_rows(Transaction& snapshot);

/// Lanes whose sequences fit 64 bits: 0 up to, and without, this one.
inline constexpr std::int64_t kLanesEnd = (std::int64_t{1} << (63 - kLaneBits)) - 1;

/// Every such lane that some row speaks of, in order. Errors: `storage`.
[[nodiscard]] Result<std::vector<std::int64_t>> all_lanes(Transaction& snapshot,
                                                          const std::vector<LaneRow>& rows);

/// Reports when a lane does not contain what `which` says of it. Errors: `storage`.
[[nodiscard]] Result<void> check_tip(Transaction& snapshot,
                                     const LaneTip& tip,
                                     const std::string& which,
                                     Findings& findings);

/// The last entry of a lane; 0: none. Errors: `storage`.
[[nodiscard]] Result<Sequence> last_of_lane(Transaction& snapshot, std::int64_t lane);

}  // namespace causeway::ledger::verifier
