// SPDX-License-Identifier: Apache-2.0
//
// How old a row is, read off its id: ids sort by time, so what is older than a moment is a range of
// the primary key and needs no index of its own.
#pragma once

#include "ledger/id.h"

namespace causeway::gateway {

/// No id made at `moment` or later is smaller, and none made a millisecond earlier is as great.
[[nodiscard]] inline Uuid first_id_of(Timestamp moment) {
    constexpr int kTimeBytes = 6;
    constexpr int kByteBits = 8;
    Uuid first;
    auto left = static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(moment.time_since_epoch()).count());
    for (int at = kTimeBytes; at-- > 0; left >>= kByteBits)
        first.bytes[static_cast<std::size_t>(at)] = static_cast<std::uint8_t>(left & 0xffU);
    return first;
}

}  // namespace causeway::gateway
