// SPDX-License-Identifier: Apache-2.0
#include "gateway/sandbox.h"

#include "connectors/card/dialect.h"
#include "connectors/card/sandbox/books.h"
#include "connectors/card/sandbox/server.h"
#include "connectors/card/sandbox/settlement_file.h"
#include "gateway/sandbox_place.h"
#include "gateway/sandbox_providers.h"
#include "gateway/sandbox_rates.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <charconv>
#include <exception>
#include <iostream>

namespace asio = boost::asio;
namespace sandbox = causeway::connectors::card::sandbox;

namespace causeway::gateway {
namespace {

int complain(std::string_view message, int exit_code) {
    std::cerr << "causeway: " << message << '\n';
    return exit_code;
}

Result<net::ListenConfig> listen_at(const std::string& text, const std::string& option) {
    const Result<SandboxPlace> read = parse_place(text, option);
    if (!read) return read.error();
    net::ListenConfig place;
    place.address = read->address;
    place.port = read->port;
    return place;
}

Result<sandbox::SandboxConfig> sandbox_config(const SandboxChoice& choice) {
    sandbox::SandboxConfig config;
    config.books_file = choice.books;
    Result<connectors::card::Dialect> dialect = connectors::card::find_dialect(choice.dialect);
    if (!dialect) return dialect.error();
    config.dialect = *std::move(dialect);
    config.acquirer.late = std::chrono::milliseconds(choice.late_ms);
    for (const std::string& text : choice.settle) {
        Result<sandbox::SettlingRule> rule = sandbox::parse_settling_rule(text);
        if (!rule) return Error(rule.error().code(), "--settle: " + rule.error().detail());
        config.acquirer.settling.push_back(*std::move(rule));
    }
    if (!choice.listen.empty()) {
        Result<net::ListenConfig> place = listen_at(choice.listen, "--listen");
        if (!place) return place.error();
        place->certificate_file = choice.certificate;
        place->private_key_file = choice.private_key;
        config.tls = *std::move(place);
    }
    if (!choice.plain.empty()) {
        Result<net::ListenConfig> place = listen_at(choice.plain, "--plain");
        if (!place) return place.error();
        place->tls = false;
        config.plain = *std::move(place);
    }
    config.log = [](std::string_view line) { std::clog << line << '\n'; };
    return config;
}

int serve_sandbox(const SandboxChoice& choice) {
    if (choice.books.empty()) return complain("--books names the acquirer's file", kExitUsage);
    Result<sandbox::SandboxConfig> config = sandbox_config(choice);
    if (!config) return complain(config.error().detail(), kExitUsage);
    const std::string tls_host = config->tls ? config->tls->address : "";
    const std::string plain_host = config->plain ? config->plain->address : "";
    const SystemClock clock;
    asio::io_context io(1);
    asio::signal_set stop_signals(io, SIGINT, SIGTERM);
    auto started = sandbox::Sandbox::start(io.get_executor(), *std::move(config), clock);
    if (!started) return complain(started.error().detail(), kExitEnvironment);
    sandbox::Sandbox& acquirer = **started;
    stop_signals.async_wait(
        [&acquirer](const boost::system::error_code&, int) { acquirer.stop(); });
    asio::co_spawn(
        io, acquirer.run(), [&stop_signals](const std::exception_ptr&) { stop_signals.cancel(); });
    if (!tls_host.empty()) {
        std::cout << "listening tls " << tls_host << ':' << acquirer.tls_port() << std::endl;
    }
    if (!plain_host.empty()) {
        std::cout << "listening plain " << plain_host << ':' << acquirer.plain_port() << std::endl;
    }
    io.run();
    return kExitOk;
}

int print_books(const SandboxChoice& choice) {
    const Result<std::string> text = sandbox::books_as_json(choice.books);
    if (!text) return complain(text.error().detail(), kExitEnvironment);
    std::cout << *text << '\n';
    return kExitOk;
}

int write_file(const SandboxChoice& choice) {
    const Result<Day> day =
        choice.date == "today" ? Result<Day>(day_of(SystemClock().now())) : parse_day(choice.date);
    if (!day) return complain("--date must be YYYY-MM-DD or today", kExitUsage);
    const Result<void> written = sandbox::write_settlement_file(choice.books, *day, choice.out);
    if (!written) return complain(written.error().detail(), kExitEnvironment);
    return kExitOk;
}

}  // namespace

int run_sandbox(const SandboxChoice& choice) {
    try {
        if (choice.action == "books") return print_books(choice);
        if (choice.action == "settlement") return write_file(choice);
        if (choice.action == "rates") return run_rates_sandbox(choice);
        if (choice.action == "boleto") return run_boleto_sandbox(choice.provider);
        if (choice.action == "pix") return run_pix_sandbox(choice.provider);
        return serve_sandbox(choice);
    } catch (const std::exception& error) {
        return complain(error.what(), kExitEnvironment);
    }
}

}  // namespace causeway::gateway
