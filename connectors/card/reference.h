// SPDX-License-Identifier: Apache-2.0
//
// The numbers by which a card host knows an operation, and the one text that holds them all:
//
//   20261121-1121054500-000123-63250500003F
//   date     DE7        DE11   DE37
//
// DE7 has no year, hence the date. DE37 names the payment: a capture, a reversal and a release
// carry the one of their authorisation; a refund has its own. Its last six places count in base 36
// (DE37 is anp): trace numbers begin anew after 989,999 operations, which a busy hour has, and two
// payments under one DE37 would be one to the host.
#pragma once

#include "ledger/clock.h"
#include "ledger/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace causeway::connectors::card {

struct Reference {
    Day day;
    std::string transmitted;  ///< DE7, MMDDhhmmss in UTC.
    std::string stan;         ///< DE11, 000001 to 989999.
    std::string rrn;          ///< DE37, YDDDhh and the first message's number in base 36.

    [[nodiscard]] std::string local_time() const { return transmitted.substr(4); }     ///< DE12
    [[nodiscard]] std::string local_date() const { return transmitted.substr(0, 4); }  ///< DE13
};

/// The highest trace number of an operation; higher ones belong to network messages.
constexpr std::int64_t kOperationStanMax = 989'999;

/// DE7 of a moment.
[[nodiscard]] std::string transmission_time(Timestamp now);

/// The numbers of the operation with this sequence number, with a DE37 of its own.
[[nodiscard]] Reference new_reference(std::int64_t sequence, Timestamp now);

[[nodiscard]] std::string to_text(const Reference& reference);

/// Errors: `invalid_argument` for anything that to_text() did not write.
[[nodiscard]] Result<Reference> parse_reference(std::string_view text);

}  // namespace causeway::connectors::card
