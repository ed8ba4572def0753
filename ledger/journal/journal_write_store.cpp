// SPDX-License-Identifier: Apache-2.0
//
// A batch of entries becomes rows: hashed in order, then written table by table.
#include "ledger/chain/heads_store.h"
#include "ledger/journal/account_memory.h"
#include "ledger/journal/journal_batch.h"

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>

namespace causeway::ledger {
namespace {

constexpr std::size_t kRowsPerStatement = 256;

/// Collects the values of rows and writes them, a few hundred at a time.
class RowWriter {
  public:
    struct Target {
        std::string_view table;
        std::span<const Column> columns;
        std::string_view tail = {};
    };
    RowWriter(Transaction& transaction, bool shared, const Target& target)
        : transaction_(transaction), shared_(shared), target_(target) {
        values_.reserve(kRowsPerStatement * target.columns.size());
    }
    void add(std::initializer_list<Value> row) {
        values_.insert(values_.end(), row);
        if (values_.size() >= kRowsPerStatement * target_.columns.size()) write();
    }
    /// Writes the rest. Lifetime: what the values borrow has to live until then.
    void write() {
        if (values_.empty()) return;
        const Result<void> done = transaction_.insert_rows({.table = target_.table,
                                                            .columns = target_.columns,
                                                            .tail = target_.tail,
                                                            .values = values_});
        values_.clear();
        // On an engine of our own nothing of ours can be in the way. On a shared one somebody else
        // may have been quicker; then the writer takes the whole batch back and runs it again.
        if (!done && !shared_) {
            throw std::logic_error(std::string(target_.table) + ": " + done.error().detail());
        }
    }

