// SPDX-License-Identifier: Apache-2.0
//
// A corridor says on what terms one currency becomes another: the cost, who bears it, which way
// the last unit is rounded, how much and for how long. Where several fit, the most specific one
// counts alone: its terms are not mixed with those of the others.
#pragma once

#include "ledger/currency.h"
#include "ledger/id.h"
#include "ledger/money.h"
#include "ledger/result.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace causeway::fx {

inline constexpr std::chrono::seconds kQuoteValidMin{30};
inline constexpr std::chrono::seconds kQuoteValidMax{86'400};

/// Where the fraction of a unit goes that a conversion leaves over; unless a corridor says
/// otherwise, to the operator, so that nobody gains by converting there and back. The amount that
/// was asked for is never rounded; the other one is, once, in its own minor unit, and by less than
/// one of it. The spelling is stored and shown; never rename one.
enum class RoundingSide {
    nearest,          ///< To the nearest; a tie to the even one.
    favour_buyer,     ///< A source is cut; a target is rounded to the nearest.
    favour_merchant,  ///< A target is rounded up; a source to the nearest.
    favour_operator,  ///< A target is cut and so is the rate; a source is rounded up.
};

/// Who pays for the conversion, and so on whose amount the spread is measured.
/// The spelling is stored and shown; never rename one.
enum class Bearer {
    merchant,  ///< Gets the worth at the mid rate less the spread: mid * (1 - spread).
    buyer,     ///< Pays the worth at the mid rate plus the spread: mid / (1 + spread).
};

[[nodiscard]] std::string_view to_string(RoundingSide side) noexcept;
[[nodiscard]] std::string_view to_string(Bearer bearer) noexcept;
/// Errors: `not_found`.
[[nodiscard]] Result<RoundingSide> parse_rounding_side(std::string_view text);
/// Errors: `not_found`.
[[nodiscard]] Result<Bearer> parse_bearer(std::string_view text);

/// The terms of one way; the way back is another corridor.
struct Corridor {
    std::optional<ledger::Currency> source = {};  ///< None: any.
    std::optional<ledger::Currency> target = {};  ///< None: any.
    std::optional<Uuid> merchant = {};            ///< None: any.
    int spread_bps = 0;                           ///< Basis points of the mid rate; see Bearer.
    std::optional<ledger::Money> fixed_fee = {};  ///< In the source or the target currency.
    RoundingSide rounding = RoundingSide::favour_operator;
    Bearer bearer = Bearer::merchant;
    /// Bounds of the source amount, both included; only where `source` is named.
    /// Units: minor units of `source`.
    std::optional<std::int64_t> source_min = {};
    std::optional<std::int64_t> source_max = {};
    std::chrono::days rate_age_max{4};  ///< Rates older than this are refused.
    std::chrono::seconds valid_min = kQuoteValidMin;
    std::chrono::seconds valid_max = kQuoteValidMax;

    friend bool operator==(const Corridor&, const Corridor&) = default;
};

/// Every corridor there is.
///
/// Threads: immutable once built; share freely.
class Corridors {
  public:
    /// Errors: `invalid_argument` naming the corridor whose terms make no sense, or that is there
    /// twice.
    static Result<Corridors> make(std::vector<Corridor> corridors);

    /// One corridor for everybody and every pair.
    ///
    /// Throws std::invalid_argument when its terms make no sense.
    static Corridors uniform(int spread_bps,
                             std::chrono::days rate_age_max = Corridor{}.rate_age_max);

    /// The most specific one that fits, or null: the pair is not offered. A named pair goes before
    /// a named source, that before a named target, and that before any pair; among equals the
    /// merchant's own goes first. Does not allocate.
    ///
    /// Lifetime: this object's.
    [[nodiscard]] const Corridor* find(const Uuid& merchant,
                                       ledger::Currency source,
                                       ledger::Currency target) const noexcept;

    /// The most specific first.
    [[nodiscard]] const std::vector<Corridor>& all() const noexcept { return corridors_; }

  private:
    explicit Corridors(std::vector<Corridor> sorted) : corridors_(std::move(sorted)) {}

    std::vector<Corridor> corridors_;
};

}  // namespace causeway::fx
