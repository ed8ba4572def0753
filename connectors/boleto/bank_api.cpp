// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/bank_api.h"

#include "connectors/codes/digits.h"
#include "connectors/net/hmac.h"
#include "connectors/net/http.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <charconv>

namespace causeway::connectors::boleto {
namespace {

namespace json = boost::json;
using pix::BodyReader;
using pix::Need;
using pix::Spellings;
using pix::TextForm;

constexpr std::size_t kNumberMax = 20;
constexpr std::size_t kDocumentMax = 15;
constexpr std::size_t kControlMax = 25;
constexpr std::size_t kNameMax = 140;
constexpr std::size_t kTextMax = 256;
constexpr std::size_t kPixCodeMax = 512;
constexpr std::size_t kPaymentsMax = 1000;
constexpr std::size_t kSecondsDigitsMax = 12;
constexpr std::pair<std::int64_t, std::int64_t> kAmounts{0, 9'999'999'999'999};
constexpr std::pair<std::int64_t, std::int64_t> kBasisPoints{0, 10'000};

constexpr Spellings<BankTitleState, 3> kStates = {{
    {"REGISTRADO", BankTitleState::registered},
    {"LIQUIDADO", BankTitleState::paid},
    {"BAIXADO", BankTitleState::written_off},
}};
constexpr Spellings<BankNewsKind, 7> kNewsKinds = {{
    {"pagamento", BankNewsKind::payment},
    {"pagamento_pix", BankNewsKind::pix_payment},
    {"estorno", BankNewsKind::reversal},
    {"baixa", BankNewsKind::write_off},
    {"rejeicao", BankNewsKind::rejection},
    {"tarifa", BankNewsKind::tariff},
    {"protesto", BankNewsKind::protest},
}};

bool is_number(std::string_view text) {
    return !text.empty() && text.size() <= kNumberMax && codes::all_digits(text);
}

bool is_postal_code(std::string_view text) {
    return text.size() == 8 && codes::all_digits(text);
}

constexpr TextForm kNumberForm{0, is_number, "1 to 20 digits"};
constexpr TextForm kPostalCodeForm{0, is_postal_code, "eight digits"};

void read_payer(BodyReader& in, BankPayer& out) {
    in.into(out.name, "nome", Need::required, {.length_max = kNameMax});
    in.into(out.document, "documento", Need::required, {.length_max = 14});
    in.into(out.street, "logradouro", Need::required, {.length_max = kTextMax});
    in.into(out.district, "bairro", Need::optional, {.length_max = kTextMax});
    in.into(out.city, "cidade", Need::required, {.length_max = kTextMax});
    in.into(out.state, "uf", Need::required, {.length_max = 2});
    in.into(out.postal_code, "cep", Need::required, kPostalCodeForm);
}

json::object write_payer(const BankPayer& payer) {
    return {{"nome", payer.name},
            {"documento", payer.document},
            {"logradouro", payer.street},
            {"bairro", payer.district},
            {"cidade", payer.city},
            {"uf", payer.state},
            {"cep", payer.postal_code}};
}

json::value day_or_null(const std::optional<Day>& day) {
    return day ? json::value(to_text(*day)) : json::value(nullptr);
}

json::value text_or_null(const std::string& text) {
    return text.empty() ? json::value(nullptr) : json::value(text);
}

void read_payment(BodyReader& in, BankPayment& out) {
    in.into(out.id, "id", Need::required, {.length_max = kTextMax});
    out.amount = in.integer("valor_pago", Need::required, kAmounts).value_or(0);
    out.paid_on = in.day("data_pagamento", Need::required).value_or(Day());
    out.credited_on = in.day("data_credito", Need::optional);
    out.tariff = in.integer("tarifa", Need::optional, kAmounts).value_or(0);
    in.into(out.channel, "canal", Need::optional, {.length_max = kTextMax});
    in.into(out.end_to_end_id, "e2e", Need::optional, {.length_max = kTextMax});
}

json::object write_payment(const BankPayment& payment) {
    return {{"id", payment.id},
            {"valor_pago", payment.amount},
            {"data_pagamento", to_text(payment.paid_on)},
            {"data_credito", day_or_null(payment.credited_on)},
            {"tarifa", payment.tariff},
            {"canal", payment.channel},
            {"e2e", text_or_null(payment.end_to_end_id)}};
}

std::string signed_text(std::string_view time, std::string_view body) {
    return std::string(time).append(".").append(body);
}

}  // namespace

void read_body(BodyReader& in, BankTitleOrder& out) {
    in.into(out.agreement, "convenio", Need::optional, {.length_max = kNumberMax});
    in.into(out.wallet, "carteira", Need::required, {.length_max = 3});
    in.into(out.our_number, "nosso_numero", Need::required, kNumberForm);
    in.into(out.document, "seu_numero", Need::required, {.length_max = kDocumentMax});
    in.into(out.control, "controle", Need::optional, {.length_max = kControlMax});
    out.amount = in.integer("valor", Need::required, kAmounts).value_or(0);
    out.due_on = in.day("vencimento", Need::required).value_or(Day());
    out.payable_until = in.day("limite", Need::required).value_or(Day());
    out.issued_on = in.day("emissao", Need::required).value_or(Day());
    out.fine_bps = in.integer("multa_bps", Need::required, kBasisPoints).value_or(0);
    out.interest_month_bps = in.integer("juros_mes_bps", Need::required, kBasisPoints).value_or(0);
    out.discount_bps = in.integer("desconto_bps", Need::required, kBasisPoints).value_or(0);
    out.discount_until = in.day("desconto_ate", Need::optional);
    out.hybrid = in.boolean("hibrido", Need::required).value_or(false);
    if (auto payer = in.object("pagador", Need::required)) read_payer(*payer, out.payer);
}

json::object write_body(const BankTitleOrder& body) {
    return {{"convenio", body.agreement},
            {"carteira", body.wallet},
            {"nosso_numero", body.our_number},
            {"seu_numero", body.document},
            {"controle", body.control},
            {"valor", body.amount},
            {"vencimento", to_text(body.due_on)},
            {"limite", to_text(body.payable_until)},
            {"emissao", to_text(body.issued_on)},
            {"multa_bps", body.fine_bps},
            {"juros_mes_bps", body.interest_month_bps},
            {"desconto_bps", body.discount_bps},
            {"desconto_ate", day_or_null(body.discount_until)},
            {"hibrido", body.hybrid},
            {"pagador", write_payer(body.payer)}};
}

void read_body(BodyReader& in, BankTitle& out) {
    in.into(out.our_number, "nosso_numero", Need::optional, kNumberForm);
    in.into(out.line, "linha_digitavel", Need::optional, {.length_max = 47});
    in.into(out.barcode, "codigo_barras", Need::optional, {.length_max = 44});
    out.state = in.one_of("situacao", Need::required, kStates).value_or(out.state);
    if (auto pix = in.object("pix", Need::optional)) {
        BankPix code;
        pix->into(code.copy_and_paste, "copia_e_cola", Need::required, {.length_max = kPixCodeMax});
        pix->into(code.txid, "txid", Need::required, {.length_max = 35});
        out.pix = std::move(code);
    }
    for (BodyReader& payment : in.objects("pagamentos", Need::optional, kPaymentsMax))
        read_payment(payment, out.payments.emplace_back());
}

json::object write_body(const BankTitle& body) {
    json::object out{{"nosso_numero", body.our_number}};
    if (!body.line.empty()) out["linha_digitavel"] = body.line;
    if (!body.barcode.empty()) out["codigo_barras"] = body.barcode;
    out["situacao"] = pix::spell(kStates, body.state);
    out["pix"] = nullptr;
    if (body.pix) {
        out["pix"] =
            json::object{{"copia_e_cola", body.pix->copy_and_paste}, {"txid", body.pix->txid}};
    }
    json::array payments;
    for (const BankPayment& payment : body.payments)
        payments.emplace_back(write_payment(payment));
    out["pagamentos"] = std::move(payments);
    return out;
}

void read_body(BodyReader& in, BankRefusal& out) {
    in.into(out.code, "codigo", Need::required, {.length_max = kTextMax});
    in.into(out.field, "campo", Need::optional, {.length_max = kTextMax});
    in.into(out.message, "mensagem", Need::optional, {.length_max = kTextMax});
}

json::object write_body(const BankRefusal& body) {
    return {{"codigo", body.code}, {"campo", text_or_null(body.field)}, {"mensagem", body.message}};
}

void read_body(BodyReader& in, BankNews& out) {
    in.into(out.id, "id", Need::required, {.length_max = kTextMax});
    out.kind = in.one_of("tipo", Need::required, kNewsKinds).value_or(out.kind);
    in.into(out.our_number, "nosso_numero", Need::required, kNumberForm);
    in.into(out.control, "controle", Need::optional, {.length_max = kControlMax});
    out.amount = in.integer("valor_pago", Need::optional, kAmounts).value_or(0);
    out.paid_on = in.day("data_pagamento", Need::optional);
    out.credited_on = in.day("data_credito", Need::optional);
    out.tariff = in.integer("tarifa", Need::optional, kAmounts).value_or(0);
    in.into(out.channel, "canal", Need::optional, {.length_max = kTextMax});
    in.into(out.end_to_end_id, "e2e", Need::optional, {.length_max = kTextMax});
    in.into(out.reason, "motivo", Need::optional, {.length_max = kTextMax});
    out.happened = in.moment("momento", Need::required).value_or(Timestamp());
}

json::object write_body(const BankNews& body) {
    return {{"id", body.id},
            {"tipo", pix::spell(kNewsKinds, body.kind)},
            {"nosso_numero", body.our_number},
            {"controle", body.control},
            {"valor_pago", body.amount},
            {"data_pagamento", day_or_null(body.paid_on)},
            {"data_credito", day_or_null(body.credited_on)},
            {"tarifa", body.tariff},
            {"canal", body.channel},
            {"e2e", text_or_null(body.end_to_end_id)},
            {"motivo", body.reason},
            {"momento", to_rfc3339(body.happened)}};
}

std::vector<std::pair<std::string, std::string>> sign_news(std::string_view secret,
                                                           std::string_view body,
                                                           Timestamp now) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    const std::string time = std::to_string(seconds);
    return {
        {std::string(kNewsTimeHeader), time},
        {std::string(kNewsSignatureHeader), net::hmac_sha256_hex(secret, signed_text(time, body))}};
}

Result<void> check_news_signature(std::string_view secret,
                                  const std::vector<std::pair<std::string, std::string>>& headers,
                                  std::string_view body,
                                  Timestamp now) {
    const std::string* const time = net::find_header(headers, kNewsTimeHeader);
    const std::string* const digest = net::find_header(headers, kNewsSignatureHeader);
    if (time == nullptr || digest == nullptr) {
        return Error(ErrorCode::integrity, "there is no signature");
    }
    if (!net::same_secret(net::hmac_sha256_hex(secret, signed_text(*time, body)), *digest)) {
        return Error(ErrorCode::integrity, "the signature is wrong");
    }
    std::int64_t seconds = 0;
    const char* const end = time->data() + time->size();
    const auto [stop, failure] = std::from_chars(time->data(), end, seconds);
    if (failure != std::errc{} || stop != end || time->size() > kSecondsDigitsMax) {
        return Error(ErrorCode::integrity, "the signature has no time");
    }
    const auto age = now - Timestamp(std::chrono::seconds(seconds));
    if (age > kNewsAgeMax || age < -kNewsAgeMax) {
        return Error(ErrorCode::integrity, "the signature is too old, or a clock is wrong");
    }
    return {};
}

}  // namespace causeway::connectors::boleto
