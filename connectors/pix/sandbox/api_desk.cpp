// SPDX-License-Identifier: Apache-2.0
#include "connectors/pix/sandbox/api_desk.h"

#include "connectors/pix/rules.h"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <charconv>
#include <functional>
#include <utility>

namespace causeway::connectors::pix::sandbox {
namespace {

namespace json = boost::json;

constexpr std::int64_t kPageSizeMax = 1000;
constexpr int kOk = 200;
constexpr int kCreated = 201;

struct Asked {
    Books& books;
    const net::HttpRequest& request;
    const Target& target;
    Timestamp now;

    [[nodiscard]] const std::string& part(std::size_t i) const { return target.path[i]; }
    [[nodiscard]] bool by(std::string_view method) const { return request.method == method; }
    [[nodiscard]] std::string option(const std::string& name) const {
        const auto it = target.query.find(name);
        return it == target.query.end() ? "" : it->second;
    }
};

std::int64_t number_of(std::string_view text, std::int64_t otherwise) {
    std::int64_t number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    return failed == std::errc() && end == text.data() + text.size() && number >= 0 ? number
                                                                                    : otherwise;
}

Problem not_found() {
    return problem("NaoEncontrado", 404, "Entidade não encontrada.");
}

template <class T>
net::HttpResponse told(int status, const Outcome<T>& outcome) {
    if (const auto* wrong = std::get_if<Problem>(&outcome)) return answer(*wrong);
    return answer(status, write_body(std::get<T>(outcome)));
}

// Reads a body, keeps it to the rules, and hands it on.
template <class Body, class Then>
net::HttpResponse with_body(const Asked& asked,
                            std::string_view name,
                            std::string_view kind,
                            const Then& then) {
    const auto refuse = [&](const Error& error) {
        Problem wrong = problem(kind, 400, "A requisição não respeita o schema ou as regras.");
        const std::string& detail = error.detail();
        const std::size_t colon = std::min(detail.find(": "), detail.size());
        wrong.violations.push_back({detail.substr(0, colon), detail.substr(colon)});
        return answer(wrong);
    };
    const auto body = parse_body<Body>(asked.request.body, name);
    if (!body) return refuse(body.error());
    if constexpr (requires { check(*body); }) {
        const auto kept = check(*body);
        if (!kept) return refuse(kept.error());
    }
    return then(*body);
}

// The items of one page, and the paging that the answer tells.
template <class Item>
std::vector<Item> page_of(const Asked& asked, std::vector<Item> items, ListParameters& parameters) {
    Paging& paging = parameters.paging;
    paging.page = number_of(asked.option("paginacao.paginaAtual"), 0);
    paging.page_size = std::clamp<std::int64_t>(
        number_of(asked.option("paginacao.itensPorPagina"), 100), 1, kPageSizeMax);
    paging.items = static_cast<std::int64_t>(items.size());
    paging.pages =
        std::max<std::int64_t>((paging.items + paging.page_size - 1) / paging.page_size, 1);
    const std::int64_t first =
        std::min(paging.items, std::min(paging.page, paging.items) * paging.page_size);
    const std::int64_t last = std::min(paging.items, first + paging.page_size);
    return {items.begin() + first, items.begin() + last};
}

bool read_interval(const Asked& asked, ListParameters& parameters) {
    const auto from = parse_rfc3339(asked.option("inicio"));
    const auto to = parse_rfc3339(asked.option("fim"));
    if (!from || !to) return false;
    parameters.from = *from;
    parameters.to = *to;
    return true;
}

net::HttpResponse list_pix(const Asked& asked) {
    PixList list;
    if (!read_interval(asked, list.parameters)) {
        return answer(problem("RequisicaoInvalida", 400, "Faltam inicio e fim."));
    }
    const std::string txid = asked.option("txid");
    const std::string has_txid = asked.option("txIdPresente");
    const std::string has_refund = asked.option("devolucaoPresente");
    std::vector<ReceivedPix> found;
    for (const ReceivedPix& pix : asked.books.payments()) {
        const bool fits = pix.time >= list.parameters.from && pix.time <= list.parameters.to &&
                          (txid.empty() || pix.txid == txid) &&
                          (has_txid.empty() || (has_txid == "true") == !pix.txid.empty()) &&
                          (has_refund.empty() || (has_refund == "true") == !pix.refunds.empty());
        if (fits) found.push_back(pix);
    }
    list.pix = page_of(asked, std::move(found), list.parameters);
    return answer(kOk, write_body(list));
}

template <class List, class Charge>
net::HttpResponse list_charges(const Asked& asked, const std::map<std::string, Charge>& charges) {
    List list;
    if (!read_interval(asked, list.parameters)) {
        return answer(problem("RequisicaoInvalida", 400, "Faltam inicio e fim."));
    }
    const std::string status = asked.option("status");
    std::vector<Charge> found;
    for (const auto& [txid, charge] : charges) {
        const bool fits = charge.record.created >= list.parameters.from &&
                          charge.record.created <= list.parameters.to &&
                          (status.empty() || to_string(charge.record.status) == status);
        if (fits) found.push_back(charge);
    }
    list.cobs = page_of(asked, std::move(found), list.parameters);
    return answer(kOk, write_body(list));
}

net::HttpResponse serve_cob(const Asked& asked) {
    constexpr std::string_view kKind = "CobOperacaoInvalida";
    Books& books = asked.books;
    if (asked.target.path.size() == 1 && asked.by("GET")) {
        return list_charges<CobList>(asked, books.cobs());
    }
    if (asked.target.path.size() != 2) return answer(not_found());
    const std::string& txid = asked.part(1);
    if (asked.by("GET")) return told(kOk, books.cob(txid));
    if (asked.by("PUT")) {
        return with_body<CobRequest>(asked, "cob", kKind, [&](const CobRequest& body) {
            return told(kCreated, books.create_cob(txid, body, asked.now));
        });
    }
    if (!asked.by("PATCH")) return answer(not_found());
    return with_body<CobRevision>(asked, "cob", kKind, [&](const CobRevision& body) {
        return told(kOk, books.revise(txid, body));
    });
}

net::HttpResponse serve_cobv(const Asked& asked) {
    constexpr std::string_view kKind = "CobVOperacaoInvalida";
    Books& books = asked.books;
    if (asked.target.path.size() == 1 && asked.by("GET")) {
        return list_charges<CobvList>(asked, books.cobvs());
    }
    if (asked.target.path.size() != 2) return answer(not_found());
    const std::string& txid = asked.part(1);
    if (asked.by("GET")) return told(kOk, books.cobv(txid));
    if (asked.by("PUT")) {
        return with_body<CobvRequest>(asked, "cobv", kKind, [&](const CobvRequest& body) {
            return told(kCreated, books.create_cobv(txid, body, asked.now));
        });
    }
    if (!asked.by("PATCH")) return answer(not_found());
    return with_body<CobvRevision>(asked, "cobv", kKind, [&](const CobvRevision& body) {
        return told(kOk, books.revise(txid, body));
    });
}

net::HttpResponse serve_loc(const Asked& asked) {
    Books& books = asked.books;
    const std::size_t parts = asked.target.path.size();
    if (parts == 1 && asked.by("POST")) {
        return with_body<LocationRequest>(
            asked, "loc", "PayloadLocationOperacaoInvalida", [&](const LocationRequest& body) {
                return answer(kCreated, write_body(books.create_location(body.kind, asked.now)));
            });
    }
    if (parts < 2) return answer(not_found());
    const std::int64_t id = number_of(asked.part(1), -1);
    if (parts == 2 && asked.by("GET")) return told(kOk, books.location(id));
    if (parts == 3 && asked.part(2) == "txid" && asked.by("DELETE")) {
        return told(kOk, books.unlink(id));
    }
    return answer(not_found());
}

net::HttpResponse serve_pix(const Asked& asked) {
    Books& books = asked.books;
    const std::size_t parts = asked.target.path.size();
    if (parts == 1 && asked.by("GET")) return list_pix(asked);
    if (parts == 2 && asked.by("GET")) return told(kOk, books.pix(asked.part(1)));
    if (parts != 4 || asked.part(2) != "devolucao") return answer(not_found());
    if (asked.by("GET")) return told(kOk, books.find_refund(asked.part(1), asked.part(3)));
    if (!asked.by("PUT")) return answer(not_found());
    return with_body<RefundRequest>(
        asked, "devolucao", "PixDevolucaoInvalida", [&](const RefundRequest& body) {
            return told(kCreated, books.refund(asked.part(1), asked.part(3), body, asked.now));
        });
}

net::HttpResponse serve_webhook(const Asked& asked) {
    if (asked.target.path.size() != 2) return answer(not_found());
    const std::string& key = asked.part(1);
    if (asked.by("GET")) return told(kOk, asked.books.webhook(key));
    if (asked.by("DELETE")) {
        if (!asked.books.delete_webhook(key)) return answer(not_found());
        return {.status = 204, .headers = {}, .body = {}};
    }
    if (!asked.by("PUT")) return answer(not_found());
    return with_body<WebhookRequest>(
        asked, "webhook", "WebhookOperacaoInvalida", [&](const WebhookRequest& body) {
            return told(kOk, asked.books.set_webhook(key, body.url, asked.now));
        });
}

std::string decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned byte = 0;
        const bool escape =
            text[i] == '%' && i + 2 < text.size() &&
            std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16).ptr ==
                text.data() + i + 3;
        out += escape ? static_cast<char>(byte) : text[i];
        if (escape) i += 2;
    }
    return out;
}

}  // namespace

