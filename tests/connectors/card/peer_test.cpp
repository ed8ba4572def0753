// SPDX-License-Identifier: Apache-2.0
//
// Our messages before a host that others wrote: the npm package iso_8583 behind a TCP server.
// Needs node and the folder with `iso8583-host.mjs` and its packages, named by CAUSEWAY_PEERS.
#include "connectors/card/connector.h"
#include "tests/connectors/card/operations.h"
#include "tests/support/run.h"

#include <boost/asio/this_coro.hpp>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace causeway::connectors::card {
namespace {

namespace asio = boost::asio;
using test::demo_acceptor;
using test::eur;
using test::jpy;

/// The host as a child process; gone with this object.
class PeerHost {
  public:
    explicit PeerHost(const std::string& folder) {
        int ends[2] = {-1, -1};
        if (pipe(ends) != 0) throw std::runtime_error("no pipe");
        child_ = fork();
        if (child_ == 0) {
            dup2(ends[1], STDOUT_FILENO);
            close(ends[0]);
            if (chdir(folder.c_str()) != 0) _exit(126);
            execlp("node", "node", "iso8583-host.mjs", "--port", "0", nullptr);
            _exit(127);
        }
        close(ends[1]);
        output_ = fdopen(ends[0], "r");
        const std::string first = line();
        const std::size_t colon = first.find("127.0.0.1:");
        if (colon == std::string::npos) throw std::runtime_error("the host says: " + first);
        port_ = static_cast<std::uint16_t>(std::stoi(first.substr(colon + 10)));
    }
    PeerHost(const PeerHost&) = delete;
    PeerHost& operator=(const PeerHost&) = delete;
    ~PeerHost() {
        stop();
        std::fclose(output_);
    }

    [[nodiscard]] std::uint16_t port() const { return port_; }

    /// What the host found wrong, after its end.
    std::string complaints() {
        stop();
        std::string found;
        for (std::string text = line(); !text.empty(); text = line()) {
            if (text.find("\"error\"") != std::string::npos) found += text;
        }
        return found;
    }

  private:
    void stop() {
        if (child_ > 0) {
            kill(child_, SIGTERM);
            waitpid(child_, nullptr, 0);
        }
        child_ = 0;
    }

    std::string line() {
        std::string text;
        for (int c = std::fgetc(output_); c != EOF; c = std::fgetc(output_)) {
            text += static_cast<char>(c);
            if (c == '\n') break;
        }
        return text;
    }

    pid_t child_ = 0;
    FILE* output_ = nullptr;
    std::uint16_t port_ = 0;
};

/// Drives a connector the way the gateway does: a reference first, then the message.
class Till {
  public:
    explicit Till(CardConnector& connector) : connector_(connector) {}

    Operation first(OperationKind kind, ledger::Money amount) {
        Operation operation{kind, "", amount, "pay_7Q2", std::nullopt, std::nullopt};
        operation.card = Card{"4761739001010119", 12, 2028, "123"};
        return named(std::move(operation));
    }

    Operation about(const Operation& first, OperationKind kind, ledger::Money amount) {
        Operation operation = first;
        operation.kind = kind;
        operation.amount = amount;
        operation.repeat = false;
        operation.original = Original{first.kind, first.reference, approval_, first.amount};
        return named(std::move(operation));
    }

    asio::awaitable<void> expect(std::string outcome, Operation operation) {
        const Result<Answer> answer = co_await connector_.perform(std::move(operation));
        std::string said = "approved";
        if (!answer) {
            said = to_string(answer.error().code());
        } else if (!answer->approved) {
            said = to_string(answer->decline);
        } else {
            approval_ = answer->approval_code;
        }
        EXPECT_EQ(said, outcome) << (answer ? answer->response_code : answer.error().detail());
    }

  private:
    Operation named(Operation operation) {
        now_ += std::chrono::seconds(1);
        operation.reference = connector_.make_reference(++sequence_, now_, operation);
        return operation;
    }

