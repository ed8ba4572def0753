// SPDX-License-Identifier: Apache-2.0
#include "connectors/pix/api.h"

#include "connectors/pix/rules.h"
#include "ledger/digest.h"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <span>
#include <utility>

namespace causeway::connectors::pix {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

constexpr int kUnauthorized = 401;
constexpr int kForbidden = 403;
constexpr int kNotFound = 404;
constexpr int kTooMany = 429;
constexpr std::int64_t kTokenSecondsMax = 86'400;

bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

// Source: RFC 3986 section 2.1.
std::string percent_encoded(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        if (is_unreserved(c)) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += kDigits[byte >> 4U];
        out += kDigits[byte & 0xFU];
    }
    return out;
}

std::string query_text(const PixQuery& query) {
    std::string text = "?inicio=" + percent_encoded(moment_text(query.from)) +
                       "&fim=" + percent_encoded(moment_text(query.to));
    const auto flag = [&](std::string_view name, const std::optional<bool>& value) {
        if (value) text += "&" + std::string(name) + "=" + (*value ? "true" : "false");
    };
    if (!query.txid.empty()) text += "&txid=" + percent_encoded(query.txid);
    flag("txIdPresente", query.has_txid);
    flag("devolucaoPresente", query.has_refund);
    text += "&paginacao.paginaAtual=" + std::to_string(query.page);
    return text + "&paginacao.itensPorPagina=" + std::to_string(query.page_size);
}

std::string basic_credentials(const PixApiConfig& config) {
    const std::string plain = config.client_id + ":" + config.client_secret;
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(plain.data());
    return "Basic " + to_base64(std::span(bytes, plain.size()));
}

template <class T>
std::string spelt(const T& body) {
    return json::serialize(write_body(body));
}

Error refused(const net::HttpResponse& response) {
    const auto problem = parse_body<Problem>(response.body, "problem");
    const std::string what =
        problem ? loggable(*problem) : "status " + std::to_string(response.status);
    return Error(ErrorCode::declined, "the provider refuses: " + what);
}

// What an answer's status means for a request that was sent.
Result<std::string> judged(net::HttpResponse response, bool changes) {
    const int status = response.status;
    const std::string said = "the provider answers " + std::to_string(status);
    if (status >= 200 && status < 300) return std::move(response.body);
    if (status == kUnauthorized || status == kForbidden || status == kTooMany) {
        return Error(ErrorCode::unavailable, said);
    }
    if (status == kNotFound) return Error(ErrorCode::not_found, said);
    if (status >= 400 && status < 500) return refused(response);
    return Error(changes ? ErrorCode::outcome_unknown : ErrorCode::unavailable, said);
}

Error not_heard(const Error& error, bool changes) {
    if (error.code() != ErrorCode::outcome_unknown || changes) return error;
    return Error(ErrorCode::unavailable, error.detail());
}

Error not_understood(bool changes, const std::string& detail) {
    return Error(changes ? ErrorCode::outcome_unknown : ErrorCode::integrity,
                 "an answer that cannot be believed: " + detail);
}

struct TokenAnswer {
    std::string token;
    std::int64_t seconds = 0;
};

// Source: RFC 6749 section 5.1. The life may be left out; then the token serves once.
void read_body(BodyReader& in, TokenAnswer& out) {
    in.into(out.token, "access_token", Need::required);
    out.seconds = in.integer("expires_in", Need::optional, {0, INT64_MAX}).value_or(0);
}

}  // namespace

PixApi::PixApi(PixApiConfig config, net::HttpClient& client, const Clock& clock)
    : config_(std::move(config)), client_(client), clock_(clock) {}

asio::awaitable<Result<PixApi::Token>> PixApi::fetch_token() {
    net::HttpRequest request;
    request.method = "POST";
    request.target = config_.token_url;
    request.headers.emplace_back("Authorization", basic_credentials(config_));
    request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    request.headers.emplace_back("Accept", "application/json");
    request.body = "grant_type=client_credentials&scope=" + percent_encoded(config_.scopes);
    const Timestamp asked = clock_.now();
    const auto response = co_await client_.send(std::move(request), config_.limits);
    if (!response) {
        co_return Error(ErrorCode::unavailable, "no token: " + response.error().detail());
    }
    if (response->status != 200) {
        co_return Error(ErrorCode::unavailable,
                        "no token: status " + std::to_string(response->status));
    }
    const auto answer = parse_body<TokenAnswer>(response->body, "token");
    if (!answer) co_return Error(ErrorCode::unavailable, "no token: " + answer.error().detail());
    const std::chrono::seconds life(std::min(answer->seconds, kTokenSecondsMax));
    Token token;
    token.text = answer->token;
    token.end = asked + life - config_.token_margin;
    co_return token;
}

