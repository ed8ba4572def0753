// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/trace.h"

#include <algorithm>
#include <span>

namespace causeway::gateway {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::size_t kTraceDigits = 32;
constexpr std::size_t kSpanDigits = 16;
constexpr std::size_t kLength = 55;  // 00-TRACE-SPAN-FL

bool is_hex(std::string_view text) {
    return text.find_first_not_of(kHexDigits) == std::string_view::npos;
}

bool is_id(std::string_view text) {
    return is_hex(text) && text.find_first_not_of('0') != std::string_view::npos;
}

std::string hex(std::span<const std::uint8_t> bytes) {
    std::string text;
    for (const std::uint8_t byte : bytes) {
        text += kHexDigits[byte >> 4U];
        text += kHexDigits[byte & 15U];
    }
    return text;
}

}  // namespace

std::string Trace::header() const {
    return "00-" + trace_id + "-" + span_id + "-" + flags;
}

std::optional<Trace> parse_traceparent(std::string_view header) {
    if (header.size() < kLength || !is_hex(header.substr(0, 2))) return std::nullopt;
    const bool first_version = header.starts_with("00");
    // A later version may say more behind a dash; 255 is none.
    if (header.starts_with("ff")) return std::nullopt;
    if (first_version ? header.size() != kLength
                      : header.size() > kLength && header[kLength] != '-') {
        return std::nullopt;
    }
    if (header[2] != '-' || header[35] != '-' || header[52] != '-') return std::nullopt;
    Trace trace{.trace_id = std::string(header.substr(3, kTraceDigits)),
                .span_id = std::string(header.substr(36, kSpanDigits)),
                .flags = std::string(header.substr(53, 2))};
    if (!is_id(trace.trace_id) || !is_id(trace.span_id) || !is_hex(trace.flags)) {
        return std::nullopt;
    }
    return trace;
}

Trace continue_trace(const std::string* header, IdSource& ids) {
    constexpr std::size_t kSpanBytes = 8;
    const Uuid id = ids.next();
    std::optional<Trace> trace;
    if (header != nullptr) trace = parse_traceparent(*header);
    // The later half of an id is random but for two bits, which are never both 0.
    const std::string span = hex(std::span(id.bytes).last(kSpanBytes));
    if (!trace) return Trace{.trace_id = hex(ids.next().bytes), .span_id = span};
    trace->span_id = span;
    // The other flags are not defined yet, and must not be handed on.
    trace->flags = kHexDigits.find(trace->flags.back()) % 2 == 0 ? "00" : "01";
    return *std::move(trace);
}

}  // namespace causeway::gateway
