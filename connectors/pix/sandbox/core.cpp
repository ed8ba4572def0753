// SPDX-License-Identifier: Apache-2.0
#include "connectors/pix/sandbox/core.h"

#include "connectors/codes/bank_statement.h"
#include "connectors/codes/banking_days.h"
#include "connectors/net/hmac.h"
#include "connectors/pix/payload_jws.h"
#include "connectors/pix/sandbox/statement.h"
#include "ledger/digest.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <span>

namespace causeway::connectors::pix::sandbox {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

constexpr std::size_t kTokenSize = 40;

net::HttpResponse empty_answer(int status) {
    return {.status = status, .headers = {}, .body = {}};
}

net::HttpReply reply_with(net::HttpResponse response) {
    net::HttpReply reply;
    reply.response = std::move(response);
    return reply;
}

net::HttpReply silence(bool hold) {
    net::HttpReply reply;
    reply.hold = hold;
    return reply;
}

struct AdminPayment {
    Payment payment;
    bool notify = true;
};

void read_body(BodyReader& in, AdminPayment& out) {
    in.into(out.payment.code, "code", Need::optional);
    in.into(out.payment.txid, "txid", Need::optional);
    out.payment.amount = in.amount("amount", Need::optional);
    in.into(out.payment.note, "note", Need::optional, {.length_max = 140});
    if (const auto ispb = in.text("payer", Need::optional, {0, IspbRule::accepts, "an ISPB"})) {
        out.payment.payer = *Ispb::parse(*ispb);
    }
    out.notify = in.boolean("notify", Need::optional).value_or(true);
}

struct AdminSettlement {
    std::string end_to_end_id;
    std::string id;
    bool done = true;
    bool notify = true;
};

void read_body(BodyReader& in, AdminSettlement& out) {
    in.into(out.end_to_end_id, "end_to_end_id", Need::required);
    in.into(out.id, "id", Need::required);
    out.done = in.boolean("done", Need::optional).value_or(true);
    out.notify = in.boolean("notify", Need::optional).value_or(true);
}

struct AdminTakingBack {
    std::string end_to_end_id;
    std::optional<std::int64_t> amount;
    RefundNature nature = RefundNature::med_fraud;
    bool notify = true;
};

constexpr Spellings<RefundNature, 3> kTakingBack = {{
    {"MED_FRAUDE", RefundNature::med_fraud},
    {"MED_OPERACIONAL", RefundNature::med_operational},
    {"MED_PIX_AUTOMATICO", RefundNature::med_automatic},
}};

void read_body(BodyReader& in, AdminTakingBack& out) {
    in.into(out.end_to_end_id, "end_to_end_id", Need::required);
    out.amount = in.amount("amount", Need::optional);
    out.nature = in.one_of("nature", Need::optional, kTakingBack).value_or(out.nature);
    out.notify = in.boolean("notify", Need::optional).value_or(true);
}

net::HttpResponse bad_request(const Error& error) {
    return answer(problem("RequisicaoInvalida", 400, error.detail()));
}

}  // namespace

void PixSandbox::Core::log(std::string_view door, const net::HttpRequest& request, int status) {
    if (!config.log) return;
    const Target target = parse_target(request.target);
    // Names and ids stay out of the log: the first word of a path says enough.
    std::string line = std::string(door) + " " + request.method;
    for (const std::string& part : target.path) {
        if (part.size() < 12) line += "/" + part;
    }
    config.log(line + " " + std::to_string(status));
}

net::HttpResponse PixSandbox::Core::grant_token(const net::HttpRequest& request) {
    const std::string plain = config.client_id + ":" + config.client_secret;
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(plain.data());
    const std::string wanted = "Basic " + to_base64(std::span(bytes, plain.size()));
    const std::string* given = net::find_header(request.headers, "Authorization");
    if (given == nullptr || !net::same_secret(*given, wanted) ||
        request.body.find("grant_type=client_credentials") == std::string::npos) {
        return answer(401, {{"error", "invalid_client"}});
    }
    const std::string token = random_alphanumeric(kTokenSize, entropy);
    tokens[token] = clock.now() + config.token_life;
    return answer(200,
                  {{"access_token", token},
                   {"token_type", "Bearer"},
                   {"expires_in", config.token_life.count()}});
}

bool PixSandbox::Core::knows_token(const net::HttpRequest& request) {
    const std::string* given = net::find_header(request.headers, "Authorization");
    if (given == nullptr || !given->starts_with("Bearer ")) return false;
    const auto it = tokens.find(given->substr(7));
    return it != tokens.end() && clock.now() < it->second;
}

RequestTrick PixSandbox::Core::next_trick() {
    if (tricks.empty()) return RequestTrick::behave;
    const RequestTrick trick = tricks.front();
    tricks.pop_front();
    return trick;
}

