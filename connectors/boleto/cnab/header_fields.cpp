// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/cnab/header_fields.h"

#include "connectors/boleto/cnab/text.h"

namespace causeway::connectors::cnab {
namespace {

// A number that we know without leading zeros.
void read_short(RecordReader& record, Role role, std::string& value) {
    if (record.has(role)) value = record.short_digits(role);
}

void read_text(RecordReader& record, Role role, std::string& value) {
    if (record.has(role)) value = record.text(role);
}

constexpr std::string_view kServiceLiteral = "COBRANCA";

bool is_time(std::int64_t hhmmss) {
    return hhmmss / 10'000 < 24 && hhmmss / 100 % 100 < 60 && hhmmss % 100 < 60;
}

void write_padded(RecordWriter& record, Role role, std::string_view value) {
    if (record.has(role)) record.padded(role, value);
}

void write_code(RecordWriter& record, Role role, std::string_view value) {
    if (record.has(role)) record.code(role, value);
}

}  // namespace

void write_beneficiary(RecordWriter& record, const Beneficiary& beneficiary) {
    if (record.has(Role::beneficiary_name)) record.name(Role::beneficiary_name, beneficiary.name);
    if (record.has(Role::beneficiary_document)) {
        record.document(
            Role::beneficiary_document_type, Role::beneficiary_document, beneficiary.document);
    }
    write_padded(record, Role::company_code, beneficiary.company_code);
    write_padded(record, Role::agreement, beneficiary.agreement);
    write_padded(record, Role::wallet, beneficiary.wallet);
    write_padded(record, Role::wallet_variation, beneficiary.wallet_variation);
    write_padded(record, Role::branch, beneficiary.branch);
    write_code(record, Role::branch_digit, beneficiary.branch_digit);
    write_padded(record, Role::account, beneficiary.account);
    write_code(record, Role::account_digit, beneficiary.account_digit);
}

void read_beneficiary(RecordReader& record, Beneficiary& beneficiary) {
    read_text(record, Role::beneficiary_name, beneficiary.name);
    if (record.has(Role::beneficiary_document)) {
        beneficiary.document =
            record.document(Role::beneficiary_document_type, Role::beneficiary_document);
    }
    read_short(record, Role::company_code, beneficiary.company_code);
    read_short(record, Role::agreement, beneficiary.agreement);
    read_short(record, Role::wallet, beneficiary.wallet);
    read_short(record, Role::wallet_variation, beneficiary.wallet_variation);
    read_short(record, Role::branch, beneficiary.branch);
    read_text(record, Role::branch_digit, beneficiary.branch_digit);
    read_short(record, Role::account, beneficiary.account);
    read_text(record, Role::account_digit, beneficiary.account_digit);
}

void write_header(RecordWriter& record, const FileHeader& header, Direction direction) {
    write_beneficiary(record, header.beneficiary);
    write_code(record, Role::direction, direction_code(direction));
    write_code(record, Role::operation, operation_code(direction));
    if (record.has(Role::file_sequence)) record.number(Role::file_sequence, header.sequence);
    if (record.has(Role::generated_on)) record.date(Role::generated_on, header.generated_on);
    if (record.has(Role::generated_at)) {
        if (!is_time(header.generated_at_hhmmss)) record.refuse(Role::generated_at, "no such time");
        record.number(Role::generated_at, header.generated_at_hhmmss);
    }
    if (record.has(Role::file_credit_on)) record.date(Role::file_credit_on, header.credit_on);
}

void read_header(RecordReader& record, FileHeader& header) {
    read_beneficiary(record, header.beneficiary);
    if (record.has(Role::file_sequence)) header.sequence = record.number(Role::file_sequence);
    if (record.has(Role::generated_on)) header.generated_on = record.date(Role::generated_on);
    if (record.has(Role::generated_at)) {
        header.generated_at_hhmmss = static_cast<int>(record.number(Role::generated_at));
        if (!is_time(header.generated_at_hhmmss)) record.refuse(Role::generated_at, "no such time");
    }
    if (record.has(Role::file_credit_on)) header.credit_on = record.date(Role::file_credit_on);
}

void check_header(RecordReader& record, const Layout& layout, Direction direction) {
    if (record.raw(Role::bank_code) != layout.bank) {
        record.refuse(Role::bank_code,
                      "another bank",
                      std::string(layout.bank),
                      from_latin1(record.raw(Role::bank_code)));
    }
    if (record.has(Role::direction) && record.raw(Role::direction) != direction_code(direction)) {
        record.refuse(Role::direction,
                      direction == Direction::retorno ? "not a retorno" : "not a remessa",
                      std::string(direction_code(direction)),
                      from_latin1(record.raw(Role::direction)));
    }
    const std::string_view literal = direction == Direction::retorno ? "RETORNO" : "REMESSA";
    if (record.has(Role::literal) && record.raw(Role::literal) != literal) {
        record.refuse(Role::literal, "another kind of file", std::string(literal));
    }
    if (record.has(Role::service) && record.raw(Role::service) != kCollectionService) {
        record.refuse(Role::service, "not a file of collection", std::string(kCollectionService));
    }
    // Some write it with its cedilla.
    if (record.has(Role::service_literal) &&
        to_cnab(trimmed(record.raw(Role::service_literal))) != kServiceLiteral) {
        record.refuse(
            Role::service_literal, "not a file of collection", std::string(kServiceLiteral));
    }
}

void check_account(RecordReader& record, const Beneficiary& header) {
    const auto compare = [&record](Role role, const std::string& expected) {
        const std::string found = record.short_digits(role);
        if (!found.empty() && !expected.empty() && found != expected) {
            record.refuse(role, "not the account of the header");
        }
    };
    compare(Role::branch, header.branch);
    compare(Role::account, header.account);
    static_cast<void>(record.short_digits(Role::wallet));
}

std::string_view direction_code(Direction direction) noexcept {
    return direction == Direction::remessa ? "1" : "2";
}

std::string_view operation_code(Direction direction) noexcept {
    return direction == Direction::remessa ? "R" : "T";
}

std::optional<Fault> length_fault(const Layout& layout, std::string_view line, int line_number) {
    const auto length = static_cast<std::size_t>(layout.record_length);
    if (line.size() == length) return std::nullopt;
    Fault fault{.line = line_number,
                .reason = "wrong length for " + std::string(layout.name),
                .expected = std::to_string(length) + " bytes",
                .found = std::to_string(line.size())};
    if (is_reencoded(line, layout.record_length)) {
        fault.reason = "re-encoded as UTF-8: right in characters, but its columns have moved";
    }
    return fault;
}

void write_sequence(RecordWriter& record, int batch, int sequence) {
    if (record.has(Role::batch)) record.number(Role::batch, batch);
    if (record.has(Role::line_sequence)) record.number(Role::line_sequence, sequence);
}

}  // namespace causeway::connectors::cnab
