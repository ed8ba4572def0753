// SPDX-License-Identifier: Apache-2.0
//
// Bodies of the charge that is to be paid at once.
#include "connectors/pix/amount.h"
#include "connectors/pix/charge_parts.h"
#include "connectors/pix/identifiers.h"

#include <boost/json/value.hpp>

namespace causeway::connectors::pix {
namespace {

namespace json = boost::json;

bool is_agent(std::string_view text) {
    return text == "AGTEC" || text == "AGTOT" || text == "AGPSS";
}
// Change is given in shops only.
bool is_change_agent(std::string_view text) {
    return text == "AGTEC" || text == "AGTOT";
}

std::optional<Withdrawal> read_withdrawal(BodyReader& amounts) {
    auto from = amounts.object("retirada", Need::optional);
    if (!from) return std::nullopt;
    Withdrawal out;
    out.change = from->has("troco");
    if (out.change && from->has("saque")) from->fail("troco", "must not stand beside a saque");
    auto part = from->object(out.change ? "troco" : "saque", Need::required);
    if (!part) return std::nullopt;
    out.amount = part->amount("valor", Need::required).value_or(0);
    out.amount_may_change =
        part->integer("modalidadeAlteracao", Need::optional, {0, 1}).value_or(0);
    part->into(out.agent,
               "modalidadeAgente",
               Need::required,
               {0, out.change ? is_change_agent : is_agent, "a kind of agent"});
    part->into(out.provider,
               "prestadorDoServicoDeSaque",
               Need::required,
               {0, IspbRule::accepts, IspbRule::kForm});
    return out;
}

json::object write_withdrawal(const Withdrawal& body) {
    json::object part{{"valor", amount_text(body.amount)},
                      {"modalidadeAlteracao", body.amount_may_change},
                      {"modalidadeAgente", body.agent},
                      {"prestadorDoServicoDeSaque", body.provider}};
    return {{body.change ? "troco" : "saque", std::move(part)}};
}

void read_cob(BodyReader& in, Need need, CobTerms& out) {
    parts::read_terms(in, need, out);
    out.payer = parts::read_party(in, "devedor", Need::optional);
    auto amounts = in.object("valor", need);
    if (!amounts) return;
    out.amount = amounts->amount("original", need);
    out.amount_may_change = amounts->integer("modalidadeAlteracao", Need::optional, {0, 1});
    out.withdrawal = read_withdrawal(*amounts);
}

json::object write_cob(const CobTerms& terms) {
    json::object out;
    parts::write_terms(out, terms);
    json::object amounts;
    if (terms.amount) amounts["original"] = amount_text(*terms.amount);
    if (terms.amount_may_change) amounts["modalidadeAlteracao"] = *terms.amount_may_change;
    if (terms.withdrawal) amounts["retirada"] = write_withdrawal(*terms.withdrawal);
    if (!amounts.empty()) out["valor"] = std::move(amounts);
    if (terms.expires_in) out["calendario"] = json::object{{"expiracao", *terms.expires_in}};
    return out;
}

void read_expiry(BodyReader& calendar, Need need, CobTerms& out) {
    out.expires_in = calendar.integer("expiracao", need, {0, parts::kInt32Max});
}

}  // namespace

void read_body(BodyReader& in, CobRequest& out) {
    read_cob(in, Need::required, out.terms);
    if (auto calendar = in.object("calendario", Need::required)) {
        read_expiry(*calendar, Need::optional, out.terms);
    }
}

json::object write_body(const CobRequest& body) {
    json::object out = write_cob(body.terms);
    if (!body.terms.expires_in) out["calendario"] = json::object();
    return out;
}

void read_body(BodyReader& in, CobRevision& out) {
    read_cob(in, Need::optional, out.terms);
    out.remove = parts::read_removal(in);
    if (auto calendar = in.object("calendario", Need::optional)) {
        read_expiry(*calendar, Need::optional, out.terms);
    }
}

json::object write_body(const CobRevision& body) {
    json::object out = write_cob(body.terms);
    if (body.remove) out["status"] = to_string(ChargeStatus::removed_by_receiver);
    return out;
}

void read_body(BodyReader& in, Cob& out) {
    read_cob(in, Need::required, out.terms);
    parts::read_record(in, out.record);
    if (auto calendar = in.object("calendario", Need::required)) {
        out.record.created = calendar->moment("criacao", Need::required).value_or(Timestamp());
        read_expiry(*calendar, Need::required, out.terms);
    }
}

json::object write_body(const Cob& body) {
    json::object out = write_cob(body.terms);
    parts::write_record(out, body.record);
    out["chave"] = body.terms.key;
    json::object calendar{{"criacao", moment_text(body.record.created)}};
    if (body.terms.expires_in) calendar["expiracao"] = *body.terms.expires_in;
    out["calendario"] = std::move(calendar);
    return out;
}

void read_body(BodyReader& in, CobPayload& out) {
    read_body(in, out.cob);
    if (auto calendar = in.object("calendario", Need::optional)) {
        out.shown = calendar->moment("apresentacao", Need::required).value_or(Timestamp());
    }
}

json::object write_body(const CobPayload& body) {
    json::object out = write_body(body.cob);
    out.at("calendario").as_object()["apresentacao"] = moment_text(body.shown);
    for (const std::string_view name : {"loc", "location", "pixCopiaECola", "pix"})
        out.erase(name);
    return out;
}

}  // namespace causeway::connectors::pix
