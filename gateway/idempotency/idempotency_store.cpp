// SPDX-License-Identifier: Apache-2.0
#include "gateway/idempotency/idempotency_store.h"

#include <algorithm>
#include <optional>

namespace causeway::gateway {
namespace {

using ledger::Row;
using ledger::Transaction;

constexpr std::size_t kKeyCharactersMax = 255;

std::span<const std::uint8_t> bytes_of(const Sha256& digest) {
    return digest;
}

struct Stored {
    std::string state;
    bool same_request = false;
    Claim claim;
};

Result<std::optional<Stored>> find(Transaction& tx, const IdempotencyKey& key) {
    std::optional<Stored> found;
    const Result<void> read = tx.query(
        "SELECT fingerprint, state, resource, status, body FROM idempotency_keys WHERE "
        "merchant_id = $1 AND livemode = $2 AND endpoint = $3 AND idempotency_key = $4 /*locked*/",
        {key.scope.merchant, key.scope.livemode, key.endpoint, key.key},
        [&](const Row& row) {
            found.emplace();
            found->same_request = std::ranges::equal(row.bytes(0), key.fingerprint);
            found->state = row.text(1);
            found->claim.resource = row.text(2);
            found->claim.status = static_cast<int>(row.integer(3));
            found->claim.body = row.text(4);
        });
    if (!read) return read.error();
    return found;
}

// Never an answer that is there. The number of rows that changed.
Result<std::int64_t> set_state(Transaction& tx,
                               const IdempotencyKey& key,
                               std::string_view state,
                               int status,
                               std::string_view body) {
    return tx.execute(
        "UPDATE idempotency_keys SET state = $1, status = $2, body = $3 WHERE "
        "merchant_id = $4 AND livemode = $5 AND endpoint = $6 AND "
        "idempotency_key = $7 AND state <> 'done'",
        {state, status, body, key.scope.merchant, key.scope.livemode, key.endpoint, key.key});
}

Result<void> claim_again(Transaction& tx, const IdempotencyKey& key, const Claimant& claimant) {
    const Result<std::int64_t> changed = tx.execute(
        "UPDATE idempotency_keys SET state = 'in_flight', worker = $1 WHERE "
        "merchant_id = $2 AND livemode = $3 AND endpoint = $4 AND idempotency_key = $5",
        {claimant.worker, key.scope.merchant, key.scope.livemode, key.endpoint, key.key});
    if (!changed) return changed.error();
    return {};
}

#define CAUSEWAY_CLAIM_COLUMNS \
    "merchant_id, livemode, endpoint, idempotency_key, fingerprint, resource, worker"
// The first condition is the index's own.
#define CAUSEWAY_CLAIMS " FROM idempotency_keys WHERE state <> 'done' AND state = 'in_flight'"

Result<std::vector<Abandoned>> find_claims(Transaction& tx, std::string_view sql) {
    std::vector<Abandoned> rows;
    const Result<void> read = tx.query(sql, {}, [&rows](const Row& row) {
        Abandoned one;
        one.key.scope = {.merchant = row.uuid(0), .livemode = row.integer(1) != 0};
        one.key.endpoint = row.text(2);
        one.key.key = row.text(3);
        std::ranges::copy(row.bytes(4).first(std::min<std::size_t>(32, row.bytes(4).size())),
                          one.key.fingerprint.begin());
        one.resource = row.text(5);
        one.worker = row.maybe_uuid(6);
        rows.push_back(std::move(one));
    });
    if (!read) return read.error();
    return rows;
}

}  // namespace

Result<std::string> parse_idempotency_key(std::string_view header) {
    const bool quoted = header.size() >= 2 && header.front() == '"' && header.back() == '"';
    const std::string_view key = quoted ? header.substr(1, header.size() - 2) : header;
    const bool visible = std::ranges::all_of(key, [](char c) { return c > ' ' && c < '\x7F'; });
    if (key.empty() || key.size() > kKeyCharactersMax || !visible) {
        return Error(ErrorCode::invalid_argument,
                     "Idempotency-Key must be 1 to 255 visible ASCII characters");
    }
    return std::string(key);
}

Result<Claim> claim(Transaction& tx, const IdempotencyKey& key, const Claimant& claimant) {
    // Nearly every key is new: one statement finds that out and takes it.
    const Result<std::int64_t> inserted = tx.execute(
        "INSERT INTO idempotency_keys (merchant_id, livemode, endpoint, idempotency_key, "
        "fingerprint, state, resource, status, body, created_us, worker) "
        "VALUES ($1, $2, $3, $4, $5, 'in_flight', $6, 0, '', $7, $8) ON CONFLICT DO NOTHING",
        {key.scope.merchant,
         key.scope.livemode,
         key.endpoint,
         key.key,
         bytes_of(key.fingerprint),
         claimant.resource,
         claimant.now,
         claimant.worker});
    if (!inserted) return inserted.error();
    if (*inserted == 1) return Claim{.resource = std::string(claimant.resource)};
    Result<std::optional<Stored>> stored = find(tx, key);
    if (!stored) return stored.error();
    // Forgotten for its age between the two statements, by another process.
    if (!*stored) return Error(ErrorCode::unavailable, "the idempotency key is being forgotten");
    Claim answer = std::move((*stored)->claim);
    if (!(*stored)->same_request) {
        answer.state = ClaimState::reused;
    } else if ((*stored)->state == "done") {
        answer.state = ClaimState::replay;
    } else if ((*stored)->state == "in_flight") {
        answer.state = ClaimState::in_flight;
    } else {
        const Result<void> again = claim_again(tx, key, claimant);
        if (!again) return again.error();
        answer.state = ClaimState::resumed;
    }
    return answer;
}

Result<std::optional<StoredAnswer>> finish_first(Transaction& tx,
                                                 const IdempotencyKey& key,
                                                 int status,
                                                 std::string_view body) {
    const Result<std::int64_t> changed = set_state(tx, key, "done", status, body);
    if (!changed) return changed.error();
    if (*changed == 1) return std::optional<StoredAnswer>();
    Result<std::optional<Stored>> stored = find(tx, key);
    if (!stored) return stored.error();
    if (!*stored) return Error(ErrorCode::not_found, "idempotency key to finish");
    Claim& earlier = (*stored)->claim;
    return std::optional(StoredAnswer{.status = earlier.status, .body = std::move(earlier.body)});
}

Result<void> finish(Transaction& tx, const IdempotencyKey& key, int status, std::string_view body) {
    const Result<std::optional<StoredAnswer>> earlier = finish_first(tx, key, status, body);
    if (!earlier) return earlier.error();
    return {};
}

Result<void> release(Transaction& tx, const IdempotencyKey& key) {
    const Result<std::int64_t> changed = set_state(tx, key, "released", 0, "");
    if (!changed) return changed.error();
    return {};
}

Result<std::vector<Abandoned>> abandoned(Transaction& tx) {
    return find_claims(tx, "SELECT " CAUSEWAY_CLAIM_COLUMNS CAUSEWAY_CLAIMS);
}

Result<std::vector<Abandoned>> abandoned_by_nobody(Transaction& tx) {
    return find_claims(tx, "SELECT " CAUSEWAY_CLAIM_COLUMNS CAUSEWAY_CLAIMS " AND worker IS NULL");
}

Result<std::int64_t> forget(Transaction& tx, Timestamp before) {
    return tx.execute("DELETE FROM idempotency_keys WHERE state <> 'in_flight' AND created_us < $1",
                      {before});
}

}  // namespace causeway::gateway
