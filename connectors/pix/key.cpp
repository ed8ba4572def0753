// SPDX-License-Identifier: Apache-2.0
#include "connectors/pix/key.h"

#include "connectors/codes/tax_number.h"

#include <algorithm>
#include <optional>

namespace causeway::connectors::pix {
namespace {

constexpr std::size_t kUuidSize = 36;
constexpr std::size_t kPhoneMin = 3;
constexpr std::size_t kPhoneMax = 16;
constexpr std::size_t kLabelMax = 63;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}
// As the API writes it: nothing but the number itself, letters in upper case.
bool is_tax_number(std::string_view text, codes::TaxNumberKind kind) {
    const auto number = codes::TaxNumber::parse(text);
    return number && number->kind() == kind && number->text() == text;
}

// Source: ITU-T E.164; for Brazil two digits of area and eight or nine of the line.
bool is_phone(std::string_view text) {
    if (text.size() < kPhoneMin || text.size() > kPhoneMax || text[0] != '+' || text[1] == '0') {
        return false;
    }
    if (!std::ranges::all_of(text.substr(1), is_digit)) return false;
    if (!text.starts_with("+55")) return true;
    return (text.size() == 13 || text.size() == 14) && text[3] != '0' && text[4] != '0';
}

bool is_domain_label(std::string_view label) {
    return !label.empty() && label.size() <= kLabelMax && label.front() != '-' &&
           label.back() != '-' && std::ranges::all_of(label, [](char c) {
               return is_lower(c) || is_digit(c) || c == '-';
           });
}

bool is_domain(std::string_view text) {
    int labels = 0;
    while (true) {
        const std::size_t dot = text.find('.');
        if (!is_domain_label(text.substr(0, dot))) return false;
        ++labels;
        if (dot == std::string_view::npos) return labels > 1;
        text.remove_prefix(dot + 1);
    }
}

// Source: the DICT's pattern of e-mail addresses, as public clients of it have it: no '%'.
bool is_email(std::string_view text) {
    const std::size_t at = text.find('@');
    if (at == std::string_view::npos || at == 0) return false;
    const auto fits = [](char c) {
        return is_lower(c) || is_digit(c) ||
               std::string_view(".!#$&'*+/=?^_`{|}~-").find(c) != std::string_view::npos;
    };
    return std::ranges::all_of(text.substr(0, at), fits) && is_domain(text.substr(at + 1));
}

bool is_uuid(std::string_view text) {
    if (text.size() != kUuidSize) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        const bool hex = is_digit(text[i]) || (text[i] >= 'a' && text[i] <= 'f');
        if (hyphen ? text[i] != '-' : !hex) return false;
    }
    return true;
}

std::optional<KeyKind> kind_of(std::string_view text) {
    if (text.size() > kKeyBytesMax) return std::nullopt;
    if (is_cpf(text)) return KeyKind::cpf;
    if (is_cnpj(text)) return KeyKind::cnpj;
    if (is_phone(text)) return KeyKind::phone;
    if (is_uuid(text)) return KeyKind::evp;
    if (is_email(text)) return KeyKind::email;
    return std::nullopt;
}

}  // namespace

std::string_view to_string(KeyKind kind) noexcept {
    switch (kind) {
        case KeyKind::cpf: return "cpf";
        case KeyKind::cnpj: return "cnpj";
        case KeyKind::phone: return "phone";
        case KeyKind::email: return "email";
        case KeyKind::evp: return "evp";
    }
    return "";
}

bool is_cpf(std::string_view text) {
    return is_tax_number(text, codes::TaxNumberKind::cpf);
}

bool is_cnpj(std::string_view text) {
    return is_tax_number(text, codes::TaxNumberKind::cnpj);
}

Result<PixKey> PixKey::parse(std::string_view text) {
    const auto kind = kind_of(text);
    if (kind) return PixKey(*kind, std::string(text));
    return Error(ErrorCode::invalid_argument,
                 "a Pix key must be a CPF, a CNPJ, a phone with its plus sign, an e-mail address "
                 "or a UUID, the latter two in lower case");
}

}  // namespace causeway::connectors::pix
