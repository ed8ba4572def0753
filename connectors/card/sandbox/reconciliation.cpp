// SPDX-License-Identifier: Apache-2.0
#include "connectors/card/sandbox/reconciliation.h"

#include "connectors/card/sandbox/acquirer.h"
#include "connectors/card/sandbox/request.h"

#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace causeway::connectors::card::sandbox {
namespace {

struct Total {
    std::int64_t count = 0;
    std::int64_t amount = 0;
};

// The order of the data elements: 74 and 86 credits, 75 and 87 their reversals, then debits.
struct Totals {
    Total credits;
    Total credit_reversals;
    Total debits;
    Total debit_reversals;
};

void add(const std::vector<Movement>& movements, Day day, Total& done, Total& undone) {
    for (const Movement& movement : movements) {
        if (day_of(movement.sent) == day) {
            ++done.count;
            done.amount += movement.amount;
        }
        for (const Undo& undo : movement.undone) {
            if (day_of(undo.sent) != day) continue;
            ++undone.count;
            undone.amount += undo.amount;
        }
    }
}

Totals totals_of(const Books& books, Day day, ledger::Currency currency) {
    Totals totals;
    for (const auto& [rrn, transaction] : books.transactions()) {
        if (transaction.currency != currency) continue;
        add(transaction.captures, day, totals.debits, totals.debit_reversals);
        add(transaction.refunds, day, totals.credits, totals.credit_reversals);
    }
    return totals;
}

bool agrees(const Message& message, int field, std::int64_t ours) {
    if (!message.has(field)) return true;
    const std::string text = message.get(field);
    std::int64_t theirs = -1;
    std::from_chars(text.data(), text.data() + text.size(), theirs);
    return theirs == ours;
}

bool agrees(const Message& message, const Totals& totals) {
    const std::array<std::pair<int, const Total*>, 4> rows{{
        {0, &totals.credits},
        {1, &totals.credit_reversals},
        {2, &totals.debits},
        {3, &totals.debit_reversals},
    }};
    for (const auto& [offset, total] : rows) {
        if (!agrees(message, 74 + offset, total->count)) return false;
        if (!agrees(message, 86 + offset, total->amount)) return false;
    }
    return true;
}

std::optional<Totals> asked_for(const Message& message, const Books& books, Timestamp now) {
    const auto noon = resolve_year(message.get(15) + "120000", now);
    int numeric = 0;
    const std::string text = message.get(50);
    std::from_chars(text.data(), text.data() + text.size(), numeric);
    const auto currency = ledger::Currency::from_numeric(numeric);
    if (!noon || !currency) return std::nullopt;
    return totals_of(books, day_of(*noon), *currency);
}

}  // namespace

Message reconcile_totals(const Message& message, const Books& books, Timestamp now) {
    const auto totals = asked_for(message, books, now);
    const bool in_balance = totals && agrees(message, *totals);
    Message answer = answer_with(message, in_balance || is_advice(message) ? "00" : "95");
    if (!totals) answer.fields[66] = "3";
    if (totals) answer.fields[66] = in_balance ? "1" : "2";
    return answer;
}

}  // namespace causeway::connectors::card::sandbox
