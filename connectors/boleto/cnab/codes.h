// SPDX-License-Identifier: Apache-2.0
//
// What the banks' codes mean, bank by bank and layout by layout: 10 is "paid by Pix" at Itaú and
// "written off by the branch" at Bradesco, 17 "change refused" at the one and "paid after all" at
// the other. Nothing here is shared between two layouts.
#pragma once

#include "connectors/boleto/cnab/event.h"
#include "connectors/boleto/cnab/layout.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace causeway::connectors::cnab {

/// Of the code of a reason, in characters, where the table says nothing else.
inline constexpr std::size_t kReasonLength = 2;

struct CodeText {
    std::string_view code;
    std::string_view text;
};

/// What a bank reports (occurrence in CNAB 400, movement in CNAB 240). Its reasons are its own:
/// another occurrence of the same bank reads the same columns with another table.
struct Occurrence {
    std::string_view code;
    EventClass event_class;
    std::string_view text;
    std::span<const CodeText> reasons;
    std::size_t reason_length = kReasonLength;
};

struct CommandCode {
    Command command;
    std::string_view code;
};

struct Codes {
    std::span<const Occurrence> occurrences;
    std::span<const CommandCode> commands;
    std::span<const CodeText> pix_errors;
    /// The first reason of a payment says how it was paid (CNAB 240).
    bool reason_is_channel;
};

[[nodiscard]] const Codes& itau400_codes() noexcept;
[[nodiscard]] const Codes& bradesco400_codes() noexcept;
[[nodiscard]] const Codes& bb240_codes() noexcept;
[[nodiscard]] const Codes& codes_of(LayoutId id) noexcept;

/// nullptr for a code that is not in the table.
[[nodiscard]] const Occurrence* find_occurrence(const Codes& codes, std::string_view code) noexcept;

/// Empty when the table does not have the code.
[[nodiscard]] std::string_view text_of(std::span<const CodeText> table,
                                       std::string_view code) noexcept;

/// Empty when the bank does not take the command.
[[nodiscard]] std::string_view code_of(const Codes& codes, Command command) noexcept;

[[nodiscard]] std::optional<Command> command_of(const Codes& codes, std::string_view code) noexcept;

}  // namespace causeway::connectors::cnab
