// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/postgres/result_row.h"

#include <libpq-fe.h>

#include <stdexcept>

namespace causeway::ledger::postgres {
namespace {

// Source: PostgreSQL 15, src/include/catalog/pg_type.dat.
enum Type : Oid {
    type_bool = 16,
    type_bytea = 17,
    type_name = 19,
    type_int8 = 20,
    type_int2 = 21,
    type_int4 = 23,
    type_text = 25,
    type_unknown = 705,
    type_bpchar = 1042,
    type_varchar = 1043,
    type_numeric = 1700,
};

__extension__ using Int128 = __int128;

std::int64_t signed_number(std::span<const std::uint8_t> raw) {
    std::uint64_t number = !raw.empty() && (raw.front() & 0x80U) != 0 ? ~std::uint64_t{0} : 0;
    for (const std::uint8_t byte : raw)
        number = number << 8U | byte;
    return static_cast<std::int64_t>(number);
}

[[noreturn]] void refuse_type(const char* wanted, Oid type) {
    throw std::logic_error(std::string("a column that is no ") + wanted + " (type " +
                           std::to_string(type) + ")");
}

// What sum() of a BIGINT gives: digits to the base of 10,000.
// Source: PostgreSQL 15, numeric_send() in src/backend/utils/adt/numeric.c.
std::int64_t whole_numeric(std::span<const std::uint8_t> raw) {
    constexpr std::int64_t kNegative = 0x4000;
    const auto field = [raw](std::size_t i) { return signed_number(raw.subspan(2 * i, 2)); };
    const std::int64_t digits = field(0);
    const std::int64_t weight = field(1);  // of the first digit
    const std::int64_t sign = field(2);
    const bool whole = digits <= weight + 1 && (sign == 0 || sign == kNegative) && weight <= 4;
    if (!whole) throw std::logic_error("a sum that is no whole number of 64 bits");
    Int128 sum = 0;
    for (std::int64_t i = 0; i <= weight; ++i)
        sum = sum * 10'000 + (i < digits ? field(4 + static_cast<std::size_t>(i)) : 0);
    if (sign == kNegative) sum = -sum;
    if (sum < INT64_MIN || sum > INT64_MAX) {
        throw std::logic_error("a sum that is no whole number of 64 bits");
    }
    return static_cast<std::int64_t>(sum);
}

}  // namespace

void ResultClear::operator()(pg_result* result) const noexcept {
    PQclear(result);
}

std::span<const std::uint8_t> ResultRow::raw(int column) const {
    return {reinterpret_cast<const std::uint8_t*>(PQgetvalue(result_, row_, column)),
            static_cast<std::size_t>(PQgetlength(result_, row_, column))};
}

bool ResultRow::is_null(int column) const {
    return PQgetisnull(result_, row_, column) != 0;
}

std::int64_t ResultRow::integer(int column) const {
    if (is_null(column)) return 0;
    switch (const Oid type = PQftype(result_, column)) {
        case type_bool: return raw(column).front();
        case type_int2:
        case type_int4:
        case type_int8: return signed_number(raw(column));
        case type_numeric: return whole_numeric(raw(column));
        default: refuse_type("number", type);
    }
}

std::string_view ResultRow::text(int column) const {
    if (is_null(column)) return {};
    switch (const Oid type = PQftype(result_, column)) {
        case type_text:
        case type_varchar:
        case type_bpchar:
        case type_name:
        case type_unknown:
            return {PQgetvalue(result_, row_, column),
                    static_cast<std::size_t>(PQgetlength(result_, row_, column))};
        default: refuse_type("text", type);
    }
}

std::span<const std::uint8_t> ResultRow::bytes(int column) const {
    if (is_null(column)) return {};
    const Oid type = PQftype(result_, column);
    if (type != type_bytea) refuse_type("column of bytes", type);
    return raw(column);
}

}  // namespace causeway::ledger::postgres
