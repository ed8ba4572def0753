// SPDX-License-Identifier: Apache-2.0
//
// What holds for a Pix charge: checks who pays and what was wished before the provider is asked.
#pragma once

#include "connectors/collection.h"
#include "connectors/pix/charge.h"

#include <chrono>
#include <cstdint>
#include <vector>

namespace causeway::connectors::pix {

struct AgreementLimits {
    std::chrono::seconds open_for;  ///< Of a charge at once, when nothing else is wished.
    std::int64_t days_after_due;
};

/// The day in Brazil: three hours behind UTC, and no summer time since 2019 (Decreto 9.772).
[[nodiscard]] Day day_in_brazil(Timestamp moment) noexcept;

/// See Collecting::agree(). With a due date it is a cobv, whose payer has to be known by name and
/// number (CobVSolicitada: devedor); reusable it is a static code; else a cob.
[[nodiscard]] CollectionTerms agree_on(const CollectionWish& wish,
                                       const Payer& payer,
                                       ledger::Money amount,
                                       Timestamp now,
                                       const AgreementLimits& limits,
                                       std::vector<FieldFault>& faults);

/// The payer as the API wants it. Requires one that agree_on() had no fault with.
[[nodiscard]] Party party_of(const Payer& payer);

}  // namespace causeway::connectors::pix
