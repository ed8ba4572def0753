// SPDX-License-Identifier: Apache-2.0
//
// A Pix provider, a webhook and a client that speaks with the provider over mutual TLS, all on
// real sockets. The clock stands where the certificates are valid and moves when a test says so.
#pragma once

#include "connectors/net/certificate.h"
#include "connectors/net/http_listener.h"
#include "connectors/pix/api.h"
#include "connectors/pix/sandbox/server.h"
#include "tests/support/run.h"
#include "tests/support/throwaway_certificate.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/serialize.hpp>

#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace causeway::test {

class PixHouse {
  public:
    static constexpr const char* kKey = "7d9f0335-8dcc-4054-9bf9-0dbd61d36906";
    static constexpr const char* kSecret = "s3cret-of-the-client";

    PixHouse()
        : clock(*net::certificate_end(server_.certificate_file()) - std::chrono::minutes(30)),
          thread_([this] { io_.run(); }) {
        webhook_ = std::make_unique<net::HttpListener>(
            io_.get_executor(), listening(), [this](net::HttpRequest request) {
                return take_notice(std::move(request));
            });
        auto started = connectors::pix::sandbox::PixSandbox::start(
            io_.get_executor(), sandbox_config(), clock, entropy);
        sandbox = *std::move(started);
        client_ = client_with(buyer_);
        api = std::make_unique<connectors::pix::PixApi>(api_config(), *client_, clock);
    }
    PixHouse(const PixHouse&) = delete;
    PixHouse& operator=(const PixHouse&) = delete;
    ~PixHouse() {
        sandbox->stop();
        webhook_->close();
        work_.reset();
        thread_.join();
    }

    connectors::pix::PixApiConfig api_config() const {
        const std::string host = "https://127.0.0.1:" + std::to_string(sandbox->api_port());
        connectors::pix::PixApiConfig config;
        config.base_url = host + "/api/v2";
        config.token_url = host + "/oauth/token";
        config.client_id = "causeway";
        config.client_secret = kSecret;
        config.limits.whole_max = std::chrono::milliseconds(1500);
        return config;
    }
    std::unique_ptr<net::HttpClient> client_with(const ThrowawayCertificate& own) const {
        net::HttpClientConfig config{.ca_file = server_.certificate_file(),
                                     .certificate_file = own.certificate_file(),
                                     .private_key_file = own.private_key_file()};
        return *net::make_http_client(config);
    }

    /// A further client that the provider knows.
    std::unique_ptr<net::HttpClient> new_client() const { return client_with(buyer_); }

    /// With the certificate that the provider knows.
    net::HttpClient& client() { return *client_; }

    /// Through the test's own door. The body of the answer; throws unless it is 2xx.
    std::string admin(const std::string& path, const std::string& body) {
        net::HttpRequest request;
        request.method = path == "books" ? "GET" : "POST";
        request.target = "http://127.0.0.1:" + std::to_string(sandbox->admin_port()) + "/" + path;
        request.body = body;
        const auto plain = *net::make_http_client({.allow_plain = true});
        auto answer = run(plain->send(std::move(request), {}));
        if (!answer) throw std::runtime_error(answer.error().detail());
        if (answer->status / 100 != 2) throw std::runtime_error(answer->body);
        return answer->body;
    }
    /// A buyer pays a charge.
    connectors::pix::ReceivedPix pay(const std::string& txid, bool notify = true) {
        const std::string body = admin(
            "pay",
            std::string(R"({"txid":")") + txid + R"(","notify":)" + (notify ? "true}" : "false}"));
        return *connectors::pix::parse_body<connectors::pix::ReceivedPix>(body, "pix");
    }
    /// What is behind a URL of the payload's door.
    net::HttpResponse fetch(const std::string& url) {
        net::HttpRequest request;
        request.method = "GET";
        request.target = url;
        auto answer = run(client_->send(std::move(request), {}));
        if (!answer) throw std::runtime_error(answer.error().detail());
        return *answer;
    }

    std::string webhook_url() const {
        return "https://127.0.0.1:" + std::to_string(webhook_->port()) + "/hook";
    }
    /// Bodies that the webhook was called with.
    std::vector<std::string> notices() {
        const std::lock_guard lock(mutex_);
        return notices_;
    }

  private:
    boost::asio::awaitable<net::HttpReply> take_notice(net::HttpRequest request) {
        net::HttpReply reply;
        reply.response = net::HttpResponse{.status = 200, .headers = {}, .body = {}};
        const std::lock_guard lock(mutex_);
        notices_.push_back(request.target + " " + request.body);
        co_return reply;
    }
    net::HttpListenConfig listening() const {
        net::HttpListenConfig config;
        config.certificate_file = server_.certificate_file();
        config.private_key_file = server_.private_key_file();
        return config;
    }
    connectors::pix::sandbox::PixSandboxConfig sandbox_config() const {
        connectors::pix::sandbox::PixSandboxConfig config;
        config.api = config.payload = listening();
        config.api.client_ca_file = buyer_.certificate_file();
        config.admin.tls = false;
        config.signing_certificate_file = server_.certificate_file();
        config.signing_key_file = server_.private_key_file();
        config.client_id = "causeway";
        config.client_secret = kSecret;
        config.webhooks.ca_file = server_.certificate_file();
        config.books.keys = {kKey};
        config.books.receiver = {.tax_number = "12ABC34501DE35",
                                 .name = "Empresa Alfa",
                                 .street = "Rua 1",
                                 .city = "Recife",
                                 .state = "PE",
                                 .postal_code = "50000000"};
        config.books.merchant = {.name = "Empresa Alfa", .city = "Recife"};
        return config;
    }

    const ThrowawayCertificate server_;
    const ThrowawayCertificate buyer_;

  public:
    ManualClock clock;
    SystemEntropy entropy;
    std::unique_ptr<connectors::pix::sandbox::PixSandbox> sandbox;
    std::unique_ptr<connectors::pix::PixApi> api;

  private:
    boost::asio::io_context io_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_ =
        boost::asio::make_work_guard(io_);
    std::unique_ptr<net::HttpListener> webhook_;
    std::unique_ptr<net::HttpClient> client_;
    std::mutex mutex_;
    std::vector<std::string> notices_;
    std::thread thread_;  // Last: it uses what is above.
};

}  // namespace causeway::test