    CardConnector& connector_;
    Timestamp now_ = *parse_rfc3339("2026-11-21T05:45:00Z");
    std::int64_t sequence_ = 122;
    std::string approval_;
};

std::optional<std::string> peers_folder() {
    const char* const folder = std::getenv("CAUSEWAY_PEERS");
    if (folder == nullptr) return std::nullopt;
    return folder;
}

asio::awaitable<void> live_payment(Till& till) {
    const Operation authorise = till.first(OperationKind::authorise, eur(1234));
    co_await till.expect("approved", authorise);
    Operation capture = till.about(authorise, OperationKind::capture, eur(1000));
    co_await till.expect("approved", capture);
    capture.repeat = true;
    co_await till.expect("approved", capture);
    Operation release = till.about(authorise, OperationKind::release, eur(1000));
    release.reason = ReversalReason::customer_cancel;
    co_await till.expect("approved", release);
    const Operation refund = till.about(capture, OperationKind::refund, eur(200));
    co_await till.expect("approved", refund);
    co_await till.expect("duplicate", refund);
    const Operation yen = till.first(OperationKind::sale, jpy(500));
    co_await till.expect("approved", yen);
}

asio::awaitable<void> cancelled_payment(Till& till) {
    const Operation authorise = till.first(OperationKind::authorise, eur(1234));
    co_await till.expect("approved", authorise);
    Operation cancel = till.about(authorise, OperationKind::reverse, eur(1234));
    cancel.reason = ReversalReason::customer_cancel;
    co_await till.expect("approved", cancel);
    cancel.repeat = true;
    co_await till.expect("approved", cancel);
    const Operation unsent = till.first(OperationKind::authorise, eur(1234));
    Operation nothing = till.about(unsent, OperationKind::reverse, eur(1234));
    nothing.reason = ReversalReason::customer_cancel;
    co_await till.expect("original_not_found", nothing);
}

// By this host's rules the last four digits of an amount say what happens to it.
asio::awaitable<void> troubled_payments(Till& till, CardConnector& connector) {
    co_await till.expect("insufficient_funds", till.first(OperationKind::sale, eur(1051)));
    co_await till.expect("expired_card", till.first(OperationKind::sale, eur(1054)));
    co_await till.expect("provider_unavailable", till.first(OperationKind::sale, eur(1091)));
    const Operation silent = till.first(OperationKind::authorise, eur(9999));
    co_await till.expect("outcome_unknown", silent);
    const Operation cut = till.first(OperationKind::sale, eur(9997));
    co_await till.expect("outcome_unknown", cut);
    (void)co_await connector.until_ready();
    co_await till.expect("approved", till.first(OperationKind::sale, eur(100)));
}

asio::awaitable<int> whole_day(std::uint16_t port, const Clock& clock) {
    const auto executor = co_await asio::this_coro::executor;
    CardConfig config;
    config.acceptor = demo_acceptor();
    config.link.connect.port = port;
    config.link.connect.tls = false;
    config.link.dialect = *find_dialect("ascii-raw");
    config.link.backoff_first = std::chrono::milliseconds(1);
    config.answer_max = std::chrono::milliseconds(400);
    CardConnector connector(executor, config, clock);
    connector.start();
    (void)co_await connector.until_ready();
    Till till(connector);
    co_await live_payment(till);
    co_await cancelled_payment(till);
    co_await troubled_payments(till, connector);
    co_await connector.stop();
    EXPECT_EQ(connector.counters().sign_ons, 2u);
    EXPECT_EQ(connector.counters().undecodable, 0u);
    EXPECT_EQ(connector.counters().contradicted, 0u);
    co_return 0;
}

TEST(CardPeer, AcceptsEveryMessageOfOurs) {
    const std::optional<std::string> folder = peers_folder();
    if (!folder) GTEST_SKIP() << "NOT TESTED: no folder in CAUSEWAY_PEERS; no third party judged";
    PeerHost host(*folder);
    const ManualClock clock(*parse_rfc3339("2026-11-21T05:45:00Z"));
    test::run(whole_day(host.port(), clock));
    EXPECT_EQ(host.complaints(), "");
}

}  // namespace
}  // namespace causeway::connectors::card
