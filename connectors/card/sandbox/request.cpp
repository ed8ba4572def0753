// SPDX-License-Identifier: Apache-2.0
#include "connectors/card/sandbox/request.h"

#include "connectors/card/card_number.h"
#include "connectors/card/sandbox/acquirer.h"
#include "ledger/currency.h"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <string_view>

namespace causeway::connectors::card::sandbox {
namespace {

constexpr int kEchoed[] = {2, 3, 4, 7, 11, 12, 13, 15, 32, 33, 37, 38, 41, 42, 49, 50, 70, 90, 95};

std::string without_leading_zeros(std::string text) {
    text.erase(0, std::min(text.find_first_not_of('0'), text.size()));
    return text;
}

std::string without_padding(std::string text) {
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
}

// 0100 and 0200 share their keys: the same purchase must not pass as both.
std::string key_kind(std::string_view mti) {
    const bool request = (mti[1] == '1' || mti[1] == '2') && mti[2] == '0';
    return request ? "R" : std::string(mti.substr(1, 2));
}

bool has_all(const Message& message, std::initializer_list<int> fields) {
    return std::all_of(
        fields.begin(), fields.end(), [&message](int field) { return message.has(field); });
}

bool is_complete(const Message& message, Request request) {
    if (!has_all(message, {7, 11, 32, 37, 41})) return false;
    const bool card = message.has(2) || message.has(35);
    switch (request) {
        case Request::authorisation: return card && has_all(message, {3, 4, 42, 49});
        case Request::single_message: {
            const bool refund = message.get(3).starts_with("20");
            return has_all(message, {3, 4, 42, 49}) && (refund ? message.has(62) : card);
        }
        case Request::stand_in: return card && has_all(message, {3, 4, 38, 42, 49});
        case Request::capture: return has_all(message, {4, 38, 49});
        case Request::reversal:
        case Request::reversal_advice: return message.get(90).size() == 42;
        default: return true;
    }
}

std::int64_t number_of(std::string_view digits) {
    std::int64_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

bool is_reversal(Request request) {
    return request == Request::reversal || request == Request::reversal_advice;
}

// What makes any message of this kind impossible to serve, whatever the books say.
std::string fault_of(const Message& message, Request request, const Fact& fact) {
    if (!is_complete(message, request)) return "30";
    if (is_reversal(request)) return "";
    if (fact.asked <= 0) return "13";
    const auto numeric = static_cast<int>(number_of(fact.currency));
    if (!ledger::Currency::from_numeric(numeric)) return "13";
    const std::string card = card_number_of(message);
    return card.empty() || luhn_valid(card) ? "" : "14";
}

}  // namespace

std::optional<Request> request_of(const Message& message) {
    const std::string& mti = message.mti;
    if (mti.size() != 4 || mti[0] != '0' || (mti[2] != '0' && mti[2] != '2')) return std::nullopt;
    const bool advice = mti[2] == '2';
    switch (mti[1]) {
        case '1': return advice ? Request::stand_in : Request::authorisation;
        case '2': return advice ? Request::capture : Request::single_message;
        case '4': return advice ? Request::reversal_advice : Request::reversal;
        case '5': return Request::reconciliation;
        case '8': return advice ? Request::other : Request::network;
        default: return Request::other;
    }
}

bool is_advice(const Message& message) {
    return message.mti[2] == '2';
}

bool is_repeat(const Message& message) {
    return (message.mti[3] - '0') % 2 == 1;
}

std::string request_key(const Message& message) {
    return key_kind(message.mti) + "|" + message.get(7) + "|" + message.get(11) + "|" +
           without_leading_zeros(message.get(32)) + "|" + without_padding(message.get(41));
}

std::string original_key(const Message& reversal) {
    const std::string original = reversal.get(90);
    return key_kind(original) + "|" + original.substr(10, 10) + "|" + original.substr(4, 6) + "|" +
           without_leading_zeros(original.substr(20, 11)) + "|" + without_padding(reversal.get(41));
}

Result<Timestamp> resolve_year(const std::string& month_to_second, Timestamp now) {
    const auto at = [&month_to_second](std::size_t place) {
        return static_cast<int>(number_of(std::string_view(month_to_second).substr(place, 2)));
    };
    if (month_to_second.size() != 10 || at(4) > 23 || at(6) > 59 || at(8) > 59) {
        return Error(ErrorCode::invalid_argument, "not a time of the day");
    }
    const std::chrono::month_day day(std::chrono::month(static_cast<unsigned>(at(0))),
                                     std::chrono::day(static_cast<unsigned>(at(2))));
    const std::chrono::seconds time =
        std::chrono::hours(at(4)) + std::chrono::minutes(at(6)) + std::chrono::seconds(at(8));
    const std::chrono::year this_year = std::chrono::year_month_day(day_of(now)).year();
    std::optional<Timestamp> nearest;
    for (int years = -1; years <= 1; ++years) {
        const std::chrono::year_month_day date = (this_year + std::chrono::years(years)) / day;
        if (!date.ok()) continue;  // 29 February of another year
        const Timestamp moment = std::chrono::sys_days(date) + time;
        if (!nearest || std::chrono::abs(moment - now) < std::chrono::abs(*nearest - now)) {
            nearest = moment;
        }
    }
    if (!nearest) return Error(ErrorCode::invalid_argument, "not a day of the calendar");
    return *nearest;
}

std::string card_number_of(const Message& message) {
    if (message.has(2)) return message.get(2);
    const std::string track = message.get(35);
    return track.substr(0, track.find('='));
}

Fact read_fact(const Message& message, Request request, Timestamp now) {
    Fact fact;
    fact.at = now;
    fact.key = request_key(message);
    fact.message_rrn = message.get(37);
    fact.rrn = fact.message_rrn;
    fact.asked = number_of(message.get(4));
    fact.currency = message.get(49);
    fact.modification = message.get(7) + message.get(11);
    fact.reference = message.get(60);
    fact.merchant = without_padding(message.get(42));
    fact.card = masked(card_number_of(message));
    if (is_reversal(request) && message.has(90)) fact.target = original_key(message);
    const auto sent = resolve_year(message.get(7), now);
    if (sent) fact.sent = *sent;
    fact.response_code = sent ? fault_of(message, request, fact) : "30";
    return fact;
}

Message answer_with(const Message& message, const std::string& response_code) {
    Message answer;
    answer.mti = message.mti;
    ++answer.mti[2];
    answer.mti[3] = static_cast<char>(answer.mti[3] - (is_repeat(message) ? 1 : 0));
    for (const int field : kEchoed) {
        if (message.has(field)) answer.fields[field] = message.get(field);
    }
    answer.fields[39] = response_code;
    return answer;
}

}  // namespace causeway::connectors::card::sandbox
