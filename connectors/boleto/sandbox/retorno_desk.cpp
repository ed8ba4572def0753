// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/sandbox/retorno_desk.h"

#include "connectors/boleto/cnab/retorno.h"

#include <algorithm>
#include <utility>

namespace causeway::connectors::boleto::sandbox {
namespace {

using cnab::Direction;
using cnab::Field;
using cnab::Layout;
using cnab::RecordKind;
using cnab::Role;

constexpr std::size_t kLineEnd = 2;

const Field* field_in(const Layout& layout, RecordKind kind, Role role) {
    const auto* const record = layout.find(Direction::retorno, kind);
    return record == nullptr ? nullptr : record->field(role);
}

bool has(const Layout& layout, Role role) {
    return field_in(layout, RecordKind::title, role) != nullptr ||
           field_in(layout, RecordKind::settlement, role) != nullptr;
}

std::string cut(const Layout& layout, const std::string& text) {
    const Field* const field = field_in(layout, RecordKind::title, Role::document);
    return text.substr(0, field == nullptr ? 0 : static_cast<std::size_t>(field->length()));
}

cnab::Event event_of(const Layout& layout, const Happening& from) {
    cnab::Event event;
    event.our_number = from.our_number;
    if (has(layout, Role::our_number_digit)) {
        event.our_number_digit = from.digit;
    } else {
        event.our_number += from.digit;
    }
    event.control = from.control;
    event.document = cut(layout, from.document);
    if (has(layout, Role::wallet)) event.wallet = from.wallet;
    event.occurrence = occurrence_of(layout.id, from.kind);
    if (!from.reason.empty()) event.reasons.push_back({.code = from.reason, .text = {}});
    if (has(layout, Role::channel)) {
        event.channel = from.channel;
    } else if (!from.channel.empty()) {
        event.reasons.push_back({.code = from.channel, .text = {}});
    }
    event.title_minor_units = from.face;
    if (has(layout, Role::paid)) event.paid_minor_units = from.paid;
    // What the account is left with: the statement shows the tariffs by themselves.
    if (has(layout, Role::credited)) {
        event.credited_minor_units = std::max<std::int64_t>(0, from.paid - from.tariff);
    }
    event.interest_minor_units = from.interest;
    event.discount_minor_units = from.discount;
    event.abatement_minor_units = from.abatement;
    event.tariff_minor_units = from.tariff;
    event.occurred_on = cnab::Date(from.day);
    if (from.credit_on) event.credit_on = cnab::Date(*from.credit_on);
    if (from.due) event.due_on = cnab::Date(*from.due);
    if (!from.copy_and_paste.empty()) {
        event.pix =
            cnab::PixResult{.copy_and_paste = from.copy_and_paste, .error = {}, .error_text = {}};
    }
    return event;
}

// Where lines begin that are such a record.
std::vector<std::size_t> lines_of(const Layout& layout, const std::string& bytes, RecordKind kind) {
    std::vector<std::size_t> found;
    const auto length = static_cast<std::size_t>(layout.record_length);
    for (std::size_t at = 0; at + length <= bytes.size(); at += length + kLineEnd) {
        const std::string_view line(bytes.data() + at, length);
        const auto* const record = layout.classify(Direction::retorno, line);
        if (record != nullptr && record->kind == kind) found.push_back(at);
    }
    return found;
}

}  // namespace

Result<std::string> write_retorno_of(const HouseConfig& house, const RetornoFile& file) {
    const Layout& layout = cnab::layout_of(house.layout);
    cnab::Retorno retorno;
    retorno.header.layout = house.layout;
    retorno.header.beneficiary = house.beneficiary;
    retorno.header.sequence = file.number;
    retorno.header.generated_on = cnab::Date(file.day);
    retorno.header.credit_on = cnab::Date(file.credit_on);
    for (const Happening& happening : file.happenings) {
        if (occurrence_of(house.layout, happening.kind).empty()) continue;
        retorno.events.push_back(event_of(layout, happening));
    }
    return cnab::write_retorno(retorno);
}

std::string with_wrong_count(const HouseConfig& house, std::string bytes) {
    constexpr std::pair<RecordKind, Role> kCounts[] = {
        {RecordKind::trailer, Role::title_count},
        {RecordKind::trailer, Role::count_06},
        {RecordKind::trailer, Role::file_records},
    };
    const Layout& layout = cnab::layout_of(house.layout);
    for (const auto& [kind, role] : kCounts) {
        const Field* const field = field_in(layout, kind, role);
        if (field == nullptr) continue;
        char& digit =
            bytes[lines_of(layout, bytes, kind).back() + static_cast<std::size_t>(field->last - 1)];
        digit = digit == '9' ? '0' : static_cast<char>(digit + 1);
        break;
    }
    return bytes;
}

std::string with_bad_line(const HouseConfig& house, std::string bytes) {
    const Layout& layout = cnab::layout_of(house.layout);
    const auto titles = lines_of(layout, bytes, RecordKind::title);
    const Field* const amount = field_in(layout, RecordKind::title, Role::title_amount);
    if (titles.empty() || amount == nullptr) return bytes;
    const std::size_t at = titles[titles.size() / 2] + static_cast<std::size_t>(amount->first - 1);
    return bytes.replace(at, 3, "ABC");
}

}  // namespace causeway::connectors::boleto::sandbox
