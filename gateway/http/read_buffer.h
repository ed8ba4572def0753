// SPDX-License-Identifier: Apache-2.0
//
// Bytes that came in and are not used up yet, in one piece. Never grows.
#pragma once

#include <cstddef>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace causeway::gateway {

class ReadBuffer {
  public:
    explicit ReadBuffer(std::size_t bytes_max) : bytes_(bytes_max) {}

    [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }
    [[nodiscard]] std::string_view view() const noexcept {
        return {bytes_.data() + begin_, end_ - begin_};
    }

    /// Drops the first `count` bytes. Requires that there are as many.
    void consume(std::size_t count) noexcept {
        begin_ += count;
        if (begin_ == end_) begin_ = end_ = 0;
    }

    /// All the space there is; empty when the buffer is full. Moves what view() showed.
    [[nodiscard]] std::span<char> space() noexcept {
        if (begin_ > 0) {
            std::memmove(bytes_.data(), bytes_.data() + begin_, end_ - begin_);
            end_ -= begin_;
            begin_ = 0;
        }
        return std::span<char>(bytes_).subspan(end_);
    }

    /// `count` bytes of the last space() are filled.
    void commit(std::size_t count) noexcept { end_ += count; }

  private:
    std::vector<char> bytes_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace causeway::gateway
