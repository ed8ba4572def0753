// SPDX-License-Identifier: Apache-2.0
#include "ledger/chain/verify/tables.h"
#include "ledger/journal/account_row.h"
#include "ledger/store/text.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace causeway::ledger::verifier {
namespace {

constexpr std::array<std::string_view, 14> kStateNames{"terms",
                                                       "debits",
                                                       "credits",
                                                       "pending_debits",
                                                       "pending_credits",
                                                       "line_count",
                                                       "last_sequence",
                                                       "last_recorded_us",
                                                       "ordered_debits",
                                                       "ordered_credits",
                                                       "ordered_pending_debits",
                                                       "ordered_pending_credits",
                                                       "watermark_us",
                                                       "block_max_us"};

// In the order of the names.
std::array<std::int64_t, kStateNames.size()> numbers_of(const AccountState& state) {
    return {state.terms,
            state.balance.debits,
            state.balance.credits,
            state.balance.pending_debits,
            state.balance.pending_credits,
            state.line_count,
            state.last_sequence,
            state.last_recorded_us,
            state.ordered.debits,
            state.ordered.credits,
            state.ordered.pending_debits,
            state.ordered.pending_credits,
            state.watermark_us,
            state.block_max_us};
}

std::string difference(const AccountState& stored, const AccountState& computed) {
    const auto before = numbers_of(stored);
    const auto after = numbers_of(computed);
    std::string text;
    for (std::size_t at = 0; at < before.size(); ++at) {
        if (before.at(at) == after.at(at)) continue;
        if (!text.empty()) text += "; ";
        text += "stored " + std::string(kStateNames.at(at)) + ' ' + std::to_string(before.at(at)) +
                ", computed " + std::to_string(after.at(at));
    }
    return text;
}

void take_account(const Row& row, AccountTable& accounts, Findings& findings) {
    const std::int64_t id = row.integer(0);
    const std::string which = "account " + std::to_string(id);
    const bool typed = row.holds(0, ColumnType::number) && row.holds(1, ColumnType::text) &&
                       row.holds(2, ColumnType::text) && row.holds(3, ColumnType::text);
    const AccountTexts texts{.owner = row.text(1), .purpose = row.text(2), .currency = row.text(3)};
    const bool sound = typed && !texts.owner.empty() && texts.owner.size() <= kOwnerBytesMax &&
                       is_storable(texts.owner) && parse_purpose(texts.purpose) &&
                       Currency::from_code(texts.currency);
    if (accounts.find(id) != AccountTable::kNowhere || !sound) {
        findings.add("unknown_account", which + " is none of ours");
        if (accounts.find(id) != AccountTable::kNowhere) return;
    }
    accounts.add(id, texts);
}

void check_balance(const Row& row, AccountTable& accounts, bool shared, Findings& findings) {
    const std::int64_t id = row.integer(0);
    const AccountTable::Index index = accounts.find(id);
    if (index == AccountTable::kNowhere || !accounts.at(index).known) {
        findings.add("balance_without_account", "account " + std::to_string(id));
        return;
    }
    CheckedAccount& account = accounts.at(index);
    const AccountState stored = account_state(row, 1);
    bool typed = true;
    for (int column = 0; column <= static_cast<int>(kStateNames.size()); ++column)
        typed = typed && row.holds(column, ColumnType::number);
    if (!typed || account.listed) {
        findings.add("balance_differs", accounts.name(index) + ": its row's types");
    } else if (!account.lost && stored != account.state) {
        findings.add("balance_differs",
                     accounts.name(index) + ": " + difference(stored, account.state));
    } else if (!shared && account.state.line_count == 0) {
        findings.add("balance_differs", accounts.name(index) + ": has a row, and no entry yet");
    }
    account.listed = true;
}

}  // namespace

Result<std::int64_t> read_accounts(Transaction& snapshot,
                                   AccountTable& accounts,
                                   Findings& findings) {
    std::int64_t count = 0;
    const Result<void> read = snapshot.query(
        "SELECT account_id, owner, purpose, currency FROM journal_accounts ORDER BY account_id",
        {},
        [&](const Row& row) {
            ++count;
            take_account(row, accounts, findings);
        });
    if (!read) return read.error();
    for (const AccountTable::Index twin : accounts.twins())
        findings.add("twin_account", accounts.name(twin) + " has two rows");
    return count;
}

