// SPDX-License-Identifier: Apache-2.0
//
// From what is owed to a barcode, and back as far as a barcode goes: what it leaves out (names, and
// at more than R$ 99.999.999,99 the due date) only the bank's register knows.
#pragma once

#include "connectors/boleto/barcode.h"
#include "connectors/boleto/free_field.h"
#include "ledger/clock.h"
#include "ledger/money.h"
#include "ledger/result.h"

#include <optional>
#include <string>

namespace causeway::connectors::boleto {

struct Title {
    BankAccount at;
    std::string our_number;   ///< The beneficiary's part, see our_number().
    std::string your_number;  ///< Only where make_free_field() reads it.
    Day due;
    /// In BRL. Zero lets the payer fill it in; more than 99.999.999,99 takes the place of the due
    /// date, up to 99.999.999.999,99.
    ledger::Money amount;
};

/// Errors: `invalid_argument` that names the field; `currency_mismatch` unless it is BRL;
/// `amount_overflow` if fourteen digits do not hold it.
[[nodiscard]] Result<Barcode> compose(const Title& title);

struct Decoded {
    std::string bank;
    ledger::Money amount;    ///< Zero: the payer fills it in.
    std::optional<Day> due;  ///< None in the barcode: an old one, or a large amount.
    /// Of a bank that bank.h lists; none if another bank's, or if it fits no layout of ours.
    std::optional<FreeField> free_field;
};

/// `reference` is the day on which somebody pays or looks; see due_day().
///
/// Errors: `expired` if the due factor means no day near `reference`.
[[nodiscard]] Result<Decoded> decode(const Barcode& barcode, Day reference);

}  // namespace causeway::connectors::boleto
