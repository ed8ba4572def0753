// SPDX-License-Identifier: Apache-2.0
#include "connectors/pix/sandbox/script.h"

#include "connectors/pix/json_body.h"

namespace causeway::connectors::pix::sandbox {
namespace {

constexpr Spellings<RequestTrick, 9> kRequestTricks = {{
    {"behave", RequestTrick::behave},
    {"hang_before", RequestTrick::hang_before},
    {"hang_after", RequestTrick::hang_after},
    {"cut_before", RequestTrick::cut_before},
    {"cut_after", RequestTrick::cut_after},
    {"fail_before", RequestTrick::fail_before},
    {"fail_after", RequestTrick::fail_after},
    {"bad_token", RequestTrick::bad_token},
    {"settle_first", RequestTrick::settle_first},
}};
constexpr Spellings<NoticeTrick, 4> kNoticeTricks = {{
    {"deliver", NoticeTrick::deliver},
    {"lose", NoticeTrick::lose},
    {"twice", NoticeTrick::twice},
    {"hold", NoticeTrick::hold},
}};

template <class Enum, std::size_t kCount>
Result<Enum> find(const Spellings<Enum, kCount>& spellings, std::string_view text) {
    for (const auto& [spelling, value] : spellings) {
        if (spelling == text) return value;
    }
    return Error(ErrorCode::not_found, "no such trick");
}

}  // namespace

Result<RequestTrick> parse_request_trick(std::string_view text) {
    return find(kRequestTricks, text);
}
Result<NoticeTrick> parse_notice_trick(std::string_view text) {
    return find(kNoticeTricks, text);
}

}  // namespace causeway::connectors::pix::sandbox
