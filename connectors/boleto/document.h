// SPDX-License-Identifier: Apache-2.0
//
// What stands on the paper of a boleto: the ficha de compensação that the bank reads and the recibo
// do pagador. Every text is ready here, so the HTML and the PDF cannot say different things.
//
// Names come from strangers. Control characters, what turns the direction of writing, and bytes
// that are not UTF-8 are replaced here; escaping is the renderer's.
#pragma once

#include "connectors/boleto/title.h"
#include "connectors/codes/brazil.h"
#include "connectors/codes/symbol.h"
#include "connectors/codes/tax_number.h"

#include <optional>
#include <string>
#include <vector>

namespace causeway::connectors::boleto {

struct Party {
    std::string name;
    codes::TaxNumber tax_number;
    codes::BrazilianAddress address;
};

struct Discount {
    ledger::Money amount;
    Day until;
};

/// What is printed about paying early or late. Units: hundredths of a percent.
struct PaymentTerms {
    int fine = 0;              ///< Once, from the day after the due date.
    int monthly_interest = 0;  ///< From the day after the due date, by the day.
    std::optional<Discount> discount;
};

/// What a document is made of.
struct Slip {
    Title title;
    Party beneficiary;
    Party payer;
    std::optional<Party> guarantor;  ///< Sacador/avalista.
    Day issued;                      ///< The document's date, and that of processing.
    std::string document_number;
    std::string species = "DM";  ///< Espécie do documento.
    bool accepted = false;       ///< Aceite.
    std::string place_of_payment = "Pagável em qualquer banco";
    PaymentTerms terms;
    std::vector<std::string> instructions;  ///< After what `terms` says; at most five lines.
    std::string pix_code;                   ///< "Copia e cola" of a hybrid boleto; else empty.
};

/// Texts in Portuguese, UTF-8, not escaped.
struct Document {
    Day issued;
    std::string bank_name;
    std::string bank_code;  ///< With its digit: "341-7".
    std::string line;
    codes::Bars bars;
    std::optional<codes::Matrix> pix;
    std::string pix_code;

    std::string place_of_payment;
    std::string due;
    std::string beneficiary_name;
    std::string beneficiary_details;  ///< Tax number and address.
    std::string account;              ///< Agência/código do beneficiário.
    std::string issued_text;
    std::string document_number;
    std::string species;
    std::string acceptance;
    std::string our_number;
    std::string wallet;
    std::string amount;                     ///< Empty if the payer fills it in.
    std::vector<std::string> instructions;  ///< One a line.
    std::string payer;                      ///< Name and tax number.
    std::string payer_address;
    std::string guarantor;
};

/// Errors: those of compose(); `invalid_argument` that names the field if something that the law
/// or a bank wants is missing, or is longer than its place on the paper.
/// Source: the banks' manuals (docs/boleto-codes.md); Law 12.039/2009 for the beneficiary's
/// address.
[[nodiscard]] Result<Document> make_document(const Slip& slip);

}  // namespace causeway::connectors::boleto
