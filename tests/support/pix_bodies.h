// SPDX-License-Identifier: Apache-2.0
//
// Bodies of the Pix API by the name that their schema has in Bacen's OpenAPI file.
#pragma once

#include "connectors/pix/messages.h"
#include "connectors/pix/rules.h"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <type_traits>

namespace causeway::test {

enum class BodyVerdict {
    accepted,
    refused,
    out_of_scope,  ///< Of a part of the API that Causeway does not speak.
    unknown,       ///< A schema that is in no list of ours.
};

/// Reads a body as T, holds it against the rules where T is something we send, and fails the test
/// unless it comes out the same after writing and reading once more.
template <class T>
BodyVerdict read_as(const std::string& text) {
    namespace pix = connectors::pix;
    const auto body = pix::parse_body<T>(text, "body");
    if (!body) return BodyVerdict::refused;
    if constexpr (requires { pix::check(*body); }) {
        if (!pix::check(*body)) return BodyVerdict::refused;
    }
    const auto written = pix::write_body(*body);
    const auto again = pix::parse_body<T>(boost::json::serialize(written), "body");
    if (!again) {
        ADD_FAILURE() << "what was written is not read: " << again.error().detail();
    } else {
        EXPECT_EQ(pix::write_body(*again), written) << "a body changed on its way";
    }
    return BodyVerdict::accepted;
}

/// Pix Automático beyond its codes, and batches of charges: docs/pix.md, "Not there".
inline bool is_out_of_scope(std::string_view schema) {
    constexpr auto kSchemas = std::to_array<std::string_view>({"CobRAtualizacao",
                                                               "CobRBase",
                                                               "CobRCompleta",
                                                               "CobRConfiguracao",
                                                               "CobRGerada",
                                                               "CobRNotification",
                                                               "CobRRevisada",
                                                               "CobRSolicitada",
                                                               "CobRStatus",
                                                               "CobRStatusRevisada",
                                                               "CobRTentativas",
                                                               "CobsRConsultadas",
                                                               "DevolucaoPixAutomatico",
                                                               "LoteCobVConsultado",
                                                               "LoteCobVGerado",
                                                               "LotesCobVConsultados",
                                                               "PayloadLocationRecCompleta",
                                                               "PayloadLocationRecConsultadas",
                                                               "PayloadLocationRecGerada",
                                                               "PayloadLocationRecSolicitada",
                                                               "PixAutomatico",
                                                               "RecAtivacao",
                                                               "RecAtivacaoSolicitada",
                                                               "RecAtualizacao",
                                                               "RecBase",
                                                               "RecCompleta",
                                                               "RecCompletaPesquisada",
                                                               "RecConfiguracao",
                                                               "RecEncerramento",
                                                               "RecGerada",
                                                               "RecNotification",
                                                               "RecPayload",
                                                               "RecRevisada",
                                                               "RecSolicitada",
                                                               "RecStatus",
                                                               "RecsConsultadas",
                                                               "SolicRecAtualizacao",
                                                               "SolicRecBase",
                                                               "SolicRecCompleta",
                                                               "SolicRecRevisada",
                                                               "SolicRecSolicitada",
                                                               "SolicRecStatus",
                                                               "WebhookCobRCompleto",
                                                               "WebhookCobRSolicitado",
                                                               "WebhookRecBase",
                                                               "WebhookRecCompleto",
                                                               "WebhookRecSolicitado",
                                                               "WebhooksRecConsultados"});
    return std::ranges::find(kSchemas, schema) != kSchemas.end();
}

inline BodyVerdict judge_pix_body(std::string_view schema, const std::string& text) {
    namespace pix = connectors::pix;
    struct Row {
        std::string_view schema;
        BodyVerdict (*read)(const std::string&);
    };
    constexpr auto kRows =
        std::to_array<Row>({{"CobSolicitada", read_as<pix::CobRequest>},
                            {"CobRevisada", read_as<pix::CobRevision>},
                            {"CobGerada", read_as<pix::Cob>},
                            {"CobCompleta", read_as<pix::Cob>},
                            {"CobPayload", read_as<pix::CobPayload>},
                            {"CobVSolicitada", read_as<pix::CobvRequest>},
                            {"CobVRevisada", read_as<pix::CobvRevision>},
                            {"CobVGerada", read_as<pix::Cobv>},
                            {"CobVCompleta", read_as<pix::Cobv>},
                            {"CobVPayload", read_as<pix::CobvPayload>},
                            {"PayloadLocationSolicitada", read_as<pix::LocationRequest>},
                            {"PayloadLocationConsultadas", read_as<pix::LocationList>},
                            {"PayloadLocation", read_as<pix::Location>},
                            {"PayloadLocationCompleta", read_as<pix::Location>},
                            {"Pix", read_as<pix::ReceivedPix>},
                            {"Devolucao", read_as<pix::Refund>},
                            {"DevolucaoSolicitada", read_as<pix::RefundRequest>},
                            {"Problema", read_as<pix::Problem>},
                            {"WebhookSolicitado", read_as<pix::WebhookRequest>},
                            {"WebhookCompleto", read_as<pix::Webhook>},
                            {"WebhooksConsultados", read_as<pix::WebhookList>},
                            {"PixConsultados", read_as<pix::PixList>},
                            {"CobsConsultadas", read_as<pix::CobList>},
                            {"CobsVConsultadas", read_as<pix::CobvList>}});
    const auto* row = std::ranges::find(kRows, schema, &Row::schema);
    if (row != kRows.end()) return row->read(text);
    return is_out_of_scope(schema) ? BodyVerdict::out_of_scope : BodyVerdict::unknown;
}

}  // namespace causeway::test
