// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/sandbox/core.h"

#include "connectors/boleto/bank_api.h"
#include "connectors/codes/banking_days.h"
#include "connectors/net/hmac.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

namespace causeway::connectors::boleto::sandbox {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

using pix::BodyReader;
using pix::Need;

constexpr std::pair<std::int64_t, std::int64_t> kAmounts{1, 9'999'999'999'999};
constexpr std::pair<std::int64_t, std::int64_t> kTimes{1, 100};
// Brasília; there has been no summer time since 2019.

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

net::HttpResponse empty_answer() {
    return {.status = 204, .headers = {}, .body = {}};
}

net::HttpResponse failed(const Error& error) {
    const int status = error.code() == ErrorCode::not_found          ? 404
                       : error.code() == ErrorCode::conflict         ? 409
                       : error.code() == ErrorCode::invalid_argument ? 400
                                                                     : 500;
    return fault_answer(status, to_string(error.code()), error.detail());
}

struct AdminPay {
    PayOrder order;
};

void read_body(BodyReader& in, AdminPay& body) {
    PayOrder& out = body.order;
    in.into(out.line, "linha", Need::optional);
    in.into(out.our_number, "nosso_numero", Need::optional);
    out.amount = in.integer("valor", Need::optional, kAmounts);
    out.day = in.day("dia", Need::optional);
    out.told_on = in.day("dia_retorno", Need::optional);
    in.into(out.channel, "canal", Need::optional);
    out.times = static_cast<int>(in.integer("vezes", Need::optional, kTimes).value_or(1));
}

struct AdminDay {
    std::optional<Day> day;
};

void read_body(BodyReader& in, AdminDay& out) {
    out.day = in.day("dia", Need::optional);
}

struct AdminPayment {
    std::string payment;
};

void read_body(BodyReader& in, AdminPayment& out) {
    in.into(out.payment, "pagamento", Need::required);
}

struct AdminFile {
    std::int64_t number = 0;
};

void read_body(BodyReader& in, AdminFile& out) {
    out.number = in.integer("numero", Need::required, kAmounts).value_or(0);
}

json::object written(const Receipt& receipt) {
    return {{"id", receipt.id},
            {"nosso_numero", receipt.our_number},
            {"valor_pago", receipt.amount},
            {"data_pagamento", to_text(receipt.day)},
            {"data_credito", to_text(receipt.credit_on)},
            {"tarifa", receipt.tariff},
            {"canal", receipt.channel},
            {"e2e", receipt.end_to_end_id},
            {"inesperado", receipt.kind == HappeningKind::paid_unexpected}};
}

json::object written(const RemessaOutcome& outcome) {
    return {{"numero", outcome.sequence},
            {"aceitos", outcome.accepted},
            {"rejeitados", outcome.refused}};
}

}  // namespace

BankSandbox::Core::Core(BankSandboxConfig config_in,
                        std::unique_ptr<net::HttpClient> client_in,
                        const Clock& clock_in,
                        Entropy& entropy)
    : config(std::move(config_in)),
      client(std::move(client_in)),
      clock(clock_in),
      news(*client, clock_in, config.webhook),
      books(config.house, config.first_day.value_or(codes::day_in_brazil(clock_in.now())), entropy),
      files(config.house, config.out_folder) {}

void BankSandbox::Core::log(std::string_view door, const net::HttpRequest& request, int status) {
    if (!config.log) return;
    // Without the numbers that stand in a path.
    const std::size_t end = request.target.find_first_of("0123456789?", request.target.find("bol"));
    config.log(std::string(door) + " " + request.method + " " + request.target.substr(0, end) +
               " " + std::to_string(status));
}

RequestTrick BankSandbox::Core::next_trick() {
    if (tricks.empty()) return RequestTrick::behave;
    const RequestTrick trick = tricks.front();
    tricks.pop_front();
    return trick;
}

