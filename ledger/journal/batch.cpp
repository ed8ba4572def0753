// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/batch.h"

#include "ledger/journal/id_index.h"

namespace causeway::ledger {

Draft& Batch::open(const Entry& entry, Sequence sequence, std::int64_t recorded_us) {
    drafts_.push_back({.sequence = sequence,
                       .id = entry.id,
                       .fingerprint = fingerprint(entry.id),
                       .type = entry.type,
                       .effective_us = to_microseconds(entry.effective),
                       .recorded_us = recorded_us,
                       .expires_us = entry.expires ? to_microseconds(*entry.expires) : 0,
                       .pending = entry.pending,
                       .bytes = bytes_.size(),
                       .kind_size = static_cast<std::uint32_t>(entry.kind.size()),
                       .reference_size = static_cast<std::uint32_t>(entry.reference.size()),
                       .postings_size = 0,
                       .line_count = 0,
                       .first_line = lines_.size()});
    bytes_.insert(bytes_.end(), entry.kind.begin(), entry.kind.end());
    bytes_.insert(bytes_.end(), entry.reference.begin(), entry.reference.end());
    return drafts_.back();
}

void Batch::close() {
    Draft& draft = drafts_.back();
    draft.line_count = static_cast<std::uint32_t>(lines_.size() - draft.first_line);
    draft.postings_size = static_cast<std::uint32_t>(bytes_.size() - draft.bytes - draft.kind_size -
                                                     draft.reference_size);
    if (drafts_.size() * 2 > slots_.size()) {
        slots_.assign(slots_.size() * 2, Slot{});
        for (std::size_t i = 0; i + 1 < drafts_.size(); ++i)
            remember(drafts_[i].fingerprint, static_cast<std::uint32_t>(i));
    }
    remember(draft.fingerprint, static_cast<std::uint32_t>(drafts_.size() - 1));
}

void Batch::remember(std::uint64_t fingerprint, std::uint32_t draft) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = fingerprint & mask;
    while (slots_[slot].round == round_)
        slot = (slot + 1) & mask;
    slots_[slot] = {.fingerprint = fingerprint, .draft = draft, .round = round_};
}

const Draft* Batch::find(const Uuid& id) const {
    const std::uint64_t wanted = fingerprint(id);
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t slot = wanted & mask; slots_[slot].round == round_; slot = (slot + 1) & mask) {
        const Draft& draft = drafts_[slots_[slot].draft];
        if (slots_[slot].fingerprint == wanted && draft.id == id) return &draft;
    }
    return nullptr;
}

void Batch::revert(const Mark& mark) {
    // Last in, first out: nobody's search leads through the slot that was filled last.
    while (drafts_.size() > mark.drafts) {
        const std::uint64_t wanted = drafts_.back().fingerprint;
        const std::size_t mask = slots_.size() - 1;
        for (std::size_t slot = wanted & mask; slots_[slot].round == round_;
             slot = (slot + 1) & mask) {
            if (slots_[slot].draft + 1 == drafts_.size()) slots_[slot].round = 0;
        }
        drafts_.pop_back();
    }
    lines_.resize(mark.lines);
    bytes_.resize(mark.bytes);
}

void Batch::clear() {
    drafts_.clear();
    lines_.clear();
    bytes_.clear();
    if (++round_ != 0) return;
    // After 2^32 batches the numbers begin anew, and no slot may bear one of them yet.
    slots_.assign(slots_.size(), Slot{});
    round_ = 1;
}

}  // namespace causeway::ledger
