// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/bank_link.h"

#include "connectors/boleto/instrument.h"
#include "connectors/boleto/printable.h"
#include "connectors/codes/tax_number.h"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <stdexcept>

namespace causeway::connectors::boleto {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kWordsMax = 80;

std::unique_ptr<net::HttpClient> client_of(const BankAddress& bank) {
    net::HttpClientConfig config{.ca_file = bank.ca_file,
                                 .certificate_file = bank.certificate_file,
                                 .private_key_file = bank.private_key_file,
                                 .allow_plain = !bank.tls};
    if (!bank.tls) config.may_connect = [](const auto& address) { return address.is_loopback(); };
    auto made = net::make_http_client(config);
    if (!made) throw std::runtime_error("the bank's certificates: " + made.error().detail());
    return *std::move(made);
}

std::string path_of(std::string_view number) {
    return std::string(kTitlesPath) + "/" + std::string(number);
}

std::string words(std::string_view text) {
    std::string clean = printable(text);
    if (clean.size() > kWordsMax) clean.resize(kWordsMax);
    return clean;
}

// The bank's code stands first, word for word; its text is for people.
Answer refusal(Decline decline, const BankRefusal& said) {
    Answer answer{.approved = false, .decline = decline};
    answer.response_code = words(said.code);
    if (!said.message.empty()) answer.response_code += ": " + words(said.message);
    return answer;
}

Decline decline_of(const BankRefusal& said) {
    return said.field == "valor" ? Decline::invalid_amount : Decline::not_allowed;
}

// What a status says where no body of ours comes with it.
Error no_word(int status) {
    const std::string detail = "the bank answers " + std::to_string(status);
    const bool untouched = status == 401 || status == 403 || status == 429;
    return Error(untouched ? ErrorCode::unavailable : ErrorCode::outcome_unknown, detail);
}

bool is_refusal(int status) {
    return status >= 400 && status < 500 && status != 401 && status != 403 && status != 408 &&
           status != 429;
}

}  // namespace

BankTitleOrder order_of(const BoletoConfig& config, const Operation& operation) {
    const CollectionTerms& terms = operation.collection->terms;
    const connectors::Payer& payer = operation.collection->payer;
    const Result<codes::TaxNumber> tax = codes::TaxNumber::parse(payer.tax_id);
    const Result<std::string> postal = codes::parse_postal_code(payer.address.postal_code);
    return {.agreement = config.at.agreement.empty() ? config.company_code : config.at.agreement,
            .wallet = config.at.wallet,
            .our_number = operation.reference,
            .document = document_number(config, operation.reference),
            .control = operation.reference,
            .amount = operation.amount.minor_units(),
            .due_on = terms.due_on,
            .payable_until = last_day_of(terms),
            .issued_on = terms.issued_on,
            .fine_bps = terms.fine_bps,
            .interest_month_bps = terms.interest_month_bps,
            .discount_bps = terms.discount_bps,
            .discount_until = terms.discount_until,
            .hybrid = config.hybrid,
            .payer = {.name = payer.name,
                      .document = tax ? tax->text() : std::string(),
                      .street = street_of(payer.address),
                      .district = payer.address.district,
                      .city = payer.address.city,
                      .state = payer.address.state,
                      .postal_code = postal ? *postal : std::string()}};
}

BankLink::BankLink(const BoletoConfig& config, Report report)
    : config_(config), report_(std::move(report)), client_(client_of(config.bank)) {}

asio::awaitable<Result<net::HttpResponse>> BankLink::send(std::string method,
                                                          std::string path,
                                                          std::string body) {
    net::HttpRequest request;
    request.method = std::move(method);
    request.target = (config_.bank.tls ? "https://" : "http://") + config_.bank.host + ":" +
                     std::to_string(config_.bank.port) + path;
    request.headers = {{"Authorization", "Bearer " + config_.bank.token},
                       {"Accept", "application/json"}};
    if (!body.empty()) request.headers.emplace_back("Content-Type", "application/json");
    request.body = std::move(body);
    net::HttpLimits limits;
    limits.whole_max = config_.common.answer_max;
    limits.connect_max = std::min(limits.connect_max, limits.whole_max);
    limits.handshake_max = std::min(limits.handshake_max, limits.whole_max);
    Result<net::HttpResponse> response = co_await client_->send(std::move(request), limits);
    if (response && (response->status == 401 || response->status == 403)) {
        report_("provider_refuses_credentials", "HTTP " + std::to_string(response->status));
    }
    co_return response;
}

Result<Answer> BankLink::refused(const net::HttpResponse& response) {
    const Result<BankRefusal> said = pix::parse_body<BankRefusal>(response.body, "recusa");
    if (said) return refusal(decline_of(*said), *said);
    // Refused by something before the bank's own rules: it never looked at the boleto.
    return refusal(Decline::provider_error, {.code = "HTTP " + std::to_string(response.status)});
}

