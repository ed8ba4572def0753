// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/title.h"

#include "connectors/boleto/due_factor.h"

#include <charconv>

namespace causeway::connectors::boleto {
namespace {

constexpr std::int64_t kAmountWithDueMax = 9'999'999'999;
// A fourteenth digit would be read as a due factor.
constexpr std::int64_t kAmountMax = 9'999'999'999'999;
constexpr std::size_t kFactorSize = 4;
constexpr std::size_t kAmountSize = 10;

ledger::Currency brl() {
    static const ledger::Currency currency = *ledger::Currency::from_code("BRL");
    return currency;
}

std::string padded(std::int64_t value, std::size_t width) {
    const std::string digits = std::to_string(value);
    return std::string(width - digits.size(), '0') + digits;
}

// At most fourteen digits, so it always fits.
std::int64_t value_of(std::string_view digits) {
    std::int64_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

Result<std::string> terms_of(const Title& title) {
    if (title.amount.currency() != brl()) {
        return Error(ErrorCode::currency_mismatch, "amount: a boleto is in BRL");
    }
    const std::int64_t amount = title.amount.minor_units();
    if (amount < 0) return Error(ErrorCode::invalid_argument, "amount: less than zero");
    if (amount > kAmountMax) {
        return Error(ErrorCode::amount_overflow, "amount: more than 99999999999.99");
    }
    const auto factor = due_factor(title.due);
    if (!factor) return factor.error();
    if (amount > kAmountWithDueMax) return padded(amount, Barcode::kTermsSize);
    return padded(*factor, kFactorSize) + padded(amount, kAmountSize);
}

}  // namespace

Result<Barcode> compose(const Title& title) {
    const auto terms = terms_of(title);
    if (!terms) return terms.error();
    const auto free_field = make_free_field(title.at, title.our_number, title.your_number);
    if (!free_field) return free_field.error();
    return Barcode::make(rules_of(title.at.bank).code, *terms, *free_field);
}

Result<Decoded> decode(const Barcode& barcode, Day reference) {
    const std::string_view terms = barcode.terms();
    Decoded decoded{.bank = std::string(barcode.bank()), .amount = {value_of(terms), brl()}};
    if (terms.front() != '0') {
        const auto due =
            due_day(static_cast<int>(value_of(terms.substr(0, kFactorSize))), reference);
        if (!due) return due.error();
        decoded.due = *due;
        decoded.amount = ledger::Money(value_of(terms.substr(kFactorSize)), brl());
    }
    const BankRules* rules = find_bank(barcode.bank());
    if (rules == nullptr) return decoded;
    auto free_field = read_free_field(rules->bank, barcode.free_field());
    if (free_field) decoded.free_field = *std::move(free_field);
    return decoded;
}

}  // namespace causeway::connectors::boleto
