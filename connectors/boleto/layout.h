// SPDX-License-Identifier: Apache-2.0
//
// Where each text of a boleto stands, for both renderers.
//
// Units: tenths of a millimetre, from the upper left corner of the part.
#pragma once

#include "connectors/boleto/document.h"

#include <string>
#include <string_view>
#include <vector>

namespace causeway::connectors::boleto {

enum class CellStyle {
    plain,
    right,      ///< The value at the right edge, in bold.
    bank,       ///< The bank's name.
    bank_code,  ///< Type of 5 mm.
    line,       ///< The digitable line: type between 3.5 and 4.5 mm.
    caption,    ///< No border.
};

struct Box {
    int x = 0;
    int y = 0;
    int width = 0;
    int height = 0;
};

struct Cell {
    Box box;
    std::string_view label;
    std::string value;  ///< Lines end with LF.
    CellStyle style = CellStyle::plain;
};

constexpr int kPageWidth = 2100;
constexpr int kPageHeight = 2970;
constexpr int kPartWidth = 1860;
/// The ficha may be 170 to 216 mm by 95 to 108 mm.
constexpr int kCompensationHeight = 1050;
constexpr int kReceiptHeight = 1400;

constexpr Box kReceiptOnPage{120, 120, kPartWidth, kReceiptHeight};
constexpr Box kCompensationOnPage{120, 1790, kPartWidth, kCompensationHeight};
constexpr int kCutOnPage = 1750;

/// 103 mm by 13 mm with 5 mm of quiet before it; its middle is 12 mm above the lower edge.
constexpr Box kBarcode{50, kCompensationHeight - 120 - 65, 1030, 130};
constexpr Box kCompensationPix{1145, 449, 240, 240};
constexpr Box kReceiptPix{30, 800, 450, 450};

/// Recibo do pagador.
[[nodiscard]] std::vector<Cell> receipt_cells(const Document& document);

/// Ficha de compensação.
[[nodiscard]] std::vector<Cell> compensation_cells(const Document& document);

}  // namespace causeway::connectors::boleto
