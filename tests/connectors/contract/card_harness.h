// SPDX-License-Identifier: Apache-2.0
//
// The card connector and the sandbox acquirer, which speak with each other over a loopback
// connection inside the test's own event loop.
#pragma once

#include "connectors/card/connector.h"
#include "connectors/card/reference.h"
#include "connectors/card/sandbox/books.h"
#include "connectors/card/sandbox/server.h"
#include "tests/connectors/card/operations.h"
#include "tests/connectors/contract/harness.h"
#include "tests/support/temporary_folder.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace causeway::test {

class CardHarness final : public Harness {
  public:
    explicit CardHarness(connectors::Lifecycle lifecycle)
        : sandbox_(start_sandbox()),
          connector_(io_.get_executor(), config(lifecycle, sandbox_->plain_port()), clock_) {
        boost::asio::co_spawn(io_, sandbox_->run(), boost::asio::detached);
        connector_.start();
        if (!await(connector_.until_ready())) throw std::runtime_error("no sign-on");
    }
    CardHarness(const CardHarness&) = delete;
    CardHarness& operator=(const CardHarness&) = delete;
    ~CardHarness() override {
        sandbox_->stop();
        boost::asio::co_spawn(io_, connector_.stop(), boost::asio::detached);
        io_.restart();
        io_.run_for(std::chrono::seconds(5));
    }

    connectors::Connector& connector() override { return connector_; }
    ManualClock& clock() override { return clock_; }
    Outcome perform(connectors::Operation operation) override {
        return await(connector_.perform(std::move(operation)));
    }
    Result<connectors::Finding> find(connectors::Operation) override {
        return Error(ErrorCode::not_found, "the host cannot be asked");
    }
    Believed believed(const connectors::Operation& charge) override {
        const auto books = connectors::card::sandbox::Books::load(path_);
        const auto reference = connectors::card::parse_reference(charge.reference);
        const auto* const found = books->find(reference->rrn);
        if (found == nullptr) return {};
        return {.authorised = found->authorised,
                .captured = found->captured(),
                .refunded = found->refunded()};
    }
    void until_ready() override { (void)await(connector_.until_ready()); }
    // The sandbox goes by the last digits of the amount.
    void arrange(Knob knob, connectors::Operation& next) override {
        const ledger::Currency currency = next.amount.currency();
        switch (knob) {
            case Knob::decline: next.amount = ledger::Money(1051, currency); break;
            case Knob::lost_after: next.amount = ledger::Money(9997, currency); break;
            case Knob::cut_before:
                sandbox_->stop();
                while (connector_.ready())
                    io_.run_one();
                break;
        }
    }

  private:
    std::unique_ptr<connectors::card::sandbox::Sandbox> start_sandbox() {
        connectors::card::sandbox::SandboxConfig made;
        made.books_file = path_;
        made.dialect = *connectors::card::find_dialect("ascii-bb");
        made.plain = net::ListenConfig{};
        made.plain->tls = false;
        auto started =
            connectors::card::sandbox::Sandbox::start(io_.get_executor(), std::move(made), clock_);
        return *std::move(started);
    }
    static connectors::card::CardConfig config(connectors::Lifecycle lifecycle,
                                               std::uint16_t port) {
        connectors::card::CardConfig made;
        made.name = "acquirer";
        made.lifecycle = lifecycle;
        made.acceptor = demo_acceptor();
        made.link.connect.port = port;
        made.link.connect.tls = false;
        made.link.dialect = *connectors::card::find_dialect("ascii-bb");
        made.answer_max = std::chrono::seconds(5);
        return made;
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
        if (!value) throw std::runtime_error("the card harness hangs");
        return *std::move(value);
    }

    TemporaryFolder folder_;
    std::string path_ = folder_.file("books");
    ManualClock clock_{contract_start()};
    boost::asio::io_context io_;
    std::unique_ptr<connectors::card::sandbox::Sandbox> sandbox_;
    connectors::card::CardConnector connector_;
};

}  // namespace causeway::test
