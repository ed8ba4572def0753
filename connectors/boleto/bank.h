// SPDX-License-Identifier: Apache-2.0
//
// What differs between the banks whose boletos we write, as data. Only the free field of a barcode
// and the nosso número are the bank's own; the rest is the same for all (barcode.h).
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace causeway::connectors::boleto {

enum class Bank { banco_do_brasil, itau, bradesco };

/// Units: the sizes are digits. The nosso número of Banco do Brasil has 17 less its agreement's
/// with seven digits of agreement and 11 less with fewer, so its size here is zero.
struct BankRules {
    Bank bank;
    std::string_view code;  ///< Of the compensation chamber (COMPE): "001".
    char code_digit;
    std::string_view name;
    std::string_view key;      ///< In configurations and commands: "itau".
    std::size_t branch_size;   ///< Agência.
    std::size_t account_size;  ///< Conta, without its digit.
    std::size_t wallet_size;   ///< Carteira.
    std::size_t number_size;   ///< Nosso número, without its digit.
};

[[nodiscard]] std::span<const BankRules> all_banks() noexcept;

[[nodiscard]] const BankRules& rules_of(Bank bank) noexcept;

/// Null if we do not know the bank's free field.
[[nodiscard]] const BankRules* find_bank(std::string_view code) noexcept;

}  // namespace causeway::connectors::boleto
