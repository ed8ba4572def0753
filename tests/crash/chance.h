// SPDX-License-Identifier: Apache-2.0
//
// Chance from a seed, the same on every machine: what a failure's seed said once it says again.
#pragma once

#include <cstdint>

namespace causeway::crash {

/// Source: SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
class Chance {
  public:
    explicit Chance(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        state_ += 0x9E3779B97F4A7C15ULL;
        std::uint64_t mixed = state_;
        mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBULL;
        return mixed ^ (mixed >> 31U);
    }
    /// 0 to count - 1. Requires a count that is not 0.
    std::uint64_t below(std::uint64_t count) { return next() % count; }
    bool percent(std::uint64_t share) { return below(100) < share; }

  private:
    std::uint64_t state_;
};

/// A seed for one of many things that hang on `seed`.
inline std::uint64_t seed_of(std::uint64_t seed, std::uint64_t which) {
    return Chance(seed ^ Chance(which).next()).next();
}

}  // namespace causeway::crash
