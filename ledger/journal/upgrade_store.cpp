// SPDX-License-Identifier: Apache-2.0
//
// The books of the first schema, posted once more into the tables of the second, in the order in
// which they were recorded. There they get their numbers, their history and their chain.
#include "ledger/journal/journal_memory.h"
#include "ledger/journal/upgrade.h"

namespace causeway::ledger {
namespace {

constexpr std::size_t kBatch = 4096;  // entries

/// Posts what it is handed, a batch at a time.
class Poster {
  public:
    Poster(Journal::Memory& memory, Transaction& transaction)
        : memory_(memory), transaction_(transaction) {}

    [[nodiscard]] Result<void> post(const Entry& entry) {
        if (posted_ == 0) memory_.begin_batch(transaction_, {});
        memory_.begin_body();
        const Result<Posted> done = memory_.post(transaction_, entry);
        if (!done) {
            return Error(ErrorCode::integrity,
                         "the old books can not be carried over: " + done.error().detail());
        }
        memory_.keep_body();
        if (++posted_ == kBatch) end_batch();
        return {};
    }
    void finish() {
        if (posted_ > 0) end_batch();
        if (!memory_.wants_close()) return;
        memory_.begin_batch(transaction_, {});
        memory_.before_close(transaction_);
        memory_.before_commit(transaction_);
        memory_.after_commit();
    }

  private:
    void end_batch() {
        memory_.before_commit(transaction_);
        memory_.after_commit();
        posted_ = 0;
    }

    Journal::Memory& memory_;
    Transaction& transaction_;
    std::size_t posted_ = 0;
};

}  // namespace

Result<void> upgrade_first_books(Transaction& transaction) {
    Journal::Memory memory(false, {});
    Poster poster(memory, transaction);
    Entry entry;
    std::optional<Error> broken;
    const auto post = [&] {
        if (entry.lines.empty() || broken) return;
        const Result<void> done = poster.post(entry);
        if (!done) broken = done.error();
    };
    const Result<void> read = transaction.query(
        "SELECT e.entry_id, e.kind, e.reference, e.effective_us, e.recorded_us, a.owner,"
        " a.purpose, a.currency, l.amount FROM entries e"
        " JOIN lines l ON l.entry_id = e.entry_id"
        " JOIN accounts a ON a.account_id = l.account_id"
        " ORDER BY e.recorded_us, e.entry_id, l.line_no",
        {},
        [&](const Row& row) {
            if (row.uuid(0) != entry.id || entry.lines.empty()) {
                post();
                entry = Entry{.id = row.uuid(0),
                              .kind = std::string(row.text(1)),
                              .reference = std::string(row.text(2)),
                              .effective = row.moment(3),
                              .recorded = row.moment(4),
                              .lines = {}};
            }
            const Result<AccountKey> key = account_key(row, 5);
            if (!key) {
                broken = key.error();
            } else {
                entry.lines.push_back({.account = *key, .minor_units = row.integer(8)});
            }
        });
    if (!read) return read.error();
    post();
    if (broken) return *broken;
    poster.finish();
    return {};
}

}  // namespace causeway::ledger
