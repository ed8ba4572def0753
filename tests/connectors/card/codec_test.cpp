// SPDX-License-Identifier: Apache-2.0
#include "connectors/card/codec.h"

#include "connectors/card/field_table.h"
#include "tests/support/case_name.h"
#include "tests/support/iso8583.h"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::connectors::card {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes bytes_of(std::string_view text) {
    return Bytes(text.begin(), text.end());
}

Dialect dialect(std::string_view name) {
    return *find_dialect(name);
}

Message with(int field, std::string value) {
    return Message{.mti = "0100", .fields = {{field, std::move(value)}}};
}

// Bytes by hand from the standard, so that the codec is not only compared with itself.
struct Layout {
    std::string name;
    std::string_view dialect;
    int field;
    std::string value;
    std::string_view after_bitmap;  ///< The field's bytes.
};

class FieldLayout : public testing::TestWithParam<Layout> {};

TEST_P(FieldLayout, IsWrittenAndReadAsTheDialectSays) {
    const Layout& row = GetParam();
    const Message message = with(row.field, row.value);
    const auto encoded = encode(message, dialect(row.dialect));
    ASSERT_TRUE(encoded) << encoded.error().detail();
    const auto tail =
        std::string(encoded->end() - static_cast<long>(row.after_bitmap.size()), encoded->end());
    EXPECT_EQ(tail, row.after_bitmap);
    EXPECT_EQ(decode(*encoded, dialect(row.dialect))->fields, message.fields);
}

using namespace std::string_view_literals;

INSTANTIATE_TEST_SUITE_P(
    Dialects,
    FieldLayout,
    testing::Values(Layout{"AsciiLlvar", "ascii", 2, "41111111111", "1141111111111"sv},
                    Layout{
                        "BcdEvenLlvar", "bcd", 2, "411111111111", "\x12\x41\x11\x11\x11\x11\x11"sv},
                    Layout{"BcdOddLlvarPadsRight", "bcd", 32, "12345", "\x05\x12\x34\x50"sv},
                    Layout{"BcdOddFixedPadsLeft", "bcd", 70, "301", "\x03\x01"sv},
                    Layout{"BcdOneDigit", "bcd", 66, "1", "\x01"sv},
                    Layout{"BcdFeeKeepsItsLetter", "bcd", 28, "D00001234", "D\x00\x00\x12\x34"sv},
                    Layout{"BcdTrack2Separator", "bcd", 35, "12=3", "\x04\x12\xd3"sv},
                    Layout{"BcdOddTrack2", "bcd", 35, "1=3", "\x03\x1d\x30"sv},
                    Layout{"BcdCurrencyIsText", "bcd", 49, "036", "036"sv},
                    Layout{"BcdTextHasBcdLength",
                           "bcd",
                           63,
                           "AB",
                           "\x00\x02"
                           "AB"sv},
                    Layout{"BcdIccCountsBytes", "bcd", 55, "9F2701", "\x00\x03\x9f\x27\x01"sv},
                    Layout{"AsciiIccCountsCharacters", "ascii-raw", 55, "9F2701", "0069F2701"sv},
                    Layout{"AsciiMacIsHex", "ascii", 64, "0123456789ABCDEF", "0123456789ABCDEF"sv},
                    Layout{"RawMacIsBytes",
                           "ascii-raw",
                           64,
                           "0123456789ABCDEF",
                           "\x01\x23\x45\x67\x89\xab\xcd\xef"sv}),
    test::case_name<Layout>);

TEST(Codec, PadsOddLlvarOnTheLeftWhereTheHostWantsIt) {
    Dialect left = dialect("bcd");
    left.odd_llvar_pad = Pad::left;
    const auto encoded = encode(with(32, "12345"), left);
    EXPECT_EQ(Bytes(encoded->end() - 4, encoded->end()), bytes_of("\x05\x01\x23\x45"));
    EXPECT_EQ(decode(*encoded, left)->get(32), "12345");
}

