// SPDX-License-Identifier: Apache-2.0
//
// Entries of several lanes are taken in an order in which they may have been posted: each line
// names the entry that touched its account before, and waits for it.
#include "ledger/journal/account_memory.h"
#include "ledger/journal/id_index.h"
#include "ledger/journal/journal.h"
#include "ledger/journal/rebuild.h"
#include "ledger/journal/stored_entry.h"
#include "ledger/store/tables.h"

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>

namespace causeway::ledger {
namespace {

constexpr std::int64_t kPageEntries = 1024;  // of a lane
constexpr std::size_t kRowsMax = 1024;
constexpr std::size_t kIdsPerRun = 65536;  // as JournalOptions has it

constexpr std::array<std::string_view, 4> kRebuilt{
    "journal_balances", "journal_lanes", "journal_entry_ids", "journal_id_runs"};

/// Collects rows for one table in the order of its columns.
class TableRows {
  public:
    TableRows(Transaction& body, std::string_view table) : body_(body), table_(table_named(table)) {
        for (const TableColumn& column : table_.columns)
            columns_.push_back({.name = column.name, .type = column.type});
    }
    TableRows(const TableRows&) = delete;
    TableRows& operator=(const TableRows&) = delete;

    void add(std::initializer_list<Value> row) { values_.insert(values_.end(), row); }
    [[nodiscard]] bool is_full() const { return values_.size() >= kRowsMax * columns_.size(); }
    /// Lifetime: what the values borrow has to live until then.
    [[nodiscard]] Result<void> write() {
        if (values_.empty()) return {};
        Result<void> done = body_.insert_rows(
            {.table = table_.name, .columns = columns_, .tail = {}, .values = values_});
        values_.clear();
        if (!done) return done;
        // Waits, so that a shared engine does not hold on to all that was sent.
        return body_.query("SELECT 1", {}, [](const Row&) {});
    }

  private:
    static Table table_named(std::string_view name) {
        const std::vector<Table> all = tables_of(journal_migrations());
        return *std::ranges::find(all, name, &Table::name);
    }

    Transaction& body_;
    const Table table_;
    std::vector<Column> columns_;
    std::vector<Value> values_;
};

/// One lane, a page at a time.
class LaneReader {
  public:
    explicit LaneReader(std::int64_t lane)
        : end_(first_of_lane(lane + 1) - 1), read_(first_of_lane(lane) - 1) {}

    /// The next entry, or none at the end. Errors: `integrity`, `storage`.
    [[nodiscard]] Result<const StoredEntry*> front(Transaction& body) {
        if (at_ == page_.size() && !over_) {
            const Result<void> read = read_page(body);
            if (!read) return read.error();
        }
        return at_ < page_.size() ? &page_[at_] : nullptr;
    }
    void pop() { ++at_; }

  private:
    [[nodiscard]] Result<void> read_page(Transaction& body) {
        page_.clear();
        at_ = 0;
        std::optional<Error> broken;
        const Result<void> read =
            body.query("SELECT " CAUSEWAY_ENTRY_COLUMNS
                       " FROM journal_entries WHERE sequence > $1 AND sequence <= $2"
                       " ORDER BY sequence LIMIT $3",
                       {read_, end_, kPageEntries},
                       [&](const Row& row) {
                           const Result<void> sound = read_entry(row, page_.emplace_back());
                           if (!sound) broken = sound.error();
                       });
        if (!read) return read;
        if (broken) return *broken;
        over_ = page_.size() < static_cast<std::size_t>(kPageEntries);
        if (!page_.empty()) read_ = page_.back().sequence;
        return {};
    }

    Sequence end_;   // the last that the lane may have
    Sequence read_;  // the last that was read
    std::vector<StoredEntry> page_;
    std::size_t at_ = 0;
    bool over_ = false;
};

struct LaneEnd {
    Sequence last = 0;
    ChainHash hash{};
    std::int64_t recorded_us = INT64_MIN;
    std::int64_t accounts = 0;  // numbers taken
};

class Rebuild {
  public:
    Rebuild(Transaction& body, bool shared)
        : body_(body),
          shared_(shared),
          ids_(body, "journal_entry_ids"),
          runs_(body, "journal_id_runs") {}

