// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/layout.h"

namespace causeway::connectors::boleto {
namespace {

constexpr int kLeft = 1410;
constexpr int kRight = kPartWidth - kLeft;
constexpr int kCompensationPixCell = 290;

// A row of cells beside each other, and below the last row.
class Rows {
  public:
    void row(int height) {
        y_ += height_;
        height_ = height;
        x_ = 0;
    }
    void cell(int width,
              std::string_view label,
              std::string value,
              CellStyle style = CellStyle::plain) {
        cells_.push_back({.box = {x_, y_, width, height_},
                          .label = label,
                          .value = std::move(value),
                          .style = style});
        x_ += width;
    }
    // Blocks below each other at the right of a row.
    void stack(int height, std::string_view label) {
        const int y = y_ + stacked_;
        cells_.push_back({.box = {kLeft, y, kRight, height}, .label = label, .value = {}});
        stacked_ += height;
    }
    void place(Box box, std::string_view label, std::string value, CellStyle style) {
        cells_.push_back({.box = box, .label = label, .value = std::move(value), .style = style});
    }
    [[nodiscard]] std::vector<Cell> take() { return std::move(cells_); }

  private:
    std::vector<Cell> cells_;
    int x_ = 0;
    int y_ = 0;
    int height_ = 0;
    int stacked_ = 0;
};

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines)
        text += (text.empty() ? "" : "\n") + line;
    return text;
}

void add_head(Rows& rows, const Document& document) {
    rows.row(90);
    rows.cell(380, {}, document.bank_name, CellStyle::bank);
    rows.cell(200, {}, document.bank_code, CellStyle::bank_code);
    rows.cell(1280, {}, document.line, CellStyle::line);
}

void add_beneficiary(Rows& rows, const Document& document) {
    rows.row(125);
    rows.cell(
        kLeft, "Beneficiário", document.beneficiary_name + "\n" + document.beneficiary_details);
    rows.cell(kRight, "Agência/Código do beneficiário", document.account, CellStyle::right);
}

void add_payer(Rows& rows, const Document& document) {
    rows.row(100);
    rows.cell(kPartWidth, "Pagador", document.payer + "\n" + document.payer_address);
    rows.row(60);
    rows.cell(kPartWidth, "Sacador/Avalista", document.guarantor);
}

}  // namespace

std::vector<Cell> receipt_cells(const Document& document) {
    Rows rows;
    add_head(rows, document);
    add_beneficiary(rows, document);
    rows.row(70);
    rows.cell(360, "Nosso número", document.our_number);
    rows.cell(350, "Número do documento", document.document_number);
    rows.cell(350, "Data do documento", document.issued_text);
    rows.cell(350, "Carteira", document.wallet);
    rows.cell(kRight, "Vencimento", document.due, CellStyle::right);
    add_payer(rows, document);
    rows.row(300);
    rows.cell(kLeft, "Informações do beneficiário", joined(document.instructions));
    rows.cell(kRight, "(=) Valor do documento", document.amount, CellStyle::right);
    if (document.pix) {
        rows.place({500, 800, 1360, 60},
                   {},
                   "Pague com Pix: leia o código ou copie e cole",
                   CellStyle::caption);
        rows.place(
            {500, 870, 1360, 370}, "Pix copia e cola", document.pix_code, CellStyle::caption);
    }
    rows.place(
        {900, 745, 960, 40}, "Autenticação Mecânica – Recibo do Pagador", {}, CellStyle::caption);
    return rows.take();
}

std::vector<Cell> compensation_cells(const Document& document) {
    Rows rows;
    add_head(rows, document);
    rows.row(70);
    rows.cell(kLeft, "Local de pagamento", document.place_of_payment);
    rows.cell(kRight, "Vencimento", document.due, CellStyle::right);
    add_beneficiary(rows, document);
    rows.row(70);
    rows.cell(270, "Data do documento", document.issued_text);
    rows.cell(400, "Número do documento", document.document_number);
    rows.cell(220, "Espécie doc.", document.species);
    rows.cell(160, "Aceite", document.acceptance);
    rows.cell(360, "Data do processamento", document.issued_text);
    rows.cell(kRight, "Nosso número", document.our_number, CellStyle::right);
    rows.row(70);
    rows.cell(270, "Uso do banco", {});
    rows.cell(200, "Carteira", document.wallet);
    rows.cell(220, "Espécie moeda", "R$");
    rows.cell(320, "Quantidade", {});
    rows.cell(400, "(x) Valor", {});
    rows.cell(kRight, "(=) Valor do documento", document.amount, CellStyle::right);
    rows.row(265);
    const int beside = document.pix ? kCompensationPixCell : 0;
    rows.cell(kLeft - beside, "Informações do beneficiário", joined(document.instructions));
    if (document.pix) rows.cell(beside, "Pague com Pix", {});
    for (const std::string_view label : {"(-) Desconto/Abatimento",
                                         "(-) Outras deduções",
                                         "(+) Juros/Multa",
                                         "(+) Outros acréscimos",
                                         "(=) Valor cobrado"}) {
        rows.stack(53, label);
    }
    add_payer(rows, document);
    rows.place({1110, 855, 750, 40},
               "Autenticação Mecânica – Ficha de Compensação",
               {},
               CellStyle::caption);
    return rows.take();
}

}  // namespace causeway::connectors::boleto
