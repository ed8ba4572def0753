// SPDX-License-Identifier: Apache-2.0
#include "connectors/fault/provider.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace causeway::connectors::fault {
namespace {

// A long run keeps the first ones only: a test looks at a few, a benchmark at none.
constexpr std::size_t kHeardMax = 4'096;
constexpr std::size_t kMessagesMax = 4'096;

Error silence() {
    return Error(ErrorCode::outcome_unknown, "no answer that can be believed");
}

ledger::Currency another(ledger::Currency currency) {
    const ledger::Currency euro = *ledger::Currency::from_code("EUR");
    return currency == euro ? *ledger::Currency::from_code("USD") : euro;
}

// What the answer says when it does not say what was done.
Answer distorted(Answer answer, const Operation& operation, Trick trick) {
    if (!answer.approved) return answer;
    const ledger::Money& asked = operation.amount;
    if (trick == Trick::wrong_amount) {
        answer.approved_amount = ledger::Money(asked.minor_units() + 1, asked.currency());
    }
    if (trick == Trick::wrong_currency) {
        answer.approved_amount = ledger::Money(asked.minor_units(), another(asked.currency()));
    }
    return answer;
}

bool keeps_silent(Trick trick) {
    return trick == Trick::lost_after || trick == Trick::hang || trick == Trick::late ||
           trick == Trick::wrong_reference;
}

}  // namespace

FaultProvider::FaultProvider(ProviderConfig config, const Clock& clock, Entropy& entropy)
    : config_(std::move(config)), clock_(clock), entropy_(entropy), books_(config_.books_file) {}

void FaultProvider::next(std::initializer_list<Act> acts) {
    const std::lock_guard lock(mutex_);
    script_.insert(script_.end(), acts);
}

void FaultProvider::next(std::initializer_list<Trick> tricks) {
    const std::lock_guard lock(mutex_);
    for (const Trick trick : tricks) {
        Act act;
        act.trick = trick;
        script_.push_back(act);
    }
}

void FaultProvider::next_replies(std::initializer_list<Reply> replies) {
    const std::lock_guard lock(mutex_);
    replies_.insert(replies_.end(), replies);
}

void FaultProvider::calm_down() {
    const std::lock_guard lock(mutex_);
    script_.clear();
    replies_.clear();
}

bool FaultProvider::chance(int percent) {
    if (percent <= 0) return false;
    std::array<std::uint8_t, 2> bytes{};
    entropy_.fill(bytes);
    return (bytes[0] * 256 + bytes[1]) % 100 < percent;
}

Act FaultProvider::act_for(const Operation& operation) {
    Act act;
    if (!script_.empty()) {
        act = script_.front();
        script_.pop_front();
        return act;
    }
    for (const Rule& rule : config_.rules) {
        if (rule.fits(operation)) return rule.act;
    }
    if (!chance(config_.trouble_percent)) return act;
    constexpr std::array kTroubles{
        Trick::decline, Trick::cut_before, Trick::lost_before, Trick::lost_after};
    std::array<std::uint8_t, 1> byte{};
    entropy_.fill(byte);
    act.trick = kTroubles[byte[0] % kTroubles.size()];
    return act;
}

Reaction FaultProvider::hear(const Operation& operation, std::chrono::milliseconds answer_max) {
    const std::lock_guard lock(mutex_);
    if (heard_.size() < kHeardMax) heard_.push_back(operation);
    const Act act = act_for(operation);
    switch (act.trick) {
        case Trick::cut_before:
            return {.outcome = Error(ErrorCode::unavailable, "there is no line")};
        case Trick::stray: strays_.push_back(operation); [[fallthrough]];
        case Trick::lost_before: return {.outcome = silence(), .delay = answer_max};
        case Trick::under_way:
            books_.take_in(operation);
            return {.outcome = silence(), .delay = answer_max};
        default: return carry_out(operation, act, answer_max);
    }
}

Reaction FaultProvider::carry_out(const Operation& operation,
                                  const Act& act,
                                  std::chrono::milliseconds answer_max) {
    const Answer answer = books_.carry_out(operation, act);
    if (act.trick == Trick::late || act.trick == Trick::twice) notify_outcome(operation, answer);
    if (keeps_silent(act.trick)) {
        const bool at_once = act.trick == Trick::lost_after || act.trick == Trick::wrong_reference;
        return {.outcome = silence(), .delay = at_once ? std::chrono::milliseconds(0) : answer_max};
    }
    if (act.delay >= answer_max) return {.outcome = silence(), .delay = answer_max};
    return {.outcome = distorted(answer, operation, act.trick), .delay = act.delay};
}

Result<Finding> FaultProvider::asked(const Operation& operation) {
    const std::lock_guard lock(mutex_);
    Reply reply = Reply::truth;
    if (!replies_.empty()) {
        reply = replies_.front();
        replies_.pop_front();
    }
    switch (reply) {
        case Reply::unavailable: return Error(ErrorCode::unavailable, "there is no line");
        case Reply::silence: return silence();
        case Reply::not_yet: return Finding{.fate = Fate::under_way, .answer = {}};
        case Reply::truth: break;
    }
    return books_.find(operation);
}

