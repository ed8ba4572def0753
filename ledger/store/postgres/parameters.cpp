// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/postgres/parameters.h"

#include "ledger/store/text.h"

#include <limits>
#include <stdexcept>
#include <variant>

namespace causeway::ledger::postgres {
namespace {

constexpr std::size_t kNull = std::numeric_limits<std::size_t>::max();
constexpr std::size_t kBorrowed = kNull - 1;
constexpr int kBinary = 1;

// Source: PostgreSQL 15, src/include/catalog/pg_type.dat.
constexpr unsigned kBytea = 17;
constexpr unsigned kInt8 = 20;
constexpr unsigned kText = 25;
constexpr unsigned kByteaArray = 1001;
constexpr unsigned kTextArray = 1009;
constexpr unsigned kInt8Array = 1016;

unsigned type_of(char letter) {
    switch (letter) {
        case 'b': return kBytea;
        case 'i': return kInt8;
        case 't': return kText;
        case 'B': return kByteaArray;
        case 'T': return kTextArray;
        case 'I': return kInt8Array;
        default: return 0;  // NULL: whatever fits there
    }
}

char letter_of(ColumnType type) {
    return type == ColumnType::number ? 'I' : type == ColumnType::text ? 'T' : 'B';
}

unsigned element_of(ColumnType type) {
    return type == ColumnType::number ? kInt8 : type == ColumnType::text ? kText : kBytea;
}

void append_big_endian(std::string& out, std::uint64_t number, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
        out += static_cast<char>(static_cast<std::uint8_t>(number >> static_cast<unsigned>(shift)));
}

Error unstorable() {
    return Error(ErrorCode::invalid_argument, "a text that is not UTF-8 or holds a NUL");
}

Error too_large() {
    return Error(ErrorCode::invalid_argument, "a value too large to store");
}

bool fits(std::size_t size) {
    return size < static_cast<std::size_t>(std::numeric_limits<int>::max());
}

}  // namespace

void Parameters::clear() {
    signature_.clear();
    copies_.clear();
    borrowed_.clear();
    starts_.clear();
    values_.clear();
    lengths_.clear();
    formats_.clear();
}

void Parameters::add_borrowed(char type, const void* data, std::size_t size) {
    signature_ += type;
    // An empty view may have no address, and that would be NULL.
    borrowed_.push_back(size == 0 ? "" : static_cast<const char*>(data));
    starts_.push_back(kBorrowed);
    lengths_.push_back(static_cast<int>(size));
    formats_.push_back(kBinary);
}

void Parameters::add_copied(char type, std::size_t start) {
    signature_ += type;
    borrowed_.push_back(nullptr);
    starts_.push_back(start);
    lengths_.push_back(static_cast<int>(copies_.size() - start));
    formats_.push_back(kBinary);
}

void Parameters::add_null() {
    signature_ += 'n';
    borrowed_.push_back(nullptr);
    starts_.push_back(kNull);
    lengths_.push_back(0);
    formats_.push_back(kBinary);
}

Result<void> Parameters::add(const Value& value) {
    const Value::State& state = value.state();
    const std::size_t start = copies_.size();
    if (const auto* number = std::get_if<std::int64_t>(&state)) {
        append_number(*number);
        add_copied('i', start);
    } else if (const auto* text = std::get_if<std::string_view>(&state)) {
        if (!is_storable(*text)) return unstorable();
        if (!fits(text->size())) return too_large();
        add_borrowed('t', text->data(), text->size());
    } else if (const auto* bytes = std::get_if<std::span<const std::uint8_t>>(&state)) {
        if (!fits(bytes->size())) return too_large();
        add_borrowed('b', bytes->data(), bytes->size());
    } else if (const auto* numbers = std::get_if<std::span<const std::int64_t>>(&state)) {
        append_array_head(ColumnType::number, numbers->size());
        for (const std::int64_t each : *numbers) {
            append_length(sizeof each);
            append_number(each);
        }
        add_copied('I', start);
    } else if (const auto* ids = std::get_if<std::span<const Uuid>>(&state)) {
        append_array_head(ColumnType::bytes, ids->size());
        for (const Uuid& id : *ids) {
            append_length(id.bytes.size());
            copies_.append(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size());
        }
        add_copied('B', start);
    } else {
        add_null();
    }
    return {};
}

Result<void> Parameters::add_columns(const Rows& rows) {
    const std::size_t width = rows.columns.size();
    if (width == 0 || rows.values.size() % width != 0) {
        throw std::logic_error("values that fill no whole rows of " + std::string(rows.table));
    }
    for (std::size_t column = 0; column < width; ++column) {
        const ColumnType type = rows.columns[column].type;
        const std::size_t start = copies_.size();
        append_array_head(type, rows.values.size() / width);
        for (std::size_t at = column; at < rows.values.size(); at += width) {
            Result<void> added = append_element(type, rows.values[at]);
            if (!added) return added;
        }
        if (!fits(copies_.size() - start)) return too_large();
        add_copied(letter_of(type), start);
    }
    return {};
}

Result<void> Parameters::append_element(ColumnType type, const Value& value) {
    const Value::State& state = value.state();
    if (std::holds_alternative<std::monostate>(state)) {
        append_big_endian(copies_, 0xFFFFFFFF, 4);  // a length of -1: NULL
        return {};
    }
    const auto* const number = std::get_if<std::int64_t>(&state);
    const auto* const text = std::get_if<std::string_view>(&state);
    const auto* const bytes = std::get_if<std::span<const std::uint8_t>>(&state);
    if (type == ColumnType::number && number != nullptr) {
        append_length(sizeof *number);
        append_number(*number);
    } else if (type == ColumnType::text && text != nullptr) {
        if (!is_storable(*text)) return unstorable();
        if (!fits(text->size())) return too_large();
        append_length(text->size());
        copies_.append(*text);
    } else if (type == ColumnType::bytes && bytes != nullptr) {
        if (!fits(bytes->size())) return too_large();
        append_length(bytes->size());
        copies_.append(reinterpret_cast<const char*>(bytes->data()), bytes->size());
    } else {
        throw std::logic_error("a value of another type than its column");
    }
    return {};
}

// Source: PostgreSQL 15, array_recv() in src/backend/utils/adt/arrayfuncs.c.
void Parameters::append_array_head(ColumnType type, std::size_t count) {
    append_big_endian(copies_, count == 0 ? 0 : 1, 4);  // dimensions
    append_big_endian(copies_, 1, 4);                   // there may be NULLs
    append_big_endian(copies_, element_of(type), 4);
    if (count == 0) return;
    append_length(count);
    append_big_endian(copies_, 1, 4);  // the first index
}

void Parameters::append_number(std::int64_t number) {
    append_big_endian(copies_, static_cast<std::uint64_t>(number), 8);
}

void Parameters::append_length(std::size_t length) {
    append_big_endian(copies_, length, 4);
}

void Parameters::seal() {
    values_.clear();
    for (std::size_t i = 0; i < starts_.size(); ++i) {
        const bool copied = starts_[i] != kNull && starts_[i] != kBorrowed;
        values_.push_back(copied ? copies_.data() + starts_[i] : borrowed_[i]);
    }
}

std::vector<unsigned> Parameters::types() const {
    std::vector<unsigned> types;
    for (const char letter : signature_)
        types.push_back(type_of(letter));
    return types;
}

std::string statement_of(const Rows& rows) {
    std::string sql = "INSERT INTO ";
    sql += rows.table;
    std::string arrays;
    for (std::size_t i = 0; i < rows.columns.size(); ++i) {
        const ColumnType type = rows.columns[i].type;
        sql += i == 0 ? " (" : ", ";
        sql += rows.columns[i].name;
        arrays += (i == 0 ? "$" : ", $") + std::to_string(i + 1);
        arrays += type == ColumnType::number ? "::bigint[]"
                  : type == ColumnType::text ? "::text[]"
                                             : "::bytea[]";
    }
    sql += ") SELECT * FROM unnest(" + arrays + ") ";
    return sql += rows.tail;
}

}  // namespace causeway::ledger::postgres
