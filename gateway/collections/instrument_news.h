// SPDX-License-Identifier: Apache-2.0
//
// What providers tell of an instrument beside money that came: fees, money that did not stay,
// another way to pay.
#pragma once

#include "gateway/collections/receipts.h"

namespace causeway::gateway {

/// The provider's fee is booked once, though a file and a message tell of it.
[[nodiscard]] Result<NoticeVerdict> apply_fee(CollectionCase& c);

/// What the buyer is shown has more in it; what it had stays. A payment that waits says so in its
/// `next_action`.
[[nodiscard]] Result<NoticeVerdict> complete_instrument(CollectionCase& c);

/// What stood apart goes. What was credited is taken back from the merchant as a dispute that is
/// lost at once: nobody is asked whether the money is gone.
[[nodiscard]] Result<NoticeVerdict> apply_returned(CollectionCase& c);

}  // namespace causeway::gateway
