// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/sandbox_options.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>

namespace causeway::gateway {
namespace {

void add_common(CLI::App& command, ProviderSandboxChoice& choice) {
    command.add_option("--listen", choice.listen, "HOST:PORT of the API; port 0 picks one")
        ->required();
    command.add_option("--cert", choice.certificate, "PEM chain")->required();
    command.add_option("--key", choice.private_key, "PEM private key")->required();
    command.add_option(
        "--client-ca", choice.client_ca, "PEM; callers must show a certificate of these");
    command.add_option(
        "--admin", choice.admin, "HOST:PORT of the test's own door, plain, loopback only");
    command.add_option("--webhook-ca", choice.webhook_ca, "PEM; who signs the webhook's server");
    command.add_option("--name", choice.name, "The receiver's name");
    command.add_option("--tax-number", choice.tax_number, "The receiver's CPF or CNPJ");
}

void add_boleto(CLI::App& sandbox, ProviderSandboxChoice& choice) {
    CLI::App* const bank = sandbox.add_subcommand("boleto", "Run a bank that collects boletos");
    add_common(*bank, choice);
    bank->add_option("--bank", choice.bank, "itau, bradesco or bb")
        ->check(CLI::IsMember({"itau", "bradesco", "bb"}));
    bank->add_option("--token", choice.token, "That callers of the API bear")
        ->envname("CAUSEWAY_SANDBOX_TOKEN")
        ->required();
    bank->add_option("--webhook", choice.webhook, "URL that is told of payments");
    bank->add_option("--webhook-secret", choice.webhook_secret, "Signs what the webhook is told")
        ->envname("CAUSEWAY_SANDBOX_SECRET");
    bank->add_option("--out", choice.out_folder, "Folder for retornos and statements");
    bank->add_option("--in", choice.in_folder, "Folder where remessas are found");
    bank->add_option("--day", choice.first_day, "YYYY-MM-DD, the first open day; else today");
    bank->add_option("--branch", choice.branch, "Agência");
    bank->add_option("--account", choice.account, "Conta, without its digit");
    bank->add_option("--account-digit", choice.account_digit, "Its digit");
    bank->add_option("--wallet", choice.wallet, "Carteira");
    bank->add_option("--agreement", choice.agreement, "Convênio, Banco do Brasil");
    bank->add_option("--company-code", choice.company_code, "Código da empresa, Bradesco");
    bank->add_option("--tariff", choice.tariff, "Centavos for each payment");
    bank->add_option("--registration-fee", choice.registration_fee, "Centavos for each title");
    bank->add_option("--maintenance-fee", choice.maintenance_fee, "Centavos each month");
}

void add_pix(CLI::App& sandbox, ProviderSandboxChoice& choice) {
    CLI::App* const provider = sandbox.add_subcommand("pix", "Run a provider of Pix");
    add_common(*provider, choice);
    provider->get_option("--client-ca")->required();
    provider->add_option(
        "--payload", choice.payload, "HOST:PORT where payers fetch what is behind a code");
    provider->add_option("--client-id", choice.client_id, "Of those who ask for a token");
    provider->add_option("--client-secret", choice.client_secret, "The same")
        ->envname("CAUSEWAY_SANDBOX_SECRET")
        ->required();
    provider->add_option("--pix-key", choice.pix_key, "The receiver's key");
}

}  // namespace

void add_provider_sandboxes(CLI::App& sandbox, ProviderSandboxChoice& choice, std::string& action) {
    add_boleto(sandbox, choice);
    add_pix(sandbox, choice);
    for (const char* const name : {"boleto", "pix"}) {
        sandbox.get_subcommand(name)->callback([&action, name] { action = name; });
    }
}

}  // namespace causeway::gateway
