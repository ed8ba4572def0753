// SPDX-License-Identifier: Apache-2.0
#include "connectors/pix/charge_parts.h"

#include "connectors/pix/amount.h"
#include "connectors/pix/br_code.h"
#include "connectors/pix/identifiers.h"
#include "connectors/pix/key.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

namespace causeway::connectors::pix {
namespace {

namespace json = boost::json;

constexpr std::size_t kNameMax = 200;
constexpr std::size_t kQuestionMax = 140;
constexpr std::size_t kInfoNameMax = 50;
constexpr std::size_t kInfoMax = 50;
constexpr std::size_t kCopyAndPasteMax = 512;
constexpr std::size_t kPaymentsMax = 10'000;
constexpr std::string_view kRemoval = "REMOVIDA_PELO_USUARIO_RECEBEDOR";

constexpr Spellings<ChargeStatus, 4> kStatuses = {{
    {"ATIVA", ChargeStatus::active},
    {"CONCLUIDA", ChargeStatus::concluded},
    {"REMOVIDA_PELO_USUARIO_RECEBEDOR", ChargeStatus::removed_by_receiver},
    {"REMOVIDA_PELO_PSP", ChargeStatus::removed_by_provider},
}};
constexpr Spellings<LocationKind, 2> kLocationKinds = {{
    {"cob", LocationKind::cob},
    {"cobv", LocationKind::cobv},
}};

// The form only: whether the check digits fit is asked before we send a number, not of what a
// provider tells.
bool has_cpf_form(std::string_view text) {
    return text.size() == 11 &&
           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}
bool has_cnpj_form(std::string_view text) {
    return text.size() == 14 && std::ranges::all_of(text, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
           });
}

constexpr TextForm kCpfForm{0, has_cpf_form, "11 digits"};
constexpr TextForm kCnpjForm{0, has_cnpj_form, "14 digits or upper-case letters"};
constexpr TextForm kTxidForm{0, TxidRule::accepts, TxidRule::kForm};

}  // namespace

std::string_view to_string(ChargeStatus status) {
    return spell(kStatuses, status);
}

void read_body(BodyReader& in, Location& out) {
    out.id = in.integer("id", Need::required, {0, INT64_MAX}).value_or(0);
    in.into(out.url, "location", Need::optional, {.length_max = kPayloadUrlMax});
    out.kind = in.one_of("tipoCob", Need::optional, kLocationKinds);
    out.created = in.moment("criacao", Need::optional);
    in.into(out.txid, "txid", Need::optional, kTxidForm);
}

json::object write_body(const Location& body) {
    json::object out{{"id", body.id}};
    if (!body.txid.empty()) out["txid"] = body.txid;
    if (!body.url.empty()) out["location"] = body.url;
    if (body.kind) out["tipoCob"] = spell(kLocationKinds, *body.kind);
    if (body.created) out["criacao"] = moment_text(*body.created);
    return out;
}

void read_body(BodyReader& in, LocationRequest& out) {
    out.kind = in.one_of("tipoCob", Need::required, kLocationKinds).value_or(out.kind);
}

json::object write_body(const LocationRequest& body) {
    return {{"tipoCob", spell(kLocationKinds, body.kind)}};
}

namespace parts {

std::optional<Party> read_party(BodyReader& in, std::string_view name, Need need) {
    auto from = in.object(name, need);
    if (!from) return std::nullopt;
    Party party;
    const bool person = from->has("cpf");
    if (person && from->has("cnpj")) from->fail("cnpj", "must not stand beside a cpf");
    from->into(
        party.tax_number, person ? "cpf" : "cnpj", Need::required, person ? kCpfForm : kCnpjForm);
    from->into(party.name, "nome", Need::required, {.length_max = kNameMax});
    from->into(party.trade_name, "nomeFantasia", Need::optional, {.length_max = kNameMax});
    from->into(party.street, "logradouro", Need::optional, {.length_max = kNameMax});
    from->into(party.city, "cidade", Need::optional, {.length_max = kNameMax});
    from->into(party.state, "uf", Need::optional, {.length_max = 2});
    from->into(party.postal_code, "cep", Need::optional, {.length_max = 8});
    from->into(party.email, "email", Need::optional);
    return party;
}

json::object write_party(const Party& party) {
    json::object out;
    const auto add = [&](std::string_view name, const std::string& value) {
        if (!value.empty()) out[name] = value;
    };
    add("logradouro", party.street);
    add("cidade", party.city);
    add("uf", party.state);
    add("cep", party.postal_code);
    add("email", party.email);
    add(has_cpf_form(party.tax_number) ? "cpf" : "cnpj", party.tax_number);
    out["nome"] = party.name;
    add("nomeFantasia", party.trade_name);
    return out;
}

void read_terms(BodyReader& in, Need need, ChargeTerms& out) {
    in.into(out.key, "chave", need, {.length_max = kKeyBytesMax});
    in.into(out.payer_question, "solicitacaoPagador", Need::optional, {.length_max = kQuestionMax});
    if (auto location = in.object("loc", Need::optional)) {
        read_body(*location, out.location.emplace());
    }
    for (BodyReader& item : in.objects("infoAdicionais", Need::optional, kInfoMax)) {
        InfoItem info;
        item.into(info.name, "nome", Need::required, {.length_max = kInfoNameMax});
        item.into(info.value, "valor", Need::required, {.length_max = kNameMax});
        out.info.push_back(std::move(info));
    }
}

void write_terms(json::object& out, const ChargeTerms& terms) {
    if (!terms.key.empty()) out["chave"] = terms.key;
    if (terms.payer) out["devedor"] = write_party(*terms.payer);
    if (terms.location) out["loc"] = write_body(*terms.location);
    if (!terms.payer_question.empty()) out["solicitacaoPagador"] = terms.payer_question;
    if (terms.info.empty()) return;
    json::array info;
    for (const InfoItem& item : terms.info)
        info.emplace_back(json::object{{"nome", item.name}, {"valor", item.value}});
    out["infoAdicionais"] = std::move(info);
}

void read_record(BodyReader& in, ChargeRecord& out) {
    in.into(out.txid, "txid", Need::required, kTxidForm);
    out.revision = in.integer("revisao", Need::required, {0, kInt32Max}).value_or(0);
    out.status = in.one_of("status", Need::required, kStatuses).value_or(out.status);
    in.into(out.url, "location", Need::optional, {.length_max = kPayloadUrlMax});
    in.into(out.copy_and_paste, "pixCopiaECola", Need::optional, {.length_max = kCopyAndPasteMax});
    for (BodyReader& pix : in.objects("pix", Need::optional, kPaymentsMax))
        read_body(pix, out.pix.emplace_back());
}

void write_record(json::object& out, const ChargeRecord& record) {
    out["txid"] = record.txid;
    out["revisao"] = record.revision;
    out["status"] = to_string(record.status);
    if (!record.url.empty()) out["location"] = record.url;
    if (!record.copy_and_paste.empty()) out["pixCopiaECola"] = record.copy_and_paste;
    if (record.pix.empty()) return;
    json::array pix;
    for (const ReceivedPix& it : record.pix)
        pix.emplace_back(write_body(it));
    out["pix"] = std::move(pix);
}

bool read_removal(BodyReader& in) {
    const auto status = in.text("status", Need::optional);
    if (status && *status != kRemoval) in.fail("status", "can only be " + std::string(kRemoval));
    return status && *status == kRemoval;
}

}  // namespace parts
}  // namespace causeway::connectors::pix
