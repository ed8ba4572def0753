// SPDX-License-Identifier: Apache-2.0
#include "ledger/csv.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace causeway::ledger {
namespace {

constexpr std::size_t kBlockBytes = 65'536;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

unsigned char byte_of(char c) noexcept {
    return static_cast<unsigned char>(c);
}

}  // namespace

CsvReader::CsvReader(std::string_view text, CsvOptions options) : options_(options), block_(text) {
    prepare();
}

CsvReader::CsvReader(std::istream& in, CsvOptions options)
    : options_(options), in_(&in), buffer_(kBlockBytes) {
    refill();
    prepare();
}

void CsvReader::prepare() {
    for (const char c : {'"', '\r', '\n', options_.separator})
        special_[byte_of(c)] = true;
    if (block_.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
        position_ = kByteOrderMark.size();
    }
}

bool CsvReader::refill() {
    position_ = 0;
    block_ = {};
    if (in_ == nullptr || !*in_) return false;
    in_->read(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
    block_ = {buffer_.data(), static_cast<std::size_t>(in_->gcount())};
    if (in_->bad()) failed_ = Error(ErrorCode::storage, "the file could not be read");
    return !block_.empty();
}

Error CsvReader::fail(std::int64_t line, std::size_t column, std::string_view what) {
    if (!failed_) {
        failed_ = Error(ErrorCode::invalid_argument,
                        "line " + std::to_string(line) + ", column " + std::to_string(column) +
                            ": " + std::string(what));
    }
    return *failed_;
}

// False when the row would grow over its limit.
bool CsvReader::append(CsvRow& row, std::size_t count) {
    if (count > options_.row_bytes_max - row.text_.size()) return false;
    row.text_.append(block_.data() + position_, count);
    position_ += count;
    return true;
}

// The bytes at the end of a cell: a separator, a line's end, or nothing more.
Result<CsvReader::After> CsvReader::end_cell(CsvRow& row) {
    row.ends_.push_back(row.text_.size());
    const std::size_t column = row.ends_.size();
    if (!more()) return After::file;
    const char c = block_[position_++];
    if (c == options_.separator) {
        if (column == options_.columns_max) return fail(line_, column, "too many columns");
        return After::cell;
    }
    if (c == '\r' && (!more() || block_[position_++] != '\n')) {
        return fail(line_, column, "a carriage return without a line feed");
    }
    ++line_;
    return After::row;
}

Result<CsvReader::After> CsvReader::read_quoted(CsvRow& row) {
    const std::int64_t opened = line_;
    const std::size_t column = row.ends_.size() + 1;
    ++position_;
    for (;;) {
        if (!more()) return fail(opened, column, "quote not closed");
        const std::size_t quote = std::min(block_.find('"', position_), block_.size());
        const std::string_view run = block_.substr(position_, quote - position_);
        line_ += std::count(run.begin(), run.end(), '\n');
        if (!append(row, run.size())) return fail(opened, column, "the row is too long");
        if (position_ == block_.size()) continue;
        ++position_;
        if (!more()) return end_cell(row);
        const char c = block_[position_];
        if (c != '"') {
            if (special_[byte_of(c)]) return end_cell(row);
            return fail(line_, column, "text after a closing quote");
        }
        if (!append(row, 1)) return fail(opened, column, "the row is too long");
    }
}

Result<CsvReader::After> CsvReader::read_cell(CsvRow& row) {
    if (more() && block_[position_] == '"') return read_quoted(row);
    const std::size_t column = row.ends_.size() + 1;
    while (more()) {
        std::size_t end = position_;
        while (end < block_.size() && !special_[byte_of(block_[end])])
            ++end;
        if (!append(row, end - position_)) return fail(line_, column, "the row is too long");
        if (position_ == block_.size()) continue;
        if (block_[position_] == '"') return fail(line_, column, "a quote in an unquoted cell");
        break;
    }
    return end_cell(row);
}

Result<bool> CsvReader::next(CsvRow& row) {
    row.text_.clear();
    row.ends_.clear();
    row.line_ = line_;
    if (!failed_ && !more() && !failed_) return false;
    if (failed_) return *failed_;
    for (;;) {
        const Result<After> after = read_cell(row);
        if (failed_) return *failed_;
        if (*after == After::cell) continue;
        ends_cut_ = *after == After::file;
        if (ends_cut_ && options_.refuse_cut) {
            return fail(line_, row.size(), "the last line is cut: it has no line feed");
        }
        return true;
    }
}

Result<CsvTable> CsvTable::open(CsvReader reader) {
    CsvTable table(std::move(reader));
    CsvRow header;
    const Result<bool> read = table.reader_.next(header);
    if (!read) return read.error();
    if (!*read) return Error(ErrorCode::invalid_argument, "line 1: there is no header");
    std::unordered_set<std::string_view> seen;
    for (std::size_t column = 0; column < header.size(); ++column) {
        if (!seen.insert(header[column]).second) {
            return Error(ErrorCode::invalid_argument,
                         "line " + std::to_string(header.line()) + ", column " +
                             std::to_string(column + 1) + ": the name '" +
                             std::string(header[column].substr(0, 64)) + "' occurs twice");
        }
        table.names_.emplace_back(header[column]);
    }
    return table;
}

Result<std::size_t> CsvTable::column(std::string_view name) const {
    const auto found = std::find(names_.begin(), names_.end(), name);
    if (found == names_.end()) {
        return Error(ErrorCode::invalid_argument,
                     "line 1: the column '" + std::string(name) + "' is missing");
    }
    return static_cast<std::size_t>(found - names_.begin());
}

Result<bool> CsvTable::next(CsvRow& row) {
    Result<bool> read = reader_.next(row);
    if (!read || !*read || row.size() == names_.size()) return read;
    return Error(ErrorCode::invalid_argument,
                 "line " + std::to_string(row.line()) + ": " + std::to_string(row.size()) +
                     " cells where the header has " + std::to_string(names_.size()));
}

CsvWriter& CsvWriter::cell(std::string_view text) {
    if (row_begun_) out_.push_back(separator_);
    // A lone empty cell would be an empty line, which other readers skip; a leading mark would be
    // taken for a byte order mark; spaces at the edge are lost in readers that trim.
    const bool edge = !text.empty() && (text.front() == ' ' || text.back() == ' ');
    const bool quoted = edge || (text.empty() && !row_begun_) ||
                        text.find_first_of("\"\r\n") != text.npos ||
                        text.find(separator_) != text.npos || text.starts_with(kByteOrderMark);
    row_begun_ = true;
    if (!quoted) {
        out_.append(text);
        return *this;
    }
    out_.push_back('"');
    for (const char c : text) {
        if (c == '"') out_.push_back('"');
        out_.push_back(c);
    }
    out_.push_back('"');
    return *this;
}

CsvWriter& CsvWriter::cell(std::int64_t number) {
    return cell(std::string_view(std::to_string(number)));
}

void CsvWriter::end_row() {
    out_.push_back('\n');
    row_begun_ = false;
}

}  // namespace causeway::ledger
