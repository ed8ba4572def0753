// SPDX-License-Identifier: Apache-2.0
//
// A Pix provider to test against: the API over mutual TLS with tokens, the signed payloads behind
// its codes, webhooks, and a door for the test itself, which makes buyers pay and things go wrong.
//
//   api      POST /oauth/token, and the API under /api/v2; wants a client certificate
//   payload  GET /qr/v2/..., /qr/v2/cobv/... (?DPP=YYYY-MM-DD), /.well-known/jwks.json
//   admin    POST /pay, /settle, /take-back, /script, /notices, /release, /revoke; GET /books,
//            /statement?day=YYYY-MM-DD (camt.053; loopback only)
#pragma once

#include "connectors/net/http_client.h"
#include "connectors/net/http_listener.h"
#include "connectors/pix/sandbox/books.h"
#include "ledger/clock.h"
#include "ledger/entropy.h"
#include "ledger/result.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace causeway::connectors::pix::sandbox {

struct PixSandboxConfig {
    net::HttpListenConfig api;      ///< Set client_ca_file: the API wants certificates.
    net::HttpListenConfig payload;  ///< Open to everybody.
    net::HttpListenConfig admin;    ///< Plain HTTP; the address must be a loopback one.
    /// How payers reach the payload's address, "qr.example.com"; empty: its address and port.
    std::string payload_host;
    /// Signs payloads; RSA or P-256.
    std::string signing_certificate_file;
    std::string signing_key_file;
    std::string client_id;
    std::string client_secret;
    std::chrono::seconds token_life{3600};
    /// How webhooks are called: the authorities that sign their servers, our own certificate.
    net::HttpClientConfig webhooks;
    net::HttpLimits webhook_limits = {};
    /// Refunds end well after this; zero: only when the admin door says so.
    std::chrono::seconds settle_after{0};
    /// How often run() looks whether something has become due. Zero: never.
    std::chrono::milliseconds pulse{0};
    BooksConfig books = {};  ///< `location_base` is filled in.
    /// One line about every request, without secrets or values; may be empty. One call at a time.
    std::function<void(std::string_view)> log;
};

/// Threads: every method from any thread.
/// Lifetime: clock and entropy outlive the executor's work; run()'s awaitable ends before this.
class PixSandbox {
  public:
    /// Listens from here on.
    ///
    /// Errors: `invalid_argument` when the signing key or the webhooks' files cannot be used, or
    /// the admin door is not plain. Throws as net::HttpListener.
    static Result<std::unique_ptr<PixSandbox>> start(const boost::asio::any_io_executor& executor,
                                                     PixSandboxConfig config,
                                                     const Clock& clock,
                                                     Entropy& entropy);
    PixSandbox(const PixSandbox&) = delete;
    PixSandbox& operator=(const PixSandbox&) = delete;
    ~PixSandbox();

    [[nodiscard]] std::uint16_t api_port() const;
    [[nodiscard]] std::uint16_t payload_port() const;
    [[nodiscard]] std::uint16_t admin_port() const;

    /// Settles refunds and calls webhooks as time passes, until stop(). Not needed for the rest.
    boost::asio::awaitable<void> run();
    void stop();

  private:
    struct Core;
    explicit PixSandbox(std::shared_ptr<Core> core);
    std::shared_ptr<Core> core_;
};

}  // namespace causeway::connectors::pix::sandbox
