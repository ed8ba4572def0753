// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/cnab/record.h"
#include "connectors/boleto/cnab/text.h"

#include <algorithm>

namespace causeway::connectors::cnab {
namespace {

std::string digits_of(unsigned value, std::size_t length) {
    std::string text = std::to_string(value);
    if (text.size() < length) text.insert(0, length - text.size(), '0');
    return text;
}

// What a layout may lack, as we call it.
std::string_view name_of(Role role) {
    switch (role) {
        case Role::our_number_digit: return "digit of the nosso número";
        case Role::wallet: return "wallet";
        case Role::channel: return "channel";
        case Role::days: return "number of days";
        case Role::first_instruction:
        case Role::second_instruction: return "instruction code";
        case Role::interest_on: return "first day of interest";
        case Role::fine_on: return "first day of a fine";
        case Role::paid: return "amount paid";
        case Role::credited: return "amount credited";
        case Role::other_expenses: return "other expenses";
        case Role::operation_interest: return "interest of an operation";
        case Role::pix_key:
        case Role::pix_location:
        case Role::pix_code:
        case Role::pix_error: return "Pix";
        default: return "value";
    }
}

bool is_upper_alphanumeric(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
    });
}

}  // namespace

RecordWriter::RecordWriter(const RecordLayout& record, int length, int line_number)
    : record_(record), line_(static_cast<std::size_t>(length), ' '), line_number_(line_number) {
    for (const Field& field : record.fields) {
        if (field.picture.numeric || !field.fixed.empty()) place(field, field.fixed);
    }
}

std::string_view RecordWriter::fixed(Role role) const noexcept {
    const Field* field = record_.field(role);
    return field == nullptr ? std::string_view{} : field->fixed;
}

void RecordWriter::name(Role role, std::string_view text) {
    std::string ascii = to_cnab(trimmed(text));
    const Field* field = field_for(role, ascii.empty());
    if (field == nullptr) return;
    const auto length = static_cast<std::size_t>(field->length());
    if (ascii.size() > length) ascii.resize(length);
    put(*field, ascii);
}

void RecordWriter::exact(Role role, std::string_view text) {
    const Field* field = field_for(role, text.empty());
    if (field == nullptr) return;
    if (!is_printable_ascii(text)) return refuse(role, "not printable ASCII");
    if (trimmed(text).size() != text.size()) return refuse(role, "blanks at an end would be lost");
    put(*field, text);
}

void RecordWriter::code(Role role, std::string_view text) {
    if (!text.empty()) exact(role, text);
}

void RecordWriter::padded(Role role, std::string_view text) {
    const Field* field = field_for(role, text.empty());
    if (field == nullptr) return;
    if (!is_upper_alphanumeric(text)) return refuse(role, "not digits or capital letters");
    const auto length = static_cast<std::size_t>(field->length());
    if (text.size() > length) text = without_leading_zeros(text);
    if (text.size() > length) return refuse(role, "too long");
    put(*field, std::string(length - text.size(), '0') + std::string(text));
}

void RecordWriter::number(Role role, std::int64_t value) {
    if (value < 0) return refuse(role, "negative");
    const Field* field = field_for(role, value == 0);
    if (field == nullptr) return;
    padded(role, std::to_string(value));
}

void RecordWriter::date(Role role, const std::optional<Date>& date) {
    const Field* field = field_for(role, !date);
    if (field == nullptr || !date) return;
    if (!date->ok()) return refuse(role, "no such day");
    const int year = static_cast<int>(date->year());
    const bool short_year = field->length() == 6;
    if (short_year ? year < 1970 || year > 2069 : year < 1900 || year > 9999) {
        return refuse(role, "a year that the field can not hold");
    }
    put(*field,
        digits_of(static_cast<unsigned>(date->day()), 2) +
            digits_of(static_cast<unsigned>(date->month()), 2) +
            digits_of(static_cast<unsigned>(short_year ? year % 100 : year), short_year ? 2 : 4));
}

void RecordWriter::document(Role type, Role number, std::string_view text) {
    if (text.empty()) return;
    if (text.size() != 11 && text.size() != 14) return refuse(number, "neither a CPF nor a CNPJ");
    this->number(type, text.size() == 11 ? 1 : 2);
    padded(number, text);
}

void RecordWriter::refuse(Role role, std::string reason) {
    if (fault_) return;
    const Field* field = record_.field(role);
    fault_ = Fault{.line = line_number_,
                   .column = field == nullptr ? 0 : field->first,
                   .field = field == nullptr ? std::string() : std::string(field->key),
                   .reason = std::move(reason)};
}

const Field* RecordWriter::field_for(Role role, bool empty) {
    const Field* field = record_.field(role);
    if (field == nullptr && !empty) {
        refuse(role, "this layout has no field for: " + std::string(name_of(role)));
    }
    return field;
}

void RecordWriter::put(const Field& field, std::string_view text) {
    if (text.size() > static_cast<std::size_t>(field.length())) {
        return refuse(field.role, "too long");
    }
    // The copies of a nosso número all get it.
    for (const Field& other : record_.fields) {
        if (other.role == field.role) place(other, text);
    }
}

void RecordWriter::place(const Field& field, std::string_view text) {
    const auto first = static_cast<std::size_t>(field.first - 1);
    const auto length = static_cast<std::size_t>(field.length());
    std::string columns(text);
    if (field.picture.numeric) columns.insert(0, length - text.size(), '0');
    columns.resize(length, ' ');
    line_.replace(first, length, columns);
}

}  // namespace causeway::connectors::cnab
