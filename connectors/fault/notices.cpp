// SPDX-License-Identifier: Apache-2.0
#include "connectors/fault/notices.h"

#include "connectors/net/hmac.h"
#include "connectors/net/http.h"

#include <boost/json.hpp>

#include <charconv>

namespace causeway::connectors::fault {
namespace {

namespace json = boost::json;

constexpr std::size_t kNoticesMax = 1'000;

void put(json::object& into, std::string_view key, const std::string& text) {
    if (!text.empty()) into[key] = text;
}

void put(json::object& into, std::string_view key, const std::optional<Timestamp>& moment) {
    if (moment) into[key] = to_rfc3339(*moment);
}

json::object to_json(const Notice& notice) {
    json::object out;
    out["id"] = notice.id;
    out["kind"] = to_string(notice.kind);
    out["reference"] = notice.reference;
    if (notice.amount) {
        out["amount"] = notice.amount->minor_units();
        out["currency"] = notice.amount->currency().code();
    }
    if (notice.kind == NoticeKind::outcome) {
        out["approved"] = notice.answer.approved;
        if (!notice.answer.approved) out["decline"] = to_string(notice.answer.decline);
    }
    put(out, "response_code", notice.answer.response_code);
    put(out, "approval_code", notice.answer.approval_code);
    put(out, "case_id", notice.case_id);
    put(out, "reason", notice.reason);
    put(out, "network_reason_code", notice.network_reason_code);
    put(out, "respond_by", notice.respond_by);
    put(out, "happened", notice.happened);
    return out;
}

// Reads members of one notice and remembers whether any was not what it has to be.
class Members {
  public:
    explicit Members(const json::object& object) : object_(object) {}

    [[nodiscard]] bool has(std::string_view key) const { return object_.contains(key); }
    std::string text(std::string_view key, std::size_t length_max) {
        const json::value* const value = object_.if_contains(key);
        if (value == nullptr) return {};
        if (!value->is_string() || value->as_string().size() > length_max) return wrong_text();
        return std::string(value->as_string().data(), value->as_string().size());
    }
    std::optional<Timestamp> moment(std::string_view key) {
        if (!has(key)) return std::nullopt;
        const Result<Timestamp> read = parse_rfc3339(text(key, 64));
        if (read) return *read;
        wrong = true;
        return std::nullopt;
    }
    std::optional<ledger::Money> amount() {
        const json::value* const units = object_.if_contains("amount");
        if (units == nullptr) return std::nullopt;
        const Result<ledger::Currency> currency = ledger::Currency::from_code(text("currency", 3));
        if (units->is_int64() && units->as_int64() >= 0 && currency) {
            return ledger::Money(units->as_int64(), *currency);
        }
        wrong = true;
        return std::nullopt;
    }
    Answer answer() {
        Answer answer;
        const json::value* const approved = object_.if_contains("approved");
        wrong = wrong || approved == nullptr || !approved->is_bool();
        if (wrong) return answer;
        answer.approved = approved->as_bool();
        answer.response_code = text("response_code", 64);
        answer.approval_code = text("approval_code", 64);
        if (answer.approved) return answer;
        const Result<Decline> decline = parse_decline(text("decline", 64));
        wrong = wrong || !decline;
        if (decline) answer.decline = *decline;
        return answer;
    }

    bool wrong = false;

  private:
    std::string wrong_text() {
        wrong = true;
        return {};
    }
    const json::object& object_;
};

Result<Notice> read_notice(const json::value& value) {
    constexpr std::size_t kTextMax = 256;
    const Error broken(ErrorCode::invalid_argument, "a notice is not in its form");
    if (!value.is_object()) return broken;
    Members members(value.get_object());
    const Result<NoticeKind> kind = parse_notice_kind(members.text("kind", 64));
    if (!kind) return broken;
    Notice notice;
    notice.kind = *kind;
    notice.id = members.text("id", kTextMax);
    notice.reference = members.text("reference", kTextMax);
    notice.amount = members.amount();
    if (notice.kind == NoticeKind::outcome) notice.answer = members.answer();
    notice.case_id = members.text("case_id", kTextMax);
    notice.reason = members.text("reason", kTextMax);
    notice.network_reason_code = members.text("network_reason_code", kTextMax);
    notice.respond_by = members.moment("respond_by");
    notice.happened = members.moment("happened");
    if (members.wrong || notice.id.empty() || notice.reference.empty()) return broken;
    return notice;
}

// "t=1777629660,v1=5257a869..."
struct SignatureParts {
    std::string time;
    std::string digest;
};

SignatureParts split(std::string_view header) {
    const std::size_t comma = header.find(',');
    if (comma == std::string_view::npos || !header.starts_with("t=")) return {};
    const std::string_view rest = header.substr(comma + 1);
    if (!rest.starts_with("v1=")) return {};
    return {.time = std::string(header.substr(2, comma - 2)),
            .digest = std::string(rest.substr(3))};
}

Result<void> check_signature(const std::string& secret, const NoticeInput& input) {
    const std::string* const header = net::find_header(input.headers, kSignatureHeader);
    if (header == nullptr) return Error(ErrorCode::integrity, "there is no signature");
    const SignatureParts parts = split(*header);
    std::int64_t seconds = 0;
    const char* const end = parts.time.data() + parts.time.size();
    const auto [stop, failure] = std::from_chars(parts.time.data(), end, seconds);
    if (failure != std::errc{} || stop != end || parts.time.size() > 12) {
        return Error(ErrorCode::integrity, "the signature has no time");
    }
    const std::string wanted =
        net::hmac_sha256_hex(secret, parts.time + "." + std::string(input.body));
    if (!net::same_secret(wanted, parts.digest)) {
        return Error(ErrorCode::integrity, "the signature is wrong");
    }
    const auto age = input.received - Timestamp(std::chrono::seconds(seconds));
    if (age > kSignatureAgeMax || age < -kSignatureAgeMax) {
        return Error(ErrorCode::integrity, "the signature is too old, or a clock is wrong");
    }
    return {};
}

}  // namespace

std::string write_notices(const std::vector<Notice>& notices) {
    json::array list;
    for (const Notice& notice : notices)
        list.push_back(to_json(notice));
    json::object message;
    message["notices"] = std::move(list);
    return json::serialize(message);
}

SignedMessage sign(std::string_view secret, std::string body, Timestamp now) {
    const std::string time = std::to_string(
        std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count());
    const std::string digest = net::hmac_sha256_hex(secret, time + "." + body);
    return {.headers = {{std::string(kSignatureHeader), "t=" + time + ",v1=" + digest}},
            .body = std::move(body)};
}

Result<std::vector<Notice>> FaultNoticeReader::read(const NoticeInput& input) const {
    if (const Result<void> good = check_signature(secret_, input); !good) return good.error();
    const Error broken(ErrorCode::invalid_argument, "the message is not in its form");
    boost::system::error_code failed;
    const json::value parsed = json::parse(input.body, failed);
    if (failed || !parsed.is_object()) return broken;
    const json::value* const list = parsed.get_object().if_contains("notices");
    if (list == nullptr || !list->is_array() || list->get_array().size() > kNoticesMax) {
        return broken;
    }
    std::vector<Notice> notices;
    for (const json::value& one : list->get_array()) {
        Result<Notice> notice = read_notice(one);
        if (!notice) return notice.error();
        notices.push_back(*std::move(notice));
    }
    return notices;
}

}  // namespace causeway::connectors::fault
