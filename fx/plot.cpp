// SPDX-License-Identifier: Apache-2.0
#include "fx/plot.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

namespace causeway::fx {
namespace {

// From the left and from below, both from 0.
struct Point {
    std::int64_t x;
    std::int64_t y;
};

// Every rate in a grid of `columns` by `rows` points: the first day left, the last one right, the
// lowest rate below, the highest above. A rate that never moved lies in the middle.
std::vector<Point> points_of(std::span<const PairRate> rates,
                             std::int64_t columns,
                             std::int64_t rows) {
    int scale = 0;
    for (const PairRate& rate : rates)
        scale = std::max(scale, rate.value.scale());
    std::vector<Int128> values;
    for (const PairRate& rate : rates)
        values.push_back(rate.value.mantissa() * power_of_ten(scale - rate.value.scale()));
    // Digits that no picture shows; without them the products below fit.
    while (std::ranges::max(values) >= power_of_ten(30)) {
        for (Int128& value : values)
            value /= 10;
    }
    const auto [low, high] = std::ranges::minmax(values);
    const auto days = (rates.back().day - rates.front().day).count();
    std::vector<Point> points;
    for (std::size_t i = 0; i < rates.size(); ++i) {
        const auto since = (rates[i].day - rates.front().day).count();
        const Int128 y = high == low ? Int128{rows / 2}
                                     : divide_half_even((values[i] - low) * (rows - 1), high - low);
        points.push_back(
            {days == 0 ? 0 : since * (columns - 1) / days, static_cast<std::int64_t>(y)});
    }
    return points;
}

// A grid of points that are set or not.
class Canvas {
  public:
    Canvas(std::int64_t columns, std::int64_t rows)
        : columns_(columns), set_(static_cast<std::size_t>(columns * rows)) {}

    /// Every point on the way from one to the other: Bresenham's line.
    void line(Point from, Point to) {
        const std::int64_t dx = to.x - from.x;  // never negative: time runs to the right
        const std::int64_t dy = std::abs(to.y - from.y);
        const std::int64_t up = to.y < from.y ? -1 : 1;
        std::int64_t error = dx - dy;
        for (;;) {
            set_[index(from.x, from.y)] = true;
            if (from.x == to.x && from.y == to.y) return;
            const std::int64_t twice = 2 * error;
            if (twice > -dy) {
                error -= dy;
                ++from.x;
            }
            if (twice < dx) {
                error += dx;
                from.y += up;
            }
        }
    }
    [[nodiscard]] bool at(std::int64_t x, std::int64_t y) const { return set_[index(x, y)]; }

  private:
    [[nodiscard]] std::size_t index(std::int64_t x, std::int64_t y) const {
        return static_cast<std::size_t>(y * columns_ + x);
    }