void PixSandbox::Core::tell(const ReceivedPix& pix) {
    // Payments to the bare key are not told: the API's webhook is for those with a txid.
    if (pix.txid.empty()) return;
    const auto webhook = books->webhook(pix.key);
    if (const auto* it = std::get_if<Webhook>(&webhook)) notices.add(it->url, pix);
}

void PixSandbox::Core::settle_due() {
    if (config.settle_after.count() == 0) return;
    const Timestamp now = clock.now();
    for (const auto& [payment, id] : books->unsettled(now - config.settle_after)) {
        const auto settled = books->settle(payment, id, true, now);
        if (const auto* pix = std::get_if<ReceivedPix>(&settled)) tell(*pix);
    }
}

void PixSandbox::Core::settle_at_once(const Target& target) {
    Outcome<ReceivedPix> outcome = Problem();
    if (target.path.size() == 2) {
        Payment payment;
        payment.txid = target.path[1];
        outcome = books->pay(payment, clock.now());
    } else if (target.path.size() == 4) {
        outcome = books->settle(target.path[1], target.path[3], true, clock.now());
    }
    if (const auto* pix = std::get_if<ReceivedPix>(&outcome)) tell(*pix);
}

net::HttpResponse PixSandbox::Core::carry_out(const net::HttpRequest& request,
                                              const Target& target) {
    if (!knows_token(request)) {
        return answer(problem("AcessoNegado", 401, "Token ausente ou expirado."));
    }
    settle_due();
    return serve_api(*books, request, target, clock.now());
}

asio::awaitable<net::HttpReply> PixSandbox::Core::serve_api_door(std::shared_ptr<Core> core,
                                                                 net::HttpRequest request) {
    Target target = parse_target(request.target);
    RequestTrick trick = RequestTrick::behave;
    net::HttpResponse response;
    {
        const std::lock_guard lock(core->mutex);
        if (!core->books) co_return silence(false);
        if (target.path == std::vector<std::string>{"oauth", "token"}) {
            co_return reply_with(core->grant_token(request));
        }
        if (target.path.size() < 3 || target.path[0] != "api" || target.path[1] != "v2") {
            co_return reply_with(answer(problem("NaoEncontrado", 404, "Não existe.")));
        }
        target.path.erase(target.path.begin(), target.path.begin() + 2);
        trick = core->next_trick();
        if (trick == RequestTrick::hang_before) co_return silence(true);
        if (trick == RequestTrick::cut_before) co_return silence(false);
        if (trick == RequestTrick::bad_token) core->tokens.clear();
        if (trick == RequestTrick::fail_before) {
            co_return reply_with(answer(problem("ServicoIndisponivel", 503, "Indisponível.")));
        }
        response = core->carry_out(request, target);
        if (trick == RequestTrick::settle_first && response.status == 201) {
            core->settle_at_once(target);
        }
        core->log("api", request, response.status);
    }
    if (trick == RequestTrick::settle_first) co_await core->notices.send();
    if (trick == RequestTrick::hang_after) co_return silence(true);
    if (trick == RequestTrick::cut_after) co_return silence(false);
    if (trick == RequestTrick::fail_after) {
        response = answer(problem("ErroInternoDoServidor", 500, "Erro."));
    }
    co_return reply_with(std::move(response));
}

net::HttpResponse PixSandbox::Core::serve_payload_door(const net::HttpRequest& request) {
    const Target target = parse_target(request.target);
    const std::string key_set_url = "https://" + payload_host + "/.well-known/jwks.json";
    const std::vector<std::string>& path = target.path;
    if (path == std::vector<std::string>{".well-known", "jwks.json"}) {
        return {.status = 200,
                .headers = {{"Content-Type", "application/json"}},
                .body = key_set_of(*key)};
    }
    const bool due_dated = path.size() == 4 && path[2] == "cobv";
    if (!(path.size() == 3 || due_dated) || path[0] != "qr" || path[1] != "v2") {
        return answer(problem("NaoEncontrado", 404, "Não existe."));
    }
    Day day = codes::day_in_brazil(clock.now());
    const auto wish = target.query.find("DPP");
    if (wish != target.query.end()) {
        const auto parsed = parse_day(wish->second);
        if (!parsed) return answer(problem("RequisicaoInvalida", 400, "DPP não é uma data."));
        day = *parsed;
    }
    const auto found = books->payload((due_dated ? "cobv/" : "") + path.back(), clock.now(), day);
    if (const auto* wrong = std::get_if<Problem>(&found)) return answer(*wrong);
    const std::string text = json::serialize(std::get<json::object>(found));
    return {.status = 200,
            .headers = {{"Content-Type", "application/jose"}},
            .body = sign_payload(*key, key_set_url, text)};
}

