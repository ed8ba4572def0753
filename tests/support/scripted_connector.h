// SPDX-License-Identifier: Apache-2.0
//
// A provider in one process with the test: it says what the test queued, approves when nothing is
// queued, and keeps books of its own, so that a test can compare what it believes with what we do.
#pragma once

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

/// What the provider, or the way to it, does with the next operation.
enum class Word {
    approve,
    decline,             ///< insufficient_funds
    half,                ///< Approves half the amount.
    lost_before,         ///< outcome_unknown; the provider never saw it.
    lost_after,          ///< outcome_unknown; the provider did it.
    unavailable,         ///< Nothing was sent.
    refused_here,        ///< invalid_argument: the connector will never send it.
    original_not_found,  ///< Declined so, whatever it was about.
    later,               ///< Declined with provider_unavailable: no final word.
};

/// What the provider believes of one payment. Units: minor units of the payment's currency.
struct ProviderCase {
    std::int64_t authorised = 0;
    std::int64_t captured = 0;
    std::int64_t refunded = 0;

    friend bool operator==(const ProviderCase&, const ProviderCase&) = default;
};

/// The provider's side; outlives the gateway's restarts.
///
/// Threads: every method may be called from any thread.
class ScriptedProvider {
  public:
    void next(std::initializer_list<Word> words) {
        const std::lock_guard lock(mutex_);
        script_.insert(script_.end(), words);
    }
    /// Forgets what was queued and not said.
    void calm_down() {
        const std::lock_guard lock(mutex_);
        script_.clear();
    }
    [[nodiscard]] ProviderCase believes(const std::string& payment_id) {
        const std::lock_guard lock(mutex_);
        return cases_[payment_id];
    }
    /// Everything that was handed over, sent or not, in order.
    [[nodiscard]] std::vector<connectors::Operation> heard() {
        const std::lock_guard lock(mutex_);
        return heard_;
    }
    [[nodiscard]] connectors::Operation last_heard() { return heard().back(); }
    /// Whether it was ever asked to take or give more than there was.
    [[nodiscard]] bool overdrawn() {
        const std::lock_guard lock(mutex_);
        return overdrawn_;
    }

    /// What inquiries are answered with, instead of the truth, one after the other.
    void next_findings(std::initializer_list<connectors::Fate> fates) {
        const std::lock_guard lock(mutex_);
        findings_.insert(findings_.end(), fates);
    }
    /// Evidence and concessions, by their references.
    [[nodiscard]] std::map<std::string, connectors::DisputeOperation> dispute_words() {
        const std::lock_guard lock(mutex_);
        return dispute_words_;
    }

    /// What every approval says from now on of an amount in another currency; by the amount that is
    /// approved.
    void converts(std::function<std::optional<connectors::Conversion>(ledger::Money)> says) {
        const std::lock_guard lock(mutex_);
        converts_ = std::move(says);
    }

