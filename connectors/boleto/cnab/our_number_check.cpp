// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/cnab/our_number_check.h"

#include "connectors/boleto/cnab/codes.h"
#include "connectors/boleto/cnab/text.h"
#include "connectors/codes/check_digit.h"

namespace causeway::connectors::cnab {
namespace {

// Banco do Brasil: eleven digits and their check digit, or seventeen digits without one.
constexpr std::size_t kShortWithDigit = 12;

bool speaks_of_no_title(const Layout& layout, std::string_view occurrence) {
    const Occurrence* const known = find_occurrence(codes_of(layout.id), occurrence);
    // What a bank invents tomorrow moves no money here.
    return known == nullptr || known->event_class == EventClass::fee ||
           known->event_class == EventClass::unmatched;
}

// Where the number is a text, at Banco do Brasil, blanks may surround it.
bool is_number(const RecordReader& record, const Layout& layout, std::string_view number) {
    if (layout.id != LayoutId::bb240) return is_digits(record.raw(Role::our_number));
    if (number.size() == kShortWithDigit && number.ends_with('X')) number.remove_suffix(1);
    return is_digits(number);
}

// A numeric field as it is written: some banks leave the zeros before it blank.
std::string zero_filled(const RecordReader& record, Role role) {
    const std::string_view raw = record.raw(role);
    const std::string_view told = trimmed(raw);
    return std::string(raw.size() - told.size(), '0') + std::string(told);
}

// Which of Itaú's wallets leave branch and account out no public list says in full, so either way
// of counting is good.
bool fits_itau(const RecordReader& record, char digit, const std::string& number) {
    const std::string tail = zero_filled(record, Role::wallet) + number;
    const std::string account =
        zero_filled(record, Role::branch) + zero_filled(record, Role::account);
    const bool told = is_digits(account) && !without_leading_zeros(account).empty();
    return !told || digit == codes::mod10_digit(account + tail) ||
           digit == codes::mod10_digit(tail);
}

// Wallets have two digits in the rule and three in the row.
bool fits_bradesco(const RecordReader& record, char digit, const std::string& number) {
    return digit ==
           codes::mod11_bradesco_digit(zero_filled(record, Role::wallet).substr(1) + number);
}

// The number alone, or with its digit: any, where the row has none elsewhere.
bool repeats(std::string_view repeated, const Event& event) {
    const std::string_view number = without_leading_zeros(event.our_number);
    if (repeated.empty() || repeated == number) return true;
    return repeated.size() == number.size() + 1 && repeated.starts_with(number) &&
           (event.our_number_digit.empty() ||
            repeated.substr(number.size()) == event.our_number_digit);
}

bool digit_fits(const RecordReader& record, const Layout& layout, const Event& event) {
    const std::string& number = event.our_number;
    if (layout.id == LayoutId::bb240) {
        return number.size() != kShortWithDigit ||
               number.back() ==
                   codes::mod11_banco_do_brasil_digit(number.substr(0, kShortWithDigit - 1));
    }
    const std::string& digit = event.our_number_digit;
    const std::string wallet = zero_filled(record, Role::wallet);
    if (digit.empty() || !is_digits(wallet) || without_leading_zeros(wallet).empty()) return true;
    // What nobody fills is zero, also in a file of Bradesco's own.
    if (digit == "0") return true;
    return layout.id == LayoutId::itau400 ? fits_itau(record, digit.front(), number)
                                          : fits_bradesco(record, digit.front(), number);
}

}  // namespace

void check_our_number(RecordReader& record, const Layout& layout, const Event& event) {
    const std::string& number = event.our_number;
    if (number.empty()) {
        if (!speaks_of_no_title(layout, event.occurrence)) record.refuse(Role::our_number, "blank");
        return;
    }
    if (!is_number(record, layout, number)) return record.refuse(Role::our_number, "not digits");
    record.expect_all(Role::our_number_copy, number, "not the number that the row has elsewhere");
    if (!repeats(record.short_text(Role::our_number_repeated), event)) {
        record.refuse(Role::our_number_repeated, "not the number that the row has elsewhere");
    }
    if (without_leading_zeros(number).empty() || digit_fits(record, layout, event)) return;
    record.refuse(layout.id == LayoutId::bb240 ? Role::our_number : Role::our_number_digit,
                  "does not fit the number");
}

}  // namespace causeway::connectors::cnab
