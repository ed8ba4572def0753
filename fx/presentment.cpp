// SPDX-License-Identifier: Apache-2.0
#include "fx/presentment.h"

#include <memory>
#include <utility>

namespace causeway::fx {

std::vector<Quote> presentment(const PresentmentRequest& request, const QuoteSources& from) {
    std::vector<Quote> prices;
    const std::shared_ptr<const RateSnapshot> rates = from.rates.snapshot();
    if (!rates) return prices;
    const ledger::Currency target = request.receives.currency();
    for (const ledger::Currency& source : ledger::Currency::all()) {
        Result<Quote> price = make_quote({.merchant = request.merchant,
                                          .livemode = request.livemode,
                                          .source = source,
                                          .target = target,
                                          .target_amount = request.receives.minor_units()},
                                         from,
                                         *rates);
        if (price) prices.push_back(*std::move(price));
    }
    return prices;
}

}  // namespace causeway::fx
