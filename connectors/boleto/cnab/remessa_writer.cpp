// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/cnab/charges.h"
#include "connectors/boleto/cnab/codes.h"
#include "connectors/boleto/cnab/header_fields.h"
#include "connectors/boleto/cnab/line_builder.h"
#include "connectors/boleto/cnab/remessa.h"
#include "connectors/boleto/cnab/text.h"

namespace causeway::connectors::cnab {
namespace {

using Group = RecordGroup<RecordWriter>;

void write_identity(Group& group, const Layout& layout, const Instruction& instruction) {
    RecordWriter& title = group.at(Role::our_number);
    title.exact(Role::control, instruction.control);
    if (layout.pads_documents && is_digits(instruction.document) && !instruction.document.empty()) {
        if (instruction.document.front() == '0') {
            title.refuse(Role::document, "zeros in front would be lost");
        }
        title.padded(Role::document, instruction.document);
    } else {
        title.exact(Role::document, instruction.document);
    }
    title.exact(Role::our_number, instruction.our_number);
    title.code(Role::our_number_digit, instruction.our_number_digit);
}

void write_terms(Group& group, const Instruction& instruction) {
    RecordWriter& title = group.at(Role::title_amount);
    title.number(Role::title_amount, instruction.amount_minor_units);
    title.number(Role::abatement, instruction.abatement_minor_units);
    title.date(Role::due_on, instruction.due_on);
    title.date(Role::issued_on, instruction.issued_on);
    title.code(Role::kind, instruction.kind);
    title.code(Role::first_instruction, instruction.first_instruction);
    title.code(Role::second_instruction, instruction.second_instruction);
    title.number(Role::days, instruction.days);
    if (title.has(Role::protest_kind) && instruction.days > 0) title.code(Role::protest_kind, "1");
}

void write_payer(Group& group, const Payer& payer, std::string_view guarantor) {
    RecordWriter& record = group.at(Role::payer_name);
    record.document(Role::payer_document_type, Role::payer_document, payer.document);
    record.name(Role::payer_name, payer.name);
    record.name(Role::payer_street, payer.street);
    record.name(Role::guarantor_name, guarantor);
    if (!payer.postal_code.empty()) {
        if (payer.postal_code.size() != 8 || !is_digits(payer.postal_code)) {
            return record.refuse(Role::postal_code, "not eight digits");
        }
        record.padded(Role::postal_code, std::string_view(payer.postal_code).substr(0, 5));
        record.padded(Role::postal_code_suffix, std::string_view(payer.postal_code).substr(5));
    }
    // Bradesco finds the place by the postal code.
    if (!record.has(Role::payer_city)) return;
    record.name(Role::payer_district, payer.district);
    record.name(Role::payer_city, payer.city);
    record.exact(Role::payer_state, payer.state);
}

// Which lines the title takes, besides its first.
std::vector<RecordKind> further_records(const Layout& layout, const Instruction& instruction) {
    std::vector<RecordKind> kinds;
    const auto has = [&layout](RecordKind kind) {
        return layout.find(Direction::remessa, kind) != nullptr;
    };
    if (has(RecordKind::payer)) kinds.push_back(RecordKind::payer);
    if (has(RecordKind::terms)) kinds.push_back(RecordKind::terms);
    if (has(RecordKind::fine) && instruction.fine) kinds.push_back(RecordKind::fine);
    const bool pix = !instruction.pix_key.empty() || !instruction.pix_location.empty();
    if (has(RecordKind::pix) && pix) kinds.push_back(RecordKind::pix);
    return kinds;
}

void check(Group& group, const Instruction& instruction, std::string_view code) {
    RecordWriter& title = group.at(Role::our_number);
    const bool pix = !instruction.pix_key.empty() || !instruction.pix_location.empty();
    if (code.empty()) title.refuse(Role::occurrence, "this bank takes no such command");
    if (pix != (instruction.command == Command::register_with_pix)) {
        title.refuse(Role::occurrence, "a Pix key or location goes with register_with_pix alone");
    }
    if (instruction.command == Command::change_fine && !instruction.fine) {
        title.refuse(Role::occurrence, "a change of the fine without a fine");
    }
}

Group title_records(const LineBuilder& lines,
                    const Layout& layout,
                    const Remessa& remessa,
                    const Instruction& instruction) {
    Group group;
    group.add(lines.record(RecordKind::title, 0));
    int ahead = 0;
    for (const RecordKind kind : further_records(layout, instruction)) {
        group.add(lines.record(kind, ++ahead));
    }
    const std::string_view code = code_of(codes_of(layout.id), instruction.command);
    for (RecordWriter& record : group.all()) {
        write_beneficiary(record, remessa.beneficiary);
        if (record.has(Role::occurrence)) record.code(Role::occurrence, code);
    }
    check(group, instruction, code);
    write_identity(group, layout, instruction);
    write_terms(group, instruction);
    write_charges(group, layout, instruction);
    write_payer(group, instruction.payer, instruction.guarantor_name);
    group.at(Role::pix_key).exact(Role::pix_key, instruction.pix_key);
    group.at(Role::pix_location).padded(Role::pix_location, instruction.pix_location);
    return group;
}

}  // namespace

Result<std::string> write_remessa(const Remessa& remessa) {
    const Layout& layout = layout_of(remessa.layout);
    LineBuilder lines(layout, Direction::remessa);
    lines.open(FileHeader{.layout = remessa.layout,
                          .beneficiary = remessa.beneficiary,
                          .sequence = remessa.sequence,
                          .generated_on = remessa.generated_on,
                          .generated_at_hhmmss = remessa.generated_at_hhmmss});
    for (const Instruction& instruction : remessa.instructions) {
        Group title = title_records(lines, layout, remessa, instruction);
        lines.add(title);
    }
    lines.close([](RecordWriter&) {});
    return lines.finish();
}

}  // namespace causeway::connectors::cnab