net::HttpResponse PixSandbox::Core::admin_pay(const net::HttpRequest& request, bool& notify) {
    const auto body = parse_body<AdminPayment>(request.body, "pay");
    if (!body) return bad_request(body.error());
    const auto paid = books->pay(body->payment, clock.now());
    if (const auto* wrong = std::get_if<Problem>(&paid)) return answer(*wrong);
    const auto& pix = std::get<ReceivedPix>(paid);
    tell(pix);
    notify = body->notify;
    return answer(200, write_body(pix));
}

net::HttpResponse PixSandbox::Core::admin_settle(const net::HttpRequest& request, bool& notify) {
    const auto body = parse_body<AdminSettlement>(request.body, "settle");
    if (!body) return bad_request(body.error());
    const auto done = books->settle(body->end_to_end_id, body->id, body->done, clock.now());
    if (const auto* wrong = std::get_if<Problem>(&done)) return answer(*wrong);
    tell(std::get<ReceivedPix>(done));
    notify = body->notify;
    return answer(200, write_body(std::get<ReceivedPix>(done)));
}

net::HttpResponse PixSandbox::Core::admin_take_back(const net::HttpRequest& request, bool& notify) {
    const auto body = parse_body<AdminTakingBack>(request.body, "take-back");
    if (!body) return bad_request(body.error());
    const auto taken =
        books->take_back(body->end_to_end_id, body->amount, body->nature, clock.now());
    if (const auto* wrong = std::get_if<Problem>(&taken)) return answer(*wrong);
    tell(std::get<ReceivedPix>(taken));
    notify = body->notify;
    return answer(200, write_body(std::get<ReceivedPix>(taken)));
}

net::HttpResponse PixSandbox::Core::admin_statement(const Target& target) {
    const auto wish = target.query.find("day");
    const Day today = codes::day_in_brazil(clock.now());
    const auto day = wish == target.query.end() ? Result<Day>(today) : parse_day(wish->second);
    if (!day) return bad_request(day.error());
    return {.status = 200,
            .headers = {{"Content-Type", "application/xml"}},
            .body = codes::write_bank_statement(statement_of(*books, *day, clock.now()))};
}

net::HttpResponse PixSandbox::Core::admin_script(const net::HttpRequest& request) {
    const auto body = read_json_object(request.body);
    if (!body) return bad_request(body.error());
    for (const auto& [list, value] : *body) {
        if (!value.is_array()) return bad_request(Error(ErrorCode::invalid_argument, "no list"));
        for (const json::value& it : value.get_array()) {
            const std::string name = it.is_string() ? std::string(it.get_string()) : "";
            const auto of_request = parse_request_trick(name);
            const auto of_notice = parse_notice_trick(name);
            if (list == "requests" && of_request) {
                tricks.push_back(*of_request);
            } else if (list == "notices" && of_notice) {
                notices.script(*of_notice);
            } else {
                return bad_request(Error(ErrorCode::invalid_argument, "no such trick"));
            }
        }
    }
    return empty_answer(204);
}

net::HttpResponse PixSandbox::Core::admin(const net::HttpRequest& request,
                                          const Target& target,
                                          bool& notify) {
    const std::string what = target.path.size() == 1 ? target.path.front() : "";
    if (request.method == "GET" && what == "books") return answer(200, books->as_json());
    if (request.method == "GET" && what == "statement") {
        settle_due();
        return admin_statement(target);
    }
    if (request.method != "POST") return answer(problem("NaoEncontrado", 404, "Não existe."));
    settle_due();
    if (what == "pay") return admin_pay(request, notify);
    if (what == "settle") return admin_settle(request, notify);
    if (what == "take-back") return admin_take_back(request, notify);
    if (what == "script") return admin_script(request);
    if (what == "revoke") {
        tokens.clear();
        return empty_answer(204);
    }
    if (what == "release") notices.release();
    notify = what == "release" || what == "notices";
    return notify ? empty_answer(204) : answer(problem("NaoEncontrado", 404, "Não existe."));
}

asio::awaitable<net::HttpReply> PixSandbox::Core::serve_admin_door(std::shared_ptr<Core> core,
                                                                   net::HttpRequest request) {
    net::HttpResponse response;
    bool notify = false;
    {
        const std::lock_guard lock(core->mutex);
        if (!core->books) co_return silence(false);
        response = core->admin(request, parse_target(request.target), notify);
        core->log("admin", request, response.status);
    }
    // Before the answer, so that whoever asked knows that the calls were made.
    if (notify) co_await core->notices.send();
    co_return reply_with(std::move(response));
}

}  // namespace causeway::connectors::pix::sandbox
