// SPDX-License-Identifier: Apache-2.0
//
// Many requests at once, through one process or through two on one database.
#pragma once

#include "tests/support/engines.h"
#include "tests/support/payment_desk.h"

#include <functional>
#include <utility>
#include <vector>

namespace causeway::test {

/// One request at one desk.
struct CrowdRequest {
    PaymentDesk& desk;
    gateway::Caller caller;
    gateway::PaymentService::FirstStep first;
};

/// All of them on one loop; they meet on the writers' threads and at the provider.
inline std::vector<Answered> all_at_once(std::vector<CrowdRequest> requests) {
    boost::asio::io_context io;
    std::vector<Answered> answers;
    for (CrowdRequest& one : requests) {
        boost::asio::co_spawn(io,
                              one.desk.service->run(std::move(one.caller), std::move(one.first)),
                              [&answers](const std::exception_ptr& failure, gateway::Reply reply) {
                                  if (!failure)
                                      answers.push_back(PaymentDesk::answered(std::move(reply)));
                              });
    }
    io.run_for(std::chrono::seconds(120));
    return answers;
}

/// One process on SQLite, two on PostgreSQL, with one merchant and one provider.
class Processes {
  public:
    explicit Processes(Engine engine) : place_(engine), first_(20260413, place_.url()) {
        if (engine == Engine::postgres) second_.emplace(first_, 20260414);
    }

    /// Requests take turns at the doors.
    PaymentDesk& desk(int turn) { return second_ && turn % 2 == 1 ? *second_ : first_; }
    PaymentDesk& first() { return first_; }
    PaymentDesk& second() { return second_.value(); }
    void advance(std::chrono::microseconds by) {
        first_.clock.advance(by);
        if (second_) second_->clock.advance(by);
    }

  private:
    Place place_;
    PaymentDesk first_;
    std::optional<PaymentDesk> second_;
};

}  // namespace causeway::test
