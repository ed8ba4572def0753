// SPDX-License-Identifier: Apache-2.0
#include "gateway/descriptor_limit.h"

#include <sys/resource.h>

namespace causeway::gateway {

std::uint64_t raise_descriptor_limit() noexcept {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
    const rlimit raised{.rlim_cur = limit.rlim_max, .rlim_max = limit.rlim_max};
    if (::setrlimit(RLIMIT_NOFILE, &raised) != 0) return limit.rlim_cur;
    return raised.rlim_cur;
}

}  // namespace causeway::gateway
