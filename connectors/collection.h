// SPDX-License-Identifier: Apache-2.0
//
// Methods whose money comes later: the provider issues an instrument (a boleto, a Pix charge, a
// voucher), the buyer pays it at a time of his own, and only then is there money.
//
// The one thing that surprises: what comes in need not be what was asked for. It may be less or
// more, late, twice, or in pieces, and it is told of by several channels. A connector only says
// what came; what becomes of it is the gateway's decision.
#pragma once

#include "ledger/clock.h"
#include "ledger/money.h"
#include "ledger/result.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace causeway::connectors {

struct PayerAddress {
    std::string line1;  ///< Street and number.
    std::string line2;
    std::string district;
    std::string city;
    std::string state;  ///< As the country writes it: "PE".
    std::string postal_code;
    std::string country;  ///< ISO 3166-1 alpha-2.

    friend bool operator==(const PayerAddress&, const PayerAddress&) = default;
};

/// Who is asked to pay. Personal: never logged, never in an error, stored sealed.
struct Payer {
    std::string name;
    std::string tax_id;
    std::string email;
    PayerAddress address;

    friend bool operator==(const Payer&, const Payer&) = default;
};

/// What the merchant would like; what is not said is the connector's to choose.
struct CollectionWish {
    std::optional<Day> due_on;
    std::optional<std::chrono::seconds> open_for;
    std::optional<std::int64_t> fine_bps;
    std::optional<std::int64_t> interest_month_bps;
    std::optional<std::int64_t> discount_bps;
    std::optional<Day> discount_until;
    bool reusable = false;
};

/// What was agreed when the instrument was made, and holds for it ever after.
struct CollectionTerms {
    Day due_on{};                         ///< The last day at which the face value is enough.
    Timestamp open_until{};               ///< From then on the instrument is taken back.
    std::int64_t fine_bps = 0;            ///< Of the face value, once, from the day after due_on.
    std::int64_t interest_month_bps = 0;  ///< Of the face value, for thirty days; simple.
    std::int64_t discount_bps = 0;        ///< Of the face value.
    std::optional<Day> discount_until;    ///< The last day of the discount.
    bool reusable = false;                ///< May be paid several times, as a printed QR code.
    bool immediate = false;               ///< Has a last moment, and no due date of its own.
    Day issued_on{};
    std::string seller;  ///< The merchant's name, as the buyer knows it.

    friend bool operator==(const CollectionTerms&, const CollectionTerms&) = default;
};

/// What is owed on `day`: the face value, less a discount, or with fine and interest.
///
/// Each part is rounded half-even to the minor unit by itself. Banks take the interest of one day
/// and multiply it: so do we (NOTA 12 of Itau's CNAB 400, C020 of FEBRABAN's CNAB 240).
/// Errors: `amount_overflow`.
[[nodiscard]] Result<ledger::Money> due_on(const CollectionTerms& terms,
                                           ledger::Money face,
                                           Day day);

/// The interest of one day, as it is printed and sent. Errors: `amount_overflow`.
[[nodiscard]] Result<ledger::Money> interest_of_a_day(const CollectionTerms& terms,
                                                      ledger::Money face);
[[nodiscard]] Result<ledger::Money> fine_of(const CollectionTerms& terms, ledger::Money face);
[[nodiscard]] Result<ledger::Money> discount_of(const CollectionTerms& terms, ledger::Money face);

/// Part of an operation of kind `collect` or `withdraw`.
struct Collection {
    Payer payer;
    CollectionTerms terms;
};

/// What the buyer is shown. Nothing in it is secret or personal.
struct Instrument {
    std::string action;  ///< `next_action.type`, such as "display_boleto".
    /// By the names of the API: "line", "barcode", "qr_data".
    std::vector<std::pair<std::string, std::string>> details;

    friend bool operator==(const Instrument&, const Instrument&) = default;
};

/// A buyer's or a merchant's mistake. `pointer` is a JSON pointer below `payment_method`.
struct FieldFault {
    std::string pointer;
    std::string code;
    std::string message;  ///< Never repeats what was given.
};

/// An instrument as a document to print or to show.
struct DocumentRequest {
    std::string reference;
    ledger::Money amount;
    Collection collection;
    Instrument instrument;
    std::string payment_id;
    std::string description;
};

struct Rendered {
    std::string media_type;
    std::string bytes;
};

/// The side of a connector whose buyers pay later.
///
/// Threads: every method may be called from any thread; none blocks.
class Collecting {
  public:
    Collecting() = default;
    Collecting(const Collecting&) = delete;
    Collecting& operator=(const Collecting&) = delete;
    virtual ~Collecting() = default;

    /// Checks who pays and what was wished, and says what holds. Mistakes are left in `faults`,
    /// all of them; the terms are of no use then.
    [[nodiscard]] virtual CollectionTerms agree(const CollectionWish& wish,
                                                const Payer& payer,
                                                ledger::Money amount,
                                                Timestamp now,
                                                std::vector<FieldFault>& faults) const = 0;
    /// The last day of the provider's calendar on which a payment is in time.
    [[nodiscard]] virtual Day last_day(const CollectionTerms& terms) const noexcept {
        return day_of(terms.open_until - std::chrono::microseconds(1));
    }

    /// The terms as they count for what is paid on that day, where the provider's calendar moves a
    /// day of theirs; the instrument goes on saying what was agreed.
    [[nodiscard]] virtual CollectionTerms terms_on(const CollectionTerms& terms,
                                                   Day paid_on) const {
        (void)paid_on;
        return terms;
    }

    /// What render() can make of it, such as "pdf", "html", "barcode.png", "qr.svg".
    [[nodiscard]] virtual std::vector<std::string> formats(const Instrument& shown) const {
        (void)shown;
        return {};
    }
    /// Errors: `not_found` for another format; `invalid_argument` naming the field that can not be
    /// shown.
    [[nodiscard]] virtual Result<Rendered> render(const DocumentRequest& request,
                                                  std::string_view format) const {
        (void)request;
        return Error(ErrorCode::not_found, "format " + std::string(format.substr(0, 20)));
    }

    /// Whether one instrument has several ways to be paid, of which the provider leaves the others
    /// open when one was taken: then it is withdrawn once it is paid.
    [[nodiscard]] virtual bool withdraws_when_paid() const noexcept { return false; }
};

}  // namespace causeway::connectors
