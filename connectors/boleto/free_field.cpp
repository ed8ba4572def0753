// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/free_field.h"

#include "connectors/codes/check_digit.h"
#include "connectors/codes/digits.h"

#include <algorithm>
#include <array>

namespace causeway::connectors::boleto {
namespace {

using codes::zero_filled;

constexpr std::size_t kFreeFieldSize = 25;
constexpr std::size_t kLongAgreement = 7;
constexpr std::size_t kLongNumber = 17;
constexpr std::size_t kShortNumber = 11;
constexpr std::size_t kYourNumberSize = 7;
constexpr std::size_t kClientSize = 5;

// Itaú's DAC of the nosso número leaves branch and account out.
constexpr std::array<std::string_view, 10> kItauWithoutAccount{
    "104", "112", "115", "126", "131", "145", "147", "150", "168", "188"};
constexpr std::array<std::string_view, 8> kItauWithYourNumber{
    "106", "107", "122", "142", "143", "195", "196", "198"};

template <class Wallets>
bool has(const Wallets& wallets, std::string_view wallet) {
    return std::find(wallets.begin(), wallets.end(), wallet) != wallets.end();
}

Error wrong(std::string_view what) {
    return Error(ErrorCode::invalid_argument, std::string(what));
}

// Branch, account and wallet at the widths of their bank.
Result<BankAccount> filled(const BankAccount& at) {
    const BankRules& rules = rules_of(at.bank);
    const auto branch = zero_filled("agência", at.branch, rules.branch_size);
    if (!branch) return branch.error();
    const auto account = zero_filled("conta", at.account, rules.account_size);
    if (!account) return account.error();
    const auto wallet = zero_filled("carteira", at.wallet, rules.wallet_size);
    if (!wallet) return wallet.error();
    BankAccount full = at;
    full.branch = *branch;
    full.account = *account;
    full.wallet = *wallet;
    return full;
}

Result<void> check_agreement(const std::string& agreement) {
    const std::size_t size = agreement.size();
    if (!codes::all_digits(agreement) || (size != 4 && size != 6 && size != kLongAgreement)) {
        return wrong("convênio: 4, 6 or 7 digits are wanted");
    }
    // With zeros it would be read as one of seven digits.
    if (agreement.find_first_not_of('0') == std::string::npos) {
        return wrong("convênio: zeros are none");
    }
    if (size == kLongAgreement && agreement.front() == '0') {
        return wrong("convênio: one of seven digits is more than 1000000");
    }
    return {};
}

OurNumber banco_do_brasil_number(const std::string& digits) {
    if (digits.size() == kLongNumber) {
        return {.digits = digits, .check = std::nullopt, .printed = digits};
    }
    const char check = codes::mod11_banco_do_brasil_digit(digits);
    return {.digits = digits, .check = check, .printed = digits + "-" + check};
}

Result<OurNumber> banco_do_brasil_number(const BankAccount& at, std::string_view number) {
    const auto agreed = check_agreement(at.agreement);
    if (!agreed) return agreed.error();
    const std::size_t whole = at.agreement.size() == kLongAgreement ? kLongNumber : kShortNumber;
    const auto sequence = zero_filled("nosso número", number, whole - at.agreement.size());
    if (!sequence) return sequence.error();
    return banco_do_brasil_number(at.agreement + *sequence);
}

// `full` has its widths already; so has the number.
OurNumber checked_number(const BankAccount& full, const std::string& number) {
    char check = '0';
    if (full.bank == Bank::bradesco) {
        check = codes::mod11_bradesco_digit(full.wallet + number);
    } else if (has(kItauWithoutAccount, full.wallet)) {
        check = codes::mod10_digit(full.wallet + number);
    } else {
        check = codes::mod10_digit(full.branch + full.account + full.wallet + number);
    }
    return {.digits = number, .check = check, .printed = full.wallet + "/" + number + "-" + check};
}

Result<std::string> itau_with_your_number(const BankAccount& full,
                                          const std::string& number,
                                          std::string_view your_number) {
    const auto yours = zero_filled("seu número", your_number, kYourNumberSize);
    if (!yours) return yours.error();
    const auto client = zero_filled("código do cliente", full.client, kClientSize);
    if (!client) return client.error();
    const std::string checked = full.wallet + number + *yours + *client;
    return checked + codes::mod10_digit(checked) + "0";
}

std::string itau_field(const BankAccount& full, const OurNumber& number) {
    const std::string account = full.branch + full.account;
    return full.wallet + number.digits + *number.check + account + codes::mod10_digit(account) +
           "000";
}

Result<FreeField> read_banco_do_brasil(std::string_view digits) {
    FreeField read{.at = {.bank = Bank::banco_do_brasil, .wallet = std::string(digits.substr(23))}};
    if (digits.starts_with("000000")) {
        read.our_number = banco_do_brasil_number(std::string(digits.substr(6, kLongNumber)));
        read.at.agreement = digits.substr(6, kLongAgreement);
        if (read.at.agreement.front() == '0') return wrong("convênio: zeros are none");
        return read;
    }
    read.our_number = banco_do_brasil_number(std::string(digits.substr(0, kShortNumber)));
    read.at.branch = digits.substr(11, 4);
    read.at.account = digits.substr(15, 8);
    return read;
}

Result<FreeField> read_itau(std::string_view digits) {
    FreeField read{.at = {.bank = Bank::itau, .wallet = std::string(digits.substr(0, 3))}};
    const std::string number(digits.substr(3, 8));
    if (has(kItauWithYourNumber, read.at.wallet)) {
        if (codes::mod10_digit(digits.substr(0, 23)) != digits[23] || digits[24] != '0') {
            return wrong("free field (positions 20 to 44): the digit of position 43 does not fit");
        }
        // The number's own digit needs the account, which is not here.
        read.our_number = {.digits = number, .check = std::nullopt, .printed = {}};
        read.your_number = digits.substr(11, kYourNumberSize);
        read.at.client = digits.substr(18, kClientSize);
        return read;
    }
    read.at.branch = digits.substr(12, 4);
    read.at.account = digits.substr(16, 5);
    read.our_number = checked_number(read.at, number);
    if (itau_field(read.at, read.our_number) != digits) {
        return wrong("free field (positions 20 to 44): a digit of Itaú does not fit");
    }
    return read;
}

Result<FreeField> read_bradesco(std::string_view digits) {
    if (digits[24] != '0') return wrong("position 44: Bradesco writes a zero there");
    FreeField read{.at = {.bank = Bank::bradesco,
                          .branch = std::string(digits.substr(0, 4)),
                          .account = std::string(digits.substr(17, 7)),
                          .wallet = std::string(digits.substr(4, 2))}};
    read.our_number = checked_number(read.at, std::string(digits.substr(6, 11)));
    return read;
}

}  // namespace

Result<OurNumber> our_number(const BankAccount& at, std::string_view number) {
    if (at.bank == Bank::banco_do_brasil) return banco_do_brasil_number(at, number);
    const auto full = filled(at);
    if (!full) return full.error();
    const auto digits = zero_filled("nosso número", number, rules_of(at.bank).number_size);
    if (!digits) return digits.error();
    return checked_number(*full, *digits);
}

Result<std::string> make_free_field(const BankAccount& at,
                                    std::string_view number,
                                    std::string_view your_number) {
    const auto full = filled(at);
    if (!full) return full.error();
    const auto ours = our_number(*full, number);
    if (!ours) return ours.error();
    switch (at.bank) {
        case Bank::banco_do_brasil:
            if (ours->digits.size() == kLongNumber) return "000000" + ours->digits + full->wallet;
            return ours->digits + full->branch + full->account + full->wallet;
        case Bank::itau:
            if (has(kItauWithYourNumber, full->wallet)) {
                return itau_with_your_number(*full, ours->digits, your_number);
            }
            return itau_field(*full, *ours);
        case Bank::bradesco:
            return full->branch + full->wallet + ours->digits + full->account + "0";
    }
    return wrong("bank: unlisted");
}

Result<FreeField> read_free_field(Bank bank, std::string_view digits) {
    if (digits.size() != kFreeFieldSize || !codes::all_digits(digits)) {
        return wrong("free field (positions 20 to 44): 25 digits are wanted");
    }
    switch (bank) {
        case Bank::banco_do_brasil: return read_banco_do_brasil(digits);
        case Bank::itau: return read_itau(digits);
        case Bank::bradesco: return read_bradesco(digits);
    }
    return wrong("bank: unlisted");
}

Result<std::string> printed_account(const BankAccount& at) {
    const auto full = filled(at);
    if (!full) return full.error();
    const std::string& branch = full->branch;
    const std::string& account = full->account;
    switch (at.bank) {
        case Bank::banco_do_brasil:
            return branch + "-" + codes::mod11_banco_do_brasil_digit(branch) + " / " + account +
                   "-" + codes::mod11_banco_do_brasil_digit(account);
        case Bank::itau:
            return branch + " / " + account + "-" + codes::mod10_digit(branch + account);
        case Bank::bradesco: return branch + " / " + account;
    }
    return wrong("bank: unlisted");
}

}  // namespace causeway::connectors::boleto
