// SPDX-License-Identifier: Apache-2.0
//
// Objects that never were, for a developer who wants to see every kind of event before the first
// payment. Only ever recorded in test mode.
#pragma once

#include "gateway/payments/payments_store.h"
#include "ledger/clock.h"
#include "ledger/id.h"

#include <string>
#include <string_view>

namespace causeway::gateway {

struct SampleEvent {
    std::string object;    ///< JSON, as the API would show it after such an event.
    std::string previous;  ///< JSON or empty.
};

/// Requires `type` to be one of event_types().
[[nodiscard]] SampleEvent sample_event(std::string_view type,
                                       const Uuid& merchant,
                                       IdSource& ids,
                                       Timestamp now);

}  // namespace causeway::gateway
