// SPDX-License-Identifier: Apache-2.0
#include "gateway/fx/missed_days.h"

#include "gateway/fx/positions.h"

#include <algorithm>
#include <optional>

namespace causeway::gateway {
namespace {

using fx::Position;

constexpr std::chrono::days kOneDay{1};

bool has_anything(const Position& position) {
    return position.open != 0 || position.cost != 0 || position.unrealised != 0;
}

// The last day that is done of each, in their order; none of what never was.
using LastDays = std::vector<std::optional<Day>>;

Result<LastDays> last_days(ledger::Database& database, const std::vector<Position>& all) {
    LastDays found;
    const Result<void> read = database.read([&](ledger::Transaction& snapshot) -> Result<void> {
        for (const Position& position : all) {
            const Result<std::optional<Day>> last = last_revaluation(snapshot, position.pair);
            if (!last) return last.error();
            found.push_back(*last);
        }
        return {};
    });
    if (!read) return read.error();
    return found;
}

}  // namespace

Result<MissedDays> missed_days(const RevaluationDesk& desk, Day until) {
    const Result<std::vector<Position>> all = positions(desk.database, desk.journal);
    if (!all) return all.error();
    const Result<LastDays> last = last_days(desk.database, *all);
    if (!last) return last.error();
    const Day oldest = until - kMissedMax + kOneDay;
    MissedDays missed;
    Day first = until;
    for (std::size_t i = 0; i < all->size(); ++i) {
        const Position& position = (*all)[i];
        const std::optional<Day>& done = (*last)[i];
        const Day next = done ? *done + kOneDay : oldest;
        if (next < oldest && has_anything(position)) {
            missed.forgone.push_back(
                {.pair = position.pair, .from = next, .until = oldest - kOneDay});
        }
        first = std::min(first, std::max(next, oldest));
    }
    for (Day day = first; day <= until; day += kOneDay)
        missed.days.push_back(day);
    return missed;
}

std::string forgone_text(const ForgoneDays& forgone) {
    return to_text(forgone.from) + " to " + to_text(forgone.until) + " of " + forgone.pair.owner() +
           " are too long ago";
}

}  // namespace causeway::gateway
