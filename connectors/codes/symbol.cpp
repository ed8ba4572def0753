// SPDX-License-Identifier: Apache-2.0
#include "connectors/codes/symbol.h"

#include "connectors/codes/digits.h"

#include <cairo.h>
#include <memory>
#include <numeric>
#include <zint.h>

namespace causeway::connectors::codes {
namespace {

constexpr std::size_t kInterleavedMax = 80;
constexpr int kQrQuietZone = 4;
constexpr int kBarsQuietZone = 10;
constexpr int kQrCorrectionM = 2;

Error wrong(std::string_view what) {
    return Error(ErrorCode::invalid_argument, "symbol: " + std::string(what));
}

struct DeleteSymbol {
    void operator()(zint_symbol* symbol) const noexcept { ZBarcode_Delete(symbol); }
};
using ZintSymbol = std::unique_ptr<zint_symbol, DeleteSymbol>;

// Null if zint refuses the content; its own messages repeat it.
ZintSymbol encoded(int symbology, std::string_view content) {
    ZintSymbol symbol(ZBarcode_Create());
    if (!symbol || content.empty()) return nullptr;
    symbol->symbology = symbology;
    if (symbology == BARCODE_QRCODE) symbol->option_1 = kQrCorrectionM;
    const int outcome = ZBarcode_Encode(symbol.get(),
                                        reinterpret_cast<const unsigned char*>(content.data()),
                                        static_cast<int>(content.size()));
    return outcome < ZINT_ERROR ? std::move(symbol) : nullptr;
}

bool is_dark(const zint_symbol& symbol, int column, int row) {
    const unsigned byte = symbol.encoded_data[row][column / 8];
    return ((byte >> static_cast<unsigned>(column % 8)) & 1U) != 0;
}

std::string rectangle(int column, int row, int width, int height) {
    return "M" + std::to_string(column) + " " + std::to_string(row) + "h" + std::to_string(width) +
           "v" + std::to_string(height) + "h-" + std::to_string(width) + "z";
}

struct Millimetres {
    int width;
    int height;
};

std::string svg(Millimetres size, std::string_view view_box, std::string_view path) {
    std::string text = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"";
    text += std::to_string(size.width) + "mm\" height=\"" + std::to_string(size.height);
    text += "mm\" viewBox=\"" + std::string(view_box);
    text +=
        "\" preserveAspectRatio=\"none\" shape-rendering=\"crispEdges\"><path fill=\"#000\" d=\"";
    return text + std::string(path) + "\"/></svg>";
}

struct DestroySurface {
    void operator()(cairo_surface_t* surface) const noexcept { cairo_surface_destroy(surface); }
};
using Surface = std::unique_ptr<cairo_surface_t, DestroySurface>;

cairo_status_t append(void* text, const unsigned char* data, unsigned size) {
    static_cast<std::string*>(text)->append(reinterpret_cast<const char*>(data), size);
    return CAIRO_STATUS_SUCCESS;
}

// A picture in grey, each pixel black where `dark(x, y)`.
template <class Dark>
std::string png(int width, int height, Dark dark) {
    const Surface surface(cairo_image_surface_create(CAIRO_FORMAT_A8, width, height));
    unsigned char* pixels = cairo_image_surface_get_data(surface.get());
    if (pixels == nullptr) throw std::bad_alloc();
    const int stride = cairo_image_surface_get_stride(surface.get());
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            pixels[y * stride + x] = dark(x, y) ? 0 : 255;
        }
    }
    cairo_surface_mark_dirty(surface.get());
    std::string bytes;
    cairo_surface_write_to_png_stream(surface.get(), append, &bytes);
    return bytes;
}

// One entry a module.
std::vector<bool> modules_of(const Bars& bars) {
    std::vector<bool> modules;
    bool bar = true;
    for (const int width : bars.widths) {
        modules.insert(modules.end(), static_cast<std::size_t>(width), bar);
        bar = !bar;
    }
    return modules;
}

}  // namespace

int Bars::width() const noexcept {
    return std::accumulate(widths.begin(), widths.end(), 0);
}

Result<Bars> interleaved_2_of_5(std::string_view digits) {
    if (digits.empty() || digits.size() % 2 != 0 || digits.size() > kInterleavedMax ||
        !all_digits(digits)) {
        return wrong("an even number of digits, 2 to 80, is wanted");
    }
    const ZintSymbol symbol = encoded(BARCODE_C25INTER, digits);
    if (!symbol) return wrong("these digits make no bars");
    Bars bars{.widths = {0}};
    bool bar = true;
    for (int column = 0; column < symbol->width; ++column) {
        if (is_dark(*symbol, column, 0) != bar) {
            bars.widths.push_back(0);
            bar = !bar;
        }
        ++bars.widths.back();
    }
    return bars;
}

Result<Matrix> qr_code(std::string_view bytes) {
    const ZintSymbol symbol = encoded(BARCODE_QRCODE, bytes);
    if (!symbol) return wrong("1 to 2331 bytes are wanted");
    Matrix matrix{.side = symbol->width, .dark = {}};
    for (int row = 0; row < symbol->rows; ++row) {
        for (int column = 0; column < symbol->width; ++column) {
            matrix.dark.push_back(is_dark(*symbol, column, row));
        }
    }
    return matrix;
}

std::string to_svg(const Bars& bars, int width, int height) {
    std::string path;
    int at = 0;
    bool bar = true;
    for (const int element : bars.widths) {
        if (bar) path += rectangle(at, 0, element, 1);
        at += element;
        bar = !bar;
    }
    return svg({width, height}, "0 0 " + std::to_string(bars.width()) + " 1", path);
}

std::string to_svg(const Matrix& matrix, int side) {
    std::string path;
    for (int row = 0; row < matrix.side; ++row) {
        for (int column = 0; column < matrix.side; ++column) {
            if (matrix.at(column, row)) {
                path += rectangle(column + kQrQuietZone, row + kQrQuietZone, 1, 1);
            }
        }
    }
    const std::string whole = std::to_string(matrix.side + 2 * kQrQuietZone);
    return svg({side, side}, "0 0 " + whole + " " + whole, path);
}

std::string to_png(const Bars& bars, int module, int height) {
    const std::vector<bool> modules = modules_of(bars);
    const int width = (bars.width() + 2 * kBarsQuietZone) * module;
    return png(width, height, [&](int x, int) {
        const int at = x / module - kBarsQuietZone;
        return at >= 0 && at < bars.width() && modules[static_cast<std::size_t>(at)];
    });
}

std::string to_png(const Matrix& matrix, int module) {
    const int side = (matrix.side + 2 * kQrQuietZone) * module;
    return png(side, side, [&](int x, int y) {
        const int column = x / module - kQrQuietZone;
        const int row = y / module - kQrQuietZone;
        return column >= 0 && row >= 0 && column < matrix.side && row < matrix.side &&
               matrix.at(column, row);
    });
}

}  // namespace causeway::connectors::codes