    [[nodiscard]] Result<void> run() {
        Result<void> done = clear();
        if (done) done = read_accounts();
        if (done) done = read_lanes();
        if (done) done = add_entries();
        if (done) done = write_ids();
        if (done) done = write_balances();
        if (done) done = write_lanes();
        return done;
    }

  private:
    using States = std::unordered_map<std::int64_t, AccountState>;

    [[nodiscard]] Result<void> clear() {
        for (const std::string_view table : kRebuilt) {
            const Result<std::int64_t> gone =
                body_.execute("DELETE FROM " + std::string(table), {});
            if (!gone) return gone.error();
        }
        return {};
    }

    [[nodiscard]] Result<void> read_accounts() {
        return body_.query("SELECT account_id FROM journal_accounts", {}, [this](const Row& row) {
            const std::int64_t id = row.integer(0);
            states_.emplace(id, AccountState{});
            std::int64_t& taken = lanes_[lane_of(id)].accounts;
            taken = std::max(taken, place_in_lane(id));
        });
    }

    // Those with entries: from the first of one to the first beyond it.
    [[nodiscard]] Result<void> read_lanes() {
        for (Sequence from = first_of_lane(0);;) {
            Sequence found = 0;
            const Result<void> read = body_.query(
                "SELECT sequence FROM journal_entries WHERE sequence >= $1"
                " ORDER BY sequence LIMIT 1",
                {from},
                [&found](const Row& row) { found = row.integer(0); });
            if (!read) return read;
            if (found == 0) break;
            // A damaged tree can lead a search back to where it came from.
            if (found < from) return Error(ErrorCode::storage, "entries are not in order");
            readers_.emplace(lane_of(found), LaneReader(lane_of(found)));
            from = first_of_lane(lane_of(found) + 1);
        }
        return {};
    }

    [[nodiscard]] Result<void> add_entries() {
        bool progress = true;
        while (progress) {
            progress = false;
            waiting_ = 0;
            for (auto& [lane, reader] : readers_) {
                const Result<bool> moved = add_ready(reader);
                if (!moved) return moved.error();
                progress = progress || *moved;
            }
        }
        if (waiting_ == 0) return {};
        return broken(waiting_, "an account of it was touched by other entries before");
    }

    // Takes entries of one lane until one has to wait for another lane.
    [[nodiscard]] Result<bool> add_ready(LaneReader& reader) {
        for (bool moved = false;; moved = true) {
            const Result<const StoredEntry*> front = reader.front(body_);
            if (!front) return front.error();
            if (*front == nullptr) return moved;
            if (!is_ready(**front)) {
                waiting_ = (*front)->sequence;
                return moved;
            }
            const Result<void> added = add(**front);
            if (!added) return added.error();
            reader.pop();
        }
    }

    [[nodiscard]] bool is_ready(const StoredEntry& entry) const {
        return std::ranges::all_of(entry.lines, [&](const StoredLine& line) {
            const auto state = states_.find(line.account_id);
            return state == states_.end() || line.previous == entry.sequence ||
                   line.previous == state->second.last_sequence;
        });
    }

    [[nodiscard]] Result<void> add(const StoredEntry& entry) {
        LaneEnd& lane = lanes_[lane_of(entry.sequence)];
        const Sequence expected =
            lane.last == 0 ? first_of_lane(lane_of(entry.sequence)) : lane.last + 1;
        if (entry.sequence != expected) return broken(entry.sequence, "its predecessor is missing");
        for (const StoredLine& line : entry.lines) {
            const Result<void> added = add(entry, line);
            if (!added) return added;
        }
        lane.last = entry.sequence;
        lane.hash = entry.hash;
        lane.recorded_us = to_microseconds(entry.recorded);
        return remember_id(entry);
    }

