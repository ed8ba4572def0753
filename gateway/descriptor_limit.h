// SPDX-License-Identifier: Apache-2.0
//
// How many files and connections this process may have open at a time.
#pragma once

#include <cstdint>

namespace causeway::gateway {

/// Raises the limit as far as the system lets us, and returns what it is then. A shell usually
/// begins with 1,024, which fewer connections than that use up.
///
/// Threads: any; the limit belongs to the process, and to those it starts.
[[nodiscard]] std::uint64_t raise_descriptor_limit() noexcept;

}  // namespace causeway::gateway
