// SPDX-License-Identifier: Apache-2.0
//
// The entries of a batch before they are written: packed one behind the other in one buffer, so
// that an entry costs no allocation and a body that fails takes nothing but a few sizes back.
#pragma once

#include "ledger/id.h"
#include "ledger/journal/account_memory.h"
#include "ledger/journal/entry.h"
#include "ledger/journal/stored_entry.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace causeway::ledger {

/// One line, by the account's place in memory.
struct DraftLine {
    AccountMemory::Index account;
    std::int64_t minor_units;
};

/// One entry. Texts and postings stand in the batch's buffer.
struct Draft {
    Sequence sequence;
    Uuid id;
    std::uint64_t fingerprint;  ///< Of the id.
    EntryType type;
    std::int64_t effective_us;
    std::int64_t recorded_us;
    std::int64_t expires_us;  ///< 0: never.
    std::optional<Uuid> pending;
    ChainHash hash{};
    std::size_t bytes;  ///< Where kind, reference and postings start, in this order.
    std::uint32_t kind_size;
    std::uint32_t reference_size;
    std::uint32_t postings_size;
    std::uint32_t line_count;
    std::size_t first_line;
};

/// Threads: the writer's only.
class Batch {
  public:
    struct Mark {
        std::size_t drafts = 0;
        std::size_t lines = 0;
        std::size_t bytes = 0;
    };

    /// Starts an entry: its lines follow with add(), then close().
    Draft& open(const Entry& entry, Sequence sequence, std::int64_t recorded_us);
    void add(const DraftLine& line) { lines_.push_back(line); }
    /// Where the postings go; what is appended until close() belongs to the open entry.
    [[nodiscard]] std::vector<std::uint8_t>& bytes() noexcept { return bytes_; }
    void close();

    [[nodiscard]] std::vector<Draft>& drafts() noexcept { return drafts_; }
    [[nodiscard]] const std::vector<Draft>& drafts() const noexcept { return drafts_; }
    [[nodiscard]] std::span<const DraftLine> lines(const Draft& draft) const {
        return std::span(lines_).subspan(draft.first_line, draft.line_count);
    }
    [[nodiscard]] std::string_view kind(const Draft& draft) const {
        return text(draft.bytes, draft.kind_size);
    }
    [[nodiscard]] std::string_view reference(const Draft& draft) const {
        return text(draft.bytes + draft.kind_size, draft.reference_size);
    }
    [[nodiscard]] std::span<const std::uint8_t> postings(const Draft& draft) const {
        return std::span(bytes_).subspan(draft.bytes + draft.kind_size + draft.reference_size,
                                         draft.postings_size);
    }

    /// The draft of that id. A table of its own, because the ids of a batch may still be undone.
    [[nodiscard]] const Draft* find(const Uuid& id) const;

    /// Asks memory for what find() reads first.
    void fetch(std::uint64_t fingerprint) const noexcept {
        __builtin_prefetch(&slots_[fingerprint & (slots_.size() - 1)]);
    }

    [[nodiscard]] Mark mark() const noexcept {
        return {.drafts = drafts_.size(), .lines = lines_.size(), .bytes = bytes_.size()};
    }
    void revert(const Mark& mark);
    void clear();

  private:
    struct Slot {
        std::uint64_t fingerprint = 0;
        std::uint32_t draft = 0;
        std::uint32_t round = 0;  // another round than ours: free
    };
    [[nodiscard]] std::string_view text(std::size_t from, std::size_t size) const {
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes seen as text
        return {reinterpret_cast<const char*>(bytes_.data()) + from, size};
    }
    void remember(std::uint64_t fingerprint, std::uint32_t draft);

    std::vector<Draft> drafts_;
    std::vector<DraftLine> lines_;
    std::vector<std::uint8_t> bytes_;
    std::vector<Slot> slots_ = std::vector<Slot>(64);
    std::uint32_t round_ = 1;
};

}  // namespace causeway::ledger
