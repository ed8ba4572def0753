// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/cnab/charges.h"
#include "connectors/boleto/cnab/codes.h"
#include "connectors/boleto/cnab/header_fields.h"
#include "connectors/boleto/cnab/line_source.h"
#include "connectors/boleto/cnab/record_group.h"
#include "connectors/boleto/cnab/remessa.h"
#include "connectors/boleto/cnab/skeleton.h"
#include "connectors/boleto/cnab/text.h"

namespace causeway::connectors::cnab {
namespace {

using Group = RecordGroup<RecordReader>;

void read_identity(Group& group, const Layout& layout, Instruction& instruction) {
    RecordReader& title = group.at(Role::our_number);
    const std::string code = title.text(Role::occurrence);
    if (const auto command = command_of(codes_of(layout.id), code)) {
        instruction.command = *command;
    } else {
        title.refuse(Role::occurrence, "no command that we know", {}, code);
    }
    instruction.control = title.text(Role::control);
    instruction.document = title.text(Role::document);
    if (layout.pads_documents && is_digits(instruction.document)) {
        instruction.document = title.short_text(Role::document);
    }
    instruction.our_number = title.text(Role::our_number);
    instruction.our_number_digit = title.text(Role::our_number_digit);
}

void read_terms(Group& group, Instruction& instruction) {
    RecordReader& title = group.at(Role::title_amount);
    instruction.amount_minor_units = title.number(Role::title_amount);
    instruction.abatement_minor_units = title.number(Role::abatement);
    instruction.due_on = title.date(Role::due_on);
    instruction.issued_on = title.date(Role::issued_on);
    instruction.kind = title.text(Role::kind);
    instruction.first_instruction = title.text(Role::first_instruction);
    instruction.second_instruction = title.text(Role::second_instruction);
    instruction.days = static_cast<int>(title.number(Role::days));
}

void read_payer(Group& group, Instruction& instruction) {
    RecordReader& record = group.at(Role::payer_name);
    Payer& payer = instruction.payer;
    payer.document = record.document(Role::payer_document_type, Role::payer_document);
    payer.name = record.text(Role::payer_name);
    payer.street = record.text(Role::payer_street);
    payer.district = record.text(Role::payer_district);
    payer.postal_code = record.text(Role::postal_code) + record.text(Role::postal_code_suffix);
    if (without_leading_zeros(payer.postal_code).empty()) payer.postal_code.clear();
    payer.city = record.text(Role::payer_city);
    payer.state = record.text(Role::payer_state);
    instruction.guarantor_name = record.text(Role::guarantor_name);
}

Instruction read_title(Group& group, const Layout& layout, Beneficiary& beneficiary) {
    Instruction instruction;
    read_identity(group, layout, instruction);
    read_terms(group, instruction);
    read_charges(group, layout, instruction);
    if (group.has(Role::payer_name)) read_payer(group, instruction);
    instruction.pix_key = group.at(Role::pix_key).text(Role::pix_key);
    instruction.pix_location = group.at(Role::pix_location).short_text(Role::pix_location);
    for (RecordReader& record : group.all())
        read_beneficiary(record, beneficiary);
    return instruction;
}

// Collects the lines of a title until the next one begins.
class Collector {
  public:
    explicit Collector(const Layout& layout)
        : layout_(layout), skeleton_(layout, Direction::remessa) {
        remessa_.layout = layout.id;
    }

    Result<Remessa> read(std::string_view bytes) {
        LineSource source;
        const auto take = [this](std::string_view line) { return take_line(line); };
        if (source.feed(bytes, take)) source.finish(take);
        skeleton_.finish();
        if (skeleton_.error()) {
            return Error(ErrorCode::invalid_argument, to_text(*skeleton_.error()));
        }
        remessa_.sequence = skeleton_.header().sequence;
        remessa_.generated_on = skeleton_.header().generated_on;
        remessa_.generated_at_hhmmss = skeleton_.header().generated_at_hhmmss;
        return remessa_;
    }

  private:
    bool take_line(std::string_view line) {
        switch (skeleton_.take(line)) {
            case Skeleton::Step::skip: return end_title();
            case Skeleton::Step::header:
                remessa_.beneficiary = skeleton_.header().beneficiary;
                return true;
            case Skeleton::Step::trailer: return end_title();
            case Skeleton::Step::detail: return take_detail(line);
            case Skeleton::Step::broken: skeleton_.note(skeleton_.row_error()); return false;
            case Skeleton::Step::refuse: break;
        }
        return false;
    }

    bool take_detail(std::string_view line) {
        const bool first = skeleton_.record().kind == RecordKind::title;
        if (first && !end_title()) return false;
        if (!first && kept_.empty()) {
            skeleton_.note(
                {.line = skeleton_.lines(), .reason = "part of a title that is missing"});
            return false;
        }
        kept_.push_back({&skeleton_.record(), std::string(line), skeleton_.lines()});
        return true;
    }

    bool end_title() {
        if (kept_.empty()) return true;
        Group group;
        for (const Kept& kept : kept_)
            group.add({*kept.record, kept.line, kept.number});
        remessa_.instructions.push_back(read_title(group, layout_, remessa_.beneficiary));
        const auto fault = group.fault();
        kept_.clear();
        if (fault) {
            skeleton_.note(*fault);
            return false;
        }
        return true;
    }

    struct Kept {
        const RecordLayout* record;
        std::string line;
        int number;
    };

    const Layout& layout_;
    Skeleton skeleton_;
    Remessa remessa_;
    std::vector<Kept> kept_;
};

}  // namespace

Result<Remessa> read_remessa(const Layout& layout, std::string_view bytes) {
    return Collector(layout).read(bytes);
}

}  // namespace causeway::connectors::cnab
