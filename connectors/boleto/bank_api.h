// SPDX-License-Identifier: Apache-2.0
//
// The interface by which a bank registers boletos and tells of them: what stands in the bodies of
// its requests, answers and notifications, read and written. Both sides of it are here, for the
// connector and for whoever plays the bank.
//
// Amounts are whole centavos and days YYYY-MM-DD. The nosso número is a text with its zeros and,
// at Banco do Brasil, with the agreement before it; it never has its check digit.
#pragma once

#include "connectors/pix/json_body.h"
#include "ledger/clock.h"
#include "ledger/result.h"

#include <boost/json/object.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace causeway::connectors::boleto {

inline constexpr std::string_view kTitlesPath = "/v1/boletos";
inline constexpr std::string_view kWriteOffPath = "/baixa";  ///< Behind the title's own.
inline constexpr std::string_view kNewsTimeHeader = "X-Bank-Timestamp";
inline constexpr std::string_view kNewsSignatureHeader = "X-Bank-Signature";
/// A notification that is further from our clock is not believed.
inline constexpr std::chrono::seconds kNewsAgeMax{300};

struct BankPayer {
    std::string name;
    std::string document;  ///< CPF or CNPJ without punctuation.
    std::string street;
    std::string district;
    std::string city;
    std::string state;
    std::string postal_code;  ///< Eight digits.

    friend bool operator==(const BankPayer&, const BankPayer&) = default;
};

/// The body of POST /v1/boletos.
struct BankTitleOrder {
    std::string agreement;
    std::string wallet;
    std::string our_number;
    std::string document;  ///< Seu número, at most 15 characters.
    std::string control;   ///< Ours; at most 25 characters, told again in every notification.
    std::int64_t amount = 0;
    Day due_on{};
    Day payable_until{};  ///< The last day on which the bank takes money.
    Day issued_on{};
    std::int64_t fine_bps = 0;
    std::int64_t interest_month_bps = 0;
    std::int64_t discount_bps = 0;
    std::optional<Day> discount_until;
    bool hybrid = false;
    BankPayer payer;

    friend bool operator==(const BankTitleOrder&, const BankTitleOrder&) = default;
};

enum class BankTitleState { registered, paid, written_off };

/// Of a hybrid boleto.
struct BankPix {
    std::string copy_and_paste;
    std::string txid;

    friend bool operator==(const BankPix&, const BankPix&) = default;
};

struct BankPayment {
    std::string id;
    std::int64_t amount = 0;  ///< What the payer gave, with fine and interest.
    Day paid_on{};
    std::optional<Day> credited_on;
    std::int64_t tariff = 0;
    std::string channel;
    std::string end_to_end_id;  ///< Empty unless it came by Pix.

    friend bool operator==(const BankPayment&, const BankPayment&) = default;
};

/// What the bank answers to a registration, a question and a write-off.
struct BankTitle {
    std::string our_number;
    std::string line;     ///< 47 digits; empty in the answer to a write-off.
    std::string barcode;  ///< 44 digits; the same.
    BankTitleState state = BankTitleState::registered;
    std::optional<BankPix> pix;
    std::vector<BankPayment> payments;

    friend bool operator==(const BankTitle&, const BankTitle&) = default;
};

/// The body of 409 and 422.
struct BankRefusal {
    std::string code;   ///< Of the bank's own table of reasons for a refused entry.
    std::string field;  ///< Empty when it is about none.
    std::string message;

    friend bool operator==(const BankRefusal&, const BankRefusal&) = default;
};

enum class BankNewsKind {
    payment,
    pix_payment,
    reversal,
    write_off,
    rejection,
    tariff,
    protest,
};

/// One notification.
struct BankNews {
    std::string id;
    BankNewsKind kind = BankNewsKind::payment;
    std::string our_number;
    std::string control;
    std::int64_t amount = 0;  ///< What was paid or given back; 0 where nothing was.
    std::optional<Day> paid_on;
    std::optional<Day> credited_on;
    std::int64_t tariff = 0;
    std::string channel;
    std::string end_to_end_id;  ///< Only of Pix.
    std::string reason;
    Timestamp happened{};

    friend bool operator==(const BankNews&, const BankNews&) = default;
};

// For pix::parse_body<T>().
void read_body(pix::BodyReader& in, BankTitleOrder& out);
void read_body(pix::BodyReader& in, BankTitle& out);
void read_body(pix::BodyReader& in, BankRefusal& out);
void read_body(pix::BodyReader& in, BankNews& out);

[[nodiscard]] boost::json::object write_body(const BankTitleOrder& body);
[[nodiscard]] boost::json::object write_body(const BankTitle& body);
[[nodiscard]] boost::json::object write_body(const BankRefusal& body);
[[nodiscard]] boost::json::object write_body(const BankNews& body);

/// The headers of a notification: the second, and HMAC-SHA256 of it, a full stop and the body.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> sign_news(std::string_view secret,
                                                                         std::string_view body,
                                                                         Timestamp now);

/// Errors: `integrity` unless both headers are there, fit the body and are less than kNewsAgeMax
/// from `now`.
[[nodiscard]] Result<void> check_news_signature(
    std::string_view secret,
    const std::vector<std::pair<std::string, std::string>>& headers,
    std::string_view body,
    Timestamp now);

}  // namespace causeway::connectors::boleto
