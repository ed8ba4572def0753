// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/drawdown.h"

#include "gateway/payments/disputes_store.h"
#include "gateway/payments/operator_store.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <utility>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

using ledger::Transaction;

struct Draw {
    Uuid movement;  // Balance transactions are numbered in the order in which they were booked.
    std::string owner;
    std::int64_t part = 0;
    bool gives_back = false;
};

Result<void> add_refunds(Transaction& tx, const Payment& payment, std::vector<Draw>& draws) {
    const Result<std::vector<Refund>> refunds = refunds_of_payment(tx, payment.id);
    if (!refunds) return refunds.error();
    for (const Refund& refund : *refunds) {
        if (!refund.balance_transaction) continue;
        draws.push_back({.movement = *refund.balance_transaction,
                         .owner = to_text("ref", refund.id),
                         .part = refund.amount.minor_units()});
    }
    return {};
}

// A dispute takes its amount, gives it back when it is won, and takes it again in the next round.
Result<void> add_disputes(Transaction& tx, const Payment& payment, std::vector<Draw>& draws) {
    const Result<std::vector<Dispute>> disputes = disputes_of_payment(tx, payment.id);
    if (!disputes) return disputes.error();
    for (const Dispute& dispute : *disputes) {
        bool gives_back = false;
        const json::value movements = json::parse(dispute.movements);
        for (const json::value& text : movements.as_array()) {
            const Result<Uuid> id = parse_id("txn", std::string_view(text.as_string()));
            if (!id) return Error(ErrorCode::integrity, "a dispute names its movements");
            draws.push_back({.movement = *id,
                             .owner = to_text("dp", dispute.id),
                             .part = dispute.amount.minor_units(),
                             .gives_back = gives_back});
            gives_back = !gives_back;
        }
    }
    return {};
}

}  // namespace

std::vector<Stretch> Drawdown::take(const std::string& owner, std::int64_t part) {
    std::vector<Stretch> held;
    for (const auto& [somebody, theirs] : held_)
        held.insert(held.end(), theirs.begin(), theirs.end());
    held.push_back({.from = captured_, .to = captured_});
    std::ranges::sort(held, {}, &Stretch::from);
    std::vector<Stretch> taken;
    std::int64_t at = 0;
    std::int64_t left = part;
    for (const Stretch& one : held) {
        const std::int64_t length = std::min(left, one.from - at);
        if (length > 0) taken.push_back({.from = at, .to = at + length});
        left -= std::max<std::int64_t>(length, 0);
        at = std::max(at, one.to);
    }
    held_[owner] = taken;
    if (left > 0) taken.push_back({.from = captured_ - left, .to = captured_});
    return taken;
}

void Drawdown::give_back(const std::string& owner) {
    held_.erase(owner);
}

Result<std::vector<Stretch>> next_stretches(Transaction& tx,
                                            const Payment& payment,
                                            std::int64_t part) {
    Drawdown drawdown(payment.captured);
    if (payment.refunded + payment.disputed == 0) return drawdown.take("the next", part);
    std::vector<Draw> draws;
    const Result<void> refunds = add_refunds(tx, payment, draws);
    if (!refunds) return refunds.error();
    const Result<void> disputes = add_disputes(tx, payment, draws);
    if (!disputes) return disputes.error();
    std::ranges::sort(draws, {}, &Draw::movement);
    for (const Draw& draw : draws) {
        if (draw.gives_back) {
            drawdown.give_back(draw.owner);
        } else {
            (void)drawdown.take(draw.owner, draw.part);
        }
    }
    return drawdown.take("the next", part);
}

}  // namespace causeway::gateway
