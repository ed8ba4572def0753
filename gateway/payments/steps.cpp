// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/steps.h"

namespace causeway::gateway {
namespace {

Step reply_only(const Problem& problem, const Caller& caller) {
    return Step{.send = std::nullopt,
                .reply = Reply{.status = problem.status,
                               .body = render(problem, caller.request_id),
                               .replayed = false,
                               .retry_after_s = problem.retry_after_s}};
}

Step replay(int status, std::string body) {
    return Step{.send = std::nullopt,
                .reply = Reply{.status = status, .body = std::move(body), .replayed = true}};
}

}  // namespace

std::optional<Uuid> worker_of(const Workshop& shop) {
    if (shop.instance == nullptr) return std::nullopt;
    return shop.instance->id();
}

bool may_send(const Workshop& shop) {
    return shop.instance == nullptr || shop.instance->may_send();
}

Result<Step> answer(ledger::Transaction& tx, const Caller& caller, int status, std::string body) {
    if (caller.idempotency) {
        const Result<std::optional<StoredAnswer>> earlier =
            finish_first(tx, *caller.idempotency, status, body);
        if (!earlier) return earlier.error();
        if (*earlier) return replay((*earlier)->status, (*earlier)->body);
    }
    return Step{.send = std::nullopt, .reply = Reply{.status = status, .body = std::move(body)}};
}

Result<Step> refuse(ledger::Transaction& tx, const Caller& caller, const Problem& problem) {
    // Ours to mend, not the caller's: roll back, and let the same key try again.
    if (problem.status == 500) return Error(ErrorCode::storage, problem.detail);
    if (problem.status >= 500) {
        if (caller.idempotency) {
            const Result<void> released = release(tx, *caller.idempotency);
            if (!released) return released.error();
        }
        return reply_only(problem, caller);
    }
    return answer(tx, caller, problem.status, render(problem, caller.request_id));
}

Result<Claimed> claim_key(ledger::Transaction& tx,
                          const Workshop& shop,
                          const Caller& caller,
                          std::string resource) {
    Claimed claimed{.step = std::nullopt, .resumed = false, .resource = std::move(resource)};
    if (!caller.idempotency) return claimed;
    Result<Claim> stored =
        claim(tx,
              *caller.idempotency,
              {.resource = claimed.resource, .now = shop.clock.now(), .worker = worker_of(shop)});
    if (!stored) return stored.error();
    switch (stored->state) {
        case ClaimState::fresh: break;
        case ClaimState::resumed:
            claimed.resumed = true;
            claimed.resource = std::move(stored->resource);
            break;
        case ClaimState::replay:
            claimed.step = replay(stored->status, std::move(stored->body));
            break;
        case ClaimState::in_flight:
            claimed.step = reply_only(make_problem("idempotency_key_in_flight",
                                                   "A request with this key is being worked on."),
                                      caller);
            break;
        case ClaimState::reused:
            claimed.step = reply_only(
                make_problem("idempotency_key_reused", "This key was used with another request."),
                caller);
            break;
    }
    return claimed;
}

}  // namespace causeway::gateway
