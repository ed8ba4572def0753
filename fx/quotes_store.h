// SPDX-License-Identifier: Apache-2.0
//
// Quotes at rest, and the one change a quote knows: a payment has it, or none. What was promised is
// written once and never again.
#pragma once

#include "fx/quote.h"
#include "ledger/clock.h"
#include "ledger/id.h"
#include "ledger/result.h"
#include "ledger/store/database.h"

#include <optional>
#include <string_view>
#include <vector>

namespace causeway::fx {

/// The tables of the quotes, for whoever puts the schema together.
[[nodiscard]] std::string_view quotes_schema_sql();
/// The later step: what a quote keeps of its corridor. Older quotes had no fee, were rounded to the
/// nearest and borne by the merchant.
[[nodiscard]] std::string_view quotes_terms_schema_sql();

/// The step after that: who made a quote. Of older quotes it is taken from the ids, which grow.
[[nodiscard]] std::string_view quotes_makers_schema_sql();

/// Whose quotes: a merchant's key never reaches another merchant's, nor live ones from test mode.
struct QuoteOwner {
    Uuid merchant;
    bool livemode = false;
};

/// Which of a merchant's quotes. At most one of `after` and `before` is set.
struct QuotePage {
    std::optional<Uuid> after = {};                 ///< Only quotes older than this one.
    std::optional<Uuid> before = {};                ///< Only quotes newer than this one.
    std::optional<Timestamp> created_from = {};     ///< This moment or later.
    std::optional<Timestamp> created_earlier = {};  ///< Before this moment.
    int limit = 20;                                 ///< At least 1.
};

struct QuoteList {
    std::vector<Quote> quotes;  ///< Newest first.
    bool has_more = false;      ///< In the direction of the page.
};

/// Errors: `conflict` when the id exists.
[[nodiscard]] Result<void> insert_quote(ledger::Transaction& transaction, const Quote& quote);

/// Errors: `not_found`, also for another owner's quote; `integrity` when the row makes no sense;
/// `storage`.
[[nodiscard]] Result<Quote> load_quote(ledger::Transaction& transaction,
                                       const QuoteOwner& owner,
                                       const Uuid& id);

/// Gives the quote to a payment. Call it in the body that stores the payment: what is checked here
/// is still true when the body commits. The same payment may ask again, until the quote's end: a
/// payment that could not be sent in time must not keep an old rate.
///
/// Errors: `not_found`; `conflict` when another payment has it; `expired` when `now` is not before
/// expires_at; `integrity`; `storage`.
[[nodiscard]] Result<Quote> consume(ledger::Transaction& transaction,
                                    const Uuid& id,
                                    const Uuid& payment,
                                    Timestamp now);

/// Gives the quote back from a payment that failed: another may consume it until its end. Says
/// whether it did; not when the quote is another payment's, or nobody's, or over at `now`, nor when
/// it was made for its payment: nobody else was promised that one.
///
/// Call it only once the payment's fate is known, and it is not the charge: a quote of a payment in
/// doubt stays taken.
[[nodiscard]] Result<bool> release(ledger::Transaction& transaction,
                                   const Uuid& id,
                                   const Uuid& payment,
                                   Timestamp now);

/// Errors: `integrity` when a row makes no sense; `storage`.
[[nodiscard]] Result<QuoteList> list_quotes(ledger::Transaction& transaction,
                                            const QuoteOwner& owner,
                                            const QuotePage& page);

}  // namespace causeway::fx
