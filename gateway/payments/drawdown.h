// SPDX-License-Identifier: Apache-2.0
//
// Which stretches of a captured amount refunds and disputes have drawn.
//
// Parts of a converted amount are rounded by where they lie, so that they always sum to the whole.
// A dispute that is won gives its own stretches back, and what comes next draws those: had it the
// worth of other units, the sum would miss the whole by a minor unit.
#pragma once

#include "gateway/payments/payment.h"
#include "ledger/store/database.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace causeway::gateway {

/// From one place of the captured amount up to another. Units: minor units of presentment.
struct Stretch {
    std::int64_t from = 0;
    std::int64_t to = 0;

    friend bool operator==(const Stretch&, const Stretch&) = default;
};

/// What of an amount is drawn, and by whom. One movement after the other, in their order.
class Drawdown {
  public:
    explicit Drawdown(std::int64_t captured) : captured_(captured) {}

    /// Takes the lowest that nobody holds. What goes beyond all of it has the worth of the last
    /// units, which then belong to two. Requires 0 <= `part` <= the captured amount.
    std::vector<Stretch> take(const std::string& owner, std::int64_t part);
    /// Frees what `owner` took; no effect when it holds nothing.
    void give_back(const std::string& owner);

  private:
    std::int64_t captured_;
    std::map<std::string, std::vector<Stretch>> held_;
};

/// The stretches that the next refund or dispute of `part` draws. `payment` does not yet include
/// it.
///
/// Errors: storage errors; `integrity`.
[[nodiscard]] Result<std::vector<Stretch>> next_stretches(ledger::Transaction& tx,
                                                          const Payment& payment,
                                                          std::int64_t part);

}  // namespace causeway::gateway
