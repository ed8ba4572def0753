// SPDX-License-Identifier: Apache-2.0
#include "ledger/chain/verify/id_check.h"
#include "ledger/journal/id_index.h"

#include <cstring>

namespace causeway::ledger::verifier {
namespace {

constexpr std::int64_t kIdsInRun = 65536;  // at most; see JournalOptions
constexpr std::size_t kIdBytes = sizeof(std::uint64_t);

}  // namespace

IdCheck::IdCheck(Transaction& snapshot, Findings& findings, bool shared, Sequence indexed)
    : snapshot_(snapshot), findings_(findings), shared_(shared), indexed_(shared ? 0 : indexed) {}

Result<void> IdCheck::check(const StoredEntry& entry) {
    if (entry.sequence > indexed_ || entry.sequence < first_) return {};
    const auto run_size = [this] { return static_cast<Sequence>(run_.size() / kIdBytes); };
    while (entry.sequence >= first_ + run_size() && !runs_ended_) {
        const Result<void> loaded = next_run();
        if (!loaded) return loaded.error();
    }
    if (runs_ended_) return {};
    const auto at = static_cast<std::size_t>(entry.sequence - first_) * kIdBytes;
    const std::uint64_t expected = fingerprint(entry.id);
    if (std::memcmp(run_.data() + at, &expected, kIdBytes) == 0) return {};
    findings_.add("ids_differ", name_of(entry) + " has another fingerprint in journal_id_runs");
    return {};
}

// Each run begins where the one before ended.
Result<void> IdCheck::next_run() {
    first_ += static_cast<Sequence>(run_.size() / kIdBytes);
    run_.clear();
    runs_ended_ = true;
    bool sound = true;
    const Result<void> read = snapshot_.query(
        "SELECT first_sequence, fingerprints FROM journal_id_runs WHERE first_sequence = $1",
        {first_},
        [&](const Row& row) {
            const auto bytes = row.bytes(1);
            runs_ended_ = false;
            sound =
                row.holds(1, ColumnType::bytes) && !bytes.empty() && bytes.size() % kIdBytes == 0;
            run_.assign(bytes.begin(), bytes.end());
        });
    if (!read) return read.error();
    if (sound) return {};
    findings_.add("ids_differ", "journal_id_runs has a broken run from " + entry_at(first_));
    runs_ended_ = true;
    return {};
}

Result<void> IdCheck::finish() {
    const Result<void> done = shared_ ? check_rows() : check_no_rows();
    if (!done) return done.error();
    return check_runs();
}

Result<void> IdCheck::check_runs() {
    Sequence next = 1;
    const Result<void> read = snapshot_.query(
        "SELECT first_sequence, fingerprints FROM journal_id_runs ORDER BY first_sequence",
        {},
        [&](const Row& row) {
            const Sequence first = row.integer(0);
            const auto size = static_cast<Sequence>(row.bytes(1).size() / kIdBytes);
            if (!row.holds(0, ColumnType::number) || first != next || first + size - 1 > indexed_) {
                findings_.add("ids_differ",
                              "journal_id_runs has a run from " + entry_at(first) +
                                  " that should not be there");
            }
            next = first + size;
        });
    if (!read) return read.error();
    if (indexed_ - (next - 1) >= kIdsInRun) {
        findings_.add("ids_differ", "journal_id_runs has no run of ids from " + entry_at(next));
    }
    return {};
}

Result<void> IdCheck::check_rows() {
    const auto each = [this](const Row& row) {
        findings_.add("ids_differ",
                      "journal_entry_ids does not know " + entry_at(row.integer(0)) + " by its id");
    };
    const Result<void> read = snapshot_.query(
        "SELECT e.sequence FROM journal_entries e"
        " LEFT JOIN journal_entry_ids i ON i.entry_id = e.entry_id"
        " WHERE i.sequence IS NULL OR i.sequence <> e.sequence ORDER BY e.sequence LIMIT 100",
        {},
        each);
    if (!read) return read.error();
    return snapshot_.query(
        "SELECT i.sequence FROM journal_entry_ids i"
        " LEFT JOIN journal_entries e ON e.sequence = i.sequence"
        " WHERE e.entry_id IS NULL OR e.entry_id <> i.entry_id ORDER BY i.sequence LIMIT 100",
        {},
        each);
}

Result<void> IdCheck::check_no_rows() {
    return snapshot_.query("SELECT sequence FROM journal_entry_ids ORDER BY sequence LIMIT 100",
                           {},
                           [this](const Row& row) {
                               findings_.add("ids_differ",
                                             "journal_entry_ids has a row of " +
                                                 entry_at(row.integer(0)) +
                                                 "; there should be none");
                           });
}

}  // namespace causeway::ledger::verifier
