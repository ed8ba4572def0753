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

// A name of ours: day, amount, and which of them.
std::string name_of(const Notice& notice, Day day, int number) {
    return to_text(day) + "/" + std::to_string(notice.amount->minor_units()) + "/" +
           std::to_string(number);
}

// With the first number that no other has.
Result<std::string> free_name(Transaction& tx,
                              const std::string& connector,
                              const Notice& notice,
                              Day day) {
    for (int number = 1;; ++number) {
        std::string name = name_of(notice, day, number);
        const Result<std::optional<ReceiptRow>> taken =
            find_receipt(tx, connector, notice.reference, name);
        if (!taken) return taken.error();
        if (!*taken) return name;
    }
}

bool is_among(const std::vector<Telling>& chain, const Telling& one) {
    return std::ranges::any_of(
        chain, [&one](const Telling& each) { return each.notice_id == one.notice_id; });
}

// The receipt of the day; else that of another day which gives it up; else the nearest that its
// channel has not told of.
Result<void> find_place(Transaction& tx,
                        const std::string& connector,
                        Notice notice,
                        Identified& found) {
    for (;;) {
        const Receipt& told = *notice.receipt;
        found.day = told.paid_on;
        Result<std::vector<ReceiptRow>> like =
            receipts_like(tx, connector, notice, kTellingDaysMax);
        if (!like) return like.error();
        found.known = nearest(*std::move(like), told);
        const bool exact = found.known && found.known->paid_on == told.paid_on;
        // Who has a name needs no day to be known by.
        if (exact || !told.identity.empty()) return {};
        Result<std::optional<Telling>> other = find_misplaced(tx, connector, notice);
        if (!other) return other.error();
        if (!*other || is_among(found.misplaced, **other)) return {};
        notice.receipt->paid_on = (*other)->day;
        found.misplaced.push_back(**std::move(other));
    }
}

}  // namespace

Result<Identified> identify_receipt(Transaction& tx,
                                    const std::string& connector,
                                    const Notice& notice) {
    const Receipt& told = *notice.receipt;
    Identified found{
        .identity = told.identity, .known = std::nullopt, .day = told.paid_on, .misplaced = {}};
    // Nearly every instrument is paid once.
    const Result<bool> others = has_receipts(tx, connector, notice.reference);
    if (!others) return others.error();
    if (!*others) {
        if (told.identity.empty()) found.identity = name_of(notice, told.paid_on, 1);
        return found;
    }
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
    const Result<void> placed = find_place(tx, connector, notice, found);
    if (!placed) return placed.error();
    if (found.known || !told.identity.empty()) return found;
    Result<std::string> name = free_name(tx, connector, notice, found.day);
    if (!name) return name.error();
    found.identity = *std::move(name);
    return found;
}

Result<void> place_tellings(Transaction& tx,
                            const ReceiptRow& last,
                            const Identified& found,
                            const Notice& notice,
                            Timestamp now) {
    Result<void> told = insert_telling(tx, last, notice, now);
    if (!told || found.misplaced.empty()) return told;
    std::string moving = notice.id;
    for (const Telling& next : found.misplaced) {
        Result<void> moved = move_telling(tx, last.connector, moving, next.receipt);
        if (!moved) return moved;
        moving = next.notice_id;
    }
    return move_telling(tx, last.connector, moving, last.id);
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
