// SPDX-License-Identifier: Apache-2.0
#include "tests/support/scripted_connector.h"

#include "connectors/connector.h"
#include "gateway/collections/receipt_rules.h"
#include "tests/support/line_files.h"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace causeway::test {

void ScriptedProvider::next(std::initializer_list<Word> words) {
    const std::lock_guard lock(mutex_);
    script_.insert(script_.end(), words);
}

void ScriptedProvider::calm_down() {
    const std::lock_guard lock(mutex_);
    script_.clear();
}

ProviderCase ScriptedProvider::believes(const std::string& payment_id) {
    const std::lock_guard lock(mutex_);
    return cases_[payment_id];
}

std::vector<connectors::Operation> ScriptedProvider::heard() {
    const std::lock_guard lock(mutex_);
    return heard_;
}

connectors::Operation ScriptedProvider::last_heard() {
    return heard().back();
}

bool ScriptedProvider::overdrawn() {
    const std::lock_guard lock(mutex_);
    return overdrawn_;
}

void ScriptedProvider::next_findings(std::initializer_list<connectors::Fate> fates) {
    const std::lock_guard lock(mutex_);
    findings_.insert(findings_.end(), fates);
}

std::map<std::string, connectors::DisputeOperation> ScriptedProvider::dispute_words() {
    const std::lock_guard lock(mutex_);
    return dispute_words_;
}

void ScriptedProvider::converts(
    std::function<std::optional<connectors::Conversion>(ledger::Money)> says) {
    const std::lock_guard lock(mutex_);
    converts_ = std::move(says);
}

Result<connectors::Finding> ScriptedProvider::find(const connectors::Operation& operation) {
    const std::lock_guard lock(mutex_);
    const bool done = done_.contains(operation.reference);
    connectors::Fate fate = done ? connectors::Fate::carried_out : connectors::Fate::never_arrived;
    if (!findings_.empty()) {
        fate = findings_.front();
        findings_.pop_front();
    }
    connectors::Finding found{.fate = fate, .answer = {}};
    if (fate == connectors::Fate::carried_out) found.answer = {.approved = true};
    if (fate == connectors::Fate::refused) {
        found.answer = refusal(connectors::Decline::insufficient_funds);
    }
    return found;
}

Result<connectors::Answer> ScriptedProvider::hear_dispute(
    const connectors::DisputeOperation& operation) {
    const std::lock_guard lock(mutex_);
    Word word = Word::approve;
    if (!script_.empty()) {
        word = script_.front();
        script_.pop_front();
    }
    if (word == Word::unavailable) return Error(ErrorCode::unavailable, "no line");
    if (word == Word::refused_here) return Error(ErrorCode::invalid_argument, "the case");
    if (word == Word::lost_before) return Error(ErrorCode::outcome_unknown, "no answer");
    if (word == Word::decline) return refusal(connectors::Decline::not_allowed);
    dispute_words_.insert_or_assign(operation.reference, operation);
    if (word == Word::lost_after) return Error(ErrorCode::outcome_unknown, "no answer");
    return connectors::Answer{.approved = true};
}

Result<connectors::Answer> ScriptedProvider::hear(const connectors::Operation& operation) {
    const std::lock_guard lock(mutex_);
    heard_.push_back(operation);
    Word word = Word::approve;
    if (!script_.empty()) {
        word = script_.front();
        script_.pop_front();
    }
    return say(operation, word);
}

connectors::Answer ScriptedProvider::refusal(connectors::Decline decline) {
    return {.approved = false,
            .decline = decline,
            .response_code = "05",
            .approval_code = {},
            .approved_amount = std::nullopt};
}

Result<connectors::Answer> ScriptedProvider::say(const connectors::Operation& operation,
                                                 Word word) {
    const Error silence(ErrorCode::outcome_unknown, "no answer");
    switch (word) {
        case Word::decline: return refusal(connectors::Decline::insufficient_funds);
        case Word::original_not_found: return refusal(connectors::Decline::original_not_found);
        case Word::later: return refusal(connectors::Decline::provider_unavailable);
        case Word::unavailable: return Error(ErrorCode::unavailable, "no line");
        case Word::refused_here: return Error(ErrorCode::invalid_argument, "the amount");
        case Word::lost_before: return silence;
        case Word::lost_after: (void)act(operation, operation.amount); return silence;
        case Word::half:
            return act(operation,
                       {operation.amount.minor_units() / 2, operation.amount.currency()});
        case Word::approve: break;
    }
    return act(operation, operation.amount);
}

connectors::Answer ScriptedProvider::act(const connectors::Operation& operation,
                                         ledger::Money amount) {
    const bool undoes = operation.kind == Kind::reverse;
    if (undoes && !done_.contains(operation.original->reference)) {
        return refusal(connectors::Decline::original_not_found);
    }
    // The reference is the idempotency key: heard twice is done once.
    if (done_.insert(operation.reference).second) book(operation, amount.minor_units());
    connectors::Answer yes{.approved = true,
                           .decline = connectors::Decline::none,
                           .response_code = "00",
                           .approval_code = "OK" + std::to_string(done_.size()),
                           .approved_amount = std::nullopt};
    if (amount != operation.amount) yes.approved_amount = amount;
    if (operation.kind == Kind::collect) {
        yes.instrument = connectors::Instrument{
            .action = "display_boleto", .details = {{"line", "line of " + operation.reference}}};
    }
    if (converts_) yes.provider_conversion = converts_(amount);
    return yes;
}