void check_account_numbers(const AccountTable& accounts,
                           const std::vector<LaneRow>& lanes,
                           bool shared,
                           Findings& findings) {
    struct Numbers {
        std::int64_t count = 0;
        std::int64_t largest = 0;
    };
    std::map<std::int64_t, Numbers> by_lane;
    for (AccountTable::Index index = 0; index < accounts.size(); ++index) {
        const CheckedAccount& account = accounts.at(index);
        if (!account.known) continue;
        Numbers& numbers = by_lane[lane_of(account.id)];
        ++numbers.count;
        numbers.largest = std::max(numbers.largest, place_in_lane(account.id));
    }
    for (const auto& [lane, numbers] : by_lane) {
        if (numbers.count == numbers.largest) continue;
        findings.add("account_numbers",
                     "lane " + std::to_string(lane) + " has opened " +
                         std::to_string(numbers.count) + " accounts, numbered up to " +
                         std::to_string(numbers.largest));
    }
    for (const LaneRow& lane : lanes) {
        const std::int64_t expected = shared ? by_lane[lane.lane].count : 0;
        if (lane.accounts == expected) continue;
        findings.add("account_numbers",
                     "the row of lane " + std::to_string(lane.lane) + " says " +
                         std::to_string(lane.accounts) + " accounts and not " +
                         std::to_string(expected));
    }
}

Result<void> check_balances(Transaction& snapshot,
                            AccountTable& accounts,
                            bool shared,
                            Findings& findings) {
    const Result<void> read = snapshot.query(
        "SELECT account_id, terms, debits, credits, pending_debits, pending_credits, line_count,"
        " last_sequence, last_recorded_us, ordered_debits, ordered_credits,"
        " ordered_pending_debits, ordered_pending_credits, watermark_us, block_max_us"
        " FROM journal_balances ORDER BY account_id",
        {},
        [&](const Row& row) { check_balance(row, accounts, shared, findings); });
    if (!read) return read.error();
    for (AccountTable::Index index = 0; index < accounts.size(); ++index) {
        const CheckedAccount& account = accounts.at(index);
        if (account.listed || !account.known) continue;
        if (shared || account.state.line_count > 0) {
            findings.add("balance_missing", accounts.name(index));
        }
    }
    return {};
}

void check_client_money(const AccountTable& accounts, Findings& findings) {
    struct Totals {
        Int128 held = 0;   // at banks and providers
        Int128 owed = 0;   // to merchants and buyers
        Int128 share = 0;  // the operator's part of what is held
        Int128 claim = 0;  // the same in the operator's own fund
    };
    std::map<std::string, Totals> currencies;
    for (AccountTable::Index index = 0; index < accounts.size(); ++index) {
        const CheckedAccount& account = accounts.at(index);
        if (!account.purpose) continue;
        Totals& totals = currencies[accounts.groups()[account.group].currency];
        const Int128 net = Int128{account.state.balance.debits} - account.state.balance.credits;
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
        findings.add("client_money",
                     currency + ": held " + text(totals.held) + ", owed " + text(totals.owed) +
                         ", operator's share " + text(totals.share) + ", operator's claim " +
                         text(totals.claim));
    }
}

Result<void> check_strays(Transaction& snapshot, const RowsSeen& seen, Findings& findings) {
    const Result<void> read = snapshot.query(
        "SELECT sequence FROM journal_entries WHERE sequence < 1 OR sequence >= $1"
        " ORDER BY sequence LIMIT 100",
        {first_of_lane(kLanesEnd) - 1},
        [&](const Row& row) {
            findings.add("malformed_sequence",
                         "no entry has the number " + std::to_string(row.integer(0)));
        });
    if (!read) return read.error();
    return snapshot.query(
        "SELECT (SELECT count(*) FROM journal_pendings), (SELECT count(*) FROM journal_heads),"
        " (SELECT count(*) FROM journal_displaced WHERE account_id < 1),"
        " (SELECT count(*) FROM journal_displaced_totals WHERE account_id < 1)",
        {},
        [&](const Row& row) {
            const auto check = [&](std::string_view table, std::int64_t count) {
                if (count == 0) return;
                findings.add("stray_rows",
                             std::string(table) + " has " + std::to_string(count) +
                                 " rows under keys that the journal never gives");
            };
            check("journal_pendings", row.integer(0) - seen.pendings);
            check("journal_heads", row.integer(1) - seen.heads);
            check("journal_displaced", row.integer(2));
            check("journal_displaced_totals", row.integer(3));
        });
}

}  // namespace causeway::ledger::verifier
