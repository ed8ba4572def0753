// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/account_memory.h"
#include "ledger/journal/journal.h"
#include "ledger/store/commit_queue.h"
#include "ledger/store/text.h"

#include <algorithm>
#include <array>
#include <compare>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>

namespace causeway::ledger {
namespace {

// Sums of a few lines; g++ and clang both have it.
__extension__ using Int128 = __int128;

// Lines name no foreign key: only post() inserts them, and verify() reads them all. Checking each
// of them on the way in costs a tenth of the rate.
constexpr std::string_view kTables = R"(
CREATE TABLE accounts (
    account_id BIGINT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    purpose TEXT NOT NULL,
    currency TEXT NOT NULL,
    UNIQUE (owner, purpose, currency)
) /*clustered*/;
CREATE TABLE entries (
    entry_id BYTES NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    reference TEXT NOT NULL,
    effective_us BIGINT NOT NULL,
    recorded_us BIGINT NOT NULL
) /*clustered*/;
CREATE TABLE lines (
    entry_id BYTES NOT NULL,
    line_no BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    PRIMARY KEY (entry_id, line_no)
) /*clustered*/;
CREATE TABLE balances (
    account_id BIGINT NOT NULL PRIMARY KEY,
    debits BIGINT NOT NULL,
    credits BIGINT NOT NULL
) /*clustered*/;
)";
constexpr std::array kMigrations{Migration{.version = 1, .sql = kTables}};

// After a failed step of ours the books would be half written, and no caller could mend them.
void must(const Result<std::int64_t>& done, const char* what) {
    if (!done) throw std::logic_error(std::string(what) + ": " + done.error().detail());
}

Result<AccountKey> account_key(const Row& row, int first) {
    const Result<Purpose> purpose = parse_purpose(row.text(first + 1));
    if (!purpose) return Error(ErrorCode::integrity, "stored " + purpose.error().detail());
    const Result<Currency> currency = Currency::from_code(row.text(first + 2));
    if (!currency) return Error(ErrorCode::integrity, "stored " + currency.error().detail());
    return AccountKey{
        .owner = std::string(row.text(first)), .purpose = *purpose, .currency = *currency};
}

struct StoredAccount {
    std::int64_t id;
    AccountBalance account;
};

#define CAUSEWAY_ACCOUNTS                                                      \
    "SELECT a.account_id, a.owner, a.purpose, a.currency, b.debits, b.credits" \
    " FROM accounts a LEFT JOIN balances b ON b.account_id = a.account_id"

Result<std::vector<StoredAccount>> stored_accounts(Transaction& snapshot,
                                                   std::string_view sql,
                                                   std::initializer_list<Value> values) {
    std::vector<StoredAccount> found;
    std::optional<Error> broken;
    const Result<void> read = snapshot.query(sql, values, [&](const Row& row) {
        Result<AccountKey> key = account_key(row, 1);
        if (!key) {
            broken = key.error();
            return;
        }
        const Balance balance{.debits = row.integer(4), .credits = row.integer(5)};
        found.push_back(
            {.id = row.integer(0), .account = {.account = std::move(*key), .balance = balance}});
    });
    if (!read) return read.error();
    if (broken) return *broken;
    return found;
}

// In order of purpose, owner, currency.
std::vector<AccountBalance> in_order(std::vector<StoredAccount> stored) {
    std::vector<AccountBalance> found;
    found.reserve(stored.size());
    for (StoredAccount& row : stored)
        found.push_back(std::move(row.account));
    std::ranges::sort(found, [](const AccountBalance& a, const AccountBalance& b) {
        return std::tuple(a.account.purpose, a.account.owner, a.account.currency.code()) <
               std::tuple(b.account.purpose, b.account.owner, b.account.currency.code());
    });
    return found;
}

// The lines of one currency in one fund.
struct Sum {
    Fund fund;
    Currency currency;
    Int128 minor_units;
};

Error invalid(const Entry& entry, std::string_view why) {
    return Error(ErrorCode::invalid_argument, to_text("je", entry.id) + ": " + std::string(why));
}

Result<void> check_sums(const Entry& entry, std::vector<Sum>& sums) {
    sums.clear();
    for (const Line& line : entry.lines) {
        const Fund fund = fund_of(line.account.purpose);
        const Currency currency = line.account.currency;
        const auto same = [&](const Sum& sum) {
            return sum.fund == fund && sum.currency == currency;
        };
        const auto sum = std::ranges::find_if(sums, same);
        if (sum == sums.end()) {
            sums.push_back({.fund = fund, .currency = currency, .minor_units = line.minor_units});
        } else {
            sum->minor_units += line.minor_units;
        }
    }
    for (const Sum& sum : sums) {
        if (sum.minor_units == 0) continue;
        return invalid(entry,
                       std::string(sum.currency.code()) + " does not balance in the " +
                           (sum.fund == Fund::client ? "client" : "own") + " fund");
    }
    return {};
}

Result<void> check(const Entry& entry, std::vector<Sum>& sums) {
    if (entry.lines.size() < 2) return invalid(entry, "fewer than two lines");
    if (entry.kind.empty()) return invalid(entry, "no kind");
    bool storable = is_storable(entry.kind) && is_storable(entry.reference);
    for (const Line& line : entry.lines) {
        if (line.minor_units == 0) return invalid(entry, "a line of zero");
        if (line.account.owner.empty()) return invalid(entry, "an account without an owner");
        storable = storable && is_storable(line.account.owner);
    }
    if (!storable) return invalid(entry, "a text that is not UTF-8 or holds a NUL");
    return check_sums(entry, sums);
}

}  // namespace

