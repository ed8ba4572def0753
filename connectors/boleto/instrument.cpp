// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/instrument.h"

#include "connectors/boleto/barcode.h"
#include "connectors/boleto/document.h"
#include "connectors/boleto/document_html.h"
#include "connectors/boleto/document_pdf.h"
#include "connectors/boleto/printable.h"

namespace causeway::connectors::boleto {
namespace {

// Millimetres, of the barcode as the banks want it on paper.
constexpr int kBarcodeWidth = 103;
constexpr int kBarcodeHeight = 13;
constexpr int kBarcodePixels = 100;
constexpr int kQrWidth = 40;
constexpr int kModulePixels = 2;
constexpr int kQrModulePixels = 6;
constexpr std::size_t kInstructionMax = 60;  // Characters of a line on paper.

std::string_view detail_of(const Instrument& instrument, std::string_view name) {
    for (const auto& [key, value] : instrument.details) {
        if (key == name) return value;
    }
    return {};
}

// As many whole characters as a line has room for.
std::string line_of(std::string_view label, std::string_view text) {
    std::string line = std::string(label) + printable(text);
    while (characters_of(line) > kInstructionMax) {
        while ((static_cast<unsigned char>(line.back()) & 0xc0U) == 0x80U)
            line.pop_back();
        line.pop_back();
    }
    return line;
}

std::string day_text(Day day) {
    const std::string iso = to_text(day);
    return iso.substr(8, 2) + "/" + iso.substr(5, 2) + "/" + iso.substr(0, 4);
}

std::vector<std::string> instructions_of(const DocumentRequest& request) {
    const CollectionTerms& terms = request.collection.terms;
    std::vector<std::string> lines;
    if (!terms.seller.empty()) lines.push_back(line_of("Vendedor: ", terms.seller));
    if (!request.description.empty()) lines.push_back(line_of("", request.description));
    lines.push_back("Não receber após " + day_text(last_day_of(terms)) + ".");
    return lines;
}

Result<Party> payer_of(const connectors::Payer& payer) {
    Result<codes::TaxNumber> tax = codes::TaxNumber::parse(payer.tax_id);
    if (!tax) return tax.error();
    return Party{.name = payer.name,
                 .tax_number = *std::move(tax),
                 .address = {.street = street_of(payer.address),
                             .district = payer.address.district,
                             .city = payer.address.city,
                             .state = payer.address.state,
                             .postal_code = payer.address.postal_code}};
}

Result<Party> beneficiary_of(const BoletoConfig& config) {
    Result<codes::TaxNumber> tax = codes::TaxNumber::parse(config.beneficiary_tax_id);
    if (!tax) return tax.error();
    return Party{.name = config.beneficiary_name,
                 .tax_number = *std::move(tax),
                 .address = config.beneficiary_address};
}

Result<PaymentTerms> printed_terms(const CollectionTerms& terms, ledger::Money amount) {
    PaymentTerms printed{.fine = static_cast<int>(terms.fine_bps),
                         .monthly_interest = static_cast<int>(terms.interest_month_bps)};
    if (terms.discount_bps == 0 || !terms.discount_until) return printed;
    const Result<ledger::Money> discount = discount_of(terms, amount);
    if (!discount) return discount.error();
    printed.discount = Discount{.amount = *discount, .until = *terms.discount_until};
    return printed;
}

Result<Document> document_of(const BoletoConfig& config, const DocumentRequest& request) {
    const CollectionTerms& terms = request.collection.terms;
    const Result<Title> title = title_of(config, request.reference, terms.due_on, request.amount);
    if (!title) return title.error();
    Result<Party> beneficiary = beneficiary_of(config);
    if (!beneficiary) return beneficiary.error();
    Result<Party> payer = payer_of(request.collection.payer);
    if (!payer) return payer.error();
    Result<PaymentTerms> printed = printed_terms(terms, request.amount);
    if (!printed) return printed.error();
    return make_document({.title = *title,
                          .beneficiary = *std::move(beneficiary),
                          .payer = *std::move(payer),
                          .guarantor = std::nullopt,
                          .issued = terms.issued_on,
                          .document_number = document_number(config, request.reference),
                          .species = config.species,
                          .terms = *std::move(printed),
                          .instructions = instructions_of(request),
                          .pix_code = std::string(detail_of(request.instrument, kPixCodeDetail))});
}

Result<Rendered> picture_of_bars(std::string_view barcode, std::string_view format) {
    const Result<codes::Bars> bars = codes::interleaved_2_of_5(barcode);
    if (!bars) return bars.error();
    if (format == "barcode.png") {
        return Rendered{.media_type = "image/png",
                        .bytes = codes::to_png(*bars, kModulePixels, kBarcodePixels)};
    }
    return Rendered{.media_type = "image/svg+xml",
                    .bytes = codes::to_svg(*bars, kBarcodeWidth, kBarcodeHeight)};
}

Result<Rendered> picture_of_pix(std::string_view code, std::string_view format) {
    if (code.empty()) return Error(ErrorCode::not_found, "this boleto has no Pix code");
    const Result<codes::Matrix> matrix = codes::qr_code(code);
    if (!matrix) return matrix.error();
    if (format == "qr.png") {
        return Rendered{.media_type = "image/png",
                        .bytes = codes::to_png(*matrix, kQrModulePixels)};
    }
    return Rendered{.media_type = "image/svg+xml", .bytes = codes::to_svg(*matrix, kQrWidth)};
}

}  // namespace

Result<Instrument> make_instrument(const BoletoConfig& config,
                                   std::string_view reference,
                                   const CollectionTerms& terms,
                                   ledger::Money amount,
                                   std::string_view pix_code) {
    const Result<Title> title = title_of(config, reference, terms.due_on, amount);
    if (!title) return title.error();
    const Result<Barcode> barcode = compose(*title);
    if (!barcode) return barcode.error();
    const Result<OurNumber> number = our_number(config.at, title->our_number);
    if (!number) return number.error();
    Instrument made{.action = std::string(kBoletoAction),
                    .details = {{"line", to_line(*barcode).digits()},
                                {"barcode", barcode->digits()},
                                {"our_number", number->printed},
                                {"bank", std::string(rules_of(config.at.bank).code)}}};
    if (!pix_code.empty()) made.details.emplace_back(kPixCodeDetail, pix_code);
    return made;
}

std::vector<std::string> instrument_formats(const Instrument& shown) {
    std::vector<std::string> formats{"pdf", "html", "barcode.png", "barcode.svg"};
    if (!detail_of(shown, kPixCodeDetail).empty()) {
        formats.emplace_back("qr.png");
        formats.emplace_back("qr.svg");
    }
    return formats;
}

Result<Rendered> render_instrument(const BoletoConfig& config,
                                   const DocumentRequest& request,
                                   std::string_view format) {
    const Instrument& shown = request.instrument;
    if (format == "barcode.png" || format == "barcode.svg") {
        return picture_of_bars(detail_of(shown, "barcode"), format);
    }
    if (format == "qr.png" || format == "qr.svg") {
        return picture_of_pix(detail_of(shown, kPixCodeDetail), format);
    }
    if (format != "pdf" && format != "html") {
        return Error(ErrorCode::not_found, "format " + std::string(format.substr(0, 20)));
    }
    const Result<Document> document = document_of(config, request);
    if (!document) return document.error();
    if (format == "html") {
        return Rendered{.media_type = "text/html; charset=utf-8", .bytes = to_html(*document)};
    }
    Result<std::string> pdf = to_pdf(*document);
    if (!pdf) return pdf.error();
    return Rendered{.media_type = "application/pdf", .bytes = *std::move(pdf)};
}

}  // namespace causeway::connectors::boleto
