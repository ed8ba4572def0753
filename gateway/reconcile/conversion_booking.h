// SPDX-License-Identifier: Apache-2.0
//
// A provider's conversion in the books: when it says it in its answer, when its file confirms it,
// and when the file says something else. It is booked once; what is corrected is taken back line by
// line and booked anew, so that the position is what it would be had the file been first.
#pragma once

#include "fx/provider_conversion.h"
#include "gateway/reconcile/expectation.h"
#include "ledger/clock.h"
#include "ledger/id.h"
#include "ledger/journal/journal.h"
#include "ledger/result.h"

#include <cstdint>
#include <string>

namespace causeway::gateway {

/// What an entry is about. Its reference is `source`, so that it stands among a payment's entries.
struct ConversionEntry {
    std::string connector;
    bool livemode = false;
    std::string source;  ///< "cap_...", "ref_...": what was converted.
    Timestamp effective;
    Timestamp recorded;
};

/// Lifetime: within the body.
struct ConversionBooks {
    ledger::Transaction& body;
    ledger::Journal& journal;
    IdSource& ids;
};

/// Signed from our side. Units: `expected_cost` of the buyer's currency, `cost` of the provider's.
struct ConversionAmounts {
    fx::ProviderConversion conversion;
    fx::ConversionGap gap;
    std::int64_t expected_cost = 0;
    std::int64_t cost = 0;
};

/// Returns the journal's entry. Errors: as provider_conversion_lines() and Journal::post().
[[nodiscard]] Result<Uuid> book_conversion(const ConversionBooks& books,
                                           const ConversionEntry& about,
                                           const ConversionAmounts& amounts);

/// Takes back what book_conversion() posted as `entry`. Errors: as Journal::entry().
[[nodiscard]] Result<void> undo_conversion(const ConversionBooks& books,
                                           const ConversionEntry& about,
                                           const Uuid& entry);

/// The provider kept `more` than was booked. No entry for nothing.
[[nodiscard]] Result<void> book_more_cost(const ConversionBooks& books,
                                          const ConversionEntry& about,
                                          const ledger::Money& more);

}  // namespace causeway::gateway
