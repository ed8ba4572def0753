// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/sandbox/script.h"

#include "connectors/pix/json_body.h"

namespace causeway::connectors::boleto::sandbox {
namespace {

constexpr pix::Spellings<RequestTrick, 8> kRequestTricks = {{
    {"behave", RequestTrick::behave},
    {"hang_before", RequestTrick::hang_before},
    {"hang_after", RequestTrick::hang_after},
    {"cut_before", RequestTrick::cut_before},
    {"cut_after", RequestTrick::cut_after},
    {"fail_before", RequestTrick::fail_before},
    {"fail_after", RequestTrick::fail_after},
    {"pay_first", RequestTrick::pay_first},
}};
constexpr pix::Spellings<NewsTrick, 6> kNewsTricks = {{
    {"deliver", NewsTrick::deliver},
    {"lose", NewsTrick::lose},
    {"twice", NewsTrick::twice},
    {"hold", NewsTrick::hold},
    {"bad_signature", NewsTrick::bad_signature},
    {"stale", NewsTrick::stale},
}};
constexpr pix::Spellings<FileTrick, 8> kFileTricks = {{
    {"deliver", FileTrick::deliver},
    {"late", FileTrick::late},
    {"twice", FileTrick::twice},
    {"split", FileTrick::split},
    {"halves", FileTrick::halves},
    {"bad_count", FileTrick::bad_count},
    {"bad_line", FileTrick::bad_line},
    {"lose", FileTrick::lose},
}};

template <class Enum, std::size_t kCount>
Result<Enum> find(const pix::Spellings<Enum, kCount>& spellings, std::string_view text) {
    for (const auto& [spelling, value] : spellings) {
        if (spelling == text) return value;
    }
    return Error(ErrorCode::not_found, "no such trick");
}

}  // namespace

Result<RequestTrick> parse_request_trick(std::string_view text) {
    return find(kRequestTricks, text);
}
Result<NewsTrick> parse_news_trick(std::string_view text) {
    return find(kNewsTricks, text);
}
Result<FileTrick> parse_file_trick(std::string_view text) {
    return find(kFileTricks, text);
}

}  // namespace causeway::connectors::boleto::sandbox