net::HttpResponse BankSandbox::Core::carry_out(const net::HttpRequest& request) {
    const std::string* given = net::find_header(request.headers, "Authorization");
    if (given == nullptr || !net::same_secret(*given, "Bearer " + config.token)) {
        return fault_answer(401, "acesso", "Token ausente ou errado.");
    }
    return serve_titles(books, request, clock.now());
}

void BankSandbox::Core::pay_at_once(const net::HttpRequest& request) {
    const auto body = pix::parse_body<BankTitleOrder>(request.body, "boleto");
    if (!body) return;
    PayOrder order;
    order.our_number = body->our_number;
    (void)books.pay(order, clock.now());
}

asio::awaitable<net::HttpReply> BankSandbox::Core::serve_api_door(std::shared_ptr<Core> core,
                                                                  net::HttpRequest request) {
    RequestTrick trick = RequestTrick::behave;
    net::HttpResponse response;
    {
        const std::lock_guard lock(core->mutex);
        trick = core->next_trick();
        if (trick == RequestTrick::hang_before) co_return silence(true);
        if (trick == RequestTrick::cut_before) co_return silence(false);
        if (trick == RequestTrick::fail_before) {
            co_return reply_with(fault_answer(503, "indisponivel", "Indisponível."));
        }
        response = core->carry_out(request);
        if (trick == RequestTrick::pay_first && response.status == 201) {
            core->pay_at_once(request);
        }
        core->news.add(core->books.take_news());
        core->log("api", request, response.status);
    }
    co_await core->news.send();
    if (trick == RequestTrick::hang_after) co_return silence(true);
    if (trick == RequestTrick::cut_after) co_return silence(false);
    if (trick == RequestTrick::fail_after) response = fault_answer(500, "erro", "Erro.");
    co_return reply_with(std::move(response));
}

net::HttpResponse BankSandbox::Core::admin_pay(const net::HttpRequest& request) {
    const auto body = pix::parse_body<AdminPay>(request.body, "pay");
    if (!body) return failed(body.error());
    const auto paid = books.pay(body->order, clock.now());
    if (!paid) return failed(paid.error());
    json::array payments;
    for (const Receipt& receipt : *paid)
        payments.emplace_back(written(receipt));
    return json_answer(200, {{"pagamentos", std::move(payments)}});
}

net::HttpResponse BankSandbox::Core::admin_reverse(const net::HttpRequest& request) {
    const auto body = pix::parse_body<AdminPayment>(request.body, "reverse");
    if (!body) return failed(body.error());
    const auto reversed = books.reverse(body->payment, clock.now());
    return reversed ? json_answer(200, written(*reversed)) : failed(reversed.error());
}

net::HttpResponse BankSandbox::Core::admin_remessa(const net::HttpRequest& request) {
    const auto taken = remessas.take(books, request.body, clock.now());
    return taken ? json_answer(200, written(*taken)) : failed(taken.error());
}

json::array BankSandbox::Core::read_folder() {
    json::array told;
    if (config.in_folder.empty()) return told;
    std::set<std::string> names;
    std::error_code ignored;
    for (const auto& it : std::filesystem::directory_iterator(config.in_folder, ignored)) {
        const std::string name = it.path().filename().string();
        if (it.is_regular_file() && !name.ends_with(".part")) names.insert(name);
    }
    for (const std::string& name : names) {
        if (!read_names.insert(name).second) continue;
        std::ifstream file(std::filesystem::path(config.in_folder) / name, std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(file), {}};
        const auto taken = remessas.take(books, bytes, clock.now());
        json::object line =
            taken ? written(*taken) : json::object{{"erro", taken.error().detail()}};
        line["nome"] = name;
        told.emplace_back(std::move(line));
    }
    return told;
}

