// SPDX-License-Identifier: Apache-2.0
//
// The primitive encodings under the codec: digits, lengths, bytes and text, written and read at a
// running offset. Knows nothing of fields; checks only what the bytes themselves can break.
#pragma once

#include "connectors/card/dialect.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::connectors::card {

/// Requires: what it is given was checked against the field table. Lifetime: within the dialect's.
class WireWriter {
  public:
    explicit WireWriter(const Dialect& dialect) : dialect_(dialect) {}

    [[nodiscard]] const Dialect& dialect() const { return dialect_; }

    void text(std::string_view characters);
    /// Digits and, in track 2, '='. As BCD an odd count gets a zero nibble on the side of `pad`.
    void digits(std::string_view digits, Digits encoding, Pad pad);
    /// A length prefix of `count` digits; in BCD it fills whole bytes.
    void length(std::size_t value, int count);
    /// Upper-case hexadecimal, as it is or as the bytes it stands for.
    void bytes(std::string_view hex, Bits encoding);

    [[nodiscard]] std::vector<std::uint8_t> take() { return std::move(out_); }

  private:
    const Dialect& dialect_;
    std::vector<std::uint8_t> out_;
};

/// Every read returns whether it went well; fault() says in a few words why not. Once false, the
/// reader is of no more use. Lifetime: within that of the bytes and the dialect.
class WireReader {
  public:
    WireReader(std::span<const std::uint8_t> bytes, const Dialect& dialect)
        : bytes_(bytes), dialect_(dialect) {}

    [[nodiscard]] const Dialect& dialect() const { return dialect_; }
    [[nodiscard]] std::size_t offset() const { return offset_; }
    [[nodiscard]] std::string_view fault() const { return fault_; }

    bool text(std::size_t count, std::string& out);
    /// As BCD: refuses a nibble above 9 but for the track 2 separator, and padding that is not 0.
    bool digits(std::size_t count, Digits encoding, Pad pad, std::string& out);
    bool length(int count, std::size_t& out);
    /// `count` bytes as upper-case hexadecimal; on the wire either case.
    bool bytes(std::size_t count, Bits encoding, std::string& hex);
    /// Sets the fault. Always false, so that a caller can return it.
    bool fail(std::string_view fault);

  private:
    bool advance(std::size_t count, std::span<const std::uint8_t>& out);

    std::span<const std::uint8_t> bytes_;
    const Dialect& dialect_;
    std::size_t offset_ = 0;
    std::string_view fault_;
};

}  // namespace causeway::connectors::card
