// SPDX-License-Identifier: Apache-2.0
#include "ledger/chain/head.h"

#include "ledger/chain/bytes.h"
#include "ledger/chain/hash.h"
#include "ledger/chain/signer.h"

#include <algorithm>
#include <utility>

namespace causeway::ledger {
namespace {

constexpr std::string_view kMagic = "CWHD";
constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kTipSize = 8 + 8 + sizeof(ChainHash);
constexpr std::size_t kFixedSize =
    4 + 1 + 3 * 8 + 2 * sizeof(ChainHash) + 8 + 2 + sizeof(PublicKey);

void append_number(std::vector<std::uint8_t>& out, std::int64_t number) {
    append_big_endian<8>(out, static_cast<std::uint64_t>(number));
}

Error broken(const std::string& what) {
    return Error(ErrorCode::integrity, "head: " + what);
}

bool is_own(const Head& head, const LaneTip& tip) {
    return tip.lane == head.lane;
}

// A sequence that a lane can have.
bool fits(Sequence sequence, std::int64_t lane) {
    return sequence > 0 && lane_of(sequence) == lane && place_in_lane(sequence) > 0;
}

Result<void> check_consistent(const Head& head) {
    if (!fits(head.first_sequence, head.lane) || !fits(head.last_sequence, head.lane) ||
        head.last_sequence < head.first_sequence) {
        return broken("a segment that no lane has");
    }
    for (std::size_t i = 0; i < head.lanes.size(); ++i) {
        const LaneTip& tip = head.lanes[i];
        if (!fits(tip.last_sequence, tip.lane)) return broken("a lane that ends in another");
        if (i > 0 && tip.lane <= head.lanes[i - 1].lane) return broken("lanes out of order");
    }
    const auto own = std::find_if(head.lanes.begin(), head.lanes.end(), [&head](const LaneTip& it) {
        return is_own(head, it);
    });
    if (own == head.lanes.end()) return broken("its own lane is not among the lanes");
    if (own->last_sequence != head.last_sequence) return broken("its own lane ends elsewhere");
    return {};
}

}  // namespace

std::vector<std::uint8_t> head_body(const Head& head) {
    std::vector<std::uint8_t> body;
    body.reserve(kFixedSize + head.lanes.size() * kTipSize);
    body.insert(body.end(), kMagic.begin(), kMagic.end());
    append_big_endian<1>(body, kVersion);
    append_number(body, head.lane);
    append_number(body, head.first_sequence);
    append_number(body, head.last_sequence);
    append_bytes(body, head.root);
    append_bytes(body, head.previous);
    append_number(body, to_microseconds(head.made));
    append_big_endian<2>(body, head.lanes.size());
    for (const LaneTip& tip : head.lanes) {
        append_number(body, tip.lane);
        append_number(body, tip.last_sequence);
        append_bytes(body, tip.hash);
    }
    append_bytes(body, head.public_key);
    return body;
}

Result<Head> parse_head(std::span<const std::uint8_t> body) {
    FieldReader reader(body);
    if (reader.text(kMagic.size()) != kMagic) return broken("not one");
    if (reader.unsigned_number<1>() != kVersion) return broken("an unknown version");
    Head head;
    head.lane = reader.number();
    head.first_sequence = reader.number();
    head.last_sequence = reader.number();
    head.root = reader.array<sizeof(ChainHash)>();
    head.previous = reader.array<sizeof(ChainHash)>();
    head.made = from_microseconds(reader.number());
    const std::uint64_t lane_count = reader.unsigned_number<2>();
    for (std::uint64_t i = 0; i < lane_count && !reader.is_cut(); ++i) {
        LaneTip tip;
        tip.lane = reader.number();
        tip.last_sequence = reader.number();
        tip.hash = reader.array<sizeof(ChainHash)>();
        head.lanes.push_back(tip);
    }
    head.public_key = reader.array<sizeof(PublicKey)>();
    if (!reader.at_end()) return broken("of the wrong length");
    if (const Result<void> sound = check_consistent(head); !sound) return sound.error();
    return head;
}

ChainHash head_digest(std::span<const std::uint8_t> body) noexcept {
    return chain_hash(kHeadPersonal, body);
}

const LaneTip& own_tip(const Head& head) {
    return *std::find_if(head.lanes.begin(), head.lanes.end(), [&head](const LaneTip& it) {
        return is_own(head, it);
    });
}

Result<Head> check_signed(const SignedHead& head, std::span<const PublicKey> trusted) {
    Result<Head> parsed = parse_head(head.body);
    if (!parsed) return parsed;
    const std::string which = "up to sequence " + std::to_string(parsed->last_sequence);
    if (std::find(trusted.begin(), trusted.end(), parsed->public_key) == trusted.end()) {
        return broken(which + ": signed with a key that is not among the trusted");
    }
    if (!signature_holds(head.body, head.signature, parsed->public_key)) {
        return broken(which + ": its signature does not hold");
    }
    return parsed;
}

Result<Head> check_head(const SignedHead& head,
                        std::span<const PublicKey> trusted,
                        const SegmentFacts& facts) {
    Result<Head> checked = check_signed(head, trusted);
    if (!checked) return checked;
    const std::string which = "up to sequence " + std::to_string(checked->last_sequence) + ": ";
    if (checked->first_sequence != facts.first_sequence) {
        return broken(which + "it begins at " + std::to_string(checked->first_sequence) +
                      " and not at " + std::to_string(facts.first_sequence));
    }
    if (checked->last_sequence != facts.last_sequence) {
        return broken(which + "the segment ends at " + std::to_string(facts.last_sequence));
    }
    if (checked->previous != facts.previous_head) {
        return broken(which + "it follows another head than the one before it");
    }
    if (checked->root != facts.root) return broken(which + "the entries have another root");
    if (own_tip(*checked).hash != facts.last_hash) {
        return broken(which + "the last entry has another hash");
    }
    return checked;
}

}  // namespace causeway::ledger
