// SPDX-License-Identifier: Apache-2.0
#include "ledger/chain/proof.h"

#include "ledger/chain/canonical.h"

#include <string>
#include <utility>

namespace causeway::ledger {
namespace {

Error broken(std::string_view what, std::size_t number, std::string_view why) {
    return Error(
        ErrorCode::integrity,
        "proof: " + std::string(what) + " " + std::to_string(number + 1) + ": " + std::string(why));
}

Result<std::vector<Head>> check_heads(const Proof& proof, std::span<const PublicKey> trusted) {
    std::vector<Head> heads;
    for (std::size_t i = 0; i < proof.heads.size(); ++i) {
        Result<Head> head = check_signed(proof.heads[i], trusted);
        if (!head) return broken("head", i, head.error().detail());
        heads.push_back(std::move(*head));
    }
    return heads;
}

// The entry of `proof`, if it stands where it says under `head`.
Result<CanonicalEntry> check_entry(const EntryProof& proof, const Head& head) {
    Result<CanonicalEntry> read = parse_canonical(proof.canonical);
    if (!read) return read;
    const Sequence sequence = read->sequence;
    if (sequence < head.first_sequence || sequence > head.last_sequence) {
        return Error(ErrorCode::integrity, "its head does not cover it");
    }
    if (place_in_lane(sequence) == 1 && proof.previous != ChainHash{}) {
        return Error(ErrorCode::integrity, "the first of its lane follows an entry");
    }
    const ChainHash leaf = entry_hash(proof.previous, proof.canonical);
    const Result<ChainHash> root =
        root_from_path(leaf,
                       static_cast<std::uint64_t>(sequence - head.first_sequence),
                       static_cast<std::uint64_t>(head.last_sequence - head.first_sequence) + 1,
                       proof.path);
    if (!root) return root.error();
    if (*root != head.root) {
        return Error(ErrorCode::integrity, "its bytes and path do not lead to the signed root");
    }
    return read;
}

}  // namespace

Result<std::vector<ProvenEntry>> check_proof(const Proof& proof,
                                             std::span<const PublicKey> trusted) {
    if (proof.entries.empty()) return Error(ErrorCode::integrity, "proof: no entries");
    const Result<std::vector<Head>> heads = check_heads(proof, trusted);
    if (!heads) return heads.error();

    std::vector<ProvenEntry> proven;
    std::size_t heads_used = 0;
    for (std::size_t i = 0; i < proof.entries.size(); ++i) {
        const EntryProof& one = proof.entries[i];
        const bool is_next = one.head == heads_used;
        if (one.head >= heads->size() || (!is_next && one.head + 1 != heads_used)) {
            return broken("entry", i, "it names no head, or one out of order");
        }
        heads_used = one.head + 1;
        const Head& head = (*heads)[one.head];
        Result<CanonicalEntry> entry = check_entry(one, head);
        if (!entry) return broken("entry", i, entry.error().detail());
        if (!proven.empty() && entry->sequence <= proven.back().sequence) {
            return broken("entry", i, "not in order of sequence");
        }
        proven.push_back({.sequence = entry->sequence,
                          .entry = std::move(entry->entry),
                          .head_made = head.made});
    }
    if (heads_used != heads->size()) return broken("head", heads_used, "no entry needs it");
    return proven;
}

}  // namespace causeway::ledger
