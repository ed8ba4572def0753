// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/barcode.h"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

namespace causeway::connectors::boleto {
namespace {

// Banco do Brasil, Especificações Técnicas para Confecção de Boleto, January 2016.
constexpr std::string_view kPublishedBarcode = "00193373700000001000500940144816060680935031";
constexpr std::string_view kPublishedLine =
    "00190.50095 40144.816069 06809.350314 3 37370000000100";

std::string any_digits(std::size_t size) {
    return *rc::gen::container<std::string>(size, rc::gen::inRange<char>('0', '9' + 1));
}

Barcode any_barcode() {
    return *Barcode::make(any_digits(3), any_digits(14), any_digits(25));
}

TEST(Barcode, IsThePublishedExample) {
    const auto barcode = Barcode::parse(kPublishedBarcode);
    ASSERT_TRUE(barcode) << barcode.error().detail();
    EXPECT_EQ(barcode->bank(), "001");
    EXPECT_EQ(barcode->general_digit(), '3');
    EXPECT_EQ(barcode->terms(), "37370000000100");
    EXPECT_EQ(barcode->free_field(), "0500940144816060680935031");
    EXPECT_EQ(to_line(*barcode).printed(), kPublishedLine);
    const auto read = parse_line(kPublishedLine);
    ASSERT_TRUE(read) << read.error().detail();
    EXPECT_EQ(*read, *barcode);
}

TEST(Barcode, SaysWhichPositionIsWrong) {
    struct Row {
        const char* name;
        const char* digits;
        const char* said;
    };
    for (const Row& row : {
             Row{"short",
                 "0019337370000000100050094014481606068093503",
                 "barcode: 44 digits are wanted"},
             Row{"a letter",
                 "0019337370000000100050094014481606068093503A",
                 "barcode: 44 digits are wanted"},
             Row{"another currency",
                 "00183373700000001000500940144816060680935031",
                 "position 4: the currency is not 9, reais"},
             Row{"another amount",
                 "00193373700000002000500940144816060680935031",
                 "position 5: the general check digit does not fit"},
         }) {
        const auto barcode = Barcode::parse(row.digits);
        ASSERT_FALSE(barcode) << row.name;
        EXPECT_EQ(barcode.error().detail(), row.said) << row.name;
    }
    EXPECT_FALSE(Barcode::make("01", std::string(14, '0'), std::string(25, '0')));
    EXPECT_FALSE(Barcode::make("001", std::string(13, '0'), std::string(26, '0')));
}

TEST(DigitableLine, SaysWhichFieldIsWrong) {
    struct Row {
        const char* name;
        const char* line;
        const char* said;
    };
    for (const Row& row : {
             Row{"empty", "", "line: 47 digits are wanted, not 0"},
             Row{"46 digits",
                 "0019050095401448160690680935031433737000000010",
                 "line: 47 digits are wanted, not 46"},
             Row{"a slip of collection",
                 "836200000005667800481000180975657313001589636081",
                 "line: 48 digits that begin with 8 are a slip of collection"},
             Row{"a letter",
                 "00190.50095 40144.816069 06809.350314 3 3737000000010O",
                 "line: digits, points and blanks are wanted"},
             Row{"field 1",
                 "00190.50096 40144.816069 06809.350314 3 37370000000100",
                 "field 1 (positions 1 to 10): the check digit does not fit"},
             Row{"field 2",
                 "00190.50095 40144.816068 06809.350314 3 37370000000100",
                 "field 2 (positions 11 to 21): the check digit does not fit"},
             Row{"field 3",
                 "00190.50095 40144.816069 16809.350314 3 37370000000100",
                 "field 3 (positions 22 to 32): the check digit does not fit"},
             Row{"field 4",
                 "00190.50095 40144.816069 06809.350314 4 37370000000100",
                 "field 4 (position 33): the general check digit does not fit"},
             Row{"a general digit of 0",
                 "00190.50095 40144.816069 06809.350314 0 37370000000100",
                 "field 4 (position 33): the general check digit does not fit"},
         }) {
        const auto barcode = parse_line(row.line);
        ASSERT_FALSE(barcode) << row.name;
        EXPECT_EQ(barcode.error().detail(), row.said) << row.name;
    }
}

RC_GTEST_PROP(LineProperties, IsTheBarcodeInAnotherOrder, ()) {
    const Barcode barcode = any_barcode();
    const DigitableLine line = to_line(barcode);
    RC_ASSERT(*parse_line(line.digits()) == barcode);
    RC_ASSERT(*parse_line(line.printed()) == barcode);
    RC_ASSERT(*Barcode::parse(barcode.digits()) == barcode);
}

RC_GTEST_PROP(LineProperties, IsRefusedWithOneDigitChanged, ()) {
    const Barcode barcode = any_barcode();
    std::string line = to_line(barcode).digits();
    const auto at = *rc::gen::inRange<std::size_t>(0, line.size());
    const char other = *rc::gen::inRange<char>('0', '9' + 1);
    RC_PRE(line[at] != other);
    line[at] = other;
    // Three remainders share the digit 1, and field 5 has no other check.
    RC_PRE(at < 33 || barcode.general_digit() != '1');
    RC_ASSERT(!parse_line(line));
}

RC_GTEST_PROP(LineProperties, ReadsAnyBytesWithoutAccident, ()) {
    const auto bytes = *rc::gen::oneOf(
        rc::gen::arbitrary<std::string>(),
        rc::gen::container<std::string>(rc::gen::inRange<char>('0', '9' + 1)),
        rc::gen::container<std::string>(47, rc::gen::element('0', '1', '8', '.', ' ', '\xff')));
    const auto read = parse_line(bytes);
    if (read) RC_ASSERT(to_line(*read).digits().size() == 47U);
    const auto barcode = Barcode::parse(bytes);
    if (barcode) RC_ASSERT(barcode->digits() == bytes);
}

}  // namespace
}  // namespace causeway::connectors::boleto
