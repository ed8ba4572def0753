// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/cnab/line_builder.h"

#include "connectors/boleto/cnab/header_fields.h"

namespace causeway::connectors::cnab {
namespace {

constexpr int kBatch = 1;
constexpr int kAfterAllBatches = 9999;

}  // namespace

void LineBuilder::open(const FileHeader& header) {
    RecordWriter record(
        *layout_.find(direction_, RecordKind::header), layout_.record_length, lines_ + 1);
    write_header(record, header, direction_);
    write_sequence(record, 0, lines_ + 1);
    add_line(record);
    if (!layout_.has_batches()) return;
    RecordWriter batch(
        *layout_.find(direction_, RecordKind::batch_header), layout_.record_length, lines_ + 1);
    write_header(batch, header, direction_);
    write_sequence(batch, kBatch, 0);
    add_line(batch);
}

RecordWriter LineBuilder::record(RecordKind kind, int ahead) const {
    RecordWriter record(*layout_.find(direction_, kind), layout_.record_length, lines_ + 1 + ahead);
    write_sequence(record, kBatch, (layout_.has_batches() ? details_ : lines_) + 1 + ahead);
    return record;
}

void LineBuilder::add(RecordGroup<RecordWriter>& title) {
    for (const RecordWriter& record : title.all()) {
        add_line(record);
        ++details_;
    }
}

void LineBuilder::close_batch() {
    if (!layout_.has_batches()) return;
    RecordWriter record(
        *layout_.find(direction_, RecordKind::batch_trailer), layout_.record_length, lines_ + 1);
    write_sequence(record, kBatch, 0);
    record.number(Role::batch_records, details_ + 2);
    add_line(record);
}

RecordWriter LineBuilder::trailer_record() const {
    RecordWriter record(
        *layout_.find(direction_, RecordKind::trailer), layout_.record_length, lines_ + 1);
    write_sequence(record, kAfterAllBatches, lines_ + 1);
    if (record.has(Role::direction)) {
        record.code(Role::direction, direction_code(direction_));
    }
    if (record.has(Role::batch_count)) record.number(Role::batch_count, 1);
    if (record.has(Role::file_records)) record.number(Role::file_records, lines_ + 1);
    return record;
}

void LineBuilder::add_line(const RecordWriter& record) {
    if (!fault_) fault_ = record.fault();
    bytes_ += record.line();
    bytes_ += "\r\n";
    ++lines_;
}

Result<std::string> LineBuilder::finish() const {
    if (fault_) return Error(ErrorCode::invalid_argument, to_text(*fault_));
    return layout_.ends_with_sub ? bytes_ + '\x1A' : bytes_;
}

}  // namespace causeway::connectors::cnab
