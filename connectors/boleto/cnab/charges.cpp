// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/cnab/charges.h"

#include "connectors/boleto/cnab/text.h"

namespace causeway::connectors::cnab {
namespace {

// Where a layout keeps one of the three, and how it tells an amount from a percentage.
struct Place {
    Role kind;
    Role value;
    Role on;
    std::string_view codes;
};

Place fine_in(const Layout& layout) {
    return {Role::fine_kind, Role::fine, Role::fine_on, layout.fine_codes};
}
Place interest_in(const Layout& layout) {
    return {Role::interest_kind, Role::interest, Role::interest_on, layout.interest_codes};
}
Place discount_in(const Layout& layout) {
    return {Role::discount_kind, Role::discount, Role::discount_on, layout.discount_codes};
}

void write_charge(RecordGroup<RecordWriter>& group,
                  const Place& place,
                  const std::optional<Charge>& charge) {
    if (!charge) return;
    RecordWriter& record = group.at(place.value);
    if (charge->value <= 0) return record.refuse(place.value, "a charge of nothing");
    const bool percent = charge->basis == Charge::Basis::percent;
    if (place.codes.empty()) {
        if (percent) return record.refuse(place.value, "this bank takes an amount here");
    } else {
        const std::string_view code = place.codes.substr(percent ? 1 : 0, 1);
        if (code == " ") return record.refuse(place.value, "this bank takes a percentage here");
        group.at(place.kind).code(place.kind, code);
    }
    record.number(place.value, charge->value);
    group.at(place.on).date(place.on, charge->on);
}

std::optional<Charge> read_charge(RecordGroup<RecordReader>& group, const Place& place) {
    Charge charge{.value = group.at(place.value).number(place.value),
                  .on = group.at(place.on).date(place.on)};
    if (charge.value == 0) return std::nullopt;
    if (place.codes.empty()) return charge;
    RecordReader& record = group.at(place.kind);
    const std::string_view code = record.raw(place.kind);
    const auto found = trimmed(code).empty() ? std::string_view::npos : place.codes.find(code);
    if (found == std::string_view::npos) {
        record.refuse(place.kind, "neither an amount nor a percentage");
        return std::nullopt;
    }
    charge.basis = found == 0 ? Charge::Basis::amount : Charge::Basis::percent;
    return charge;
}

}  // namespace

void write_charges(RecordGroup<RecordWriter>& group,
                   const Layout& layout,
                   const Instruction& instruction) {
    std::optional<Charge> fine = instruction.fine;
    // The day is not optional where there is a column for it.
    if (fine && !fine->on && group.has(Role::fine_on)) fine->on = instruction.due_on;
    write_charge(group, fine_in(layout), fine);
    write_charge(group, interest_in(layout), instruction.interest);
    write_charge(group, discount_in(layout), instruction.discount);
}

void read_charges(RecordGroup<RecordReader>& group,
                  const Layout& layout,
                  Instruction& instruction) {
    if (group.has(Role::fine)) instruction.fine = read_charge(group, fine_in(layout));
    instruction.interest = read_charge(group, interest_in(layout));
    instruction.discount = read_charge(group, discount_in(layout));
}

}  // namespace causeway::connectors::cnab