net::HttpResponse BankSandbox::Core::admin_close(const net::HttpRequest& request) {
    const auto body =
        pix::parse_body<AdminDay>(request.body.empty() ? "{}" : request.body, "close-day");
    if (!body) return failed(body.error());
    json::array remessas_read = read_folder();
    const auto nights = books.close(body->day.value_or(books.open_day()), clock.now());
    if (!nights) return failed(nights.error());
    json::array names;
    for (const NightWork& night : *nights) {
        const auto delivered = files.deliver(night, clock.now());
        if (!delivered) return failed(delivered.error());
        for (const std::string& name : *delivered)
            names.emplace_back(name);
    }
    return json_answer(200,
                       {{"dia", to_text(nights->back().day)},
                        {"remessas", std::move(remessas_read)},
                        {"arquivos", std::move(names)}});
}

net::HttpResponse BankSandbox::Core::admin_resend(const net::HttpRequest& request) {
    const auto body = pix::parse_body<AdminFile>(request.body, "resend");
    if (!body) return failed(body.error());
    const auto name = files.resend(body->number);
    return name ? json_answer(200, {{"nome", *name}}) : failed(name.error());
}

net::HttpResponse BankSandbox::Core::admin_script(const net::HttpRequest& request) {
    const auto body = pix::read_json_object(request.body);
    if (!body) return failed(body.error());
    for (const auto& [list, value] : *body) {
        if (!value.is_array()) return failed(Error(ErrorCode::invalid_argument, "no list"));
        for (const json::value& it : value.get_array()) {
            const std::string name = it.is_string() ? std::string(it.get_string()) : "";
            const auto of_request = parse_request_trick(name);
            const auto of_news = parse_news_trick(name);
            const auto of_file = parse_file_trick(name);
            if (list == "requests" && of_request) {
                tricks.push_back(*of_request);
            } else if (list == "notices" && of_news) {
                news.script(*of_news);
            } else if (list == "files" && of_file) {
                files.script(*of_file);
            } else {
                return failed(Error(ErrorCode::invalid_argument, "no such trick"));
            }
        }
    }
    return empty_answer();
}

net::HttpResponse BankSandbox::Core::admin_get(std::string_view what) {
    constexpr std::string_view kFiles = "files/";
    if (what == "books") return json_answer(200, books.as_json());
    if (what == "files") {
        json::array names;
        for (const auto& [name, bytes] : files.files())
            names.emplace_back(name);
        return json_answer(200, {{"arquivos", std::move(names)}});
    }
    const auto it = what.starts_with(kFiles)
                        ? files.files().find(std::string(what.substr(kFiles.size())))
                        : files.files().end();
    if (it == files.files().end()) return fault_answer(404, "", "Não existe.");
    return {.status = 200,
            .headers = {{"Content-Type", "application/octet-stream"}},
            .body = it->second};
}

net::HttpResponse BankSandbox::Core::admin(const net::HttpRequest& request, bool& notify) {
    const std::string_view what = std::string_view(request.target).substr(1);
    if (request.method == "GET") return admin_get(what);
    notify = what != "script";
    if (what == "pay") return admin_pay(request);
    if (what == "reverse") return admin_reverse(request);
    if (what == "remessa") return admin_remessa(request);
    if (what == "read-folder") return json_answer(200, {{"remessas", read_folder()}});
    if (what == "close-day") return admin_close(request);
    if (what == "resend") return admin_resend(request);
    if (what == "script") return admin_script(request);
    if (what == "release") news.release();
    if (what == "release" || what == "notices") return empty_answer();
    return fault_answer(404, "", "Não existe.");
}

asio::awaitable<net::HttpReply> BankSandbox::Core::serve_admin_door(std::shared_ptr<Core> core,
                                                                    net::HttpRequest request) {
    net::HttpResponse response;
    bool notify = false;
    {
        const std::lock_guard lock(core->mutex);
        response = core->admin(request, notify);
        core->news.add(core->books.take_news());
        core->log("admin", request, response.status);
    }
    // Before the answer, so that whoever asked knows that the calls were made.
    if (notify) co_await core->news.send();
    co_return reply_with(std::move(response));
}

}  // namespace causeway::connectors::boleto::sandbox
