// SPDX-License-Identifier: Apache-2.0
//
// What of a message may stand in a log: a list of elements known to be harmless, so that one we
// forgot is left out and not let through.
#include "connectors/card/card_number.h"
#include "connectors/card/codec.h"

#include <algorithm>
#include <iterator>

namespace causeway::connectors::card {
namespace {

struct Range {
    int from;
    int to;
};

// Not in here, among others: 14 expiry, 34-36 and 45 tracks, 43 names, 44, 46-48, 52-53, 54-63,
// 64 and 128 MACs, 98 payee, 102-103 accounts.
constexpr Range kHarmless[] = {
    {3, 13}, {15, 33}, {37, 42}, {49, 51}, {66, 91}, {95, 95}, {97, 97}, {99, 101}};

bool is_harmless(int field) {
    return std::any_of(std::begin(kHarmless), std::end(kHarmless), [field](const Range& range) {
        return field >= range.from && field <= range.to;
    });
}

}  // namespace

std::string loggable(const Message& message) {
    std::string line = message.mti;
    for (const auto& [field, value] : message.fields) {
        if (field != 2 && !is_harmless(field)) continue;
        line += " DE" + std::to_string(field) + "=" + (field == 2 ? masked(value) : value);
    }
    return line;
}

}  // namespace causeway::connectors::card
