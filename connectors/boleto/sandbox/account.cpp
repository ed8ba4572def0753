// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/sandbox/account.h"

#include <utility>

namespace causeway::connectors::boleto::sandbox {

void Account::post(Posting posting) {
    if (posting.amount == 0) return;
    posting.id = name_ + "-" + std::to_string(++posted_);
    waiting_.push_back(std::move(posting));
}

DayStatement Account::close(Day day) {
    DayStatement statement{.account = name_,
                           .number = static_cast<int>(statements_.size()) + 1,
                           .day = day,
                           .opening = balance_,
                           .closing = balance_,
                           .postings = {}};
    for (Posting& posting : std::exchange(waiting_, {})) {
        if (posting.day > day) {
            waiting_.push_back(std::move(posting));
            continue;
        }
        posting.day = day;
        statement.closing += posting.amount;
        statement.postings.push_back(std::move(posting));
    }
    balance_ = statement.closing;
    statements_.push_back(statement);
    return statement;
}

}  // namespace causeway::connectors::boleto::sandbox
