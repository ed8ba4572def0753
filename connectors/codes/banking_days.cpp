// SPDX-License-Identifier: Apache-2.0
#include "connectors/codes/banking_days.h"

#include "ledger/calendar/calendar.h"

namespace causeway::connectors::codes {
namespace {

constexpr std::chrono::hours kBehindUtc{3};

}  // namespace

Day day_in_brazil(Timestamp moment) noexcept {
    return day_of(moment - kBehindUtc);
}

Timestamp end_in_brazil(Day day) noexcept {
    return Timestamp(day + std::chrono::days(1)) + kBehindUtc;
}

bool is_banking_day(Day day) noexcept {
    const ledger::Calendar& brazil = ledger::brazil_calendar();
    if (day >= brazil.known_from() && day <= brazil.known_until()) {
        return *brazil.is_business_day(day);
    }
    const std::chrono::weekday weekday(day);
    return weekday != std::chrono::Saturday && weekday != std::chrono::Sunday;
}

Day next_banking_day(Day day) noexcept {
    return banking_day_from(day + std::chrono::days(1));
}

Day banking_day_from(Day day) noexcept {
    while (!is_banking_day(day))
        day += std::chrono::days(1);
    return day;
}

}  // namespace causeway::connectors::codes
