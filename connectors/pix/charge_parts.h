// SPDX-License-Identifier: Apache-2.0
//
// The parts that bodies of both kinds of charge are made of; for charge_*.cpp only.
#pragma once

#include "connectors/pix/charge.h"

namespace causeway::connectors::pix::parts {

constexpr std::int64_t kInt32Max = 2'147'483'647;

[[nodiscard]] std::optional<Party> read_party(BodyReader& in, std::string_view name, Need need);
[[nodiscard]] boost::json::object write_party(const Party& party);

/// Everything of the terms but `valor` and `calendario`.
void read_terms(BodyReader& in, Need need, ChargeTerms& out);
void write_terms(boost::json::object& out, const ChargeTerms& terms);

/// Everything of the record but `calendario.criacao`.
void read_record(BodyReader& in, ChargeRecord& out);
void write_record(boost::json::object& out, const ChargeRecord& record);

/// Whether the body asks for the charge's removal.
[[nodiscard]] bool read_removal(BodyReader& in);

}  // namespace causeway::connectors::pix::parts
