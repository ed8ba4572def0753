// SPDX-License-Identifier: Apache-2.0
#include "connectors/pix/sandbox/statement.h"

#include "connectors/codes/banking_days.h"

#include <algorithm>
#include <utility>

namespace causeway::connectors::pix::sandbox {
namespace {

using Movement = std::pair<Timestamp, codes::StatementEntry>;

// Payments, real-time credit transfers received and issued.
Movement received_entry(const ReceivedPix& pix) {
    return {pix.time,
            {.id = {},
             .day = codes::day_in_brazil(pix.time),
             .amount = pix.amount,
             .code = {"PMNT", "RRCT", "OTHR", "pix"},
             .reference = pix.end_to_end_id,
             .text = "PIX RECEBIDO",
             .end_to_end_id = pix.end_to_end_id,
             .remittance = pix.txid}};
}

Movement returned_entry(const ReceivedPix& pix, const Refund& refund) {
    return {*refund.settled,
            {.id = {},
             .day = codes::day_in_brazil(*refund.settled),
             .amount = -refund.amount,
             .code = {"PMNT", "IRCT", "OTHR", "pix_devolvido"},
             .reference = refund.return_id,
             .text = "DEVOLUCAO DE PIX",
             .end_to_end_id = pix.end_to_end_id,
             .remittance = pix.txid}};
}

std::vector<Movement> movements_of(const Books& books) {
    std::vector<Movement> all;
    for (const ReceivedPix& pix : books.payments()) {
        all.push_back(received_entry(pix));
        for (const Refund& refund : pix.refunds)
            if (refund.settled) all.push_back(returned_entry(pix, refund));
    }
    std::ranges::stable_sort(all, {}, &Movement::first);
    return all;
}

}  // namespace

codes::BankStatement statement_of(const Books& books, Day day, Timestamp now) {
    std::vector<Movement> all = movements_of(books);
    const Day first = all.empty() ? day : all.front().second.day;
    codes::BankStatement statement{
        .id = "pix-" + to_text(day),
        .number = static_cast<int>(std::max(day - first, std::chrono::days(0)).count()) + 1,
        .made = now,
        .clearing_system = "ISPB",
        .bank = books.config().ispb.text(),
        .account = books.config().ispb.text() + "/" + books.config().receiver.tax_number,
        .day = day,
        .closed = day < codes::day_in_brazil(now),
        .entries = {}};
    for (auto& [time, entry] : all) {
        if (entry.day < day) statement.opening += entry.amount;
        if (entry.day != day) continue;
        entry.id = to_text(day) + "-" + std::to_string(statement.entries.size() + 1);
        statement.entries.push_back(std::move(entry));
    }
    return statement;
}

}  // namespace causeway::connectors::pix::sandbox
