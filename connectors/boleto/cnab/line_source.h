// SPDX-License-Identifier: Apache-2.0
//
// Cuts bytes into lines, wherever the bytes themselves were cut. CRLF and LF both end a line; a
// 0x1A ends the file, whatever follows it but line ends and blanks is a fault of its own.
#pragma once

#include <string>
#include <string_view>

namespace causeway::connectors::cnab {

class LineSource {
  public:
    /// Calls `take(line)` for every whole line until it returns false. A line without its end is
    /// kept for the next call.
    ///
    /// Lifetime: a line is valid during the call.
    template <class Take>
    bool feed(std::string_view bytes, Take take) {
        while (!bytes.empty()) {
            const auto end = bytes.find('\n');
            if (end == std::string_view::npos) {
                rest_ += bytes;
                return rest_.size() <= kLineBytesMax || take(rest_);
            }
            if (!take_line(bytes.substr(0, end), take)) return false;
            bytes.remove_prefix(end + 1);
        }
        return true;
    }

    /// The last line, when it has no end.
    template <class Take>
    bool finish(Take take) {
        return rest_.empty() || take_line({}, take);
    }

    /// True for what may follow the trailer: nothing but 0x1A, blanks and carriage returns.
    [[nodiscard]] static bool is_end(std::string_view line) noexcept {
        return line.find_first_not_of("\x1A \r") == std::string_view::npos;
    }

  private:
    // Far longer than any record: what has no line ends is not kept whole.
    static constexpr std::size_t kLineBytesMax = 4096;

    template <class Take>
    bool take_line(std::string_view line, Take& take) {
        std::string joined;
        if (!rest_.empty()) {
            joined = std::move(rest_);
            rest_.clear();
            joined += line;
            line = joined;
        }
        if (line.ends_with('\r')) line.remove_suffix(1);
        return take(line);
    }

    std::string rest_;
};

}  // namespace causeway::connectors::cnab
