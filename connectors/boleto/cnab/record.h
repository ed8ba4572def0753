// SPDX-License-Identifier: Apache-2.0
//
// One line, by the roles of its fields. Both classes remember the first fault and go on, so that
// the code that fills or reads a record is a plain list; whoever uses the result asks for the
// fault first.
//
// Decided for all layouts, because the manuals are silent: a numeric field that is all blank reads
// as zero, a date of blanks or zeros as none, and of two-digit years 00-69 are 20xx.
#pragma once

#include "connectors/boleto/cnab/fault.h"
#include "connectors/boleto/cnab/instruction.h"
#include "connectors/boleto/cnab/layout.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace causeway::connectors::cnab {

/// Lifetime: the line must outlive the reader.
class RecordReader {
  public:
    /// Requires `line` to have the layout's length.
    RecordReader(const RecordLayout& record, std::string_view line, int line_number)
        : record_(record), line_(line), line_number_(line_number) {}

    [[nodiscard]] bool has(Role role) const noexcept { return record_.field(role) != nullptr; }

    /// The columns as they are; empty when the record has no such role.
    [[nodiscard]] std::string_view raw(Role role) const noexcept;

    /// UTF-8 without blanks at the ends. A control character is a fault.
    [[nodiscard]] std::string text(Role role);
    /// The same, without leading zeros.
    [[nodiscard]] std::string short_text(Role role);

    /// The digits of a number that is no amount (a branch, an account), without leading zeros;
    /// empty when blank. Anything else is a fault.
    [[nodiscard]] std::string short_digits(Role role);

    /// Zero when the record has no such role. Anything but digits is a fault.
    [[nodiscard]] std::int64_t number(Role role);
    [[nodiscard]] std::optional<Date> date(Role role);

    /// A CPF or CNPJ by its type code, 1 or 2; empty for type 0.
    [[nodiscard]] std::string document(Role type, Role number);

    /// Every field of `role` that is filled must say `value`; zeros in front do not count.
    void expect_all(Role role, std::string_view value, std::string_view reason);
    /// Every numeric field of the record must be digits or blank, whether it has a role or not.
    void expect_digits();

    void refuse(Role role, std::string reason, std::string expected = {}, std::string found = {});

    [[nodiscard]] const std::optional<Fault>& fault() const noexcept { return fault_; }

  private:
    [[nodiscard]] std::string_view columns(const Field& field) const noexcept;
    void refuse_at(const Field& field, std::string_view reason);

    const RecordLayout& record_;
    std::string_view line_;
    int line_number_;
    std::optional<Fault> fault_;
};

class RecordWriter {
  public:
    /// Starts with every field as its table says.
    RecordWriter(const RecordLayout& record, int length, int line_number);

    [[nodiscard]] bool has(Role role) const noexcept { return record_.field(role) != nullptr; }

    /// What the table says of the field; empty when there is none.
    [[nodiscard]] std::string_view fixed(Role role) const noexcept;

    // Each of these refuses a value that the record has no field for, unless it is empty or zero,
    // and one that does not fit; only `name` cuts.

    /// A person's name or address: upper-case ASCII, cut to the field.
    void name(Role role, std::string_view text);
    /// A text that must come back as it is: printable ASCII without blanks at the ends.
    void exact(Role role, std::string_view text);
    /// A code; empty leaves what the table says.
    void code(Role role, std::string_view text);
    /// Digits, or the letters of a new CNPJ, at the right end with zeros in front.
    void padded(Role role, std::string_view text);
    void number(Role role, std::int64_t value);
    void date(Role role, const std::optional<Date>& date);
    void document(Role type, Role number, std::string_view text);

    void refuse(Role role, std::string reason);

    [[nodiscard]] const std::optional<Fault>& fault() const noexcept { return fault_; }
    [[nodiscard]] const std::string& line() const noexcept { return line_; }

  private:
    const Field* field_for(Role role, bool empty);
    void place(const Field& field, std::string_view text);
    void put(const Field& field, std::string_view text);

    const RecordLayout& record_;
    std::string line_;
    int line_number_;
    std::optional<Fault> fault_;
};

}  // namespace causeway::connectors::cnab
