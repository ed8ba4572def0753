// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/due_factor.h"

namespace causeway::connectors::boleto {
namespace {

using std::chrono::days;

constexpr int kFactorMin = 1000;
constexpr int kFactors = 9000;
constexpr Day kFirstFactorDay{std::chrono::year{2000} / 7 / 3};

}  // namespace

Result<int> due_factor(Day due) {
    const auto since = (due - kFirstFactorDay).count();
    if (since < 0) {
        return Error(ErrorCode::invalid_argument, "due date: before 2000-07-03 there is no factor");
    }
    return kFactorMin + static_cast<int>(since % kFactors);
}

Result<Day> due_day(int factor, Day reference) {
    if (factor < kFactorMin || factor >= kFactorMin + kFactors) {
        return Error(ErrorCode::invalid_argument, "due factor: 1000 to 9999 are wanted");
    }
    const Day earliest = std::max(reference - kDueBeforeMax, kFirstFactorDay);
    const auto cycles = (earliest - kFirstFactorDay).count() / kFactors;
    Day due = kFirstFactorDay + days(cycles * kFactors + factor - kFactorMin);
    if (due < earliest) due += days(kFactors);
    if (due > reference + kDueBehindMax) {
        return Error(ErrorCode::expired,
                     "due factor: no day from 3000 days before to 5500 days behind the reference");
    }
    return due;
}

}  // namespace causeway::connectors::boleto
