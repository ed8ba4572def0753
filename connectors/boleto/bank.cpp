// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/bank.h"

#include <array>

namespace causeway::connectors::boleto {
namespace {

// In the order of the enumerators.
constexpr std::array kBanks{
    BankRules{Bank::banco_do_brasil, "001", '9', "Banco do Brasil", "banco_do_brasil", 4, 8, 2, 0},
    BankRules{Bank::itau, "341", '7', "Banco Itaú", "itau", 4, 5, 3, 8},
    BankRules{Bank::bradesco, "237", '2', "Bradesco", "bradesco", 4, 7, 2, 11},
};

}  // namespace

std::span<const BankRules> all_banks() noexcept {
    return kBanks;
}

const BankRules& rules_of(Bank bank) noexcept {
    return kBanks[static_cast<std::size_t>(bank)];
}

const BankRules* find_bank(std::string_view code) noexcept {
    for (const BankRules& rules : kBanks) {
        if (rules.code == code) return &rules;
    }
    return nullptr;
}

}  // namespace causeway::connectors::boleto
