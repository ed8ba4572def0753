// SPDX-License-Identifier: Apache-2.0
#include "ledger/exports/journal_export.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <tuple>
#include <utility>

namespace causeway::ledger {

JournalExport::JournalExport(Database& database, ExportFormat format)
    : database_(database), exporter_(make_exporter(format)) {}

Result<std::unique_ptr<JournalExport>> JournalExport::begin(Database& database,
                                                            ExportFormat format) {
    std::unique_ptr<JournalExport> made(new JournalExport(database, format));
    const Result<void> read =
        database.read([&made](Transaction& snapshot) { return made->open(snapshot); });
    if (!read) return read.error();
    return made;
}

Result<void> JournalExport::open(Transaction& snapshot) {
    Result<AccountNames> names = load_account_names(snapshot);
    if (!names) return names.error();
    take_accounts(*std::move(names));
    Result<MergedEntries> entries = MergedEntries::open(snapshot);
    if (!entries) return entries.error();
    entries_ = *std::move(entries);
    const Result<const StoredEntry*> first = entries_.front(snapshot);
    if (!first) return first.error();
    if (*first != nullptr) first_ = day_of((*first)->recorded);
    return {};
}

void JournalExport::take_accounts(AccountNames names) {
    std::vector<std::pair<std::int64_t, AccountKey>> rows;
    rows.reserve(names.size());
    for (auto& [id, key] : names)
        rows.emplace_back(id, std::move(key));
    std::ranges::sort(rows, [](const auto& a, const auto& b) {
        return std::tuple(
                   a.second.purpose, std::string_view(a.second.owner), a.second.currency.code()) <
               std::tuple(
                   b.second.purpose, std::string_view(b.second.owner), b.second.currency.code());
    });
    accounts_.reserve(rows.size());
    for (auto& [id, key] : rows) {
        places_.emplace(id, accounts_.size());
        accounts_.push_back({.key = std::move(key)});
    }
}

void JournalExport::write_start(std::string& out) {
    std::vector<Currency> currencies;
    std::ranges::copy_if(Currency::all(), std::back_inserter(currencies), [this](Currency one) {
        return std::ranges::any_of(
            accounts_, [one](const Account& account) { return account.key.currency == one; });
    });
    exporter_->begin({.currencies = currencies, .first = first_}, out);
}

Result<bool> JournalExport::next(std::string& out) {
    const std::size_t full = out.size() + kPieceBytes;
    if (step_ == Step::start) {
        write_start(out);
        step_ = Step::accounts;
    }
    if (step_ == Step::accounts) {
        for (; next_account_ < accounts_.size(); ++next_account_) {
            if (out.size() >= full) return true;
            exporter_->account(accounts_[next_account_].key, out);
        }
        step_ = Step::entries;
    }
    if (step_ == Step::entries) {
        const Result<void> read = database_.read(
            [&](Transaction& snapshot) { return write_entries(snapshot, full, out); });
        if (!read) step_ = Step::done;
        if (!read) return read.error();
        if (step_ == Step::entries) return true;
        next_account_ = 0;
    }
    if (step_ == Step::balances) {
        for (; next_account_ < accounts_.size(); ++next_account_) {
            if (out.size() >= full) return true;
            const Account& account = accounts_[next_account_];
            exporter_->balance(account.key, account.debits - account.credits, out);
        }
        exporter_->end(entry_count_, out);
        step_ = Step::done;
    }
    return false;
}

Result<void> JournalExport::write_entries(Transaction& snapshot,
                                          std::size_t full,
                                          std::string& out) {
    while (out.size() < full) {
        const Result<const StoredEntry*> entry = entries_.front(snapshot);
        if (!entry) return entry.error();
        if (*entry == nullptr) {
            step_ = Step::balances;
            return {};
        }
        const Result<void> written = write_entry(**entry, out);
        if (!written) return written;
        entries_.pop();
        ++entry_count_;
    }
    return {};
}

Result<void> JournalExport::write_entry(const StoredEntry& entry, std::string& out) {
    line_accounts_.clear();
    for (const StoredLine& line : entry.lines) {
        const auto place = places_.find(line.account_id);
        if (place == places_.end()) {
            return Error(ErrorCode::integrity,
                         "entry " + std::to_string(entry.sequence) + ": there is no account " +
                             std::to_string(line.account_id));
        }
        Account& account = accounts_[place->second];
        account.debits = std::max(account.debits, line.balance.debits);
        account.credits = std::max(account.credits, line.balance.credits);
        line_accounts_.push_back(&account.key);
    }
    return exporter_->entry({.stored = entry, .accounts = line_accounts_}, out);
}

}  // namespace causeway::ledger
