// SPDX-License-Identifier: Apache-2.0
//
// Lets every call to the disk fail in turn: the first read, the second, and so on to the last
// write of a short life, once or from then on.
//
// Each fault has a child of its own. It must stop by itself, or answer every body with success or
// an error that is true; then the books are opened again and checked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace causeway::crash {

struct FaultOptions {
    std::uint64_t seed = 1;
    std::optional<std::uint64_t> only = {};  ///< The number of one fault, to see it again.
    std::size_t workers = 1;                 ///< Processes.
};

struct FaultCounts {
    std::uint64_t faults = 0;
    std::uint64_t stopped = 0;   ///< Children that stopped themselves.
    std::uint64_t unopened = 0;  ///< Children that said they can not open the books.
    std::uint64_t answered = 0;  ///< Children that went on to their end.
    std::uint64_t failures = 0;

    FaultCounts& operator+=(const FaultCounts& more) noexcept;
};

struct FaultReport {
    FaultCounts counts;
    std::string failure;  ///< The first one, and how to see it again.
};

/// Throws std::runtime_error when a worker can not be started.
[[nodiscard]] FaultReport try_faults(const FaultOptions& options);

}  // namespace causeway::crash
