// SPDX-License-Identifier: Apache-2.0
//
// What we tell a bank about a title, in no bank's terms, and the file of instructions. What a bank
// has no column for is refused by the writer, never dropped; the payer's district, city and state
// at Bradesco are the one exception, because that bank knows them by the postal code.
//
// All texts are UTF-8. A number that a bank prints with leading zeros (branch, account, wallet)
// may have them or not here, and comes back from a reader without; a nosso número keeps them.
#pragma once

#include "connectors/boleto/cnab/layout.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace causeway::connectors::cnab {

using Date = std::chrono::year_month_day;

/// Who is paid, and the account that the contract with the bank is about.
struct Beneficiary {
    std::string name;
    std::string document;      ///< CPF or CNPJ, without punctuation; a CNPJ may hold letters.
    std::string company_code;  ///< Bradesco's "código da empresa".
    std::string agreement;     ///< Banco do Brasil's "convênio".
    std::string wallet;        ///< Carteira.
    std::string wallet_variation;
    std::string branch;
    std::string branch_digit;
    std::string account;
    std::string account_digit;  ///< Itaú: of branch and account together.

    friend bool operator==(const Beneficiary&, const Beneficiary&) = default;
};

struct Payer {
    std::string name;
    std::string document;  ///< CPF (11) or CNPJ (14), without punctuation.
    std::string street;
    std::string district;
    std::string postal_code;  ///< CEP, eight digits.
    std::string city;
    std::string state;

    friend bool operator==(const Payer&, const Payer&) = default;
};

enum class Command {
    register_title,
    register_with_pix,  ///< Itaú's boleto Pix. Requires a Pix key or a location.
    write_off,
    grant_abatement,
    cancel_abatement,
    change_due_date,
    protest,
    stop_protest,  ///< The title stays with the bank.
    stop_protest_and_write_off,
    change_fine,   ///< Itaú only; elsewhere part of `change_terms`.
    change_terms,  ///< Fine, interest and discount as given, among "other data".
};

/// A fine, an interest or a discount.
struct Charge {
    /// Interest: minor units a day, or percent a month. Fine, discount: once.
    enum class Basis { amount, percent };

    Basis basis = Basis::amount;
    std::int64_t value = 0;  ///< Units: minor units, or hundredths of a percent.
    /// Fine and interest: from this day on. Discount: until it. Without one, a fine starts on the
    /// due date.
    std::optional<Date> on;

    friend bool operator==(const Charge&, const Charge&) = default;
};

struct Instruction {
    Command command = Command::register_title;
    std::string control;           ///< Ours, up to 25 characters, comes back in every retorno.
    std::string our_number;        ///< Nosso número, as the bank numbers titles.
    std::string our_number_digit;  ///< Empty where the layout has no column for it.
    std::string document;          ///< Seu número: 10 characters, 15 at Banco do Brasil.
    std::string kind;              ///< Espécie, the bank's own code; empty: DM.
    std::optional<Date> due_on;
    std::optional<Date> issued_on;
    std::int64_t amount_minor_units = 0;
    std::int64_t abatement_minor_units = 0;
    std::optional<Charge> fine;
    std::optional<Charge> interest;
    std::optional<Charge> discount;
    /// CNAB 400: the bank's own two instruction codes; empty: 00.
    std::string first_instruction;
    std::string second_instruction;
    /// Itaú: days that the two instructions speak of. Banco do Brasil: calendar days to protest.
    int days = 0;
    Payer payer;
    std::string guarantor_name;
    std::string pix_key;
    std::string pix_location;

    friend bool operator==(const Instruction&, const Instruction&) = default;
};

struct Remessa {
    LayoutId layout = LayoutId::itau400;
    Beneficiary beneficiary;
    std::optional<Date> generated_on;
    int generated_at_hhmmss = 0;  ///< CNAB 240 only.
    std::int64_t sequence = 0;    ///< Of the file; Itaú's layout has none.
    std::vector<Instruction> instructions;

    friend bool operator==(const Remessa&, const Remessa&) = default;
};

}  // namespace causeway::connectors::cnab
