// SPDX-License-Identifier: Apache-2.0
//
// The boleto connector and a small bank with TLS, inside the test's own event loop.
#pragma once

#include "connectors/boleto/connector.h"
#include "tests/connectors/boleto/fake_bank.h"
#include "tests/connectors/boleto/some_config.h"
#include "tests/connectors/contract/harness.h"
#include "tests/support/books.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace causeway::test {

class BoletoHarness final : public Harness {
  public:
    explicit BoletoHarness(connectors::Lifecycle lifecycle)
        : bank_(io_.get_executor(), told(lifecycle)), connector_(bank_.config(), world()) {}
    BoletoHarness(const BoletoHarness&) = delete;
    BoletoHarness& operator=(const BoletoHarness&) = delete;
    ~BoletoHarness() override {
        bank_.close();
        io_.restart();
        io_.run_for(std::chrono::seconds(5));
    }

    connectors::Connector& connector() override { return connector_; }
    ManualClock& clock() override { return clock_; }
    Outcome perform(connectors::Operation operation) override {
        return await(connector_.perform(std::move(operation)));
    }
    Result<connectors::Finding> find(connectors::Operation operation) override {
        return await(connector_.inquiry()->find(std::move(operation)));
    }
    /// What the bank waits for.
    Believed believed(const connectors::Operation& charge) override {
        const auto at = bank_.titles().find(charge.reference);
        if (at == bank_.titles().end()) return {};
        return {.authorised = at->second.amount};
    }
    void arrange(Knob knob, connectors::Operation& next) override {
        switch (knob) {
            case Knob::decline: next.amount = money(connectors::boleto::kRefusedAmount); break;
            case Knob::cut_before: bank_.close(); break;
            case Knob::lost_after: bank_.lose_next(); break;
        }
    }
    ledger::Currency currency() override { return test::currency("BRL"); }
    connectors::Payer payer() override { return connectors::boleto::some_payer(); }
    connectors::Notice sample(int number) override {
        connectors::Notice notice;
        notice.kind = connectors::NoticeKind::received;
        notice.id = "n-" + std::to_string(number);
        notice.reference = "1234567000000012" + std::to_string(number);
        notice.amount = money(1000);
        return notice;
    }
    std::optional<SignedNotices> sign(const std::vector<connectors::Notice>& notices) override {
        const connectors::Notice& first = notices.front();
        const connectors::boleto::BankNews news{.id = first.id,
                                                .our_number = first.reference,
                                                .amount = first.amount->minor_units(),
                                                .paid_on = day_of(clock_.now()),
                                                .happened = clock_.now()};
        return signed_text(boost::json::serialize(connectors::boleto::write_body(news)));
    }
    std::size_t notices_of_a_message() override { return 1; }
    std::optional<SignedNotices> sign_nonsense() override { return signed_text("[{}"); }

  private:
    static connectors::boleto::BoletoConfig told(connectors::Lifecycle lifecycle) {
        auto made = connectors::boleto::some_config(connectors::boleto::Bank::banco_do_brasil);
        made.common.lifecycle = lifecycle;
        made.webhook_secret = "whsec_of_the_contract";
        return made;
    }
    connectors::Surroundings world() {
        return {.executor = io_.get_executor(),
                .clock = clock_,
                .entropy = entropy_,
                .sleep = connectors::real_sleep(),
                .report = {}};
    }
    SignedNotices signed_text(std::string body) {
        auto headers = connectors::boleto::sign_news("whsec_of_the_contract", body, clock_.now());
        return {.headers = std::move(headers), .body = std::move(body)};
    }
    template <class T>
    T await(boost::asio::awaitable<T> work) {
        std::optional<T> value;
        auto collect = [&value](boost::asio::awaitable<T> inner) -> boost::asio::awaitable<void> {
            value.emplace(co_await std::move(inner));
        };
        boost::asio::co_spawn(io_, collect(std::move(work)), boost::asio::detached);
        io_.restart();
        while (!value && io_.run_one_for(std::chrono::seconds(5)) > 0) {
        }
        if (!value) throw std::runtime_error("the boleto harness hangs");
        return *std::move(value);
    }

    ManualClock clock_{contract_start()};
    SeededEntropy entropy_{1};
    boost::asio::io_context io_;
    connectors::boleto::FakeBank bank_;
    connectors::boleto::BoletoConnector connector_;
};

}  // namespace causeway::test
