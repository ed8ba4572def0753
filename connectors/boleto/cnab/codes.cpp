// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/cnab/codes.h"

namespace causeway::connectors::cnab {

std::string_view to_string(EventClass event_class) noexcept {
    switch (event_class) {
        case EventClass::registered: return "registered";
        case EventClass::rejected: return "rejected";
        case EventClass::paid: return "paid";
        case EventClass::paid_by_pix: return "paid_by_pix";
        case EventClass::written_off: return "written_off";
        case EventClass::changed: return "changed";
        case EventClass::protest: return "protest";
        case EventClass::fee: return "fee";
        case EventClass::info: return "info";
        case EventClass::pending: return "pending";
        case EventClass::reversed: return "reversed";
        case EventClass::unmatched: return "unmatched";
        case EventClass::unknown: break;
    }
    return "unknown";
}

const Codes& codes_of(LayoutId id) noexcept {
    switch (id) {
        case LayoutId::bradesco400: return bradesco400_codes();
        case LayoutId::bb240: return bb240_codes();
        case LayoutId::itau400: break;
    }
    return itau400_codes();
}

const Occurrence* find_occurrence(const Codes& codes, std::string_view code) noexcept {
    for (const Occurrence& occurrence : codes.occurrences) {
        if (occurrence.code == code) return &occurrence;
    }
    return nullptr;
}

std::string_view text_of(std::span<const CodeText> table, std::string_view code) noexcept {
    for (const CodeText& row : table) {
        if (row.code == code) return row.text;
    }
    return {};
}

std::string_view code_of(const Codes& codes, Command command) noexcept {
    for (const CommandCode& row : codes.commands) {
        if (row.command == command) return row.code;
    }
    return {};
}

std::optional<Command> command_of(const Codes& codes, std::string_view code) noexcept {
    for (const CommandCode& row : codes.commands) {
        if (row.code == code) return row.command;
    }
    return std::nullopt;
}

}  // namespace causeway::connectors::cnab
