// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/sequences.h"

#include "gateway/instances/instances_store.h"
#include "ledger/store/commit_queue.h"

#include <utility>

namespace causeway::gateway {
namespace {

class NothingToWrite final : public ledger::Outgoing {
  public:
    void write(ledger::Transaction& /*transaction*/) override {}
    void durable() noexcept override {}
};

}  // namespace

Sequences::Sequences(ledger::Database& database) : shared_(database.is_shared()) {
    database.writer().add(*this);
}

Result<std::int64_t> Sequences::next(ledger::Transaction& tx, const std::string& connector) {
    const auto known = ranges_.find(connector);
    if (known != ranges_.end() && known->second.next < known->second.end) {
        return known->second.next++;
    }
    const Result<std::int64_t> first = reserve_sequences(tx, connector, kRange);
    if (!first) return first.error();
    reserved_by_body_.push_back(connector);
    ranges_[connector] = {.next = *first + 1, .end = *first + kRange};
    return *first;
}

void Sequences::keep_body() {
    for (std::string& connector : reserved_by_body_)
        reserved_by_batch_.push_back(std::move(connector));
    reserved_by_body_.clear();
}

void Sequences::undo_body() {
    for (const std::string& connector : reserved_by_body_)
        ranges_.erase(connector);
    reserved_by_body_.clear();
}

void Sequences::before_commit(ledger::Transaction& /*transaction*/) {}

std::unique_ptr<ledger::Outgoing> Sequences::take_outgoing() {
    if (shared_) return nullptr;
    // Where nobody else writes a batch is durable, or the process stops.
    reserved_by_batch_.clear();
    return std::make_unique<NothingToWrite>();
}

void Sequences::undo_batch() {
    undo_body();
    for (const std::string& connector : reserved_by_batch_)
        ranges_.erase(connector);
    reserved_by_batch_.clear();
}

}  // namespace causeway::gateway
