// SPDX-License-Identifier: Apache-2.0
#include "connectors/codes/symbol.h"

#include "tests/support/read_back.h"

#include <gtest/gtest.h>

namespace causeway::connectors::codes {
namespace {

constexpr std::string_view kBarcode = "00193373700000001000500940144816060680935031";
constexpr std::string_view kPix =
    "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-426655440000"
    "5204000053039865802BR5913Fulano de Tal6008BRASILIA62070503***63041D3D";

TEST(Symbol, HasTheElementsOfInterleavedTwoOfFive) {
    const auto bars = interleaved_2_of_5(kBarcode);
    ASSERT_TRUE(bars);
    // Four to start, ten a pair of digits, three to stop.
    EXPECT_EQ(bars->widths.size(), 227U);
    EXPECT_EQ(bars->width(), 405);
    const auto small = interleaved_2_of_5("12");
    EXPECT_EQ(small->widths, (std::vector<int>{1, 1, 1, 1, 3, 1, 1, 3, 1, 1, 1, 1, 3, 3, 3, 1, 1}));
}

TEST(Symbol, RefusesWhatCannotBeDrawn) {
    EXPECT_FALSE(interleaved_2_of_5(""));
    EXPECT_FALSE(interleaved_2_of_5("123"));
    EXPECT_FALSE(interleaved_2_of_5("1A"));
    EXPECT_FALSE(interleaved_2_of_5(std::string(82, '1')));
    EXPECT_FALSE(qr_code(""));
    EXPECT_TRUE(qr_code(std::string(2331, 'a')));
    EXPECT_FALSE(qr_code(std::string(2332, 'a')));
    EXPECT_FALSE(qr_code(std::string(1'000'000, 'a')));
}

TEST(Symbol, IsAnSvgOfTheAskedSize) {
    const std::string bars = to_svg(*interleaved_2_of_5("12"), 103, 13);
    EXPECT_TRUE(
        bars.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"103mm\" "
                         "height=\"13mm\" viewBox=\"0 0 27 1\""))
        << bars;
    EXPECT_NE(bars.find("M0 0h1v1h-1zM2 0h1v1h-1zM4 0h3v1h-3z"), std::string::npos) << bars;
    const std::string matrix = to_svg(*qr_code("a"), 30);
    EXPECT_NE(matrix.find("width=\"30mm\" height=\"30mm\" viewBox=\"0 0 29 29\""),
              std::string::npos);
}

TEST(Symbol, IsTheSameTwice) {
    EXPECT_EQ(to_png(*interleaved_2_of_5(kBarcode), 2, 60),
              to_png(*interleaved_2_of_5(kBarcode), 2, 60));
    EXPECT_EQ(to_png(*qr_code(kPix), 3), to_png(*qr_code(kPix), 3));
}

TEST(Symbol, IsReadBackByAStranger) {
    if (!test::has_program("zbarimg")) GTEST_SKIP() << "zbarimg (zbar-tools) is not installed";
    EXPECT_EQ(test::read_back("zbarimg -q --raw -Sdisable -Si25.enable FILE",
                              to_png(*interleaved_2_of_5(kBarcode), 2, 60)),
              std::string(kBarcode) + "\n");
    EXPECT_EQ(test::read_back("zbarimg -q --raw FILE", to_png(*qr_code(kPix), 4)),
              std::string(kPix) + "\n");
}

}  // namespace
}  // namespace causeway::connectors::codes
