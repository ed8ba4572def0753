// SPDX-License-Identifier: Apache-2.0
//
// The journal fetches from memory what the next few bodies are going to touch. Ten thousand
// accounts and millions of ids are in no cache, and a body that waits for each of them in turn does
// little else; asked for together they arrive together. Nothing here decides anything: all is
// looked up again, and checked, when the body runs.
#include "ledger/journal/journal_memory.h"

#include <array>
#include <typeinfo>

namespace causeway::ledger {
namespace {

// More accounts or ids than this are left to their bodies.
constexpr std::size_t kFetchesMax = 64;

// Hashes to look up, as many as there is room for.
struct Hashes {
    std::array<std::uint64_t, kFetchesMax> values;
    std::size_t count = 0;

    void add(std::uint64_t hash) noexcept {
        if (count < values.size()) values[count++] = hash;
    }
    [[nodiscard]] std::span<const std::uint64_t> all() const noexcept {
        return std::span(values).first(count);
    }
};

void fetch(const void* from, std::size_t size) noexcept {
    const auto* const first = static_cast<const char*>(from);
    for (std::size_t at = 0; at < size; at += 64)
        __builtin_prefetch(first + at);
}

const PostHint* ours(const Hint* hint) noexcept {
    return typeid(*hint) == typeid(PostHint) ? static_cast<const PostHint*>(hint) : nullptr;
}

// What the clients made: its memory may still be with another processor.
void fetch_entries(std::span<const Hint* const> hints) {
    for (const Hint* const hint : hints)
        fetch(hint, sizeof(PostHint));
    for (const Hint* const hint : hints) {
        const PostHint* const post = ours(hint);
        if (post != nullptr && post->entry() != nullptr) fetch(post->entry(), sizeof(Entry));
    }
    for (const Hint* const hint : hints) {
        const PostHint* const post = ours(hint);
        if (post == nullptr || post->entry() == nullptr) continue;
        fetch(post->entry()->reference.data(), 1);
        fetch(post->entry()->lines.data(), post->entry()->lines.size() * sizeof(Line));
    }
    for (const Hint* const hint : hints) {
        const PostHint* const post = ours(hint);
        if (post == nullptr) continue;
        post->each_account([](const AccountKey& account) { fetch(account.owner.data(), 1); });
    }
}

}  // namespace

void Journal::Memory::foresee(std::span<const Hint* const> hints) const {
    if (shared_) return;
    fetch_entries(hints);
    Hashes accounts;
    Hashes ids;
    for (const Hint* const hint : hints) {
        const PostHint* const post = ours(hint);
        if (post == nullptr) continue;
        post->each_account([&](const AccountKey& account) { accounts.add(hash_of(account)); });
        post->each_id([&](const Uuid& id) { ids.add(fingerprint(id)); });
    }
    for (const std::uint64_t hash : accounts.all())
        accounts_.keys().fetch_slot(hash);
    published_.fetch(ids.all());
    for (const JournalBatch* const batch : unpublished()) {
        if (batch == nullptr) continue;
        for (const std::uint64_t id : ids.all())
            batch->entries.fetch(id);
    }
    for (const std::uint64_t hash : accounts.all()) {
        const Index index = accounts_.keys().guess(hash);
        if (index != AccountMemory::kNone) accounts_.fetch(index);
    }
}

}  // namespace causeway::ledger
