// SPDX-License-Identifier: Apache-2.0
//
// The API's remaining bodies: errors, webhooks and lists in pages.
#pragma once

#include "connectors/pix/charge.h"
#include "connectors/pix/json_body.h"
#include "connectors/pix/payment.h"

#include <boost/json/object.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::connectors::pix {

inline constexpr std::string_view kProblemTypes = "https://pix.bcb.gov.br/api/v2/error/";

/// An error of the API, application/problem+json. Source: RFC 7807.
struct Problem {
    std::string type;
    std::string title;
    int status = 0;
    std::string detail;
    std::string correlation_id;
    std::vector<Violation> violations;

    friend bool operator==(const Problem&, const Problem&) = default;
};

/// "CobOperacaoInvalida 400: cob.valor.original": the kind and the properties, and nothing that
/// could be a person's.
[[nodiscard]] std::string loggable(const Problem& problem);

/// `WebhookSolicitado`. The provider posts to `{url}/pix`.
struct WebhookRequest {
    std::string url;
};

/// `WebhookCompleto`.
struct Webhook {
    std::string url;
    std::string key;
    std::string cnpj;
    Timestamp created;

    friend bool operator==(const Webhook&, const Webhook&) = default;
};

struct Paging {
    std::int64_t page = 0;  ///< From 0.
    std::int64_t page_size = 100;
    std::int64_t pages = 1;
    std::int64_t items = 0;

    friend bool operator==(const Paging&, const Paging&) = default;
};

struct ListParameters {
    Timestamp from;
    Timestamp to;
    Paging paging;

    friend bool operator==(const ListParameters&, const ListParameters&) = default;
};

struct PixList {
    ListParameters parameters;
    std::vector<ReceivedPix> pix;
};
struct CobList {
    ListParameters parameters;
    std::vector<Cob> cobs;
};
struct CobvList {
    ListParameters parameters;
    std::vector<Cobv> cobs;
};
struct LocationList {
    ListParameters parameters;
    std::vector<Location> locations;
};
struct WebhookList {
    std::vector<Webhook> webhooks;
};

void read_body(BodyReader& in, Problem& out);
void read_body(BodyReader& in, WebhookRequest& out);
void read_body(BodyReader& in, Webhook& out);
void read_body(BodyReader& in, PixList& out);
void read_body(BodyReader& in, CobList& out);
void read_body(BodyReader& in, CobvList& out);
void read_body(BodyReader& in, LocationList& out);
void read_body(BodyReader& in, WebhookList& out);

[[nodiscard]] boost::json::object write_body(const Problem& body);
[[nodiscard]] boost::json::object write_body(const WebhookRequest& body);
[[nodiscard]] boost::json::object write_body(const Webhook& body);
[[nodiscard]] boost::json::object write_body(const PixList& body);
[[nodiscard]] boost::json::object write_body(const CobList& body);
[[nodiscard]] boost::json::object write_body(const CobvList& body);
[[nodiscard]] boost::json::object write_body(const LocationList& body);
[[nodiscard]] boost::json::object write_body(const WebhookList& body);

}  // namespace causeway::connectors::pix
