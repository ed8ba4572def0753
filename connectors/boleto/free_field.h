// SPDX-License-Identifier: Apache-2.0
//
// The 25 digits of a barcode that belong to the bank (campo livre), and the number by which the
// bank knows a title (nosso número).
//
// A free field does not hold everything: Banco do Brasil leaves out the account when the agreement
// has seven digits, and never says where the agreement ends in a number of eleven.
#pragma once

#include "connectors/boleto/bank.h"
#include "ledger/result.h"

#include <optional>
#include <string>
#include <string_view>

namespace causeway::connectors::boleto {

/// What a beneficiary has with a bank. All digits; zeros at the front may be left out, except in
/// `agreement`, whose length decides the layout.
struct BankAccount {
    Bank bank = Bank::banco_do_brasil;
    std::string branch;     ///< Agência, without its digit.
    std::string account;    ///< Conta, without its digit.
    std::string wallet;     ///< Carteira.
    std::string agreement;  ///< Banco do Brasil: convênio of 4, 6 or 7 digits.
    std::string client;     ///< Itaú, the carteiras with seu número: código do cliente.

    friend bool operator==(const BankAccount&, const BankAccount&) = default;
};

struct OurNumber {
    std::string digits;         ///< Banco do Brasil: with the agreement before it.
    std::optional<char> check;  ///< Banco do Brasil's seventeen digits have none.
    std::string printed;        ///< As the bank wants it on paper: "109/98712345-1".

    friend bool operator==(const OurNumber&, const OurNumber&) = default;
};

/// `number` is the beneficiary's part: Banco do Brasil's sequence behind the agreement, the
/// other banks' nosso número without its digit.
///
/// Errors: `invalid_argument` that names the field.
[[nodiscard]] Result<OurNumber> our_number(const BankAccount& at, std::string_view number);

/// `your_number` (seu número) is read only for Itaú's carteiras 106, 107, 122, 142, 143, 195, 196
/// and 198, whose free field holds it in place of branch and account.
///
/// Errors: `invalid_argument` that names the field.
[[nodiscard]] Result<std::string> make_free_field(const BankAccount& at,
                                                  std::string_view number,
                                                  std::string_view your_number);

/// What a free field says; what it leaves out is empty.
struct FreeField {
    BankAccount at;
    OurNumber our_number;
    std::string your_number;

    friend bool operator==(const FreeField&, const FreeField&) = default;
};

/// Errors: `invalid_argument` unless it has 25 digits, a layout of ours, and check digits that fit.
[[nodiscard]] Result<FreeField> read_free_field(Bank bank, std::string_view digits);

/// "agência/código do beneficiário" as it is printed, with the digits of the bank's rule where we
/// know it: Bradesco's are left out.
///
/// Errors: as make_free_field().
[[nodiscard]] Result<std::string> printed_account(const BankAccount& at);

}  // namespace causeway::connectors::boleto
