// SPDX-License-Identifier: Apache-2.0
//
// From what a provider lists to what the gateway is told, and where the next list begins.
#pragma once

#include "connectors/connector.h"
#include "connectors/pix/payment.h"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::connectors::pix {

/// A Pix is one receipt, under its EndToEndId; what has come of its refunds is told beside it. One
/// that was sent to the key without a charge keeps its EndToEndId as the reference: nothing of ours
/// has that name, so it stands apart.
void add_notices(const ReceivedPix& pix, std::vector<Notice>& notices);

/// Only what was taken back without our asking, by Bacen's procedure for fraud and faults (MED),
/// and not before `since`.
void add_taken_back(const ReceivedPix& pix, Timestamp since, std::vector<Notice>& notices);

/// What the provider says of a refund. Errors: `outcome_unknown` while it is under way.
[[nodiscard]] Result<Answer> answer_of(const Refund& refund);

/// Providers may take too long over a long span (bacen/pix-api, issue 436).
constexpr std::chrono::days kSpanMax{7};

/// The span that a list is about.
struct Window {
    Timestamp from;
    Timestamp to;
    std::int64_t page = 0;
};

/// Reads a cursor: "FROM", or "FROM/TO/PAGE" in the middle of a long list, in microseconds since
/// 1970. The first window is a day long; one that can not be read is the first. After a long
/// silence a window ends before `now`.
[[nodiscard]] Window window_at(std::string_view cursor,
                               Timestamp now,
                               std::chrono::seconds overlap);
/// Whether so much is left behind a window that it is asked for without a pause. What has come
/// while a long list was read waits for its turn.
[[nodiscard]] bool is_behind(const Window& window, Timestamp now);
[[nodiscard]] std::string cursor_after(const Window& window, bool more);

}  // namespace causeway::connectors::pix
