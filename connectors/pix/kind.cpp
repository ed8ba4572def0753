// SPDX-License-Identifier: Apache-2.0
#include "connectors/pix/kind.h"

#include "connectors/net/url.h"

#include <stdexcept>
#include <utility>

namespace causeway::connectors::pix {
namespace {

void read_url(SettingsReader& settings, std::string_view key, std::string& into, bool required) {
    settings.text(key, into);
    if (into.empty()) {
        if (required) settings.wrong(key, "is required");
        return;
    }
    const Result<net::Url> url = net::parse_url(into);
    if (!url || !url->tls) return settings.wrong(key, "must be an https URL");
    if (into.ends_with('/')) settings.wrong(key, "must have no slash at its end");
}

void read_required(SettingsReader& settings, std::string_view key, std::string& into) {
    settings.text(key, into);
    if (into.empty()) settings.wrong(key, "is required");
}

std::chrono::seconds read_seconds(SettingsReader& settings,
                                  std::string_view key,
                                  std::chrono::seconds usual,
                                  std::int64_t least,
                                  std::int64_t most) {
    std::int64_t seconds = usual.count();
    settings.number(key, seconds, least, most);
    return std::chrono::seconds(seconds);
}

// Codes are written with it, so a mistake in it is found at the start and not at the first buyer.
void check_code(SettingsReader& settings, const PixConfig& config) {
    const Result<PixKey> key = PixKey::parse(config.key);
    if (!key) return settings.wrong("key", key.error().detail());
    const Result<std::string> code = write_br_code(StaticCode{.key = *key,
                                                              .merchant = config.merchant,
                                                              .amount = 1,
                                                              .txid = std::nullopt,
                                                              .info = {},
                                                              .withdrawal_provider = std::nullopt});
    if (!code) settings.wrong("merchant_name", code.error().detail());
}

}  // namespace

PixConfig read_pix_config(SettingsReader& settings, const CommonSettings& common) {
    constexpr std::int64_t kDay = 86'400;
    PixConfig config;
    config.common = common;
    read_url(settings, "api_url", config.api.base_url, true);
    read_url(settings, "token_url", config.api.token_url, true);
    read_required(settings, "client_id", config.api.client_id);
    read_required(settings, "client_secret", config.api.client_secret);
    settings.text("ca", config.client.ca_file);
    settings.text("certificate", config.client.certificate_file);
    settings.text("private_key", config.client.private_key_file);
    config.api.limits.whole_max = common.answer_max;
    read_required(settings, "key", config.key);
    read_required(settings, "merchant_name", config.merchant.name);
    read_required(settings, "merchant_city", config.merchant.city);
    settings.text("merchant_postal_code", config.merchant.postal_code);
    settings.text("mcc", config.merchant.category);
    read_url(settings, "webhook_url", config.webhook_url, false);
    config.open_for = read_seconds(settings, "open_for_s", config.open_for, 60, 30 * kDay);
    settings.number("days_after_due", config.days_after_due, 0, 366);
    config.poll_pause = read_seconds(settings, "poll_s", config.poll_pause, 1, kDay);
    config.overlap = read_seconds(settings, "overlap_s", config.overlap, 0, kDay);
    check_code(settings, config);
    return config;
}

ConnectorMaker read_pix_connector(SettingsReader& settings, const CommonSettings& common) {
    return [config = read_pix_config(settings, common)](const Surroundings& world) {
        Result<std::unique_ptr<net::HttpClient>> client = net::make_http_client(config.client);
        if (!client)
            throw std::invalid_argument(config.common.name + ": " + client.error().detail());
        return std::make_unique<PixConnector>(config, *std::move(client), world);
    };
}

}  // namespace causeway::connectors::pix
