// SPDX-License-Identifier: Apache-2.0
//
// The bank's misbehaviour: one trick for each request to come, one for each notification, one for
// each retorno.
#pragma once

#include "ledger/result.h"

#include <string_view>

namespace causeway::connectors::boleto::sandbox {

/// What happens to a request. "Before" means that nothing is done.
enum class RequestTrick {
    behave,
    hang_before,  ///< No answer ever.
    hang_after,
    cut_before,  ///< The connection ends without an answer.
    cut_after,
    fail_before,  ///< 503
    fail_after,   ///< 500, and yet it is done.
    /// A new title is paid, and the webhook told, before the answer goes out.
    pay_first,
};

/// What happens to a notification.
enum class NewsTrick {
    deliver,
    lose,
    twice,
    hold,  ///< Until it is released.
    bad_signature,
    stale,  ///< Signed with a moment of ten minutes ago.
};

/// What happens to a retorno. A number is used up whatever happens.
enum class FileTrick {
    deliver,
    late,    ///< With the next day's.
    twice,   ///< The same bytes under a second name.
    split,   ///< Two whole files with a number each.
    halves,  ///< Cut in the middle: two files that are none.
    bad_count,
    bad_line,
    lose,
};

/// Errors: `not_found`.
[[nodiscard]] Result<RequestTrick> parse_request_trick(std::string_view text);
[[nodiscard]] Result<NewsTrick> parse_news_trick(std::string_view text);
[[nodiscard]] Result<FileTrick> parse_file_trick(std::string_view text);

}  // namespace causeway::connectors::boleto::sandbox
