// SPDX-License-Identifier: Apache-2.0
//
// The hash of the chain: BLAKE2b-256, personalised by what is hashed, so that the bytes of one kind
// of thing can never be taken for another's.
#pragma once

#include "ledger/journal/stored_entry.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace causeway::ledger {

/// What is hashed; sixteen bytes, padded with zeros.
using Personal = std::array<std::uint8_t, 16>;

[[nodiscard]] consteval Personal personal(std::string_view text) {
    Personal padded{};
    for (std::size_t i = 0; i < text.size(); ++i) {
        padded.at(i) = static_cast<std::uint8_t>(text[i]);
    }
    return padded;
}

inline constexpr Personal kEntryPersonal = personal("causeway.entry");
inline constexpr Personal kNodePersonal = personal("causeway.node");
inline constexpr Personal kHeadPersonal = personal("causeway.head");

/// Source: RFC 7693, with the personalisation of the BLAKE2 paper section 2.8; by way of libsodium.
[[nodiscard]] ChainHash chain_hash(const Personal& personal,
                                   std::span<const std::uint8_t> bytes) noexcept;

}  // namespace causeway::ledger
