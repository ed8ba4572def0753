// SPDX-License-Identifier: Apache-2.0
//
// The work of a process that posts to the books of others: causeway_posting_process does it, and
// whoever started it knows what it had to do. All of it follows from the seed.
#pragma once

#include "tests/support/books.h"

#include <cstdint>
#include <random>
#include <vector>

namespace causeway::test {

/// May never owe more than it has.
inline ledger::AccountKey hot_account() {
    return account("hot", ledger::Purpose::merchant_available);
}

/// Between the hot account and three others, in both directions.
inline std::vector<ledger::Entry> work_of(std::uint64_t seed, int count) {
    Ids ids(seed);
    std::mt19937_64 random(seed);
    std::vector<ledger::Entry> entries;
    for (int i = 0; i < count; ++i) {
        const auto amount = static_cast<std::int64_t>(1 + random() % 9);
        const std::int64_t give = random() % 2 == 0 ? amount : -amount;
        const ledger::AccountKey other =
            account("m" + std::to_string(random() % 3), ledger::Purpose::merchant_pending);
        ledger::Entry entry = capture(ids.next(), 1);
        entry.lines = {{.account = other, .minor_units = give},
                       {.account = hot_account(), .minor_units = -give}};
        entries.push_back(entry);
    }
    return entries;
}

/// What the process says of an entry once it knows: one letter, then the entry's number.
enum class Said : char { posted = 'P', replayed = 'R', refused = 'X', failed = 'F' };

}  // namespace causeway::test
