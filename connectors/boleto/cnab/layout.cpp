// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/cnab/layout.h"

namespace causeway::connectors::cnab {
namespace {

std::string_view columns(std::string_view line, const Field& field) {
    return line.substr(static_cast<std::size_t>(field.first - 1),
                       static_cast<std::size_t>(field.length()));
}

bool has_fixed(const RecordLayout& record, Role role, std::string_view line) {
    const Field* field = record.field(role);
    return field == nullptr || columns(line, *field) == field->fixed;
}

}  // namespace

const RecordLayout* Layout::find(Direction direction, RecordKind kind) const noexcept {
    for (const RecordLayout& record : records) {
        if (record.kind == kind && record.serves(direction)) return &record;
    }
    return nullptr;
}

const RecordLayout* Layout::classify(Direction direction, std::string_view line) const noexcept {
    for (const RecordLayout& record : records) {
        if (record.serves(direction) && has_fixed(record, Role::record_type, line) &&
            has_fixed(record, Role::segment, line)) {
            return &record;
        }
    }
    return nullptr;
}

const Layout& layout_of(LayoutId id) noexcept {
    switch (id) {
        case LayoutId::bradesco400: return bradesco400();
        case LayoutId::bb240: return bb240();
        case LayoutId::itau400: break;
    }
    return itau400();
}

const Layout* find_layout(std::string_view name) noexcept {
    for (const Layout* layout : {&itau400(), &bradesco400(), &bb240()}) {
        if (layout->name == name) return layout;
    }
    return nullptr;
}

}  // namespace causeway::connectors::cnab
