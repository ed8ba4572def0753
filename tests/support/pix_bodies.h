// SPDX-License-Identifier: Apache-2.0
//
// Bodies of the Pix API by the name that their schema has in Bacen's OpenAPI file.
#pragma once

#include "connectors/pix/messages.h"
#include "connectors/pix/rules.h"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <stdexcept>
#include <string>
#include <type_traits>

namespace causeway::test {

/// Whether a body is read as T, keeps the rules where T is something we send, and comes out the
/// same after writing and reading once more.
template <class T>
bool reads_as(const std::string& text) {
    namespace pix = connectors::pix;
    const auto body = pix::parse_body<T>(text, "body");
    if (!body) return false;
    const auto written = pix::write_body(*body);
    const auto again = pix::parse_body<T>(boost::json::serialize(written), "body");
    if (!again) throw std::runtime_error("what was written is not read: " + again.error().detail());
    if (pix::write_body(*again) != written) throw std::runtime_error("a body changed on its way");
    if constexpr (requires { pix::check(*body); }) return pix::check(*body).has_value();
    return true;
}

inline bool reads_pix_body(const std::string& schema, const boost::json::value& body) {
    namespace pix = connectors::pix;
    const std::string text = boost::json::serialize(body);
    if (schema == "CobSolicitada") return reads_as<pix::CobRequest>(text);
    if (schema == "CobRevisada") return reads_as<pix::CobRevision>(text);
    if (schema == "CobGerada" || schema == "CobCompleta") return reads_as<pix::Cob>(text);
    if (schema == "CobPayload") return reads_as<pix::CobPayload>(text);
    if (schema == "CobVSolicitada") return reads_as<pix::CobvRequest>(text);
    if (schema == "CobVRevisada") return reads_as<pix::CobvRevision>(text);
    if (schema == "CobVGerada" || schema == "CobVCompleta") return reads_as<pix::Cobv>(text);
    if (schema == "CobVPayload") return reads_as<pix::CobvPayload>(text);
    if (schema == "PayloadLocationSolicitada") return reads_as<pix::LocationRequest>(text);
    if (schema.starts_with("PayloadLocationCons")) return reads_as<pix::LocationList>(text);
    if (schema == "PayloadLocation" || schema == "PayloadLocationCompleta") {
        return reads_as<pix::Location>(text);
    }
    if (schema == "Pix") return reads_as<pix::ReceivedPix>(text);
    if (schema == "Devolucao") return reads_as<pix::Refund>(text);
    if (schema == "DevolucaoSolicitada") return reads_as<pix::RefundRequest>(text);
    if (schema == "Problema") return reads_as<pix::Problem>(text);
    if (schema == "WebhookSolicitado") return reads_as<pix::WebhookRequest>(text);
    if (schema == "WebhookCompleto") return reads_as<pix::Webhook>(text);
    if (schema == "WebhooksConsultados") return reads_as<pix::WebhookList>(text);
    if (schema == "PixConsultados") return reads_as<pix::PixList>(text);
    if (schema == "CobsConsultadas") return reads_as<pix::CobList>(text);
    if (schema == "CobsVConsultadas") return reads_as<pix::CobvList>(text);
    throw std::runtime_error("a schema that nobody reads: " + schema);
}

}  // namespace causeway::test
