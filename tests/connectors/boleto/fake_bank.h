// SPDX-License-Identifier: Apache-2.0
//
// A bank that registers boletos, as small as a test can do with: real TLS, one table, no rules but
// the amount 10.51, which it refuses.
#pragma once

#include "connectors/boleto/bank_api.h"
#include "connectors/boleto/config.h"
#include "connectors/net/http_listener.h"
#include "tests/support/throwaway_certificate.h"

#include <boost/json/serialize.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace causeway::connectors::boleto {

inline constexpr std::int64_t kRefusedAmount = 1051;

/// Lifetime: the executor's work ends before it goes.
class FakeBank {
  public:
    explicit FakeBank(const boost::asio::any_io_executor& executor, BoletoConfig config)
        : config_(std::move(config)), certificate_("IP:127.0.0.1") {
        net::HttpListenConfig listen;
        listen.certificate_file = certificate_.certificate_file();
        listen.private_key_file = certificate_.private_key_file();
        listener_ =
            std::make_unique<net::HttpListener>(executor, listen, [this](net::HttpRequest request) {
                return hear(std::move(request));
            });
        config_.bank.port = listener_->port();
        config_.bank.ca_file = certificate_.certificate_file();
        config_.bank.token = "the-token";
        config_.by_file = false;
    }

    /// How the connector finds it.
    [[nodiscard]] const BoletoConfig& config() const noexcept { return config_; }
    [[nodiscard]] const std::map<std::string, BankTitleOrder>& titles() const { return titles_; }
    [[nodiscard]] int requests() const noexcept { return requests_; }
    void pay(const std::string& number) { states_[number] = BankTitleState::paid; }
    /// The next request is carried out, and its answer never comes.
    void lose_next() { loses_ = true; }
    /// What the next request is answered with, whatever it asks.
    void say_next(int status, std::string body) {
        said_ = net::HttpResponse{.status = status, .headers = {}, .body = std::move(body)};
    }
    void close() { listener_->close(); }

  private:
    boost::asio::awaitable<net::HttpReply> hear(net::HttpRequest request) {
        ++requests_;
        net::HttpReply reply;
        if (said_) {
            reply.response = *std::exchange(said_, std::nullopt);
            co_return reply;
        }
        net::HttpResponse response = answer(request);
        if (!std::exchange(loses_, false)) reply.response = std::move(response);
        co_return reply;
    }

    net::HttpResponse answer(const net::HttpRequest& request) {
        const std::string* const token = net::find_header(request.headers, "Authorization");
        if (token == nullptr || *token != "Bearer the-token") return {.status = 401};
        const std::string path(kTitlesPath);
        if (request.method == "POST" && request.target == path) return register_title(request);
        if (!request.target.starts_with(path + "/")) return {.status = 404};
        std::string number = request.target.substr(path.size() + 1);
        const bool writes_off = number.ends_with(kWriteOffPath);
        if (writes_off) number.resize(number.size() - kWriteOffPath.size());
        if (!titles_.contains(number)) return {.status = 404};
        if (!writes_off) return say(200, number);
        if (states_[number] == BankTitleState::paid) {
            return refuse(409, {.code = "A5", .message = "título já liquidado"});
        }
        states_[number] = BankTitleState::written_off;
        return say(200, number);
    }

    net::HttpResponse register_title(const net::HttpRequest& request) {
        const auto order = pix::parse_body<BankTitleOrder>(request.body, "boleto");
        if (!order) return {.status = 400, .headers = {}, .body = order.error().detail()};
        if (order->amount == kRefusedAmount) {
            return refuse(422, {.code = "48", .field = "cep", .message = "CEP inválido"});
        }
        const auto [at, fresh] = titles_.try_emplace(order->our_number, *order);
        if (!fresh && at->second != *order) return refuse(409, {.code = "09"});
        return say(fresh ? 201 : 200, order->our_number);
    }

    net::HttpResponse say(int status, const std::string& number) {
        const BankTitleOrder& order = titles_.at(number);
        const auto title = title_of(config_, number, order.due_on, {order.amount, brl()});
        const auto barcode = compose(*title);
        BankTitle body{.our_number = number,
                       .line = to_line(*barcode).digits(),
                       .barcode = barcode->digits(),
                       .state = states_[number]};
        if (order.hybrid) {
            body.pix = BankPix{.copy_and_paste = "00020101021226.pix." + number + "6304ABCD",
                               .txid = "txid" + number};
        }
        return {.status = status, .headers = {}, .body = boost::json::serialize(write_body(body))};
    }
    static net::HttpResponse refuse(int status, const BankRefusal& why) {
        return {.status = status, .headers = {}, .body = boost::json::serialize(write_body(why))};
    }

    BoletoConfig config_;
    test::ThrowawayCertificate certificate_;
    std::map<std::string, BankTitleOrder> titles_;
    std::map<std::string, BankTitleState> states_;
    bool loses_ = false;
    std::optional<net::HttpResponse> said_;
    int requests_ = 0;
    std::unique_ptr<net::HttpListener> listener_;
};

}  // namespace causeway::connectors::boleto