asio::awaitable<Result<std::string>> PixApi::token() {
    {
        const std::lock_guard lock(mutex_);
        if (!token_.text.empty() && clock_.now() < token_.end) co_return token_.text;
    }
    // Two calls may fetch one each; both work, and the later one stays.
    auto fetched = co_await fetch_token();
    if (!fetched) co_return fetched.error();
    const std::lock_guard lock(mutex_);
    token_ = *fetched;
    co_return token_.text;
}

void PixApi::forget(const std::string& token) {
    const std::lock_guard lock(mutex_);
    if (token_.text == token) token_ = {};
}

asio::awaitable<Result<std::string>> PixApi::call(Call what) {
    for (bool again = false;; again = true) {
        const auto bearer = co_await token();
        if (!bearer) co_return bearer.error();
        net::HttpRequest request;
        request.method = what.method;
        request.target = config_.base_url + what.path;
        request.headers.emplace_back("Authorization", "Bearer " + *bearer);
        request.headers.emplace_back("Accept", "application/json");
        if (!what.body.empty()) {
            request.headers.emplace_back("Content-Type", "application/json");
            request.body = what.body;
        }
        auto response = co_await client_.send(std::move(request), config_.limits);
        if (!response) co_return not_heard(response.error(), what.changes);
        if (response->status == kUnauthorized) forget(*bearer);
        if (response->status != kUnauthorized || again) {
            co_return judged(*std::move(response), what.changes);
        }
    }
}

template <class T>
asio::awaitable<Result<T>> PixApi::ask(Call what, std::string name) {
    const bool changes = what.changes;
    const auto answer = co_await call(std::move(what));
    if (!answer) co_return answer.error();
    auto body = parse_body<T>(*answer, name);
    if (!body) co_return not_understood(changes, body.error().detail());
    co_return body;
}

template <class T>
asio::awaitable<Result<T>> PixApi::charge(Call what, std::string txid) {
    const bool changes = what.changes;
    auto answer = co_await ask<T>(std::move(what), "cob");
    if (answer && answer->record.txid != txid) co_return not_understood(changes, "another txid");
    co_return answer;
}

template <class T, class Body>
asio::awaitable<Result<T>> PixApi::put(Call what, std::string txid, Body body) {
    const auto kept = check(body);
    if (!kept) co_return kept.error();
    what.body = spelt(body);
    what.changes = true;
    co_return co_await charge<T>(std::move(what), std::move(txid));
}

asio::awaitable<Result<Cob>> PixApi::create_cob(Txid txid, CobRequest body) {
    Call what{"PUT", "/cob/" + txid.text()};
    co_return co_await put<Cob>(std::move(what), txid.text(), std::move(body));
}

asio::awaitable<Result<Cob>> PixApi::revise_cob(Txid txid, CobRevision body) {
    Call what{"PATCH", "/cob/" + txid.text()};
    co_return co_await put<Cob>(std::move(what), txid.text(), std::move(body));
}

asio::awaitable<Result<Cob>> PixApi::remove_cob(Txid txid) {
    CobRevision body;
    body.remove = true;
    co_return co_await revise_cob(std::move(txid), std::move(body));
}

asio::awaitable<Result<Cob>> PixApi::get_cob(Txid txid) {
    Call what{"GET", "/cob/" + txid.text()};
    co_return co_await charge<Cob>(std::move(what), txid.text());
}

asio::awaitable<Result<CobList>> PixApi::list_cobs(PixQuery query) {
    Call what{"GET", "/cob" + query_text(query)};
    co_return co_await ask<CobList>(std::move(what), "cobs");
}

