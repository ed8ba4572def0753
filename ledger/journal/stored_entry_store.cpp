// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/stored_entry.h"

namespace causeway::ledger {
namespace {

constexpr int kPage = 4096;  // entries

// Reads one page of entries after `after`; `last` is the last that was read.
struct Page {
    int count = 0;
    Sequence last = 0;
    bool stopped = false;
    std::optional<Error> error;
};

Result<Page> read_page(Transaction& snapshot,
                       Sequence after,
                       StoredEntry& entry,
                       const std::function<Result<bool>(const StoredEntry&)>& each) {
    Page page{.count = 0, .last = after};
    const Result<void> read = snapshot.query("SELECT " CAUSEWAY_ENTRY_COLUMNS
                                             " FROM journal_entries WHERE sequence > $1"
                                             " ORDER BY sequence LIMIT $2",
                                             {after, kPage},
                                             [&](const Row& row) {
                                                 if (page.stopped) return;
                                                 ++page.count;
                                                 const Result<void> sound = read_entry(row, entry);
                                                 page.last = entry.sequence;
                                                 if (!sound) {
                                                     page.error = sound.error();
                                                     page.stopped = true;
                                                     return;
                                                 }
                                                 const Result<bool> more = each(entry);
                                                 if (!more) page.error = more.error();
                                                 page.stopped = !more || !*more;
                                             });
    if (!read) return read.error();
    return page;
}

}  // namespace

Result<StoredEntry> load_entry(Transaction& snapshot, Sequence sequence) {
    std::optional<Result<StoredEntry>> found;
    const Result<void> read =
        snapshot.query("SELECT " CAUSEWAY_ENTRY_COLUMNS " FROM journal_entries WHERE sequence = $1",
                       {sequence},
                       [&](const Row& row) {
                           StoredEntry entry;
                           const Result<void> sound = read_entry(row, entry);
                           if (!sound) {
                               found.emplace(sound.error());
                           } else {
                               found.emplace(std::move(entry));
                           }
                       });
    if (!read) return read.error();
    if (!found) return Error(ErrorCode::not_found, "entry " + std::to_string(sequence));
    return *std::move(found);
}

Result<AccountNames> load_account_names(Transaction& snapshot) {
    AccountNames names;
    std::optional<Error> broken;
    const Result<void> read =
        snapshot.query("SELECT account_id, owner, purpose, currency FROM journal_accounts",
                       {},
                       [&](const Row& row) {
                           Result<AccountKey> key = account_key(row, 1);
                           if (!key) {
                               broken = key.error();
                           } else {
                               names.emplace(row.integer(0), *std::move(key));
                           }
                       });
    if (!read) return read.error();
    if (broken) return *broken;
    return names;
}

Result<void> each_entry(Transaction& snapshot,
                        Sequence after,
                        const std::function<Result<bool>(const StoredEntry&)>& each) {
    StoredEntry entry;
    while (true) {
        const Result<Page> page = read_page(snapshot, after, entry, each);
        if (!page) return page.error();
        if (page->error) return *page->error;
        if (page->stopped || page->count < kPage) return {};
        // A damaged tree can lead a search back to where it came from.
        if (page->last <= after) {
            return Error(ErrorCode::storage, "a search for entries finds what lies before it");
        }
        after = page->last;
    }
}

Result<AccountKey> account_key(const Row& row, int first) {
    const Result<Purpose> purpose = parse_purpose(row.text(first + 1));
    if (!purpose) return Error(ErrorCode::integrity, "stored " + purpose.error().detail());
    const Result<Currency> currency = Currency::from_code(row.text(first + 2));
    if (!currency) return Error(ErrorCode::integrity, "stored " + currency.error().detail());
    return AccountKey{
        .owner = std::string(row.text(first)), .purpose = *purpose, .currency = *currency};
}

}  // namespace causeway::ledger
