// SPDX-License-Identifier: Apache-2.0
#include "gateway/sandbox_rates.h"

#include "fx/builtin_rates.h"
#include "gateway/http/problem.h"
#include "gateway/http/server.h"
#include "gateway/sandbox_place.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <fstream>
#include <iostream>
#include <sstream>

namespace asio = boost::asio;
namespace json = boost::json;

namespace causeway::gateway {
namespace {

using ledger::Currency;

constexpr std::chrono::seconds kDrainMax{2};
constexpr int kOk = 200;
constexpr int kUnavailable = 503;

int complain(std::string_view message, int exit_code) {
    std::cerr << "causeway: " << message << '\n';
    return exit_code;
}

// What a publisher says at this moment; nothing where it can say nothing.
std::optional<std::string> present_text(const SandboxChoice& choice, Currency base) {
    if (choice.file.empty()) {
        const Result<std::string> text = sandbox_rates(base, day_of(SystemClock().now()));
        return text ? std::optional(*text) : std::nullopt;
    }
    std::ifstream file(choice.file, std::ios::binary);
    std::ostringstream content;
    content << file.rdbuf();
    return file ? std::optional(content.str()) : std::nullopt;
}

asio::awaitable<net::HttpResponse> answer(const SandboxChoice& choice, Currency base) {
    const std::optional<std::string> text = present_text(choice, base);
    net::HttpResponse response;
    response.status = text ? kOk : kUnavailable;
    response.headers = {{"Content-Type", "application/json"}};
    response.body = text.value_or("{}");
    co_return response;
}

Result<HttpServerConfig> server_config(const SandboxChoice& choice) {
    HttpServerConfig config;
    const Result<SandboxPlace> place = parse_place(choice.listen, "--listen");
    if (!place) return place.error();
    config.address = place->address;
    config.port = place->port;
    config.certificate_chain_path = choice.certificate;
    config.private_key_path = choice.private_key;
    return config;
}

}  // namespace

Result<std::string> sandbox_rates(Currency base, Day today) {
    const Result<fx::ReferenceTable> table =
        fx::newest_table(fx::builtin_feed(), std::string(fx::kEcb));
    if (!table) return table.error();
    json::object rates;
    for (const Currency& target : Currency::all()) {
        if (target == base) continue;
        const Result<fx::Decimal> rate = table->cross(base, target);
        if (rate) rates[target.code()] = rate->to_string();
    }
    if (rates.empty()) {
        return Error(ErrorCode::not_found, "no rates of " + std::string(base.code()));
    }
    json::object told;
    told["base"] = base.code();
    told["date"] = to_text(today);
    told["rates"] = std::move(rates);
    return json::serialize(told);
}

int run_rates_sandbox(const SandboxChoice& choice) {
    const Result<Currency> base = Currency::from_code(choice.base);
    if (!base) return complain("--base: " + base.error().detail(), kExitUsage);
    const Result<HttpServerConfig> config = server_config(choice);
    if (!config) return complain(config.error().detail(), kExitUsage);
    HttpServer server(
        *config,
        HttpHooks{.handler = [&choice, currency = *base](
                                 const net::HttpRequest&) { return answer(choice, currency); },
                  .on_error = [](ProtocolError error) { return problem_response(error, ""); },
                  .on_bug = {}});
    asio::io_context io(1);
    asio::signal_set stop_signals(io, SIGINT, SIGTERM);
    stop_signals.async_wait([](const boost::system::error_code&, int) {});
    server.start();
    std::cout << "listening tls " << config->address << ':' << server.port() << std::endl;
    io.run();
    (void)server.drain(kDrainMax);
    return kExitOk;
}

}  // namespace causeway::gateway
