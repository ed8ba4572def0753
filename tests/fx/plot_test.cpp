// SPDX-License-Identifier: Apache-2.0
#include "fx/plot.h"

#include "tests/support/source_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <rapidcheck.h>
#include <sstream>
#include <string>
#include <vector>

namespace causeway::fx {
namespace {

Day day(std::string_view text) {
    return *parse_day(text);
}

// To read a new picture: look at it, and then put it into tests/fx/data/.
std::string golden(const std::string& name) {
    std::ifstream file(test::source_folder() + "/tests/fx/data/" + name);
    EXPECT_TRUE(file) << name;
    std::ostringstream content;
    content << file.rdbuf();
    return content.str();
}

// A hundred days that rise, fall to the lowest and rise again, weekends left out.
std::vector<PairRate> waves() {
    std::vector<PairRate> rates;
    for (int i = 0; i < 100; ++i) {
        if (i % 7 > 4) continue;
        const int height = i < 40   ? 50'000 + 150 * i
                           : i < 70 ? 56'000 - 320 * (i - 40)
                                    : 46'400 + 90 * (i - 70);
        rates.push_back(
            {day("2026-01-05") + std::chrono::days(i), *Decimal::from_parts(height, 4)});
    }
    return rates;
}

TEST(Plot, InBrailleIsWhatItWas) {
    EXPECT_EQ(*plot_text(waves(), {.title = "USD/BRL, made up", .width = 40, .height = 8}),
              golden("plot-braille.txt"));
}

TEST(Plot, InAsciiIsWhatItWas) {
    EXPECT_EQ(
        *plot_text(waves(),
                   {.title = "USD/BRL, made up", .width = 40, .height = 8, .ink = PlotInk::ascii}),
        golden("plot-ascii.txt"));
}

TEST(Plot, AsSvgIsWhatItWas) {
    EXPECT_EQ(*plot_svg(waves(), {.title = "USD/BRL <made up>", .width = 400, .height = 160}),
              golden("plot.svg"));
}

TEST(Plot, OfOneDayAndOfARateThatNeverMovesLiesInTheMiddle) {
    const TextPlot plot{.title = "x", .width = 10, .height = 3, .ink = PlotInk::ascii};
    const std::vector<PairRate> one{{day("2026-04-13"), *Decimal::parse("5.5")}};
    EXPECT_EQ(*plot_text(one, plot),
              "x\n5.5 |\n    |*\n5.5 |\n     2026-04-13\n"
              "lowest 5.5 (2026-04-13), highest 5.5 (2026-04-13), last 5.5 (2026-04-13)\n");
    const std::vector<PairRate> two{one.front(), {day("2026-04-14"), one.front().value}};
    EXPECT_NE(plot_text(two, plot)->find("    |**********\n"), std::string::npos);
}

TEST(Plot, RefusesWhatItCanNotDraw) {
    EXPECT_EQ(plot_text({}, {}).error().code(), ErrorCode::not_found);
    EXPECT_EQ(plot_svg({}, {}).error().code(), ErrorCode::not_found);
    EXPECT_EQ(plot_text(waves(), {.width = 9}).error().code(), ErrorCode::invalid_argument);
    EXPECT_EQ(plot_text(waves(), {.height = 1}).error().code(), ErrorCode::invalid_argument);
    EXPECT_EQ(plot_svg(waves(), {.width = 5'000}).error().code(), ErrorCode::invalid_argument);
    EXPECT_EQ(plot_svg(waves(), {.height = 79}).error().code(), ErrorCode::invalid_argument);
}

// Rates of any size fit into any picture, and every line keeps to its width.
TEST(Plot, StaysInsideItsFrame) {
    EXPECT_TRUE(rc::check("any rates", [] {
        std::vector<PairRate> rates;
        Day at = day("2020-01-01");
        for (int count = *rc::gen::inRange(1, 50); count > 0; --count) {
            at += std::chrono::days(*rc::gen::inRange(1, 400));
            const auto mantissa = *rc::gen::inRange<std::int64_t>(1, 999'999'999'999'999'999);
            rates.push_back({at, *Decimal::from_parts(mantissa, *rc::gen::inRange(0, 19))});
        }
        const TextPlot plot{.title = "x",
                            .width = *rc::gen::inRange(10, 60),
                            .height = *rc::gen::inRange(2, 30),
                            .ink = PlotInk::ascii};
        const std::string text = *plot_text(rates, plot);
        RC_ASSERT(std::ranges::count(text, '\n') == plot.height + 3);
        std::istringstream lines(text);
        std::string line;
        std::getline(lines, line);
        for (int row = 0; row < plot.height; ++row) {
            std::getline(lines, line);
            const std::size_t bar = line.find('|');
            RC_ASSERT(bar != std::string::npos);
            RC_ASSERT(line.size() - bar - 1 <= static_cast<std::size_t>(plot.width));
        }
        RC_ASSERT(plot_text(rates, {.title = "x", .width = plot.width, .height = plot.height}));
        RC_ASSERT(plot_svg(rates, {.title = "x"}));
    }));
}

}  // namespace
}  // namespace causeway::fx
