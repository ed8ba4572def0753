// SPDX-License-Identifier: Apache-2.0
//
// Pieces of a chain without a database: entries, their hashes, and a head over them.
#pragma once

#include "ledger/chain/canonical.h"
#include "ledger/chain/head.h"
#include "ledger/chain/merkle.h"
#include "ledger/chain/proof.h"
#include "ledger/chain/signer.h"
#include "tests/support/books.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace causeway::test {

/// The signer of the seed 00 01 02 ... 1f, plus `first`.
inline ledger::HeadSigner throwaway_signer(std::uint8_t first = 0) {
    std::array<std::uint8_t, 32> seed{};
    for (std::size_t i = 0; i < seed.size(); ++i) {
        seed[i] = static_cast<std::uint8_t>(i + first);
    }
    return ledger::HeadSigner(seed);
}

/// Entries of one lane, one after the other, and what an honest journal makes of them.
struct ChainSegment {
    ledger::Sequence first;
    ledger::ChainHash previous{};  ///< Of the entry before `first`.
    std::vector<std::vector<std::uint8_t>> canonical;
    std::vector<ledger::ChainHash> hashes;

    void add(const ledger::Entry& entry) {
        std::vector<std::uint8_t> bytes;
        const auto sequence = first + static_cast<ledger::Sequence>(canonical.size());
        append_canonical(entry, sequence, bytes);
        hashes.push_back(ledger::entry_hash(before(hashes.size()), bytes));
        canonical.push_back(std::move(bytes));
    }

    [[nodiscard]] const ledger::ChainHash& before(std::size_t index) const {
        return index == 0 ? previous : hashes[index - 1];
    }

    [[nodiscard]] ledger::Sequence last() const {
        return first + static_cast<ledger::Sequence>(canonical.size()) - 1;
    }

    [[nodiscard]] ledger::Head head(const ledger::ChainHash& previous_head = {}) const {
        const std::int64_t lane = ledger::lane_of(first);
        return {.lane = lane,
                .first_sequence = first,
                .last_sequence = last(),
                .root = ledger::merkle_root(hashes),
                .previous = previous_head,
                .made = from_microseconds(1'775'000'001'000'000),
                .lanes = {{.lane = lane, .last_sequence = last(), .hash = hashes.back()}},
                .public_key = {}};
    }

    [[nodiscard]] ledger::EntryProof proof_of(std::size_t index, std::size_t head_index = 0) const {
        return {.canonical = canonical[index],
                .previous = before(index),
                .path = ledger::merkle_path(hashes, index),
                .head = head_index};
    }
};

/// `count` captures of different amounts.
inline ChainSegment segment_of_captures(ledger::Sequence first, int count) {
    Ids ids(static_cast<std::uint64_t>(first));
    ChainSegment segment{.first = first, .previous = {}, .canonical = {}, .hashes = {}};
    if (ledger::place_in_lane(first) > 1) segment.previous.fill(7);
    for (int i = 0; i < count; ++i) {
        segment.add(capture(ids.next(), 100 + i));
    }
    return segment;
}

/// The two entries of the worked example in docs/chain.md.
inline ChainSegment documented_segment() {
    ledger::Entry capture_entry;
    capture_entry.id = *uuid_from_bytes(std::array<std::uint8_t, 16>{0x01,
                                                                     0x7f,
                                                                     0x22,
                                                                     0xe2,
                                                                     0x79,
                                                                     0xb0,
                                                                     0x7c,
                                                                     0xc3,
                                                                     0x98,
                                                                     0xc4,
                                                                     0xdc,
                                                                     0x0c,
                                                                     0x0c,
                                                                     0x07,
                                                                     0x39,
                                                                     0x8f});
    capture_entry.kind = "capture";
    capture_entry.reference = "cap_01FWHE4YDGFK1SHH6W1G60EECF";
    capture_entry.effective = from_microseconds(1'775'000'000'000'000);
    capture_entry.recorded = from_microseconds(1'775'000'000'250'000);
    capture_entry.lines = {{account("card", ledger::Purpose::provider_receivable), 1234},
                           {account("mer_1", ledger::Purpose::merchant_pending), -1234}};

    ledger::Entry payout = capture_entry;
    payout.id.bytes[15] = 0x90;
    payout.type = ledger::EntryType::pending;
    payout.kind = "payout";
    payout.reference = "po_1";
    payout.recorded = from_microseconds(1'775'000'000'250'001);
    payout.expires = from_microseconds(1'775'003'600'000'000);
    payout.lines = {{account("mer_1", ledger::Purpose::merchant_available, "JPY"), 500},
                    {account("main", ledger::Purpose::bank_client, "JPY"), -500}};

    ChainSegment segment{.first = 1, .previous = {}, .canonical = {}, .hashes = {}};
    segment.add(capture_entry);
    segment.add(payout);
    return segment;
}

}  // namespace causeway::test
