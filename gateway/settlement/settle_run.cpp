// SPDX-License-Identifier: Apache-2.0
#include "gateway/settlement/settle_run.h"

#include "gateway/books/postings.h"
#include "gateway/settlement/report.h"
#include "gateway/settlement/settlement_store.h"
#include "ledger/digest.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace causeway::gateway {
namespace {

Settlement head_of(const SettleOrder& order, const std::optional<Settlement>& before) {
    return Settlement{
        .id = order.settlement_id,
        .key = order.key,
        .period_start = {},
        .period_end = order.cutoff,
        .value_day = {},
        .opening_balance = before ? before->closing_balance : 0,
        .sha256 = {},
        .entry_id = {},
        .created = order.now,
    };
}

// A period begins where the one before it ended; the first one with the day of its first line. A
// line that was recorded late, from before the last period's end, draws the start back to itself.
Timestamp period_start(const std::optional<Settlement>& before, Timestamp first_line) {
    if (!before) return std::chrono::floor<std::chrono::days>(first_line);
    return std::min(before->period_end, first_line);
}

}  // namespace

Result<std::optional<SettlementReport>> prepare_settlement(ledger::Transaction& transaction,
                                                           const SettleOrder& order) {
    Result<std::vector<SettlementLine>> lines =
        open_settlement_lines(transaction, order.key, order.cutoff);
    if (!lines) return lines.error();
    if (lines->empty()) return std::optional<SettlementReport>();
    const Result<std::optional<Settlement>> before = latest_settlement(transaction, order.key);
    if (!before) return before.error();

    SettlementReport report{.settlement = head_of(order, *before), .lines = std::move(*lines)};
    report.settlement.period_start = period_start(*before, report.lines.front().created);
    const Result<void> added = add_up(report);
    if (!added) return added.error();
    if (report.settlement.net != 0) report.settlement.entry_id = order.entry_id;
    report.settlement.sha256 = to_hex(sha256(settlement_csv(report)));
    return std::optional<SettlementReport>(std::move(report));
}

Result<std::optional<SettlementReport>> close_settlement(ledger::Transaction& transaction,
                                                         ledger::Journal& journal,
                                                         const SettleOrder& order) {
    const Result<void> locked = lock_merchant(transaction, order.key.merchant_id);
    if (!locked) return locked.error();
    Result<std::optional<SettlementReport>> prepared = prepare_settlement(transaction, order);
    if (!prepared || !*prepared) return prepared;
    const Settlement& settlement = (*prepared)->settlement;
    if (settlement.entry_id) {
        const Parties parties{.connector = {},
                              .merchant = merchant_name(order.key.merchant_id),
                              .livemode = order.key.livemode};
        const ledger::Entry entry{
            .id = *settlement.entry_id,
            .kind = "settlement",
            .reference = settlement_name(settlement.id),
            .effective = order.now,
            .recorded = order.now,
            .lines = settlement_lines(parties, ledger::Money(settlement.net, order.key.currency)),
        };
        const Result<ledger::Posted> posted = journal.post(transaction, entry);
        if (!posted) return posted.error();
    }
    const Result<void> inserted = insert_settlement(transaction, **prepared);
    if (!inserted) return inserted.error();
    return prepared;
}

}  // namespace causeway::gateway
