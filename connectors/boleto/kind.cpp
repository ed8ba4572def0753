// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/kind.h"

#include "connectors/boleto/cnab/text.h"
#include "connectors/boleto/connector.h"
#include "connectors/boleto/printable.h"
#include "connectors/boleto/remessa_file.h"
#include "connectors/codes/check_digit.h"
#include "connectors/codes/digits.h"
#include "connectors/codes/tax_number.h"
#include "connectors/pix/key.h"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <array>

namespace causeway::connectors::boleto {
namespace {

constexpr std::int64_t kPortMax = 65'535;
constexpr std::int64_t kDaysMax = 3'650;
constexpr std::int64_t kOpenDaysMax = 365;
constexpr std::int64_t kBasis = 10'000;
constexpr std::int64_t kInstructionDaysMax = 99;
constexpr std::size_t kNameMax = 80;
constexpr std::size_t kSecretMin = 16;
constexpr std::string_view kHybridWallet = "109";  // Itau's one wallet whose files take Pix.

void need(SettingsReader& settings, std::string_view key, std::string& into) {
    settings.text(key, into);
    if (into.empty()) settings.wrong(key, "is required");
}

void need_digits(SettingsReader& settings,
                 std::string_view key,
                 std::string& into,
                 std::size_t size_max) {
    need(settings, key, into);
    if (into.size() <= size_max && codes::all_digits(into)) return;
    settings.wrong(key, "must have 1 to " + std::to_string(size_max) + " digits");
}

Bank read_bank(SettingsReader& settings) {
    std::string name;
    settings.text("bank", name);
    for (const BankRules& rules : all_banks()) {
        if (rules.key == name) return rules.bank;
    }
    settings.wrong("bank", R"(must be "banco_do_brasil", "itau" or "bradesco")");
    return Bank::banco_do_brasil;
}

// A digit that the bank's rule gives need not be said, and may not be said wrongly.
void read_digit(SettingsReader& settings, std::string_view key, char computed, std::string& into) {
    settings.text(key, into);
    if (into.empty()) into = computed;
    if (into.size() != 1 || into.front() != computed) {
        settings.wrong(key, "is not the check digit of this number");
    }
}

// The digits are of numbers with their zeros in front.
std::string filled(std::string_view digits, std::size_t width) {
    const Result<std::string> full = codes::zero_filled("", digits, width);
    return full ? *full : std::string(width, '0');
}

void read_contract(SettingsReader& settings, BoletoConfig& config) {
    BankAccount& at = config.at;
    const BankRules& rules = rules_of(at.bank);
    const std::string branch = filled(at.branch, rules.branch_size);
    const std::string account = filled(at.account, rules.account_size);
    switch (at.bank) {
        case Bank::banco_do_brasil:
            need(settings, "agreement", at.agreement);
            if (const auto fits = our_number(at, "1"); !fits) {
                settings.wrong("agreement", "must be the bank's, of 4, 6 or 7 digits");
            }
            need_digits(settings, "wallet_variation", config.wallet_variation, 3);
            read_digit(settings,
                       "branch_digit",
                       codes::mod11_banco_do_brasil_digit(branch),
                       config.branch_digit);
            read_digit(settings,
                       "account_digit",
                       codes::mod11_banco_do_brasil_digit(account),
                       config.account_digit);
            break;
        case Bank::itau:
            settings.text("client_code", at.client);
            if (const auto fits = make_free_field(at, "1", "1"); !fits) {
                settings.wrong("client_code", "of five digits goes with this wallet");
            }
            read_digit(settings,
                       "account_digit",
                       codes::mod10_digit(branch + account),
                       config.account_digit);
            break;
        case Bank::bradesco:
            need_digits(settings, "company_code", config.company_code, 20);
            need(settings, "account_digit", config.account_digit);
            if (config.account_digit.size() != 1) {
                settings.wrong("account_digit", "must be one digit or P");
            }
            break;
    }
}

void read_account(SettingsReader& settings, BoletoConfig& config) {
    config.at.bank = read_bank(settings);
    const BankRules& rules = rules_of(config.at.bank);
    need_digits(settings, "branch", config.at.branch, rules.branch_size);
    need_digits(settings, "account", config.at.account, rules.account_size);
    need_digits(settings, "wallet", config.at.wallet, rules.wallet_size);
    read_contract(settings, config);
}

void read_beneficiary(SettingsReader& settings, BoletoConfig& config) {
    need(settings, "beneficiary_name", config.beneficiary_name);
    if (characters_of(config.beneficiary_name) > kNameMax) {
        settings.wrong("beneficiary_name", "must have at most 80 characters");
    }
    std::string number;
    need(settings, "beneficiary_tax_id", number);
    const Result<codes::TaxNumber> tax = codes::TaxNumber::parse(number);
    if (tax) config.beneficiary_tax_id = tax->text();
    if (!tax) settings.wrong("beneficiary_tax_id", "must be a CPF or a CNPJ");
    codes::BrazilianAddress& address = config.beneficiary_address;
    need(settings, "beneficiary_street", address.street);
    settings.text("beneficiary_district", address.district);
    need(settings, "beneficiary_city", address.city);
    need(settings, "beneficiary_state", address.state);
    need(settings, "beneficiary_postal_code", address.postal_code);
    if (!codes::is_federative_unit(address.state)) {
        settings.wrong("beneficiary_state", "must be a state of Brazil such as \"SP\"");
    }
    if (!codes::parse_postal_code(address.postal_code)) {
        settings.wrong("beneficiary_postal_code", "must be a CEP of eight digits");
    }
}

void read_numbers(SettingsReader& settings, BoletoConfig& config) {
    std::int64_t most = 1;
    for (std::size_t at = 0; at < number_size(config.at) && at < 18; ++at)
        most *= 10;
    --most;
    config.number_last = most;
    settings.number("number_first", config.number_first, 1, most);
    settings.number("number_last", config.number_last, 1, most);
    if (config.number_first > config.number_last) {
        settings.wrong("number_last", "is before number_first");
    }
    settings.text("species", config.species);
    if (species_code(config.at.bank, config.species).empty()) {
        settings.wrong("species", R"(must be "DM" or "DS")");
    }
}

void read_terms(SettingsReader& settings, BoletoConfig& config) {
    settings.number("due_days", config.due_days, config.by_file ? 1 : 0, kDaysMax);
    config.due_days_max = std::max(config.due_days_max, config.due_days);
    settings.number("due_days_max", config.due_days_max, config.due_days, kDaysMax);
    settings.number("open_days", config.open_days, 0, kOpenDaysMax);
    settings.number("fine_bps_max", config.fine_bps_max, 0, kBasis);
    settings.number("interest_month_bps_max", config.interest_month_bps_max, 0, kBasis);
    settings.number("fine_bps", config.fine_bps, 0, config.fine_bps_max);
    settings.number(
        "interest_month_bps", config.interest_month_bps, 0, config.interest_month_bps_max);
}

void read_instructions(SettingsReader& settings, BoletoConfig& config) {
    if (config.at.bank != Bank::bradesco) {
        settings.number("instruction_days", config.instruction_days, 0, kInstructionDaysMax);
    }
    if (config.at.bank == Bank::banco_do_brasil) return;
    settings.texts("instruction_codes", config.instruction_codes);
    for (const std::string& code : config.instruction_codes) {
        if (code.size() == 2 && codes::all_digits(code)) continue;
        settings.wrong("instruction_codes", "must be two digits each");
    }
    if (config.instruction_codes.size() > 2) {
        settings.wrong("instruction_codes", "must be at most two");
    }
}

bool is_loopback(const std::string& host) {
    boost::system::error_code failed;
    const auto address = boost::asio::ip::make_address(host, failed);
    return failed ? host == "localhost" : address.is_loopback();
}

void read_bank_address(SettingsReader& settings, BankAddress& bank) {
    settings.text("host", bank.host);
    settings.number("port", bank.port, 1, kPortMax);
    settings.flag("tls", bank.tls);
    settings.text("ca", bank.ca_file);
    settings.text("certificate", bank.certificate_file);
    settings.text("private_key", bank.private_key_file);
    need(settings, "token", bank.token);
    if (bank.port == 0) settings.wrong("port", "is required");
    if (!bank.tls && !is_loopback(bank.host)) {
        settings.wrong("tls", "may be false to a loopback address only");
    }
    if (bank.certificate_file.empty() != bank.private_key_file.empty()) {
        settings.wrong(bank.certificate_file.empty() ? "certificate" : "private_key",
                       "is required with the other");
    }
}

void read_registration(SettingsReader& settings, BoletoConfig& config) {
    std::string how = "file";
    settings.text("registration", how);
    config.by_file = how == "file";
    if (how == "api") return read_bank_address(settings, config.bank);
    if (!config.by_file) settings.wrong("registration", R"(must be "file" or "api")");
    read_instructions(settings, config);
}

void read_hybrid(SettingsReader& settings, BoletoConfig& config) {
    settings.flag("hybrid", config.hybrid);
    if (!config.hybrid) return;
    need(settings, "pix_key", config.pix_key);
    if (!pix::PixKey::parse(config.pix_key)) settings.wrong("pix_key", "must be a Pix key");
    if (!config.by_file) return;
    const bool takes_pix = config.at.bank == Bank::itau && config.at.wallet == kHybridWallet;
    if (!takes_pix) {
        settings.wrong("hybrid",
                       "by file is for wallet 109 of Itau; elsewhere registration = "
                       "\"api\"");
    }
}

}  // namespace

BoletoConfig read_boleto_config(SettingsReader& settings, const CommonSettings& common) {
    BoletoConfig config;
    config.common = common;
    read_account(settings, config);
    read_beneficiary(settings, config);
    read_numbers(settings, config);
    read_registration(settings, config);
    read_terms(settings, config);
    read_hybrid(settings, config);
    settings.text("webhook_secret", config.webhook_secret);
    if (!config.webhook_secret.empty() && config.webhook_secret.size() < kSecretMin) {
        settings.wrong("webhook_secret", "must have at least 16 characters");
    }
    return config;
}

ConnectorMaker read_boleto_connector(SettingsReader& settings, const CommonSettings& common) {
    return [config = read_boleto_config(settings, common)](const Surroundings& world) {
        return std::make_unique<BoletoConnector>(config, world);
    };
}

}  // namespace causeway::connectors::boleto
