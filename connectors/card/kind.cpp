// SPDX-License-Identifier: Apache-2.0
#include "connectors/card/kind.h"

#include <utility>

namespace causeway::connectors::card {
namespace {

constexpr std::size_t kNameColumns = 25;
constexpr std::size_t kCityColumns = 13;
constexpr std::size_t kNameLocation = 40;  // DE43
constexpr std::int64_t kPortMax = 65'535;

std::string trimmed(std::string text) {
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
}

void read_place(SettingsReader& settings, LinkConfig& link) {
    net::ConnectConfig& connect = link.connect;
    std::int64_t port = 0;
    connect.host = "127.0.0.1";
    settings.text("host", connect.host);
    settings.number("port", port, 1, kPortMax);
    settings.flag("tls", connect.tls);
    settings.text("ca", connect.ca_file);
    settings.text("server_name", connect.server_name);
    settings.text("certificate", connect.certificate_file);
    settings.text("private_key", connect.private_key_file);
    connect.port = static_cast<std::uint16_t>(port);
    if (port == 0) settings.wrong("port", "is required");
    std::string name = "ascii-bb";
    settings.text("dialect", name);
    Result<Dialect> dialect = find_dialect(name);
    if (!dialect) return settings.wrong("dialect", dialect.error().detail());
    link.dialect = *std::move(dialect);
}

void read_acceptor(SettingsReader& settings, CardAcceptor& acceptor) {
    acceptor.mcc = "5999";
    settings.text("acquirer_id", acceptor.acquirer_id);
    settings.text("terminal_id", acceptor.terminal_id);
    settings.text("card_acceptor_id", acceptor.card_acceptor_id);
    settings.text("mcc", acceptor.mcc);
    std::string place;
    settings.text("name_location", place);
    if (place.size() != kNameLocation) {
        return settings.wrong("name_location", "must have 25 + 13 + 2 characters");
    }
    acceptor.name = trimmed(place.substr(0, kNameColumns));
    acceptor.city = trimmed(place.substr(kNameColumns, kCityColumns));
    acceptor.country = place.substr(kNameColumns + kCityColumns);
}

void read_automatic_capture(SettingsReader& settings, bool& purchases) {
    std::string how = "completion";
    settings.text("automatic_capture", how);
    purchases = how == "purchase";
    if (!purchases && how != "completion") {
        settings.wrong("automatic_capture", "must be completion or purchase");
    }
}

// The link's own words, in the operator's log under this connector's name.
void report_troubles(CardConfig& config, const Surroundings& world) {
    config.link.on_unmatched = [name = config.name, report = world.report](const Message& message) {
        report("provider_message_unmatched", name, message.mti);
    };
    config.link.on_failure = [name = config.name, report = world.report](const Error& error) {
        report("provider_link_lost", name, error.detail());
    };
}

}  // namespace

CardConfig read_card_config(SettingsReader& settings, const CommonSettings& common) {
    CardConfig config;
    config.name = common.name;
    config.livemode = common.livemode;
    config.lifecycle = common.lifecycle;
    config.countries = common.countries;
    config.answer_max = common.answer_max;
    read_place(settings, config.link);
    read_acceptor(settings, config.acceptor);
    read_automatic_capture(settings, config.purchases);
    return config;
}

ConnectorMaker read_card_connector(SettingsReader& settings, const CommonSettings& common) {
    return [config = read_card_config(settings, common)](const Surroundings& world) {
        CardConfig own = config;
        report_troubles(own, world);
        return std::make_unique<CardConnector>(world.executor, std::move(own), world.clock);
    };
}

}  // namespace causeway::connectors::card
