// SPDX-License-Identifier: Apache-2.0
//
// The trace that a request belongs to: the caller's if it sent one, else a new one.
//
// Source: W3C Trace Context, Recommendation of 2021-11-23, section 3.2.
#pragma once

#include "ledger/id.h"

#include <optional>
#include <string>
#include <string_view>

namespace causeway::gateway {

struct Trace {
    std::string trace_id;  ///< 32 hexadecimal digits, not all 0.
    std::string span_id;   ///< 16 of them: who is calling.
    std::string flags = "00";

    /// As it is handed on: "00-TRACE-SPAN-FLAGS".
    [[nodiscard]] std::string header() const;
};

/// Nothing for what does not follow the specification to the letter: such a header is passed over.
[[nodiscard]] std::optional<Trace> parse_traceparent(std::string_view header);

/// The caller's trace with a span of ours in it, or a trace that begins here.
[[nodiscard]] Trace continue_trace(const std::string* header, IdSource& ids);

}  // namespace causeway::gateway
