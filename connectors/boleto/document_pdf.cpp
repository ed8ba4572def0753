// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/document_pdf.h"

#include "connectors/boleto/layout.h"

#include <date/date.h>

#include <cairo-pdf.h>
#include <memory>
#include <pango/pangocairo.h>

namespace causeway::connectors::boleto {
namespace {

constexpr double kPointsPerTenth = 72.0 / 254.0;
constexpr double kBorder = 2;
constexpr int kPadding = 8;
constexpr int kLabelSize = 20;
constexpr int kLabelHeight = 26;

// Units: tenths of a millimetre.
struct Type {
    int size;
    bool bold;
    PangoAlignment alignment;
};

template <class T, void (*Destroy)(T*)>
struct Deleter {
    void operator()(T* object) const noexcept { Destroy(object); }
};
using Surface = std::unique_ptr<cairo_surface_t, Deleter<cairo_surface_t, cairo_surface_destroy>>;
using Canvas = std::unique_ptr<cairo_t, Deleter<cairo_t, cairo_destroy>>;
using Font = std::unique_ptr<PangoFontDescription,
                             Deleter<PangoFontDescription, pango_font_description_free>>;

void unref(PangoLayout* layout) {
    g_object_unref(layout);
}
using TextLayout = std::unique_ptr<PangoLayout, Deleter<PangoLayout, unref>>;

Type type_of(CellStyle style) {
    switch (style) {
        case CellStyle::plain:
        case CellStyle::caption: return {28, false, PANGO_ALIGN_LEFT};
        case CellStyle::right: return {28, true, PANGO_ALIGN_RIGHT};
        case CellStyle::bank: return {40, true, PANGO_ALIGN_CENTER};
        case CellStyle::bank_code: return {50, true, PANGO_ALIGN_CENTER};
        case CellStyle::line: return {37, false, PANGO_ALIGN_RIGHT};
    }
    return {28, false, PANGO_ALIGN_LEFT};
}

bool is_centred(CellStyle style) {
    return style == CellStyle::bank || style == CellStyle::bank_code || style == CellStyle::line;
}

void set_type(PangoLayout* layout, const Type& type) {
    const Font font(
        pango_font_description_from_string(type.bold ? "DejaVu Sans Bold" : "DejaVu Sans"));
    pango_font_description_set_absolute_size(font.get(), type.size * PANGO_SCALE);
    pango_layout_set_font_description(layout, font.get());
}

bool fits(PangoLayout* layout, const Box& box) {
    int width = 0;
    int height = 0;
    pango_layout_get_size(layout, &width, &height);
    return width <= box.width * PANGO_SCALE && height <= box.height * PANGO_SCALE;
}

// False if it has no room even in the smallest type.
bool draw_text(cairo_t* canvas, const Box& box, std::string_view text, Type type) {
    const TextLayout layout(pango_cairo_create_layout(canvas));
    pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
    pango_layout_set_width(layout.get(), box.width * PANGO_SCALE);
    pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(layout.get(), type.alignment);
    // A name in another script must not turn the line.
    pango_layout_set_auto_dir(layout.get(), FALSE);
    const int smallest = type.size * 3 / 5;
    for (set_type(layout.get(), type); !fits(layout.get(), box); set_type(layout.get(), type)) {
        if (--type.size < smallest) return false;
    }
    cairo_move_to(canvas, box.x, box.y);
    pango_cairo_show_layout(canvas, layout.get());
    return true;
}

bool draw_cell(cairo_t* canvas, const Cell& cell) {
    const Box& box = cell.box;
    if (cell.style != CellStyle::caption) {
        cairo_rectangle(canvas, box.x, box.y, box.width, box.height);
        cairo_stroke(canvas);
    }
    Box text{box.x + kPadding, box.y + 3, box.width - 2 * kPadding, box.height - 3};
    if (!cell.label.empty()) {
        draw_text(canvas, text, cell.label, {kLabelSize, false, PANGO_ALIGN_LEFT});
        text.y += kLabelHeight;
        text.height -= kLabelHeight;
    }
    const Type type = type_of(cell.style);
    if (is_centred(cell.style)) {
        text.height = type.size * 6 / 5;
        text.y = box.y + (box.height - text.height) / 2;
    }
    return cell.value.empty() || draw_text(canvas, text, cell.value, type);
}

void draw_bars(cairo_t* canvas, const codes::Bars& bars, const Box& box) {
    const double module = static_cast<double>(box.width) / bars.width();
    int at = 0;
    bool bar = true;
    for (const int width : bars.widths) {
        if (bar) {
            cairo_rectangle(canvas, box.x + at * module, box.y, width * module, box.height);
        }
        at += width;
        bar = !bar;
    }
    cairo_fill(canvas);
}

void draw_matrix(cairo_t* canvas, const codes::Matrix& matrix, const Box& box) {
    constexpr int kQuietZone = 4;
    const double module = static_cast<double>(box.width) / (matrix.side + 2 * kQuietZone);
    for (int row = 0; row < matrix.side; ++row) {
        for (int column = 0; column < matrix.side; ++column) {
            if (!matrix.at(column, row)) continue;
            cairo_rectangle(canvas,
                            box.x + (column + kQuietZone) * module,
                            box.y + (row + kQuietZone) * module,
                            module,
                            module);
        }
    }
    cairo_fill(canvas);
}

Result<void> draw_part(cairo_t* canvas, const Box& part, const std::vector<Cell>& cells) {
    cairo_translate(canvas, part.x, part.y);
    for (const Cell& cell : cells) {
        if (draw_cell(canvas, cell)) continue;
        return Error(ErrorCode::invalid_argument,
                     "a text has no room on the paper: " + std::string(cell.label));
    }
    return {};
}

void draw_cut(cairo_t* canvas) {
    const double dashes[] = {20, 20};
    cairo_save(canvas);
    cairo_set_dash(canvas, dashes, 2, 0);
    cairo_move_to(canvas, 0, kCutOnPage);
    cairo_line_to(canvas, kPageWidth, kCutOnPage);
    cairo_stroke(canvas);
    cairo_restore(canvas);
}

Result<void> draw_page(cairo_t* canvas, const Document& document) {
    cairo_scale(canvas, kPointsPerTenth, kPointsPerTenth);
    cairo_set_line_width(canvas, kBorder);
    cairo_save(canvas);
    const auto receipt = draw_part(canvas, kReceiptOnPage, receipt_cells(document));
    if (!receipt) return receipt.error();
    if (document.pix) draw_matrix(canvas, *document.pix, kReceiptPix);
    cairo_restore(canvas);
    draw_cut(canvas);
    const auto slip = draw_part(canvas, kCompensationOnPage, compensation_cells(document));
    if (!slip) return slip.error();
    if (document.pix) draw_matrix(canvas, *document.pix, kCompensationPix);
    draw_bars(canvas, document.bars, kBarcode);
    return {};
}

cairo_status_t append(void* text, const unsigned char* data, unsigned size) {
    static_cast<std::string*>(text)->append(reinterpret_cast<const char*>(data), size);
    return CAIRO_STATUS_SUCCESS;
}

}  // namespace

Result<std::string> to_pdf(const Document& document) {
    std::string bytes;
    const Surface surface(cairo_pdf_surface_create_for_stream(
        append, &bytes, kPageWidth * kPointsPerTenth, kPageHeight * kPointsPerTenth));
    const std::string day =
        date::format("%FT00:00:00Z", date::sys_days(document.issued.time_since_epoch()));
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE, day.c_str());
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE, "Boleto");
    const Canvas canvas(cairo_create(surface.get()));
    const auto drawn = draw_page(canvas.get(), document);
    if (!drawn) {
        cairo_surface_finish(surface.get());
        return drawn.error();
    }
    cairo_show_page(canvas.get());
    cairo_surface_finish(surface.get());
    if (cairo_status(canvas.get()) != CAIRO_STATUS_SUCCESS ||
        cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS) {
        return Error(ErrorCode::unavailable, "the document could not be drawn");
    }
    return bytes;
}

}  // namespace causeway::connectors::boleto
