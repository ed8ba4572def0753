// SPDX-License-Identifier: Apache-2.0
//
// A few days of real reference rates inside the program, so that a sandbox converts currencies
// before anybody has imported a file. They grow old: RateBook::stale() says so, and a quote is
// refused.
#pragma once

#include "fx/feed.h"

namespace causeway::fx {

/// The five publication days of the European Central Bank up to 2026-04-13.
///
/// Lifetime: the program's. Threads: any.
[[nodiscard]] const Feed& builtin_feed();

}  // namespace causeway::fx
