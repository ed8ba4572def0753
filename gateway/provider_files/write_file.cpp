// SPDX-License-Identifier: Apache-2.0
#include "gateway/provider_files/write_file.h"

#include "gateway/log.h"
#include "gateway/payments/notices.h"
#include "gateway/payments/operation_builder.h"
#include "gateway/payments/operations_store.h"
#include "gateway/payments/records.h"

#include <utility>

namespace causeway::gateway {
namespace {

using connectors::FileExchange;
using connectors::FileOrder;
using connectors::OperationKind;
using connectors::WrittenFile;
using ledger::Transaction;

struct Queued {
    OperationRow row;
    connectors::Operation operation;
};

Result<const FileExchange*> exchange_of(const Workshop& shop, const std::string& connector) {
    const ConnectorEntry* const entry = shop.connectors.find(connector);
    const FileExchange* const files = entry == nullptr ? nullptr : entry->connector->files();
    if (files != nullptr) return files;
    return Error(ErrorCode::not_found, "connector " + connector + " exchanges no files");
}

Result<std::vector<Queued>> load_queue(Transaction& tx,
                                       const Workshop& shop,
                                       const std::string& connector,
                                       std::size_t limit,
                                       bool& more) {
    Result<std::vector<Uuid>> ids = queued_for_file(tx, connector, limit + 1);
    if (!ids) return ids.error();
    more = ids->size() > limit;
    if (more) ids->pop_back();
    std::vector<Queued> queue;
    queue.reserve(ids->size());
    for (const Uuid& id : *ids) {
        Result<OperationRow> row = load_operation(tx, id);
        if (!row) return row.error();
        const Result<Payment> payment = load_payment(tx, row->payment);
        if (!payment) return payment.error();
        Result<Send> send = make_send(tx, shop, *payment, *row);
        if (!send) {
            return Error(send.error().code(), to_text("op", id) + ": " + send.error().detail());
        }
        queue.push_back({.row = *std::move(row), .operation = std::move(send->operation)});
    }
    return queue;
}

FileOrder order_of(const std::vector<Queued>& queue, std::int64_t sequence, Timestamp made) {
    FileOrder order{.sequence = sequence, .made = made, .operations = {}};
    order.operations.reserve(queue.size());
    for (const Queued& each : queue)
        order.operations.push_back(each.operation);
    return order;
}

// Its payment hears of it as if the provider had refused it. What was to be taken back stays at the
// provider: that is for a person.
Result<void> tell_refused(Transaction& tx,
                          const Workshop& shop,
                          const OperationRow& row,
                          const std::string& reason) {
    if (row.kind == OperationKind::collect) {
        connectors::Notice notice{.kind = connectors::NoticeKind::instrument_refused};
        notice.id = "file:" + to_text("op", row.id);
        notice.reference = row.reference;
        notice.reason = reason;
        const Result<NoticeOutcome> told = apply_notice(tx, shop, row.connector, notice);
        if (!told) return told.error();
        return {};
    }
    Records records(tx, shop, nullptr);
    records.note("file", to_text("op", row.id), "refused", reason);
    return records.finish(row.payment);
}

// Each by itself, so that one does not keep the others waiting.
Result<std::vector<Queued>> without_refused(Transaction& tx,
                                            const Workshop& shop,
                                            const FileExchange& files,
                                            const FileOrder& whole,
                                            std::vector<Queued> queue,
                                            std::vector<RefusedOperation>& refused) {
    std::vector<Queued> good;
    for (Queued& each : queue) {
        const Result<WrittenFile> alone = files.write(
            {.sequence = whole.sequence, .made = whole.made, .operations = {each.operation}});
        if (alone) {
            good.push_back(std::move(each));
            continue;
        }
        if (alone.error().code() != ErrorCode::invalid_argument) return alone.error();
        const std::string& reason = alone.error().detail();
        const Result<void> told = tell_refused(tx, shop, each.row, reason);
        if (!told) return told.error();
        const Result<void> gone = take_from_queue(tx, each.row.id);
        if (!gone) return gone.error();
        log(LogLevel::warning,
            "file_operation_refused",
            {{"connector", each.row.connector}, {"operation", to_text("op", each.row.id)}});
        refused.push_back({.operation = each.row.id,
                           .payment = each.row.payment,
                           .reference = each.row.reference,
                           .reason = reason});
    }
    return good;
}

Result<ProviderFile> keep(Transaction& tx,
                          const Workshop& shop,
                          const std::string& connector,
                          const FileOrder& order,
                          const WrittenFile& written) {
    ProviderFile file;
    file.id = shop.ids.next();
    file.connector = connector;
    file.direction = FileDirection::out;
    file.sequence = order.sequence;
    file.name = written.name;
    file.digest = sha256(written.bytes);
    file.day = day_of(order.made);
    file.state = FileState::written;
    file.counts.lines = static_cast<std::int64_t>(order.operations.size());
    file.counts.applied = file.counts.lines;
    file.sealed = shop.vault.seal(written.bytes, file.id);
    file.vault_key = shop.vault.key_name();
    file.created = shop.clock.now();
    const Result<void> inserted = insert_provider_file(tx, file);
    if (!inserted) return inserted.error();
    return file;
}

}  // namespace

Result<WriteOutcome> write_provider_file(Transaction& tx,
                                         const Workshop& shop,
                                         const std::string& connector,
                                         Timestamp made) {
    const Result<const FileExchange*> files = exchange_of(shop, connector);
    if (!files) return files.error();
    WriteOutcome outcome;
    Result<std::vector<Queued>> queue =
        load_queue(tx, shop, connector, (*files)->operations_max(), outcome.more);
    if (!queue) return queue.error();
    if (queue->empty()) return outcome;
    const FileKey ours{.connector = connector, .direction = FileDirection::out};
    const Result<std::int64_t> last = last_file_sequence(tx, ours);
    if (!last) return last.error();
    FileOrder order = order_of(*queue, *last + 1, made);
    Result<WrittenFile> written = (*files)->write(order);
    if (!written && written.error().code() == ErrorCode::invalid_argument) {
        queue = without_refused(tx, shop, **files, order, *std::move(queue), outcome.refused);
        if (!queue) return queue.error();
        if (outcome.refused.empty()) return written.error();
        if (queue->empty()) return outcome;
        order = order_of(*queue, *last + 1, made);
        written = (*files)->write(order);
    }
    if (!written) return written.error();
    Result<ProviderFile> file = keep(tx, shop, connector, order, *written);
    if (!file) return file.error();
    for (const Queued& each : *queue) {
        const Result<void> gone = take_from_queue(tx, each.row.id);
        if (!gone) return gone.error();
    }
    outcome.file = *std::move(file);
    outcome.content = *std::move(written);
    return outcome;
}

Result<WriteOutcome> write_again(Transaction& tx,
                                 const Workshop& shop,
                                 const std::string& connector,
                                 std::int64_t sequence) {
    const FileKey ours{.connector = connector, .direction = FileDirection::out};
    Result<std::optional<ProviderFile>> file = find_numbered_file(tx, ours, sequence);
    if (!file) return file.error();
    if (!*file) {
        return Error(ErrorCode::not_found,
                     connector + " was written no file " + std::to_string(sequence));
    }
    Result<std::string> bytes = shop.vault.unseal((*file)->sealed, (*file)->id);
    if (!bytes) return bytes.error();
    WriteOutcome outcome;
    outcome.content = {.name = (*file)->name, .bytes = *std::move(bytes)};
    outcome.file = **std::move(file);
    return outcome;
}

}  // namespace causeway::gateway
