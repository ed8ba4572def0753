// SPDX-License-Identifier: Apache-2.0
//
// What the scripted provider believes it did, by our reference. Kept apart from the gateway's
// ledger on purpose: two sets of books that share code would agree on their mistakes.
//
// The reference is the idempotency key: what comes under a known one gets the first answer again
// and moves nothing, and something else under a known one is refused.
#pragma once

#include "connectors/connector.h"
#include "connectors/fault/trick.h"
#include "ledger/result.h"

#include <cstdint>
#include <deque>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace causeway::connectors::fault {

/// What the provider believes of one payment. Units: minor units of its currency.
struct Standing {
    std::int64_t authorised = 0;
    std::int64_t captured = 0;
    std::int64_t refunded = 0;
    std::int64_t disputed = 0;

    friend bool operator==(const Standing&, const Standing&) = default;
};

enum class DeedState { done, refused, under_way, closed /*never arrived, and never will*/, undone };

/// One operation as the provider knows it.
struct Deed {
    DeedState state = DeedState::closed;
    OperationKind kind = OperationKind::authorise;
    std::string reference;
    std::string original;  ///< The reference of what it is about; empty for a charge.
    std::string root;      ///< The reference of the charge that everything here is about.
    std::string payment_id;
    ledger::Money asked;
    ledger::Money amount;  ///< What was done of it.
    Answer answer;
};

/// It remembers the newest 200,000 operations: a benchmark must not fill the machine.
///
/// Threads: none of its own; one at a time.
class ScriptedBooks {
  public:
    /// In memory only, or kept in a file that a later start reads again: one JSON line a deed,
    /// handed to the operating system before the answer. An empty name: in memory.
    ///
    /// Throws std::runtime_error when the file cannot be read or written.
    explicit ScriptedBooks(const std::string& file = {});

    /// Does what the act says, as far as the books allow it, and answers. A known reference gets
    /// its first answer again, whatever the act.
    Answer carry_out(const Operation& operation, const Act& act);

    /// It has arrived; decide() says later what becomes of it.
    void take_in(const Operation& operation);
    /// Errors: `not_found` unless it is under way.
    [[nodiscard]] Result<Answer> decide(const std::string& reference, bool approve);

    /// A reference that was not seen is closed: whatever arrives under it later is refused.
    [[nodiscard]] Finding find(const Operation& operation);

    /// The buyer's bank takes the amount back.
    void dispute(const std::string& reference, std::int64_t amount);

    [[nodiscard]] const Deed* deed(const std::string& reference) const;
    [[nodiscard]] Standing standing_of(const std::string& payment_id) const;
    /// How often an operation moved money; repeats do not count.
    [[nodiscard]] std::int64_t moves() const noexcept { return moves_; }
    /// Whether it was ever asked to take or give more than there was.
    [[nodiscard]] bool overdrawn() const noexcept { return overdrawn_; }

  private:
    [[nodiscard]] Deed new_deed(const Operation& operation) const;
    [[nodiscard]] Decline verdict(const Deed& deed);
    [[nodiscard]] Decline verdict_on_reversal(const Deed& deed);
    [[nodiscard]] bool within_limits(const Deed& deed) const;
    void approve(Deed& deed);
    void refuse(Deed& deed, Decline decline);
    void record(const Deed& deed);
    void apply(const Deed& deed);
    void undo(const Deed& reversal, Standing& standing);
    void load(const std::string& file);
    void forget_oldest();

    std::map<std::string, Deed> deeds_;
    std::deque<std::string> by_age_;
    std::map<std::string, Standing> standing_;  ///< By root.
    std::map<std::string, std::vector<std::string>> roots_of_;
    std::int64_t approvals_ = 0;
    std::int64_t moves_ = 0;
    bool overdrawn_ = false;
    std::ofstream out_;
};

/// One line without its end.
[[nodiscard]] std::string deed_to_line(const Deed& deed);
/// Errors: `integrity`.
[[nodiscard]] Result<Deed> parse_deed(const std::string& line);

}  // namespace causeway::connectors::fault
