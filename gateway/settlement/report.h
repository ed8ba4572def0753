// SPDX-License-Identifier: Apache-2.0
//
// The settlement report in its two forms, which say the same to the cent. Both are functions of
// the stored rows alone, so a report can be written again at any time; the digest of the CSV is
// kept with the settlement and tells when it no longer is the one that was closed.
//
// Reports are opened in spreadsheets, and merchants put text of their buyers into the merchant
// reference. A spreadsheet runs a cell that begins with = + - @, a tab or a line's end as a
// formula, quoted or not. The CSV therefore puts an apostrophe before such a reference; a reader
// that wants the exact text drops one leading apostrophe where apostrophes are followed by one of
// these characters, or takes the JSON, which is never altered. Numbers keep their minus sign:
// they are ours, and they are numbers.
// Source: OWASP, CSV Injection.
#pragma once

#include "gateway/settlement/settlement.h"

#include <boost/json/fwd.hpp>

#include <string>
#include <string_view>

namespace causeway::gateway {

/// One header line and a line for each balance transaction; amounts in major units with exactly
/// their currency's decimals.
[[nodiscard]] std::string settlement_csv(const SettlementReport& report);

/// The settlement as the HTTP API shows it, with its `totals_by_category`. Amounts are minor units.
[[nodiscard]] boost::json::object settlement_object(const SettlementReport& report);

/// settlement_object() and its `lines`, as one line of text.
[[nodiscard]] std::string settlement_json(const SettlementReport& report);

/// `text` so that a spreadsheet takes it for text.
[[nodiscard]] std::string spreadsheet_text(std::string_view text);

}  // namespace causeway::gateway
