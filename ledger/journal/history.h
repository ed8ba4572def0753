// SPDX-License-Identifier: Apache-2.0
//
// The past of accounts: a balance at any moment, by either clock, and statements.
//
// Nothing here reads more the older the books are. Each line names the one before it on its account
// and says the balance after it. Each 256th leaves a mark to begin at. A line is ordered when it is
// effective no earlier than all ordered lines up to the last mark (its watermark) and no later than
// it is recorded; marks hold the sums of ordered lines. The others are displaced: they have rows of
// their own, and sums by day, by 32 days and by 1,024.
#pragma once

#include "ledger/clock.h"
#include "ledger/id.h"
#include "ledger/journal/entry.h"
#include "ledger/journal/journal.h"
#include "ledger/journal/published.h"
#include "ledger/result.h"
#include "ledger/store/database.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::ledger {

/// Which of an entry's two times counts.
enum class HistoryClock {
    effective,  ///< When it happened. What is back-dated changes the past.
    recorded,   ///< When it was written. The past stays as it was.
};

[[nodiscard]] std::string_view to_string(HistoryClock clock) noexcept;
/// Errors: `invalid_argument`.
[[nodiscard]] Result<HistoryClock> parse_history_clock(std::string_view text);

/// A line of an account's history; a page of a statement ends before it or begins after it.
struct Cursor {
    Sequence sequence;
    std::int64_t line_no;  ///< In its entry, from 1.

    friend bool operator==(const Cursor&, const Cursor&) = default;
};

/// "4711.2".
[[nodiscard]] std::string to_text(const Cursor& cursor);
/// Errors: `invalid_argument`.
[[nodiscard]] Result<Cursor> parse_cursor(std::string_view text);

/// One line of a statement.
struct StatementLine {
    Cursor place;
    Uuid entry_id;
    std::string kind;
    std::string reference;
    EntryType type;
    Timestamp effective;
    Timestamp recorded;
    std::int64_t minor_units;  ///< Debit positive. What it does depends on the type.
    Balance balance;           ///< After this line.
};

struct StatementPage {
    std::vector<StatementLine> lines;  ///< Newest first.
    std::optional<Cursor> next;        ///< Hand it in as `before` for older lines; none: no more.
};

inline constexpr int kStatementLinesMax = 1000;

/// Asks the journal of its past.
///
/// Lifetime: both must outlive it.
/// Threads: any; each call takes a reader of the database, so not inside a read() of its own.
class History {
  public:
    History(Database& database, const Journal& journal) : database_(database), journal_(journal) {}

    /// What the lines at or before `moment` add up to. By the effective clock what is pending may
    /// come out negative, when a reservation is dated after its release.
    ///
    /// Errors: `not_found` for an account that was never touched; `amount_overflow` when a sum of
    /// the past does not fit, though that of the present does; `integrity`, `storage`.
    [[nodiscard]] Result<Balance> balance_at(const AccountKey& account,
                                             Timestamp moment,
                                             HistoryClock clock) const;

    /// Every account there is now, as it was, in order of purpose, owner, currency: one consistent
    /// state, in which each currency of each fund adds up to zero.
    ///
    /// Errors: as balance_at().
    [[nodiscard]] Result<std::vector<AccountBalance>> trial_balance(Timestamp moment,
                                                                    HistoryClock clock) const;

    /// The newest lines of an account, or those before a cursor; in the order in which they were
    /// recorded.
    ///
    /// Errors: `not_found`; `invalid_argument` for a cursor that is no line of the account, or
    /// unless 1 <= lines_max <= kStatementLinesMax; `integrity`, `storage`.
    [[nodiscard]] Result<StatementPage> statement(const AccountKey& account,
                                                  std::optional<Cursor> before,
                                                  int lines_max) const;

  private:
    // Runs `body` with a snapshot and with all accounts, or the only one, as they stand in it.
    [[nodiscard]] Result<void> look(
        const std::optional<AccountKey>& only,
        const std::function<Result<void>(Transaction&, const std::vector<PublishedAccount>&)>& body)
        const;

    Database& database_;
    const Journal& journal_;
};

// The same for somebody who holds a snapshot and the account as it stands there: no line of the
// account in the snapshot may be missing from its state.

[[nodiscard]] Result<Balance> balance_at(Transaction& snapshot,
                                         const PublishedAccount& account,
                                         Timestamp moment,
                                         HistoryClock clock);
[[nodiscard]] Result<StatementPage> statement_of(Transaction& snapshot,
                                                 const PublishedAccount& account,
                                                 std::optional<Cursor> before,
                                                 int lines_max);

}  // namespace causeway::ledger
