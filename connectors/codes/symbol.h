// SPDX-License-Identifier: Apache-2.0
//
// Barcodes and QR codes: first as modules, which a document draws as vectors, then as PNG or SVG
// where a picture is wanted. The same content always gives the same bytes; no file is written.
//
// A symbol is unreadable without its quiet zone. The QR pictures have theirs inside; bars have
// none, since a page lays them out to the millimetre.
#pragma once

#include "ledger/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace causeway::connectors::codes {

/// Units: modules; a wide element has three.
struct Bars {
    std::vector<int> widths;  ///< A bar, a space, a bar, ...; begins and ends with a bar.

    /// In modules.
    [[nodiscard]] int width() const noexcept;
};

/// Interleaved 2 of 5, without a check digit of its own.
///
/// Errors: `invalid_argument` unless the digits are an even number from 2 to 80.
/// Source: Banco do Brasil, Especificações Técnicas para Confecção de Boleto, January 2016.
[[nodiscard]] Result<Bars> interleaved_2_of_5(std::string_view digits);

/// A square of modules, without quiet zone.
struct Matrix {
    int side = 0;
    std::vector<bool> dark;  ///< Row by row.

    [[nodiscard]] bool at(int column, int row) const {
        return dark[static_cast<std::size_t>(row) * static_cast<std::size_t>(side) +
                    static_cast<std::size_t>(column)];
    }
};

/// QR with error correction M; the bytes go in as they are.
///
/// Errors: `invalid_argument` if there is none, or more than a symbol holds (2331 bytes).
[[nodiscard]] Result<Matrix> qr_code(std::string_view bytes);

/// Units: millimetres, exactly.
[[nodiscard]] std::string to_svg(const Bars& bars, int width, int height);

/// `side` counts the quiet zone of four modules.
/// Units: millimetres.
[[nodiscard]] std::string to_svg(const Matrix& matrix, int side);

/// With a quiet zone of ten modules at both ends.
/// Units: `module` and `height` in pixels. Requires both positive.
[[nodiscard]] std::string to_png(const Bars& bars, int module, int height);

/// With a quiet zone of four modules.
/// Units: `module` in pixels. Requires it positive.
[[nodiscard]] std::string to_png(const Matrix& matrix, int module);

}  // namespace causeway::connectors::codes
