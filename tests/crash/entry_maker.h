// SPDX-License-Identifier: Apache-2.0
//
// What each body of the load does. It follows from the seed and the body's number alone, so that
// whoever looks at the books after a crash knows what they must say without having been told.
#pragma once

#include "ledger/journal/journal.h"
#include "ledger/result.h"
#include "ledger/store/database.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace causeway::crash {

/// A stream is one submitter's life: numbers stream * 2^24 + 0, 1, 2, ... are submitted in order.
using BodyNumber = std::uint64_t;
inline constexpr unsigned kStreamBits = 24;
[[nodiscard]] constexpr BodyNumber first_of_stream(std::uint64_t stream) noexcept {
    return stream << kStreamBits;
}

/// Whether others submit at the same time. Then nothing expires: whose clock is ahead would be a
/// matter of chance, and with it what is refused.
enum class Company : std::uint8_t { none, others };

struct Step {
    enum class How : std::uint8_t {
        post,
        linked,  ///< All or none.
        replay,  ///< Of an earlier body's entry: nothing may change.
        terms,   ///< Closes an account of the body's own, or holds it to what it has.
    };
    How how = How::post;
    std::vector<ledger::Entry> entries;
};

struct Plan {
    std::vector<Step> steps;
    /// It asks the database nothing, so that the commit before it may still be under way.
    bool quiet = false;
    std::vector<std::uint8_t> note;  ///< Goes into a row beside the journal, unless it is quiet.
    bool refused = false;            ///< The body does all of that, and then returns an error.
    bool errs = false;  ///< Between its entries it posts one that does not balance, and goes on.
    std::optional<Timestamp> expires = {};  ///< Lets all expire that is due then.

    /// What the journal has more when the body was kept, but for what it has let expire.
    [[nodiscard]] std::vector<const ledger::Entry*> entries() const;
};

/// Threads: one.
class Plans {
  public:
    explicit Plans(std::uint64_t seed, Company company = Company::none)
        : seed_(seed), company_(company) {}

    /// Lifetime: as long as this object.
    [[nodiscard]] const Plan& at(BodyNumber number);

  private:
    std::uint64_t seed_;
    Company company_;
    std::unordered_map<BodyNumber, Plan> made_;
};

[[nodiscard]] Plan make_plan(std::uint64_t seed, BodyNumber number, Company company);

/// The journal's tables and those of the rows beside it.
[[nodiscard]] std::vector<ledger::Migration> migrations();

/// Errors: `declined` when the plan says so; those of the journal.
[[nodiscard]] Result<void> perform(ledger::Transaction& body,
                                   ledger::Journal& journal,
                                   BodyNumber number,
                                   const Plan& plan);

/// Posts an entry of a plan, or sets its terms.
[[nodiscard]] Result<ledger::Posted> post(ledger::Transaction& body,
                                          ledger::Journal& journal,
                                          const ledger::Entry& entry);

/// Tries what the terms forbid that the plan has set. Errors: `integrity` when it may.
[[nodiscard]] Result<void> break_terms(ledger::Transaction& body,
                                       ledger::Journal& journal,
                                       const Plan& plan);

/// The body that posted the entry, which is none that says that another has expired.
[[nodiscard]] BodyNumber body_of(const ledger::Entry& entry);

/// How often the journal writes its balances down and signs a head: often, for a short life.
[[nodiscard]] ledger::JournalOptions journal_options();

/// Whether the journal has kept what it was given.
[[nodiscard]] bool same_content(const ledger::Entry& stored, const ledger::Entry& given);

}  // namespace causeway::crash
