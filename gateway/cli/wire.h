// SPDX-License-Identifier: Apache-2.0
//
// A command and its output as bytes, for the admin socket: one line of JSON, then the files it
// names, one after the other, as they are. Before an output may come pieces of what the command
// prints: the length in decimal digits, a line feed, and as many bytes; with '!' before the digits
// they are for standard error.
#pragma once

#include "gateway/cli/command.h"
#include "ledger/result.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace causeway::gateway {

[[nodiscard]] std::string encode(const CommandRequest& request);
[[nodiscard]] std::string encode(const CommandOutput& output);

/// Errors: `invalid_argument` for bytes that encode() did not write.
[[nodiscard]] Result<CommandRequest> decode_request(std::string_view bytes);
[[nodiscard]] Result<CommandOutput> decode_output(std::string_view bytes);

[[nodiscard]] std::string encode_piece(std::string_view piece);
[[nodiscard]] std::string encode_note(std::string_view note);

/// Reads pieces and the output behind them from bytes as they come.
class OutputReader {
  public:
    /// Lifetime: the sink is borrowed. Without one of their own, notes are thrown away.
    explicit OutputReader(const OutputSink& sink, OutputSink notes = {})
        : sink_(sink), notes_(std::move(notes)) {}

    /// Errors: `invalid_argument` for bytes that nobody encodes; those of the sink.
    [[nodiscard]] Result<void> put(std::string_view bytes);

    /// What the command ended with. Errors: `invalid_argument` unless it is all there.
    [[nodiscard]] Result<CommandOutput> end() const { return decode_output(waiting_); }

    static constexpr std::size_t kOutputBytesMax = 268'435'456;

  private:
    Result<bool> begin_piece();
    Result<void> hand_on(std::string_view bytes);

    const OutputSink& sink_;
    OutputSink notes_;
    bool is_note_ = false;        // the piece that has begun
    std::string waiting_;         // the line that begins a piece, or the output
    std::size_t piece_left_ = 0;  // bytes
};

}  // namespace causeway::gateway
