// SPDX-License-Identifier: Apache-2.0
#include "connectors/card/sandbox/fact.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <array>
#include <utility>

namespace causeway::connectors::card::sandbox {
namespace {

namespace json = boost::json;

constexpr std::array kKinds{
    FactKind::authorised,
    FactKind::sold,
    FactKind::captured,
    FactKind::refunded,
    FactKind::reversed,
    FactKind::reversal_noted,
    FactKind::answered,
};

// Every text of a fact with its name in the file, so that writing and reading cannot drift apart.
constexpr std::array<std::pair<std::string_view, std::string Fact::*>, 11> kTexts{{
    {"key", &Fact::key},
    {"rrn", &Fact::rrn},
    {"message_rrn", &Fact::message_rrn},
    {"currency", &Fact::currency},
    {"target", &Fact::target},
    {"response_code", &Fact::response_code},
    {"approval_code", &Fact::approval_code},
    {"modification", &Fact::modification},
    {"reference", &Fact::reference},
    {"merchant", &Fact::merchant},
    {"card", &Fact::card},
}};
constexpr std::array<std::pair<std::string_view, std::int64_t Fact::*>, 2> kAmounts{{
    {"asked", &Fact::asked},
    {"amount", &Fact::amount},
}};
constexpr std::array<std::pair<std::string_view, Timestamp Fact::*>, 2> kMoments{{
    {"at", &Fact::at},
    {"sent", &Fact::sent},
}};

// ISO 8859-1, as it comes in messages, to the UTF-8 of the file and back.
std::string to_utf8(std::string_view latin1) {
    std::string text;
    for (const char c : latin1) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x80) text += static_cast<char>(0xc0U | byte >> 6U);
        text += byte >= 0x80 ? static_cast<char>(0x80U | (byte & 0x3fU)) : c;
    }
    return text;
}

std::string to_latin1(std::string_view utf8) {
    std::string text;
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const auto byte = static_cast<unsigned char>(utf8[i]);
        if (byte < 0x80 || i + 1 == utf8.size()) {
            text += utf8[i];
            continue;
        }
        const auto low = static_cast<unsigned char>(utf8[++i]) & 0x3fU;
        text += static_cast<char>((byte & 3U) << 6U | low);
    }
    return text;
}

Error damaged(std::int64_t number, std::string_view what) {
    return Error(ErrorCode::integrity,
                 "books, line " + std::to_string(number) + ": " + std::string(what));
}

bool read_kind(const json::object& object, Fact& fact) {
    const json::value* value = object.if_contains("kind");
    if (value == nullptr || !value->is_string()) return false;
    for (const FactKind kind : kKinds) {
        if (value->get_string() != to_string(kind)) continue;
        fact.kind = kind;
        return true;
    }
    return false;
}

bool read_text(const json::object& object, std::string_view name, std::string& out) {
    const json::value* value = object.if_contains(name);
    if (value == nullptr || !value->is_string()) return false;
    out = to_latin1(value->get_string());
    return true;
}

bool read_number(const json::object& object, std::string_view name, std::int64_t& out) {
    const json::value* value = object.if_contains(name);
    if (value == nullptr || !value->is_int64()) return false;
    out = value->get_int64();
    return true;
}

}  // namespace

std::string_view to_string(FactKind kind) noexcept {
    switch (kind) {
        case FactKind::authorised: return "authorised";
        case FactKind::sold: return "sold";
        case FactKind::captured: return "captured";
        case FactKind::refunded: return "refunded";
        case FactKind::reversed: return "reversed";
        case FactKind::reversal_noted: return "reversal_noted";
        case FactKind::answered: return "answered";
    }
    return "unlisted_fact_kind";
}

std::string to_line(const Fact& fact, std::int64_t number) {
    json::object object;
    object["n"] = number;
    object["kind"] = to_string(fact.kind);
    for (const auto& [name, member] : kMoments)
        object[name] = to_rfc3339(fact.*member);
    for (const auto& [name, member] : kAmounts)
        object[name] = fact.*member;
    for (const auto& [name, member] : kTexts)
        object[name] = to_utf8(fact.*member);
    if (!fact.settling.empty()) object["settling"] = fact.settling;
    return json::serialize(object);
}

Result<Fact> parse_line(std::string_view line, std::int64_t number) {
    json::error_code error;
    const json::value value = json::parse(line, error);
    if (error || !value.is_object()) return damaged(number, "not a JSON object");
    const json::object& object = value.get_object();
    std::int64_t written = 0;
    if (!read_number(object, "n", written) || written != number) {
        return damaged(number, "lines are missing or out of order");
    }
    Fact fact;
    if (!read_kind(object, fact)) return damaged(number, "kind");
    for (const auto& [name, member] : kAmounts) {
        if (!read_number(object, name, fact.*member)) return damaged(number, name);
    }
    for (const auto& [name, member] : kTexts) {
        if (!read_text(object, name, fact.*member)) return damaged(number, name);
    }
    // Books of before it was known have none.
    if (object.contains("settling") && !read_text(object, "settling", fact.settling)) {
        return damaged(number, "settling");
    }
    for (const auto& [name, member] : kMoments) {
        std::string text;
        if (!read_text(object, name, text)) return damaged(number, name);
        const auto moment = parse_rfc3339(text);
        if (!moment) return damaged(number, name);
        fact.*member = *moment;
    }
    return fact;
}

}  // namespace causeway::connectors::card::sandbox
