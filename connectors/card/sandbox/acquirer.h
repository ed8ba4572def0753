// SPDX-License-Identifier: Apache-2.0
//
// The acquirer's side of the card protocol: what it answers to each message and what it books.
// Pure decisions; sockets are in server.h.
//
// A message is known by (DE7, DE11, DE32, DE41) and the kind of its MTI. The same request again
// is declined with 94; a repeat (xxx1) of it, and an advice again, get the first answer again.
// An advice is never declined. Nothing is answered before it is in the books.
//
// Deterministic behaviour for tests, by DE4 of a 0100 or 0200, refunds included:
//   ..51 ..05 ..54 ..91 ..61   declined with that code
//   9999   approved and booked, but no answer comes
//   9998   approved, the answer comes AcquirerConfig::late later
//   9997   approved and booked, then the connection is cut
//   9996   approved; the first transmission of each advice about it gets no answer
//   9995   approved; the first transmission of each reversal of it gets no answer
// Where the acquirer settles in another currency (AcquirerConfig::settling):
//   9993   DE5 does not follow from DE9
//   9992   DE50 is no currency
// and 9994 and 9990 have the settlement file say something else; see settlement_file.h.
// A repeat of a lost message is answered. By card number: 4000000000000002 is declined with 05,
// 4000000000009995 with 51, 4000000000000069 with 54.
#pragma once

#include "connectors/card/message.h"
#include "connectors/card/sandbox/books.h"
#include "connectors/card/sandbox/settling.h"
#include "ledger/clock.h"

#include <chrono>
#include <optional>
#include <utility>
#include <vector>

namespace causeway::connectors::card::sandbox {

struct AcquirerConfig {
    std::chrono::milliseconds late{3000};
    std::vector<SettlingRule> settling;  ///< The first that fits counts.
};

/// What the acquirer remembers of one connection.
struct Connection {
    bool signed_on = false;
};

/// What to do about one message. No answer and no cut: silence.
struct Reaction {
    std::optional<Message> answer;
    std::chrono::milliseconds delay{0};
    bool cut = false;
};

/// Threads: none of its own; one at a time.
/// Lifetime: within that of the books.
class Acquirer {
  public:
    explicit Acquirer(Books& books, AcquirerConfig config = {})
        : books_(books), config_(std::move(config)) {}

    /// Decides and books. Requires a message as decode() gives it.
    ///
    /// When the books cannot be written the connection is cut: what is not
    /// written down is never answered.
    [[nodiscard]] Reaction handle(const Message& message, Timestamp now, Connection& connection);

  private:
    [[nodiscard]] Reaction financial(const Message& message, Fact fact);
    [[nodiscard]] Reaction repeated(const Message& message, const Fact& fact, const Fact& first);
    void decide(const Message& message, Fact& fact) const;
    void decide_authorisation(const Message& message, Fact& fact) const;
    void decide_stand_in(const Message& message, Fact& fact) const;
    void decide_capture(const Message& message, Fact& fact) const;
    void decide_refund(const Message& message, Fact& fact) const;
    void decide_reversal(const Message& message, Fact& fact) const;
    void decide_settling(Fact& fact) const;
    [[nodiscard]] Message answer_to(const Message& message, const Fact& fact) const;
    [[nodiscard]] std::string next_approval_code() const;
    /// The amount whose last digits rule the behaviour.
    [[nodiscard]] std::int64_t ruling_amount(const Fact& fact) const;

    Books& books_;
    AcquirerConfig config_;
};

/// How a message is known: "R|1203070910|491005|423935|TERM0001", R for 01x0 and 02x0 requests,
/// for others class and function of the MTI. Leading zeros of DE32 and the padding of DE41 do not
/// count.
[[nodiscard]] std::string request_key(const Message& message);

/// The key of the message that DE90 of a reversal names.
[[nodiscard]] std::string original_key(const Message& reversal);

/// MMDDhhmmss with the year that brings it nearest to `now`.
///
/// Errors: `invalid_argument` when there is no such moment.
[[nodiscard]] Result<Timestamp> resolve_year(const std::string& month_to_second, Timestamp now);

}  // namespace causeway::connectors::card::sandbox
