// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/service.h"

#include "gateway/commit.h"
#include "gateway/instances/instances_store.h"
#include "gateway/log.h"
#include "gateway/payments/outcomes.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>

namespace asio = boost::asio;

namespace causeway::gateway {
namespace {

using connectors::Answer;

constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable);
constexpr int kOutcomeTries = 100;
constexpr std::chrono::milliseconds kOutcomePause{50};
// take_up() sets the one that suits the connector.
constexpr std::chrono::seconds kClaimLease{60};

bool is_full(const Result<Step>& step) {
    return !step && step.error().code() == ErrorCode::unavailable;
}

// Whether a charge has carried its verification value for the last time: it was sent, and goes to
// no other provider.
bool is_spent(const Send& charge, const Result<Answer>& outcome, const Step& next) {
    const bool unsent = !outcome && outcome.error().code() == ErrorCode::unavailable;
    const bool sent_elsewhere = next.send && !next.send->token.empty();
    return !charge.token.empty() && !unsent && !sent_elsewhere;
}

// Marks an operation as being sent by this process, for as long as it lives.
class UnderWay {
  public:
    UnderWay(std::mutex& mutex, std::set<Uuid>& all, Uuid id) : mutex_(mutex), all_(all), id_(id) {
        const std::lock_guard lock(mutex_);
        all_.insert(id_);
    }
    UnderWay(const UnderWay&) = delete;
    UnderWay& operator=(const UnderWay&) = delete;
    ~UnderWay() {
        const std::lock_guard lock(mutex_);
        all_.erase(id_);
    }

  private:
    std::mutex& mutex_;
    std::set<Uuid>& all_;
    Uuid id_;
};

Reply reply_of(const Error& error, const Caller& caller) {
    const Problem problem = internal_problem(error);
    return Reply{.status = problem.status,
                 .body = render(problem, caller.request_id),
                 .replayed = false,
                 .retry_after_s = problem.retry_after_s};
}

InTransaction<Step> applying(const Workshop& shop,
                             std::optional<Caller> caller,
                             const OperationRow& row,
                             const Result<Answer>& outcome) {
    return [&shop, who = std::move(caller), row, outcome](ledger::Transaction& tx) {
        return apply_outcome(tx, shop, who, row, outcome);
    };
}

InTransaction<Step> applying_finding(const Workshop& shop,
                                     const OperationRow& row,
                                     const Result<connectors::Finding>& finding) {
    return [&shop, row, finding](ledger::Transaction& tx) {
        return apply_finding(tx, shop, row, finding);
    };
}

InTransaction<Step> taking_up(const Workshop& shop, const Uuid& operation) {
    return [&shop, operation](ledger::Transaction& tx) -> Result<Step> {
        const Timestamp now = shop.clock.now();
        const Result<bool> ours = claim_due(tx,
                                            {.operation = operation,
                                             .worker = worker_of(shop),
                                             .now = now,
                                             .lease_end = now + kClaimLease});
        if (!ours) return ours.error();
        // Somebody was faster, in this process or another.
        if (!*ours) return Step{};
        return take_up(tx, shop, operation);
    };
}

}  // namespace

asio::awaitable<Result<Answer>> PaymentService::perform(const ConnectorEntry& entry, Send& send) {
    if (!send.dispute) co_return co_await entry.connector->perform(std::move(send.operation));
    connectors::Disputing* const disputing = entry.connector->disputing();
    if (disputing == nullptr) co_return Error(ErrorCode::unavailable, "it takes no disputes");
    const bool contests = send.row.kind == connectors::OperationKind::represent;
    if (contests) co_return co_await disputing->represent(std::move(*send.dispute));
    co_return co_await disputing->accept(std::move(*send.dispute));
}

asio::awaitable<Result<Step>> PaymentService::ask_and_apply(const ConnectorEntry& entry,
                                                            Send send) {
    connectors::Inquiry* const inquiry = entry.connector->inquiry();
    if (inquiry == nullptr) co_return Error(ErrorCode::integrity, "nobody can be asked");
    const Result<connectors::Finding> finding = co_await inquiry->find(std::move(send.operation));
    InTransaction<Step> body = applying_finding(shop_, send.row, finding);
    co_return co_await commit<Step>(database_, std::move(body));
}

asio::awaitable<Result<Step>> PaymentService::send_and_apply(std::optional<Caller> caller,
                                                             Send send) {
    const UnderWay mark(mutex_, under_way_, send.row.id);
    const ConnectorEntry* const entry = shop_.connectors.find(send.row.connector);
    if (entry == nullptr) co_return Error(ErrorCode::not_found, "connector " + send.row.connector);
    if (send.inquiry) co_return co_await ask_and_apply(*entry, std::move(send));
    Result<Answer> outcome = Error(ErrorCode::unavailable, "this process was stopped for too long");
    if (send.send_before && shop_.clock.now() >= *send.send_before) {
        outcome = Error(ErrorCode::expired, "the quote ended before the charge was sent");
    } else if (may_send(shop_)) {
        outcome = co_await perform(*entry, send);
        const std::optional<HealthSample> health = health_of(outcome);
        ConnectorHealth& all = shop_.connectors.health();
        if (health) all.record(send.row.connector, *health, shop_.clock.now());
    }
    const InTransaction<Step> body = applying(shop_, std::move(caller), send.row, outcome);
    const std::string id = to_text("op", send.row.id);
    Result<Step> step = co_await commit<Step>(database_, body);
    // A full queue is no reason to forget what the provider said.
    for (int tries = 1; tries < kOutcomeTries && is_full(step); ++tries) {
        asio::steady_timer pause(co_await asio::this_coro::executor, kOutcomePause);
        (void)co_await pause.async_wait(kAsTuple);
        step = co_await commit<Step>(database_, body);
    }
    if (!step) {
        log(LogLevel::error,
            "outcome_not_stored",
            {{"operation", id}, {"why", step.error().detail()}});
    } else if (is_spent(send, outcome, *step)) {
        // Not in the body, which may be run again.
        shop_.cvcs.forget(send.token);
    }
    const bool answered = outcome && outcome->approved;
    if (!answered) on_open_work();
    co_return step;
}

asio::awaitable<Reply> PaymentService::run(Caller caller, FirstStep first) {
    Result<Step> step = co_await commit<Step>(database_, std::move(first));
    while (step && step->send) {
        Send send = std::move(*step->send);
        step = co_await send_and_apply(caller, std::move(send));
    }
    if (!step) co_return reply_of(step.error(), caller);
    if (!step->reply) co_return reply_of(Error(ErrorCode::integrity, "no answer"), caller);
    if (step->work_left) on_open_work();
    co_return std::move(*step->reply);
}

asio::awaitable<Result<void>> PaymentService::resume(Uuid operation) {
    InTransaction<Step> body = taking_up(shop_, operation);
    Result<Step> step = co_await commit<Step>(database_, std::move(body));
    while (step && step->send) {
        Send send = std::move(*step->send);
        step = co_await send_and_apply(std::nullopt, std::move(send));
    }
    if (!step) co_return step.error();
    if (step->work_left) on_open_work();
    co_return Result<void>();
}

bool PaymentService::is_under_way(const Uuid& operation) const {
    const std::lock_guard lock(mutex_);
    return under_way_.contains(operation);
}

}  // namespace causeway::gateway
