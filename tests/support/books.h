// SPDX-License-Identifier: Apache-2.0
//
// Entries as the tests of the books write them: short, and right unless they are meant not to be.
#pragma once

#include "ledger/clock.h"
#include "ledger/entropy.h"
#include "ledger/id.h"
#include "ledger/journal/journal.h"

#include <cstdint>
#include <mutex>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace causeway::test {

/// Chance from a seed.
class SeededEntropy final : public Entropy {
  public:
    explicit SeededEntropy(std::uint64_t seed) : random_(seed) {}
    void fill(std::span<std::uint8_t> bytes) noexcept override {
        const std::lock_guard lock(mutex_);
        for (std::uint8_t& byte : bytes)
            byte = static_cast<std::uint8_t>(random_());
    }

  private:
    std::mutex mutex_;
    std::mt19937_64 random_;
};

/// Ids that grow, from a clock that stands still.
struct Ids {
    explicit Ids(std::uint64_t seed = 20260413) : entropy(seed) {}
    Uuid next() { return source.next(); }

    ManualClock clock{from_microseconds(1'776'074'460'000'000)};
    SeededEntropy entropy;
    IdSource source{clock, entropy};
};

inline ledger::AccountKey account(std::string owner,
                                  ledger::Purpose purpose,
                                  std::string_view currency = "EUR") {
    return {.owner = std::move(owner),
            .purpose = purpose,
            .currency = *ledger::Currency::from_code(currency)};
}

/// What the acquirer owes and the merchant has earned: one captured payment.
inline ledger::Entry capture(const Uuid& id,
                             std::int64_t minor_units,
                             std::string merchant = "mer_1",
                             std::string_view currency = "EUR") {
    using ledger::Purpose;
    return {.id = id,
            .kind = "capture",
            .reference = "cap_1",
            .effective = from_microseconds(1'776'074'460'000'000),
            .recorded = from_microseconds(1'776'074'461'000'000),
            .lines = {{.account = account("card", Purpose::provider_receivable, currency),
                       .minor_units = minor_units},
                      {.account = account(std::move(merchant), Purpose::merchant_pending, currency),
                       .minor_units = -minor_units}}};
}

}  // namespace causeway::test
