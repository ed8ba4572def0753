// SPDX-License-Identifier: Apache-2.0
//
// Bodies of the charge that has a due date.
#include "connectors/pix/amount.h"
#include "connectors/pix/charge_parts.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

namespace causeway::connectors::pix {
namespace {

namespace json = boost::json;

constexpr std::size_t kDatedMax = 3;
constexpr std::int64_t kDaysValidDefault = 30;

std::optional<Adjustment> read_adjustment(BodyReader& amounts,
                                          std::string_view name,
                                          std::int64_t mode_max) {
    auto from = amounts.object(name, Need::optional);
    if (!from) return std::nullopt;
    Adjustment out;
    out.mode = from->integer("modalidade", Need::required, {1, mode_max}).value_or(1);
    out.value = from->amount("valorPerc", Need::required).value_or(0);
    return out;
}

json::object write_adjustment(const Adjustment& body) {
    return {{"modalidade", body.mode}, {"valorPerc", amount_text(body.value)}};
}

std::optional<Discount> read_discount(BodyReader& amounts) {
    auto from = amounts.object("desconto", Need::optional);
    if (!from) return std::nullopt;
    Discount out;
    out.mode = from->integer("modalidade", Need::required, {1, 6}).value_or(1);
    for (BodyReader& item : from->objects("descontoDataFixa", Need::optional, kDatedMax)) {
        const auto until = item.day("data", Need::required);
        const auto value = item.amount("valorPerc", Need::required);
        if (until && value) out.dated.push_back({*until, *value});
    }
    out.value = from->amount("valorPerc", Need::optional);
    return out;
}

json::object write_discount(const Discount& body) {
    json::object out{{"modalidade", body.mode}};
    if (body.value) out["valorPerc"] = amount_text(*body.value);
    if (body.dated.empty()) return out;
    json::array dated;
    for (const DatedDiscount& it : body.dated) {
        dated.emplace_back(
            json::object{{"data", to_text(it.until)}, {"valorPerc", amount_text(it.value)}});
    }
    out["descontoDataFixa"] = std::move(dated);
    return out;
}

void read_amounts(BodyReader& amounts, Need need, CobvTerms& out) {
    out.amount = amounts.amount("original", need);
    out.fine = read_adjustment(amounts, "multa", 2);
    out.interest = read_adjustment(amounts, "juros", 8);
    out.rebate = read_adjustment(amounts, "abatimento", 2);
    out.discount = read_discount(amounts);
}

void read_calendar(BodyReader& calendar, CobvTerms& out) {
    out.due = calendar.day("dataDeVencimento", Need::required);
    out.days_valid_after_due =
        calendar.integer("validadeAposVencimento", Need::optional, {0, parts::kInt32Max});
}

void read_cobv(BodyReader& in, Need need, CobvTerms& out) {
    parts::read_terms(in, need, out);
    out.payer = parts::read_party(in, "devedor", need);
    if (auto calendar = in.object("calendario", need)) read_calendar(*calendar, out);
}

json::object write_cobv(const CobvTerms& terms) {
    json::object out;
    parts::write_terms(out, terms);
    json::object amounts;
    if (terms.amount) amounts["original"] = amount_text(*terms.amount);
    if (terms.fine) amounts["multa"] = write_adjustment(*terms.fine);
    if (terms.interest) amounts["juros"] = write_adjustment(*terms.interest);
    if (terms.rebate) amounts["abatimento"] = write_adjustment(*terms.rebate);
    if (terms.discount) amounts["desconto"] = write_discount(*terms.discount);
    if (!amounts.empty()) out["valor"] = std::move(amounts);
    json::object calendar;
    if (terms.due) calendar["dataDeVencimento"] = to_text(*terms.due);
    if (terms.days_valid_after_due) {
        calendar["validadeAposVencimento"] = *terms.days_valid_after_due;
    }
    if (!calendar.empty()) out["calendario"] = std::move(calendar);
    return out;
}

// The parts that the charge and its payload share.
void read_cobv_record(BodyReader& in, Need receiver, Cobv& out) {
    read_cobv(in, Need::required, out.terms);
    parts::read_record(in, out.record);
    out.receiver = parts::read_party(in, "recebedor", receiver);
    auto calendar = in.object("calendario", Need::optional);
    if (!calendar) return;
    out.record.created = calendar->moment("criacao", Need::required).value_or(Timestamp());
    if (!out.terms.days_valid_after_due) out.terms.days_valid_after_due = kDaysValidDefault;
}

}  // namespace

void read_body(BodyReader& in, CobvRequest& out) {
    read_cobv(in, Need::required, out.terms);
    if (auto amounts = in.object("valor", Need::required)) {
        read_amounts(*amounts, Need::required, out.terms);
    }
}

json::object write_body(const CobvRequest& body) {
    return write_cobv(body.terms);
}

void read_body(BodyReader& in, CobvRevision& out) {
    read_cobv(in, Need::optional, out.terms);
    if (auto amounts = in.object("valor", Need::optional)) {
        read_amounts(*amounts, Need::optional, out.terms);
    }
    out.remove = parts::read_removal(in);
}

json::object write_body(const CobvRevision& body) {
    json::object out = write_cobv(body.terms);
    if (body.remove) out["status"] = to_string(ChargeStatus::removed_by_receiver);
    return out;
}

void read_body(BodyReader& in, Cobv& out) {
    read_cobv_record(in, Need::optional, out);
    if (auto amounts = in.object("valor", Need::required)) {
        read_amounts(*amounts, Need::required, out.terms);
    }
}

json::object write_body(const Cobv& body) {
    json::object out = write_cobv(body.terms);
    parts::write_record(out, body.record);
    out["chave"] = body.terms.key;
    if (body.receiver) out["recebedor"] = parts::write_party(*body.receiver);
    json::object calendar{{"criacao", moment_text(body.record.created)}};
    if (const auto* terms = out.if_contains("calendario")) {
        for (const auto& field : terms->as_object())
            calendar[field.key()] = field.value();
    }
    out["calendario"] = std::move(calendar);
    return out;
}

void read_body(BodyReader& in, CobvPayload& out) {
    read_cobv_record(in, Need::required, out.cobv);
    if (auto calendar = in.object("calendario", Need::optional)) {
        out.shown = calendar->moment("apresentacao", Need::required).value_or(Timestamp());
    }
    auto amounts = in.object("valor", Need::required);
    if (!amounts) return;
    out.cobv.terms.amount = amounts->amount("original", Need::optional);
    out.fine = amounts->amount("multa", Need::optional);
    out.interest = amounts->amount("juros", Need::optional);
    out.rebate = amounts->amount("abatimento", Need::optional);
    out.discount = amounts->amount("desconto", Need::optional);
    out.final_amount = amounts->amount("final", Need::required).value_or(0);
}

json::object write_body(const CobvPayload& body) {
    json::object out = write_body(body.cobv);
    out.at("calendario").as_object()["apresentacao"] = moment_text(body.shown);
    json::object amounts;
    const auto add = [&](std::string_view name, const std::optional<std::int64_t>& amount) {
        if (amount) amounts[name] = amount_text(*amount);
    };
    add("original", body.cobv.terms.amount);
    add("multa", body.fine);
    add("juros", body.interest);
    add("abatimento", body.rebate);
    add("desconto", body.discount);
    add("final", body.final_amount);
    out["valor"] = std::move(amounts);
    for (const std::string_view name : {"loc", "location", "pixCopiaECola", "pix"})
        out.erase(name);
    return out;
}

}  // namespace causeway::connectors::pix
