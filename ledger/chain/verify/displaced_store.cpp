// SPDX-License-Identifier: Apache-2.0
//
// Displaced lines come from the walk in the order of the entries, and from their table in the order
// of accounts and times; so what is compared are sums over hashes of rows. The totals in turn are
// computed from the rows of the table, once those are known to be right.
#include "ledger/chain/verify/history.h"

#include <array>
#include <optional>
#include <span>
#include <string>

namespace causeway::ledger::verifier {
namespace {

constexpr std::int64_t kRowsInPage = 1024;

Balance balance_of(std::span<const std::int64_t, 4> numbers) {
    return {.debits = numbers[0],
            .credits = numbers[1],
            .pending_debits = numbers[2],
            .pending_credits = numbers[3]};
}

/// Rows of numbers in the order of a key that starts with the account, a page at a time.
template <std::size_t width, std::size_t key_width>
class NumberPages {
  public:
    using Numbers = std::array<std::int64_t, width>;

    explicit NumberPages(Transaction& snapshot, std::string_view sql)
        : snapshot_(snapshot), sql_(sql) {
        after_.fill(INT64_MIN);
    }

    /// The next page; empty at the end. Errors: `storage`.
    [[nodiscard]] Result<std::span<const Numbers>> next() {
        rows_.clear();
        if (broken_) return std::span<const Numbers>();
        const Result<void> read = query([this](const Row& row) {
            Numbers& numbers = rows_.emplace_back();
            for (int at = 0; at < static_cast<int>(width); ++at) {
                broken_ = broken_ || !row.holds(at, ColumnType::number);
                numbers.at(static_cast<std::size_t>(at)) = row.integer(at);
            }
            std::array<std::int64_t, key_width> key{};
            std::copy_n(numbers.begin(), key_width, key.begin());
            broken_ = broken_ || key <= after_;
            after_ = key;
        });
        if (!read) return read.error();
        return std::span<const Numbers>(rows_);
    }
    /// A row holds something else than numbers, or lies before the last one, where a damaged tree
    /// has led back to: what follows it can not be read.
    [[nodiscard]] bool broken() const noexcept { return broken_; }

  private:
    [[nodiscard]] Result<void> query(const std::function<void(const Row&)>& each) {
        if constexpr (key_width == 4) {
            return snapshot_.query(
                sql_, {after_[0], after_[1], after_[2], after_[3], kRowsInPage}, each);
        } else {
            return snapshot_.query(sql_, {after_[0], after_[1], after_[2], kRowsInPage}, each);
        }
    }

    Transaction& snapshot_;
    std::string_view sql_;
    std::array<std::int64_t, key_width> after_{};
    std::vector<Numbers> rows_;
    bool broken_ = false;
};

/// Adds up displaced lines, which come in the order of account and time, by the buckets of a level.
class Totals {
  public:
    Totals(AccountTable& accounts, const RowDigest& digest)
        : accounts_(accounts), digest_(digest) {}

    void add(AccountTable::Index index, std::int64_t effective_us, const Balance& change) {
        for (std::size_t at = 0; at < open_.size(); ++at) {
            const std::int64_t bucket = displaced_bucket(effective_us, static_cast<int>(at) + 1);
            std::optional<Bucket>& open = open_.at(at);
            if (open && (open->index != index || open->bucket != bucket)) close(at);
            if (!open) open = Bucket{.index = index, .bucket = bucket, .sum = {}};
            (void)add_signed(open->sum, change);
        }
    }
    void finish() {
        for (std::size_t at = 0; at < open_.size(); ++at)
            close(at);
    }

  private:
    struct Bucket {
        AccountTable::Index index;
        std::int64_t bucket;
        Balance sum;
    };
    void close(std::size_t at) {
        if (!open_.at(at)) return;
        const Bucket& open = *open_.at(at);
        CheckedAccount& account = accounts_.at(open.index);
        digest_.add(account.displaced_total,
                    std::array{account.id,
                               static_cast<std::int64_t>(at) + 1,
                               open.bucket,
                               open.sum.debits,
                               open.sum.credits,
                               open.sum.pending_debits,
                               open.sum.pending_credits});
        open_.at(at).reset();
    }

    AccountTable& accounts_;
    const RowDigest& digest_;
    std::array<std::optional<Bucket>, kDisplacedLevels> open_;
};

}  // namespace

Result<void> HistoryCheck::check_displaced() {
    NumberPages<8, 4> pages(
        snapshot_,
        "SELECT account_id, effective_us, sequence, line_no, debits, credits, pending_debits,"
        " pending_credits FROM journal_displaced"
        " WHERE (account_id, effective_us, sequence, line_no) > ($1, $2, $3, $4)"
        " ORDER BY account_id, effective_us, sequence, line_no LIMIT $5");
    RowSums found(accounts_.size());
    Totals totals(accounts_, digest_);
    while (true) {
        const auto page = pages.next();
        if (!page) return page.error();
        if (page->empty()) break;
        for (const auto& row : *page) {
            const AccountTable::Index index = accounts_.find(row[0]);
            if (index == AccountTable::kNowhere) {
                findings_.add("displaced_differs",
                              "account " + std::to_string(row[0]) + " of " + entry_at(row[2]) +
                                  " is not there");
                continue;
            }
            digest_.add(found[index], row);
            totals.add(index, row[1], balance_of(std::span(row).last<4>()));
        }
    }
    totals.finish();
    if (pages.broken()) {
        findings_.add("displaced_differs",
                      "a row of journal_displaced is out of order, or holds other than numbers");
        return {};
    }
    compare("displaced_differs", &CheckedAccount::displaced, found);
    return check_totals();
}

Result<void> HistoryCheck::check_totals() {
    NumberPages<7, 3> pages(
        snapshot_,
        "SELECT account_id, level, bucket, debits, credits, pending_debits, pending_credits"
        " FROM journal_displaced_totals WHERE (account_id, level, bucket) > ($1, $2, $3)"
        " ORDER BY account_id, level, bucket LIMIT $4");
    RowSums found(accounts_.size());
    while (true) {
        const auto page = pages.next();
        if (!page) return page.error();
        if (page->empty()) break;
        for (const auto& row : *page) {
            const AccountTable::Index index = accounts_.find(row[0]);
            if (index == AccountTable::kNowhere) {
                findings_.add("displaced_total_differs",
                              "account " + std::to_string(row[0]) + " is not there");
                continue;
            }
            digest_.add(found[index], row);
        }
    }
    if (pages.broken()) {
        findings_.add(
            "displaced_total_differs",
            "a row of journal_displaced_totals is out of order, or holds other than numbers");
        return {};
    }
    compare("displaced_total_differs", &CheckedAccount::displaced_total, found);
    return {};
}

void HistoryCheck::compare(std::string_view rule,
                           RowSum CheckedAccount::*expected,
                           const RowSums& found) {
    for (AccountTable::Index index = 0; index < accounts_.size(); ++index) {
        const CheckedAccount& account = accounts_.at(index);
        if (account.lost || account.*expected == found[index]) continue;
        findings_.add(rule,
                      accounts_.name(index) + ": its " + std::to_string(found[index].count) +
                          " rows are not the " + std::to_string((account.*expected).count) +
                          " that there must be");
    }
}

}  // namespace causeway::ledger::verifier