    [[nodiscard]] Result<void> add(const StoredEntry& entry, const StoredLine& line) {
        const auto place = states_.find(line.account_id);
        if (place == states_.end()) return broken(entry.sequence, "an account of it is missing");
        AccountState& state = place->second;
        if (entry.type == EntryType::account_terms) {
            const Result<AccountTerms> terms = parse_terms(entry.reference);
            if (!terms) return broken(entry.sequence, "its terms can not be read");
            state.terms = to_bits(*terms);
        }
        const LineAdded added = add_line(state,
                                         {.sequence = entry.sequence,
                                          .type = entry.type,
                                          .minor_units = line.minor_units,
                                          .effective_us = to_microseconds(entry.effective),
                                          .recorded_us = to_microseconds(entry.recorded)});
        if (added.fits && state.balance == line.balance) return {};
        return broken(entry.sequence, "the balance after it is not what its lines add up to");
    }

    [[nodiscard]] Result<void> remember_id(const StoredEntry& entry) {
        if (!shared_) {
            fingerprints_.push_back(fingerprint(entry.id));
            return fingerprints_.size() < kIdsPerRun ? Result<void>() : write_run(entry.sequence);
        }
        // Copied: the page that it is on may be gone when the rows are written.
        id_bytes_.push_back(entry.id);
        id_sequences_.push_back(entry.sequence);
        return id_bytes_.size() < kRowsMax ? Result<void>() : write_ids();
    }

    [[nodiscard]] Result<void> write_run(Sequence last) {
        const std::span<const std::uint64_t> words(fingerprints_);
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): words seen as bytes
        const auto* const data = reinterpret_cast<const std::uint8_t*>(words.data());
        runs_.add({last - static_cast<Sequence>(kIdsPerRun) + 1,
                   std::span<const std::uint8_t>(data, words.size_bytes())});
        Result<void> written = runs_.write();
        fingerprints_.clear();
        return written;
    }

    // What does not fill a run is left to the journal.
    [[nodiscard]] Result<void> write_ids() {
        for (std::size_t i = 0; i < id_bytes_.size(); ++i)
            ids_.add({id_bytes_[i], id_sequences_[i]});
        Result<void> written = ids_.write();
        id_bytes_.clear();
        id_sequences_.clear();
        return written;
    }

    [[nodiscard]] Result<void> write_balances() {
        TableRows rows(body_, "journal_balances");
        for (const auto& [id, state] : states_) {
            // On a shared engine even an unused account has one, so that it can be locked.
            if (!shared_ && state.line_count == 0) continue;
            rows.add({id,
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
            if (!rows.is_full()) continue;
            const Result<void> written = rows.write();
            if (!written) return written;
        }
        return rows.write();
    }

    [[nodiscard]] Result<void> write_lanes() {
        TableRows rows(body_, "journal_lanes");
        for (const auto& [lane, end] : lanes_) {
            rows.add({lane,
                      end.last,
                      std::span<const std::uint8_t>(end.hash),
                      end.recorded_us,
                      shared_ ? end.accounts : std::int64_t{0}});
        }
        return rows.write();
    }

    static Error broken(Sequence sequence, const std::string& why) {
        return Error(ErrorCode::integrity, "entry " + std::to_string(sequence) + ": " + why);
    }

    Transaction& body_;
    bool shared_;
    States states_;
    std::map<std::int64_t, LaneEnd> lanes_;
    std::map<std::int64_t, LaneReader> readers_;
    Sequence waiting_ = 0;  // an entry that is not ready
    TableRows ids_;
    std::vector<Uuid> id_bytes_;
    std::vector<Sequence> id_sequences_;
    TableRows runs_;
    std::vector<std::uint64_t> fingerprints_;
};

}  // namespace

bool is_rebuilt(std::string_view table) {
    return std::ranges::find(kRebuilt, table) != kRebuilt.end();
}

Result<void> rebuild_journal(Transaction& body, bool shared) {
    return Rebuild(body, shared).run();
}

}  // namespace causeway::ledger
