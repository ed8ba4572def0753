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

/// See Collecting::agree(). With a due date it is a cobv, whose payer has to be known by name and
/// number (CobVSolicitada: devedor); reusable it is a static code; else a cob.
[[nodiscard]] CollectionTerms agree_on(const CollectionWish& wish,
                                       const Payer& payer,
                                       ledger::Money amount,
                                       Timestamp now,
                                       const AgreementLimits& limits,
                                       std::vector<FieldFault>& faults);

/// As Collecting::terms_on(). A due date without banks is the next day with them for all that
/// counts from it, which is more than the law of boletos gives.
/// Source: Bacen API Pix, `validadeAposVencimento`; the payer's own town may have more holidays.
[[nodiscard]] CollectionTerms terms_on(const CollectionTerms& terms);

/// The payer as the API wants it. Requires one that agree_on() had no fault with.
[[nodiscard]] Party party_of(const Payer& payer);

}  // namespace causeway::connectors::pix
