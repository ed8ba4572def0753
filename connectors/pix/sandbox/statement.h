// SPDX-License-Identifier: Apache-2.0
//
// The provider's account of one day: each Pix that came and each that was given back, by its name.
#pragma once

#include "connectors/codes/bank_statement.h"
#include "connectors/pix/sandbox/books.h"

namespace causeway::connectors::pix::sandbox {

/// The day is Brazil's. Days chain: one opens with what the one before closed with. A Pix has its
/// EndToEndId; what goes back has the EndToEndId of what had come, and the bank's reference is the
/// id of the return.
[[nodiscard]] codes::BankStatement statement_of(const Books& books, Day day, Timestamp now);

}  // namespace causeway::connectors::pix::sandbox
