// SPDX-License-Identifier: Apache-2.0
#include "connectors/pix/rules.h"

#include "connectors/net/url.h"
#include "connectors/pix/amount.h"
#include "connectors/pix/identifiers.h"
#include "connectors/pix/key.h"

#include <string>

namespace causeway::connectors::pix {
namespace {

constexpr std::size_t kNameMax = 200;
constexpr std::size_t kNoteMax = 140;
constexpr std::size_t kInfoNameMax = 50;
constexpr std::size_t kInfoMax = 50;
constexpr std::size_t kDatedMax = 3;
constexpr std::int64_t kInt32Max = 2'147'483'647;
constexpr std::int64_t kHundredPercent = 10'000;

// The first rule that is broken.
class Verdict {
  public:
    explicit Verdict(std::string root) : root_(std::move(root)) {}

    void want(bool kept, std::string_view property, std::string_view rule) {
        if (kept || broken_) return;
        broken_ = Error(ErrorCode::invalid_argument,
                        root_ + "." + std::string(property) + ": " + std::string(rule));
    }
    [[nodiscard]] Result<void> result() const {
        if (broken_) return *broken_;
        return {};
    }

  private:
    std::string root_;
    std::optional<Error> broken_;
};

bool within(std::int64_t value, std::int64_t min, std::int64_t max) {
    return value >= min && value <= max;
}

void check_party(Verdict& verdict, const Party& party) {
    verdict.want(is_cpf(party.tax_number) || is_cnpj(party.tax_number),
                 party.tax_number.size() == 11 ? "devedor.cpf" : "devedor.cnpj",
                 "is not a tax number");
    verdict.want(!party.name.empty() && text_length(party.name) <= kNameMax,
                 "devedor.nome",
                 "must have 1 to 200 characters");
    verdict.want(text_length(party.street) <= kNameMax,
                 "devedor.logradouro",
                 "must have at most 200 characters");
    verdict.want(
        text_length(party.city) <= kNameMax, "devedor.cidade", "must have at most 200 characters");
    verdict.want(
        party.state.empty() || party.state.size() == 2, "devedor.uf", "must have two letters");
    verdict.want(party.postal_code.empty() || party.postal_code.size() == 8,
                 "devedor.cep",
                 "must have eight digits");
}

void check_terms(Verdict& verdict, const ChargeTerms& terms, bool whole) {
    verdict.want(!whole || terms.amount.has_value(), "valor.original", "is missing");
    verdict.want(!terms.amount || within(*terms.amount, 0, kAmountMax),
                 "valor.original",
                 "must have at most ten digits before the point");
    verdict.want(terms.key.empty() ? !whole : PixKey::parse(terms.key).has_value(),
                 "chave",
                 "must be a Pix key");
    verdict.want(text_length(terms.payer_question) <= kNoteMax,
                 "solicitacaoPagador",
                 "must have at most 140 characters");
    verdict.want(terms.info.size() <= kInfoMax, "infoAdicionais", "must be at most 50");
    for (const InfoItem& item : terms.info) {
        verdict.want(!item.name.empty() && text_length(item.name) <= kInfoNameMax,
                     "infoAdicionais.nome",
                     "must have 1 to 50 characters");
        verdict.want(!item.value.empty() && text_length(item.value) <= kNameMax,
                     "infoAdicionais.valor",
                     "must have 1 to 200 characters");
    }
    if (terms.payer) check_party(verdict, *terms.payer);
}

void check_cob(Verdict& verdict, const CobTerms& terms, bool whole) {
    check_terms(verdict, terms, whole);
    verdict.want(!terms.amount || *terms.amount > 0 || terms.withdrawal,
                 "valor.original",
                 "must be more than zero, unless cash is handed out");
    verdict.want(!terms.expires_in || within(*terms.expires_in, 1, kInt32Max),
                 "calendario.expiracao",
                 "must be one second to 2147483647");
    verdict.want(!terms.amount_may_change || within(*terms.amount_may_change, 0, 1),
                 "valor.modalidadeAlteracao",
                 "must be 0 or 1");
    if (!terms.withdrawal) return;
    const Withdrawal& cash = *terms.withdrawal;
    verdict.want(within(cash.amount, 0, kAmountMax), "valor.retirada", "must be an amount");
    verdict.want(IspbRule::accepts(cash.provider),
                 "valor.retirada.prestadorDoServicoDeSaque",
                 IspbRule::kForm);
    verdict.want(
        cash.agent == "AGTEC" || cash.agent == "AGTOT" || (cash.agent == "AGPSS" && !cash.change),
        "valor.retirada.modalidadeAgente",
        "must be AGTEC, AGTOT or, for a saque, AGPSS");
    verdict.want(cash.change || !terms.amount || *terms.amount == 0,
                 "valor.original",
                 "must be zero beside a saque");
    verdict.want(!cash.change || !terms.amount || *terms.amount > 0,
                 "valor.original",
                 "must be more than zero beside a troco");
}

void check_adjustment(Verdict& verdict,
                      const std::optional<Adjustment>& adjustment,
                      const std::string& name,
                      std::int64_t mode_max) {
    if (!adjustment) return;
    verdict.want(within(adjustment->mode, 1, mode_max),
                 name + ".modalidade",
                 "must be 1 to " + std::to_string(mode_max));
    verdict.want(within(adjustment->value, 1, kAmountMax),
                 name + ".valorPerc",
                 "must be more than zero and at most 9999999999.99");
}

void check_dated(Verdict& verdict, const CobvTerms& terms) {
    const Discount& discount = *terms.discount;
    const bool fixed = discount.mode == 1;
    verdict.want(!discount.dated.empty() && discount.dated.size() <= kDatedMax,
                 "valor.desconto.descontoDataFixa",
                 "must be one to three for the modalidades 1 and 2");
    verdict.want(!discount.value, "valor.desconto.valorPerc", "belongs to the modalidades 3 to 6");
    for (const DatedDiscount& it : discount.dated) {
        verdict.want(it.value > 0, "valor.desconto.descontoDataFixa.valorPerc", "must not be zero");
        verdict.want(!terms.due || it.until <= *terms.due,
                     "valor.desconto.descontoDataFixa.data",
                     "must not be after dataDeVencimento");
        verdict.want(fixed ? !terms.amount || it.value < *terms.amount : it.value < kHundredPercent,
                     "valor.desconto.descontoDataFixa.valorPerc",
                     "must be less than the amount");
    }
}

void check_discount(Verdict& verdict, const CobvTerms& terms) {
    if (!terms.discount) return;
    const Discount& discount = *terms.discount;
    verdict.want(within(discount.mode, 1, 6), "valor.desconto.modalidade", "must be 1 to 6");
    if (discount.mode <= 2) return check_dated(verdict, terms);
    verdict.want(discount.value && *discount.value > 0,
                 "valor.desconto.valorPerc",
                 "is wanted for the modalidades 3 to 6");
    verdict.want(discount.dated.empty(),
                 "valor.desconto.descontoDataFixa",
                 "belongs to the modalidades 1 and 2");
}

void check_cobv(Verdict& verdict, const CobvTerms& terms, bool whole) {
    check_terms(verdict, terms, whole);
    verdict.want(!terms.amount || *terms.amount > 0, "valor.original", "must be more than zero");
    verdict.want(!whole || terms.due, "calendario.dataDeVencimento", "is missing");
    verdict.want(!terms.days_valid_after_due || within(*terms.days_valid_after_due, 0, kInt32Max),
                 "calendario.validadeAposVencimento",
                 "must be 0 to 2147483647");
    verdict.want(terms.due || !terms.days_valid_after_due,
                 "calendario.dataDeVencimento",
                 "is wanted beside validadeAposVencimento");
    verdict.want(!whole || terms.payer, "devedor", "is missing");
    check_adjustment(verdict, terms.fine, "valor.multa", 2);
    check_adjustment(verdict, terms.interest, "valor.juros", 8);
    check_adjustment(verdict, terms.rebate, "valor.abatimento", 2);
    if (terms.rebate) {
        verdict.want(terms.rebate->mode == 1 ? !terms.amount || terms.rebate->value < *terms.amount
                                             : terms.rebate->value < kHundredPercent,
                     "valor.abatimento.valorPerc",
                     "must be less than the amount");
    }
    check_discount(verdict, terms);
}

}  // namespace

Result<void> check(const CobRequest& body) {
    Verdict verdict("cob");
    check_cob(verdict, body.terms, true);
    return verdict.result();
}

Result<void> check(const CobRevision& body) {
    Verdict verdict("cob");
    verdict.want(!body.remove || body.terms == CobTerms(), "status", "a removal goes alone");
    check_cob(verdict, body.terms, false);
    return verdict.result();
}

Result<void> check(const CobvRequest& body) {
    Verdict verdict("cobv");
    check_cobv(verdict, body.terms, true);
    return verdict.result();
}

Result<void> check(const CobvRevision& body) {
    Verdict verdict("cobv");
    verdict.want(!body.remove || body.terms == CobvTerms(), "status", "a removal goes alone");
    check_cobv(verdict, body.terms, false);
    return verdict.result();
}

Result<void> check(const RefundRequest& body) {
    Verdict verdict("devolucao");
    verdict.want(within(body.amount, 1, kAmountMax), "valor", "must be more than zero");
    verdict.want(!body.nature || *body.nature == RefundNature::original ||
                     *body.nature == RefundNature::withdrawal,
                 "natureza",
                 "must be ORIGINAL or RETIRADA");
    verdict.want(
        text_length(body.description) <= kNoteMax, "descricao", "must have at most 140 characters");
    return verdict.result();
}

Result<void> check(const WebhookRequest& body) {
    Verdict verdict("webhook");
    const auto url = net::parse_url(body.url);
    // One that ends in /pix is as good as another: ours is named after the connector.
    verdict.want(url && url->tls, "webhookUrl", "must be an https URL; the provider adds /pix");
    return verdict.result();
}

}  // namespace causeway::connectors::pix
