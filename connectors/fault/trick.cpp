// SPDX-License-Identifier: Apache-2.0
#include "connectors/fault/trick.h"

#include <array>
#include <charconv>
#include <sstream>
#include <utility>

namespace causeway::connectors::fault {
namespace {

constexpr std::array<std::pair<Trick, std::string_view>, 15> kTricks{{
    {Trick::behave, "behave"},
    {Trick::decline, "decline"},
    {Trick::partial, "partial"},
    {Trick::delayed, "delayed"},
    {Trick::cut_before, "cut_before"},
    {Trick::lost_before, "lost_before"},
    {Trick::lost_after, "lost_after"},
    {Trick::stray, "stray"},
    {Trick::hang, "hang"},
    {Trick::late, "late"},
    {Trick::twice, "twice"},
    {Trick::under_way, "under_way"},
    {Trick::wrong_amount, "wrong_amount"},
    {Trick::wrong_currency, "wrong_currency"},
    {Trick::wrong_reference, "wrong_reference"},
}};

Error unreadable(std::string_view what) {
    return Error(ErrorCode::invalid_argument, "cannot read \"" + std::string(what) + "\"");
}

Result<std::int64_t> parse_count(std::string_view text) {
    std::int64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, failure] = std::from_chars(text.data(), end, value);
    if (failure != std::errc{} || stop != end || value < 0) return unreadable(text);
    return value;
}

// One "name=value" before the colon.
Result<void> read_condition(std::string_view word, Rule& rule) {
    const std::size_t equals = word.find('=');
    if (equals == std::string_view::npos) return unreadable(word);
    const std::string_view name = word.substr(0, equals);
    const std::string_view value = word.substr(equals + 1);
    if (name == "card" && !value.empty()) {
        rule.card_number = value;
        return {};
    }
    if (name == "kind") {
        const Result<OperationKind> kind = parse_operation_kind(value);
        if (!kind) return unreadable(word);
        rule.kind = *kind;
        return {};
    }
    const Result<std::int64_t> amount = parse_count(value);
    if (name != "amount" || !amount) return unreadable(word);
    rule.amount = *amount;
    return {};
}

// The one word that may follow a trick.
Result<void> read_detail(const std::string& word, Act& act) {
    if (act.trick == Trick::decline) {
        const Result<Decline> decline = parse_decline(word);
        if (!decline || *decline == Decline::none) return unreadable(word);
        act.decline = *decline;
        return {};
    }
    const Result<std::int64_t> count = parse_count(word);
    const bool takes = act.trick == Trick::partial || act.trick == Trick::delayed;
    if (!takes || !count) return unreadable(word);
    if (act.trick == Trick::partial) act.amount = *count;
    if (act.trick == Trick::delayed) act.delay = std::chrono::milliseconds(*count);
    return {};
}

Result<Act> parse_act(std::string_view text) {
    std::istringstream words{std::string(text)};
    std::string word;
    if (!(words >> word)) return unreadable(text);
    const Result<Trick> trick = parse_trick(word);
    if (!trick) return unreadable(word);
    Act act;
    act.trick = *trick;
    if (words >> word) {
        if (const Result<void> detail = read_detail(word, act); !detail) return detail.error();
    }
    if (words >> word) return unreadable(word);
    return act;
}

}  // namespace

std::string_view to_string(Trick trick) noexcept {
    for (const auto& [value, text] : kTricks) {
        if (value == trick) return text;
    }
    return "unlisted_trick";
}

Result<Trick> parse_trick(std::string_view text) {
    for (const auto& [value, spelling] : kTricks) {
        if (spelling == text) return value;
    }
    return Error(ErrorCode::not_found, "trick");
}

bool Rule::fits(const Operation& operation) const {
    if (kind && *kind != operation.kind) return false;
    if (amount && *amount != operation.amount.minor_units()) return false;
    if (card_number.empty()) return true;
    return operation.card && operation.card->number == card_number;
}

Result<Rule> parse_rule(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return unreadable(text);
    Rule rule;
    std::istringstream conditions{std::string(text.substr(0, colon))};
    for (std::string word; conditions >> word;) {
        if (const Result<void> read = read_condition(word, rule); !read) return read.error();
    }
    Result<Act> act = parse_act(text.substr(colon + 1));
    if (!act) return act.error();
    rule.act = *act;
    return rule;
}

}  // namespace causeway::connectors::fault
