// SPDX-License-Identifier: Apache-2.0
#include "connectors/codes/tax_number.h"

#include "connectors/codes/digits.h"

#include <algorithm>

namespace causeway::connectors::codes {
namespace {

constexpr std::size_t kCpfSize = 11;
constexpr std::size_t kCnpjSize = 14;
constexpr std::size_t kCheckDigits = 2;

Error wrong(std::string_view what) {
    return Error(ErrorCode::invalid_argument, "tax number: " + std::string(what));
}

bool is_upper(char letter) noexcept {
    return letter >= 'A' && letter <= 'Z';
}

// Without what the printed form puts between the groups.
std::string normalised(std::string_view text) {
    std::string bare;
    for (const char letter : text) {
        if (letter == '.' || letter == '-' || letter == '/') continue;
        const bool lower = letter >= 'a' && letter <= 'z';
        bare += lower ? static_cast<char>(letter - 'a' + 'A') : letter;
    }
    return bare;
}

// Weights from 2 at the right, after `heaviest` again 2. A letter counts as its ASCII code less 48.
char tax_digit(std::string_view body, int heaviest) noexcept {
    int sum = 0;
    int weight = 2;
    for (auto letter = body.rbegin(); letter != body.rend(); ++letter) {
        sum += (*letter - '0') * weight;
        weight = weight == heaviest ? 2 : weight + 1;
    }
    const int remainder = sum % 11;
    return remainder < 2 ? '0' : static_cast<char>('0' + 11 - remainder);
}

bool digits_fit(std::string_view text, int heaviest) noexcept {
    const std::size_t first = text.size() - kCheckDigits;
    return text[first] == tax_digit(text.substr(0, first), heaviest) &&
           text[first + 1] == tax_digit(text.substr(0, first + 1), heaviest);
}

Result<void> check_characters(std::string_view text) {
    if (text.size() == kCpfSize) {
        if (!all_digits(text)) return wrong("a CPF has digits alone");
        return {};
    }
    const std::string_view body = text.substr(0, kCnpjSize - kCheckDigits);
    if (!all_digits(text.substr(body.size()))) return wrong("the check digits must be digits");
    const auto allowed = [](char letter) { return is_digit(letter) || is_upper(letter); };
    if (!std::all_of(body.begin(), body.end(), allowed)) {
        return wrong("a CNPJ has digits and the letters A to Z alone");
    }
    return {};
}

}  // namespace

std::string_view to_string(TaxNumberKind kind) noexcept {
    switch (kind) {
        case TaxNumberKind::cpf: return "cpf";
        case TaxNumberKind::cnpj: return "cnpj";
    }
    return "unlisted_tax_number_kind";
}

Result<TaxNumber> TaxNumber::parse(std::string_view text) {
    const std::string bare = normalised(text);
    if (bare.size() != kCpfSize && bare.size() != kCnpjSize) {
        return wrong("11 digits (CPF) or 14 characters (CNPJ) are wanted");
    }
    // Nobody writes points between all the digits; what is that long is something else.
    if (text.size() > kCnpjSize + 4) return wrong("too many points, strokes and hyphens");
    const auto characters = check_characters(bare);
    if (!characters) return characters.error();
    if (bare.find_first_not_of(bare.front()) == std::string::npos) {
        return wrong("one digit repeated is never issued");
    }
    // No weight of a CPF starts again: 11 is more than it has places.
    if (!digits_fit(bare, bare.size() == kCpfSize ? 11 : 9)) {
        return wrong("the check digits do not fit");
    }
    return TaxNumber(bare);
}

TaxNumberKind TaxNumber::kind() const noexcept {
    return text_.size() == kCpfSize ? TaxNumberKind::cpf : TaxNumberKind::cnpj;
}

std::string TaxNumber::printed() const {
    if (kind() == TaxNumberKind::cpf) {
        return text_.substr(0, 3) + "." + text_.substr(3, 3) + "." + text_.substr(6, 3) + "-" +
               text_.substr(9);
    }
    return text_.substr(0, 2) + "." + text_.substr(2, 3) + "." + text_.substr(5, 3) + "/" +
           text_.substr(8, 4) + "-" + text_.substr(12);
}

}  // namespace causeway::connectors::codes
