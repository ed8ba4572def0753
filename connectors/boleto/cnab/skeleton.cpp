// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/cnab/skeleton.h"

#include "connectors/boleto/cnab/header_fields.h"
#include "connectors/boleto/cnab/line_source.h"
#include "connectors/boleto/cnab/text.h"

namespace causeway::connectors::cnab {
namespace {

constexpr std::int64_t kBeforeAllBatches = 0;
constexpr std::int64_t kAfterAllBatches = 9999;

// A 0x1A may stand where the trailer's line end would be.
std::string_view without_sub(std::string_view line) {
    const auto sub = line.find('\x1A');
    if (sub == std::string_view::npos || !LineSource::is_end(line.substr(sub))) return line;
    return line.substr(0, sub);
}

}  // namespace

Skeleton::Step Skeleton::take(std::string_view line) {
    if (place_ == Place::end && LineSource::is_end(line)) return Step::skip;
    ++lines_;
    if (place_ == Place::end) {
        return refuse({.line = lines_, .reason = "a line behind the trailer"});
    }
    if (place_ == Place::start) return take_first(line);
    if (place_ == Place::inside) ++batch_lines_;
    if (auto fault = length_fault(layout_, line, lines_)) {
        line = without_sub(line);
        if (length_fault(layout_, line, lines_)) return broken(std::move(*fault));
        record_ = layout_.classify(direction_, line);
        if (record_ == nullptr || record_->kind != RecordKind::trailer) {
            return broken(std::move(*fault));
        }
    }
    return take_record(line);
}

Skeleton::Step Skeleton::take_first(std::string_view line) {
    if (auto fault = length_fault(layout_, line, lines_)) return refuse(*fault);
    record_ = layout_.classify(direction_, line);
    if (record_ == nullptr || record_->kind != RecordKind::header) {
        return refuse({.line = lines_, .column = 1, .reason = "the first line is no header"});
    }
    RecordReader record = reader(line);
    check_header(record, layout_, direction_);
    header_.layout = layout_.id;
    read_header(record, header_);
    expect(record, Role::batch, record.number(Role::batch), kBeforeAllBatches);
    if (record.fault()) return refuse(*record.fault());
    if (!layout_.has_batches()) check_sequence(record, lines_);
    place_ = layout_.has_batches() ? Place::between : Place::inside;
    return Step::header;
}

Skeleton::Step Skeleton::take_record(std::string_view line) {
    record_ = layout_.classify(direction_, line);
    if (record_ == nullptr) {
        return broken({.line = lines_, .reason = "a record type that this file does not have"});
    }
    switch (record_->kind) {
        case RecordKind::header: return refuse({.line = lines_, .reason = "a second header"});
        case RecordKind::batch_header: return take_batch_header(line);
        case RecordKind::batch_trailer: return take_batch_trailer(line);
        case RecordKind::trailer: return take_trailer(line);
        default: return take_detail(line);
    }
}

Skeleton::Step Skeleton::take_batch_header(std::string_view line) {
    if (place_ != Place::between) {
        return refuse({.line = lines_, .reason = "a batch inside a batch"});
    }
    RecordReader record = reader(line);
    check_header(record, layout_, direction_);
    if (record.raw(Role::operation) != operation_code(direction_)) {
        record.refuse(
            Role::operation, "another kind of batch", std::string(operation_code(direction_)));
    }
    FileHeader batch;
    read_header(record, batch);
    ++batches_;
    expect(record, Role::batch, record.number(Role::batch), batches_);
    if (record.fault()) return refuse(*record.fault());
    if (!header_.credit_on) header_.credit_on = batch.credit_on;
    batch_number_ = static_cast<int>(record.number(Role::batch));
    batch_lines_ = 1;
    place_ = Place::inside;
    return Step::skip;
}

Skeleton::Step Skeleton::take_detail(std::string_view line) {
    RecordReader record = reader(line);
    if (!layout_.has_batches()) {
        check_sequence(record, lines_);
        return Step::detail;
    }
    check_bank(record);
    if (record.fault()) return broken(*record.fault());
    const std::int64_t batch = record.number(Role::batch);
    if (place_ != Place::inside || batch != batch_number_) {
        record.refuse(Role::batch,
                      "a batch that has no header",
                      place_ == Place::inside ? std::to_string(batch_number_) : "none",
                      std::to_string(batch));
        return broken(*record.fault());
    }
    check_sequence(record, batch_lines_ - 1);
    return Step::detail;
}

Skeleton::Step Skeleton::take_batch_trailer(std::string_view line) {
    if (place_ != Place::inside) {
        return refuse({.line = lines_, .reason = "a batch trailer without a batch"});
    }
    RecordReader record = reader(line);
    check_bank(record);
    record.expect_digits();
    expect(record, Role::batch, record.number(Role::batch), batch_number_);
    expect(record, Role::batch_records, record.number(Role::batch_records), batch_lines_);
    if (record.fault()) note(*record.fault());
    place_ = Place::between;
    return Step::skip;
}

Skeleton::Step Skeleton::take_trailer(std::string_view line) {
    RecordReader record = reader(line);
    if (layout_.has_batches()) {
        if (place_ == Place::inside) record.refuse(Role::batch, "a batch without its trailer");
        expect(record, Role::batch, record.number(Role::batch), kAfterAllBatches);
        expect(record, Role::batch_count, record.number(Role::batch_count), batches_);
        expect(record, Role::file_records, record.number(Role::file_records), lines_);
    } else {
        check_sequence(record, lines_);
    }
    check_bank(record);
    record.expect_digits();
    if (record.has(Role::direction) && record.raw(Role::direction) != direction_code(direction_)) {
        record.refuse(Role::direction, "the trailer of another kind of file");
    }
    if (record.has(Role::service) && !trimmed(record.raw(Role::service)).empty() &&
        record.raw(Role::service) != kCollectionService) {
        record.refuse(Role::service, "not a file of collection", std::string(kCollectionService));
    }
    if (record.fault()) note(*record.fault());
    place_ = Place::end;
    return Step::trailer;
}

bool Skeleton::finish() {
    if (lines_ == 0) note({.reason = "empty"});
    if (place_ != Place::end) note({.line = lines_, .reason = "cut: there is no trailer"});
    return place_ == Place::end;
}

void Skeleton::note(const Fault& fault) {
    if (!error_) error_ = fault;
}

void Skeleton::expect(RecordReader& record, Role role, std::int64_t stated, std::int64_t counted) {
    if (stated == counted || !record.has(role)) return;
    record.refuse(
        role, "does not agree with the file", std::to_string(counted), std::to_string(stated));
}

Skeleton::Step Skeleton::refuse(const Fault& fault) {
    note(fault);
    place_ = Place::end;
    return Step::refuse;
}

Skeleton::Step Skeleton::broken(Fault fault) {
    row_error_ = std::move(fault);
    return Step::broken;
}

void Skeleton::check_sequence(RecordReader& record, std::int64_t expected) {
    const std::int64_t found = record.number(Role::line_sequence);
    if (found != expected) {
        record.refuse(
            Role::line_sequence, "out of order", std::to_string(expected), std::to_string(found));
    }
    if (record.fault()) note(*record.fault());
}

void Skeleton::check_bank(RecordReader& record) const {
    if (!record.has(Role::bank_code) || record.raw(Role::bank_code) == layout_.bank) return;
    record.refuse(Role::bank_code, "another bank", std::string(layout_.bank));
}

RecordReader Skeleton::reader(std::string_view line) const {
    return {*record_, line, lines_};
}

}  // namespace causeway::connectors::cnab