void ScriptedProvider::book(const connectors::Operation& operation, std::int64_t amount) {
    ProviderCase& own = cases_[operation.payment_id];
    switch (operation.kind) {
        case Kind::authorise: own.authorised += amount; break;
        case Kind::sale:
            own.authorised += amount;
            own.captured += amount;
            break;
        case Kind::increment: own.authorised += amount; break;
        case Kind::capture: own.captured += amount; break;
        case Kind::refund: own.refunded += amount; break;
        case Kind::release: own.authorised = amount; break;
        case Kind::reverse: undo(*operation.original, own); break;
        case Kind::represent:
        case Kind::concede: break;  // They come by the disputing side.
        case Kind::collect:
        case Kind::withdraw: break;  // They move no money.
    }
    if (own.captured > own.authorised || own.refunded > own.captured) overdrawn_ = true;
}

void ScriptedProvider::undo(const connectors::Original& original, ProviderCase& own) {
    if (!undone_.insert(original.reference).second) return;
    if (original.kind == Kind::refund) {
        own.refunded -= original.amount.minor_units();
        return;
    }
    own.authorised = 0;
    if (original.kind == Kind::sale) own.captured = 0;
}

ScriptedConnector::ScriptedConnector(ScriptedProvider& provider, const ScriptedSides& sides)
    : provider_(provider), sides_(sides) {
    capability_.name = sides.name;
    capability_.method = sides.collecting ? "boleto" : "card";
    if (sides.collecting) {
        capability_.operations = {connectors::OperationKind::collect,
                                  connectors::OperationKind::withdraw};
        if (sides.refunds) capability_.operations.insert(connectors::OperationKind::refund);
    }
    capability_.authorisation_valid = sides.authorisation_valid;
    if (sides.increments) {
        capability_.operations.insert(connectors::OperationKind::increment);
    }
}

connectors::Inquiry* ScriptedConnector::inquiry() noexcept {
    return sides_.inquiry ? this : nullptr;
}

connectors::Disputing* ScriptedConnector::disputing() noexcept {
    return sides_.disputing ? this : nullptr;
}

const connectors::FileExchange* ScriptedConnector::files() const noexcept {
    return sides_.files ? &files_ : nullptr;
}

const connectors::Collecting* ScriptedConnector::collecting() const noexcept {
    return sides_.collecting ? this : nullptr;
}

const connectors::Capability& ScriptedConnector::capability() const noexcept {
    return capability_;
}

std::string ScriptedConnector::make_reference(std::int64_t sequence,
                                              Timestamp /*now*/,
                                              const connectors::Operation&) const {
    return "ref-" + std::to_string(sequence);
}

Result<connectors::OperationKind> ScriptedConnector::first_operation(const connectors::Card& card,
                                                                     bool capture_now) const {
    if (!card.number.starts_with("67")) return connectors::OperationKind::authorise;
    if (capture_now) return connectors::OperationKind::sale;
    return Error(ErrorCode::invalid_argument, "one message");
}

boost::asio::awaitable<Result<connectors::Answer>> ScriptedConnector::perform(
    connectors::Operation operation) {
    // Others get their turn, as they would while a message is on its way.
    co_await boost::asio::post(boost::asio::use_awaitable);
    co_return provider_.hear(operation);
}

connectors::StatementKey ScriptedConnector::statement_key(
    const connectors::Operation& operation) const {
    return {.provider_reference = operation.payment_id,
            .modification_reference = operation.reference};
}

bool ScriptedConnector::ready() const noexcept {
    return true;
}

connectors::CollectionTerms ScriptedConnector::agree(
    const connectors::CollectionWish& wish,
    const connectors::Payer& payer,
    ledger::Money,
    Timestamp now,
    std::vector<connectors::FieldFault>& faults) const {
    if (payer.name.empty()) {
        faults.push_back(
            {.pointer = "/billing_details/name", .code = "required", .message = "is required"});
    }
    connectors::CollectionTerms terms;
    terms.issued_on = day_of(now);
    terms.due_on = wish.due_on.value_or(terms.issued_on + std::chrono::days(3));
    terms.open_until = Timestamp(terms.due_on + std::chrono::days(3));
    terms.reusable = wish.reusable;
    terms.fine_bps = wish.fine_bps.value_or(0);
    terms.interest_month_bps = wish.interest_month_bps.value_or(0);
    terms.discount_bps = wish.discount_bps.value_or(0);
    terms.discount_until = wish.discount_until;
    return terms;
}

std::vector<std::string> ScriptedConnector::formats(const connectors::Instrument& /*shown*/) const {
    return {"html"};
}

Result<connectors::Rendered> ScriptedConnector::render(const connectors::DocumentRequest& request,
                                                       std::string_view format) const {
    if (format != "html") return Error(ErrorCode::not_found, "format");
    return connectors::Rendered{
        .media_type = "text/html",
        .bytes = request.reference + " for " + request.collection.payer.name};
}

bool ScriptedConnector::withdraws_when_paid() const noexcept {
    return sides_.withdraws_when_paid;
}

boost::asio::awaitable<Result<connectors::Finding>> ScriptedConnector::find(
    connectors::Operation operation) {
    co_await boost::asio::post(boost::asio::use_awaitable);
    co_return provider_.find(operation);
}

boost::asio::awaitable<Result<connectors::Answer>> ScriptedConnector::represent(
    connectors::DisputeOperation operation) {
    co_await boost::asio::post(boost::asio::use_awaitable);
    co_return provider_.hear_dispute(operation);
}

boost::asio::awaitable<Result<connectors::Answer>> ScriptedConnector::accept(
    connectors::DisputeOperation operation) {
    co_await boost::asio::post(boost::asio::use_awaitable);
    co_return provider_.hear_dispute(operation);
}

}  // namespace causeway::test
