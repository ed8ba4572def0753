// SPDX-License-Identifier: Apache-2.0
#include "connectors/card/sandbox/acquirer.h"

#include "connectors/card/sandbox/reconciliation.h"
#include "connectors/card/sandbox/request.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>

namespace causeway::connectors::card::sandbox {
namespace {

constexpr std::string_view kApproved = "00";
constexpr std::string_view kPartlyApproved = "10";
constexpr std::string_view kInvalidTransaction = "12";
constexpr std::string_view kNotFound = "25";
constexpr std::string_view kFormat = "30";
constexpr std::string_view kExpired = "54";
constexpr std::string_view kOverLimit = "61";
constexpr std::string_view kNotSignedOn = "91";
constexpr std::string_view kDuplicate = "94";

constexpr std::int64_t kSilent = 9999;
constexpr std::int64_t kLate = 9998;
constexpr std::int64_t kCut = 9997;
constexpr std::int64_t kAdvicesLost = 9996;
constexpr std::int64_t kReversalsLost = 9995;
constexpr std::int64_t kWrongAmount = 9993;
constexpr std::int64_t kNoCurrency = 9992;

// The code that this amount or card is declined with; empty when it is approved.
std::string_view scripted_decline(const Message& message, std::int64_t amount) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kCards{{
        {"4000000000000002", "05"},
        {"4000000000009995", "51"},
        {"4000000000000069", "54"},
    }};
    constexpr std::array<std::pair<int, std::string_view>, 5> kEndings{{
        {51, "51"},
        {5, "05"},
        {54, "54"},
        {91, "91"},
        {61, "61"},
    }};
    const std::string card = card_number_of(message);
    for (const auto& [number, code] : kCards) {
        if (card == number) return code;
    }
    for (const auto& [ending, code] : kEndings) {
        if (amount % 100 == ending) return code;
    }
    return {};
}

// DE14 is YYMM; a card is good to the end of that month.
bool is_expired(const Message& message, Timestamp now) {
    if (!message.has(14)) return false;
    const std::chrono::year_month_day today(day_of(now));
    int expiry = 0;
    const std::string text = message.get(14);
    std::from_chars(text.data(), text.data() + text.size(), expiry);
    const int month = static_cast<int>(static_cast<unsigned>(today.month()));
    return expiry < static_cast<int>(today.year()) % 100 * 100 + month;
}

std::string twelve_digits(std::int64_t amount) {
    std::string text = std::to_string(amount);
    return text.insert(0, 12 - text.size(), '0');
}

void refuse(Fact& fact, std::string_view code) {
    fact.kind = FactKind::answered;
    fact.amount = 0;
    fact.approval_code.clear();
    fact.response_code = code;
}

bool moved_money(const Fact& fact) {
    return fact.kind != FactKind::answered && fact.kind != FactKind::reversal_noted;
}

bool is_charge_or_refund(const Fact& fact) {
    return moved_money(fact) && fact.kind != FactKind::reversed;
}

void add_conversion(Message& answer, const Fact& fact, std::int64_t ending) {
    const Result<Settling> settling = parse_settling(fact.settling);
    if (!settling) return;
    int numeric = 0;
    std::from_chars(fact.currency.data(), fact.currency.data() + fact.currency.size(), numeric);
    const auto currency = ledger::Currency::from_numeric(numeric);
    if (!currency) return;
    const auto settled = settle(ledger::Money(fact.amount, *currency), *settling);
    if (!settled) return;
    const std::int64_t beyond = ending == kWrongAmount ? 100 : 0;
    answer.fields[5] = twelve_digits(settled->minor_units() + beyond);
    answer.fields[9] = settling->rate;
    answer.fields[50] = ending == kNoCurrency ? "999" : settling->currency.numeric_text();
}

Message network(const Message& message, Connection& connection) {
    const std::string code = message.get(70);
    if (code == "001") connection.signed_on = true;
    if (code == "002") connection.signed_on = false;
    constexpr std::array<std::string_view, 5> kKnown{"001", "002", "101", "201", "301"};
    const bool known = std::find(kKnown.begin(), kKnown.end(), code) != kKnown.end();
    return answer_with(message, std::string(known ? kApproved : kInvalidTransaction));
}

}  // namespace

