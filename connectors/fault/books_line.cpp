// SPDX-License-Identifier: Apache-2.0
//
// A deed as one JSON line, and back.
#include "connectors/fault/books.h"

#include <boost/json.hpp>

#include <array>

namespace causeway::connectors::fault {
namespace {

namespace json = boost::json;

constexpr std::array<std::pair<DeedState, std::string_view>, 5> kDeedStates{{
    {DeedState::done, "done"},
    {DeedState::refused, "refused"},
    {DeedState::under_way, "under_way"},
    {DeedState::closed, "closed"},
    {DeedState::undone, "undone"},
}};

std::string text_of(const json::object& line, std::string_view key) {
    const json::value* const value = line.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->as_string().c_str()) : "";
}

std::int64_t units_of(const json::object& line, std::string_view key) {
    const json::value* const value = line.if_contains(key);
    return value != nullptr && value->is_int64() ? value->as_int64() : 0;
}

}  // namespace

std::string deed_to_line(const Deed& deed) {
    json::object line;
    for (const auto& [state, text] : kDeedStates) {
        if (state == deed.state) line["state"] = text;
    }
    line["kind"] = to_string(deed.kind);
    line["reference"] = deed.reference;
    line["original"] = deed.original;
    line["root"] = deed.root;
    line["payment"] = deed.payment_id;
    line["currency"] = deed.asked.currency().code();
    line["asked"] = deed.asked.minor_units();
    line["amount"] = deed.amount.minor_units();
    line["decline"] = to_string(deed.answer.decline);
    line["response_code"] = deed.answer.response_code;
    line["approval_code"] = deed.answer.approval_code;
    return json::serialize(line);
}

Result<Deed> parse_deed(const std::string& text) {
    const Error broken(ErrorCode::integrity, "not a line of a scripted provider's books");
    boost::system::error_code failed;
    const json::value parsed = json::parse(text, failed);
    if (failed || !parsed.is_object()) return broken;
    const json::object& line = parsed.get_object();
    const Result<OperationKind> kind = parse_operation_kind(text_of(line, "kind"));
    const Result<ledger::Currency> currency =
        ledger::Currency::from_code(text_of(line, "currency"));
    const Result<Decline> decline = parse_decline(text_of(line, "decline"));
    if (!kind || !currency || !decline) return broken;
    Deed deed{.reference = text_of(line, "reference"),
              .original = text_of(line, "original"),
              .root = text_of(line, "root"),
              .payment_id = text_of(line, "payment"),
              .asked = {units_of(line, "asked"), *currency},
              .amount = {units_of(line, "amount"), *currency}};
    deed.kind = *kind;
    for (const auto& [state, spelling] : kDeedStates) {
        if (spelling == text_of(line, "state")) deed.state = state;
    }
    deed.answer.approved = deed.state == DeedState::done;
    deed.answer.decline = *decline;
    deed.answer.response_code = text_of(line, "response_code");
    deed.answer.approval_code = text_of(line, "approval_code");
    if (deed.answer.approved && deed.amount != deed.asked)
        deed.answer.approved_amount = deed.amount;
    return deed;
}

}  // namespace causeway::connectors::fault
