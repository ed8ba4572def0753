// SPDX-License-Identifier: Apache-2.0
#include "fx/rate_snapshot.h"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

namespace causeway::fx {
namespace {

using ledger::Currency;
using ledger::Rounding;
using std::chrono::days;

// The last day on which nothing newer than the rates of `day` was due.
Day good_until(Day day, const ledger::Calendar& calendar) {
    const Result<Day> due = calendar.next_business_day(day);
    return due ? *due - days(1) : day;
}

bool serves(const SourceRates& source, Currency currency) {
    return source.currencies.empty() || currency == source.tables.front().base() ||
           std::ranges::find(source.currencies, currency) != source.currencies.end();
}

Result<void> check(const SourceRates& source) {
    const auto wrong = [](const char* what) {
        return Error(ErrorCode::invalid_argument, std::string("a source of rates ") + what);
    };
    if (source.calendar == nullptr) return wrong("has no calendar");
    if (source.tables.empty()) return wrong("has no table");
    for (std::size_t i = 1; i < source.tables.size(); ++i) {
        const ReferenceTable& one = source.tables[i];
        const ReferenceTable& newer = source.tables[i - 1];
        if (one.publisher() != newer.publisher()) return wrong("has two publishers");
        if (one.base() != newer.base()) return wrong("has two bases");
        if (one.day() >= newer.day()) return wrong("has its tables in another order");
    }
    return {};
}

auto rank(const SourceRates& source) {
    return std::tuple(source.priority, std::string_view(source.tables.front().publisher()));
}

Result<MidRate> cross_of(const ReferenceTable& table, Currency source, Currency target) {
    const Result<Decimal> value = table.cross(source, target);
    if (!value) return value.error();
    const Result<Decimal> cut = table.cross(source, target, Rounding::down);
    if (!cut) return cut.error();
    return MidRate{
        .value = *value, .cut = *cut, .day = table.day(), .publisher = table.publisher()};
}

Result<Decimal> product_of(const Decimal& first, const Decimal& second, Rounding rounding) {
    return Decimal::ratio(Int128{first.mantissa()} * second.mantissa(),
                          power_of_ten(first.scale() + second.scale()),
                          kRateDigits,
                          rounding);
}

Result<MidRate> product_of(const MidRate& first, const MidRate& second, Currency via) {
    const Result<Decimal> value = product_of(first.value, second.value, Rounding::half_even);
    if (!value) return value.error();
    const Result<Decimal> cut = product_of(first.cut, second.cut, Rounding::down);
    if (!cut) return cut.error();
    return MidRate{.value = *value,
                   .cut = *cut,
                   .day = std::min(first.day, second.day),
                   .publisher = first.publisher,
                   .second = second.publisher,
                   .via = via};
}

// One publisher's legs of two days: a rate at which nobody ever dealt, and that nobody published.
bool is_of_two_days(const ReferenceTable& first, const ReferenceTable& second) {
    return first.publisher() == second.publisher() && first.day() != second.day();
}

// Of two legs the day that makes their rate stale; Day::min(): that leg is fresh.
Day binding_day(Day first, Day second) {
    const bool both = first > Day::min() && second > Day::min();
    return both ? std::min(first, second) : std::max(first, second);
}

std::string name_of(Currency source, Currency target) {
    return std::string(source.code()) + "/" + std::string(target.code());
}

}  // namespace

// The tables that were found, or that there are only stale ones.
struct RateSnapshot::Choice {
    const ReferenceTable* first = nullptr;
    const ReferenceTable* second = nullptr;  // of halves() alone
    std::optional<Currency> via = {};
    Day newest_stale = Day::min();

