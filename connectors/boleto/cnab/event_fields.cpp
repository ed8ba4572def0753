// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/cnab/event_fields.h"

#include "connectors/boleto/cnab/codes.h"
#include "connectors/boleto/cnab/our_number_check.h"
#include "connectors/boleto/cnab/text.h"

#include <algorithm>
#include <array>

namespace causeway::connectors::cnab {
namespace {

struct AmountRole {
    Role role;
    std::int64_t Event::*amount;
};

constexpr AmountRole kAmounts[] = {
    {Role::title_amount, &Event::title_minor_units},
    {Role::interest, &Event::interest_minor_units},
    {Role::operation_interest, &Event::operation_interest_minor_units},
    {Role::discount, &Event::discount_minor_units},
    {Role::abatement, &Event::abatement_minor_units},
    {Role::tax, &Event::tax_minor_units},
    {Role::tariff, &Event::tariff_minor_units},
    {Role::other_expenses, &Event::other_expenses_minor_units},
    {Role::other_credits, &Event::other_credits_minor_units},
};

struct DateRole {
    Role role;
    std::optional<Date> Event::*date;
};

constexpr DateRole kDates[] = {
    {Role::occurred_on, &Event::occurred_on},
    {Role::credit_on, &Event::credit_on},
    {Role::due_on, &Event::due_on},
};

std::size_t reason_length(const Layout& layout, std::string_view occurrence) {
    const Occurrence* const known = find_occurrence(codes_of(layout.id), occurrence);
    return known == nullptr ? kReasonLength : known->reason_length;
}

bool is_no_code(std::string_view code) {
    return trimmed(code).empty() || without_leading_zeros(code).empty();
}

// A code that is blank or zeros says nothing, wherever it stands.
void read_reasons(RecordReader& record, const Layout& layout, Event& event) {
    std::string_view codes = record.raw(Role::reasons);
    if (has_control_characters(codes)) return record.refuse(Role::reasons, "a control character");
    const std::size_t length = reason_length(layout, event.occurrence);
    for (; codes.size() >= length; codes.remove_prefix(length)) {
        const std::string_view code = codes.substr(0, length);
        if (code.front() == ' ' && !trimmed(code).empty()) {
            return record.refuse(Role::reasons, "a code that begins with a blank");
        }
        if (!is_no_code(code)) event.reasons.push_back({.code = from_latin1(code), .text = {}});
    }
}

void read_identity(RecordReader& record, const Layout& layout, Event& event) {
    if (!record.has(Role::our_number)) return;
    event.our_number = record.text(Role::our_number);
    event.our_number_digit = record.text(Role::our_number_digit);
    event.control = record.text(Role::control);
    event.document = record.text(Role::document);
    if (layout.pads_documents && is_digits(event.document)) {
        event.document = record.short_text(Role::document);
    }
    event.wallet = record.short_text(Role::wallet);
    event.occurrence = record.text(Role::occurrence);
    if (event.occurrence.size() != 2 || !is_digits(event.occurrence)) {
        record.refuse(Role::occurrence, "not a code");
    }
    check_our_number(record, layout, event);
    read_reasons(record, layout, event);
    event.channel = record.text(Role::channel);
    if (is_no_code(event.channel)) event.channel.clear();
}

void read_settlement(RecordReader& record, Event& event) {
    for (const AmountRole& row : kAmounts) {
        if (record.has(row.role)) event.*row.amount = record.number(row.role);
    }
    if (record.has(Role::paid)) event.paid_minor_units = record.number(Role::paid);
    if (record.has(Role::credited)) event.credited_minor_units = record.number(Role::credited);
    for (const DateRole& row : kDates) {
        if (record.has(row.role)) event.*row.date = record.date(row.role);
    }
}

bool is_pix(const RecordReader& record) {
    return record.has(Role::pix_code) || record.has(Role::pix_url);
}

// A record that names its title by itself must name the one before it.
void check_number(RecordReader& record, const Event& event) {
    if (!record.has(Role::our_number_copy)) return;
    if (record.text(Role::our_number_copy) == event.our_number &&
        record.text(Role::our_number_digit_copy) == event.our_number_digit) {
        return;
    }
    record.refuse(Role::our_number_copy, "not the number of its title");
}

void read_pix(RecordReader& record, Event& event) {
    check_number(record, event);
    PixResult pix;
    pix.url = record.text(Role::pix_url);
    pix.txid = record.text(Role::pix_txid);
    pix.copy_and_paste = record.text(Role::pix_code);
    pix.error = record.text(Role::pix_error);
    if (is_no_code(pix.error)) pix.error.clear();
    event.pix = std::move(pix);
}

void write_reasons(RecordWriter& record, const Layout& layout, const Event& event) {
    const std::size_t length = reason_length(layout, event.occurrence);
    std::string codes;
    for (const Reason& reason : event.reasons) {
        if (reason.code.size() != length || is_no_code(reason.code)) {
            return record.refuse(Role::reasons,
                                 "a reason is a code of " + std::to_string(length) + " characters");
        }
        codes += reason.code;
    }
    if (codes.empty()) return;
    // Where the table fills the rest with zeros, so do we.
    const std::string_view fixed = record.fixed(Role::reasons);
    if (codes.size() < fixed.size()) codes += fixed.substr(codes.size());
    record.code(Role::reasons, codes);
}

void write_identity(RecordGroup<RecordWriter>& group, const Layout& layout, const Event& event) {
    RecordWriter& record = group.at(Role::our_number);
    record.exact(Role::our_number, event.our_number);
    record.exact(Role::our_number_digit, event.our_number_digit);
    for (RecordWriter& each : group.all()) {
        if (each.has(Role::our_number_copy)) each.exact(Role::our_number_copy, event.our_number);
        if (each.has(Role::our_number_digit_copy)) {
            each.exact(Role::our_number_digit_copy, event.our_number_digit);
        }
        if (each.has(Role::our_number_repeated)) {
            each.padded(Role::our_number_repeated, event.our_number + event.our_number_digit);
        }
        if (each.has(Role::wallet)) each.padded(Role::wallet, event.wallet);
    }
    record.exact(Role::control, event.control);
    if (layout.pads_documents && is_digits(event.document) && !event.document.empty()) {
        record.padded(Role::document, event.document);
    } else {
        record.exact(Role::document, event.document);
    }
    record.padded(Role::wallet, event.wallet);
    write_reasons(group.at(Role::reasons), layout, event);
    if (!codes_of(layout.id).reason_is_channel) record.code(Role::channel, event.channel);
}

}  // namespace

void read_event(RecordReader& record, const Layout& layout, Event& event) {
    if (is_pix(record)) return read_pix(record, event);
    read_identity(record, layout, event);
    read_settlement(record, event);
}

void interpret_event(const Layout& layout, Event& event) {
    const Codes& codes = codes_of(layout.id);
    if (const Occurrence* occurrence = find_occurrence(codes, event.occurrence)) {
        event.event_class = occurrence->event_class;
        event.occurrence_text = occurrence->text;
        for (Reason& reason : event.reasons) {
            reason.text = text_of(occurrence->reasons, reason.code);
        }
    }
    if (event.pix) event.pix->error_text = text_of(codes.pix_errors, event.pix->error);
    if (codes.reason_is_channel && event.event_class == EventClass::paid &&
        !event.reasons.empty()) {
        event.channel = event.reasons.front().code;
    }
}

void write_event(RecordGroup<RecordWriter>& group, const Layout& layout, const Event& event) {
    write_identity(group, layout, event);
    for (RecordWriter& record : group.all()) {
        if (record.has(Role::occurrence)) record.code(Role::occurrence, event.occurrence);
    }
    for (const AmountRole& row : kAmounts) {
        group.at(row.role).number(row.role, event.*row.amount);
    }
    group.at(Role::paid).number(Role::paid, event.paid_minor_units.value_or(0));
    group.at(Role::credited).number(Role::credited, event.credited_minor_units.value_or(0));
    for (const DateRole& row : kDates)
        group.at(row.role).date(row.role, event.*row.date);
    if (!event.pix) return;
    group.at(Role::pix_code).exact(Role::pix_code, event.pix->copy_and_paste);
    group.at(Role::pix_error).code(Role::pix_error, event.pix->error);
    group.at(Role::pix_url).exact(Role::pix_url, event.pix->url);
    group.at(Role::pix_txid).exact(Role::pix_txid, event.pix->txid);
}

}  // namespace causeway::connectors::cnab
