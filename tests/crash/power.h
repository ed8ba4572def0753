// SPDX-License-Identifier: Apache-2.0
//
// Cuts the power, thousands of times a second, and looks at the books each time.
//
// A run has a seed and three lives. Each life is recorded once; then the power is cut at many
// moments of the recording, and what survives is opened and checked. One of the survivors is the
// disk of the next life.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace causeway::crash {

struct PowerOptions {
    std::uint64_t cuts = 0;                  ///< Rounded up to whole runs.
    std::uint64_t seed = 1;                  ///< Of the first run; the others follow.
    std::optional<std::uint64_t> only = {};  ///< Cut of each run, to see a failure again.
    bool lying_disk = false;                 ///< Every second sync does nothing.
    std::size_t workers = 1;                 ///< Processes.
};

inline constexpr std::uint64_t kCutsInLife = 32;
inline constexpr std::uint64_t kLives = 3;
inline constexpr std::uint64_t kCutsInRun = kCutsInLife * kLives;

struct PowerCounts {
    std::uint64_t runs = 0;
    std::uint64_t cuts = 0;
    std::uint64_t failures = 0;
    std::uint64_t owed = 0;       ///< Bodies acknowledged, or found after an earlier cut.
    std::uint64_t lost = 0;       ///< Of those.
    std::uint64_t recovered = 0;  ///< Bodies found that nobody had been told of yet.
    std::uint64_t sectors_kept = 0;
    std::uint64_t sectors_dropped = 0;
    std::uint64_t sectors_torn = 0;

    PowerCounts& operator+=(const PowerCounts& more) noexcept;
};

struct PowerReport {
    PowerCounts counts;
    std::string failure;  ///< The first one, and how to see it again.
};

/// Throws std::runtime_error when a worker can not be started.
[[nodiscard]] PowerReport cut_power(const PowerOptions& options);

}  // namespace causeway::crash