    void saw_stale(Day day) { newest_stale = std::max(newest_stale, day); }
};

days rate_age(Day rates, Day today, const ledger::Calendar& calendar) {
    return std::max(today - good_until(rates, calendar), days(0));
}

std::string MidRate::publishers() const {
    std::string text(publisher);
    if (via && second != publisher) (text += '+') += second;
    return text;
}

RateSnapshot::RateSnapshot(std::vector<SourceRates> sources) : sources_(std::move(sources)) {
    for (const SourceRates& source : sources_) {
        std::vector<Day> until;
        for (const ReferenceTable& table : source.tables)
            until.push_back(good_until(table.day(), *source.calendar));
        good_until_.push_back(std::move(until));
    }
}

Result<RateSnapshot> RateSnapshot::make(std::vector<SourceRates> sources) {
    if (sources.empty()) return Error(ErrorCode::invalid_argument, "there is no source of rates");
    for (const SourceRates& source : sources) {
        const Result<void> fine = check(source);
        if (!fine) return fine.error();
    }
    std::ranges::sort(sources, {}, rank);
    std::vector<std::string_view> names;
    for (const SourceRates& source : sources)
        names.push_back(source.tables.front().publisher());
    std::ranges::sort(names);
    if (std::ranges::adjacent_find(names) != names.end()) {
        return Error(ErrorCode::invalid_argument, "two sources of rates have one publisher");
    }
    return RateSnapshot(std::move(sources));
}

RateSnapshot RateSnapshot::of(ReferenceTable table) {
    SourceRates source{.calendar = &ledger::calendar_of(table.base())};
    source.tables.push_back(std::move(table));
    std::vector<SourceRates> sources;
    sources.push_back(std::move(source));
    return RateSnapshot(std::move(sources));
}

bool RateSnapshot::is_fresh(std::size_t source,
                            std::size_t table,
                            const Freshness* freshness) const {
    return freshness == nullptr ||
           freshness->today - good_until_[source][table] <= freshness->age_max;
}

// The newest table that has both, of the first source whose is fresh.
RateSnapshot::Choice RateSnapshot::find(Currency a, Currency b, const Freshness* freshness) const {
    Choice choice;
    for (std::size_t i = 0; i < sources_.size(); ++i) {
        if (!serves(sources_[i], a) || !serves(sources_[i], b)) continue;
        const auto& tables = sources_[i].tables;
        const auto found = std::ranges::find_if(
            tables, [a, b](const ReferenceTable& table) { return table.has(a) && table.has(b); });
        if (found == tables.end()) continue;
        if (is_fresh(i, static_cast<std::size_t>(found - tables.begin()), freshness)) {
            choice.first = &*found;
            return choice;
        }
        choice.saw_stale(found->day());
    }
    return choice;
}

RateSnapshot::Choice RateSnapshot::halves(Currency source,
                                          Currency target,
                                          const Freshness* freshness) const {
    Choice choice;
    for (const SourceRates& one : sources_) {
        const Currency via = one.tables.front().base();
        if (via == source || via == target) continue;
        const Choice first = find(source, via, freshness);
        const Choice second = find(via, target, freshness);
        if (first.first && second.first) {
            if (is_of_two_days(*first.first, *second.first)) continue;
            return {.first = first.first, .second = second.first, .via = via};
        }
        const bool is_known = (first.first || first.newest_stale > Day::min()) &&
                              (second.first || second.newest_stale > Day::min());
        if (is_known) choice.saw_stale(binding_day(first.newest_stale, second.newest_stale));
    }
    return choice;
}

Result<MidRate> RateSnapshot::choose(Currency source,
                                     Currency target,
                                     const Freshness* freshness) const {
    const Choice direct = find(source, target, freshness);
    if (direct.first) return cross_of(*direct.first, source, target);
    const Choice two = halves(source, target, freshness);
    if (two.first) {
        const Result<MidRate> first = cross_of(*two.first, source, *two.via);
        if (!first) return first;
        const Result<MidRate> second = cross_of(*two.second, *two.via, target);
        if (!second) return second;
        return product_of(*first, *second, *two.via);
    }
    const Day stale = std::max(direct.newest_stale, two.newest_stale);
    if (stale > Day::min()) {
        return Error(ErrorCode::expired, "the newest rates are of " + to_text(stale));
    }
    return Error(ErrorCode::not_found, "no source has a rate for " + name_of(source, target));
}

Result<MidRate> RateSnapshot::mid(Currency source,
                                  Currency target,
                                  const Freshness& freshness) const {
    return choose(source, target, &freshness);
}

Result<MidRate> RateSnapshot::mid(Currency source, Currency target) const {
    return choose(source, target, nullptr);
}

std::vector<Currency> RateSnapshot::quotable(Currency target, const Freshness& freshness) const {
    std::vector<Currency> able;
    for (const Currency currency : Currency::all()) {
        if (currency != target && mid(currency, target, freshness)) able.push_back(currency);
    }
    return able;
}

Day RateSnapshot::day() const noexcept {
    Day newest = Day::min();
    for (const SourceRates& source : sources_)
        newest = std::max(newest, source.tables.front().day());
    return newest;
}

bool RateSnapshot::is_stale(const Freshness& freshness) const {
    for (std::size_t i = 0; i < sources_.size(); ++i) {
        if (is_fresh(i, 0, &freshness)) return false;
    }
    return true;
}

}  // namespace causeway::fx
