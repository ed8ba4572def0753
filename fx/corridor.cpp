// SPDX-License-Identifier: Apache-2.0
#include "fx/corridor.h"

#include <algorithm>
#include <array>
#include <compare>
#include <stdexcept>
#include <string>
#include <utility>

namespace causeway::fx {
namespace {

using ledger::Currency;

constexpr int kBasisPoints = 10'000;
constexpr int kAnyCurrency = 0;  // No currency has this number.

constexpr std::array<std::pair<RoundingSide, std::string_view>, 4> kSides{{
    {RoundingSide::nearest, "nearest"},
    {RoundingSide::favour_buyer, "favour_buyer"},
    {RoundingSide::favour_merchant, "favour_merchant"},
    {RoundingSide::favour_operator, "favour_operator"},
}};
constexpr std::array<std::pair<Bearer, std::string_view>, 2> kBearers{{
    {Bearer::merchant, "merchant"},
    {Bearer::buyer, "buyer"},
}};

// For whom a corridor is, in the order of the search: the most specific first.
struct Key {
    int pair_rank;      // 0: both named, 1: the source, 2: the target, 3: none.
    int merchant_rank;  // 0: named.
    int source;
    int target;
    Uuid merchant;

    friend auto operator<=>(const Key&, const Key&) = default;
};

Key key_for(const std::optional<Uuid>& merchant, int source, int target) noexcept {
    const int source_rank = source == kAnyCurrency ? 2 : 0;
    const int target_rank = target == kAnyCurrency ? 1 : 0;
    return {.pair_rank = source_rank + target_rank,
            .merchant_rank = merchant ? 0 : 1,
            .source = source,
            .target = target,
            .merchant = merchant.value_or(Uuid{})};
}

Key key_of(const Corridor& corridor) noexcept {
    return key_for(corridor.merchant,
                   corridor.source ? corridor.source->numeric() : kAnyCurrency,
                   corridor.target ? corridor.target->numeric() : kAnyCurrency);
}

std::string name_of(const Corridor& corridor) {
    const auto code = [](const std::optional<Currency>& currency) {
        return currency ? std::string(currency->code()) : std::string("any");
    };
    return code(corridor.source) + "/" + code(corridor.target) +
           (corridor.merchant ? " of " + to_text("mer", *corridor.merchant) : "");
}

// What is wrong with the terms, or nothing.
std::string_view fault_of(const Corridor& c) {
    if (c.source && c.target && *c.source == *c.target) return "both currencies are the same";
    if (c.spread_bps < 0 || c.spread_bps >= kBasisPoints) {
        return "the spread is 0 to 9999 basis points";
    }
    if (c.fixed_fee && c.fixed_fee->minor_units() < 0) return "the fixed fee is negative";
    if (c.fixed_fee && c.source != c.fixed_fee->currency() && c.target != c.fixed_fee->currency()) {
        return "the fixed fee is in neither of the currencies named";
    }
    if ((c.source_min || c.source_max) && !c.source) return "limits need a source currency";
    if (c.source_min.value_or(1) < 1) return "the smallest amount is at least 1";
    if (c.source_max && *c.source_max < c.source_min.value_or(1)) {
        return "the largest amount is less than the smallest";
    }
    if (c.rate_age_max < std::chrono::days{0}) return "the age of rates is negative";
    if (c.valid_min < kQuoteValidMin || c.valid_max > kQuoteValidMax || c.valid_max < c.valid_min) {
        return "quotes are valid for 30 seconds to 24 hours";
    }
    return {};
}

}  // namespace

std::string_view to_string(RoundingSide side) noexcept {
    for (const auto& [value, text] : kSides) {
        if (value == side) return text;
    }
    return "nearest";
}

std::string_view to_string(Bearer bearer) noexcept {
    return bearer == Bearer::buyer ? kBearers[1].second : kBearers[0].second;
}

Result<RoundingSide> parse_rounding_side(std::string_view text) {
    for (const auto& [value, name] : kSides) {
        if (name == text) return value;
    }
    return Error(ErrorCode::not_found, "no such rounding side");
}

Result<Bearer> parse_bearer(std::string_view text) {
    for (const auto& [value, name] : kBearers) {
        if (name == text) return value;
    }
    return Error(ErrorCode::not_found, "no such bearer");
}

Result<Corridors> Corridors::make(std::vector<Corridor> corridors) {
    const auto wrong = [](const Corridor& corridor, std::string_view what) {
        return Error(ErrorCode::invalid_argument,
                     "corridor " + name_of(corridor) + ": " + std::string(what));
    };
    for (const Corridor& corridor : corridors) {
        const std::string_view fault = fault_of(corridor);
        if (!fault.empty()) return wrong(corridor, fault);
    }
    std::ranges::sort(corridors, {}, key_of);
    const auto twice = std::ranges::adjacent_find(corridors, {}, key_of);
    if (twice != corridors.end()) return wrong(*twice, "it is there twice");
    return Corridors(std::move(corridors));
}

Corridors Corridors::uniform(int spread_bps, std::chrono::days rate_age_max) {
    Result<Corridors> made = make({{.spread_bps = spread_bps, .rate_age_max = rate_age_max}});
    if (!made) throw std::invalid_argument(made.error().detail());
    return *std::move(made);
}

const Corridor* Corridors::find(const Uuid& merchant,
                                Currency source,
                                Currency target) const noexcept {
    const std::array<std::pair<int, int>, 4> pairs{{{source.numeric(), target.numeric()},
                                                    {source.numeric(), kAnyCurrency},
                                                    {kAnyCurrency, target.numeric()},
                                                    {kAnyCurrency, kAnyCurrency}}};
    const std::array<std::optional<Uuid>, 2> merchants{merchant, std::nullopt};
    for (const auto& [from, to] : pairs) {
        for (const std::optional<Uuid>& whose : merchants) {
            const Key wanted = key_for(whose, from, to);
            const auto found = std::ranges::lower_bound(corridors_, wanted, {}, key_of);
            if (found != corridors_.end() && key_of(*found) == wanted) return &*found;
        }
    }
    return nullptr;
}

}  // namespace causeway::fx
