// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/intent_case.h"

namespace causeway::gateway {

using ledger::Transaction;

Result<Step> send_now(Records& records, const Payment& payment, const NewOperation& wanted) {
    const Result<OperationRow> row = open_operation(records, payment, wanted);
    if (!row) return row.error();
    Result<Send> send =
        make_send_about(records.tx(), records.shop(), payment, *row, wanted.original);
    if (!send) return send.error();
    const Result<void> told = records.finish(payment.id);
    if (!told) return told.error();
    return Step{.send = *std::move(send), .reply = std::nullopt};
}

Result<Step> refuse_at(Transaction& tx,
                       const Caller& caller,
                       const Payment& payment,
                       Problem problem) {
    problem.instance = "/v1/payments/" + to_text("pay", payment.id);
    return refuse(tx, caller, problem);
}

Result<Step> wrong_state(Transaction& tx,
                         const Caller& caller,
                         const Payment& payment,
                         const std::string& what) {
    return refuse_at(tx,
                     caller,
                     payment,
                     make_problem("payment_state",
                                  "A payment that is " + std::string(to_string(payment.status)) +
                                      " cannot be " + what + "."));
}

}  // namespace causeway::gateway
