// SPDX-License-Identifier: Apache-2.0
#include "connectors/card/field_table.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace causeway::connectors::card {
namespace {

using enum Content;
using enum Prefix;

constexpr int kFirst = 2;
constexpr int kLast = 128;

// One line of the table for one or more neighbouring elements.
struct Row {
    int from;
    int to;
    FieldFormat format;
};

constexpr Row kRows[] = {
    {2, 2, {n, ll, 19}},         // primary account number
    {3, 3, {n, fixed, 6}},       // processing code
    {4, 6, {n, fixed, 12}},      // amounts: transaction, settlement, cardholder billing
    {7, 7, {n, fixed, 10}},      // transmission date and time
    {8, 10, {n, fixed, 8}},      // billing fee; conversion rates
    {11, 12, {n, fixed, 6}},     // system trace audit number; local time
    {13, 18, {n, fixed, 4}},     // dates: local, expiry, settlement, conversion, capture; MCC
    {19, 24, {n, fixed, 3}},     // countries; entry mode; card sequence; function code
    {25, 26, {n, fixed, 2}},     // point of service condition; PIN capture code
    {27, 27, {n, fixed, 1}},     // length of the approval code
    {28, 31, {xn, fixed, 9}},    // fees
    {32, 33, {n, ll, 11}},       // acquirer; forwarder
    {34, 34, {ans, ll, 28}},     // extended account number
    {35, 35, {z, ll, 37}},       // track 2
    {36, 36, {ans, lll, 104}},   // track 3, as text in every dialect
    {37, 37, {anp, fixed, 12}},  // retrieval reference number
    {38, 38, {anp, fixed, 6}},   // approval code
    {39, 39, {an, fixed, 2}},    // response code
    {40, 40, {an, fixed, 3}},    // service restriction code
    {41, 41, {ans, fixed, 8}},   // terminal
    {42, 42, {ans, fixed, 15}},  // merchant
    {43, 43, {ans, fixed, 40}},  // merchant's name and place
    {44, 44, {ans, ll, 25}},     // additional response data
    {45, 45, {ans, ll, 76}},     // track 1
    {46, 48, {ans, lll, 999}},   // additional data: ISO, national, private
    {49, 51, {currency, fixed, 3}},
    {52, 52, {b, fixed, 8}},      // PIN block
    {53, 53, {n, fixed, 16}},     // security control
    {54, 54, {ans, lll, 120}},    // additional amounts
    {55, 55, {icc, lll, 255}},    // ICC data
    {56, 63, {ans, lll, 999}},    // reserved and private
    {64, 64, {b, fixed, 8}},      // MAC
    {65, 65, {b, fixed, 1}},      // extended bitmap
    {66, 66, {n, fixed, 1}},      // settlement code
    {67, 67, {n, fixed, 2}},      // extended payment code
    {68, 70, {n, fixed, 3}},      // countries; network management code
    {71, 72, {n, fixed, 4}},      // message numbers
    {73, 73, {n, fixed, 6}},      // action date
    {74, 81, {n, fixed, 10}},     // reconciliation counts
    {82, 85, {n, fixed, 12}},     // reconciliation fees
    {86, 89, {n, fixed, 16}},     // reconciliation amounts
    {90, 90, {n, fixed, 42}},     // original data elements
    {91, 91, {an, fixed, 1}},     // file update code
    {92, 92, {an, fixed, 2}},     // file security code
    {93, 93, {an, fixed, 5}},     // response indicator
    {94, 94, {an, fixed, 7}},     // service indicator
    {95, 95, {an, fixed, 42}},    // replacement amounts
    {96, 96, {b, fixed, 8}},      // message security code
    {97, 97, {xn, fixed, 17}},    // net settlement
    {98, 98, {ans, fixed, 25}},   // payee
    {99, 100, {n, ll, 11}},       // settlement and receiving institutions
    {101, 101, {ans, ll, 17}},    // file name
    {102, 103, {ans, ll, 28}},    // accounts
    {104, 104, {ans, lll, 100}},  // transaction description
    {105, 127, {ans, lll, 999}},  // reserved
    {128, 128, {b, fixed, 8}},    // MAC
};

constexpr auto kTable = [] {
    std::array<FieldFormat, kLast + 1> table{};
    for (const Row& row : kRows) {
        for (int field = row.from; field <= row.to; ++field) {
            table[static_cast<std::size_t>(field)] = row.format;
        }
    }
    return table;
}();

static_assert(std::all_of(kTable.begin() + kFirst,
                          kTable.end(),
                          [](const FieldFormat& format) { return format.length_max > 0; }),
              "an element has no row");

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_letter_or_digit(char c) {
    return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}
bool is_printable(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte >= 0x20 && byte <= 0x7e) || byte >= 0xa0;
}
bool is_upper_hex(char c) {
    return is_digit(c) || (c >= 'A' && c <= 'F');
}

bool all(std::string_view text, bool (*allowed)(char)) {
    return std::all_of(text.begin(), text.end(), allowed);
}

std::string_view content_fault(Content content, std::string_view value) {
    switch (content) {
        case n:
        case currency: return all(value, is_digit) ? "" : "not a digit";
        case an: return all(value, is_letter_or_digit) ? "" : "not a letter or digit";
        case anp:
            return all(value, [](char c) { return c == ' ' || is_letter_or_digit(c); })
                       ? ""
                       : "not a letter, digit or space";
        case ans: return all(value, is_printable) ? "" : "not printable";
        case z:
            return all(value, [](char c) { return c == '=' || is_digit(c); }) ? ""
                                                                              : "not track 2 data";
        case xn:
            if (value.front() != 'C' && value.front() != 'D') return "neither C nor D";
            return all(value.substr(1), is_digit) ? "" : "not a digit";
        case b:
        case icc: return all(value, is_upper_hex) ? "" : "not upper-case hexadecimal";
    }
    return "unlisted format";
}

}  // namespace

const FieldFormat* field_format(int number) noexcept {
    if (number < kFirst || number > kLast) return nullptr;
    return &kTable[static_cast<std::size_t>(number)];
}

std::string_view value_fault(const FieldFormat& format, std::string_view value) noexcept {
    const bool bytes = format.content == b || format.content == icc;
    const auto length_max = static_cast<std::size_t>(format.length_max) * (bytes ? 2 : 1);
    if (value.size() > length_max) return "too long";
    if (format.prefix == fixed && value.size() < length_max) return "too short";
    if (bytes && value.size() % 2 != 0) return "half a byte";
    return content_fault(format.content, value);
}

}  // namespace causeway::connectors::card
