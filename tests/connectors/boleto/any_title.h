// SPDX-License-Identifier: Apache-2.0
//
// Titles by chance: every bank, every layout of its free field, every due date near a reference.
#pragma once

#include "connectors/boleto/title.h"

#include <rapidcheck.h>
#include <string>

namespace causeway::connectors::boleto {

inline std::string any_digits(std::size_t size) {
    return *rc::gen::container<std::string>(size, rc::gen::inRange<char>('0', '9' + 1));
}

inline BankAccount any_account() {
    const BankRules& rules =
        *rc::gen::elementOf(std::vector<BankRules>(all_banks().begin(), all_banks().end()));
    BankAccount at{.bank = rules.bank,
                   .branch = any_digits(rules.branch_size),
                   .account = any_digits(rules.account_size),
                   .wallet = any_digits(rules.wallet_size)};
    if (rules.bank == Bank::banco_do_brasil) {
        at.agreement = "1" + any_digits(*rc::gen::element<std::size_t>(3, 5, 6));
    }
    if (rules.bank == Bank::itau) {
        at.wallet = *rc::gen::element<std::string>("109", "175", "112", "126", "198", "107");
        at.client = any_digits(5);
    }
    return at;
}

inline Title any_title(Day reference) {
    Title title{.at = any_account(),
                .due = reference + std::chrono::days(*rc::gen::inRange(-3000, 5501)),
                .amount = ledger::Money(*rc::gen::inRange<std::int64_t>(0, 10'000'000'000),
                                        *ledger::Currency::from_code("BRL"))};
    const std::size_t whole = title.at.agreement.size() == 7 ? 17 : 11;
    const std::size_t size = title.at.bank == Bank::banco_do_brasil
                                 ? whole - title.at.agreement.size()
                                 : rules_of(title.at.bank).number_size;
    title.our_number = any_digits(size);
    title.your_number = any_digits(7);
    return title;
}

}  // namespace causeway::connectors::boleto
