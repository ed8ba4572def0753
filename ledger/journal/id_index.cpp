// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/id_index.h"

#include <cstring>
#include <utility>

namespace causeway::ledger {
namespace {

constexpr std::size_t kFirstSlots = 16;

// A bijection that spreads every bit over all others. Source: the finaliser of SplitMix64
// (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014).
std::uint64_t spread(std::uint64_t word) noexcept {
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9ULL;
    word = (word ^ (word >> 27)) * 0x94D049BB133111EBULL;
    return word ^ (word >> 31);
}

}  // namespace

std::uint64_t fingerprint(const Uuid& id) noexcept {
    std::uint64_t head = 0;
    std::uint64_t tail = 0;
    std::memcpy(&head, id.bytes.data(), sizeof head);
    std::memcpy(&tail, id.bytes.data() + sizeof head, sizeof tail);
    const std::uint64_t mixed = spread(head + 0x9E3779B97F4A7C15ULL * spread(tail));
    return mixed == 0 ? 1 : mixed;
}

IdIndex::IdIndex() {
    for (Part& part : parts_) {
        part.fingerprints.resize(kFirstSlots);
        part.places.resize(kFirstSlots);
        part.mask = kFirstSlots - 1;
    }
}

void IdIndex::insert(std::uint64_t fingerprint, std::uint32_t place) {
    Part& part = parts_[fingerprint >> kPartShift];
    if ((part.used + 1) * 4 > part.fingerprints.size() * 3) grow(part);
    put(part, fingerprint, place);
    ++part.used;
    ++size_;
}

void IdIndex::put(Part& part, std::uint64_t fingerprint, std::uint32_t place) {
    std::size_t slot = fingerprint & part.mask;
    while (part.fingerprints[slot] != 0)
        slot = (slot + 1) & part.mask;
    part.fingerprints[slot] = fingerprint;
    part.places[slot] = place;
}

void IdIndex::grow(Part& part) {
    Part larger;
    larger.fingerprints.resize(part.fingerprints.size() * 2);
    larger.places.resize(larger.fingerprints.size());
    larger.mask = larger.fingerprints.size() - 1;
    larger.used = part.used;
    for (std::size_t slot = 0; slot < part.fingerprints.size(); ++slot) {
        if (part.fingerprints[slot] != 0) put(larger, part.fingerprints[slot], part.places[slot]);
    }
    part = std::move(larger);
}

}  // namespace causeway::ledger
