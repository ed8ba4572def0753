// SPDX-License-Identifier: Apache-2.0
//
// The scripted provider before the contract tests: it keeps its contract when it is not told to
// break something. Waiting takes no time.
#pragma once

#include "connectors/fault/connector.h"
#include "tests/connectors/contract/harness.h"
#include "tests/support/books.h"
#include "tests/support/run.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace causeway::test {

class FaultHarness final : public Harness {
  public:
    explicit FaultHarness(connectors::Lifecycle lifecycle)
        : provider_(std::make_shared<connectors::fault::FaultProvider>(
              provider_config(), clock_, entropy_)),
          connector_(config(lifecycle), provider_, sleep(), clock_) {}

    connectors::Connector& connector() override { return connector_; }
    ManualClock& clock() override { return clock_; }
    Outcome perform(connectors::Operation operation) override {
        return run(connector_.perform(std::move(operation)));
    }
    Result<connectors::Finding> find(connectors::Operation operation) override {
        return run(connector_.inquiry()->find(std::move(operation)));
    }
    Believed believed(const connectors::Operation& charge) override {
        const connectors::fault::Standing standing = provider_->standing_of(charge.payment_id);
        return {.authorised = standing.authorised,
                .captured = standing.captured,
                .refunded = standing.refunded};
    }
    void arrange(Knob knob, connectors::Operation& /*next*/) override {
        using connectors::fault::Trick;
        switch (knob) {
            case Knob::decline: return provider_->next({Trick::decline});
            case Knob::cut_before: return provider_->next({Trick::cut_before});
            case Knob::lost_after: return provider_->next({Trick::lost_after});
        }
    }
    std::optional<SignedNotices> sign(const std::vector<connectors::Notice>& notices) override {
        return signed_text(connectors::fault::write_notices(notices));
    }
    std::optional<SignedNotices> sign_nonsense() override { return signed_text("[{}"); }

  private:
    static connectors::fault::ProviderConfig provider_config() {
        connectors::fault::ProviderConfig made;
        made.notice_secret = "whsec_contract";
        return made;
    }
    static connectors::fault::FaultConfig config(connectors::Lifecycle lifecycle) {
        connectors::fault::FaultConfig made;
        made.common.name = "scripted";
        made.common.lifecycle = lifecycle;
        return made;
    }
    connectors::Sleep sleep() {
        return [this](std::chrono::milliseconds length) { return pass(length); };
    }
    boost::asio::awaitable<void> pass(std::chrono::milliseconds length) {
        clock_.advance(length);
        co_return;
    }
    SignedNotices signed_text(std::string body) {
        connectors::fault::SignedMessage message =
            connectors::fault::sign("whsec_contract", std::move(body), clock_.now());
        return {.headers = std::move(message.headers), .body = std::move(message.body)};
    }

    ManualClock clock_{contract_start()};
    SeededEntropy entropy_{1};
    std::shared_ptr<connectors::fault::FaultProvider> provider_;
    connectors::fault::FaultConnector connector_;
};

}  // namespace causeway::test