Reaction Acquirer::handle(const Message& message, Timestamp now, Connection& connection) {
    const auto request = request_of(message);
    if (!request) return {};
    if (*request == Request::network) return {.answer = network(message, connection)};
    if (!connection.signed_on) {
        // An answer would end the sender's repeats, and the advice would be lost.
        if (is_advice(message)) return {};
        return {.answer = answer_with(message, std::string(kNotSignedOn))};
    }
    if (*request == Request::other) {
        return {.answer = answer_with(message, std::string(kInvalidTransaction))};
    }
    if (*request == Request::reconciliation) {
        return {.answer = reconcile_totals(message, books_, now)};
    }
    Fact fact = read_fact(message, *request, now);
    // Without its key a message cannot be booked; sent again it is as wrong as before.
    if (fact.response_code == kFormat) return {.answer = answer_with(message, fact.response_code)};
    return financial(message, std::move(fact));
}

Reaction Acquirer::financial(const Message& message, Fact fact) {
    if (const Fact* first = books_.answer_to(fact.key)) return repeated(message, fact, *first);
    decide(message, fact);
    decide_settling(fact);
    if (!books_.record(fact)) return {.answer = std::nullopt, .cut = true};

    const std::int64_t ending = ruling_amount(fact) % 10000;
    const bool reversal = message.mti[1] == '4';
    if (is_advice(message) || reversal) {
        const bool lost = (ending == kAdvicesLost && is_advice(message)) ||
                          (ending == kReversalsLost && reversal);
        if (lost) return {};
        return {.answer = answer_to(message, fact)};
    }
    const bool approved = moved_money(fact);
    if (approved && ending == kSilent) return {};
    if (approved && ending == kCut) return {.answer = std::nullopt, .cut = true};
    Reaction reaction{.answer = answer_to(message, fact)};
    if (approved && ending == kLate) reaction.delay = config_.late;
    return reaction;
}

Reaction Acquirer::repeated(const Message& message, const Fact& fact, const Fact& first) {
    const bool same = fact.asked == first.asked && fact.currency == first.currency &&
                      fact.message_rrn == first.message_rrn && fact.target == first.target;
    if (same && (is_advice(message) || is_repeat(message))) {
        return {.answer = answer_to(message, first)};
    }
    Message answer = answer_with(message, std::string(kDuplicate));
    answer.fields.erase(38);
    return {.answer = std::move(answer)};
}

void Acquirer::decide(const Message& message, Fact& fact) const {
    if (!fact.response_code.empty()) return refuse(fact, std::string(fact.response_code));
    switch (*request_of(message)) {
        case Request::stand_in: return decide_stand_in(message, fact);
        case Request::capture: return decide_capture(message, fact);
        case Request::reversal:
        case Request::reversal_advice: return decide_reversal(message, fact);
        default: break;
    }
    if (books_.reversal_noted(fact.key)) return refuse(fact, kInvalidTransaction);
    const std::string processing = message.get(3).substr(0, 2);
    if (processing == "20" && message.mti[1] == '2') return decide_refund(message, fact);
    if (processing != "00") return refuse(fact, kInvalidTransaction);
    decide_authorisation(message, fact);
}

void Acquirer::decide_authorisation(const Message& message, Fact& fact) const {
    if (books_.find(fact.rrn) != nullptr) return refuse(fact, kDuplicate);
    if (is_expired(message, fact.at)) return refuse(fact, kExpired);
    const std::string_view scripted = scripted_decline(message, fact.asked);
    if (!scripted.empty()) return refuse(fact, scripted);
    fact.kind = message.mti[1] == '1' ? FactKind::authorised : FactKind::sold;
    fact.amount = fact.asked;
    fact.response_code = kApproved;
    fact.approval_code = next_approval_code();
}

// The merchant's side approved on its own; there is nothing left to decide.
void Acquirer::decide_stand_in(const Message& message, Fact& fact) const {
    refuse(fact, kApproved);
    fact.approval_code = message.get(38);
    if (books_.find(fact.rrn) != nullptr || books_.reversal_noted(fact.key)) return;
    fact.kind = FactKind::authorised;
    fact.amount = fact.asked;
}