bool BankLink::is_ours(const Operation& operation, const BankTitle& title) const {
    const Result<Instrument> ours = make_instrument(
        config_, operation.reference, operation.collection->terms, operation.amount, {});
    return ours && title.our_number == operation.reference &&
           title.line == ours->details[0].second && title.barcode == ours->details[1].second;
}

Result<Answer> BankLink::registered(const Operation& operation, const net::HttpResponse& response) {
    const Result<BankTitle> title = pix::parse_body<BankTitle>(response.body, "boleto");
    if (!title) return Error(ErrorCode::outcome_unknown, title.error().detail());
    const std::string code = title->pix ? title->pix->copy_and_paste : std::string();
    Result<Instrument> ours = make_instrument(
        config_, operation.reference, operation.collection->terms, operation.amount, code);
    if (!ours) return ours.error();
    if (!is_ours(operation, *title)) {
        report_("provider_answer_disbelieved", "another boleto than was asked for");
        return Error(ErrorCode::integrity, "the bank answers with another boleto");
    }
    Answer answer{.approved = true};
    answer.response_code = std::to_string(response.status);
    answer.instrument = *std::move(ours);
    return answer;
}

asio::awaitable<Result<Answer>> BankLink::register_title(Operation operation) {
    std::string body = boost::json::serialize(write_body(order_of(config_, operation)));
    const Result<net::HttpResponse> response =
        co_await send("POST", std::string(kTitlesPath), std::move(body));
    if (!response) co_return response.error();
    if (response->status == 200 || response->status == 201) {
        co_return registered(operation, *response);
    }
    if (response->status == 409) co_return co_await number_used(std::move(operation));
    if (is_refusal(response->status)) co_return refused(*response);
    co_return no_word(response->status);
}

// It may be this very boleto, which we would word otherwise today; a buyer can only pay by its
// line.
asio::awaitable<Result<Answer>> BankLink::number_used(Operation operation) {
    std::string path = path_of(operation.reference);
    const Result<net::HttpResponse> response = co_await send("GET", std::move(path), std::string());
    if (!response) co_return response.error();
    if (response->status != 200) co_return no_word(response->status);
    const Result<BankTitle> title = pix::parse_body<BankTitle>(response->body, "boleto");
    if (!title) co_return Error(ErrorCode::outcome_unknown, title.error().detail());
    if (is_ours(operation, *title)) co_return registered(operation, *response);
    report_("provider_number_taken", "the bank has another boleto under " + operation.reference);
    BankRefusal taken;
    taken.code = "HTTP 409";
    co_return refusal(Decline::provider_error, taken);
}

asio::awaitable<Result<Answer>> BankLink::write_off(Operation operation) {
    std::string path = path_of(operation.original->reference) + std::string(kWriteOffPath);
    const Result<net::HttpResponse> response =
        co_await send("POST", std::move(path), std::string());
    if (!response) co_return response.error();
    const int status = response->status;
    if (status == 200) {
        const Result<BankTitle> title = pix::parse_body<BankTitle>(response->body, "boleto");
        if (title && title->state == BankTitleState::written_off) {
            Answer done{.approved = true};
            done.response_code = "200";
            co_return done;
        }
        co_return Error(ErrorCode::outcome_unknown, "the bank does not say that it is written off");
    }
    if (status == 404) co_return refusal(Decline::original_not_found, {.code = "HTTP 404"});
    if (is_refusal(status)) co_return refused(*response);
    co_return no_word(status);
}

asio::awaitable<Result<Finding>> BankLink::find(Operation operation) {
    const bool collects = operation.kind == OperationKind::collect;
    const std::string& number = collects ? operation.reference : operation.original->reference;
    const Result<net::HttpResponse> response = co_await send("GET", path_of(number), std::string());
    if (!response) co_return response.error();
    Finding found;
    // The bank would still take this number: it is not known yet, which is no promise.
    if (response->status == 404) co_return found;
    if (response->status != 200) co_return Error(ErrorCode::unavailable, "the bank does not say");
    if (collects) {
        Result<Answer> answer = registered(operation, *response);
        if (!answer) co_return answer.error();
        found.fate = Fate::carried_out;
        found.answer = *std::move(answer);
        co_return found;
    }
    const Result<BankTitle> title = pix::parse_body<BankTitle>(response->body, "boleto");
    if (!title) co_return Error(ErrorCode::unavailable, title.error().detail());
    if (title->state == BankTitleState::written_off) {
        found.fate = Fate::carried_out;
        found.answer.approved = true;
    }
    if (title->state == BankTitleState::paid) {
        found.fate = Fate::refused;
        found.answer = refusal(Decline::not_allowed, {.code = "LIQUIDADO"});
    }
    co_return found;
}

}  // namespace causeway::connectors::boleto
