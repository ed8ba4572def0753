// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/cnab/record.h"
#include "connectors/boleto/cnab/text.h"

namespace causeway::connectors::cnab {
namespace {

// The longest amount has 17 digits, the longest number that is read has 20 and zeros in front.
constexpr std::size_t kDigitsMax = 18;
constexpr int kPivot = 70;
constexpr int kYearMin = 1900;

std::int64_t value_of(std::string_view digits) {
    std::int64_t value = 0;
    for (const char c : digits)
        value = value * 10 + (c - '0');
    return value;
}

}  // namespace

std::string_view RecordReader::raw(Role role) const noexcept {
    const Field* field = record_.field(role);
    return field == nullptr ? std::string_view{} : columns(*field);
}

std::string_view RecordReader::columns(const Field& field) const noexcept {
    return line_.substr(static_cast<std::size_t>(field.first - 1),
                        static_cast<std::size_t>(field.length()));
}

std::string RecordReader::text(Role role) {
    const std::string_view columns = raw(role);
    if (has_control_characters(columns)) refuse(role, "a control character");
    return from_latin1(trimmed(columns));
}

std::string RecordReader::short_text(Role role) {
    return std::string(without_leading_zeros(text(role)));
}

std::string RecordReader::short_digits(Role role) {
    const std::string_view digits = trimmed(raw(role));
    if (!is_digits(digits)) {
        refuse(role, "not digits");
        return {};
    }
    return std::string(without_leading_zeros(digits));
}

std::int64_t RecordReader::number(Role role) {
    const std::string_view columns = raw(role);
    if (trimmed(columns).empty()) return 0;
    if (!is_digits(columns)) {
        refuse(role, "not digits");
        return 0;
    }
    const std::string_view digits = without_leading_zeros(columns);
    if (digits.size() > kDigitsMax) {
        refuse(role, "too large a number");
        return 0;
    }
    return value_of(digits);
}

std::optional<Date> RecordReader::date(Role role) {
    const std::string_view columns = raw(role);
    if (columns.empty() || trimmed(columns).empty()) return std::nullopt;
    if (!is_digits(columns)) {
        refuse(role, "not a date");
        return std::nullopt;
    }
    if (without_leading_zeros(columns).empty()) return std::nullopt;
    auto year = static_cast<int>(value_of(columns.substr(4)));
    if (columns.size() == 6) year += year < kPivot ? 2000 : 1900;
    const Date date{std::chrono::year(year),
                    std::chrono::month(static_cast<unsigned>(value_of(columns.substr(2, 2)))),
                    std::chrono::day(static_cast<unsigned>(value_of(columns.substr(0, 2))))};
    if (!date.ok() || year < kYearMin) {
        refuse(role, "no such day");
        return std::nullopt;
    }
    return date;
}

std::string RecordReader::document(Role type, Role number) {
    const std::int64_t kind = this->number(type);
    std::string all = text(number);
    if (kind == 0) return {};
    if (kind > 2) {
        refuse(type, "neither a CPF nor a CNPJ");
        return {};
    }
    const std::size_t length = kind == 1 ? 11 : 14;
    if (all.size() < length) return all;
    return all.substr(all.size() - length);
}

void RecordReader::expect_all(Role role, std::string_view value, std::string_view reason) {
    for (const Field& field : record_.fields) {
        if (field.role != role) continue;
        const std::string_view found = without_leading_zeros(trimmed(columns(field)));
        if (!found.empty() && found != without_leading_zeros(value)) refuse_at(field, reason);
    }
}

void RecordReader::expect_digits() {
    for (const Field& field : record_.fields) {
        if (field.picture.numeric && !is_digits(trimmed(columns(field)))) {
            refuse_at(field, "not digits");
        }
    }
}

void RecordReader::refuse_at(const Field& field, std::string_view reason) {
    if (fault_) return;
    fault_ = Fault{.line = line_number_,
                   .column = field.first,
                   .field = std::string(field.key),
                   .reason = std::string(reason)};
}

void RecordReader::refuse(Role role, std::string reason, std::string expected, std::string found) {
    if (fault_) return;
    const Field* field = record_.field(role);
    fault_ = Fault{.line = line_number_,
                   .column = field == nullptr ? 0 : field->first,
                   .field = field == nullptr ? std::string() : std::string(field->key),
                   .reason = std::move(reason),
                   .expected = std::move(expected),
                   .found = std::move(found)};
}

}  // namespace causeway::connectors::cnab