asio::awaitable<Result<Cobv>> PixApi::create_cobv(Txid txid, CobvRequest body) {
    Call what{"PUT", "/cobv/" + txid.text()};
    co_return co_await put<Cobv>(std::move(what), txid.text(), std::move(body));
}

asio::awaitable<Result<Cobv>> PixApi::revise_cobv(Txid txid, CobvRevision body) {
    Call what{"PATCH", "/cobv/" + txid.text()};
    co_return co_await put<Cobv>(std::move(what), txid.text(), std::move(body));
}

asio::awaitable<Result<Cobv>> PixApi::remove_cobv(Txid txid) {
    CobvRevision body;
    body.remove = true;
    co_return co_await revise_cobv(std::move(txid), std::move(body));
}

asio::awaitable<Result<Cobv>> PixApi::get_cobv(Txid txid) {
    Call what{"GET", "/cobv/" + txid.text()};
    co_return co_await charge<Cobv>(std::move(what), txid.text());
}

asio::awaitable<Result<Location>> PixApi::create_location(LocationKind kind) {
    LocationRequest body;
    body.kind = kind;
    Call what{"POST", "/loc", spelt(body), true};
    co_return co_await ask<Location>(std::move(what), "loc");
}

asio::awaitable<Result<Location>> PixApi::get_location(std::int64_t id) {
    Call what{"GET", "/loc/" + std::to_string(id)};
    co_return co_await ask<Location>(std::move(what), "loc");
}

asio::awaitable<Result<Location>> PixApi::unlink_location(std::int64_t id) {
    Call what{"DELETE", "/loc/" + std::to_string(id) + "/txid", "", true};
    co_return co_await ask<Location>(std::move(what), "loc");
}

asio::awaitable<Result<ReceivedPix>> PixApi::get_pix(std::string end_to_end_id) {
    Call what{"GET", "/pix/" + percent_encoded(end_to_end_id)};
    auto answer = co_await ask<ReceivedPix>(std::move(what), "pix");
    if (answer && answer->end_to_end_id != end_to_end_id) {
        co_return not_understood(false, "another endToEndId");
    }
    co_return answer;
}

asio::awaitable<Result<PixList>> PixApi::list_pix(PixQuery query) {
    Call what{"GET", "/pix" + query_text(query)};
    co_return co_await ask<PixList>(std::move(what), "pix");
}

asio::awaitable<Result<Refund>> PixApi::refund(std::string end_to_end_id,
                                               RefundId id,
                                               RefundRequest body) {
    const auto kept = check(body);
    if (!kept) co_return kept.error();
    Call what{"PUT",
              "/pix/" + percent_encoded(end_to_end_id) + "/devolucao/" + id.text(),
              spelt(body),
              true};
    auto answer = co_await ask<Refund>(std::move(what), "devolucao");
    if (answer && (answer->id != id.text() || answer->amount != body.amount)) {
        co_return not_understood(true, "another devolucao");
    }
    co_return answer;
}

asio::awaitable<Result<Refund>> PixApi::get_refund(std::string end_to_end_id, RefundId id) {
    Call what{"GET", "/pix/" + percent_encoded(end_to_end_id) + "/devolucao/" + id.text()};
    auto answer = co_await ask<Refund>(std::move(what), "devolucao");
    if (answer && answer->id != id.text()) co_return not_understood(false, "another devolucao");
    co_return answer;
}

asio::awaitable<Result<void>> PixApi::set_webhook(PixKey key, WebhookRequest body) {
    const auto kept = check(body);
    if (!kept) co_return kept.error();
    Call what{"PUT", "/webhook/" + percent_encoded(key.text()), spelt(body), true};
    const auto answer = co_await call(std::move(what));
    if (!answer) co_return answer.error();
    co_return Result<void>();
}

asio::awaitable<Result<Webhook>> PixApi::get_webhook(PixKey key) {
    Call what{"GET", "/webhook/" + percent_encoded(key.text())};
    co_return co_await ask<Webhook>(std::move(what), "webhook");
}

asio::awaitable<Result<void>> PixApi::delete_webhook(PixKey key) {
    Call what{"DELETE", "/webhook/" + percent_encoded(key.text()), "", true};
    const auto answer = co_await call(std::move(what));
    if (!answer) co_return answer.error();
    co_return Result<void>();
}

}  // namespace causeway::connectors::pix
