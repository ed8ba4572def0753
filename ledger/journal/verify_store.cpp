// SPDX-License-Identifier: Apache-2.0
//
// Reads the books once, in the order of the entries, a chunk at a time: the memory it takes is one
// chunk and one pair of sums for each account.
#include "ledger/journal/journal.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace causeway::ledger {
namespace {

// Sums of more lines than 64 bits could hold; g++ and clang both have it.
__extension__ using Int128 = __int128;
using Bytes = std::vector<std::uint8_t>;
using Progress = std::function<void(std::int64_t, std::int64_t)>;

constexpr std::size_t kFindingsMax = 100;
constexpr std::int64_t kEntriesInChunk = 8192;

// What a sum is kept for: one currency in one fund.
struct Group {
    Fund fund;
    std::string currency;
    Int128 sum = 0;
};

struct Account {
    std::int64_t id = 0;
    std::string name;  // "merchant_pending mer_01J... EUR"
    std::size_t group = 0;
    std::optional<Purpose> purpose;  // none when it is not one of ours
    std::optional<Balance> stored;
    Int128 debits = 0;
    Int128 credits = 0;
};

// The entry whose lines are being read.
struct Open {
    Bytes id;
    std::int64_t lines = 0;
    bool in_order = true;
    bool known = false;  // there is a row in entries
};

std::string text(Int128 number) {
    if (number == 0) return "0";
    std::string digits;
    const bool negative = number < 0;
    for (; number != 0; number /= 10) {
        const int digit = static_cast<int>(number % 10);
        digits += static_cast<char>('0' + (digit < 0 ? -digit : digit));
    }
    if (negative) digits += '-';
    std::ranges::reverse(digits);
    return digits;
}

std::string entry_name(const Bytes& bytes) {
    const Result<Uuid> id = uuid_from_bytes(bytes);
    return id ? to_text("je", *id)
              : "an entry whose id has " + std::to_string(bytes.size()) + " bytes";
}

Bytes copied(std::span<const std::uint8_t> bytes) {
    return {bytes.begin(), bytes.end()};
}

std::string_view name_of(Fund fund) {
    return fund == Fund::client ? "client" : "own";
}

class Verifier {
  public:
    Verifier(Transaction& snapshot, const Progress& progress)
        : snapshot_(snapshot), progress_(progress) {}

    [[nodiscard]] Result<VerifyReport> run();

  private:
    [[nodiscard]] Result<void> read_accounts();
    [[nodiscard]] Result<void> count_rows();
    [[nodiscard]] Result<void> read_stray_balances();
    [[nodiscard]] Result<std::vector<Bytes>> next_entries(const Bytes& after);
    [[nodiscard]] Result<void> read_lines(const Bytes& after, const Bytes* last);
    void take_account(const Row& row);
    void take_line(const Row& row);
    void catch_up(std::span<const std::uint8_t> id);
    void open(Bytes id, bool known);
    void close();
    void check_counts();
    void check_balances();
    void check_client_money();
    void find(std::string rule, std::string detail);
    [[nodiscard]] std::size_t group(Fund fund, std::string_view currency);

