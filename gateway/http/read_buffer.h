// SPDX-License-Identifier: Apache-2.0
//
// Bytes that came in and are not used up yet, in one piece. Never grows.
//
// The space is lent by a pool: most connections are silent most of the time, and then have none.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace causeway::gateway {

/// Pieces of memory of one size.
///
/// Threads: one at a time.
/// Lifetime: may go before what it has lent.
class BufferPool {
  public:
    using Space = std::unique_ptr<char[]>;

    explicit BufferPool(std::size_t bytes_each) : bytes_each_(bytes_each) {}

    [[nodiscard]] std::size_t bytes_each() const noexcept { return bytes_each_; }

    [[nodiscard]] Space borrow() {
        if (spare_.empty()) return Space(new char[bytes_each_]);
        Space space = std::move(spare_.back());
        spare_.pop_back();
        return space;
    }

    /// Wipes it: card numbers and API keys came through it.
    void give_back(Space space);

  private:
    static constexpr std::size_t kSpareMax = 16;

    const std::size_t bytes_each_;
    std::vector<Space> spare_;
};

/// Lifetime: the pool outlives it.
class ReadBuffer {
  public:
    explicit ReadBuffer(BufferPool& pool) : pool_(pool) {}
    ReadBuffer(const ReadBuffer&) = delete;
    ReadBuffer& operator=(const ReadBuffer&) = delete;
    ~ReadBuffer() { pool_.give_back(std::move(bytes_)); }

    [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }
    [[nodiscard]] bool full() const noexcept { return end_ - begin_ == pool_.bytes_each(); }
    [[nodiscard]] std::string_view view() const noexcept {
        return {bytes_.get() + begin_, end_ - begin_};
    }

    /// Drops the first `count` bytes. Requires that there are as many.
    void consume(std::size_t count) noexcept {
        begin_ += count;
        if (begin_ == end_) begin_ = end_ = 0;
    }

    /// All the space there is; empty when the buffer is full(). Moves what view() showed.
    [[nodiscard]] std::span<char> space() {
        if (!bytes_) bytes_ = pool_.borrow();
        if (begin_ > 0) {
            std::memmove(bytes_.get(), bytes_.get() + begin_, end_ - begin_);
            end_ -= begin_;
            begin_ = 0;
        }
        return {bytes_.get() + end_, pool_.bytes_each() - end_};
    }

    /// `count` bytes of the last space() are filled.
    void commit(std::size_t count) noexcept { end_ += count; }

    /// Does without the space for now, if nothing is in it.
    void rest() {
        if (empty()) pool_.give_back(std::move(bytes_));
    }

  private:
    BufferPool& pool_;
    BufferPool::Space bytes_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace causeway::gateway