    std::int64_t columns_;
    std::vector<bool> set_;
};

// The character of Unicode's block of braille patterns, U+2800 and on, in UTF-8.
std::string braille(unsigned dots) {
    const unsigned code = 0x2800 + dots;
    return {static_cast<char>(0xE0 | (code >> 12)),
            static_cast<char>(0x80 | ((code >> 6) & 0x3F)),
            static_cast<char>(0x80 | (code & 0x3F))};
}

// The dots of one character: two columns, four rows, numbered as Unicode does.
std::string braille_cell(const Canvas& canvas, std::int64_t column, std::int64_t row) {
    constexpr unsigned kBits[4][2] = {{0x40, 0x80}, {0x04, 0x20}, {0x02, 0x10}, {0x01, 0x08}};
    unsigned dots = 0;
    for (std::int64_t y = 0; y < 4; ++y) {
        for (std::int64_t x = 0; x < 2; ++x) {
            if (canvas.at(2 * column + x, 4 * row + y)) dots |= kBits[y][x];
        }
    }
    return dots == 0 ? " " : braille(dots);
}

// One line of the drawing, without the blanks behind its end.
std::string drawn_row(const Canvas& canvas, const TextPlot& plot, std::int64_t row) {
    std::string text;
    std::size_t end = 0;
    for (std::int64_t column = 0; column < plot.width; ++column) {
        const std::string cell = plot.ink == PlotInk::braille ? braille_cell(canvas, column, row)
                                 : canvas.at(column, row)     ? "*"
                                                              : " ";
        text += cell;
        if (cell != " ") end = text.size();
    }
    text.resize(end);
    return text;
}

struct Extremes {
    PairRate low;
    PairRate high;
};

// Of equal ones the earliest.
Extremes extremes_of(std::span<const PairRate> rates) {
    return {*std::ranges::min_element(rates, {}, &PairRate::value),
            *std::ranges::max_element(rates, {}, &PairRate::value)};
}

std::string padded(std::string_view text, std::size_t width) {
    return std::string(width - std::min(width, text.size()), ' ') + std::string(text);
}

// "2025-01-02      2026-04-13" over `width` characters.
std::string ends_of(std::span<const PairRate> rates, int width) {
    const std::string first = to_text(rates.front().day);
    const std::string last = to_text(rates.back().day);
    const auto both = first.size() + last.size() + 1;
    if (rates.size() == 1 || static_cast<std::size_t>(width) < both) return first;
    return first + padded(last, static_cast<std::size_t>(width) - first.size());
}

std::string with_day(std::string_view what, const PairRate& rate) {
    return std::string(what) + " " + rate.value.to_string() + " (" + to_text(rate.day) + ")";
}

Result<void> check(bool right_size, std::span<const PairRate> rates) {
    if (!right_size) {
        return Error(ErrorCode::invalid_argument, "a plot can not have this width and height");
    }
    if (rates.empty()) return Error(ErrorCode::not_found, "there are no rates to plot");
    return {};
}

std::string escaped(std::string_view text) {
    std::string safe;
    for (const char c : text) {
        switch (c) {
            case '&': safe += "&amp;"; break;
            case '<': safe += "&lt;"; break;
            case '>': safe += "&gt;"; break;
            case '"': safe += "&quot;"; break;
            default: safe += c;
        }
    }
    return safe;
}

std::string svg_label(std::int64_t x,
                      std::int64_t y,
                      std::string_view anchor,
                      std::string_view what) {
    return "<text x=\"" + std::to_string(x) + "\" y=\"" + std::to_string(y) + "\" text-anchor=\"" +
           std::string(anchor) + "\">" + std::string(what) + "</text>\n";
}

}  // namespace

Result<std::string> plot_text(std::span<const PairRate> rates, const TextPlot& plot) {
    const bool right_size = plot.width >= 10 && plot.width <= kPlotWidthMax && plot.height >= 2 &&
                            plot.height <= kPlotHeightMax;
    const Result<void> fine = check(right_size, rates);
    if (!fine) return fine.error();
    const bool fine_ink = plot.ink == PlotInk::braille;
    const std::int64_t columns = plot.width * (fine_ink ? 2 : 1);
    const std::int64_t rows = plot.height * (fine_ink ? 4 : 1);
    const std::vector<Point> points = points_of(rates, columns, rows);
    Canvas canvas(columns, rows);
    for (std::size_t i = 0; i < points.size(); ++i)
        canvas.line(points[i == 0 ? 0 : i - 1], points[i]);

    const Extremes extremes = extremes_of(rates);
    const std::string high = extremes.high.value.to_string();
    const std::string low = extremes.low.value.to_string();
    const std::size_t margin = std::max(high.size(), low.size());
    const std::string bar = fine_ink ? "\u2502" : "|";
    std::string text = plot.title + "\n";
    for (std::int64_t row = plot.height - 1; row >= 0; --row) {
        const std::string_view label = row == plot.height - 1 ? std::string_view(high)
                                       : row == 0             ? std::string_view(low)
                                                              : "";
        text += padded(label, margin) + " " + bar + drawn_row(canvas, plot, row) + "\n";
    }
    text += std::string(margin + 2, ' ') + ends_of(rates, plot.width) + "\n";
    return text + with_day("lowest", extremes.low) + ", " + with_day("highest", extremes.high) +
           ", " + with_day("last", rates.back()) + "\n";
}

Result<std::string> plot_svg(std::span<const PairRate> rates, const SvgPlot& plot) {
    const bool right_size = plot.width >= 200 && plot.width <= kPlotWidthMax && plot.height >= 80 &&
                            plot.height <= kPlotHeightMax;
    const Result<void> fine = check(right_size, rates);
    if (!fine) return fine.error();
    constexpr std::int64_t kLeft = 100;
    constexpr std::int64_t kRight = 10;
    constexpr std::int64_t kTop = 30;
    constexpr std::int64_t kBottom = 30;
    const std::int64_t right = plot.width - kRight;
    const std::int64_t bottom = plot.height - kBottom;
    std::string line;
    for (const Point& point : points_of(rates, right - kLeft + 1, bottom - kTop + 1)) {
        line += (line.empty() ? "" : " ") + std::to_string(kLeft + point.x) + "," +
                std::to_string(bottom - point.y);
    }
    const Extremes extremes = extremes_of(rates);
    const std::string size =
        std::to_string(plot.width) + "\" height=\"" + std::to_string(plot.height);
    const std::string box = std::to_string(plot.width) + " " + std::to_string(plot.height);
    const std::string title = escaped(plot.title);
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + size + "\" viewBox=\"0 0 " + box +
           "\" role=\"img\" font-family=\"sans-serif\" font-size=\"12\" fill=\"currentColor\">\n" +
           "<title>" + title + "</title>\n" + svg_label(kLeft, 18, "start", title) +
           svg_label(kLeft - 8, kTop + 4, "end", extremes.high.value.to_string()) +
           svg_label(kLeft - 8, bottom + 4, "end", extremes.low.value.to_string()) +
           svg_label(kLeft, plot.height - 8, "start", to_text(rates.front().day)) +
           svg_label(right, plot.height - 8, "end", to_text(rates.back().day)) +
           "<polyline fill=\"none\" stroke=\"currentColor\" stroke-width=\"1\" points=\"" + line +
           "\"/>\n</svg>\n";
}

}  // namespace causeway::fx
