// SPDX-License-Identifier: Apache-2.0
//
// A proof: entries, and for each the way from its bytes to a head that was signed. Whoever has the
// public key can check it without the database, and learns nothing of the neighbours but hashes.
//
// What a proof shows is that the holder of the key had booked just these bytes at these places when
// the heads were made; not that there are no other entries. docs/chain.md has the file format.
#pragma once

#include "ledger/chain/head.h"
#include "ledger/chain/merkle.h"
#include "ledger/journal/entry.h"
#include "ledger/result.h"
#include "ledger/store/database.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace causeway::ledger {

struct EntryProof {
    std::vector<std::uint8_t> canonical;
    ChainHash previous{};  ///< The hash of the entry before it in its lane.
    MerklePath path;
    std::size_t head = 0;  ///< Index among the proof's heads.

    friend bool operator==(const EntryProof&, const EntryProof&) = default;
};

/// Entries in order of sequence, and the heads that they need in the order of their use; no entry
/// and no head twice. So there is one proof of given entries under given heads.
struct Proof {
    std::vector<EntryProof> entries;
    std::vector<SignedHead> heads;

    friend bool operator==(const Proof&, const Proof&) = default;
};

struct ProvenEntry {
    Sequence sequence;
    Entry entry;
    Timestamp head_made;  ///< The entry was there then.

    friend bool operator==(const ProvenEntry&, const ProvenEntry&) = default;
};

/// Errors: `integrity`, saying which entry or head is broken and how.
[[nodiscard]] Result<std::vector<ProvenEntry>> check_proof(const Proof& proof,
                                                           std::span<const PublicKey> trusted);

/// Proves the entries at `sequences`, each by the first head of its lane that covers it. Reads the
/// segments whole and computes every hash again on the way.
///
/// Errors: `invalid_argument` for no sequences; `not_found` when there is no such entry; `conflict`
/// when an entry has no head yet: one must be made first; `integrity` when the rows and the heads
/// disagree; `storage`.
[[nodiscard]] Result<Proof> make_proof(Transaction& snapshot, std::span<const Sequence> sequences);

}  // namespace causeway::ledger