class Journal::Memory final : public Participant {
  public:
    explicit Memory(const std::vector<StoredAccount>& stored) {
        for (const StoredAccount& row : stored)
            accounts_.load(row.id, row.account.account, row.account.balance);
    }

    [[nodiscard]] Result<void> post(Transaction& transaction, const Entry& entry);
    [[nodiscard]] Balance balance(const AccountKey& key) const {
        const AccountMemory::Account* const account = accounts_.find(key);
        return account == nullptr ? Balance{} : account->balance;
    }

    void begin_body() override {}
    void keep_body() override { accounts_.keep(); }
    void undo_body() override { accounts_.revert(0); }
    void before_commit(Transaction& transaction) override;
    void after_commit() noexcept override {}

  private:
    [[nodiscard]] Result<void> add_lines(const Entry& entry);
    void insert_lines(Transaction& transaction, const Entry& entry);

    AccountMemory accounts_;
    std::vector<Sum> sums_;                    // scratch of check()
    std::vector<AccountMemory::Index> lines_;  // the accounts of the entry in hand
};

Result<void> Journal::Memory::post(Transaction& transaction, const Entry& entry) {
    const Result<void> sound = check(entry, sums_);
    if (!sound) return sound.error();
    // A body may post, be refused, and go on: so a refused entry undoes itself.
    const AccountMemory::Mark before = accounts_.mark();
    const Result<void> added = add_lines(entry);
    if (!added) {
        accounts_.revert(before);
        return added.error();
    }
    const Result<std::int64_t> inserted = transaction.execute(
        "INSERT INTO entries (entry_id, kind, reference, effective_us, recorded_us)"
        " VALUES ($1, $2, $3, $4, $5)",
        {entry.id, entry.kind, entry.reference, entry.effective, entry.recorded});
    if (!inserted) {
        accounts_.revert(before);
        return inserted.error();
    }
    insert_lines(transaction, entry);
    return {};
}

Result<void> Journal::Memory::add_lines(const Entry& entry) {
    lines_.clear();
    for (const Line& line : entry.lines) {
        const AccountMemory::Index index = accounts_.find_or_open(line.account);
        if (!accounts_.add(index, line.minor_units)) {
            return Error(ErrorCode::amount_overflow,
                         "the balance of " + line.account.owner + " " +
                             std::string(to_string(line.account.purpose)));
        }
        lines_.push_back(index);
    }
    return {};
}

