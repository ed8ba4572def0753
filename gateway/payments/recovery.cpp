// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/recovery.h"

#include "gateway/instances/instances_store.h"
#include "gateway/log.h"
#include "gateway/payments/operations_store.h"
#include "gateway/payments/outcomes.h"
#include "ledger/store/commit_queue.h"

#include <set>
#include <vector>

namespace causeway::gateway {
namespace {

using connectors::OperationKind;
using ledger::Transaction;

constexpr std::chrono::seconds kStuckPause{60};
constexpr int kAll = 1'000'000;

bool may_not_be_repeated(const OperationRow& row) {
    return row.state == OperationState::intent && row.tries > 0 &&
           (row.kind == OperationKind::authorise || row.kind == OperationKind::sale ||
            row.kind == OperationKind::increment || row.kind == OperationKind::refund);
}

void count(const OperationRow& row, Recovered& recovered) {
    ++recovered.operations;
    if (may_not_be_repeated(row)) ++recovered.doubtful;
}

// Such as one of a connector that the configuration does not name any more: it stays open.
Result<void> leave_stuck(Transaction& tx, const Workshop& shop, const OperationRow& row) {
    log(LogLevel::error,
        "operation_stuck",
        {{"operation", to_text("op", row.id)}, {"why", "no connector " + row.connector}});
    return hand_back(tx, row.id, shop.clock.now() + kStuckPause);
}

// Who doubts what may have been sent: we, at once, or the janitor, each in a transaction of its
// own.
enum class Doubt { now, later };

Result<void> recover_operation(Transaction& tx,
                               const Workshop& shop,
                               const OperationRow& row,
                               Doubt doubt) {
    if (!may_not_be_repeated(row)) return hand_back(tx, row.id, shop.clock.now());
    if (shop.connectors.find(row.connector) == nullptr) return leave_stuck(tx, shop, row);
    if (doubt == Doubt::later) return hand_back(tx, row.id, shop.clock.now());
    const Result<Step> step = take_up(tx, shop, row.id);
    if (!step) return step.error();
    return {};
}

Result<void> answer_requests(Transaction& tx,
                             const std::vector<Abandoned>& requests,
                             Recovered& recovered) {
    for (const Abandoned& request : requests) {
        ++recovered.requests;
        const Result<void> answered = answer_abandoned(tx, request);
        if (!answered) return answered;
    }
    return {};
}

// Before the operations: closing one answers its request on the way.
Result<Recovered> recover_all(Transaction& tx, const Workshop& shop, Doubt doubt) {
    Recovered recovered;
    const Result<std::vector<Abandoned>> requests = abandoned(tx);
    if (!requests) return requests.error();
    const Result<std::vector<OperationRow>> open = due_operations(tx, Timestamp::max(), kAll);
    if (!open) return open.error();
    for (const OperationRow& row : *open) {
        count(row, recovered);
        const Result<void> done = recover_operation(tx, shop, row, doubt);
        if (!done) return done.error();
    }
    const Result<void> answered = answer_requests(tx, *requests, recovered);
    if (!answered) return answered.error();
    return recovered;
}

}  // namespace

Result<Recovered> take_over(Transaction& tx, const Workshop& shop) {
    Recovered recovered;
    const Result<std::set<Uuid>> dead = dead_workers(tx);
    if (!dead) return dead.error();
    // What nobody works on came with the books of a process that was alone on them.
    Result<std::vector<Abandoned>> requests =
        dead->empty() ? abandoned_by_nobody(tx) : abandoned(tx);
    if (!requests) return requests.error();
    std::erase_if(*requests, [&dead](const Abandoned& request) {
        return request.worker && !dead->contains(*request.worker);
    });
    for (const Uuid& worker : *dead) {
        const Result<std::vector<OperationRow>> open = open_operations_of(tx, worker);
        if (!open) return open.error();
        for (const OperationRow& row : *open) {
            count(row, recovered);
            const Result<void> done = recover_operation(tx, shop, row, Doubt::later);
            if (!done) return done.error();
        }
    }
    const Result<void> answered = answer_requests(tx, *requests, recovered);
    if (!answered) return answered.error();
    return recovered;
}

Result<Recovered> recover(ledger::Database& database, const Workshop& shop) {
    const auto run = [&](Doubt doubt) {
        const bool shared = database.is_shared();
        return database.writer().commit<Recovered>([&shop, shared, doubt](
                                                       Transaction& tx) -> Result<Recovered> {
            Result<Recovered> done = shared ? take_over(tx, shop) : recover_all(tx, shop, doubt);
            if (!done) return done;
            const Result<std::int64_t> forgotten = forget(tx, shop.clock.now() - kAnswersKept);
            if (!forgotten) return forgotten.error();
            return done;
        });
    };
    Result<Recovered> recovered = run(Doubt::now);
    // One that can not be doubted must not keep all others from being served.
    if (!recovered) recovered = run(Doubt::later);
    return recovered;
}

}  // namespace causeway::gateway
