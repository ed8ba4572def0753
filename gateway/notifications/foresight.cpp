// SPDX-License-Identifier: Apache-2.0
#include "gateway/notifications/foresight.h"

#include "gateway/collections/collections_store.h"
#include "gateway/collections/tellings_store.h"
#include "gateway/notifications/notifications_store.h"
#include "gateway/payments/operations_store.h"
#include "gateway/payments/payments_store.h"

#include <utility>

namespace causeway::gateway {
namespace {

using connectors::Notice;
using ledger::Transaction;

constexpr std::size_t kWorthwhile = 8;

// Sorted: two messages that are taken in at once take the rows of each table in one order.
template <class T, class Name>
std::vector<T> each_once(const auto& items, Name name) {
    std::set<T> names;
    for (const auto& item : items)
        names.insert(name(item));
    return {names.begin(), names.end()};
}

Result<void> foresee_rows(Transaction& tx,
                          const std::string& connector,
                          const std::vector<std::string>& references) {
    const Result<std::vector<OperationName>> operations =
        foresee_operations(tx, connector, references);
    if (!operations) return operations.error();
    const auto payments = each_once<Uuid>(*operations, [](const auto& it) { return it.payment; });
    Result<void> read = foresee_payments(tx, payments);
    if (!read) return read;
    read = foresee_collections(tx, payments);
    if (!read) return read;
    // Of what is nobody's another process may hear at this very moment.
    const auto ours =
        each_once<std::string>(*operations, [](const auto& it) { return it.reference; });
    return foresee_receipts(tx, connector, ours);
}

}  // namespace

Result<Foresight> Foresight::of(Transaction& tx,
                                const std::string& connector,
                                const std::vector<Notice>& notices) {
    Foresight foresight;
    // On an engine of our own asking costs less than remembering.
    if (notices.size() < kWorthwhile || !tx.shared()) return foresight;
    const auto references =
        each_once<std::string>(notices, [](const Notice& it) { return it.reference; });
    // First: whoever tells of the same operations is done when they are taken, and can be seen.
    const Result<void> rows = foresee_rows(tx, connector, references);
    if (!rows) return rows.error();
    const auto ids = each_once<std::string>(notices, [](const Notice& it) { return it.id; });
    Result<std::set<std::string>> known = known_notices(tx, connector, ids);
    if (!known) return known.error();
    Result<std::set<std::string>> early = references_told_early(tx, connector, references);
    if (!early) return early.error();
    foresight.foreseen_ = true;
    foresight.known_ = *std::move(known);
    foresight.early_ = *std::move(early);
    return foresight;
}

}  // namespace causeway::gateway