TEST(Codec, WritesTheSecondaryBitmapOnlyWhenNeeded) {
    EXPECT_EQ(*encode(with(3, "000000"), dialect("ascii")), bytes_of("01002000000000000000000000"));
    EXPECT_EQ(*encode(with(70, "301"), dialect("ascii")),
              bytes_of("010080000000000000000400000000000000301"));
    EXPECT_EQ(*encode(with(3, "000000"), dialect("ascii-wide")),
              bytes_of("0100A0000000000000000000000000000000000000"));
}

// A host may set bit 1 out of habit, and print its bitmap in small letters.
TEST(Codec, ReadsAnEmptySecondaryBitmapAndSmallHexLetters) {
    const auto decoded =
        decode(bytes_of("0100a0000000000000000000000000000000000000"), dialect("ascii"));
    ASSERT_TRUE(decoded) << decoded.error().detail();
    EXPECT_EQ(*decoded, with(3, "000000"));
}

TEST(Codec, ReadsTrack2WithALetterDAsSeparator) {
    auto bytes = *encode(with(35, "411=25"), dialect("ascii"));
    bytes[bytes.size() - 3] = 'D';
    EXPECT_EQ(decode(bytes, dialect("ascii"))->get(35), "411=25");
}

struct Refusal {
    std::string name;
    std::string_view dialect;
    std::string_view bytes;
    std::string_view detail;
};

class DecodeRefusal : public testing::TestWithParam<Refusal> {};

TEST_P(DecodeRefusal, NamesTheElementAndTheByte) {
    const auto decoded = decode(bytes_of(GetParam().bytes), dialect(GetParam().dialect));
    ASSERT_FALSE(decoded);
    EXPECT_EQ(decoded.error().code(), ErrorCode::invalid_argument);
    EXPECT_EQ(decoded.error().detail(), GetParam().detail);
}

INSTANTIATE_TEST_SUITE_P(
    Inputs,
    DecodeRefusal,
    testing::Values(
        Refusal{"Empty", "ascii", "", "MTI at byte 0: the message ends too early"},
        Refusal{"LettersInMti", "ascii", "01x00000000000000000", "MTI at byte 0: not four digits"},
        Refusal{
            "NoHexBitmap", "ascii", "0100200000000000000G", "bitmap at byte 4: not hexadecimal"},
        Refusal{
            "LetterInNumber", "ascii", "0100200000000000000000000x", "DE3 at byte 20: not a digit"},
        Refusal{"LeftOver",
                "ascii",
                "01002000000000000000000000 ",
                "end at byte 26: bytes are left over"},
        Refusal{"TooLong",
                "ascii",
                "010040000000000000002000000000000000000000",
                "DE2 at byte 20: too long"},
        Refusal{"LengthNotANumber",
                "ascii",
                "010040000000000000001 0",
                "DE2 at byte 20: the length is not a number"},
        Refusal{"ControlCharacter",
                "ascii",
                "01000000000000000002003A\nB",
                "DE63 at byte 20: not printable"},
        Refusal{
            "OddIccText", "ascii", "01000000000000000200003ABC", "DE55 at byte 20: half a byte"},
        Refusal{"FeeWithoutSide",
                "ascii",
                "01000000001000000000X00000000",
                "DE28 at byte 20: neither C nor D"},
        Refusal{"BadNibble",
                "bcd",
                "\x01\x00\x20\x00\x00\x00\x00\x00\x00\x00\x00\x0a\x00"sv,
                "DE3 at byte 10: not a digit"},
        Refusal{"SeparatorInNumber",
                "bcd",
                "\x01\x00\x20\x00\x00\x00\x00\x00\x00\x00\x00\x0d\x00"sv,
                "DE3 at byte 10: not a digit"},
        Refusal{"PaddingOfFixed",
                "bcd",
                "\x01\x00\x00\x00\x20\x00\x00\x00\x00\x00\x10\x76"sv,
                "DE19 at byte 10: the padding is not zero"},
        Refusal{"PaddingOfVariable",
                "bcd",
                "\x01\x00\x00\x00\x00\x01\x00\x00\x00\x00\x03\x12\x35"sv,
                "DE32 at byte 10: the padding is not zero"},
        Refusal{"WideWithoutBit1",
                "ascii-wide",
                "010020000000000000000000000000000000000000",
                "bitmap at byte 4: bit 1 is off, and must be on here"}),
    test::case_name<Refusal>);

