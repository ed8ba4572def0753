// SPDX-License-Identifier: Apache-2.0
//
// Kills a process under load, with SIGKILL and files of the real file system, and looks at the
// books it leaves. Several threads submit at once; what the process acknowledges it also writes
// into a pipe, and after some number of those it is killed.
#pragma once

#include <cstdint>
#include <string>

namespace causeway::crash {

struct KillOptions {
    std::uint64_t rounds = 0;
    std::uint64_t seed = 1;  ///< Of the first round's load; the others follow.
};

struct KillCounts {
    std::uint64_t rounds = 0;
    std::uint64_t acknowledged = 0;
    std::uint64_t lost = 0;
    std::uint64_t recovered = 0;  ///< Bodies found that the parent had not been told of.
    std::uint64_t failures = 0;
};

struct KillReport {
    KillCounts counts;
    std::string failure;  ///< The first one. The moment of a kill is not ours to repeat.
};

/// Throws std::runtime_error when there can be no child, no pipe or no folder.
[[nodiscard]] KillReport kill_rounds(const KillOptions& options);

}  // namespace causeway::crash