    Result<connectors::Finding> find(const connectors::Operation& operation) {
        const std::lock_guard lock(mutex_);
        const bool done = done_.contains(operation.reference);
        connectors::Fate fate =
            done ? connectors::Fate::carried_out : connectors::Fate::never_arrived;
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

    Result<connectors::Answer> hear_dispute(const connectors::DisputeOperation& operation) {
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

    Result<connectors::Answer> hear(const connectors::Operation& operation) {
        const std::lock_guard lock(mutex_);
        heard_.push_back(operation);
        Word word = Word::approve;
        if (!script_.empty()) {
            word = script_.front();
            script_.pop_front();
        }
        return say(operation, word);
    }

  private:
    using Kind = connectors::OperationKind;

    static connectors::Answer refusal(connectors::Decline decline) {
        return {.approved = false,
                .decline = decline,
                .response_code = "05",
                .approval_code = {},
                .approved_amount = std::nullopt};
    }

    Result<connectors::Answer> say(const connectors::Operation& operation, Word word) {
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

    connectors::Answer act(const connectors::Operation& operation, ledger::Money amount) {
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
            yes.instrument =
                connectors::Instrument{.action = "display_boleto",
                                       .details = {{"line", "line of " + operation.reference}}};
        }
        if (converts_) yes.provider_conversion = converts_(amount);
        return yes;
    }

    void book(const connectors::Operation& operation, std::int64_t amount) {
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

    void undo(const connectors::Original& original, ProviderCase& own) {
        if (!undone_.insert(original.reference).second) return;
        if (original.kind == Kind::refund) {
            own.refunded -= original.amount.minor_units();
            return;
        }
        own.authorised = 0;
        if (original.kind == Kind::sale) own.captured = 0;
    }

    std::mutex mutex_;
    std::function<std::optional<connectors::Conversion>(ledger::Money)> converts_;
    std::deque<Word> script_;
    std::deque<connectors::Fate> findings_;
    std::map<std::string, connectors::DisputeOperation> dispute_words_;
    std::vector<connectors::Operation> heard_;
    std::map<std::string, ProviderCase> cases_;
    std::set<std::string> done_;
    std::set<std::string> undone_;
    bool overdrawn_ = false;
};

/// Which sides the connector has beside perform(), and what it says of itself.
struct ScriptedSides {
    std::string name = "scripted";
    bool inquiry = false;
    bool disputing = false;
    bool increments = false;
    std::chrono::seconds authorisation_valid{0};
    bool collecting = false;           ///< Its buyers pay later.
    bool withdraws_when_paid = false;  ///< And have several ways of it.
    bool refunds = true;
    gateway::ReceiptPolicies receipts{};
    bool files = false;  ///< It is told of instruments by files; see line_files.h.
};

/// Lifetime: the provider outlives it.
class ScriptedConnector final : public connectors::Connector,
                                private connectors::Inquiry,
                                private connectors::Disputing,
                                private connectors::Collecting {
  public:
    explicit ScriptedConnector(ScriptedProvider& provider, const ScriptedSides& sides = {})
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

    [[nodiscard]] connectors::Inquiry* inquiry() noexcept override {
        return sides_.inquiry ? this : nullptr;
    }
    [[nodiscard]] connectors::Disputing* disputing() noexcept override {
        return sides_.disputing ? this : nullptr;
    }

    [[nodiscard]] const connectors::FileExchange* files() const noexcept override {
        return sides_.files ? &files_ : nullptr;
    }

    [[nodiscard]] const connectors::Collecting* collecting() const noexcept override {
        return sides_.collecting ? this : nullptr;
    }

    [[nodiscard]] const connectors::Capability& capability() const noexcept override {
        return capability_;
    }
    [[nodiscard]] std::string make_reference(std::int64_t sequence,
                                             Timestamp /*now*/,
                                             const connectors::Operation&) const override {
        return "ref-" + std::to_string(sequence);
    }
    /// As cards do it: Maestro has one message, the others authorise first.
    [[nodiscard]] Result<connectors::OperationKind> first_operation(
        const connectors::Card& card, bool capture_now) const override {
        if (!card.number.starts_with("67")) return connectors::OperationKind::authorise;
        if (capture_now) return connectors::OperationKind::sale;
        return Error(ErrorCode::invalid_argument, "one message");
    }
    boost::asio::awaitable<Result<connectors::Answer>> perform(
        connectors::Operation operation) override {
        // Others get their turn, as they would while a message is on its way.
        co_await boost::asio::post(boost::asio::use_awaitable);
        co_return provider_.hear(operation);
    }
    [[nodiscard]] connectors::StatementKey statement_key(
        const connectors::Operation& operation) const override {
        return {.provider_reference = operation.payment_id,
                .modification_reference = operation.reference};
    }
    [[nodiscard]] bool ready() const noexcept override { return true; }

  private:
    /// Due in three days, open for two more; who pays must have a name.
    [[nodiscard]] connectors::CollectionTerms agree(
        const connectors::CollectionWish& wish,
        const connectors::Payer& payer,
        ledger::Money,
        Timestamp now,
        std::vector<connectors::FieldFault>& faults) const override {
        if (payer.name.empty()) {
            faults.push_back(
                {.pointer = "/billing_details/name", .code = "required", .message = "is required"});
        }
        connectors::CollectionTerms terms;
        terms.issued_on = day_of(now);
        terms.due_on = wish.due_on.value_or(terms.issued_on + std::chrono::days(3));
        terms.open_until = Timestamp(terms.due_on + std::chrono::days(3));
        terms.fine_bps = wish.fine_bps.value_or(0);
        terms.interest_month_bps = wish.interest_month_bps.value_or(0);
        terms.discount_bps = wish.discount_bps.value_or(0);
        terms.discount_until = wish.discount_until;
        return terms;
    }
    [[nodiscard]] std::vector<std::string> formats() const override { return {"html"}; }
    [[nodiscard]] Result<connectors::Rendered> render(const connectors::DocumentRequest& request,
                                                      std::string_view format) const override {
        if (format != "html") return Error(ErrorCode::not_found, "format");
        return connectors::Rendered{
            .media_type = "text/html",
            .bytes = request.reference + " for " + request.collection.payer.name};
    }
    [[nodiscard]] bool withdraws_when_paid() const noexcept override {
        return sides_.withdraws_when_paid;
    }

    boost::asio::awaitable<Result<connectors::Finding>> find(
        connectors::Operation operation) override {
        co_await boost::asio::post(boost::asio::use_awaitable);
        co_return provider_.find(operation);
    }
    boost::asio::awaitable<Result<connectors::Answer>> represent(
        connectors::DisputeOperation operation) override {
        co_await boost::asio::post(boost::asio::use_awaitable);
        co_return provider_.hear_dispute(operation);
    }
    boost::asio::awaitable<Result<connectors::Answer>> accept(
        connectors::DisputeOperation operation) override {
        co_await boost::asio::post(boost::asio::use_awaitable);
        co_return provider_.hear_dispute(operation);
    }

    ScriptedProvider& provider_;
    ScriptedSides sides_;
    LineFiles files_{sides_.name};
    connectors::Capability capability_;
};

}  // namespace causeway::test
