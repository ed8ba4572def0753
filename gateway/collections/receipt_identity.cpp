// SPDX-License-Identifier: Apache-2.0
#include "gateway/collections/receipt_identity.h"

#include <algorithm>
#include <utility>

namespace causeway::gateway {
namespace {

using connectors::Notice;
using connectors::Receipt;
using ledger::Transaction;

std::chrono::days between(Day one, Day other) {
    return one < other ? other - one : one - other;
}

// A channel that does not say how the buyer paid may speak of either way.
bool may_be_one_way(const ReceiptRow& row, const Receipt& told) {
    return row.way.empty() || told.way.empty() || row.way == told.way;
}

// Of those that another channel told of, the one whose day is nearest; of these, the oldest.
std::optional<ReceiptRow> nearest(std::vector<ReceiptRow> rows, const Receipt& told) {
    std::erase_if(rows, [&told](const ReceiptRow& row) { return !may_be_one_way(row, told); });
    const auto best = std::ranges::min_element(
        rows, {}, [&told](const ReceiptRow& row) { return between(row.paid_on, told.paid_on); });
    if (best == rows.end()) return std::nullopt;
    return std::move(*best);
}

// A name of ours: day, amount, and the first number that no other has.
Result<std::string> free_name(Transaction& tx,
                              const std::string& connector,
                              const Notice& notice,
                              Day day) {
    const std::string stem =
        to_text(day) + "/" + std::to_string(notice.amount->minor_units()) + "/";
    for (int number = 1;; ++number) {
        std::string name = stem + std::to_string(number);
        const Result<std::optional<ReceiptRow>> taken =
            find_receipt(tx, connector, notice.reference, name);
        if (!taken) return taken.error();
        if (!*taken) return name;
    }
}

}  // namespace

Result<Identified> identify_receipt(Transaction& tx,
                                    const std::string& connector,
                                    const Notice& notice) {
    const Receipt& told = *notice.receipt;
    Identified found{.identity = told.identity, .known = std::nullopt, .day = told.paid_on};
    const Result<std::optional<Uuid>> before = find_telling(tx, connector, notice.id);
    if (!before) return before.error();
    if (*before) {
        Result<ReceiptRow> receipt = load_receipt(tx, **before);
        if (!receipt) return receipt.error();
        found.known = *std::move(receipt);
        found.told = true;
        return found;
    }
    if (!told.identity.empty()) {
        Result<std::optional<ReceiptRow>> named =
            find_receipt(tx, connector, notice.reference, told.identity);
        if (!named) return named.error();
        found.known = *std::move(named);
        if (found.known) return found;
    }
    Result<std::vector<ReceiptRow>> like = receipts_like(tx, connector, notice, kTellingDaysMax);
    if (!like) return like.error();
    found.known = nearest(*std::move(like), told);
    if (found.known || !told.identity.empty()) return found;
    Result<std::optional<Telling>> misplaced = find_misplaced(tx, connector, notice);
    if (!misplaced) return misplaced.error();
    found.misplaced = *std::move(misplaced);
    if (found.misplaced) found.day = found.misplaced->day;
    Result<std::string> name = free_name(tx, connector, notice, found.day);
    if (!name) return name.error();
    found.identity = *std::move(name);
    return found;
}

Result<void> tell_of_new_receipt(Transaction& tx,
                                 const ReceiptRow& receipt,
                                 const Identified& found,
                                 const Notice& notice,
                                 Timestamp now) {
    const Result<void> told = insert_telling(tx, receipt, notice, now);
    if (!told || !found.misplaced) return told;
    const Result<void> moved =
        move_telling(tx, receipt.connector, notice.id, found.misplaced->receipt);
    if (!moved) return moved;
    return move_telling(tx, receipt.connector, found.misplaced->notice_id, receipt.id);
}

Result<std::optional<ReceiptRow>> identify_returned(Transaction& tx,
                                                    const std::string& connector,
                                                    const Notice& notice) {
    const Receipt& told = *notice.receipt;
    if (!told.identity.empty()) {
        return find_receipt(tx, connector, notice.reference, told.identity);
    }
    Result<std::vector<ReceiptRow>> rows =
        receipts_of_amount(tx, connector, notice.reference, *notice.amount);
    if (!rows) return rows.error();
    std::erase_if(*rows, [&told](const ReceiptRow& row) {
        const bool gone = row.state == ReceiptState::returned ||
                          row.state == ReceiptState::refunding ||
                          row.state == ReceiptState::refunded;
        return gone || row.paid_on > told.paid_on || !may_be_one_way(row, told);
    });
    // Of several of one day the newest.
    std::ranges::reverse(*rows);
    const auto last = std::ranges::max_element(*rows, {}, &ReceiptRow::paid_on);
    if (last == rows->end()) return std::optional<ReceiptRow>();
    return std::optional(std::move(*last));
}

}  // namespace causeway::gateway
