// SPDX-License-Identifier: Apache-2.0
#include "gateway/instances/watch.h"

namespace causeway::gateway {

Beats Watch::silent(const Beats& beats, Monotonic now) {
    if (now - last_look_ > 2 * times_.beat) seen_.clear();
    last_look_ = now;
    std::erase_if(seen_, [&beats](const auto& one) { return !beats.contains(one.first); });
    Beats quiet;
    for (const auto& [id, beat] : beats) {
        Seen& seen = seen_.try_emplace(id, Seen{.beat = beat, .since = now}).first->second;
        if (seen.beat != beat) seen = {.beat = beat, .since = now};
        if (now - seen.since >= times_.lease) quiet.emplace(id, beat);
    }
    return quiet;
}

}  // namespace causeway::gateway