    Transaction& snapshot_;
    const Progress& progress_;
    VerifyReport report_;
    std::int64_t lines_in_all_ = 0;
    std::int64_t entries_in_all_ = 0;
    std::vector<Group> groups_;
    std::vector<std::size_t> touched_groups_;
    std::vector<Account> accounts_;
    std::unordered_map<std::int64_t, std::size_t> places_;
    std::vector<Bytes> entries_;  // the chunk in hand
    std::size_t next_entry_ = 0;
    std::optional<Open> open_;
};

Result<VerifyReport> Verifier::run() {
    Result<void> read = read_accounts();
    if (!read) return read.error();
    read = count_rows();
    if (!read) return read.error();
    Bytes after;
    for (;;) {
        Result<std::vector<Bytes>> chunk = next_entries(after);
        if (!chunk) return chunk.error();
        entries_ = std::move(*chunk);
        next_entry_ = 0;
        const Bytes last = entries_.empty() ? Bytes() : entries_.back();
        // After the last entry whatever lines are left belong to none.
        read = read_lines(after, entries_.empty() ? nullptr : &last);
        if (!read) return read.error();
        if (progress_) progress_(report_.lines, lines_in_all_);
        if (entries_.empty()) break;
        after = last;
    }
    check_counts();
    check_balances();
    read = read_stray_balances();
    if (!read) return read.error();
    check_client_money();
    return std::move(report_);
}

Result<void> Verifier::read_accounts() {
    return snapshot_.query(
        "SELECT a.account_id, a.owner, a.purpose, a.currency, b.debits, b.credits"
        " FROM accounts a LEFT JOIN balances b ON b.account_id = a.account_id"
        " ORDER BY a.account_id",
        {},
        [this](const Row& row) { take_account(row); });
}

Result<void> Verifier::count_rows() {
    return snapshot_.query("SELECT (SELECT count(*) FROM lines), (SELECT count(*) FROM entries)",
                           {},
                           [this](const Row& row) {
                               lines_in_all_ = row.integer(0);
                               entries_in_all_ = row.integer(1);
                           });
}

void Verifier::take_account(const Row& row) {
    Account account;
    account.id = row.integer(0);
    account.name =
        std::string(row.text(2)) + ' ' + std::string(row.text(1)) + ' ' + std::string(row.text(3));
    const Result<Purpose> purpose = parse_purpose(row.text(2));
    if (purpose && Currency::from_code(row.text(3))) account.purpose = *purpose;
    account.group = group(purpose ? fund_of(*purpose) : Fund::own, row.text(3));
    if (!row.is_null(4)) account.stored = Balance{row.integer(4), row.integer(5)};
    places_.emplace(account.id, accounts_.size());
    accounts_.push_back(std::move(account));
    ++report_.accounts;
}

Result<std::vector<Bytes>> Verifier::next_entries(const Bytes& after) {
    std::vector<Bytes> found;
    found.reserve(static_cast<std::size_t>(kEntriesInChunk));
    const Result<void> read = snapshot_.query(
        "SELECT entry_id FROM entries WHERE entry_id > $1 ORDER BY entry_id LIMIT $2",
        {std::span<const std::uint8_t>(after), kEntriesInChunk},
        [&](const Row& row) { found.push_back(copied(row.bytes(0))); });
    if (!read) return read.error();
    return found;
}

Result<void> Verifier::read_lines(const Bytes& after, const Bytes* last) {
    const std::function<void(const Row&)> each = [this](const Row& row) { take_line(row); };
    const std::span<const std::uint8_t> from(after);
    Result<void> read = last == nullptr
                            ? snapshot_.query(
                                  "SELECT entry_id, line_no, account_id, amount FROM lines"
                                  " WHERE entry_id > $1 ORDER BY entry_id, line_no",
                                  {from},
                                  each)
                            : snapshot_.query(
                                  "SELECT entry_id, line_no, account_id, amount FROM lines"
                                  " WHERE entry_id > $1 AND entry_id <= $2"
                                  " ORDER BY entry_id, line_no",
                                  {from, std::span<const std::uint8_t>(*last)},
                                  each);
    if (!read) return read;
    for (; next_entry_ < entries_.size(); ++next_entry_)
        open(std::move(entries_[next_entry_]), true);
    close();
    return {};
}

void Verifier::take_line(const Row& row) {
    const std::span<const std::uint8_t> id = row.bytes(0);
    if (!open_ || !std::ranges::equal(open_->id, id)) catch_up(id);
    ++report_.lines;
    ++open_->lines;
    open_->in_order = open_->in_order && row.integer(1) == open_->lines;
    const std::int64_t amount = row.integer(3);
    if (amount == 0) find("zero_line", entry_name(open_->id) + " has a line of zero");
    const auto place = places_.find(row.integer(2));
    if (place == places_.end()) {
        find("line_without_account",
             entry_name(open_->id) + " names account " + std::to_string(row.integer(2)));
        return;
    }
    Account& account = accounts_[place->second];
    (amount > 0 ? account.debits : account.credits) += amount > 0 ? amount : -Int128{amount};
    if (std::ranges::find(touched_groups_, account.group) == touched_groups_.end()) {
        touched_groups_.push_back(account.group);
    }
    groups_[account.group].sum += amount;
}

// Closes the entry in hand and goes on to the one that the line at hand names.
void Verifier::catch_up(std::span<const std::uint8_t> id) {
    const auto before = [](std::span<const std::uint8_t> a, std::span<const std::uint8_t> b) {
        return std::ranges::lexicographical_compare(a, b);
    };
    while (next_entry_ < entries_.size() && before(entries_[next_entry_], id))
        open(std::move(entries_[next_entry_++]), true);
    const bool known =
        next_entry_ < entries_.size() && std::ranges::equal(entries_[next_entry_], id);
    open(known ? std::move(entries_[next_entry_++]) : copied(id), known);
}

void Verifier::open(Bytes id, bool known) {
    close();
    if (known) ++report_.entries;
    open_ = Open{.id = std::move(id), .lines = 0, .in_order = true, .known = known};
}

void Verifier::close() {
    if (!open_) return;
    const Open& entry = *open_;  // named only when there is something to say: names cost
    if (!entry.known) {
        find("line_without_entry", "lines name " + entry_name(entry.id) + ", which is not there");
    }
    if (entry.id.size() != Uuid().bytes.size()) find("malformed_id", entry_name(entry.id));
    if (entry.known && entry.lines < 2) {
        find("too_few_lines", entry_name(entry.id) + " has " + std::to_string(entry.lines));
    }
    if (!entry.in_order) {
        find("line_missing", entry_name(entry.id) + " does not number its lines 1, 2, 3, ...");
    }
    for (const std::size_t at : touched_groups_) {
        Group& sum = groups_[at];
        if (sum.sum != 0) {
            find("unbalanced_entry",
                 entry_name(entry.id) + ": " + sum.currency + " in the " +
                     std::string(name_of(sum.fund)) + " fund adds up to " + text(sum.sum));
        }
        sum.sum = 0;
    }
    touched_groups_.clear();
    open_.reset();
}

// SQLite would keep a text or a number where an id belongs, and order it before all ids.
void Verifier::check_counts() {
    const std::int64_t lines = lines_in_all_ - report_.lines;
    const std::int64_t entries = entries_in_all_ - report_.entries;
    if (lines == 0 && entries == 0) return;
    find("malformed_id",
         std::to_string(entries) + " entries and " + std::to_string(lines) +
             " lines stand under ids that are none");
}

void Verifier::check_balances() {
    for (const Account& account : accounts_) {
        if (!account.purpose) find("unknown_account", account.name + " is none of ours");
        if (!account.stored) {
            find("balance_missing", account.name);
        } else if (account.debits != account.stored->debits ||
                   account.credits != account.stored->credits) {
            find("balance_differs",
                 account.name + ": stored debits " + std::to_string(account.stored->debits) +
                     ", credits " + std::to_string(account.stored->credits) +
                     "; its lines add up to debits " + text(account.debits) + ", credits " +
                     text(account.credits));
        }
    }
}

Result<void> Verifier::read_stray_balances() {
    return snapshot_.query(
        "SELECT b.account_id FROM balances b LEFT JOIN accounts a ON a.account_id = b.account_id"
        " WHERE a.account_id IS NULL ORDER BY b.account_id",
        {},
        [this](const Row& row) {
            find("balance_without_account", "account " + std::to_string(row.integer(0)));
        });
}

// From the stored balances, as everybody else reads them.
void Verifier::check_client_money() {
    struct Totals {
        Int128 held = 0;   // at banks and providers
        Int128 owed = 0;   // to merchants and buyers
        Int128 share = 0;  // the operator's part of what is held
        Int128 claim = 0;  // the same in the operator's own fund
    };
    std::map<std::string, Totals> currencies;
    for (const Account& account : accounts_) {
        if (!account.stored || !account.purpose) continue;
        Totals& totals = currencies[groups_[account.group].currency];
        const Int128 net = Int128{account.stored->debits} - account.stored->credits;
        const Purpose purpose = *account.purpose;
        if (purpose == Purpose::provider_receivable || purpose == Purpose::bank_client) {
            totals.held += net;
        } else if (purpose == Purpose::operator_share) {
            totals.share -= net;
        } else if (purpose == Purpose::client_money_claim) {
            totals.claim += net;
        } else if (fund_of(purpose) == Fund::client) {
            totals.owed -= net;
        }
    }
    for (const auto& [currency, totals] : currencies) {
        if (totals.held == totals.owed + totals.share && totals.share == totals.claim) continue;
        find("client_money",
             currency + ": held " + text(totals.held) + ", owed " + text(totals.owed) +
                 ", operator's share " + text(totals.share) + ", operator's claim " +
                 text(totals.claim));
    }
}

void Verifier::find(std::string rule, std::string detail) {
    if (report_.findings.size() >= kFindingsMax) return;
    report_.findings.push_back({.rule = std::move(rule), .detail = std::move(detail)});
}

std::size_t Verifier::group(Fund fund, std::string_view currency) {
    const auto same = [&](const Group& known) {
        return known.fund == fund && known.currency == currency;
    };
    const auto found = std::ranges::find_if(groups_, same);
    if (found != groups_.end()) return static_cast<std::size_t>(found - groups_.begin());
    groups_.push_back({.fund = fund, .currency = std::string(currency)});
    return groups_.size() - 1;
}

}  // namespace

Result<VerifyReport> verify(Transaction& snapshot, const Progress& progress) {
    return Verifier(snapshot, progress).run();
}

}  // namespace causeway::ledger
