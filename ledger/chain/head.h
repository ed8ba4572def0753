// SPDX-License-Identifier: Apache-2.0
//
// A head: what a lane of the journal was at one moment, signed. Whoever keeps a head can later tell
// whether anything up to it was changed, and a proof needs nothing but a head and a path.
//
// Heads of a lane form a chain of their own: each speaks of the entries after its predecessor, its
// segment, and names its predecessor by digest. Each also names where all other lanes stood, so
// that one exported head pins the whole journal.
#pragma once

#include "ledger/clock.h"
#include "ledger/journal/entry.h"
#include "ledger/journal/stored_entry.h"
#include "ledger/result.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::ledger {

/// Ed25519. Source: RFC 8032.
using PublicKey = std::array<std::uint8_t, 32>;
using Signature = std::array<std::uint8_t, 64>;

/// The last entry of a lane.
struct LaneTip {
    std::int64_t lane;
    Sequence last_sequence;
    ChainHash hash;

    friend bool operator==(const LaneTip&, const LaneTip&) = default;
};

struct Head {
    std::int64_t lane;
    Sequence first_sequence;  ///< Of the segment: the entries since the head before.
    Sequence last_sequence;
    ChainHash root;      ///< Of the segment's chain hashes; see merkle.h.
    ChainHash previous;  ///< head_digest() of the lane's head before; zeros for the first.
    Timestamp made;
    /// All lanes with entries, in order; this one's own ends at `last_sequence`.
    std::vector<LaneTip> lanes;
    PublicKey public_key;  ///< Of the signature.

    friend bool operator==(const Head&, const Head&) = default;
};

/// The bytes that are signed; docs/chain.md.
[[nodiscard]] std::vector<std::uint8_t> head_body(const Head& head);

/// The inverse, strictly: whatever it accepts is written the same again.
///
/// Errors: `integrity`, also for a head that contradicts itself: an empty segment, lanes out of
/// order, its own lane missing or ending elsewhere.
[[nodiscard]] Result<Head> parse_head(std::span<const std::uint8_t> body);

/// By which the next head of the lane names this one.
[[nodiscard]] ChainHash head_digest(std::span<const std::uint8_t> body) noexcept;

/// The own lane's tip in `head`. Requires a head that parse_head() accepts.
[[nodiscard]] const LaneTip& own_tip(const Head& head);

/// A head as it is stored, exported and put into proofs.
struct SignedHead {
    std::vector<std::uint8_t> body;
    Signature signature{};

    friend bool operator==(const SignedHead&, const SignedHead&) = default;
};

/// Checks what a head says by itself: its form, and its signature by one of `trusted`. A lane's
/// heads bear several keys when the key was changed; the older ones stay as they are.
///
/// Errors: `integrity`.
[[nodiscard]] Result<Head> check_signed(const SignedHead& head, std::span<const PublicKey> trusted);

/// What somebody who has walked a lane knows about its next head.
struct SegmentFacts {
    Sequence first_sequence;
    Sequence last_sequence;
    ChainHash root;           ///< Of the hashes that were recomputed.
    ChainHash last_hash;      ///< The last of them.
    ChainHash previous_head;  ///< head_digest() of the lane's head before; zeros for the first.
};

/// check_signed(), and that the head says what was found.
///
/// Errors: `integrity`, naming the first thing that differs.
[[nodiscard]] Result<Head> check_head(const SignedHead& head,
                                      std::span<const PublicKey> trusted,
                                      const SegmentFacts& facts);

}  // namespace causeway::ledger
