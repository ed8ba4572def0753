// SPDX-License-Identifier: Apache-2.0
//
// A Pix that was received, and what was given back of it, as the API tells them.
//
// Identifiers that the provider chose are text here and need not keep to the convention that
// identifiers.h knows: money that has come is not to be overlooked for the sake of its name.
#pragma once

#include "connectors/pix/json_body.h"

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace causeway::connectors::pix {

enum class RefundStatus {
    in_process,  ///< EM_PROCESSAMENTO
    refunded,    ///< DEVOLVIDO
    not_done,    ///< NAO_REALIZADO: no money moved.
};

/// Why money goes back. A receiver can ask for the first two only; the others come from Bacen's
/// return procedure for fraud and faults (MED).
enum class RefundNature { original, withdrawal, med_operational, med_fraud, med_automatic };

/// `DevolucaoSolicitada`.
struct RefundRequest {
    std::int64_t amount = 0;  ///< Units: centavos.
    std::optional<RefundNature> nature;
    std::string description;

    friend bool operator==(const RefundRequest&, const RefundRequest&) = default;
};

/// `Devolucao`.
struct Refund {
    std::string id;
    std::string return_id;
    std::int64_t amount = 0;  ///< Units: centavos.
    std::optional<RefundNature> nature;
    std::string description;
    std::optional<Timestamp> requested;
    std::optional<Timestamp> settled;
    RefundStatus status = RefundStatus::in_process;
    std::string reason;  ///< Of `not_done`, in the provider's words.

    friend bool operator==(const Refund&, const Refund&) = default;
};

/// `Pix`.
struct ReceivedPix {
    std::string end_to_end_id;
    std::string txid;         ///< Empty: paid to the key itself, without a charge.
    std::int64_t amount = 0;  ///< Units: centavos.
    /// What the amount is made of, by the API's names ("original", "juros"). Units: centavos.
    std::vector<std::pair<std::string, std::int64_t>> components;
    std::string key;
    Timestamp time;
    std::string payer_note;
    std::vector<Refund> refunds;

    friend bool operator==(const ReceivedPix&, const ReceivedPix&) = default;
};

/// The body of a provider's call to our webhook: one Pix or several.
struct PixNotice {
    std::vector<ReceivedPix> pix;

    friend bool operator==(const PixNotice&, const PixNotice&) = default;
};

void read_body(BodyReader& in, RefundRequest& out);
void read_body(BodyReader& in, Refund& out);
void read_body(BodyReader& in, ReceivedPix& out);
void read_body(BodyReader& in, PixNotice& out);

[[nodiscard]] boost::json::object write_body(const RefundRequest& body);
[[nodiscard]] boost::json::object write_body(const Refund& body);
[[nodiscard]] boost::json::object write_body(const ReceivedPix& body);
[[nodiscard]] boost::json::object write_body(const PixNotice& body);

/// "DEVOLVIDO".
[[nodiscard]] std::string_view to_string(RefundStatus status);

}  // namespace causeway::connectors::pix
