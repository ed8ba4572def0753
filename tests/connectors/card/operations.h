// SPDX-License-Identifier: Apache-2.0
//
// Operations of one payment, as the gateway would hand them to the card connector: the first at
// 05:45:00 with the sequence number 123, the one about it at 07:00:01 with 124.
#pragma once

#include "connectors/card/reference.h"
#include "connectors/card/requests.h"
#include "connectors/connector.h"
#include "tests/support/amounts.h"

#include <optional>
#include <string>
#include <utility>

namespace causeway::test {

using connectors::Operation;
using connectors::OperationKind;

inline connectors::card::CardAcceptor demo_acceptor() {
    connectors::card::CardAcceptor acceptor;
    acceptor.acquirer_id = "454545";
    acceptor.terminal_id = "TERM0001";
    acceptor.card_acceptor_id = "MERCHANT-000001";
    acceptor.name = "Causeway Demo Shop";
    acceptor.city = "Lisboa";
    acceptor.country = "PT";
    acceptor.mcc = "5999";
    return acceptor;
}

inline Operation authorise(ledger::Money amount) {
    const Timestamp now = *parse_rfc3339("2026-11-21T05:45:00Z");
    Operation operation{OperationKind::authorise, "", amount, "pay_1", std::nullopt, std::nullopt};
    operation.card = connectors::Card{"4761739001010119", 12, 2028, "123"};
    operation.reference = to_text(connectors::card::new_reference(123, now));
    return operation;
}

/// An operation about `first`, which the host approved.
inline Operation about(const Operation& first, OperationKind kind, ledger::Money amount) {
    const Timestamp now = *parse_rfc3339("2026-11-21T07:00:01Z");
    const auto original = connectors::card::parse_reference(first.reference);
    Operation operation = first;
    operation.kind = kind;
    operation.amount = amount;
    connectors::card::Reference reference = connectors::card::new_reference(124, now);
    if (kind != OperationKind::refund) reference.rrn = original->rrn;
    operation.reference = to_text(reference);
    operation.original = connectors::Original{
        first.kind, first.reference, "A" + original->stan.substr(1), first.amount};
    return operation;
}

inline Operation capture_of(ledger::Money authorised, ledger::Money amount) {
    return about(authorise(authorised), OperationKind::capture, amount);
}
inline Operation release_of(ledger::Money authorised, ledger::Money remains) {
    return about(authorise(authorised), OperationKind::release, remains);
}
inline Operation reverse_of(const Operation& first) {
    return about(first, OperationKind::reverse, first.amount);
}
inline Operation refund_of(ledger::Money captured, ledger::Money amount) {
    Operation sale = authorise(captured);
    sale.kind = OperationKind::sale;
    return about(sale, OperationKind::refund, amount);
}

}  // namespace causeway::test
