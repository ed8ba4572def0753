// SPDX-License-Identifier: Apache-2.0
//
// What the sandbox acquirer believes about every transaction, by retrieval reference number, so
// that a test can hold it against what the gateway believes. Kept apart from the gateway's ledger
// on purpose: two sets of books that share code would agree on their mistakes.
#pragma once

#include "connectors/card/sandbox/books_file.h"
#include "connectors/card/sandbox/fact.h"
#include "ledger/currency.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace causeway::connectors::card::sandbox {

/// A later message took `amount` back from a movement.
struct Undo {
    std::int64_t amount;
    std::string modification;
    Timestamp sent;

    friend bool operator==(const Undo&, const Undo&) = default;
};

/// One capture or refund. Units: minor units of the transaction's currency.
struct Movement {
    std::int64_t number;  ///< The line of the books, from 1.
    std::string key;
    std::string modification;
    std::string reference;
    Timestamp sent;
    std::int64_t amount;  ///< As it was first booked.
    std::string settling;
    std::vector<Undo> undone;

    /// What still stands of it.
    [[nodiscard]] std::int64_t standing() const;

    friend bool operator==(const Movement&, const Movement&) = default;
};

/// Always: refunded() <= captured() <= authorised <= requested.
struct Transaction {
    std::string rrn;
    std::string key;  ///< Of the message that authorised it.
    std::string approval_code;
    std::string reference;
    std::string merchant;
    std::string card;
    ledger::Currency currency;
    std::int64_t requested;
    std::int64_t authorised;  ///< After partial and whole reversals.
    bool single_message;
    bool reversed = false;  ///< Wholly: nothing remains charged.
    std::vector<Movement> captures;
    std::vector<Movement> refunds;

    [[nodiscard]] std::int64_t captured() const;
    [[nodiscard]] std::int64_t refunded() const;

    friend bool operator==(const Transaction&, const Transaction&) = default;
};

/// Threads: none of its own; one at a time.
class Books {
  public:
    /// In memory only.
    Books() = default;

    /// Reads a file, also while a sandbox writes to it; what is recorded afterwards stays in
    /// memory. Errors: as read_fact_file().
    static Result<Books> load(const std::string& path);

    /// Reads a file if there is one, and appends to it. Errors: as load() and FactWriter.
    static Result<Books> open(const std::string& path);

    /// Writes a fact down, then believes it. The one place where the limits are kept.
    ///
    /// Errors: `limit_exceeded` for more than was authorised or captured; `conflict` for a key or
    /// RRN that is taken; `not_found` for an unknown transaction or target; `storage`.
    [[nodiscard]] Result<void> record(Fact fact);

    /// What was answered to a message; nullptr if it was not seen.
    [[nodiscard]] const Fact* answer_to(const std::string& key) const;

    /// nullptr if nothing was ever authorised under this number.
    [[nodiscard]] const Transaction* find(const std::string& rrn) const;

    /// The transaction that a message moved money in; nullptr when it moved none, or was not seen.
    [[nodiscard]] const Transaction* moved_by(const std::string& key) const;

    [[nodiscard]] bool reversal_noted(const std::string& target) const;

    /// In order of retrieval reference number.
    [[nodiscard]] const std::map<std::string, Transaction>& transactions() const {
        return transactions_;
    }

    /// How many approval codes were given out.
    [[nodiscard]] std::int64_t approvals() const { return approvals_; }

  private:
    static Result<Books> from_facts(std::vector<Fact> facts);

    [[nodiscard]] Result<void> check(const Fact& fact) const;
    void apply(const Fact& fact);
    void apply_reversal(const Fact& fact);

    std::unique_ptr<FactWriter> writer_;
    std::int64_t lines_ = 0;
    std::int64_t approvals_ = 0;
    std::map<std::string, Transaction> transactions_;
    std::unordered_map<std::string, Fact> answers_;
    std::unordered_map<std::string, std::string> rrn_of_;  ///< By the key of what moved money.
    std::unordered_set<std::string> noted_reversals_;
};

/// {"transactions":[{"rrn", "approval_code", "reference", "currency", "single_message",
/// "requested", "authorised", "captured", "refunded", "reversed", "captures":[...],
/// "refunds":[...]}]}: amounts in minor units as they stand now; each capture and refund with
/// "modification", "sent", "booked" and "amount". In order of RRN.
///
/// Errors: as Books::load().
[[nodiscard]] Result<std::string> books_as_json(const std::string& path);

}  // namespace causeway::connectors::card::sandbox
