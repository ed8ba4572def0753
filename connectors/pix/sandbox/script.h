// SPDX-License-Identifier: Apache-2.0
//
// The sandbox's misbehaviour: one trick for each request to come, one for each notice.
#pragma once

#include "ledger/result.h"

#include <string_view>

namespace causeway::connectors::pix::sandbox {

/// What happens to a request. "Before" means that nothing is done.
enum class RequestTrick {
    behave,
    hang_before,  ///< No answer ever.
    hang_after,
    cut_before,  ///< The connection ends without an answer.
    cut_after,
    fail_before,  ///< 503
    fail_after,   ///< 500, and yet it is done.
    bad_token,    ///< 401
    /// A new charge is paid, or a refund settled, and the webhook told, before the answer goes out.
    settle_first,
};

/// What happens to a webhook's call.
enum class NoticeTrick {
    deliver,
    lose,
    twice,
    hold,  ///< Until it is released.
};

/// Errors: `not_found`.
[[nodiscard]] Result<RequestTrick> parse_request_trick(std::string_view text);
[[nodiscard]] Result<NoticeTrick> parse_notice_trick(std::string_view text);

}  // namespace causeway::connectors::pix::sandbox