// One row a statement: SQLite keeps a journal for an INSERT of several rows, to undo half of one,
// and that costs twice what it saves.
void Journal::Memory::insert_lines(Transaction& transaction, const Entry& entry) {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
        must(transaction.execute("INSERT INTO lines (entry_id, line_no, account_id, amount)"
                                 " VALUES ($1, $2, $3, $4)",
                                 {entry.id,
                                  static_cast<std::int64_t>(i + 1),
                                  accounts_.at(lines_[i]).id,
                                  entry.lines[i].minor_units}),
             "a line without an entry stands in the way");
    }
}

void Journal::Memory::before_commit(Transaction& transaction) {
    for (const AccountMemory::Index index : accounts_.touched()) {
        const AccountMemory::Account& account = accounts_.at(index);
        const Balance& balance = account.balance;
        if (account.stored) {
            must(transaction.execute(
                     "UPDATE balances SET debits = $1, credits = $2 WHERE account_id = $3",
                     {balance.debits, balance.credits, account.id}),
                 "can not write a balance");
            continue;
        }
        must(transaction.execute("INSERT INTO accounts (account_id, owner, purpose, currency)"
                                 " VALUES ($1, $2, $3, $4)",
                                 {account.id,
                                  account.key->owner,
                                  to_string(account.key->purpose),
                                  account.key->currency.code()}),
             "can not open an account");
        must(transaction.execute(
                 "INSERT INTO balances (account_id, debits, credits) VALUES ($1, $2, $3)",
                 {account.id, balance.debits, balance.credits}),
             "can not write a balance");
    }
    accounts_.written();
}

std::span<const Migration> journal_migrations() {
    return kMigrations;
}

Journal::Journal(Database& database) {
    const Result<void> loaded = database.read([this](Transaction& snapshot) -> Result<void> {
        const Result<std::vector<StoredAccount>> stored =
            stored_accounts(snapshot, CAUSEWAY_ACCOUNTS, {});
        if (!stored) return stored.error();
        memory_ = std::make_shared<Memory>(*stored);
        return {};
    });
    if (!loaded) throw std::runtime_error("can not read the accounts: " + loaded.error().detail());
    database.writer().add(memory_);
}

Journal::~Journal() = default;

Result<void> Journal::post(Transaction& transaction, const Entry& entry) {
    return memory_->post(transaction, entry);
}

Result<Balance> Journal::balance(Transaction&, const AccountKey& account) {
    return memory_->balance(account);
}

Result<std::vector<AccountBalance>> Journal::balances(Transaction& snapshot) {
    Result<std::vector<StoredAccount>> stored = stored_accounts(snapshot, CAUSEWAY_ACCOUNTS, {});
    if (!stored) return stored.error();
    return in_order(*std::move(stored));
}

Result<std::vector<AccountBalance>> Journal::balances_of(Transaction& snapshot,
                                                         std::string_view owner) {
    Result<std::vector<StoredAccount>> stored =
        stored_accounts(snapshot, CAUSEWAY_ACCOUNTS " WHERE a.owner = $1", {owner});
    if (!stored) return stored.error();
    return in_order(*std::move(stored));
}

Result<Entry> Journal::entry(Transaction& snapshot, const Uuid& id) {
    std::optional<Entry> found;
    Result<void> read = snapshot.query(
        "SELECT kind, reference, effective_us, recorded_us FROM entries WHERE entry_id = $1",
        {id},
        [&](const Row& row) {
            found = Entry{.id = id,
                          .kind = std::string(row.text(0)),
                          .reference = std::string(row.text(1)),
                          .effective = row.moment(2),
                          .recorded = row.moment(3),
                          .lines = {}};
        });
    if (!read) return read.error();
    if (!found) return Error(ErrorCode::not_found, to_text("je", id));
    std::optional<Error> broken;
    read = snapshot.query(
        "SELECT l.amount, a.owner, a.purpose, a.currency"
        " FROM lines l JOIN accounts a ON a.account_id = l.account_id"
        " WHERE l.entry_id = $1 ORDER BY l.line_no",
        {id},
        [&](const Row& row) {
            Result<AccountKey> key = account_key(row, 1);
            if (!key) {
                broken = key.error();
            } else {
                found->lines.push_back({.account = std::move(*key), .minor_units = row.integer(0)});
            }
        });
    if (!read) return read.error();
    if (broken) return *broken;
    return std::move(*found);
}

}  // namespace causeway::ledger
