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

/// Claims the key for `resource`, or says why not.
[[nodiscard]] Result<Claim> claim(ledger::Transaction& tx,
                                  const IdempotencyKey& key,
                                  std::string_view resource,
                                  Timestamp now);

/// Stores the answer. From here on it is replayed.
[[nodiscard]] Result<void> finish(ledger::Transaction& tx,
                                  const IdempotencyKey& key,
                                  int status,
                                  std::string_view body);

/// Nothing was sent: the same key may try again, on the same resource.
[[nodiscard]] Result<void> release(ledger::Transaction& tx, const IdempotencyKey& key);

/// A claim whose process died before it could answer.
struct Abandoned {
    IdempotencyKey key;
    std::string resource;
};
[[nodiscard]] Result<std::vector<Abandoned>> abandoned(ledger::Transaction& tx);

/// Forgets answers older than `before`; never a claim that is open.
[[nodiscard]] Result<std::int64_t> forget(ledger::Transaction& tx, Timestamp before);

}  // namespace causeway::gateway
