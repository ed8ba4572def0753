// SPDX-License-Identifier: Apache-2.0
//
// What the buyer gets: the numbers to pay by, and the boleto as a page, a PDF or pictures.
//
// A boleto that is registered by file is shown before the bank knows it: it can be paid from the
// day after, when the bank has read the file.
#pragma once

#include "connectors/boleto/config.h"

#include <string>
#include <string_view>
#include <vector>

namespace causeway::connectors::boleto {

inline constexpr std::string_view kBoletoAction = "display_boleto";
/// The detail that holds the Pix code of a hybrid.
inline constexpr std::string_view kPixCodeDetail = "qr_data";

/// "line" (47 digits), "barcode" (44), "our_number" as printed, "bank", and for a hybrid whose Pix
/// code is known "qr_data".
///
/// Errors: those of title_of() and compose().
[[nodiscard]] Result<Instrument> make_instrument(const BoletoConfig& config,
                                                 std::string_view reference,
                                                 const CollectionTerms& terms,
                                                 ledger::Money amount,
                                                 std::string_view pix_code);

/// "pdf", "html", "barcode.png", "barcode.svg", and where the Pix code is known "qr.png", "qr.svg".
[[nodiscard]] std::vector<std::string> instrument_formats(const Instrument& shown);

/// As Collecting::render(). The seller stands among the instructions, for the beneficiary that the
/// bank knows is another.
[[nodiscard]] Result<Rendered> render_instrument(const BoletoConfig& config,
                                                 const DocumentRequest& request,
                                                 std::string_view format);

}  // namespace causeway::connectors::boleto
