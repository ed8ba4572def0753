// SPDX-License-Identifier: Apache-2.0
//
// Idempotency-Key: the same key and request replays the first answer, byte for byte.
//
// The row is claimed in the transaction that makes the operation durable and finished in the one
// that knows its outcome, so the key and the work can not drift apart over a crash.
// Source: draft-ietf-httpapi-idempotency-key-header.
#pragma once

#include "gateway/payments/payments_store.h"
#include "ledger/digest.h"
#include "ledger/store/database.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::gateway {

/// What one key means: it is scoped to merchant, mode, method and path template.
struct IdempotencyKey {
    Scope scope;
    std::string endpoint;  ///< "POST /v1/payments/{id}/captures"
    std::string key;       ///< As the client sent it, without quotes.
    Sha256 fingerprint{};  ///< Of the concrete path and the body.
};

/// Reads the header's value: bare, or a quoted string as the draft writes it.
///
/// Errors: `invalid_argument` unless 1 to 255 visible ASCII characters remain.
[[nodiscard]] Result<std::string> parse_idempotency_key(std::string_view header);

enum class ClaimState {
    fresh,      ///< Claimed: do the work.
    resumed,    ///< An earlier try ended before anything was sent: do it again on `resource`.
    replay,     ///< Done before: `status` and `body` are the answer.
    in_flight,  ///< Somebody is at it.
    reused,     ///< The key belongs to another request.
};

struct Claim {
    ClaimState state = ClaimState::fresh;
    int status = 0;
    std::string body;
    std::string resource;
};

/// Who claims a key, and for what.
struct Claimant {
    std::string_view resource;
    Timestamp now;
    std::optional<Uuid> worker = {};  ///< The instance that works on the request.
};

/// Claims the key, or says why not.
[[nodiscard]] Result<Claim> claim(ledger::Transaction& tx,
                                  const IdempotencyKey& key,
                                  const Claimant& claimant);

/// What the key is answered with from now on.
struct StoredAnswer {
    int status = 0;
    std::string body;
};

/// Stores the answer, unless somebody has answered for us because we took too long: then theirs
/// is the answer, for our caller too.
[[nodiscard]] Result<std::optional<StoredAnswer>> finish_first(ledger::Transaction& tx,
                                                               const IdempotencyKey& key,
                                                               int status,
                                                               std::string_view body);

/// Stores the answer, unless there is one. From here on it is replayed.
[[nodiscard]] Result<void> finish(ledger::Transaction& tx,
                                  const IdempotencyKey& key,
                                  int status,
                                  std::string_view body);

/// Nothing was sent: the same key may try again, on the same resource.
[[nodiscard]] Result<void> release(ledger::Transaction& tx, const IdempotencyKey& key);

/// A claim that is not answered; what of it is abandoned the worker tells.
struct Abandoned {
    IdempotencyKey key;
    std::string resource;
    std::optional<Uuid> worker;
};
[[nodiscard]] Result<std::vector<Abandoned>> abandoned(ledger::Transaction& tx);
/// Those without a worker: of a process that was alone on its database.
[[nodiscard]] Result<std::vector<Abandoned>> abandoned_by_nobody(ledger::Transaction& tx);

/// Forgets answers older than `before`; never a claim that is open.
[[nodiscard]] Result<std::int64_t> forget(ledger::Transaction& tx, Timestamp before);

}  // namespace causeway::gateway
