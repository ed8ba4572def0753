// SPDX-License-Identifier: Apache-2.0
//
// Charges as the API tells them: a cob is to be paid at once, a cobv has a due date and may cost
// more after it or less before.
//
// A charge that ran out is not told as such: its status stays ATIVA, and whether it can still be
// paid follows from its calendar.
#pragma once

#include "connectors/pix/json_body.h"
#include "connectors/pix/payment.h"

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::connectors::pix {

enum class ChargeStatus {
    active,               ///< ATIVA
    concluded,            ///< CONCLUIDA: paid.
    removed_by_receiver,  ///< REMOVIDA_PELO_USUARIO_RECEBEDOR
    removed_by_provider,  ///< REMOVIDA_PELO_PSP
};
[[nodiscard]] std::string_view to_string(ChargeStatus status);

enum class LocationKind { cob, cobv };

/// Who owes or receives. A cob wants number and name only.
struct Party {
    std::string tax_number;  ///< CPF of 11 digits or CNPJ of 14 characters.
    std::string name;
    std::string trade_name;  ///< Receivers only.
    std::string street;
    std::string city;
    std::string state;
    std::string postal_code;
    std::string email;

    friend bool operator==(const Party&, const Party&) = default;
};

/// The place that a code points to. In a request only `id` counts.
struct Location {
    std::int64_t id = 0;
    std::string url;  ///< Without scheme.
    std::optional<LocationKind> kind;
    std::optional<Timestamp> created;
    std::string txid;  ///< Of the charge that is there now; empty when free.

    friend bool operator==(const Location&, const Location&) = default;
};

/// `PayloadLocationSolicitada`.
struct LocationRequest {
    LocationKind kind = LocationKind::cob;
};

struct InfoItem {
    std::string name;
    std::string value;

    friend bool operator==(const InfoItem&, const InfoItem&) = default;
};

/// Cash handed out: all of the charge (saque), or beside a purchase (troco).
struct Withdrawal {
    bool change = false;      ///< troco
    std::int64_t amount = 0;  ///< Units: centavos.
    std::int64_t amount_may_change = 0;
    std::string agent;     ///< AGTEC, AGTOT or AGPSS.
    std::string provider;  ///< ISPB.

    friend bool operator==(const Withdrawal&, const Withdrawal&) = default;
};

/// What both kinds of charge have and a receiver chooses.
struct ChargeTerms {
    std::optional<std::int64_t> amount;  ///< Units: centavos.
    std::string key;
    std::optional<Party> payer;
    std::optional<Location> location;
    std::string payer_question;  ///< solicitacaoPagador
    std::vector<InfoItem> info;

    friend bool operator==(const ChargeTerms&, const ChargeTerms&) = default;
};

struct CobTerms : ChargeTerms {
    std::optional<std::int64_t> expires_in;         ///< Units: seconds from the creation.
    std::optional<std::int64_t> amount_may_change;  ///< 1: the payer may pay another amount.
    std::optional<Withdrawal> withdrawal;

    friend bool operator==(const CobTerms&, const CobTerms&) = default;
};

/// A fine, interest or rebate. Units: `value` is centavos where `mode` says a fixed amount, else
/// hundredths of a percent.
struct Adjustment {
    std::int64_t mode = 1;
    std::int64_t value = 0;

    friend bool operator==(const Adjustment&, const Adjustment&) = default;
};

struct DatedDiscount {
    Day until;
    std::int64_t value = 0;  ///< Units: as Adjustment.

    friend bool operator==(const DatedDiscount&, const DatedDiscount&) = default;
};

/// Modes 1 and 2: `dated`, up to three. Modes 3 to 6: `value`, for each day of early payment.
struct Discount {
    std::int64_t mode = 1;
    std::vector<DatedDiscount> dated;
    std::optional<std::int64_t> value;

    friend bool operator==(const Discount&, const Discount&) = default;
};

struct CobvTerms : ChargeTerms {
    std::optional<Day> due;
    std::optional<std::int64_t> days_valid_after_due;
    std::optional<Adjustment> fine;  ///< 1 fixed, 2 percent.
    std::optional<Adjustment>
        interest;                      ///< 1 and 5 fixed a day; else percent; 5 to 8 working days.
    std::optional<Adjustment> rebate;  ///< 1 fixed, 2 percent.
    std::optional<Discount> discount;

    friend bool operator==(const CobvTerms&, const CobvTerms&) = default;
};

struct CobRequest {
    CobTerms terms;
};
struct CobvRequest {
    CobvTerms terms;
};

/// A change of a charge that is ATIVA. `remove` goes alone.
struct CobRevision {
    CobTerms terms;
    bool remove = false;
};
struct CobvRevision {
    CobvTerms terms;
    bool remove = false;
};

/// What the provider adds.
struct ChargeRecord {
    std::string txid;
    std::int64_t revision = 0;
    ChargeStatus status = ChargeStatus::active;
    Timestamp created;
    std::string url;             ///< `location`; without scheme.
    std::string copy_and_paste;  ///< The code's text, from providers that tell it.
    std::vector<ReceivedPix> pix;

    friend bool operator==(const ChargeRecord&, const ChargeRecord&) = default;
};

struct Cob {
    CobTerms terms;
    ChargeRecord record;

    friend bool operator==(const Cob&, const Cob&) = default;
};

struct Cobv {
    CobvTerms terms;
    ChargeRecord record;
    std::optional<Party> receiver;

    friend bool operator==(const Cobv&, const Cobv&) = default;
};

/// What a payer's app finds behind a cob's code.
struct CobPayload {
    Cob cob;
    Timestamp shown;
};

/// What a payer's app finds behind a cobv's code: amounts as of the day of payment. Units:
/// centavos.
struct CobvPayload {
    Cobv cobv;
    Timestamp shown;
    std::optional<std::int64_t> fine;
    std::optional<std::int64_t> interest;
    std::optional<std::int64_t> rebate;
    std::optional<std::int64_t> discount;
    std::int64_t final_amount = 0;
};

void read_body(BodyReader& in, Location& out);
void read_body(BodyReader& in, LocationRequest& out);
void read_body(BodyReader& in, CobRequest& out);
void read_body(BodyReader& in, CobRevision& out);
void read_body(BodyReader& in, Cob& out);
void read_body(BodyReader& in, CobPayload& out);
void read_body(BodyReader& in, CobvRequest& out);
void read_body(BodyReader& in, CobvRevision& out);
void read_body(BodyReader& in, Cobv& out);
void read_body(BodyReader& in, CobvPayload& out);

[[nodiscard]] boost::json::object write_body(const Location& body);
[[nodiscard]] boost::json::object write_body(const LocationRequest& body);
[[nodiscard]] boost::json::object write_body(const CobRequest& body);
[[nodiscard]] boost::json::object write_body(const CobRevision& body);
[[nodiscard]] boost::json::object write_body(const Cob& body);
[[nodiscard]] boost::json::object write_body(const CobPayload& body);
[[nodiscard]] boost::json::object write_body(const CobvRequest& body);
[[nodiscard]] boost::json::object write_body(const CobvRevision& body);
[[nodiscard]] boost::json::object write_body(const Cobv& body);
[[nodiscard]] boost::json::object write_body(const CobvPayload& body);

}  // namespace causeway::connectors::pix
