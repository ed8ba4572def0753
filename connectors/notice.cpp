// SPDX-License-Identifier: Apache-2.0
#include "connectors/notice.h"

#include <array>

namespace causeway::connectors {
namespace {

constexpr std::array<std::pair<NoticeKind, std::string_view>, 13> kNoticeKinds{{
    {NoticeKind::outcome, "outcome"},
    {NoticeKind::dispute_opened, "dispute_opened"},
    {NoticeKind::dispute_reopened, "dispute_reopened"},
    {NoticeKind::dispute_won, "dispute_won"},
    {NoticeKind::dispute_lost, "dispute_lost"},
    {NoticeKind::authorisation_expired, "authorisation_expired"},
    {NoticeKind::received, "received"},
    {NoticeKind::receipt_returned, "receipt_returned"},
    {NoticeKind::instrument_refused, "instrument_refused"},
    {NoticeKind::instrument_ended, "instrument_ended"},
    {NoticeKind::instrument_completed, "instrument_completed"},
    {NoticeKind::charged, "charged"},
    {NoticeKind::told, "told"},
}};

}  // namespace

std::string_view to_string(NoticeKind kind) noexcept {
    for (const auto& [value, text] : kNoticeKinds) {
        if (value == kind) return text;
    }
    return "unlisted_notice_kind";
}

Result<NoticeKind> parse_notice_kind(std::string_view text) {
    for (const auto& [value, spelling] : kNoticeKinds) {
        if (spelling == text) return value;
    }
    return Error(ErrorCode::not_found, "notice kind");
}

}  // namespace causeway::connectors
