// SPDX-License-Identifier: Apache-2.0
//
// What the intents share: refusals that name the payment, and the sending of what they reserved.
#pragma once

#include "gateway/payments/intents.h"
#include "gateway/payments/operation_builder.h"
#include "gateway/payments/records.h"
#include "gateway/payments/steps.h"

#include <string>

namespace causeway::gateway {

/// Opens the operation, ends the step's records and says what to send.
[[nodiscard]] Result<Step> send_now(Records& records,
                                    const Payment& payment,
                                    const NewOperation& wanted);

/// `problem` about this payment.
[[nodiscard]] Result<Step> refuse_at(ledger::Transaction& tx,
                                     const Caller& caller,
                                     const Payment& payment,
                                     Problem problem);

/// "A payment that is succeeded cannot be canceled."
[[nodiscard]] Result<Step> wrong_state(ledger::Transaction& tx,
                                       const Caller& caller,
                                       const Payment& payment,
                                       const std::string& what);

/// Reserves `amount` and opens the capture operation; the outcome step of an authorisation calls
/// it too. Changes and stores `payment`. `authorised` is the charge as it is stored.
[[nodiscard]] Result<StartedCapture> start_capture_of(Records& records,
                                                      Payment& payment,
                                                      const OperationRow& authorised,
                                                      const CreateCapture& wanted);

}  // namespace causeway::gateway