Target parse_target(std::string_view target) {
    Target out;
    const std::size_t mark = target.find('?');
    std::string_view path = target.substr(0, mark);
    while (!path.empty()) {
        const std::size_t slash = path.find('/');
        if (slash != 0) out.path.push_back(decoded(path.substr(0, slash)));
        path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    }
    std::string_view query = mark == std::string_view::npos ? "" : target.substr(mark + 1);
    while (!query.empty()) {
        const std::string_view pair = query.substr(0, query.find('&'));
        const std::size_t equals = std::min(pair.find('='), pair.size());
        const std::size_t value = std::min(equals + 1, pair.size());
        out.query[decoded(pair.substr(0, equals))] = decoded(pair.substr(value));
        query.remove_prefix(std::min(pair.size() + 1, query.size()));
    }
    return out;
}

net::HttpResponse answer(int status, const json::object& body) {
    return {.status = status,
            .headers = {{"Content-Type", "application/json"}},
            .body = json::serialize(body)};
}

net::HttpResponse answer(const Problem& problem) {
    return {.status = problem.status,
            .headers = {{"Content-Type", "application/problem+json"}},
            .body = json::serialize(write_body(problem))};
}

net::HttpResponse serve_api(Books& books,
                            const net::HttpRequest& request,
                            const Target& target,
                            Timestamp now) {
    const Asked asked{books, request, target, now};
    const std::string root = target.path.empty() ? "" : target.path.front();
    if (root == "cob") return serve_cob(asked);
    if (root == "cobv") return serve_cobv(asked);
    if (root == "loc") return serve_loc(asked);
    if (root == "pix") return serve_pix(asked);
    if (root == "webhook") return serve_webhook(asked);
    return answer(not_found());
}

}  // namespace causeway::connectors::pix::sandbox
