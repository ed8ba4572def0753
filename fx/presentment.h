// SPDX-License-Identifier: Apache-2.0
//
// What a checkout can offer: the same goods priced in every currency that a buyer may pay in. No
// database: the rates in memory and the corridors say it all, and nothing is promised until one of
// the prices is asked for as a quote.
#pragma once

#include "fx/quote.h"
#include "ledger/id.h"
#include "ledger/money.h"

#include <vector>

namespace causeway::fx {

struct PresentmentRequest {
    Uuid merchant;
    bool livemode = false;
    ledger::Money receives;  ///< What the merchant wants to get.
};

/// A price for every currency that has a fresh rate and an open corridor, in order of code, all
/// from one snapshot. What the merchant is paid in itself is not listed, nor a currency in which
/// the amount is outside the corridor's limits. No rates, no prices.
[[nodiscard]] std::vector<Quote> presentment(const PresentmentRequest& request,
                                             const QuoteSources& from);

}  // namespace causeway::fx
