// SPDX-License-Identifier: Apache-2.0
//
// Speaks a bank's interface (bank_api.h) over TLS. It sends nothing twice on its own: the nosso
// número is the bank's idempotency key, and the gateway decides whether to try again.
#pragma once

#include "connectors/boleto/bank_api.h"
#include "connectors/boleto/config.h"
#include "connectors/connector.h"
#include "connectors/net/http_client.h"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace causeway::connectors::boleto {

class BankLink {
  public:
    using Report = std::function<void(std::string_view event, std::string_view why)>;

    /// Throws std::runtime_error when a certificate or a key cannot be read.
    BankLink(const BoletoConfig& config, Report report);

    /// Errors: as Connector::perform(), and `integrity` when the bank answers about another boleto:
    /// then nobody may pay by ours.
    [[nodiscard]] boost::asio::awaitable<Result<Answer>> register_title(Operation operation);
    [[nodiscard]] boost::asio::awaitable<Result<Answer>> write_off(Operation operation);
    /// Errors: as Inquiry::find().
    [[nodiscard]] boost::asio::awaitable<Result<Finding>> find(Operation operation);

  private:
    [[nodiscard]] boost::asio::awaitable<Result<net::HttpResponse>> send(std::string method,
                                                                         std::string path,
                                                                         std::string body);
    [[nodiscard]] boost::asio::awaitable<Result<Answer>> number_used(Operation operation);
    [[nodiscard]] bool is_ours(const Operation& operation, const BankTitle& title) const;
    [[nodiscard]] Result<Answer> registered(const Operation& operation,
                                            const net::HttpResponse& response);
    [[nodiscard]] Result<Answer> refused(const net::HttpResponse& response);

    const BoletoConfig config_;
    const Report report_;
    const std::unique_ptr<net::HttpClient> client_;
};

/// The body of a registration. Requires an operation of kind `collect` with its collection.
[[nodiscard]] BankTitleOrder order_of(const BoletoConfig& config, const Operation& operation);

}  // namespace causeway::connectors::boleto
