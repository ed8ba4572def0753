// SPDX-License-Identifier: Apache-2.0
//
// A bank for boletos, a webhook that checks its signatures, and a client of its API, all on real
// sockets. The clock stands where the certificates are valid and moves when a test says so.
#pragma once

#include "connectors/boleto/bank_api.h"
#include "connectors/boleto/sandbox/server.h"
#include "connectors/net/certificate.h"
#include "connectors/net/http_listener.h"
#include "tests/support/run.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/throwaway_certificate.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace causeway::test {

class BankHouse {
  public:
    static constexpr const char* kToken = "t0ken-of-the-client";
    static constexpr const char* kSecret = "s3cret-of-the-webhook";

    explicit BankHouse(connectors::cnab::LayoutId layout = connectors::cnab::LayoutId::itau400,
                       const std::string& first_day = "2026-11-23")
        : clock(*net::certificate_end(server_.certificate_file()) - std::chrono::minutes(30)),
          thread_([this] { io_.run(); }) {
        webhook_ = std::make_unique<net::HttpListener>(
            io_.get_executor(), listening(), [this](net::HttpRequest request) {
                return take_notice(std::move(request));
            });
        connectors::boleto::sandbox::BankSandboxConfig config;
        config.api = listening();
        config.admin.tls = false;
        config.token = kToken;
        config.webhook = {.url = webhook_url(), .secret = kSecret};
        config.webhook_client.ca_file = server_.certificate_file();
        config.out_folder = folder.file("out");
        config.in_folder = folder.file("in");
        config.house = connectors::boleto::sandbox::sample_house(layout);
        config.first_day = *parse_day(first_day);
        auto started = connectors::boleto::sandbox::BankSandbox::start(
            io_.get_executor(), std::move(config), clock, entropy);
        sandbox = *std::move(started);
        client_ =
            *net::make_http_client({.ca_file = server_.certificate_file(), .allow_plain = true});
    }
    BankHouse(const BankHouse&) = delete;
    BankHouse& operator=(const BankHouse&) = delete;
    ~BankHouse() {
        sandbox->stop();
        webhook_->close();
        work_.reset();
        thread_.join();
    }

    Result<net::HttpResponse> call(const std::string& method,
                                   const std::string& path,
                                   const std::string& body = "",
                                   const std::string& token = kToken) {
        net::HttpRequest request;
        request.method = method;
        request.target = "https://127.0.0.1:" + std::to_string(sandbox->api_port()) + path;
        request.headers = {{"Authorization", "Bearer " + token}};
        request.body = body;
        net::HttpLimits limits;
        limits.whole_max = std::chrono::milliseconds(1500);
        return run(client_->send(std::move(request), limits));
    }
    net::HttpResponse admin_answer(const std::string& path, const std::string& body, bool get) {
        net::HttpRequest request;
        request.method = get ? "GET" : "POST";
        request.target = "http://127.0.0.1:" + std::to_string(sandbox->admin_port()) + "/" + path;
        request.body = body;
        auto answer = run(client_->send(std::move(request), {}));
        if (!answer) throw std::runtime_error(answer.error().detail());
        return *answer;
    }
    /// Through the test's own door. The body of the answer; throws unless it is 2xx.
    std::string admin(const std::string& path, const std::string& body) {
        const auto answer = admin_answer(path, body, false);
        if (answer.status / 100 != 2) throw std::runtime_error(answer.body);
        return answer.body;
    }
    boost::json::value look(const std::string& path) {
        return boost::json::parse(admin_answer(path, "", true).body);
    }
    std::string file(const std::string& name) {
        const auto answer = admin_answer("files/" + name, "", true);
        if (answer.status != 200) throw std::runtime_error("no file " + name);
        return answer.body;
    }
    /// Closes the open day. The names of its files that end so.
    std::vector<std::string> close_day(const std::string& ending = ".ret") {
        std::vector<std::string> names;
        const auto answer = boost::json::parse(admin("close-day", "{}"));
        for (const auto& name : answer.at("arquivos").as_array()) {
            if (name.as_string().ends_with(ending)) names.emplace_back(name.as_string());
        }
        return names;
    }

    std::string ca_file() const { return server_.certificate_file(); }
    std::string webhook_url() const {
        return "https://127.0.0.1:" + std::to_string(webhook_->port()) + "/hook";
    }
    /// What the webhook was told with a good signature, in order.
    std::vector<connectors::boleto::BankNews> news() {
        const std::lock_guard lock(mutex_);
        return news_;
    }
    /// Every call of the webhook, as it came.
    std::vector<net::HttpRequest> calls() {
        const std::lock_guard lock(mutex_);
        return calls_;
    }
    int refused_news() {
        const std::lock_guard lock(mutex_);
        return refused_;
    }

  private:
    boost::asio::awaitable<net::HttpReply> take_notice(net::HttpRequest request) {
        const bool good = connectors::boleto::check_news_signature(
                              kSecret, request.headers, request.body, clock.now())
                              .has_value();
        const auto news =
            connectors::pix::parse_body<connectors::boleto::BankNews>(request.body, "news");
        net::HttpReply reply;
        reply.response =
            net::HttpResponse{.status = good && news ? 200 : 401, .headers = {}, .body = {}};
        const std::lock_guard lock(mutex_);
        calls_.push_back(request);
        if (good && news) {
            news_.push_back(*news);
        } else {
            ++refused_;
        }
        co_return reply;
    }
    net::HttpListenConfig listening() const {
        net::HttpListenConfig config;
        config.certificate_file = server_.certificate_file();
        config.private_key_file = server_.private_key_file();
        return config;
    }

    const ThrowawayCertificate server_;

  public:
    const TemporaryFolder folder;
    ManualClock clock;
    SystemEntropy entropy;
    std::unique_ptr<connectors::boleto::sandbox::BankSandbox> sandbox;

  private:
    boost::asio::io_context io_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_ =
        boost::asio::make_work_guard(io_);
    std::unique_ptr<net::HttpListener> webhook_;
    std::unique_ptr<net::HttpClient> client_;
    std::mutex mutex_;
    std::vector<connectors::boleto::BankNews> news_;
    std::vector<net::HttpRequest> calls_;
    int refused_ = 0;
    std::thread thread_;  // Last: it uses what is above.
};

}  // namespace causeway::test
