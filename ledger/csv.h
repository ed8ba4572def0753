// SPDX-License-Identifier: Apache-2.0
//
// Comma-separated files, read strictly and row by row in bounded memory. What a spreadsheet would
// guess its way through is an error here, because the files carry money: a quote in the wrong
// place shifts every cell behind it.
//
// Source: RFC 4180, with any one-byte separator, and LF accepted beside CRLF.
#pragma once

#include "ledger/result.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::ledger {

struct CsvOptions {
    char separator = ',';
    /// Bytes of all cells of one row together.
    std::size_t row_bytes_max = 1'048'576;
    std::size_t columns_max = 1'024;
    /// Makes a last line without its line feed an error, for files whose writer ends every line:
    /// there a missing end means that the file was cut, perhaps in the middle of an amount.
    bool refuse_cut = false;
};

/// The cells of one row, without their quotes.
///
/// Lifetime: owns its text, which the next CsvReader::next() with this row overwrites.
class CsvRow {
  public:
    [[nodiscard]] std::size_t size() const noexcept { return ends_.size(); }
    /// Requires `column` < size(). Columns count from 0.
    [[nodiscard]] std::string_view operator[](std::size_t column) const noexcept {
        const std::size_t begin = column == 0 ? 0 : ends_[column - 1];
        return std::string_view(text_).substr(begin, ends_[column] - begin);
    }
    /// The line of the file in which the row begins, from 1. A quoted cell may span several.
    [[nodiscard]] std::int64_t line() const noexcept { return line_; }

  private:
    friend class CsvReader;

    std::string text_;
    std::vector<std::size_t> ends_;
    std::int64_t line_ = 0;
};

/// Reads rows one after the other. An empty line is a row of one empty cell; a UTF-8 byte order
/// mark before the first row is skipped; spaces belong to their cell.
///
/// Errors: `invalid_argument` with "line L, column C: ..." (both from 1; the line where the
/// offending thing begins, the column as a count of cells) for a quote inside an unquoted cell,
/// text after a closing quote, a quote that is never closed, a carriage return without line feed,
/// and a row over a limit; `storage` when the stream breaks. After an error there are no rows:
/// the same error comes again.
class CsvReader {
  public:
    /// Lifetime: `text` must outlive the reader.
    explicit CsvReader(std::string_view text, CsvOptions options = {});
    /// Reads blocks of 64 KiB. Lifetime: `in` must outlive the reader.
    explicit CsvReader(std::istream& in, CsvOptions options = {});

    /// True: `row` holds the next row. False: there are no more.
    [[nodiscard]] Result<bool> next(CsvRow& row);

    /// Whether the last row that next() gave ended with the file instead of a line feed.
    [[nodiscard]] bool ends_cut() const noexcept { return ends_cut_; }

    /// The line at which the reader stands, from 1.
    [[nodiscard]] std::int64_t line() const noexcept { return line_; }

  private:
    enum class After { cell, row, file };

    void prepare();
    bool refill();
    bool more() { return position_ < block_.size() || refill(); }
    bool append(CsvRow& row, std::size_t count);
    Result<After> read_cell(CsvRow& row);
    Result<After> read_quoted(CsvRow& row);
    Result<After> end_cell(CsvRow& row);
    Error fail(std::int64_t line, std::size_t column, std::string_view what);

    CsvOptions options_;
    std::istream* in_ = nullptr;
    std::vector<char> buffer_;
    std::string_view block_;
    std::size_t position_ = 0;
    std::array<bool, 256> special_{};
    std::int64_t line_ = 1;
    bool ends_cut_ = false;
    std::optional<Error> failed_;
};

/// A file whose first row names its columns.
class CsvTable {
  public:
    /// Reads the header.
    ///
    /// Errors: as CsvReader; `invalid_argument` when there is no header or a name occurs twice.
    static Result<CsvTable> open(CsvReader reader);

    /// The place of the column called `name`, exactly spelt.
    ///
    /// Errors: `invalid_argument` naming the column that is missing.
    [[nodiscard]] Result<std::size_t> column(std::string_view name) const;

    [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_; }

    /// As CsvReader::next(); every row has as many cells as the header.
    ///
    /// Errors: as CsvReader; `invalid_argument` with the line of a row that has more or fewer.
    [[nodiscard]] Result<bool> next(CsvRow& row);

    [[nodiscard]] bool ends_cut() const noexcept { return reader_.ends_cut(); }

  private:
    explicit CsvTable(CsvReader reader) : reader_(std::move(reader)) {}

    CsvReader reader_;
    std::vector<std::string> names_;
};

/// Appends rows that CsvReader reads back byte for byte. Lines end with LF; a cell is quoted only
/// when it must be.
///
/// Lifetime: `out` must outlive the writer.
class CsvWriter {
  public:
    explicit CsvWriter(std::string& out, char separator = ',') : out_(out), separator_(separator) {}

    CsvWriter& cell(std::string_view text);
    CsvWriter& cell(std::int64_t number);
    /// Requires at least one cell since the last end_row().
    void end_row();

  private:
    std::string& out_;
    char separator_;
    bool row_begun_ = false;
};

}  // namespace causeway::ledger
