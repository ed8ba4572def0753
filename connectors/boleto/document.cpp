// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/document.h"

#include "connectors/boleto/printable.h"

#include <date/date.h>

namespace causeway::connectors::boleto {
namespace {

// Units: characters; what the cells of layout.cpp hold at their type size.
constexpr std::size_t kNameMax = 80;
constexpr std::size_t kAddressMax = 120;
constexpr std::size_t kPlaceMax = 80;
constexpr std::size_t kDocumentNumberMax = 15;
constexpr std::size_t kSpeciesMax = 5;
constexpr std::size_t kInstructionMax = 60;
constexpr std::size_t kInstructions = 5;
// A larger code makes modules that a telephone cannot tell apart at 24 mm.
constexpr std::size_t kPixCodeMax = 512;
constexpr int kHundredPercent = 10'000;

Error wrong(std::string_view field, std::string_view what) {
    return Error(ErrorCode::invalid_argument, std::string(field) + ": " + std::string(what));
}

std::string to_text(Day day) {
    return date::format("%d/%m/%Y", date::sys_days(day.time_since_epoch()));
}

// "1.234,56".
std::string to_text(const ledger::Money& amount) {
    const std::int64_t units = amount.minor_units();
    const std::string cents = std::to_string(100 + units % 100).substr(1);
    std::string whole = std::to_string(units / 100);
    for (std::size_t at = whole.size(); at > 3;) {
        at -= 3;
        whole.insert(at, 1, '.');
    }
    return whole + "," + cents;
}

// "2,00%" of hundredths of a percent.
std::string percent(int hundredths) {
    return std::to_string(hundredths / 100) + "," +
           std::to_string(100 + hundredths % 100).substr(1) + "%";
}

std::string printed(const codes::TaxNumber& number) {
    const bool person = number.kind() == codes::TaxNumberKind::cpf;
    return (person ? "CPF: " : "CNPJ: ") + number.printed();
}

Result<std::string> text_of(std::string_view field, const std::string& text, std::size_t size) {
    std::string clean = printable(text);
    if (clean.find_first_not_of(' ') == std::string::npos) return wrong(field, "is missing");
    if (characters_of(clean) > size) {
        return wrong(field, "at most " + std::to_string(size) + " characters have room");
    }
    return clean;
}

struct PartyTexts {
    std::string name;
    std::string tax_number;
    std::string address;
};

Result<PartyTexts> texts_of(std::string_view who, const Party& party) {
    const std::string field(who);
    const auto name = text_of(field + ", name", party.name, kNameMax);
    if (!name) return name.error();
    const auto checked = codes::check_address(party.address);
    if (!checked) return wrong(who, checked.error().detail());
    const auto address = text_of(field + ", address", codes::printed(party.address), kAddressMax);
    if (!address) return address.error();
    return PartyTexts{.name = *name, .tax_number = printed(party.tax_number), .address = *address};
}

Result<void> check_terms(const PaymentTerms& terms, const Title& title) {
    for (const int rate : {terms.fine, terms.monthly_interest}) {
        if (rate < 0 || rate > kHundredPercent) return wrong("terms", "0 to 100% are wanted");
    }
    if (!terms.discount) return {};
    const ledger::Money& amount = terms.discount->amount;
    if (amount.currency() != title.amount.currency() || !amount.is_positive() ||
        (title.amount.is_positive() && amount.minor_units() >= title.amount.minor_units())) {
        return wrong("discount", "less than the amount, in BRL, is wanted");
    }
    if (terms.discount->until > title.due) return wrong("discount", "ends behind the due date");
    return {};
}

std::vector<std::string> lines_of(const PaymentTerms& terms) {
    std::vector<std::string> lines;
    if (terms.discount) {
        lines.push_back("Desconto de R$ " + to_text(terms.discount->amount) + " até " +
                        to_text(terms.discount->until) + ".");
    }
    if (terms.fine > 0) {
        lines.push_back("Após o vencimento, multa de " + percent(terms.fine) + ".");
    }
    if (terms.monthly_interest > 0) {
        lines.push_back("Após o vencimento, juros de mora de " + percent(terms.monthly_interest) +
                        " ao mês.");
    }
    return lines;
}

Result<void> add_code(const Slip& slip, Document& document) {
    const auto barcode = compose(slip.title);
    if (!barcode) return barcode.error();
    const auto bars = codes::interleaved_2_of_5(barcode->digits());
    if (!bars) return bars.error();
    const auto number = our_number(slip.title.at, slip.title.our_number);
    if (!number) return number.error();
    const auto account = printed_account(slip.title.at);
    if (!account) return account.error();
    const BankRules& rules = rules_of(slip.title.at.bank);
    document.bank_name = rules.name;
    document.bank_code = std::string(rules.code) + "-" + rules.code_digit;
    document.line = to_line(*barcode).printed();
    document.bars = *bars;
    document.our_number = number->printed;
    document.account = *account;
    document.wallet = slip.title.at.wallet;
    document.due = to_text(slip.title.due);
    if (slip.title.amount.is_positive()) document.amount = to_text(slip.title.amount);
    return {};
}

Result<void> add_parties(const Slip& slip, Document& document) {
    const auto beneficiary = texts_of("beneficiário", slip.beneficiary);
    if (!beneficiary) return beneficiary.error();
    const auto payer = texts_of("pagador", slip.payer);
    if (!payer) return payer.error();
    document.beneficiary_name = beneficiary->name;
    document.beneficiary_details = beneficiary->tax_number + " - " + beneficiary->address;
    document.payer = payer->name + " - " + payer->tax_number;
    document.payer_address = payer->address;
    if (!slip.guarantor) return {};
    const auto guarantor = texts_of("sacador/avalista", *slip.guarantor);
    if (!guarantor) return guarantor.error();
    document.guarantor = guarantor->name + " - " + guarantor->tax_number;
    return {};
}

Result<void> add_instructions(const Slip& slip, Document& document) {
    const auto checked = check_terms(slip.terms, slip.title);
    if (!checked) return checked.error();
    document.instructions = lines_of(slip.terms);
    if (slip.instructions.size() > kInstructions) return wrong("instruções", "more than five");
    for (const std::string& instruction : slip.instructions) {
        const auto line = text_of("instruções", instruction, kInstructionMax);
        if (!line) return line.error();
        document.instructions.push_back(*line);
    }
    return {};
}

Result<void> add_details(const Slip& slip, Document& document) {
    const auto place = text_of("local de pagamento", slip.place_of_payment, kPlaceMax);
    if (!place) return place.error();
    const auto number = text_of("número do documento", slip.document_number, kDocumentNumberMax);
    if (!number) return number.error();
    const auto species = text_of("espécie", slip.species, kSpeciesMax);
    if (!species) return species.error();
    document.place_of_payment = *place;
    document.document_number = *number;
    document.species = *species;
    document.acceptance = slip.accepted ? "A" : "N";
    document.issued_text = to_text(slip.issued);
    return {};
}

Result<void> add_pix(const Slip& slip, Document& document) {
    if (slip.pix_code.empty()) return {};
    if (slip.pix_code.size() > kPixCodeMax || printable(slip.pix_code) != slip.pix_code) {
        return wrong("pix", "at most 512 printable bytes are wanted");
    }
    auto matrix = codes::qr_code(slip.pix_code);
    if (!matrix) return matrix.error();
    document.pix = *std::move(matrix);
    document.pix_code = slip.pix_code;
    return {};
}

}  // namespace

Result<Document> make_document(const Slip& slip) {
    Document document{.issued = slip.issued};
    for (const auto add : {add_code, add_parties, add_details, add_instructions, add_pix}) {
        const auto added = add(slip, document);
        if (!added) return added.error();
    }
    return document;
}

}  // namespace causeway::connectors::boleto
