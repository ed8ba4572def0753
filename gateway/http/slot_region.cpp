// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/slot_region.h"

#include <functional>
#include <sys/mman.h>
#include <unistd.h>

namespace causeway::gateway {
namespace {

SlotRegion::Shape in_whole_pages(SlotRegion::Shape shape, std::size_t page) {
    shape.slot_bytes = (shape.slot_bytes + page - 1) / page * page;
    return shape;
}

}  // namespace

std::size_t page_bytes() noexcept {
    return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

SlotRegion::SlotRegion(const Shape& shape, std::size_t page) : shape_(in_whole_pages(shape, page)) {
    warm_.reserve(shape_.warm_slots);
    cold_.reserve(shape_.slots);
    void* const begin = ::mmap(nullptr,
                               bytes(),
                               PROT_READ | PROT_WRITE,
                               MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                               -1,
                               0);
    if (begin == MAP_FAILED) return;
    begin_ = static_cast<std::byte*>(begin);
    // A huge page would not go back with one slot.
    (void)::madvise(begin, bytes(), MADV_NOHUGEPAGE);
}

SlotRegion::~SlotRegion() {
    if (begin_ != nullptr) (void)::munmap(begin_, bytes());
}

bool SlotRegion::holds(const void* pointer) const noexcept {
    const auto* place = static_cast<const std::byte*>(pointer);
    return std::greater_equal<>()(place, begin_) && std::less<>()(place, begin_ + bytes());
}

void* SlotRegion::take() noexcept {
    if (!usable()) return nullptr;
    const std::lock_guard lock(mutex_);
    std::uint32_t slot = touched_;
    if (!warm_.empty()) {
        slot = warm_.back();
        warm_.pop_back();
    } else if (!cold_.empty()) {
        slot = cold_.back();
        cold_.pop_back();
    } else if (touched_ < shape_.slots) {
        ++touched_;
    } else {
        return nullptr;
    }
    return begin_ + shape_.slot_bytes * slot;
}

void SlotRegion::give_back(void* slot) noexcept {
    const auto offset = static_cast<std::size_t>(static_cast<std::byte*>(slot) - begin_);
    const auto number = static_cast<std::uint32_t>(offset / shape_.slot_bytes);
    const std::lock_guard lock(mutex_);
    if (warm_.size() < shape_.warm_slots) {
        warm_.push_back(number);
        return;
    }
    (void)::madvise(slot, shape_.slot_bytes, MADV_DONTNEED);
    cold_.push_back(number);
}

}  // namespace causeway::gateway
