// SPDX-License-Identifier: Apache-2.0
//
// The words of "causeway sandbox boleto" and "causeway sandbox pix".
#pragma once

#include <cstdint>
#include <string>

namespace CLI {
class App;
}

namespace causeway::gateway {

/// What both have, and what one of them has. Empty: the sandbox's own choice.
struct ProviderSandboxChoice {
    std::string listen;
    std::string payload = "127.0.0.1:0";  ///< Of `pix`.
    std::string admin = "127.0.0.1:0";
    std::string certificate;
    std::string private_key;
    std::string client_ca;
    std::string webhook_ca;
    std::string webhook;         ///< Of `boleto`; Pix is told its URLs over its API.
    std::string webhook_secret;  ///< Of `boleto`.
    std::string token;           ///< Of `boleto`.
    std::string client_id = "causeway";
    std::string client_secret;  ///< Of `pix`.
    std::string pix_key = "7d9f0335-8dcc-4054-9bf9-0dbd61d36906";
    std::string bank = "itau";
    std::string out_folder;
    std::string in_folder;
    std::string first_day;
    std::string name;
    std::string tax_number;
    std::string branch;
    std::string account;
    std::string account_digit;
    std::string wallet;
    std::string agreement;
    std::string company_code;
    std::int64_t tariff = 185;  ///< Units: centavos, as the two that follow.
    std::int64_t registration_fee = 0;
    std::int64_t maintenance_fee = 0;
};

/// Adds both commands below `sandbox`; `action` becomes the name of the one that was typed.
///
/// Lifetime: `choice` and `action` outlive the parse.
void add_provider_sandboxes(CLI::App& sandbox, ProviderSandboxChoice& choice, std::string& action);

}  // namespace causeway::gateway
