// SPDX-License-Identifier: Apache-2.0
#include "ledger/chain/verify.h"
#include "ledger/chain/verify/tables.h"
#include "ledger/chain/verify/walk.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace causeway::ledger {
namespace {

using verifier::AccountTable;
using verifier::Findings;
using verifier::HistoryCheck;
using verifier::IdCheck;
using verifier::LaneRow;
using verifier::Walk;

class Verifier {
  public:
    Verifier(Transaction& snapshot, const VerifyOptions& options)
        : snapshot_(snapshot), options_(options) {}

    [[nodiscard]] Result<VerifyReport> run();

  private:
    [[nodiscard]] Result<void> walk(const std::vector<LaneRow>& lanes);
    [[nodiscard]] Result<void> check_exported();
    [[nodiscard]] Result<bool> has_head(const Head& head);

    Transaction& snapshot_;
    const VerifyOptions& options_;
    VerifyReport report_;
    Findings findings_{report_};
    AccountTable accounts_;
};

Result<VerifyReport> Verifier::run() {
    report_.signatures_checked = !options_.trusted.empty();
    const Result<std::int64_t> accounts = verifier::read_accounts(snapshot_, accounts_, findings_);
    if (!accounts) return accounts.error();
    report_.accounts = *accounts;
    const Result<std::vector<LaneRow>> lanes = verifier::read_lane_rows(snapshot_);
    if (!lanes) return lanes.error();
    Result<void> done = walk(*lanes);
    if (done) done = check_exported();
    if (!done) return done.error();
    verifier::check_account_numbers(accounts_, *lanes, options_.shared, findings_);
    verifier::check_client_money(accounts_, findings_);
    return std::move(report_);
}

// Where one process owns the books their balances are a snapshot: as of the entry that the lane's
// row names. Where several share them they are those of the last entry.
Result<void> Verifier::walk(const std::vector<LaneRow>& lanes) {
    const auto row = std::ranges::find(lanes, 0, &LaneRow::lane);
    const Sequence flushed = row == lanes.end() ? 0 : row->last_sequence;
    HistoryCheck history(snapshot_, accounts_, findings_);
    IdCheck ids(snapshot_, findings_, options_.shared, flushed);
    Walk walk({.snapshot = snapshot_,
               .findings = findings_,
               .report = report_,
               .accounts = accounts_,
               .history = history,
               .ids = ids,
               .options = options_});
    constexpr Sequence kEnd = std::numeric_limits<Sequence>::max();
    Result<void> done = walk.start(lanes);
    if (done) done = walk.run(options_.shared ? kEnd : flushed);
    if (done) done = verifier::check_balances(snapshot_, accounts_, options_.shared, findings_);
    if (done) done = walk.run(kEnd);
    if (!done) return done.error();
    const Result<verifier::RowsSeen> seen = walk.finish();
    if (!seen) return seen.error();
    done = history.finish();
    if (done) done = ids.finish();
    if (done) done = verifier::check_strays(snapshot_, *seen, findings_);
    return done;
}

Result<void> Verifier::check_exported() {
    if (!options_.exported) return {};
    const Result<Head> head = parse_head(options_.exported->body);
    if (!head) {
        findings_.add("unreadable_head", "the exported head: " + head.error().detail());
        return {};
    }
    if (!options_.trusted.empty()) {
        const Result<Head> is_signed = check_signed(*options_.exported, options_.trusted);
        if (!is_signed) {
            findings_.add("wrong_signature", "the exported head: " + is_signed.error().detail());
        }
    }
    const Result<bool> kept = has_head(*head);
    if (!kept) return kept.error();
    if (!*kept) {
        findings_.add("missing_head", "the exported head is not among those of the journal");
    }
    for (const LaneTip& tip : head->lanes) {
        const Result<void> done =
            verifier::check_tip(snapshot_, tip, "the exported head", findings_);
        if (!done) return done.error();
    }
    return {};
}

Result<bool> Verifier::has_head(const Head& head) {
    bool found = false;
    const Result<void> read = snapshot_.query(
        "SELECT body FROM journal_heads WHERE lane = $1 AND last_sequence = $2",
        {head.lane, head.last_sequence},
        [&](const Row& row) { found = std::ranges::equal(row.bytes(0), options_.exported->body); });
    if (!read) return read.error();
    return found;
}

}  // namespace

Result<VerifyReport> verify(Transaction& snapshot, const VerifyOptions& options) {
    return Verifier(snapshot, options).run();
}

}  // namespace causeway::ledger
