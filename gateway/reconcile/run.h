// SPDX-License-Identifier: Apache-2.0
//
// One reconciliation of one file, as it is stored: it never changes afterwards, so reading it
// again prints what was found at the time.
#pragma once

#include "gateway/reconcile/matcher.h"
#include "ledger/clock.h"
#include "ledger/id.h"

#include <boost/json/fwd.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace causeway::gateway {

struct ReconciliationItem {
    Uuid id;
    Uuid run_id;
    Item item;
    Timestamp created;
};

struct ReconciliationRun {
    Uuid id;
    std::string profile;  ///< As the HTTP API names it, such as "adyen_settlement_detail".
    std::string connector;
    bool livemode = false;
    std::string file_name;
    std::string file_sha256;
    MatchSummary summary;
    std::vector<ReconciliationItem> exceptions;
    Timestamp created;
};

/// The provider's conversions, as they are stored and shown.
[[nodiscard]] boost::json::array conversions_array(const MatchSummary& summary);

/// The summary as it is stored with the run: JSON, without the exceptions.
[[nodiscard]] std::string summary_text(const MatchSummary& summary);

/// Errors: `integrity` for anything but what summary_text() wrote.
[[nodiscard]] Result<MatchSummary> parse_summary(std::string_view text);

}  // namespace causeway::gateway
