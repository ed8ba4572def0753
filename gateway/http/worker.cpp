// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/worker.h"

namespace causeway::gateway {

std::chrono::milliseconds sweep_interval(const HttpTimeouts& timeouts) noexcept {
    using std::chrono::milliseconds;
    const milliseconds shortest = std::min({timeouts.handshake_max,
                                            timeouts.request_max,
                                            timeouts.idle_max,
                                            timeouts.write_max,
                                            timeouts.linger_max});
    return std::clamp(shortest / 4, milliseconds{5}, milliseconds{500});
}

}  // namespace causeway::gateway
