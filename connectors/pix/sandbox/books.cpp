// SPDX-License-Identifier: Apache-2.0
#include "connectors/pix/sandbox/books.h"

#include "connectors/codes/banking_days.h"
#include "connectors/pix/rules.h"
#include "connectors/pix/sandbox/payable.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

namespace causeway::connectors::pix::sandbox {
namespace {

namespace json = boost::json;

constexpr std::size_t kTokenSize = 32;
constexpr std::int64_t kExpiryDefault = 86'400;
constexpr std::chrono::days kRefundMax{90};

Problem no_such_thing() {
    return problem("NaoEncontrado", 404, "Entidade não encontrada.");
}

Problem bad_cob(std::string_view detail) {
    return problem("CobOperacaoInvalida", 400, detail);
}

bool expired(const Cob& cob, Timestamp now) {
    const std::chrono::seconds life(cob.terms.expires_in.value_or(kExpiryDefault));
    return now >= cob.record.created + life;
}

bool expired(const Cobv& cobv, Timestamp now) {
    return codes::day_in_brazil(now) > last_day_of(cobv.terms);
}

std::int64_t asked_for(const Cob& cob, Timestamp) {
    return *cob.terms.amount;
}

std::int64_t asked_for(const Cobv& cobv, Timestamp now) {
    return payable_on(cobv.terms, codes::day_in_brazil(now)).total;
}

bool payer_may_choose(const Cob& cob) {
    return cob.terms.amount_may_change.value_or(0) == 1;
}
bool payer_may_choose(const Cobv&) {
    return false;
}

// Only what a revision holds is changed.
template <class T>
void take_over(T& to, const T& from) {
    if (from != T()) to = from;
}

void change(ChargeTerms& to, const ChargeTerms& from) {
    take_over(to.amount, from.amount);
    take_over(to.key, from.key);
    take_over(to.payer, from.payer);
    take_over(to.payer_question, from.payer_question);
    take_over(to.info, from.info);
}

void change(CobTerms& to, const CobTerms& from) {
    change(static_cast<ChargeTerms&>(to), from);
    take_over(to.expires_in, from.expires_in);
    take_over(to.amount_may_change, from.amount_may_change);
    take_over(to.withdrawal, from.withdrawal);
}

void change(CobvTerms& to, const CobvTerms& from) {
    change(static_cast<ChargeTerms&>(to), from);
    take_over(to.due, from.due);
    take_over(to.days_valid_after_due, from.days_valid_after_due);
    take_over(to.fine, from.fine);
    take_over(to.interest, from.interest);
    take_over(to.rebate, from.rebate);
    take_over(to.discount, from.discount);
}

// What was, and what is being.
std::int64_t given_back(const ReceivedPix& pix) {
    std::int64_t sum = 0;
    for (const Refund& refund : pix.refunds)
        if (refund.status != RefundStatus::not_done) sum += refund.amount;
    return sum;
}

}  // namespace

Problem problem(std::string_view kind, int status, std::string_view detail) {
    Problem out;
    out.type = std::string(kProblemTypes) + std::string(kind);
    out.title = std::string(kind);
    out.status = status;
    out.detail = std::string(detail);
    return out;
}

std::optional<Problem> Books::check_new(const std::string& txid, const ChargeTerms& terms) const {
    if (!TxidRule::accepts(txid)) return bad_cob("O txid não respeita o formato.");
    if (cobs_.contains(txid) || cobvs_.contains(txid)) return bad_cob("O txid já foi usado.");
    if (std::ranges::find(config_.keys, terms.key) == config_.keys.end()) {
        return bad_cob("A chave não pertence ao usuário recebedor.");
    }
    return std::nullopt;
}

std::optional<Problem> Books::place(const std::string& txid,
                                    ChargeTerms& terms,
                                    LocationKind kind,
                                    Timestamp now) {
    if (!terms.location) terms.location = create_location(kind, now);
    const auto it = locations_.find(terms.location->id);
    if (it == locations_.end()) return bad_cob("A location não existe.");
    if (it->second.kind != kind) return bad_cob("A location é de outro tipo.");
    if (!it->second.txid.empty()) return bad_cob("A location está em uso.");
    it->second.txid = txid;
    terms.location = it->second;
    terms.location->txid.clear();
    return std::nullopt;
}

void Books::fill(ChargeRecord& record, const std::string& txid, const Location& at, Timestamp now) {
    record.txid = txid;
    record.created = std::chrono::floor<std::chrono::milliseconds>(now);
    record.url = at.url;
    const auto code =
        write_br_code(DynamicCode{*PayloadUrl::parse(at.url), config_.merchant, std::nullopt});
    if (code) record.copy_and_paste = *code;
}

Outcome<Cob> Books::create_cob(const std::string& txid, const CobRequest& body, Timestamp now) {
    Cob cob{.terms = body.terms, .record = {}};
    if (auto wrong = check_new(txid, cob.terms)) return *std::move(wrong);
    if (auto wrong = place(txid, cob.terms, LocationKind::cob, now)) return *std::move(wrong);
    if (!cob.terms.expires_in) cob.terms.expires_in = kExpiryDefault;
    fill(cob.record, txid, *cob.terms.location, now);
    return cobs_.emplace(txid, std::move(cob)).first->second;
}

Outcome<Cobv> Books::create_cobv(const std::string& txid, const CobvRequest& body, Timestamp now) {
    Cobv cobv{.terms = body.terms, .record = {}, .receiver = config_.receiver};
    if (auto wrong = check_new(txid, cobv.terms)) return *std::move(wrong);
    if (*cobv.terms.due < codes::day_in_brazil(now)) {
        return problem("CobVOperacaoInvalida", 400, "O vencimento já passou.");
    }
    if (auto wrong = place(txid, cobv.terms, LocationKind::cobv, now)) return *std::move(wrong);
    if (!cobv.terms.days_valid_after_due) cobv.terms.days_valid_after_due = kDaysValidDefault;
    fill(cobv.record, txid, *cobv.terms.location, now);
    return cobvs_.emplace(txid, std::move(cobv)).first->second;
}

template <class Charge, class Revision>
Outcome<Charge> Books::revised(std::map<std::string, Charge>& charges,
                               const std::string& txid,
                               const Revision& body) {
    const auto it = charges.find(txid);
    if (it == charges.end()) return no_such_thing();
    Charge& charge = it->second;
    if (charge.record.status != ChargeStatus::active) {
        return bad_cob("A cobrança não está ATIVA.");
    }
    if (body.remove) {
        charge.record.status = ChargeStatus::removed_by_receiver;
    } else {
        change(charge.terms, body.terms);
    }
    ++charge.record.revision;
    return charge;
}

Outcome<Cob> Books::revise(const std::string& txid, const CobRevision& body) {
    return revised(cobs_, txid, body);
}
Outcome<Cobv> Books::revise(const std::string& txid, const CobvRevision& body) {
    return revised(cobvs_, txid, body);
}

Outcome<Cob> Books::cob(const std::string& txid) const {
    const auto it = cobs_.find(txid);
    if (it == cobs_.end()) return no_such_thing();
    return it->second;
}
Outcome<Cobv> Books::cobv(const std::string& txid) const {
    const auto it = cobvs_.find(txid);
    if (it == cobvs_.end()) return no_such_thing();
    return it->second;
}

Location Books::create_location(LocationKind kind, Timestamp now) {
    Location location;
    location.id = static_cast<std::int64_t>(locations_.size()) + 1;
    location.kind = kind;
    location.created = std::chrono::floor<std::chrono::milliseconds>(now);
    location.url = config_.location_base + (kind == LocationKind::cobv ? "/cobv/" : "/") +
                   random_alphanumeric(kTokenSize, entropy_);
    return locations_.emplace(location.id, location).first->second;
}

Outcome<Location> Books::location(std::int64_t id) const {
    const auto it = locations_.find(id);
    if (it == locations_.end()) return no_such_thing();
    return it->second;
}

Outcome<Location> Books::unlink(std::int64_t id) {
    const auto it = locations_.find(id);
    if (it == locations_.end()) return no_such_thing();
    it->second.txid.clear();
    return it->second;
}

const Location* Books::find_location(std::string_view url) const {
    for (const auto& [id, location] : locations_) {
        if (location.url == url && !location.txid.empty()) return &location;
    }
    return nullptr;
}

Outcome<json::object> Books::payload(std::string_view token, Timestamp now, Day payment_day) const {
    const Location* at = find_location(config_.location_base + "/" + std::string(token));
    if (at == nullptr) return no_such_thing();
    const Timestamp shown = std::chrono::floor<std::chrono::milliseconds>(now);
    const auto cob = cobs_.find(at->txid);
    if (cob != cobs_.end()) {
        if (expired(cob->second, now)) return problem("PermanentementeRemovido", 410, "Expirada.");
        return write_body(CobPayload{cob->second, shown});
    }
    const Cobv& cobv = cobvs_.at(at->txid);
    if (expired(cobv, now)) return problem("PermanentementeRemovido", 410, "Expirada.");
    const Payable due = payable_on(cobv.terms, payment_day);
    CobvPayload out{.cobv = cobv, .shown = shown, .final_amount = due.total};
    if (due.fine > 0) out.fine = due.fine;
    if (due.interest > 0) out.interest = due.interest;
    if (due.rebate > 0) out.rebate = due.rebate;
    if (due.discount > 0) out.discount = due.discount;
    return write_body(out);
}

ReceivedPix Books::received(
    const Payment& payment, std::string txid, std::string key, std::int64_t amount, Timestamp now) {
    ReceivedPix pix;
    pix.end_to_end_id = make_end_to_end_id(payment.payer, now, entropy_).text();
    pix.txid = std::move(txid);
    pix.key = std::move(key);
    pix.amount = amount;
    pix.time = std::chrono::floor<std::chrono::milliseconds>(now);
    pix.payer_note = payment.note;
    return payments_.emplace_back(std::move(pix));
}

Outcome<ReceivedPix> Books::pay_charge(const Payment& payment,
                                       const std::string& txid,
                                       Timestamp now) {
    const auto settle_one = [&](auto& charge) -> Outcome<ReceivedPix> {
        if (charge.record.status != ChargeStatus::active || expired(charge, now)) {
            return bad_cob("A cobrança não pode mais ser paga.");
        }
        const std::int64_t asked = asked_for(charge, now);
        const std::int64_t amount = payment.amount.value_or(asked);
        if (amount <= 0 || (amount != asked && !payer_may_choose(charge))) {
            return bad_cob("O valor não é o da cobrança.");
        }
        charge.record.status = ChargeStatus::concluded;
        charge.record.pix.push_back(received(payment, txid, charge.terms.key, amount, now));
        return charge.record.pix.back();
    };
    const auto cob = cobs_.find(txid);
    if (cob != cobs_.end()) return settle_one(cob->second);
    const auto cobv = cobvs_.find(txid);
    if (cobv != cobvs_.end()) return settle_one(cobv->second);
    return no_such_thing();
}

Outcome<ReceivedPix> Books::pay_static(const Payment& payment,
                                       const StaticCode& code,
                                       Timestamp now) {
    if (std::ranges::find(config_.keys, code.key.text()) == config_.keys.end()) {
        return no_such_thing();
    }
    const std::int64_t amount = code.amount ? *code.amount : payment.amount.value_or(0);
    if (amount <= 0 || (payment.amount && *payment.amount != amount)) {
        return bad_cob("O valor não é o do código.");
    }
    return received(payment, code.txid ? code.txid->text() : "", code.key.text(), amount, now);
}

Outcome<ReceivedPix> Books::pay(const Payment& payment, Timestamp now) {
    if (payment.code.empty()) return pay_charge(payment, payment.txid, now);
    const auto code = read_br_code(payment.code);
    if (!code) return problem("RequisicaoInvalida", 400, code.error().detail());
    if (const auto* fixed = std::get_if<StaticCode>(&*code)) {
        return pay_static(payment, *fixed, now);
    }
    const auto* dynamic = std::get_if<DynamicCode>(&*code);
    const Location* at = dynamic != nullptr ? find_location(dynamic->url.text()) : nullptr;
    if (at == nullptr) return no_such_thing();
    const std::string txid = at->txid;
    return pay_charge(payment, txid, now);
}

ReceivedPix* Books::find_pix(const std::string& end_to_end_id) {
    const auto it = std::ranges::find(payments_, end_to_end_id, &ReceivedPix::end_to_end_id);
    return it == payments_.end() ? nullptr : &*it;
}

Outcome<ReceivedPix> Books::pix(const std::string& end_to_end_id) const {
    const auto it = std::ranges::find(payments_, end_to_end_id, &ReceivedPix::end_to_end_id);
    if (it == payments_.end()) return no_such_thing();
    return *it;
}

Outcome<Refund> Books::refund(const std::string& end_to_end_id,
                              const std::string& id,
                              const RefundRequest& body,
                              Timestamp now) {
    ReceivedPix* const pix = find_pix(end_to_end_id);
    if (pix == nullptr) return no_such_thing();
    const auto wrong = [](std::string_view detail) {
        return problem("PixDevolucaoInvalida", 400, detail);
    };
    for (const Refund& it : pix->refunds) {
        if (it.id != id) continue;
        if (it.amount == body.amount) return it;
        return wrong("O id já foi usado com outro valor.");
    }
    if (!RefundRule::accepts(id)) return wrong("O id não respeita o formato.");
    if (body.amount > pix->amount - given_back(*pix))
        return wrong("O valor excede o saldo do Pix.");
    if (now > pix->time + kRefundMax) return wrong("O prazo de 90 dias passou.");
    Refund refund;
    refund.id = id;
    refund.return_id = make_return_id(config_.ispb, now, entropy_).text();
    refund.amount = body.amount;
    refund.nature = body.nature;
    refund.description = body.description;
    refund.requested = std::chrono::floor<std::chrono::milliseconds>(now);
    return pix->refunds.emplace_back(std::move(refund));
}

Outcome<Refund> Books::find_refund(const std::string& end_to_end_id, const std::string& id) const {
    for (const ReceivedPix& pix : payments_) {
        if (pix.end_to_end_id != end_to_end_id) continue;
        const auto it = std::ranges::find(pix.refunds, id, &Refund::id);
        if (it != pix.refunds.end()) return *it;
    }
    return no_such_thing();
}

Outcome<ReceivedPix> Books::settle(const std::string& end_to_end_id,
                                   const std::string& id,
                                   bool done,
                                   Timestamp now) {
    ReceivedPix* const pix = find_pix(end_to_end_id);
    if (pix == nullptr) return no_such_thing();
    const auto it = std::ranges::find(pix->refunds, id, &Refund::id);
    if (it == pix->refunds.end()) return no_such_thing();
    if (it->status != RefundStatus::in_process) {
        return problem("PixDevolucaoInvalida", 400, "A devolução já terminou.");
    }
    it->status = done ? RefundStatus::refunded : RefundStatus::not_done;
    if (done) it->settled = std::chrono::floor<std::chrono::milliseconds>(now);
    if (!done) it->reason = "A conta do pagador não pode ser creditada.";
    return *pix;
}

Outcome<ReceivedPix> Books::take_back(const std::string& end_to_end_id,
                                      std::optional<std::int64_t> amount,
                                      RefundNature nature,
                                      Timestamp now) {
    ReceivedPix* const pix = find_pix(end_to_end_id);
    if (pix == nullptr) return no_such_thing();
    const std::int64_t left = pix->amount - given_back(*pix);
    const std::int64_t taken = amount.value_or(left);
    if (taken <= 0 || taken > left) {
        return problem("PixDevolucaoInvalida", 400, "O valor excede o saldo do Pix.");
    }
    Refund refund;
    refund.return_id = make_return_id(config_.ispb, now, entropy_).text();
    refund.id = refund.return_id;
    refund.amount = taken;
    refund.nature = nature;
    refund.requested = std::chrono::floor<std::chrono::milliseconds>(now);
    refund.settled = refund.requested;
    refund.status = RefundStatus::refunded;
    pix->refunds.push_back(std::move(refund));
    return *pix;
}

std::vector<std::pair<std::string, std::string>> Books::unsettled(Timestamp until) const {
    std::vector<std::pair<std::string, std::string>> found;
    for (const ReceivedPix& pix : payments_) {
        for (const Refund& refund : pix.refunds) {
            if (refund.status != RefundStatus::in_process || *refund.requested > until) continue;
            found.emplace_back(pix.end_to_end_id, refund.id);
        }
    }
    return found;
}

Outcome<Webhook> Books::set_webhook(const std::string& key, const std::string& url, Timestamp now) {
    if (std::ranges::find(config_.keys, key) == config_.keys.end()) return no_such_thing();
    Webhook& webhook = webhooks_[key];
    webhook.url = url;
    webhook.key = key;
    webhook.cnpj = config_.receiver.tax_number;
    webhook.created = std::chrono::floor<std::chrono::milliseconds>(now);
    return webhook;
}

Outcome<Webhook> Books::webhook(const std::string& key) const {
    const auto it = webhooks_.find(key);
    if (it == webhooks_.end()) return no_such_thing();
    return it->second;
}

json::object Books::as_json() const {
    const auto listed = [](const auto& entries) {
        json::array out;
        for (const auto& [name, entry] : entries)
            out.emplace_back(write_body(entry));
        return out;
    };
    json::array pix;
    for (const ReceivedPix& it : payments_)
        pix.emplace_back(write_body(it));
    return {{"cobs", listed(cobs_)},
            {"cobvs", listed(cobvs_)},
            {"pix", std::move(pix)},
            {"webhooks", listed(webhooks_)}};
}

}  // namespace causeway::connectors::pix::sandbox
