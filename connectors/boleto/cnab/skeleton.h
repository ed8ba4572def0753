// SPDX-License-Identifier: Apache-2.0
//
// The skeleton of a file that is being read: order of records, line numbers, batches and counts.
// A broken row is its caller's business; what is wrong here is wrong with the file.
//
// Source: FEBRABAN CNAB 240 version 10.06, G056 and G057: a batch counts its own header and
// trailer, a file counts every line.
#pragma once

#include "connectors/boleto/cnab/event.h"
#include "connectors/boleto/cnab/record.h"

#include <optional>
#include <string_view>

namespace causeway::connectors::cnab {

/// Lifetime: the layout is one of ours and lives for ever.
class Skeleton {
  public:
    Skeleton(const Layout& layout, Direction direction) : layout_(layout), direction_(direction) {}

    enum class Step {
        skip,    ///< Part of the skeleton, or behind the trailer.
        header,  ///< The header; `header()` is complete.
        detail,  ///< A record of a title, at `record()`.
        broken,  ///< A row that can not be read, see `row_error()`.
        refuse,  ///< Not such a file, or not from here on; see `error()`.
        trailer,
    };

    [[nodiscard]] Step take(std::string_view line);

    /// Call once after the last line. True when a trailer came.
    bool finish();

    [[nodiscard]] const FileHeader& header() const noexcept { return header_; }
    [[nodiscard]] const RecordLayout& record() const noexcept { return *record_; }
    [[nodiscard]] const Fault& row_error() const noexcept { return row_error_; }
    /// The first thing wrong with the file.
    [[nodiscard]] const std::optional<FileError>& error() const noexcept { return error_; }
    [[nodiscard]] int lines() const noexcept { return lines_; }

    /// Remembers what is wrong with the file, unless something was already.
    void note(const Fault& fault);
    /// Compares two counts of a trailer, the first of which is the bank's.
    void expect(RecordReader& record, Role role, std::int64_t stated, std::int64_t counted);

  private:
    enum class Place { start, between, inside, end };

    Step take_first(std::string_view line);
    Step take_record(std::string_view line);
    Step take_batch_header(std::string_view line);
    Step take_detail(std::string_view line);
    Step take_batch_trailer(std::string_view line);
    Step take_trailer(std::string_view line);
    Step refuse(const Fault& fault);
    Step broken(Fault fault);
    void check_sequence(RecordReader& record, std::int64_t expected);
    void check_bank(RecordReader& record) const;
    [[nodiscard]] RecordReader reader(std::string_view line) const;

    const Layout& layout_;
    Direction direction_;
    FileHeader header_;
    const RecordLayout* record_ = nullptr;
    Fault row_error_;
    std::optional<FileError> error_;
    Place place_ = Place::start;
    int lines_ = 0;
    int batches_ = 0;
    int batch_number_ = 0;
    int batch_lines_ = 0;
};

}  // namespace causeway::connectors::cnab
