// SPDX-License-Identifier: Apache-2.0
//
// A bank to test boletos against: its API over TLS, its notifications, its files, and a door for
// the test itself, which makes buyers pay, days end and things go wrong. README.md tells the rest.
//
//   api      POST /v1/boletos, GET /v1/boletos/{nosso_numero}, POST .../baixa
//   admin    POST /pay, /reverse, /remessa, /read-folder, /close-day, /resend, /script, /notices,
//            /release; GET /books, /files, /files/{name} (loopback only)
#pragma once

#include "connectors/boleto/sandbox/books.h"
#include "connectors/boleto/sandbox/news_desk.h"
#include "connectors/net/http_client.h"
#include "connectors/net/http_listener.h"
#include "ledger/clock.h"
#include "ledger/entropy.h"
#include "ledger/result.h"

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace causeway::connectors::boleto::sandbox {

struct BankSandboxConfig {
    net::HttpListenConfig api;    ///< Set client_ca_file to want certificates.
    net::HttpListenConfig admin;  ///< Plain HTTP; the address must be a loopback one.
    std::string token;            ///< That callers of the API bear.
    WebhookConfig webhook;
    net::HttpClientConfig webhook_client;
    std::string out_folder;  ///< Where retornos and statements are left; empty: in memory alone.
    std::string in_folder;   ///< Where remessas are found; empty: none.
    HouseConfig house;
    /// The first open day; none: today in Brasília.
    std::optional<Day> first_day;
    /// One line about every request, without secrets or values; may be empty. One call at a time.
    std::function<void(std::string_view)> log;
};

/// Threads: every method from any thread.
/// Lifetime: clock and entropy outlive the executor's work.
class BankSandbox {
  public:
    /// Listens from here on.
    ///
    /// Errors: `invalid_argument` when the webhooks' files cannot be used, the admin door is not
    /// plain, or there is no token. Throws as net::HttpListener.
    static Result<std::unique_ptr<BankSandbox>> start(const boost::asio::any_io_executor& executor,
                                                      BankSandboxConfig config,
                                                      const Clock& clock,
                                                      Entropy& entropy);
    BankSandbox(const BankSandbox&) = delete;
    BankSandbox& operator=(const BankSandbox&) = delete;
    ~BankSandbox();

    [[nodiscard]] std::uint16_t api_port() const;
    [[nodiscard]] std::uint16_t admin_port() const;

    void stop();

  private:
    struct Core;
    explicit BankSandbox(std::shared_ptr<Core> core);
    std::shared_ptr<Core> core_;
};

}  // namespace causeway::connectors::boleto::sandbox
