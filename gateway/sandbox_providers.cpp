// SPDX-License-Identifier: Apache-2.0
#include "gateway/sandbox_providers.h"

#include "connectors/boleto/sandbox/server.h"
#include "connectors/codes/check_digit.h"
#include "connectors/pix/sandbox/server.h"
#include "gateway/cli/command.h"
#include "gateway/sandbox_place.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <iostream>

namespace asio = boost::asio;
namespace bank = causeway::connectors::boleto::sandbox;
namespace pix = causeway::connectors::pix::sandbox;

namespace causeway::gateway {
namespace {

constexpr std::chrono::milliseconds kPixPulse{200};
// A refund is under way for so long, as it is for a moment at real ones.
constexpr std::chrono::seconds kPixSettleAfter{1};

int complain(std::string_view message, int exit_code) {
    std::cerr << "causeway: " << message << '\n';
    return exit_code;
}

Result<net::HttpListenConfig> place_of(const std::string& text, const std::string& option) {
    const Result<SandboxPlace> read = parse_place(text, option);
    if (!read) return read.error();
    net::HttpListenConfig place;
    place.address = read->address;
    place.port = read->port;
    return place;
}

struct Doors {
    net::HttpListenConfig api;
    net::HttpListenConfig payload;
    net::HttpListenConfig admin;
};

Result<Doors> doors_of(const ProviderSandboxChoice& choice) {
    Doors doors;
    const auto api = place_of(choice.listen, "--listen");
    if (!api) return api.error();
    const auto payload = place_of(choice.payload, "--payload");
    if (!payload) return payload.error();
    const auto admin = place_of(choice.admin, "--admin");
    if (!admin) return admin.error();
    doors = {.api = *api, .payload = *payload, .admin = *admin};
    for (net::HttpListenConfig* const door : {&doors.api, &doors.payload}) {
        door->certificate_file = choice.certificate;
        door->private_key_file = choice.private_key;
    }
    doors.api.client_ca_file = choice.client_ca;
    doors.admin.tls = false;
    return doors;
}

void overwrite(std::string& value, const std::string& with) {
    if (!with.empty()) value = with;
}

// The sample's digits are those of the sample's account. Bradesco's come from the bank alone.
void renew_digits(bank::HouseConfig& house) {
    using connectors::cnab::LayoutId;
    constexpr std::size_t kItauAccount = 5;
    connectors::cnab::Beneficiary& who = house.beneficiary;
    if (house.layout == LayoutId::bb240) {
        who.branch_digit = connectors::codes::mod11_banco_do_brasil_digit(who.branch);
        who.account_digit = connectors::codes::mod11_banco_do_brasil_digit(who.account);
    } else if (house.layout == LayoutId::itau400 && who.account.size() <= kItauAccount) {
        const std::string zeros(kItauAccount - who.account.size(), '0');
        who.account_digit = connectors::codes::mod10_digit(who.branch + zeros + who.account);
    }
}

bank::HouseConfig house_of(const ProviderSandboxChoice& choice) {
    using connectors::cnab::LayoutId;
    const LayoutId layout = choice.bank == "bb"         ? LayoutId::bb240
                            : choice.bank == "bradesco" ? LayoutId::bradesco400
                                                        : LayoutId::itau400;
    bank::HouseConfig house = bank::sample_house(layout);
    overwrite(house.beneficiary.name, choice.name);
    overwrite(house.beneficiary.document, choice.tax_number);
    overwrite(house.beneficiary.branch, choice.branch);
    overwrite(house.beneficiary.account, choice.account);
    renew_digits(house);
    overwrite(house.beneficiary.account_digit, choice.account_digit);
    overwrite(house.beneficiary.wallet, choice.wallet);
    overwrite(house.beneficiary.agreement, choice.agreement);
    overwrite(house.beneficiary.company_code, choice.company_code);
    house.tariffs.settlement = choice.tariff;
    house.tariffs.registration = choice.registration_fee;
    house.tariffs.maintenance = choice.maintenance_fee;
    return house;
}

void log_line(std::string_view line) {
    std::clog << line << '\n';
}

// Runs until a signal, which `stop` is told of.
template <class Stop>
void run_until_signal(asio::io_context& io, const Stop& stop) {
    asio::signal_set signals(io, SIGINT, SIGTERM);
    signals.async_wait([&](const boost::system::error_code&, int) {
        stop();
        io.stop();
    });
    io.run();
}

}  // namespace

int run_boleto_sandbox(const ProviderSandboxChoice& choice) {
    const auto doors = doors_of(choice);
    if (!doors) return complain(doors.error().detail(), kExitUsage);
    bank::BankSandboxConfig config;
    config.api = doors->api;
    config.admin = doors->admin;
    config.token = choice.token;
    config.webhook = {.url = choice.webhook, .secret = choice.webhook_secret};
    config.webhook_client.ca_file = choice.webhook_ca;
    config.out_folder = choice.out_folder;
    config.in_folder = choice.in_folder;
    config.house = house_of(choice);
    config.log = log_line;
    if (!choice.first_day.empty()) {
        const auto day = parse_day(choice.first_day);
        if (!day) return complain("--day must be YYYY-MM-DD", kExitUsage);
        config.first_day = *day;
    }
    const SystemClock clock;
    SystemEntropy entropy;
    asio::io_context io(1);
    auto started = bank::BankSandbox::start(io.get_executor(), std::move(config), clock, entropy);
    if (!started) return complain(started.error().detail(), kExitEnvironment);
    std::cout << "listening api " << doors->api.address << ':' << (*started)->api_port() << '\n'
              << "listening admin " << doors->admin.address << ':' << (*started)->admin_port()
              << std::endl;
    run_until_signal(io, [&] { (*started)->stop(); });
    return kExitOk;
}

int run_pix_sandbox(const ProviderSandboxChoice& choice) {
    const auto doors = doors_of(choice);
    if (!doors) return complain(doors.error().detail(), kExitUsage);
    pix::PixSandboxConfig config;
    config.api = doors->api;
    config.payload = doors->payload;
    config.admin = doors->admin;
    config.signing_certificate_file = choice.certificate;
    config.signing_key_file = choice.private_key;
    config.client_id = choice.client_id;
    config.client_secret = choice.client_secret;
    config.webhooks.ca_file = choice.webhook_ca;
    config.pulse = kPixPulse;
    config.settle_after = kPixSettleAfter;
    config.books.keys = {choice.pix_key};
    config.books.receiver = {.tax_number = "11222333000181",
                             .name = "Causeway Sandbox Ltda",
                             .street = "Rua da Aurora, 1",
                             .city = "Recife",
                             .state = "PE",
                             .postal_code = "50050000"};
    overwrite(config.books.receiver.name, choice.name);
    overwrite(config.books.receiver.tax_number, choice.tax_number);
    config.books.merchant.name = config.books.receiver.name;
    config.books.merchant.city = config.books.receiver.city;
    config.log = log_line;
    const SystemClock clock;
    SystemEntropy entropy;
    asio::io_context io(1);
    auto started = pix::PixSandbox::start(io.get_executor(), std::move(config), clock, entropy);
    if (!started) return complain(started.error().detail(), kExitEnvironment);
    pix::PixSandbox& provider = **started;
    asio::co_spawn(io, provider.run(), asio::detached);
    std::cout << "listening api " << doors->api.address << ':' << provider.api_port() << '\n'
              << "listening payload " << doors->payload.address << ':' << provider.payload_port()
              << '\n'
              << "listening admin " << doors->admin.address << ':' << provider.admin_port()
              << std::endl;
    run_until_signal(io, [&] { provider.stop(); });
    return kExitOk;
}

}  // namespace causeway::gateway