  private:
    Transaction& transaction_;
    bool shared_;
    Target target_;
    std::vector<Value> values_;
};

constexpr Column number(std::string_view name) {
    return {.name = name, .type = ColumnType::number};
}
constexpr Column text(std::string_view name) {
    return {.name = name, .type = ColumnType::text};
}
constexpr Column bytes(std::string_view name) {
    return {.name = name, .type = ColumnType::bytes};
}

constexpr std::array kAccountColumns{
    number("account_id"), text("owner"), text("purpose"), text("currency")};
constexpr RowWriter::Target kAccountRows{.table = "journal_accounts", .columns = kAccountColumns};

constexpr std::array kEntryColumns{number("sequence"),
                                   bytes("entry_id"),
                                   number("type"),
                                   text("kind"),
                                   text("reference"),
                                   number("effective_us"),
                                   number("recorded_us"),
                                   bytes("postings"),
                                   bytes("hash")};
constexpr RowWriter::Target kEntryRows{.table = "journal_entries", .columns = kEntryColumns};

constexpr std::array kIdColumns{bytes("entry_id"), number("sequence")};
constexpr RowWriter::Target kIdRows{.table = "journal_entry_ids", .columns = kIdColumns};

constexpr std::array kRunColumns{number("first_sequence"), bytes("fingerprints")};
constexpr RowWriter::Target kRunRows{.table = "journal_id_runs", .columns = kRunColumns};

constexpr std::array kPendingColumns{
    number("sequence"), number("state"), number("expires_us"), bytes("remaining")};
constexpr std::string_view kPendingTail =
    " ON CONFLICT (sequence) DO UPDATE SET state = excluded.state, remaining = excluded.remaining";
constexpr RowWriter::Target kPendingRows{
    .table = "journal_pendings", .columns = kPendingColumns, .tail = kPendingTail};

constexpr std::array kMarkColumns{number("account_id"),
                                  number("mark_no"),
                                  number("sequence"),
                                  number("line_no"),
                                  number("recorded_us"),
                                  number("watermark_us"),
                                  number("ordered_debits"),
                                  number("ordered_credits"),
                                  number("ordered_pending_debits"),
                                  number("ordered_pending_credits")};
constexpr RowWriter::Target kMarkRows{.table = "journal_marks", .columns = kMarkColumns};

constexpr std::array kDisplacedColumns{number("account_id"),
                                       number("effective_us"),
                                       number("sequence"),
                                       number("line_no"),
                                       number("debits"),
                                       number("credits"),
                                       number("pending_debits"),
                                       number("pending_credits")};
constexpr RowWriter::Target kDisplacedRows{.table = "journal_displaced",
                                           .columns = kDisplacedColumns};

constexpr std::array kTotalColumns{number("account_id"),
                                   number("level"),
                                   number("bucket"),
                                   number("debits"),
                                   number("credits"),
                                   number("pending_debits"),
                                   number("pending_credits")};
constexpr std::string_view kTotalTail =
    " ON CONFLICT (account_id, level, bucket) DO UPDATE SET"
    " debits = journal_displaced_totals.debits + excluded.debits,"
    " credits = journal_displaced_totals.credits + excluded.credits,"
    " pending_debits = journal_displaced_totals.pending_debits + excluded.pending_debits,"
    " pending_credits = journal_displaced_totals.pending_credits + excluded.pending_credits";
constexpr RowWriter::Target kTotalRows{
    .table = "journal_displaced_totals", .columns = kTotalColumns, .tail = kTotalTail};

constexpr std::array kBalanceColumns{number("account_id"),
                                     number("terms"),
                                     number("debits"),
                                     number("credits"),
                                     number("pending_debits"),
                                     number("pending_credits"),
                                     number("line_count"),
                                     number("last_sequence"),
                                     number("last_recorded_us"),
                                     number("ordered_debits"),
                                     number("ordered_credits"),
                                     number("ordered_pending_debits"),
                                     number("ordered_pending_credits"),
                                     number("watermark_us"),
                                     number("block_max_us")};
constexpr std::string_view kBalanceTail =
    " ON CONFLICT (account_id) DO UPDATE SET terms = excluded.terms, debits = excluded.debits,"
    " credits = excluded.credits, pending_debits = excluded.pending_debits,"
    " pending_credits = excluded.pending_credits, line_count = excluded.line_count,"
    " last_sequence = excluded.last_sequence, last_recorded_us = excluded.last_recorded_us,"
    " ordered_debits = excluded.ordered_debits, ordered_credits = excluded.ordered_credits,"
    " ordered_pending_debits = excluded.ordered_pending_debits,"
    " ordered_pending_credits = excluded.ordered_pending_credits,"
    " watermark_us = excluded.watermark_us, block_max_us = excluded.block_max_us";
constexpr RowWriter::Target kBalanceRows{
    .table = "journal_balances", .columns = kBalanceColumns, .tail = kBalanceTail};

constexpr std::array kLaneColumns{number("lane"),
                                  number("last_sequence"),
                                  bytes("last_hash"),
                                  number("last_recorded_us"),
                                  number("accounts")};
constexpr std::string_view kLaneTail =
    " ON CONFLICT (lane) DO UPDATE SET last_sequence = excluded.last_sequence,"
    " last_hash = excluded.last_hash, last_recorded_us = excluded.last_recorded_us,"
    " accounts = excluded.accounts";
constexpr RowWriter::Target kLaneRows{
    .table = "journal_lanes", .columns = kLaneColumns, .tail = kLaneTail};

void insert_accounts(const JournalBatch& batch, Transaction& transaction, bool shared) {
    RowWriter rows(transaction, shared, kAccountRows);
    for (const OpenedAccount& account : batch.opened) {
        rows.add({account.id,
                  account.key.owner,
                  to_string(account.key.purpose),
                  account.key.currency.code()});
    }
    rows.write();
}

void insert_entries(const JournalBatch& batch, Transaction& transaction, bool shared) {
    RowWriter rows(transaction, shared, kEntryRows);
    for (const Draft& draft : batch.entries.drafts()) {
        rows.add({draft.sequence,
                  draft.id,
                  static_cast<std::int64_t>(draft.type),
                  batch.entries.kind(draft),
                  batch.entries.reference(draft),
                  draft.effective_us,
                  draft.recorded_us,
                  batch.entries.postings(draft),
                  std::span<const std::uint8_t>(draft.hash)});
    }
    rows.write();
}

void upsert_pendings(const JournalBatch& batch, Transaction& transaction, bool shared) {
    if (batch.pendings.empty()) return;
    std::vector<std::vector<std::uint8_t>> packed;
    packed.reserve(batch.pendings.size());
    RowWriter rows(transaction, shared, kPendingRows);
    for (const auto& [sequence, pending] : batch.pendings) {
        packed.push_back(pack_pending(pending));
        rows.add({sequence,
                  static_cast<std::int64_t>(pending.state),
                  pending.expires_us,
                  std::span<const std::uint8_t>(packed.back())});
    }
    rows.write();
}

void insert_marks(const JournalBatch& batch, Transaction& transaction, bool shared) {
    RowWriter rows(transaction, shared, kMarkRows);
    for (const HistoryMark& mark : batch.marks) {
        const Balance& ordered = mark.state.ordered;
        rows.add({mark.account_id,
                  mark.mark_no,
                  mark.state.last_sequence,
                  mark.line_no,
                  mark.state.last_recorded_us,
                  mark.state.watermark_us,
                  ordered.debits,
                  ordered.credits,
                  ordered.pending_debits,
                  ordered.pending_credits});
    }
    rows.write();
}

void insert_displaced(const JournalBatch& batch, Transaction& transaction, bool shared) {
    // A statement may meet each row once, so the sums are added up first.
    std::map<std::tuple<std::int64_t, std::int64_t, std::int64_t>, Balance> totals;
    RowWriter lines(transaction, shared, kDisplacedRows);
    for (const DisplacedLine& line : batch.displaced) {
        const Balance& change = line.change;
        lines.add({line.account_id,
                   line.effective_us,
                   line.sequence,
                   line.line_no,
                   change.debits,
                   change.credits,
                   change.pending_debits,
                   change.pending_credits});
        for (int level = 1; level <= kDisplacedLevels; ++level) {
            const std::int64_t bucket = displaced_bucket(line.effective_us, level);
            (void)add_signed(totals[{line.account_id, level, bucket}], change);
        }
    }
    lines.write();
    RowWriter sums(transaction, shared, kTotalRows);
    for (const auto& [key, sum] : totals) {
        sums.add({std::get<0>(key),
                  std::get<1>(key),
                  std::get<2>(key),
                  sum.debits,
                  sum.credits,
                  sum.pending_debits,
                  sum.pending_credits});
    }
    sums.write();
}

}  // namespace

void JournalBatch::clear() {
    entries.clear();
    marks.clear();
    displaced.clear();
    opened.clear();
    touched.clear();
    pendings.clear();
    head.reset();
    flushes = false;
    snapshot.clear();
    runs.clear();
}

void write_entries(const JournalBatch& batch, Transaction& transaction, bool shared) {
    insert_accounts(batch, transaction, shared);
    insert_entries(batch, transaction, shared);
    upsert_pendings(batch, transaction, shared);
    insert_marks(batch, transaction, shared);
    if (!batch.displaced.empty()) insert_displaced(batch, transaction, shared);
    if (!batch.head) return;
    const Result<void> stored = insert_head(transaction, *batch.head);
    if (!stored && !shared) throw std::logic_error("a head: " + stored.error().detail());
}

void write_balances(const std::vector<AccountRow>& accounts,
                    const LaneState& lane,
                    Transaction& transaction,
                    bool shared) {
    RowWriter rows(transaction, shared, kBalanceRows);
    for (const AccountRow& account : accounts) {
        const AccountState& state = account.state;
        rows.add({account.id,
                  state.terms,
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
                  state.block_max_us});
    }
    rows.write();
    RowWriter lanes(transaction, shared, kLaneRows);
    lanes.add({lane.lane,
               lane.last,
               std::span<const std::uint8_t>(lane.hash),
               lane.recorded_us,
               lane.accounts});
    lanes.write();
}

void write_ids(const JournalBatch& batch, Transaction& transaction, bool shared) {
    if (shared) {
        RowWriter ids(transaction, shared, kIdRows);
        for (const Draft& draft : batch.entries.drafts())
            ids.add({draft.id, draft.sequence});
        ids.write();
        return;
    }
    RowWriter runs(transaction, shared, kRunRows);
    for (const IdRun& run : batch.runs) {
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): words seen as bytes
        const auto* const data = reinterpret_cast<const std::uint8_t*>(run.fingerprints.data());
        runs.add({run.first, std::span<const std::uint8_t>(data, run.fingerprints.size() * 8)});
    }
    runs.write();
}

}  // namespace causeway::ledger
