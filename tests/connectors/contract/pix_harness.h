// SPDX-License-Identifier: Apache-2.0
//
// The Pix connector before its provider's sandbox, over real sockets and mutual TLS.
#pragma once

#include "connectors/pix/connector.h"
#include "tests/connectors/contract/collecting_harness.h"
#include "tests/support/pix_house.h"

namespace causeway::test {

class PixHarness final : public CollectingHarness {
  public:
    explicit PixHarness(connectors::Lifecycle lifecycle) : connector_(make(std::move(lifecycle))) {}

    connectors::Connector& connector() override { return *connector_; }
    Timestamp now() override { return house_.clock.now(); }
    Outcome perform(connectors::Operation operation) override {
        return run(connector_->perform(std::move(operation)));
    }
    connectors::Payer payer() override {
        connectors::Payer payer;
        payer.name = "Ana Souza";
        payer.tax_id = "494.732.895-96";
        return payer;
    }
    ledger::Money amount() override { return {12'345, *ledger::Currency::from_code("BRL")}; }
    void pay(const connectors::Operation& charge) override { house_.pay(charge.reference, false); }
    std::vector<connectors::Notice> told() override {
        auto told = run(connector_->polling()->poll(""));
        if (!told) throw std::runtime_error(told.error().detail());
        return std::move(told->notices);
    }
    bool arrange(Knob knob) override {
        switch (knob) {
            case Knob::decline: return false;
            case Knob::cut_before: house_.admin("script", R"({"requests":["fail_before"]})"); break;
            case Knob::lost_after: house_.admin("script", R"({"requests":["cut_after"]})"); break;
        }
        return true;
    }
    PixHouse& house() { return house_; }

  private:
    std::unique_ptr<connectors::pix::PixConnector> make(connectors::Lifecycle lifecycle) {
        connectors::pix::PixConfig config;
        config.common.name = "pix";
        config.common.lifecycle = std::move(lifecycle);
        config.api = house_.api_config();
        config.key = PixHouse::kKey;
        config.merchant = {.name = "Empresa Alfa", .city = "Recife"};
        const connectors::Surroundings world{.executor = io_.get_executor(),
                                             .clock = house_.clock,
                                             .entropy = house_.entropy,
                                             .sleep = connectors::real_sleep(),
                                             .report = {}};
        return std::make_unique<connectors::pix::PixConnector>(
            std::move(config), house_.new_client(), world);
    }

    PixHouse house_;
    boost::asio::io_context io_;
    std::unique_ptr<connectors::pix::PixConnector> connector_;
};

}  // namespace causeway::test
