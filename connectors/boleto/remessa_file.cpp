// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/remessa_file.h"

#include "connectors/boleto/cnab/remessa.h"
#include "connectors/codes/banking_days.h"
#include "connectors/codes/tax_number.h"

#include <array>

namespace causeway::connectors::boleto {
namespace {

using cnab::Charge;
using cnab::Instruction;

struct SpeciesCode {
    Bank bank;
    std::string_view species;
    std::string_view code;
};

// Source: FEBRABAN CNAB 240 version 10.06, C015; Itaú, "Cobrança CNAB 400", July 2021; constants of
// eduardokum/laravel-boleto for Bradesco.
constexpr std::array<SpeciesCode, 6> kSpecies{{
    {Bank::banco_do_brasil, "DM", "02"},
    {Bank::banco_do_brasil, "DS", "04"},
    {Bank::itau, "DM", "01"},
    {Bank::itau, "DS", "08"},
    {Bank::bradesco, "DM", "01"},
    {Bank::bradesco, "DS", "12"},
}};

cnab::Date date_of(Day day) {
    return cnab::Date(day);
}

// Bradesco has columns for rates and amounts, none for the days from which they run.
std::optional<cnab::Date> first_late_day(const BoletoConfig& config, const CollectionTerms& terms) {
    if (config.at.bank == Bank::bradesco) return std::nullopt;
    return date_of(terms.due_on + std::chrono::days(1));
}

Result<void> put_charges(const BoletoConfig& config,
                         const CollectionTerms& terms,
                         ledger::Money amount,
                         Instruction& out) {
    const std::optional<cnab::Date> late = first_late_day(config, terms);
    if (terms.fine_bps > 0) {
        out.fine = Charge{.basis = Charge::Basis::percent, .value = terms.fine_bps, .on = late};
    }
    // By the day everywhere: the amount that the gateway counts with, rounded once.
    const Result<ledger::Money> daily = interest_of_a_day(terms, amount);
    if (!daily) return daily.error();
    if (daily->is_positive()) {
        out.interest =
            Charge{.basis = Charge::Basis::amount, .value = daily->minor_units(), .on = late};
    }
    if (terms.discount_bps == 0 || !terms.discount_until) return {};
    const Result<ledger::Money> discount = discount_of(terms, amount);
    if (!discount) return discount.error();
    out.discount = Charge{.basis = Charge::Basis::amount,
                          .value = discount->minor_units(),
                          .on = date_of(*terms.discount_until)};
    return {};
}

Result<cnab::Payer> payer_of(const connectors::Payer& payer) {
    const Result<codes::TaxNumber> tax = codes::TaxNumber::parse(payer.tax_id);
    if (!tax) return tax.error();
    const Result<std::string> postal = codes::parse_postal_code(payer.address.postal_code);
    if (!postal) return postal.error();
    return cnab::Payer{.name = payer.name,
                       .document = tax->text(),
                       .street = street_of(payer.address),
                       .district = payer.address.district,
                       .postal_code = *postal,
                       .city = payer.address.city,
                       .state = payer.address.state};
}

Result<void> put_number(const BoletoConfig& config, std::string_view reference, Instruction& out) {
    const Result<std::string> part = own_part(config, reference);
    if (!part) return part.error();
    const Result<OurNumber> number = our_number(config.at, *part);
    if (!number) return number.error();
    out.control = reference;
    out.document = document_number(config, reference);
    out.our_number = number->digits;
    if (!number->check) return {};
    // Banco do Brasil's eleven digits carry theirs at their end; Itaú computes its own.
    if (config.at.bank == Bank::banco_do_brasil) out.our_number += *number->check;
    if (config.at.bank == Bank::bradesco) out.our_number_digit = *number->check;
    return {};
}

void put_instructions(const BoletoConfig& config, Instruction& out) {
    const std::vector<std::string>& given = config.instruction_codes;
    if (!given.empty()) out.first_instruction = given[0];
    if (given.size() > 1) out.second_instruction = given[1];
    out.days = static_cast<int>(config.instruction_days);
}

// Which of the operations the form can not hold; `whole` when it is none by itself.
Error name_culprit(const BoletoConfig& config,
                   const cnab::Remessa& remessa,
                   const FileOrder& order,
                   const Error& whole) {
    cnab::Remessa one = remessa;
    for (std::size_t at = 0; at < remessa.instructions.size(); ++at) {
        one.instructions = {remessa.instructions[at]};
        const Result<std::string> alone = cnab::write_remessa(one);
        if (alone) continue;
        return Error(alone.error().code(),
                     order.operations[at].reference + ": " + alone.error().detail());
    }
    return Error(whole.code(), config.common.name + ": " + whole.detail());
}

// Eight characters and three, as the banks' transfer programs want it: bank, day, month, number.
std::string file_name(Bank bank, const cnab::Date& day, std::int64_t sequence) {
    const auto two = [](std::int64_t number) {
        return std::to_string(100 + number % 100).substr(1);
    };
    std::string_view letters = "CB";  // Bradesco's own custom.
    if (bank == Bank::itau) letters = "IT";
    if (bank == Bank::banco_do_brasil) letters = "BB";
    return std::string(letters) + two(static_cast<unsigned>(day.day())) +
           two(static_cast<unsigned>(day.month())) + two(sequence) + ".REM";
}

int clock_of_brazil(Timestamp moment) {
    const Day day = codes::day_in_brazil(moment);
    const auto since = std::chrono::duration_cast<std::chrono::seconds>(
        moment - (codes::end_in_brazil(day) - std::chrono::days(1)));
    const auto seconds = static_cast<int>(since.count());
    return seconds / 3600 * 10'000 + seconds / 60 % 60 * 100 + seconds % 60;
}

}  // namespace

cnab::LayoutId layout_of(Bank bank) noexcept {
    switch (bank) {
        case Bank::banco_do_brasil: return cnab::LayoutId::bb240;
        case Bank::itau: return cnab::LayoutId::itau400;
        case Bank::bradesco: return cnab::LayoutId::bradesco400;
    }
    return cnab::LayoutId::bb240;
}

std::string_view species_code(Bank bank, std::string_view species) noexcept {
    for (const SpeciesCode& row : kSpecies) {
        if (row.bank == bank && row.species == species) return row.code;
    }
    return {};
}

cnab::Beneficiary file_beneficiary(const BoletoConfig& config) {
    return {.name = config.beneficiary_name,
            .document = config.beneficiary_tax_id,
            .company_code = config.company_code,
            .agreement = config.at.agreement,
            .wallet = config.at.wallet,
            .wallet_variation = config.wallet_variation,
            .branch = config.at.branch,
            .branch_digit = config.branch_digit,
            .account = config.at.account,
            .account_digit = config.account_digit};
}

Result<Instruction> instruction_of(const BoletoConfig& config, const Operation& operation) {
    const bool ends = operation.kind == OperationKind::withdraw;
    if (!operation.collection || (ends && !operation.original)) {
        return Error(ErrorCode::invalid_argument, "the payer or the boleto is not named");
    }
    const CollectionTerms& terms = operation.collection->terms;
    Instruction out;
    const Result<void> numbered =
        put_number(config, ends ? operation.original->reference : operation.reference, out);
    if (!numbered) return numbered.error();
    out.due_on = date_of(terms.due_on);
    out.issued_on = date_of(terms.issued_on);
    out.amount_minor_units = operation.amount.minor_units();
    out.kind = species_code(config.at.bank, config.species);
    Result<cnab::Payer> payer = payer_of(operation.collection->payer);
    if (!payer) return payer.error();
    out.payer = *std::move(payer);
    if (ends) {
        out.command = cnab::Command::write_off;
        return out;
    }
    if (config.hybrid) {
        out.command = cnab::Command::register_with_pix;
        out.pix_key = config.pix_key;
    }
    put_instructions(config, out);
    const Result<void> charged = put_charges(config, terms, operation.amount, out);
    if (!charged) return charged.error();
    return out;
}

Result<WrittenFile> write_remessa_file(const BoletoConfig& config, const FileOrder& order) {
    const cnab::Date today = date_of(codes::day_in_brazil(order.made));
    cnab::Remessa remessa{.layout = layout_of(config.at.bank),
                          .beneficiary = file_beneficiary(config),
                          .generated_on = today,
                          .generated_at_hhmmss = clock_of_brazil(order.made),
                          .sequence = order.sequence};
    remessa.instructions.reserve(order.operations.size());
    for (const Operation& operation : order.operations) {
        Result<Instruction> instruction = instruction_of(config, operation);
        if (!instruction) {
            return Error(instruction.error().code(),
                         operation.reference + ": " + instruction.error().detail());
        }
        remessa.instructions.push_back(*std::move(instruction));
    }
    Result<std::string> bytes = cnab::write_remessa(remessa);
    if (!bytes) return name_culprit(config, remessa, order, bytes.error());
    return WrittenFile{.name = file_name(config.at.bank, today, order.sequence),
                       .bytes = *std::move(bytes)};
}

}  // namespace causeway::connectors::boleto
