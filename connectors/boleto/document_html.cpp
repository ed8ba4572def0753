// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/document_html.h"

#include "connectors/boleto/layout.h"

namespace causeway::connectors::boleto {
namespace {

constexpr std::string_view kHead = R"(<!DOCTYPE html>
<html lang="pt-BR">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="robots" content="noindex">
<title>Boleto</title>
<style>
@page { size: A4; margin: 0 }
* { box-sizing: border-box }
body { margin: 0; background: #fff; color: #000; font-family: "DejaVu Sans", Verdana, sans-serif }
.page { position: relative; width: 210mm; height: 297mm; overflow: hidden }
.part, .cell, .code { position: absolute }
.cell { border: 0.2mm solid #000; padding: 0.3mm 0.8mm; font-size: 2.5mm;
  line-height: 2.85mm; overflow-wrap: anywhere }
.cell b { display: block; font-weight: normal; font-size: 2mm; line-height: 2.4mm }
.cell span { white-space: pre-line }
.right span { display: block; text-align: right; font-weight: bold }
.bank, .bank_code, .line { display: flex; align-items: center; justify-content: center;
  font-weight: bold; white-space: nowrap }
.bank { font-size: 4mm }
.bank_code { font-size: 5mm }
.line { font-size: 3.7mm; font-weight: normal; justify-content: flex-end }
.caption { border: 0 }
.cut { position: absolute; left: 0; width: 210mm; border-top: 0.2mm dashed #000 }
svg { display: block }
</style>
</head>
<body>
<div class="page">
)";

std::string escaped(std::string_view text) {
    std::string safe;
    for (const char letter : text) {
        switch (letter) {
            case '&': safe += "&amp;"; break;
            case '<': safe += "&lt;"; break;
            case '>': safe += "&gt;"; break;
            case '"': safe += "&quot;"; break;
            case '\'': safe += "&#39;"; break;
            default: safe += letter;
        }
    }
    return safe;
}

// "12.3mm" of tenths.
std::string millimetres(int tenths) {
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + "mm";
}

std::string place(const Box& box) {
    return "style=\"left:" + millimetres(box.x) + ";top:" + millimetres(box.y) +
           ";width:" + millimetres(box.width) + ";height:" + millimetres(box.height) + "\"";
}

std::string_view class_of(CellStyle style) {
    switch (style) {
        case CellStyle::plain: return "cell";
        case CellStyle::right: return "cell right";
        case CellStyle::bank: return "cell bank";
        case CellStyle::bank_code: return "cell bank_code";
        case CellStyle::line: return "cell line";
        case CellStyle::caption: return "cell caption";
    }
    return "cell";
}

void add_cells(std::string& html, const std::vector<Cell>& cells) {
    for (const Cell& cell : cells) {
        html += "<div class=\"";
        html += class_of(cell.style);
        html += "\" " + place(cell.box) + ">";
        if (!cell.label.empty()) html += "<b>" + escaped(cell.label) + "</b>";
        html += "<span>" + escaped(cell.value) + "</span></div>\n";
    }
}

void add_code(std::string& html, const Box& box, const std::string& svg) {
    html += "<div class=\"code\" " + place(box) + ">" + svg + "</div>\n";
}

}  // namespace

std::string to_html(const Document& document) {
    std::string html(kHead);
    html += "<section class=\"part\" " + place(kReceiptOnPage) + ">\n";
    add_cells(html, receipt_cells(document));
    if (document.pix) {
        add_code(html, kReceiptPix, codes::to_svg(*document.pix, kReceiptPix.width / 10));
    }
    html += "</section>\n<div class=\"cut\" style=\"top:" + millimetres(kCutOnPage) + "\"></div>\n";
    html += "<section class=\"part\" " + place(kCompensationOnPage) + ">\n";
    add_cells(html, compensation_cells(document));
    if (document.pix) {
        add_code(html, kCompensationPix, codes::to_svg(*document.pix, kCompensationPix.width / 10));
    }
    add_code(
        html, kBarcode, codes::to_svg(document.bars, kBarcode.width / 10, kBarcode.height / 10));
    html += "</section>\n</div>\n</body>\n</html>\n";
    return html;
}

}  // namespace causeway::connectors::boleto
