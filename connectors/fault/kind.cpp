// SPDX-License-Identifier: Apache-2.0
#include "connectors/fault/kind.h"

#include <utility>

namespace causeway::connectors::fault {

FaultConfig read_fault_config(SettingsReader& settings, const CommonSettings& common) {
    FaultConfig config;
    config.common = common;
    if (common.livemode) settings.wrong("mode", "must be \"test\": this provider is a script");
    settings.text("method", config.method);
    settings.flag("single_message", config.single_message);
    settings.flag("inquiry", config.inquiry);
    std::vector<std::string> currencies;
    settings.texts("currencies", currencies);
    for (const std::string& code : currencies) {
        const Result<ledger::Currency> currency = ledger::Currency::from_code(code);
        if (currency) config.currencies.push_back(*currency);
        if (!currency) settings.wrong("currencies", "has one that is not in ISO 4217");
    }
    std::int64_t valid_s = 0;
    settings.number("authorisation_valid_s", valid_s, 0, 31'536'000);
    config.authorisation_valid = std::chrono::seconds(valid_s);
    return config;
}

ProviderConfig read_provider_config(SettingsReader& settings) {
    ProviderConfig config;
    settings.text("books", config.books_file);
    settings.text("notice_secret", config.notice_secret);
    std::int64_t trouble = 0;
    settings.number("trouble_percent", trouble, 0, 100);
    config.trouble_percent = static_cast<int>(trouble);
    std::vector<std::string> rules;
    settings.texts("rules", rules);
    for (const std::string& text : rules) {
        Result<Rule> rule = parse_rule(text);
        if (rule) config.rules.push_back(*std::move(rule));
        if (!rule) settings.wrong("rules", rule.error().detail());
    }
    return config;
}

ConnectorMaker read_fault_connector(SettingsReader& settings, const CommonSettings& common) {
    const FaultConfig config = read_fault_config(settings, common);
    return [config, provider = read_provider_config(settings)](const Surroundings& world) {
        auto scripted = std::make_shared<FaultProvider>(provider, world.clock, world.entropy);
        return std::make_unique<FaultConnector>(
            config, std::move(scripted), world.sleep, world.clock);
    };
}

}  // namespace causeway::connectors::fault
