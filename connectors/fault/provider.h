// SPDX-License-Identifier: Apache-2.0
//
// The scripted provider: books of its own, a script of misbehaviour, and notices to be delivered.
//
// It outlives the connectors that speak with it, as a real provider outlives our restarts. A test
// holds its books against ours at the end.
#pragma once

#include "connectors/connector.h"
#include "connectors/fault/books.h"
#include "connectors/fault/notices.h"
#include "connectors/fault/trick.h"
#include "ledger/clock.h"
#include "ledger/entropy.h"

#include <chrono>
#include <deque>
#include <initializer_list>
#include <mutex>
#include <string>
#include <vector>

namespace causeway::connectors::fault {

/// What the provider says when it is asked what became of an operation.
enum class Reply {
    truth,
    unavailable,  ///< There is no line.
    silence,      ///< The question was sent; no answer.
    not_yet,      ///< It claims that the operation is under way.
};

struct ProviderConfig {
    std::string books_file;     ///< Empty: in memory.
    std::string notice_secret;  ///< Empty: it does not notify.
    std::vector<Rule> rules;    ///< The first that fits is taken, when nothing is queued.
    int trouble_percent = 0;    ///< How often chance picks a trick that loses something.
    std::chrono::seconds respond_within{std::chrono::days(7)};  ///< Of a dispute.
};

/// What comes back over the line, and how long it takes.
struct Reaction {
    Result<Answer> outcome;
    std::chrono::milliseconds delay{0};
};

/// Threads: every method may be called from any thread.
/// Lifetime: clock and entropy outlive it.
class FaultProvider {
  public:
    /// Throws as ScriptedBooks.
    FaultProvider(ProviderConfig config, const Clock& clock, Entropy& entropy);

    /// The script: one act for each operation to come, before any rule is asked.
    void next(std::initializer_list<Act> acts);
    void next(std::initializer_list<Trick> tricks);
    void next_replies(std::initializer_list<Reply> replies);
    /// Forgets what was queued and not done.
    void calm_down();

    /// The provider's side of the line. `answer_max` is how long the other side waits.
    Reaction hear(const Operation& operation, std::chrono::milliseconds answer_max);
    Result<Finding> asked(const Operation& operation);
    Answer hear_on_dispute(const DisputeOperation& operation, bool contested);

    /// What was on its way arrives now, all of it.
    void deliver_strays();
    /// Decides what is under way, and notifies. Errors: `not_found`.
    Result<void> decide(const std::string& reference, bool approve);
    /// Returns the case's id. A case that exists is opened again.
    std::string open_dispute(const std::string& reference, ledger::Money amount);
    void close_dispute(const std::string& case_id, bool won);
    void expire(const std::string& reference);

    /// Signed messages that wait to be delivered, in the order in which they were written. What
    /// to lose, repeat or reorder is the test's business.
    [[nodiscard]] std::vector<SignedMessage> take_messages();

    [[nodiscard]] Standing standing_of(const std::string& payment_id);
    [[nodiscard]] std::int64_t moves();
    [[nodiscard]] bool overdrawn();
    /// Every operation that was handed over, sent or not, in order.
    [[nodiscard]] std::vector<Operation> heard();
    [[nodiscard]] const ProviderConfig& config() const noexcept { return config_; }

  private:
    struct Case {
        std::string id;
        std::string reference;
        ledger::Money amount;
        bool open = true;
    };
    [[nodiscard]] Act act_for(const Operation& operation);
    [[nodiscard]] bool chance(int percent);
    [[nodiscard]] Reaction carry_out(const Operation& operation,
                                     const Act& act,
                                     std::chrono::milliseconds answer_max);
    void notify(Notice notice);
    void notify_outcome(const Operation& operation, const Answer& answer);
    void notify_dispute(const Case& about, NoticeKind kind);

    const ProviderConfig config_;
    const Clock& clock_;
    Entropy& entropy_;
    std::mutex mutex_;
    ScriptedBooks books_;
    std::deque<Act> script_;
    std::deque<Reply> replies_;
    std::vector<Operation> heard_;
    std::vector<Operation> strays_;
    std::vector<Case> cases_;
    std::vector<SignedMessage> messages_;
    std::int64_t notices_ = 0;
};

}  // namespace causeway::connectors::fault
