// SPDX-License-Identifier: Apache-2.0
#include "ledger/chain/canonical.h"
#include "ledger/chain/heads_store.h"
#include "ledger/chain/proof.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace causeway::ledger {
namespace {

Error disagree(const Head& head, std::string_view why) {
    return Error(ErrorCode::integrity,
                 "entries " + std::to_string(head.first_sequence) + " to " +
                     std::to_string(head.last_sequence) + ": " + std::string(why));
}

// What is kept of a segment that has been read.
struct Segment {
    std::vector<ChainHash> leaves;
    std::vector<EntryProof> wanted;  // without their paths
    std::vector<std::size_t> places;
};

// Reads the rows under one head and computes their hashes again.
class SegmentReader {
  public:
    SegmentReader(Transaction& snapshot, const Head& head) : snapshot_(snapshot), head_(head) {}

    Result<Segment> read(const AccountBytes& accounts, const std::set<Sequence>& wanted) {
        if (place_in_lane(head_.first_sequence) > 1) {
            const Result<StoredEntry> before = load_entry(snapshot_, head_.first_sequence - 1);
            if (!before) return before.error();
            previous_ = before->hash;
        }
        const Result<void> walked = each_entry(
            snapshot_, head_.first_sequence - 1, [&](const StoredEntry& entry) -> Result<bool> {
                if (entry.sequence > head_.last_sequence) return false;
                const Result<void> added = add(entry, accounts, wanted.contains(entry.sequence));
                if (!added) return added.error();
                return entry.sequence < head_.last_sequence;
            });
        if (!walked) return walked.error();
        const auto count = static_cast<std::size_t>(head_.last_sequence - head_.first_sequence) + 1;
        if (segment_.leaves.size() != count) return disagree(head_, "not all are there");
        if (merkle_root(segment_.leaves) != head_.root) {
            return disagree(head_, "they have not the root that was signed");
        }
        return std::move(segment_);
    }

  private:
    Result<void> add(const StoredEntry& entry, const AccountBytes& accounts, bool is_wanted) {
        const Result<void> written = writer_.write(entry, accounts);
        if (!written) return written.error();
        const ChainHash hash = writer_.hash(previous_);
        if (hash != entry.hash) {
            return disagree(head_,
                            "entry " + std::to_string(entry.sequence) +
                                " has not the hash that is stored with it");
        }
        if (is_wanted) {
            const std::span<const std::uint8_t> bytes = writer_.bytes();
            segment_.places.push_back(segment_.leaves.size());
            segment_.wanted.push_back(
                {.canonical = {bytes.begin(), bytes.end()}, .previous = previous_, .path = {}});
        }
        segment_.leaves.push_back(hash);
        previous_ = hash;
        return {};
    }

    Transaction& snapshot_;
    const Head& head_;
    CanonicalWriter writer_;
    ChainHash previous_{};
    Segment segment_;
};

Result<SignedHead> find_head(Transaction& snapshot, Sequence sequence) {
    if (sequence <= 0 || place_in_lane(sequence) < 1) {
        return Error(ErrorCode::not_found, "entry " + std::to_string(sequence));
    }
    Result<std::optional<SignedHead>> found = head_over(snapshot, sequence);
    if (!found) return found.error();
    if (*found) return **std::move(found);
    if (const Result<StoredEntry> entry = load_entry(snapshot, sequence); !entry) {
        return entry.error();
    }
    return Error(ErrorCode::conflict,
                 "entry " + std::to_string(sequence) + " has no head yet; make one first");
}

}  // namespace

Result<Proof> make_proof(Transaction& snapshot, std::span<const Sequence> sequences) {
    if (sequences.empty()) return Error(ErrorCode::invalid_argument, "no entries to prove");
    const Result<AccountNames> names = load_account_names(snapshot);
    if (!names) return names.error();
    const AccountBytes accounts = account_bytes(*names);

    std::set<Sequence> wanted(sequences.begin(), sequences.end());
    Proof proof;
    while (!wanted.empty()) {
        Result<SignedHead> signed_head = find_head(snapshot, *wanted.begin());
        if (!signed_head) return signed_head.error();
        const Result<Head> head = parse_head(signed_head->body);
        if (!head) return head.error();
        if (*wanted.begin() < head->first_sequence) {
            return disagree(*head, "the heads before leave entries out");
        }
        Result<Segment> segment = SegmentReader(snapshot, *head).read(accounts, wanted);
        if (!segment) return segment.error();
        for (std::size_t i = 0; i < segment->wanted.size(); ++i) {
            EntryProof& entry = segment->wanted[i];
            entry.path = merkle_path(segment->leaves, segment->places[i]);
            entry.head = proof.heads.size();
            proof.entries.push_back(std::move(entry));
        }
        proof.heads.push_back(std::move(*signed_head));
        wanted.erase(wanted.begin(), wanted.upper_bound(head->last_sequence));
    }
    return proof;
}

}  // namespace causeway::ledger
