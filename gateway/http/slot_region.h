// SPDX-License-Identifier: Apache-2.0
//
// Memory in slots of one size, beside the heap. A slot that is free costs address space and, but
// for the last few, no memory: its pages go back to the system.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

namespace causeway::gateway {

/// Of the system. Not 4,096 everywhere.
[[nodiscard]] std::size_t page_bytes() noexcept;

/// Threads: any.
/// Lifetime: outlives what was taken from it.
class SlotRegion {
  public:
    struct Shape {
        std::size_t slot_bytes;  ///< At least; rounded up to whole pages.
        std::uint32_t slots;
        std::uint32_t warm_slots;  ///< So many free ones keep their pages, for who comes next.
    };

    /// No two slots share a page of `page`: what goes back to the system is one slot's alone.
    explicit SlotRegion(const Shape& shape, std::size_t page = page_bytes());
    SlotRegion(const SlotRegion&) = delete;
    SlotRegion& operator=(const SlotRegion&) = delete;
    ~SlotRegion();

    /// False when the system gave no address space: then there is nothing to take.
    [[nodiscard]] bool usable() const noexcept { return begin_ != nullptr; }
    [[nodiscard]] bool holds(const void* pointer) const noexcept;

    /// Null when all are taken.
    [[nodiscard]] void* take() noexcept;
    /// Requires that holds(slot), and that take() gave it out.
    void give_back(void* slot) noexcept;

  private:
    [[nodiscard]] std::size_t bytes() const noexcept { return shape_.slot_bytes * shape_.slots; }

    const Shape shape_;
    std::byte* begin_ = nullptr;
    std::mutex mutex_;
    std::uint32_t touched_ = 0;        // Those from here on were never taken.
    std::vector<std::uint32_t> warm_;  // Never grow beyond what is reserved for them.
    std::vector<std::uint32_t> cold_;
};

}  // namespace causeway::gateway
