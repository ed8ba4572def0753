// SPDX-License-Identifier: Apache-2.0
//
// A pair's history as a picture: for a terminal, and as SVG. Whole numbers throughout, so that the
// same rates give the same bytes on every machine.
#pragma once

#include "fx/rates_store.h"
#include "ledger/result.h"

#include <span>
#include <string>

namespace causeway::fx {

enum class PlotInk {
    ascii,    ///< An asterisk a point, for terminals that know nothing else.
    braille,  ///< UTF-8, two by four points in each character.
};

inline constexpr int kPlotWidthMax = 4'096;
inline constexpr int kPlotHeightMax = 4'096;

struct TextPlot {
    std::string title;  ///< "USD/BRL, ECB".
    int width = 72;     ///< Of the drawing alone, without the axis. Units: characters.
    int height = 16;    ///< Units: lines.
    PlotInk ink = PlotInk::braille;
};

/// The title, the drawing with the highest and the lowest rate at its axis, the first and the last
/// day below it, and a line with the lowest, the highest and the last rate and their days. Every
/// line ends with a line feed and none with a space.
///
/// Requires the rates of load_pair_rates(), oldest first.
/// Errors: `not_found` when there are none; `invalid_argument` unless 10 <= width <= kPlotWidthMax
/// and 2 <= height <= kPlotHeightMax.
[[nodiscard]] Result<std::string> plot_text(std::span<const PairRate> rates, const TextPlot& plot);

/// Units: user units of SVG, which browsers take for pixels.
struct SvgPlot {
    std::string title;
    int width = 800;
    int height = 320;
};

/// A document of its own: one line in the colour of the text around it, four labels, the title for
/// those who can not see it. No style, no script, nothing fetched.
///
/// Requires as plot_text(). Errors: `not_found`; `invalid_argument` unless 200 <= width <=
/// kPlotWidthMax and 80 <= height <= kPlotHeightMax.
[[nodiscard]] Result<std::string> plot_svg(std::span<const PairRate> rates, const SvgPlot& plot);

}  // namespace causeway::fx
