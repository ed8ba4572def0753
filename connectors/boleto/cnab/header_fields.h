// SPDX-License-Identifier: Apache-2.0
//
// What the headers of both directions have in common, and what every record repeats of the
// beneficiary.
#pragma once

#include "connectors/boleto/cnab/event.h"
#include "connectors/boleto/cnab/record.h"

namespace causeway::connectors::cnab {

/// Tipo de serviço: cobrança.
inline constexpr std::string_view kCollectionService = "01";

/// Writes what `record` has fields for; what it has none for may stand in another record.
void write_beneficiary(RecordWriter& record, const Beneficiary& beneficiary);

/// Adds what `record` says to `beneficiary`.
void read_beneficiary(RecordReader& record, Beneficiary& beneficiary);

void write_header(RecordWriter& record, const FileHeader& header, Direction direction);
void read_header(RecordReader& record, FileHeader& header);

/// Refuses what can not be the header of such a file: another bank, another direction.
void check_header(RecordReader& record, const Layout& layout, Direction direction);

/// Refuses a row of another branch or account than `header` names. What either leaves blank counts
/// for nothing; letters in them do not.
void check_account(RecordReader& record, const Beneficiary& header);

[[nodiscard]] std::string_view direction_code(Direction direction) noexcept;
[[nodiscard]] std::string_view operation_code(Direction direction) noexcept;

/// Why `line` can not be a record of `layout`, when its length says so.
[[nodiscard]] std::optional<Fault> length_fault(const Layout& layout,
                                                std::string_view line,
                                                int line_number);

/// Batch and line number, where the record has them.
void write_sequence(RecordWriter& record, int batch, int sequence);

}  // namespace causeway::connectors::cnab
