// SPDX-License-Identifier: Apache-2.0
//
// What one attempt to read or write without waiting came to.
#pragma once

#include <cstddef>

namespace causeway::gateway {

/// What must happen before the attempt is worth repeating.
enum class Wants {
    nothing,   ///< It succeeded.
    readable,  ///< The socket, also where the attempt was to write: TLS has words of its own.
    writable,
    end,  ///< Never: the other side has closed, or broken the rules.
};

struct StreamStep {
    Wants wants = Wants::nothing;
    std::size_t bytes = 0;
};

}  // namespace causeway::gateway
