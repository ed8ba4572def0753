// SPDX-License-Identifier: Apache-2.0
//
// The same connector and bank as boleto_harness.h, as the contract of methods whose buyers pay
// later wants them: the bank tells of payments by its notifications.
#pragma once

#include "tests/connectors/contract/boleto_harness.h"
#include "tests/connectors/contract/collecting_harness.h"

namespace causeway::test {

class BoletoCollecting final : public CollectingHarness {
  public:
    explicit BoletoCollecting(connectors::Lifecycle lifecycle) : harness_(lifecycle) {}

    connectors::Connector& connector() override { return harness_.connector(); }
    Timestamp now() override { return harness_.clock().now(); }
    Outcome perform(connectors::Operation operation) override {
        return harness_.perform(std::move(operation));
    }
    connectors::Payer payer() override { return harness_.payer(); }
    ledger::Money amount() override { return harness_.money(12'345); }
    void pay(const connectors::Operation& charge) override {
        connectors::Notice paid;
        paid.id = "paid-" + charge.reference;
        paid.reference = charge.reference;
        paid.amount = charge.amount;
        paid_.push_back(std::move(paid));
    }
    std::vector<connectors::Notice> told() override {
        std::vector<connectors::Notice> all;
        for (const connectors::Notice& paid : paid_) {
            const SignedNotices message = *harness_.sign({paid});
            const auto read = connector().notices()->read(
                {.headers = message.headers, .body = message.body, .received = now()});
            if (!read) throw std::runtime_error(read.error().detail());
            all.insert(all.end(), read->begin(), read->end());
        }
        return all;
    }
    bool arrange(Knob knob) override {
        if (knob == Knob::decline) return false;
        connectors::Operation next{
            connectors::OperationKind::collect, "", amount(), "", std::nullopt, std::nullopt};
        harness_.arrange(knob, next);
        return true;
    }

  private:
    BoletoHarness harness_;
    std::vector<connectors::Notice> paid_;
};

}  // namespace causeway::test
