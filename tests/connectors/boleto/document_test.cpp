// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/document.h"

#include "connectors/boleto/document_html.h"
#include "connectors/boleto/document_pdf.h"
#include "connectors/boleto/printable.h"
#include "tests/connectors/boleto/any_title.h"
#include "tests/connectors/boleto/some_slip.h"
#include "tests/support/read_back.h"

#include <gtest/gtest.h>

#include <functional>
#include <rapidcheck/gtest.h>

namespace causeway::connectors::boleto {
namespace {

using namespace std::chrono_literals;

// What the banks' manuals and Law 12.039/2009 want on both parts, as it is printed.
constexpr const char* kOnBothParts[] = {"Banco Itaú",
                                        "341-7",
                                        "34191.09982",
                                        "Beneficiário",
                                        "Loja de Shenzhen Ltda",
                                        "CNPJ: 12.ABC.345/01DE-35",
                                        "Rua das Flores, 100 - Centro - Recife/PE - 50010-000",
                                        "Agência/Código do beneficiário",
                                        "0057 / 72192-0",
                                        "Pagador",
                                        "João da Conceição",
                                        "CPF: 494.732.895-96",
                                        "Travessa do Pagador, 7 - Centro - Recife/PE - 50010-000",
                                        "Sacador/Avalista",
                                        "Avalista S.A.",
                                        "CNPJ: 54.981.626/4012-22",
                                        "Nosso número",
                                        "109/98712345-",
                                        "Número do documento",
                                        "NF-4711",
                                        "Data do documento",
                                        "20/11/2026",
                                        "Carteira",
                                        "Vencimento",
                                        "31/12/2026",
                                        "(=) Valor do documento",
                                        "1.234.567,89",
                                        "Informações do beneficiário",
                                        "Desconto de R$ 10,00 até 01/12/2026.",
                                        "Após o vencimento, multa de 2,00%.",
                                        "Após o vencimento, juros de mora de 1,00% ao mês.",
                                        "Não receber após 30 dias."};
constexpr const char* kOnOnePart[] = {"Local de pagamento",
                                      "Pagável em qualquer banco",
                                      "Espécie doc.",
                                      "DM",
                                      "Aceite",
                                      "Data do processamento",
                                      "Uso do banco",
                                      "Espécie moeda",
                                      "Quantidade",
                                      "(x) Valor",
                                      "(-) Desconto/Abatimento",
                                      "(-) Outras deduções",
                                      "(+) Juros/Multa",
                                      "(+) Outros acréscimos",
                                      "(=) Valor cobrado",
                                      "Autenticação Mecânica – Ficha de Compensação",
                                      "Autenticação Mecânica – Recibo do Pagador",
                                      "Pix copia e cola"};

int count(std::string_view text, std::string_view part) {
    int found = 0;
    for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) {
        ++found;
    }
    return found;
}

void expect_all_elements(const std::string& text) {
    for (const char* part : kOnBothParts)
        EXPECT_GE(count(text, part), 2) << part;
    for (const char* part : kOnOnePart)
        EXPECT_GE(count(text, part), 1) << part;
}

TEST(BoletoDocument, SaysEverythingInHtml) {
    const auto document = make_document(some_slip());
    ASSERT_TRUE(document) << document.error().detail();
    const std::string html = to_html(*document);
    expect_all_elements(html);
    EXPECT_EQ(count(html, "<svg"), 3);
    EXPECT_EQ(count(html, "width=\"103mm\" height=\"13mm\""), 1);
    EXPECT_NE(html.find(kSomePix), std::string::npos);
}

TEST(BoletoDocument, LoadsNothing) {
    const std::string html = to_html(*make_document(some_slip()));
    for (const char* part : {"<script", "<link", "<img", "src=", "href=", "url(", "@import"}) {
        EXPECT_EQ(count(html, part), 0) << part;
    }
    // The name of SVG's namespace is no address.
    EXPECT_EQ(count(html, "http"), count(html, "http://www.w3.org/2000/svg") + 1);
}

TEST(BoletoDocument, EscapesWhatStrangersWrote) {
    Slip slip = some_slip();
    slip.payer.name = "</span><script>alert('x')</script>\"&";
    slip.beneficiary.address.street = "<svg onload=alert(1)>";
    slip.instructions = {"<b>\x1b[31m\n\xff\xe2\x80\xae"};
    const auto document = make_document(slip);
    ASSERT_TRUE(document) << document.error().detail();
    const std::string html = to_html(*document);
    EXPECT_EQ(count(html, "<script"), 0);
    EXPECT_EQ(count(html, "<svg onload"), 0);
    EXPECT_EQ(count(html, "\x1b"), 0);
    EXPECT_NE(html.find("&lt;/span&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;"),
              std::string::npos);
    EXPECT_NE(html.find("&lt;b&gt; [31m ?"), std::string::npos);
    EXPECT_TRUE(to_pdf(*document));
}

TEST(BoletoDocument, HasNoQrCodeWithoutPix) {
    Slip slip = some_slip();
    slip.pix_code.clear();
    slip.guarantor.reset();
    slip.terms = {};
    slip.instructions.clear();
    slip.title.amount = ledger::Money(0, test::currency("BRL"));
    const auto document = make_document(slip);
    ASSERT_TRUE(document) << document.error().detail();
    const std::string html = to_html(*document);
    EXPECT_EQ(count(html, "<svg"), 1);
    EXPECT_EQ(count(html, "Pix"), 0);
    EXPECT_TRUE(document->amount.empty());
    EXPECT_TRUE(to_pdf(*document));
}

TEST(BoletoDocument, SaysWhatIsMissing) {
    struct Row {
        const char* name;
        std::function<void(Slip&)> change;
        const char* said;
    };
    const Row rows[] = {
        {"no payer", [](Slip& it) { it.payer.name = " \n"; }, "pagador, name: is missing"},
        {"long name",
         [](Slip& it) { it.beneficiary.name = std::string(81, 'x'); },
         "beneficiário, name: at most 80 characters have room"},
        {"no address",
         [](Slip& it) { it.beneficiary.address.street = ""; },
         "beneficiário: address: the street is missing"},
        {"guarantor's state",
         [](Slip& it) { it.guarantor->address.state = "ZZ"; },
         "sacador/avalista: address: there is no such state"},
        {"no number", [](Slip& it) { it.document_number = ""; }, "número do documento: is missing"},
        {"six lines",
         [](Slip& it) { it.instructions.assign(6, "x"); },
         "instruções: more than five"},
        {"negative fine", [](Slip& it) { it.terms.fine = -1; }, "terms: 0 to 100% are wanted"},
        {"discount of everything",
         [](Slip& it) { it.terms.discount->amount = it.title.amount; },
         "discount: less than the amount, in BRL, is wanted"},
        {"late discount",
         [](Slip& it) { it.terms.discount->until = it.title.due + std::chrono::days(1); },
         "discount: ends behind the due date"},
        {"pix with a line feed",
         [](Slip& it) { it.pix_code = "0002\n"; },
         "pix: at most 512 printable bytes are wanted"},
        {"no wallet",
         [](Slip& it) { it.title.at.wallet = ""; },
         "carteira: 1 to 3 digits are wanted"},
    };
    for (const Row& row : rows) {
        Slip slip = some_slip();
        row.change(slip);
        const auto document = make_document(slip);
        ASSERT_FALSE(document) << row.name;
        EXPECT_EQ(document.error().detail(), row.said) << row.name;
    }
}

TEST(BoletoPdf, IsTheSameTwiceAndDatedByTheDocument) {
    const auto first = to_pdf(*make_document(some_slip()));
    ASSERT_TRUE(first) << first.error().detail();
    EXPECT_EQ(*first, *to_pdf(*make_document(some_slip())));
    EXPECT_TRUE(first->starts_with("%PDF-"));
    EXPECT_NE(first->find("/CreationDate (20261120000000Z)"), std::string::npos);
    EXPECT_EQ(count(*first, "/ModDate"), 0);
}

TEST(BoletoPdf, SaysEverything) {
    if (!test::has_program("pdftotext")) GTEST_SKIP() << "poppler-utils is not installed";
    const auto pdf = to_pdf(*make_document(some_slip()));
    ASSERT_TRUE(pdf);
    const std::string text = test::read_back("pdftotext -layout -enc UTF-8 FILE -", *pdf);
    expect_all_elements(text);
}

TEST(BoletoPdf, SetsLongTextsInSmallerTypeInsteadOfCuttingThem) {
    Slip slip = some_slip();
    slip.payer.name = std::string(80, 'W');
    slip.beneficiary.name = std::string(80, 'W');
    EXPECT_TRUE(to_pdf(*make_document(slip)));
    Document document = *make_document(slip);
    document.payer_address = std::string(2000, 'W');
    const auto pdf = to_pdf(document);
    ASSERT_FALSE(pdf);
    EXPECT_EQ(pdf.error().detail(), "a text has no room on the paper: Pagador");
}

TEST(BoletoPdf, IsReadBackByAStranger) {
    if (!test::has_program("zbarimg")) GTEST_SKIP() << "zbarimg (zbar-tools) is not installed";
    if (!test::has_program("pdftoppm")) GTEST_SKIP() << "poppler-utils is not installed";
    const Slip slip = some_slip();
    const auto pdf = to_pdf(*make_document(slip));
    ASSERT_TRUE(pdf);
    const std::string picture = test::read_back("pdftoppm -r 200 -png -singlefile FILE", *pdf);
    EXPECT_EQ(test::read_back("zbarimg -q --raw -Sdisable -Si25.enable FILE", picture),
              compose(slip.title)->digits() + "\n");
    // Once on each part.
    EXPECT_EQ(count(test::read_back("zbarimg -q --raw FILE", picture), kSomePix), 2);
}

TEST(Printable, KeepsUtf8AndReplacesTheRest) {
    EXPECT_EQ(printable("João – 深圳 😀"), "João – 深圳 😀");
    EXPECT_EQ(printable("a\nb\tc\x7f"), "a b c ");
    EXPECT_EQ(printable("\xc0\xaf|\xed\xa0\x80|\xf5|\xe2\x82"), "??|???|?|??");
    EXPECT_EQ(printable("a\u202eb\u2066c"), "abc");
    EXPECT_EQ(characters_of("João"), 4U);
}

RC_GTEST_PROP(PrintableProperties, IsWithoutEffectTwice, (const std::string& bytes)) {
    RC_ASSERT(printable(printable(bytes)) == printable(bytes));
}

RC_GTEST_PROP(BoletoDocumentProperties, CanBeMadeOfEveryTitle, ()) {
    Slip slip = some_slip();
    slip.title = any_title(Day(2026y / 11 / 20));
    slip.terms = {};
    slip.pix_code.clear();
    const auto document = make_document(slip);
    RC_ASSERT(document.has_value());
    const std::string html = to_html(*document);
    RC_ASSERT(html.find(to_line(*compose(slip.title)).printed()) != std::string::npos);
    RC_ASSERT(html.find(our_number(slip.title.at, slip.title.our_number)->printed) !=
              std::string::npos);
}

}  // namespace
}  // namespace causeway::connectors::boleto
