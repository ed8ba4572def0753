// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/barcode.h"

#include "connectors/codes/check_digit.h"
#include "connectors/codes/digits.h"

#include <array>

namespace causeway::connectors::boleto {
namespace {

constexpr std::size_t kBankSize = 3;
constexpr std::size_t kGeneralDigitAt = 4;
constexpr std::size_t kLineSize = 47;
constexpr char kReais = '9';

// A field of the line that a mod 10 digit closes.
struct LineField {
    std::size_t at;
    std::size_t size;  // Without the check digit.
    std::string_view name;
};

constexpr std::array kCheckedFields{
    LineField{0, 9, "field 1 (positions 1 to 10)"},
    LineField{10, 10, "field 2 (positions 11 to 21)"},
    LineField{21, 10, "field 3 (positions 22 to 32)"},
};
constexpr std::size_t kLineGeneralDigitAt = 32;
constexpr std::size_t kLineTermsAt = 33;

Error wrong(std::string_view where, std::string_view what) {
    return Error(ErrorCode::invalid_argument, std::string(where) + ": " + std::string(what));
}

char general_digit_of(std::string_view digits) {
    std::string others(digits.substr(0, kGeneralDigitAt));
    others += digits.substr(kGeneralDigitAt + 1);
    return codes::mod11_barcode_digit(others);
}

// Without what the printed form puts between the groups.
std::string bare_line(std::string_view text) {
    std::string bare;
    for (const char letter : text) {
        if (letter != '.' && letter != ' ') bare += letter;
    }
    return bare;
}

Result<void> check_line(std::string_view line) {
    if (!codes::all_digits(line)) return wrong("line", "digits, points and blanks are wanted");
    if (line.size() == kLineSize + 1 && line.front() == '8') {
        return wrong("line", "48 digits that begin with 8 are a slip of collection");
    }
    if (line.size() != kLineSize) {
        return wrong("line", "47 digits are wanted, not " + std::to_string(line.size()));
    }
    for (const LineField& field : kCheckedFields) {
        const char digit = codes::mod10_digit(line.substr(field.at, field.size));
        if (line[field.at + field.size] != digit) {
            return wrong(field.name, "the check digit does not fit");
        }
    }
    return {};
}

}  // namespace

Result<Barcode> Barcode::parse(std::string_view digits) {
    if (digits.size() != kSize || !codes::all_digits(digits)) {
        return wrong("barcode", "44 digits are wanted");
    }
    if (digits[kBankSize] != kReais) return wrong("position 4", "the currency is not 9, reais");
    if (digits[kGeneralDigitAt] != general_digit_of(digits)) {
        return wrong("position 5", "the general check digit does not fit");
    }
    return Barcode(std::string(digits));
}

Result<Barcode> Barcode::make(std::string_view bank,
                              std::string_view terms,
                              std::string_view free_field) {
    std::string digits(bank);
    digits += kReais;
    digits += '0';
    digits += terms;
    digits += free_field;
    if (bank.size() != kBankSize || terms.size() != kTermsSize || digits.size() != kSize ||
        !codes::all_digits(digits)) {
        return wrong("barcode", "3, 14 and 25 digits are wanted");
    }
    digits[kGeneralDigitAt] = general_digit_of(digits);
    return Barcode(std::move(digits));
}

std::string DigitableLine::printed() const {
    const std::string& line = digits_;
    return line.substr(0, 5) + "." + line.substr(5, 5) + " " + line.substr(10, 5) + "." +
           line.substr(15, 6) + " " + line.substr(21, 5) + "." + line.substr(26, 6) + " " +
           line.substr(kLineGeneralDigitAt, 1) + " " + line.substr(kLineTermsAt);
}

DigitableLine to_line(const Barcode& barcode) {
    const std::string_view free_field = barcode.free_field();
    std::string line;
    const auto add_field = [&line](const std::string& digits) {
        line += digits;
        line += codes::mod10_digit(digits);
    };
    add_field(barcode.digits().substr(0, kGeneralDigitAt) + std::string(free_field.substr(0, 5)));
    add_field(std::string(free_field.substr(5, 10)));
    add_field(std::string(free_field.substr(15, 10)));
    line += barcode.general_digit();
    line += barcode.terms();
    return DigitableLine(std::move(line));
}

Result<Barcode> parse_line(std::string_view text) {
    const std::string line = bare_line(text);
    const auto checked = check_line(line);
    if (!checked) return checked.error();
    std::string digits = line.substr(0, kGeneralDigitAt);
    digits += line[kLineGeneralDigitAt];
    digits += line.substr(kLineTermsAt);
    digits += line.substr(kGeneralDigitAt, 5) + line.substr(10, 10) + line.substr(21, 10);
    if (digits[kGeneralDigitAt] != general_digit_of(digits)) {
        return wrong("field 4 (position 33)", "the general check digit does not fit");
    }
    if (digits[kBankSize] != kReais) {
        return wrong("field 1 (position 4)", "the currency is not 9, reais");
    }
    return Barcode::parse(digits);
}

}  // namespace causeway::connectors::boleto
