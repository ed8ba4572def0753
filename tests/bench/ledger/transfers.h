// SPDX-License-Identifier: Apache-2.0
//
// What the ledger's benchmark posts: transfers of two lines between random accounts, with random
// ids, as clients make them. Ten thousand accounts, as TigerBeetle's own benchmark has them.
#pragma once

#include "ledger/journal/journal.h"

#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace causeway::bench {

inline constexpr int kAccounts = 10'000;

enum class Spread {
    uniform,  ///< Both accounts at random.
    hot,      ///< One account is the same in every transfer.
};

/// Entries from a seed.
class Transfers {
  public:
    explicit Transfers(std::uint64_t seed, Spread spread = Spread::uniform)
        : random_(seed), spread_(spread) {
        for (int i = 0; i < kAccounts; ++i) {
            keys_.push_back({.owner = "mer_01JZ8QK3M5X9T2B7C4D6E" + std::to_string(10'000 + i),
                             .purpose = ledger::Purpose::merchant_available,
                             .currency = *ledger::Currency::from_code("EUR")});
        }
    }

    /// Touches every account once, so that all are open before anything is measured.
    std::vector<ledger::Entry> opening() {
        std::vector<ledger::Entry> entries;
        for (std::size_t i = 0; i + 1 < keys_.size(); i += 2)
            entries.push_back(transfer(keys_[i], keys_[i + 1]));
        return entries;
    }

    std::vector<ledger::Entry> make(std::size_t count) {
        std::vector<ledger::Entry> entries;
        entries.reserve(count);
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t from = spread_ == Spread::hot ? 0 : random_() % keys_.size();
            const std::size_t step = 1 + random_() % (keys_.size() - 1);
            entries.push_back(transfer(keys_[from], keys_[(from + step) % keys_.size()]));
        }
        return entries;
    }

    [[nodiscard]] const std::vector<ledger::AccountKey>& accounts() const noexcept { return keys_; }

  private:
    ledger::Entry transfer(const ledger::AccountKey& from, const ledger::AccountKey& to) {
        Uuid id;
        const std::uint64_t words[2] = {random_(), random_()};
        std::memcpy(id.bytes.data(), words, id.bytes.size());
        now_us_ += 7;
        const auto amount = static_cast<std::int64_t>(1 + random_() % 100'000);
        return {.id = id,
                .kind = "transfer",
                .reference = to_text("cap", id),
                .effective = from_microseconds(now_us_),
                .recorded = from_microseconds(now_us_),
                .lines = {{.account = from, .minor_units = amount},
                          {.account = to, .minor_units = -amount}}};
    }

    std::mt19937_64 random_;
    Spread spread_;
    std::vector<ledger::AccountKey> keys_;
    std::int64_t now_us_ = 1'776'074'460'000'000;
};

}  // namespace causeway::bench
