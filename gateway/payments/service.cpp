// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/service.h"

#include "gateway/commit.h"
#include "gateway/payments/outcomes.h"

namespace asio = boost::asio;

namespace causeway::gateway {
namespace {

using connectors::Answer;

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

}  // namespace

asio::awaitable<Result<Step>> PaymentService::send_and_apply(std::optional<Caller> caller,
                                                             Send send) {
    const UnderWay mark(mutex_, under_way_, send.row.id);
    const ConnectorEntry* const entry = shop_.connectors.find(send.row.connector);
    if (entry == nullptr) co_return Error(ErrorCode::not_found, "connector " + send.row.connector);
    std::string cvc;
    if (send.operation.card) cvc = send.operation.card->cvc;
    Result<Answer> outcome = co_await entry->connector->perform(std::move(send.operation));
    const bool unsent = !outcome && outcome.error().code() == ErrorCode::unavailable;
    // Nobody has seen it, so the next try of this charge may still use it.
    if (unsent) shop_.cvcs.keep(send.token, std::move(cvc), shop_.clock.now());
    std::function<Result<Step>(ledger::Transaction&)> body =
        [this, caller, row = std::move(send.row), outcome](ledger::Transaction& tx) {
            return apply_outcome(tx, shop_, caller, row, outcome);
        };
    Result<Step> step = co_await commit<Step>(database_, std::move(body));
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
    std::function<Result<Step>(ledger::Transaction&)> body =
        [this, operation](ledger::Transaction& tx) { return take_up(tx, shop_, operation); };
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
