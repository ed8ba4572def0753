// SPDX-License-Identifier: Apache-2.0
#include "connectors/pix/messages.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

namespace causeway::connectors::pix {
namespace {

namespace json = boost::json;

constexpr std::size_t kItemsMax = 100'000;
constexpr std::size_t kWordMax = 80;

// Properties and kinds of errors come from outside: anything that is not a plain name is left out,
// so that no value can hide in one.
std::string plain_name(std::string_view text) {
    const bool plain =
        text.size() <= kWordMax && std::ranges::all_of(text, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_';
        });
    return plain ? std::string(text) : "?";
}

void read_parameters(BodyReader& in, ListParameters& out) {
    auto from = in.object("parametros", Need::required);
    if (!from) return;
    out.from = from->moment("inicio", Need::required).value_or(Timestamp());
    out.to = from->moment("fim", Need::required).value_or(Timestamp());
    auto paging = from->object("paginacao", Need::required);
    if (!paging) return;
    out.paging.page = paging->integer("paginaAtual", Need::required, {0, INT64_MAX}).value_or(0);
    out.paging.page_size =
        paging->integer("itensPorPagina", Need::required, {1, INT64_MAX}).value_or(1);
    out.paging.pages =
        paging->integer("quantidadeDePaginas", Need::required, {1, INT64_MAX}).value_or(1);
    out.paging.items =
        paging->integer("quantidadeTotalDeItens", Need::required, {0, INT64_MAX}).value_or(0);
}

json::object write_parameters(const ListParameters& body) {
    return {{"inicio", moment_text(body.from)},
            {"fim", moment_text(body.to)},
            {"paginacao",
             json::object{{"paginaAtual", body.paging.page},
                          {"itensPorPagina", body.paging.page_size},
                          {"quantidadeDePaginas", body.paging.pages},
                          {"quantidadeTotalDeItens", body.paging.items}}}};
}

template <class T>
void read_items(BodyReader& in, std::string_view name, std::vector<T>& out) {
    for (BodyReader& item : in.objects(name, Need::optional, kItemsMax))
        read_body(item, out.emplace_back());
}

template <class T>
json::array write_items(const std::vector<T>& items) {
    json::array out;
    for (const T& item : items)
        out.emplace_back(write_body(item));
    return out;
}

template <class T>
json::object write_list(const ListParameters& parameters,
                        std::string_view name,
                        const std::vector<T>& items) {
    json::object out{{"parametros", write_parameters(parameters)}};
    out[name] = write_items(items);
    return out;
}

}  // namespace

std::string loggable(const Problem& problem) {
    const std::size_t slash = problem.type.find_last_of('/');
    const std::string kind =
        slash == std::string::npos ? problem.type : problem.type.substr(slash + 1);
    std::string text = plain_name(kind) + " " + std::to_string(problem.status);
    const char* separator = ": ";
    for (const Violation& violation : problem.violations) {
        text += separator + plain_name(violation.property);
        separator = ", ";
    }
    return text;
}

void read_body(BodyReader& in, Problem& out) {
    in.into(out.type, "type", Need::required);
    in.into(out.title, "title", Need::required);
    out.status = static_cast<int>(in.integer("status", Need::required, {100, 599}).value_or(0));
    in.into(out.detail, "detail", Need::optional);
    in.into(out.correlation_id, "correlationId", Need::optional);
    for (BodyReader& item : in.objects("violacoes", Need::optional, kItemsMax)) {
        Violation violation;
        item.into(violation.reason, "razao", Need::optional);
        item.into(violation.property, "propriedade", Need::optional);
        item.into(violation.value, "valor", Need::optional);
        out.violations.push_back(std::move(violation));
    }
}

json::object write_body(const Problem& body) {
    json::object out{{"type", body.type}, {"title", body.title}, {"status", body.status}};
    if (!body.detail.empty()) out["detail"] = body.detail;
    if (!body.correlation_id.empty()) out["correlationId"] = body.correlation_id;
    if (body.violations.empty()) return out;
    json::array violations;
    for (const Violation& it : body.violations) {
        json::object item{{"razao", it.reason}, {"propriedade", it.property}};
        if (!it.value.empty()) item["valor"] = it.value;
        violations.emplace_back(std::move(item));
    }
    out["violacoes"] = std::move(violations);
    return out;
}

void read_body(BodyReader& in, WebhookRequest& out) {
    in.into(out.url, "webhookUrl", Need::required);
}
json::object write_body(const WebhookRequest& body) {
    return {{"webhookUrl", body.url}};
}

void read_body(BodyReader& in, Webhook& out) {
    in.into(out.url, "webhookUrl", Need::required);
    in.into(out.key, "chave", Need::optional);
    in.into(out.cnpj, "cnpj", Need::optional);
    out.created = in.moment("criacao", Need::required).value_or(Timestamp());
}
json::object write_body(const Webhook& body) {
    json::object out{{"webhookUrl", body.url}, {"criacao", moment_text(body.created)}};
    if (!body.key.empty()) out["chave"] = body.key;
    if (!body.cnpj.empty()) out["cnpj"] = body.cnpj;
    return out;
}

void read_body(BodyReader& in, PixList& out) {
    read_parameters(in, out.parameters);
    read_items(in, "pix", out.pix);
}
json::object write_body(const PixList& body) {
    return write_list(body.parameters, "pix", body.pix);
}

void read_body(BodyReader& in, CobList& out) {
    read_parameters(in, out.parameters);
    read_items(in, "cobs", out.cobs);
}
json::object write_body(const CobList& body) {
    return write_list(body.parameters, "cobs", body.cobs);
}

void read_body(BodyReader& in, CobvList& out) {
    read_parameters(in, out.parameters);
    read_items(in, "cobs", out.cobs);
}
json::object write_body(const CobvList& body) {
    return write_list(body.parameters, "cobs", body.cobs);
}

void read_body(BodyReader& in, LocationList& out) {
    read_parameters(in, out.parameters);
    read_items(in, "loc", out.locations);
}
json::object write_body(const LocationList& body) {
    return write_list(body.parameters, "loc", body.locations);
}

void read_body(BodyReader& in, WebhookList& out) {
    read_items(in, "webhooks", out.webhooks);
}
json::object write_body(const WebhookList& body) {
    return {{"webhooks", write_items(body.webhooks)}};
}

}  // namespace causeway::connectors::pix
