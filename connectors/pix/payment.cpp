// SPDX-License-Identifier: Apache-2.0
#include "connectors/pix/payment.h"

#include "connectors/pix/amount.h"
#include "connectors/pix/identifiers.h"
#include "connectors/pix/key.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

namespace causeway::connectors::pix {
namespace {

namespace json = boost::json;

constexpr std::size_t kSettlementIdSize = 32;
constexpr std::size_t kNoteMax = 140;
constexpr std::size_t kRefundsMax = 1000;
constexpr std::size_t kNoticeMax = 10'000;

constexpr Spellings<RefundStatus, 3> kStatuses = {{
    {"EM_PROCESSAMENTO", RefundStatus::in_process},
    {"DEVOLVIDO", RefundStatus::refunded},
    {"NAO_REALIZADO", RefundStatus::not_done},
}};
constexpr Spellings<RefundNature, 5> kNatures = {{
    {"ORIGINAL", RefundNature::original},
    {"RETIRADA", RefundNature::withdrawal},
    {"MED_OPERACIONAL", RefundNature::med_operational},
    {"MED_FRAUDE", RefundNature::med_fraud},
    {"MED_PIX_AUTOMATICO", RefundNature::med_automatic},
}};
constexpr Spellings<RefundNature, 2> kNaturesToAsk = {{
    {"ORIGINAL", RefundNature::original},
    {"RETIRADA", RefundNature::withdrawal},
}};
constexpr std::string_view kComponents[] = {
    "original", "saque", "troco", "juros", "multa", "abatimento", "desconto"};

bool is_settlement_id(std::string_view text) {
    return text.size() == kSettlementIdSize && is_payment_txid(text.substr(1));
}

constexpr TextForm kSettlementForm{0, is_settlement_id, "32 letters and digits"};
constexpr TextForm kRefundIdForm{0, RefundRule::accepts, RefundRule::kForm};
constexpr TextForm kTxidForm{0, is_payment_txid, "1 to 35 letters and digits"};

void read_components(BodyReader& in, ReceivedPix& out) {
    auto parts = in.object("componentesValor", Need::optional);
    if (!parts) return;
    for (const std::string_view name : kComponents) {
        auto part = parts->object(name, Need::optional);
        if (!part) continue;
        if (const auto amount = part->amount("valor", Need::required)) {
            out.components.emplace_back(name, *amount);
        }
    }
}

}  // namespace

std::string_view to_string(RefundStatus status) {
    return spell(kStatuses, status);
}

void read_body(BodyReader& in, RefundRequest& out) {
    out.amount = in.amount("valor", Need::required).value_or(0);
    out.nature = in.one_of("natureza", Need::optional, kNaturesToAsk);
    in.into(out.description, "descricao", Need::optional, {.length_max = kNoteMax});
}

json::object write_body(const RefundRequest& body) {
    json::object out{{"valor", amount_text(body.amount)}};
    if (body.nature) out["natureza"] = spell(kNatures, *body.nature);
    if (!body.description.empty()) out["descricao"] = body.description;
    return out;
}

void read_body(BodyReader& in, Refund& out) {
    in.into(out.id, "id", Need::required, kRefundIdForm);
    in.into(out.return_id, "rtrId", Need::required, kSettlementForm);
    out.amount = in.amount("valor", Need::required).value_or(0);
    out.nature = in.one_of("natureza", Need::optional, kNatures);
    in.into(out.description, "descricao", Need::optional, {.length_max = kNoteMax});
    if (auto times = in.object("horario", Need::required)) {
        out.requested = times->moment("solicitacao", Need::optional);
        out.settled = times->moment("liquidacao", Need::optional);
    }
    out.status = in.one_of("status", Need::required, kStatuses).value_or(out.status);
    in.into(out.reason, "motivo", Need::optional, {.length_max = kNoteMax});
}

json::object write_body(const Refund& body) {
    json::object times;
    if (body.requested) times["solicitacao"] = moment_text(*body.requested);
    if (body.settled) times["liquidacao"] = moment_text(*body.settled);
    json::object out{{"id", body.id},
                     {"rtrId", body.return_id},
                     {"valor", amount_text(body.amount)},
                     {"horario", std::move(times)},
                     {"status", to_string(body.status)}};
    if (body.nature) out["natureza"] = spell(kNatures, *body.nature);
    if (!body.description.empty()) out["descricao"] = body.description;
    if (!body.reason.empty()) out["motivo"] = body.reason;
    return out;
}

void read_body(BodyReader& in, ReceivedPix& out) {
    in.into(out.end_to_end_id, "endToEndId", Need::required, kSettlementForm);
    in.into(out.txid, "txid", Need::optional, kTxidForm);
    out.amount = in.amount("valor", Need::required).value_or(0);
    read_components(in, out);
    in.into(out.key, "chave", Need::optional, {.length_max = kKeyBytesMax});
    out.time = in.moment("horario", Need::required).value_or(Timestamp());
    in.into(out.payer_note, "infoPagador", Need::optional, {.length_max = kNoteMax});
    for (BodyReader& refund : in.objects("devolucoes", Need::optional, kRefundsMax))
        read_body(refund, out.refunds.emplace_back());
}

json::object write_body(const ReceivedPix& body) {
    json::object out{{"endToEndId", body.end_to_end_id}};
    if (!body.txid.empty()) out["txid"] = body.txid;
    out["valor"] = amount_text(body.amount);
    if (!body.components.empty()) {
        json::object parts;
        for (const auto& [name, amount] : body.components)
            parts[name] = json::object{{"valor", amount_text(amount)}};
        out["componentesValor"] = std::move(parts);
    }
    if (!body.key.empty()) out["chave"] = body.key;
    out["horario"] = moment_text(body.time);
    if (!body.payer_note.empty()) out["infoPagador"] = body.payer_note;
    if (!body.refunds.empty()) {
        json::array refunds;
        for (const Refund& refund : body.refunds)
            refunds.emplace_back(write_body(refund));
        out["devolucoes"] = std::move(refunds);
    }
    return out;
}

void read_body(BodyReader& in, PixNotice& out) {
    for (BodyReader& pix : in.objects("pix", Need::required, kNoticeMax))
        read_body(pix, out.pix.emplace_back());
}

json::object write_body(const PixNotice& body) {
    json::array pix;
    for (const ReceivedPix& it : body.pix)
        pix.emplace_back(write_body(it));
    return {{"pix", std::move(pix)}};
}

}  // namespace causeway::connectors::pix
