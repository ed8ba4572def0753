// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/sandbox/books.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

namespace causeway::connectors::boleto::sandbox {
namespace {

namespace json = boost::json;

std::string_view state_name(SlipState state) {
    switch (state) {
        case SlipState::paid: return "LIQUIDADO";
        case SlipState::written_off: return "BAIXADO";
        case SlipState::registered: break;
    }
    return "REGISTRADO";
}

std::string_view protest_name(ProtestState state) {
    switch (state) {
        case ProtestState::asked: return "pedido";
        case ProtestState::at_notary: return "cartorio";
        case ProtestState::none: break;
    }
    return "";
}

json::object written(const Receipt& receipt) {
    return {{"id", receipt.id},
            {"nosso_numero", receipt.our_number},
            {"controle", receipt.control},
            {"valor_pago", receipt.amount},
            {"data_pagamento", to_text(receipt.day)},
            {"data_retorno", to_text(receipt.told_on)},
            {"data_credito", to_text(receipt.credit_on)},
            {"tarifa", receipt.tariff},
            {"canal", receipt.channel},
            {"e2e", receipt.end_to_end_id},
            {"inesperado", receipt.kind == HappeningKind::paid_unexpected},
            {"estornado", receipt.reversed}};
}

json::object written(const Slip& slip) {
    json::array payments;
    for (const std::size_t i : slip.receipts)
        payments.emplace_back("R" + std::to_string(i + 1));
    return {{"nosso_numero", slip.order.our_number},
            {"seu_numero", slip.order.document},
            {"controle", slip.order.control},
            {"valor", slip.terms.face},
            {"abatimento", slip.terms.abatement},
            {"vencimento", to_text(slip.terms.due)},
            {"situacao", state_name(slip.state)},
            {"protesto", protest_name(slip.protest)},
            {"linha_digitavel", slip.line},
            {"txid", slip.pix ? slip.pix->txid : ""},
            {"pagamentos", std::move(payments)}};
}

json::object written(const Posting& posting) {
    return {{"id", posting.id},
            {"dia", to_text(posting.day)},
            {"valor", posting.amount},
            {"tipo", posting.kind},
            {"referencia", posting.reference},
            {"quantidade", posting.count}};
}

json::array written(const std::vector<Posting>& postings) {
    json::array out;
    for (const Posting& posting : postings)
        out.emplace_back(written(posting));
    return out;
}

json::object written(const Account& account) {
    json::array statements;
    for (const DayStatement& day : account.statements()) {
        statements.emplace_back(json::object{{"dia", to_text(day.day)},
                                             {"saldo_inicial", day.opening},
                                             {"saldo_final", day.closing},
                                             {"lancamentos", written(day.postings)}});
    }
    return {{"saldo", account.balance()},
            {"extratos", std::move(statements)},
            {"a_lancar", written(account.waiting())}};
}

}  // namespace

json::object BankBooks::as_json() const {
    json::array slips;
    for (const auto& [number, slip] : slips_)
        slips.emplace_back(written(slip));
    json::array receipts;
    std::int64_t tariffs = 0;
    for (const Receipt& receipt : receipts_) {
        receipts.emplace_back(written(receipt));
        tariffs += receipt.tariff;
    }
    return {{"dia_aberto", to_text(open_)},
            {"titulos", std::move(slips)},
            {"pagamentos", std::move(receipts)},
            {"tarifas_liquidacao", tariffs},
            {"conta", written(current_)},
            {"conta_pix", written(pix_account_)}};
}

}  // namespace causeway::connectors::boleto::sandbox
