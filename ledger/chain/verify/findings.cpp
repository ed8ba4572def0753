// SPDX-License-Identifier: Apache-2.0
#include "ledger/chain/verify/findings.h"

#include <algorithm>
#include <utility>

namespace causeway::ledger::verifier {

void Findings::add(std::string_view rule, std::string detail) {
    if (full()) return;
    report_.findings.push_back({.rule = std::string(rule), .detail = std::move(detail)});
}

std::string text(Int128 number) {
    if (number == 0) return "0";
    std::string digits;
    const bool negative = number < 0;
    for (; number != 0; number /= 10) {
        const int digit = static_cast<int>(number % 10);
        digits += static_cast<char>('0' + (digit < 0 ? -digit : digit));
    }
    if (negative) digits += '-';
    std::ranges::reverse(digits);
    return digits;
}

std::string entry_at(Sequence sequence) {
    return "entry " + std::to_string(sequence);
}

std::string name_of(const StoredEntry& entry) {
    return entry_at(entry.sequence) + " (" + to_text("je", entry.id) + ")";
}

}  // namespace causeway::ledger::verifier
