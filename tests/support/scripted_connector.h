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
    void next(std::initializer_list<Word> words);
    /// Forgets what was queued and not said.
    void calm_down();
    [[nodiscard]] ProviderCase believes(const std::string& payment_id);
    /// Everything that was handed over, sent or not, in order.
    [[nodiscard]] std::vector<connectors::Operation> heard();
    [[nodiscard]] connectors::Operation last_heard();
    /// Whether it was ever asked to take or give more than there was.
    [[nodiscard]] bool overdrawn();

    /// What inquiries are answered with, instead of the truth, one after the other.
    void next_findings(std::initializer_list<connectors::Fate> fates);
    /// Evidence and concessions, by their references.
    [[nodiscard]] std::map<std::string, connectors::DisputeOperation> dispute_words();

    /// What every approval says from now on of an amount in another currency; by the amount that is
    /// approved.
    void converts(std::function<std::optional<connectors::Conversion>(ledger::Money)> says);

    Result<connectors::Finding> find(const connectors::Operation& operation);

    Result<connectors::Answer> hear_dispute(const connectors::DisputeOperation& operation);

    Result<connectors::Answer> hear(const connectors::Operation& operation);

  private:
    using Kind = connectors::OperationKind;

    static connectors::Answer refusal(connectors::Decline decline);

    Result<connectors::Answer> say(const connectors::Operation& operation, Word word);

    connectors::Answer act(const connectors::Operation& operation, ledger::Money amount);

    void book(const connectors::Operation& operation, std::int64_t amount);

    void undo(const connectors::Original& original, ProviderCase& own);

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
    explicit ScriptedConnector(ScriptedProvider& provider, const ScriptedSides& sides = {});

    [[nodiscard]] connectors::Inquiry* inquiry() noexcept override;
    [[nodiscard]] connectors::Disputing* disputing() noexcept override;

    [[nodiscard]] const connectors::FileExchange* files() const noexcept override;

    [[nodiscard]] const connectors::Collecting* collecting() const noexcept override;

    [[nodiscard]] const connectors::Capability& capability() const noexcept override;
    [[nodiscard]] std::string make_reference(std::int64_t sequence,
                                             Timestamp /*now*/,
                                             const connectors::Operation&) const override;
    /// As cards do it: Maestro has one message, the others authorise first.
    [[nodiscard]] Result<connectors::OperationKind> first_operation(
        const connectors::Card& card, bool capture_now) const override;
    boost::asio::awaitable<Result<connectors::Answer>> perform(
        connectors::Operation operation) override;
    [[nodiscard]] connectors::StatementKey statement_key(
        const connectors::Operation& operation) const override;
    [[nodiscard]] bool ready() const noexcept override;

  private:
    /// Due in three days, open for two more; who pays must have a name.
    [[nodiscard]] connectors::CollectionTerms agree(
        const connectors::CollectionWish& wish,
        const connectors::Payer& payer,
        ledger::Money,
        Timestamp now,
        std::vector<connectors::FieldFault>& faults) const override;
    [[nodiscard]] std::vector<std::string> formats(
        const connectors::Instrument& shown) const override;
    [[nodiscard]] Result<connectors::Rendered> render(const connectors::DocumentRequest& request,
                                                      std::string_view format) const override;
    [[nodiscard]] bool withdraws_when_paid() const noexcept override;

    boost::asio::awaitable<Result<connectors::Finding>> find(
        connectors::Operation operation) override;
    boost::asio::awaitable<Result<connectors::Answer>> represent(
        connectors::DisputeOperation operation) override;
    boost::asio::awaitable<Result<connectors::Answer>> accept(
        connectors::DisputeOperation operation) override;

    ScriptedProvider& provider_;
    ScriptedSides sides_;
    LineFiles files_{sides_.name};
    connectors::Capability capability_;
};

}  // namespace causeway::test
