// SPDX-License-Identifier: Apache-2.0
//
// Messages of a provider's, as the inbox takes them in: one of its own for each list of notices.
#pragma once

#include "gateway/notifications/inbox.h"
#include "gateway/notifications/notifications_store.h"
#include "tests/support/payment_desk.h"

#include <string>
#include <vector>

namespace causeway::test {

inline gateway::NotificationMessage message_of(PaymentDesk& desk, const std::string& body) {
    return {.id = desk.ids.next(),
            .connector = "scripted",
            .body_sha256 = sha256(body),
            .state = gateway::MessageState::read,
            .sealed = {1, 2, 3},
            .vault_key = "key",
            .size = static_cast<std::int64_t>(body.size()),
            .received = desk.clock.now()};
}

inline Result<gateway::Intake> try_receive(PaymentDesk& desk,
                                           const std::vector<connectors::Notice>& notices) {
    std::string body;
    for (const connectors::Notice& notice : notices)
        body += notice.id + to_hex(gateway::digest_of(notice));
    const gateway::NotificationMessage message = message_of(desk, body);
    return desk.database->writer().commit<gateway::Intake>([&](ledger::Transaction& tx) {
        return gateway::take_in(tx, desk.service->shop(), message, notices);
    });
}

/// Throws when it was not taken in.
inline gateway::Intake receive(PaymentDesk& desk, const std::vector<connectors::Notice>& notices) {
    Result<gateway::Intake> taken = try_receive(desk, notices);
    if (!taken) throw std::runtime_error(taken.error().detail());
    return *std::move(taken);
}

}  // namespace causeway::test
