// SPDX-License-Identifier: Apache-2.0
//
// What a provider tells us unasked: outcomes that come late, disputes, authorisations that ended.
//
// A Notice is what the provider claims, checked for its signature and for nothing else. Whether
// the reference is ours and the amount is right is decided where the payment is known.
#pragma once

#include "connectors/operation.h"
#include "ledger/clock.h"
#include "ledger/money.h"
#include "ledger/result.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace causeway::connectors {

enum class NoticeKind {
    outcome,  ///< What became of an operation: see `answer`.
    dispute_opened,
    dispute_reopened,  ///< A second chargeback, or a won case that the issuer took up again.
    dispute_won,
    dispute_lost,
    authorisation_expired,
    received,              ///< A buyer has paid (part of) an instrument: see `receipt`.
    receipt_returned,      ///< What was received did not stay: a cheque, a Pix given back.
    instrument_refused,    ///< Its registration was refused after all: see `answer`.
    instrument_ended,      ///< The provider took it back: see `reason`.
    instrument_completed,  ///< It can be paid in one more way: the details of `answer.instrument`.
    charged,               ///< The provider takes `amount` for its service: see `reason`.
    told,                  ///< Good to know, changes nothing: see `reason`.
};

[[nodiscard]] std::string_view to_string(NoticeKind kind) noexcept;
/// Errors: `not_found`.
[[nodiscard]] Result<NoticeKind> parse_notice_kind(std::string_view text);

/// Money that came in for an instrument, went back, or was kept as a fee.
///
/// Several channels may tell of one payment, and not every channel knows everything: what has no
/// name, or a name in one channel only, is told apart by instrument, way, amount, days that are
/// near each other, and how many of them one channel has told.
struct Receipt {
    /// The provider's name for this one payment, the same in every channel that has one (Pix:
    /// EndToEndId).
    std::string identity;
    std::string channel;  ///< By which way we were told: "retorno", "api", "webhook".
    /// How the buyer paid, where an instrument can be paid in several ways ("pix", "boleto"): what
    /// came by two ways are two payments. Empty: the channel does not say.
    std::string way;
    Day paid_on{};
    std::optional<Day> credited_on;
    std::optional<ledger::Money> cost;  ///< What the provider keeps of it, when it says so.
};

struct Notice {
    NoticeKind kind = NoticeKind::outcome;
    std::string id;         ///< The provider's, the same however often it sends the message.
    std::string reference;  ///< Ours, of the operation that it is about.
    std::optional<ledger::Money> amount;
    Answer answer;  ///< For `outcome` and `instrument_refused`.
    /// For `received`, `receipt_returned` and `charged`.
    std::optional<Receipt> receipt = std::nullopt;
    std::string case_id;  ///< The provider's, for disputes.
    std::string reason;
    std::string network_reason_code;
    std::optional<Timestamp> respond_by;
    std::optional<Timestamp> happened;
};

/// A message as it came in. Lifetime: borrows; for the length of one call.
struct NoticeInput {
    const std::vector<std::pair<std::string, std::string>>& headers;
    std::string_view body;
    Timestamp received;
};

/// Reads a provider's notifications.
///
/// Threads: read() may be called from any thread.
class NoticeReader {
  public:
    NoticeReader() = default;
    NoticeReader(const NoticeReader&) = delete;
    NoticeReader& operator=(const NoticeReader&) = delete;
    virtual ~NoticeReader() = default;

    /// Checks the signature before it reads a byte of the body; one message may hold several
    /// notices.
    ///
    /// Errors: `integrity` the signature is missing, wrong or too old; `invalid_argument` signed,
    /// but not in the provider's form.
    [[nodiscard]] virtual Result<std::vector<Notice>> read(const NoticeInput& input) const = 0;
};

}  // namespace causeway::connectors
