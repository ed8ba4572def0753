// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/sandbox/tongue.h"

#include <array>

namespace causeway::connectors::boleto::sandbox {
namespace {

// In the order of LayoutId: Itaú, Bradesco, Banco do Brasil.
using Codes = std::array<std::string_view, 3>;

struct OccurrenceRow {
    HappeningKind kind;
    Codes codes;
};

constexpr OccurrenceRow kOccurrences[] = {
    {HappeningKind::registered, {"02", "02", "02"}},
    {HappeningKind::rejected, {"03", "03", "03"}},
    {HappeningKind::paid, {"06", "06", "06"}},
    {HappeningKind::paid_in_part, {"07", "06", "06"}},
    {HappeningKind::paid_at_notary, {"08", "15", "06"}},
    {HappeningKind::paid_by_pix, {"10", "", ""}},
    {HappeningKind::paid_unexpected, {"72", "17", "17"}},
    {HappeningKind::written_off, {"09", "09", "09"}},
    {HappeningKind::written_off_by_bank, {"09", "10", "09"}},
    {HappeningKind::write_off_refused, {"15", "27", "26"}},
    {HappeningKind::instruction_refused, {"16", "32", "26"}},
    {HappeningKind::change_refused, {"17", "30", "30"}},
    {HappeningKind::abatement_granted, {"12", "12", "12"}},
    {HappeningKind::abatement_cancelled, {"13", "13", "13"}},
    {HappeningKind::due_date_changed, {"14", "14", "14"}},
    {HappeningKind::terms_changed, {"", "33", "27"}},
    {HappeningKind::protest_received, {"19", "19", "19"}},
    {HappeningKind::protest_stopped, {"20", "20", "20"}},
    {HappeningKind::sent_to_notary, {"23", "23", "23"}},
    {HappeningKind::reversed, {"69", "40", "44"}},
    {HappeningKind::fee, {"30", "28", "28"}},
};

struct RefusalRow {
    Refusal refusal;
    Codes codes;
    std::string_view field;
    std::string_view message;
};

constexpr RefusalRow kRefusals[] = {
    {Refusal::agreement, {"26", "07", "06"}, "convenio", "Convênio ou conta não habilitados."},
    {Refusal::wallet, {"68", "10", "10"}, "carteira", "Carteira inválida."},
    {Refusal::number_invalid, {"42", "08", "08"}, "nosso_numero", "Nosso número inválido."},
    {Refusal::number_used, {"14", "09", "09"}, "nosso_numero", "Nosso número já usado."},
    {Refusal::number_twice, {"15", "09", "09"}, "nosso_numero", "Nosso número em duplicidade."},
    {Refusal::amount, {"67", "20", "20"}, "valor", "Valor inválido."},
    {Refusal::due_date, {"05", "18", "18"}, "vencimento", "Vencimento fora do prazo."},
    {Refusal::issue_date, {"64", "24", "24"}, "emissao", "Data de emissão inválida."},
    {Refusal::discount, {"62", "28", "29"}, "desconto", "Desconto maior que o valor."},
    {Refusal::payer_name, {"08", "45", "45"}, "pagador.nome", "Nome do pagador ausente."},
    {Refusal::payer_document, {"37", "46", "46"}, "pagador.documento", "CPF ou CNPJ inválido."},
    {Refusal::street, {"10", "47", "47"}, "pagador.logradouro", "Endereço do pagador ausente."},
    {Refusal::state, {"04", "47", "47"}, "pagador.uf", "UF inválida."},
    {Refusal::postal_code, {"11", "48", "48"}, "cep", "CEP inválido."},
    {Refusal::no_pix, {"19", "04", "10"}, "hibrido", "Boleto com Pix não permitido."},
    {Refusal::title_unknown, {"06", "60", "60"}, "nosso_numero", "Título não cadastrado."},
    {Refusal::title_paid, {"05", "85", "A5"}, "nosso_numero", "Título já liquidado."},
    {Refusal::title_written_off, {"05", "60", "60"}, "nosso_numero", "Título já baixado."},
    {Refusal::not_overdue, {"31", "38", "38"}, "nosso_numero", "Título ainda não vencido."},
    {Refusal::not_in_protest, {"31", "38", "38"}, "nosso_numero", "Título sem protesto."},
    {Refusal::other_account, {"26", "07", "07"}, "conta", "Arquivo de outra conta."},
};

struct ChannelRow {
    std::string_view name;
    Codes codes;
};

constexpr ChannelRow kChannels[] = {
    {"internet", {"B2", "074", "33"}},
    {"caixa", {"DG", "001", "03"}},
    {"loterica", {"B4", "031", "31"}},
    {"autoatendimento", {"AA", "032", "32"}},
    {"cartorio", {"LC", "008", "08"}},
    {"pix", {"", "", ""}},
};

std::string_view at(const Codes& codes, cnab::LayoutId bank) noexcept {
    switch (bank) {
        case cnab::LayoutId::itau400: return codes[0];
        case cnab::LayoutId::bradesco400: return codes[1];
        case cnab::LayoutId::bb240: break;
    }
    return codes[2];
}

const RefusalRow& row_of(Refusal refusal) noexcept {
    for (const RefusalRow& row : kRefusals) {
        if (row.refusal == refusal) return row;
    }
    return kRefusals[0];
}

const ChannelRow* find_channel(std::string_view name) noexcept {
    for (const ChannelRow& row : kChannels) {
        if (row.name == name) return &row;
    }
    return nullptr;
}

}  // namespace

std::string_view occurrence_of(cnab::LayoutId bank, HappeningKind kind) noexcept {
    for (const OccurrenceRow& row : kOccurrences) {
        if (row.kind == kind) return at(row.codes, bank);
    }
    return {};
}

std::string_view reason_of(cnab::LayoutId bank, Refusal refusal) noexcept {
    return at(row_of(refusal).codes, bank);
}

std::string_view field_of(Refusal refusal) noexcept {
    return row_of(refusal).field;
}

std::string_view message_of(Refusal refusal) noexcept {
    return row_of(refusal).message;
}

bool is_channel(std::string_view name) noexcept {
    return find_channel(name) != nullptr;
}

std::string_view channel_code(cnab::LayoutId bank, std::string_view name) noexcept {
    const ChannelRow* const row = find_channel(name);
    return row == nullptr ? std::string_view() : at(row->codes, bank);
}

std::string_view registration_fee_reason(cnab::LayoutId bank) noexcept {
    constexpr Codes kReasons{"", "12", "13"};
    return at(kReasons, bank);
}

}  // namespace causeway::connectors::boleto::sandbox