void Acquirer::decide_capture(const Message& message, Fact& fact) const {
    const Transaction* transaction = books_.find(fact.rrn);
    if (transaction == nullptr || transaction->approval_code != message.get(38) ||
        transaction->currency.numeric_text() != fact.currency) {
        return refuse(fact, kNotFound);
    }
    if (books_.reversal_noted(fact.key)) return refuse(fact, kApproved);
    const std::int64_t left = transaction->authorised - transaction->captured();
    if (left <= 0) return refuse(fact, kNotFound);
    fact.kind = FactKind::captured;
    fact.amount = std::min(fact.asked, left);
    fact.response_code = fact.asked > left ? kPartlyApproved : kApproved;
}

void Acquirer::decide_refund(const Message& message, Fact& fact) const {
    fact.rrn = message.get(62);
    fact.rrn.erase(fact.rrn.find_last_not_of(' ') + 1);
    const Transaction* transaction = books_.find(fact.rrn);
    if (transaction == nullptr) return refuse(fact, kNotFound);
    if (transaction->currency.numeric_text() != fact.currency) {
        return refuse(fact, kInvalidTransaction);
    }
    const std::string_view scripted = scripted_decline(message, fact.asked);
    if (!scripted.empty()) return refuse(fact, scripted);
    if (fact.asked > transaction->captured() - transaction->refunded()) {
        return refuse(fact, kOverLimit);
    }
    fact.kind = FactKind::refunded;
    fact.amount = fact.asked;
    fact.response_code = kApproved;
    fact.approval_code = next_approval_code();
}

void Acquirer::decide_reversal(const Message& message, Fact& fact) const {
    const std::string remains = message.get(95).substr(0, 12);
    std::int64_t kept = 0;
    if (!remains.empty()) {
        const auto read = std::from_chars(remains.data(), remains.data() + remains.size(), kept);
        if (read.ptr != remains.data() + remains.size()) return refuse(fact, kFormat);
    }
    fact.amount = kept;
    fact.response_code = kApproved;
    fact.kind = FactKind::reversed;
    if (const Transaction* transaction = books_.moved_by(fact.target)) {
        fact.rrn = transaction->rrn;
        return;
    }
    // It was declined, or it is on its way: then it is to be declined when it comes.
    if (books_.answer_to(fact.target) != nullptr) return refuse(fact, kApproved);
    if (!is_advice(message)) return refuse(fact, kNotFound);
    fact.kind = FactKind::reversal_noted;
}

void Acquirer::decide_settling(Fact& fact) const {
    if (!is_charge_or_refund(fact)) return;
    // What follows a purchase is the same account's, whether it names it or not.
    const Transaction* const transaction = books_.find(fact.rrn);
    const std::string& account = transaction == nullptr ? fact.merchant : transaction->merchant;
    const Settling* const settling = find_settling(config_.settling, account, fact.currency);
    if (settling != nullptr) fact.settling = settling_text(*settling);
}

Message Acquirer::answer_to(const Message& message, const Fact& fact) const {
    Message answer = answer_with(message, fact.response_code);
    if (fact.approval_code.empty() && !is_advice(message)) answer.fields.erase(38);
    if (!fact.approval_code.empty()) answer.fields[38] = fact.approval_code;
    if (fact.response_code == kPartlyApproved) answer.fields[4] = twelve_digits(fact.amount);
    if (is_charge_or_refund(fact)) add_conversion(answer, fact, ruling_amount(fact) % 10000);
    return answer;
}

std::string Acquirer::next_approval_code() const {
    std::string code;
    for (std::int64_t rest = books_.approvals() + 1; code.size() < 6; rest /= 36) {
        const auto digit = static_cast<std::size_t>(rest % 36);
        code.insert(0, 1, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[digit]);
    }
    return code;
}

std::int64_t Acquirer::ruling_amount(const Fact& fact) const {
    if (fact.kind == FactKind::captured) return books_.find(fact.rrn)->requested;
    if (fact.kind != FactKind::reversed) return fact.asked;
    const Fact& target = *books_.answer_to(fact.target);
    return target.kind == FactKind::refunded ? target.amount : books_.find(fact.rrn)->requested;
}

}  // namespace causeway::connectors::card::sandbox