void FaultProvider::deliver_strays() {
    const std::lock_guard lock(mutex_);
    for (const Operation& operation : strays_)
        (void)books_.carry_out(operation, Act{});
    strays_.clear();
}

Result<void> FaultProvider::decide(const std::string& reference, bool approve) {
    const std::lock_guard lock(mutex_);
    const Result<Answer> answer = books_.decide(reference, approve);
    if (!answer) return answer.error();
    const Deed& deed = *books_.deed(reference);
    Notice notice;
    notice.reference = reference;
    notice.amount = deed.asked;
    notice.answer = *answer;
    notify(std::move(notice));
    return {};
}

std::string FaultProvider::open_dispute(const std::string& reference, ledger::Money amount) {
    const std::lock_guard lock(mutex_);
    const auto known = std::ranges::find(cases_, reference, &Case::reference);
    const bool again = known != cases_.end();
    if (!again) {
        cases_.push_back({.id = "case_" + std::to_string(cases_.size() + 1),
                          .reference = reference,
                          .amount = amount});
    }
    Case& about = again ? *known : cases_.back();
    about.open = true;
    books_.dispute(reference, amount.minor_units());
    notify_dispute(about, again ? NoticeKind::dispute_reopened : NoticeKind::dispute_opened);
    return about.id;
}

void FaultProvider::close_dispute(const std::string& case_id, bool won) {
    const std::lock_guard lock(mutex_);
    const auto about = std::ranges::find(cases_, case_id, &Case::id);
    if (about == cases_.end()) return;
    about->open = false;
    if (won) books_.dispute(about->reference, -about->amount.minor_units());
    notify_dispute(*about, won ? NoticeKind::dispute_won : NoticeKind::dispute_lost);
}

Answer FaultProvider::hear_on_dispute(const DisputeOperation& operation, bool contested) {
    const std::lock_guard lock(mutex_);
    auto about = std::ranges::find(cases_, operation.case_id, &Case::id);
    const Deed* const taken = books_.deed(operation.original);
    // A case that its books do not show was told of by a notice that somebody signed for it.
    if (about == cases_.end() && taken != nullptr && taken->state == DeedState::done) {
        cases_.push_back(
            {.id = operation.case_id, .reference = operation.original, .amount = operation.amount});
        about = std::prev(cases_.end());
    }
    Answer answer;
    answer.approved = about != cases_.end() && (about->open || operation.repeat);
    answer.decline = answer.approved ? Decline::none : Decline::original_not_found;
    answer.response_code = answer.approved ? "received" : "no_such_case";
    if (answer.approved && !contested) about->open = false;
    return answer;
}

void FaultProvider::expire(const std::string& reference) {
    const std::lock_guard lock(mutex_);
    Notice notice;
    notice.kind = NoticeKind::authorisation_expired;
    notice.reference = reference;
    if (const Deed* const deed = books_.deed(reference)) notice.amount = deed->amount;
    notify(std::move(notice));
}

void FaultProvider::notify(Notice notice) {
    if (config_.notice_secret.empty() || messages_.size() >= kMessagesMax) return;
    notice.id = "ntc_" + std::to_string(++notices_);
    notice.happened = clock_.now();
    messages_.push_back(sign(config_.notice_secret, write_notices({notice}), clock_.now()));
}

void FaultProvider::notify_outcome(const Operation& operation, const Answer& answer) {
    Notice notice;
    notice.reference = operation.reference;
    notice.amount = answer.approved_amount.value_or(operation.amount);
    notice.answer = answer;
    notify(std::move(notice));
}

void FaultProvider::notify_dispute(const Case& about, NoticeKind kind) {
    Notice notice;
    notice.kind = kind;
    notice.reference = about.reference;
    notice.amount = about.amount;
    notice.case_id = about.id;
    notice.reason = "fraudulent";
    notice.network_reason_code = "10.4";
    notice.respond_by = clock_.now() + config_.respond_within;
    notify(std::move(notice));
}

std::vector<SignedMessage> FaultProvider::take_messages() {
    const std::lock_guard lock(mutex_);
    return std::exchange(messages_, {});
}

Standing FaultProvider::standing_of(const std::string& payment_id) {
    const std::lock_guard lock(mutex_);
    return books_.standing_of(payment_id);
}

std::int64_t FaultProvider::moves() {
    const std::lock_guard lock(mutex_);
    return books_.moves();
}

bool FaultProvider::overdrawn() {
    const std::lock_guard lock(mutex_);
    return books_.overdrawn();
}

std::vector<Operation> FaultProvider::heard() {
    const std::lock_guard lock(mutex_);
    return heard_;
}

}  // namespace causeway::connectors::fault
