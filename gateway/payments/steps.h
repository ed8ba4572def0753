// SPDX-License-Identifier: Apache-2.0
//
// How a payment moves: in steps. A step is the body of one transaction; it ends with an answer to
// the caller, or with one operation to send. What the provider says of that is the input of the
// next step. Nothing is sent that a step has not made durable, and nothing is believed that a step
// has not written.
//
//     intent step --> send --> outcome step --> send --> outcome step --> reply
//
// The janitor takes the same outcome steps for operations that nobody waits for any more.
#pragma once

#include "connectors/connector.h"
#include "fx/quote.h"
#include "gateway/api/problem.h"
#include "gateway/idempotency/idempotency_store.h"
#include "gateway/instances/instance.h"
#include "gateway/payments/connector_set.h"
#include "gateway/payments/payment.h"
#include "gateway/payments/payments_store.h"
#include "gateway/payments/sequences.h"
#include "gateway/vault/vault.h"
#include "ledger/journal/journal.h"

#include <optional>
#include <string>

namespace causeway::gateway {

/// What the caller gets. `body` is JSON; its media type follows from the status.
struct Reply {
    int status = 200;
    std::string body;
    bool replayed = false;
    int retry_after_s = 0;
};

/// On whose behalf a step runs.
struct Caller {
    Scope scope;
    std::string request_id;
    std::optional<IdempotencyKey> idempotency;
    std::string traceparent = {};  ///< W3C Trace Context, to be handed on; may be empty.
};

/// An operation that is durable and may now be sent. Holds a card number: never logged.
struct Send {
    OperationRow row;
    connectors::Operation operation;
    bool inquiry = false;  ///< It was sent: the provider is asked what became of it.
    std::optional<connectors::DisputeOperation> dispute = std::nullopt;  ///< To the disputing side.
    /// The end of the quote that a charge stands on: from then on it is not sent.
    std::optional<Timestamp> send_before = std::nullopt;
    std::string token = {};  ///< Of the card that a charge is made to; else empty.
};

/// How a step ended. Neither: nothing is left to do right now.
struct Step {
    std::optional<Send> send;
    std::optional<Reply> reply;
    bool work_left = false;  ///< An operation was opened that the janitor is to send.
};

struct Workshop;
/// Says whether the janitor has something to send now.
using CompareKept = Result<bool> (*)(ledger::Transaction& tx,
                                     const Workshop& shop,
                                     const std::string& connector,
                                     const std::string& reference);

/// What steps work with. Lifetime: borrowed; outlives every step.
struct Workshop {
    ledger::Journal& journal;
    const Clock& clock;
    IdSource& ids;
    const Vault& vault;
    CvcMemory& cvcs;
    const ConnectorSet& connectors;
    fx::QuoteSources quotes;
    Sequences& sequences;
    /// What a merchant pays for a dispute. Units: minor units of the settlement currency.
    std::map<std::string, std::int64_t> dispute_fees;
    /// Where buyers find us, such as "https://pay.example.com"; without a slash at its end.
    std::string public_url;
    /// This process among others; null where it is alone.
    const Instance* instance = nullptr;
    /// Called when a doubt about an operation has ended, in the same transaction: what the provider
    /// told of it meanwhile, and was too early, may be believed now. Null: nobody keeps notices.
    CompareKept compare_kept = nullptr;
};

/// Who takes up what this process works on; nobody where it is alone.
[[nodiscard]] std::optional<Uuid> worker_of(const Workshop& shop);
/// Whether a message may go to a provider; see Instance.
[[nodiscard]] bool may_send(const Workshop& shop);

/// Ends the caller's request: stores the answer under its key, if it has one, and returns it.
[[nodiscard]] Result<Step> answer(ledger::Transaction& tx,
                                  const Caller& caller,
                                  int status,
                                  std::string body);
[[nodiscard]] Result<Step> refuse(ledger::Transaction& tx,
                                  const Caller& caller,
                                  const Problem& problem);

/// Claims the caller's key for `resource`. An answer in `step` means: not ours to do.
struct Claimed {
    std::optional<Step> step;
    bool resumed = false;
    std::string resource;
};
[[nodiscard]] Result<Claimed> claim_key(ledger::Transaction& tx,
                                        const Workshop& shop,
                                        const Caller& caller,
                                        std::string resource);

}  // namespace causeway::gateway