TEST(Codec, RefusesToWriteWhatNoHostCouldRead) {
    EXPECT_FALSE(encode(with(1, "x"), dialect("ascii")));
    EXPECT_FALSE(encode(with(129, "x"), dialect("ascii")));
    EXPECT_FALSE(encode(with(4, "1234"), dialect("ascii")));
    EXPECT_FALSE(encode(with(52, "0123456789abcdef"), dialect("ascii")));
    EXPECT_FALSE(encode(Message{.mti = "010", .fields = {}}, dialect("ascii")));
    // The card number itself must never reach an error, which is logged.
    const auto wrong = encode(with(2, "4761739001010119x"), dialect("ascii"));
    EXPECT_EQ(wrong.error().detail(), "DE2: not a digit");
}

RC_GTEST_PROP(CodecProperty, EveryMessageComesBackFromEveryDialect, (std::uint64_t seed)) {
    test::Dice dice(seed);
    const Message message = test::any_message(dice);
    for (const Dialect& each : all_dialects()) {
        const auto encoded = encode(message, each);
        RC_ASSERT(encoded.has_value());
        const auto decoded = decode(*encoded, each);
        RC_ASSERT(decoded.has_value());
        RC_ASSERT(*decoded == message);
    }
}

// Most libraries read a message with one byte too many as if nothing had happened.
RC_GTEST_PROP(CodecProperty, NothingShorterOrLongerIsRead, (std::uint64_t seed)) {
    test::Dice dice(seed);
    const Message message = test::any_message(dice);
    for (const Dialect& each : all_dialects()) {
        Bytes bytes = *encode(message, each);
        for (std::size_t length = 0; length < bytes.size(); length += 1 + bytes.size() / 300) {
            RC_ASSERT(!decode(std::span(bytes).first(length), each).has_value());
        }
        RC_ASSERT(!decode(std::span(bytes).first(bytes.size() - 1), each).has_value());
        bytes.push_back(static_cast<std::uint8_t>(dice.below(256)));
        RC_ASSERT(!decode(bytes, each).has_value());
    }
}

// What is read is written again as the same bytes, but for the documented liberties: letter case
// of hexadecimal, D in track 2, an empty secondary bitmap. So a second reading must agree.
RC_GTEST_PROP(CodecProperty, AnyBytesAreReadOrRefused, (std::uint64_t seed, const Bytes& noise)) {
    test::Dice dice(seed);
    for (const Dialect& each : all_dialects()) {
        (void)decode(noise, each);
        Bytes bytes = *encode(test::any_message(dice), each);
        for (std::size_t i = dice.below(4); i > 0; --i) {
            bytes[dice.below(bytes.size())] = static_cast<std::uint8_t>(dice.below(256));
        }
        if (const auto decoded = decode(bytes, each)) {
            RC_ASSERT(*decode(*encode(*decoded, each), each) == *decoded);
        }
    }
}

TEST(Loggable, ShowsNoSecret) {
    const Message message{.mti = "0100",
                          .fields = {{2, "4761739001010119"},
                                     {3, "000000"},
                                     {14, "3012"},
                                     {35, "4761739001010119=3012"},
                                     {48, "EC00205"},
                                     {52, "0123456789ABCDEF"},
                                     {55, "5A084761739001010119"},
                                     {63, "PRIVATE"},
                                     {102, "ACC1"}}};
    EXPECT_EQ(loggable(message), "0100 DE2=476173******0119 DE3=000000");
    EXPECT_EQ(loggable(with(2, "4111")), "0100 DE2=****");
}

TEST(Dialect, UnknownNameListsTheKnownOnes) {
    EXPECT_EQ(find_dialect("ebcdic").error().detail(),
              "no ISO 8583 dialect of this name; there are ascii, ascii-bb, ascii-raw, ascii-wide, "
              "bcd");
}

}  // namespace
}  // namespace causeway::connectors::card
