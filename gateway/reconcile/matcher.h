// SPDX-License-Identifier: Apache-2.0
//
// Statement lines against expectations: a pure function, so that every class of difference can be
// tried out without a file and without a database.
//
// A line and an expectation belong together when both references and the kind are the same. A
// line's identity is that key and its batch: the provider may send a batch again in another file,
// and then it is the same line; under another batch, or twice in one file, it is a second claim
// to the same money.
//
// An expectation is missing from the file when it is open, no line has its key, and its day is
// one of the days of the file's settled and refunded rows. Other rows do not count as coverage: a
// payout is dated when the batch closes, often a day of which the file holds nothing else. Only
// when a file has no settled or refunded row do the days of all its rows count. An expectation
// that an earlier file of the same batch confirmed is missing too when the batch, sent again, does
// not name it any more: the provider has taken its word back.
//
// A line in two currencies matches when the gross is as expected, the provider's amount follows
// from the rate it states, and so does its cost; see conversion.h. That its rate is another than
// ours is no exception: it is a result, and booked. Where the provider's answer announced the
// settlement it is booked already. A file that says something else confirms the expectation all the
// same, for that is what was paid; it is an exception so that somebody sees it.
#pragma once

#include "gateway/reconcile/conversion.h"
#include "gateway/reconcile/expectation.h"
#include "gateway/reconcile/statement.h"

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::gateway {

/// The spelling is stored and shown. All but `matched` are exceptions.
enum class ItemStatus {
    matched,
    missing_in_file,
    missing_in_ledger,
    amount_mismatch,
    fee_mismatch,
    currency_mismatch,
    duplicate,
    batch_out_of_balance,  ///< The credits and debits of a batch, its payout included, differ.
    conversion_mismatch,   ///< What the provider paid does not follow from its own exchange rate.
    conversion_corrected,  ///< Its file settles another amount than its answer said, and is booked.
};
inline constexpr std::size_t kItemStatuses = 10;

[[nodiscard]] std::string_view to_string(ItemStatus status) noexcept;
/// Errors: `not_found`.
[[nodiscard]] Result<ItemStatus> parse_item_status(std::string_view text);

/// What became of one line or of one expectation. Units: minor units of `currency`, signed from
/// our side; an amount is absent on the side that has none, or none in this currency.
struct Item {
    ItemStatus status = ItemStatus::matched;
    std::optional<std::int64_t> row;
    std::optional<Uuid> expectation_id;
    std::string provider_reference;  ///< Of a batch out of balance: the batch.
    std::string modification_reference;
    ledger::Currency currency;
    std::optional<std::int64_t> ledger_net;
    std::optional<std::int64_t> file_net;
    std::string note;  ///< The difference to the cent, in words.
};

/// What payments come to, in one currency; payouts are left out. Units: minor units.
struct CurrencyTotal {
    ledger::Currency currency;
    /// Of the expectations that matched, differ or are missing; of those that the provider
    /// converted, what we took them for, less the cost at its rate.
    std::int64_t ledger_net = 0;
    std::int64_t file_net = 0;
};

/// What the provider converted as it was to, of one pair of currencies. Units: `paid` in minor
/// units of `from`, all others of `to`; the gap as in fx::ConversionGap.
struct ConversionTotal {
    ledger::Currency from;
    ledger::Currency to;
    std::int64_t items = 0;
    std::int64_t paid = 0;
    std::int64_t settled = 0;
    std::int64_t rate = 0;
    std::int64_t rounding = 0;
};

struct MatchSummary {
    std::int64_t file_rows = 0;
    std::int64_t payouts = 0;
    std::array<std::int64_t, kItemStatuses> counts{};  ///< Indexed by ItemStatus.
    std::vector<CurrencyTotal> totals;                 ///< In order of code.
    std::vector<ConversionTotal> conversions;          ///< In order of both codes.

    [[nodiscard]] std::int64_t count(ItemStatus status) const noexcept {
        return counts[static_cast<std::size_t>(status)];
    }
    [[nodiscard]] std::int64_t exceptions() const noexcept;
};

struct Confirmation {
    Uuid expectation_id;
    std::string batch;
};

/// A payout that nobody expects at the bank yet.
struct Deposit {
    std::string batch;
    ledger::Money amount;
    Day day;
};

/// A settlement that an answer announced in another currency, and the file makes in the buyer's.
struct Withdrawal {
    Uuid expectation_id;
    std::string source;
    std::optional<Uuid> payment_id;
    ToldSettlement told;
};

struct Match {
    MatchSummary summary;
    std::vector<Item> items;                  ///< Lines in their order, then what is missing.
    std::vector<Confirmation> confirmations;  ///< Of expectations that were open until now.
    std::vector<Deposit> deposits;
    std::vector<SettledConversion> conversions;  ///< Of the confirmations, to be booked.
    std::vector<Withdrawal> withdrawals;         ///< Of the confirmations, to be taken back.
};

/// Requires the expectations of one connector: those with a key of a line, the deposits of the
/// file's batches, and those of the days of coverage(); each once.
///
/// Errors: `amount_overflow`.
[[nodiscard]] Result<Match> match(std::span<const StatementLine> lines,
                                  std::span<const Expectation> expectations);

/// The days of which the file claims to be complete; see above.
[[nodiscard]] std::set<Day> coverage(std::span<const StatementLine> lines);

/// The kind of expectation that a line can confirm; none for fees and what else there is.
[[nodiscard]] std::optional<ExpectationKind> expected_kind(LineKind kind) noexcept;

/// The references under which an expectation of the line would stand.
struct ExpectationKey {
    ExpectationKind kind;
    std::string provider_reference;
    std::string modification_reference;

    friend auto operator<=>(const ExpectationKey&, const ExpectationKey&) = default;
};
/// None for a line that no expectation can foresee.
[[nodiscard]] std::optional<ExpectationKey> key_of(const StatementLine& line);

}  // namespace causeway::gateway
