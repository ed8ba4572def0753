// SPDX-License-Identifier: Apache-2.0
#include "fx/held_rates_store.h"

#include "fx/rates_rows.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace causeway::fx {
namespace {

using ledger::Row;
using ledger::Transaction;

// The held rates of one currency of `decision.day` or later, oldest first.
Result<std::vector<StoredRate>> held_from(Transaction& transaction, const RateDecision& decision) {
    std::vector<StoredRate> held;
    bool sound = true;
    const Result<void> read = transaction.query(
        "SELECT source, base, day, currency, mantissa, scale, revision, status, reason,"
        " recorded_us, decided_us, decision FROM fx_rates WHERE source = $1 AND day >= $2 AND"
        " currency = $3 AND status = 'held' ORDER BY day /*locked*/",
        {decision.source, day_number(decision.day), decision.currency.code()},
        [&](const Row& row) {
            std::optional<StoredRate> one = stored_rate_in(row);
            sound = sound && one;
            if (one) held.push_back(*std::move(one));
        });
    if (!read) return read.error();
    if (!sound) return senseless_rate();
    const bool is_there = !held.empty() && held.front().day == decision.day;
    if (!is_there) {
        return Error(ErrorCode::not_found,
                     "no rate for " + std::string(decision.currency.code()) + " of " +
                         to_text(decision.day) + " is held");
    }
    return held;
}

// The first day behind that of the decision on which a rate is current.
Result<Day> next_current(Transaction& transaction, const RateDecision& decision) {
    Day next = Day::max();
    const Result<void> read = transaction.query(
        "SELECT day FROM fx_rates WHERE source = $1 AND day > $2 AND currency = $3 AND"
        " status = 'current' ORDER BY day LIMIT 1",
        {decision.source, day_number(decision.day), decision.currency.code()},
        [&next](const Row& row) { next = day_in(row, 0); });
    if (!read) return read.error();
    return next;
}

Result<void> check(const RateDecision& decision) {
    if (!decision.reason.empty()) return {};
    return Error(ErrorCode::invalid_argument, "a decision wants its reason");
}

// Gives a held revision another status. Whatever was current for its day gives way to it.
Result<void> settle(Transaction& transaction,
                    StoredRate& rate,
                    RateStatus status,
                    Timestamp now,
                    std::string_view reason) {
    if (status == RateStatus::current) {
        const Result<std::int64_t> gone = transaction.execute(
            "UPDATE fx_rates SET status = 'superseded' WHERE source = $1 AND day = $2 AND"
            " currency = $3 AND status = 'current'",
            {rate.source, day_number(rate.day), rate.currency.code()});
        if (!gone) return gone.error();
    }
    rate.status = status;
    rate.decided = now;
    rate.decision = reason;
    const Result<std::int64_t> done = transaction.execute(
        "UPDATE fx_rates SET status = $1, decided_us = $2, decision = $3 WHERE source = $4 AND"
        " day = $5 AND currency = $6 AND revision = $7",
        {to_string(status),
         now,
         reason,
         rate.source,
         day_number(rate.day),
         rate.currency.code(),
         rate.revision});
    return done ? Result<void>() : Result<void>(done.error());
}

}  // namespace

Result<std::vector<StoredRate>> list_held_rates(Transaction& transaction) {
    std::vector<StoredRate> held;
    bool sound = true;
    const Result<void> read = transaction.query(
        "SELECT source, base, day, currency, mantissa, scale, revision, status, reason,"
        " recorded_us, decided_us, decision FROM fx_rates WHERE status = 'held'"
        " ORDER BY source, day, currency",
        {},
        [&](const Row& row) {
            if (!is_listed(row, 3)) return;
            std::optional<StoredRate> one = stored_rate_in(row);
            sound = sound && one;
            if (one) held.push_back(*std::move(one));
        });
    if (!read) return read.error();
    if (!sound) return senseless_rate();
    return held;
}

Result<std::vector<StoredRate>> release_rate(Transaction& transaction,
                                             const RateDecision& decision) {
    const Result<void> fine = check(decision);
    if (!fine) return fine.error();
    Result<std::vector<StoredRate>> held = held_from(transaction, decision);
    if (!held) return held;
    const Result<Day> until = next_current(transaction, decision);
    if (!until) return until.error();
    const auto follows = [&](const StoredRate& last, const StoredRate& rate) {
        return decision.jump_limit_bps > 0 && rate.day < *until &&
               !is_jump(last.per_base, rate.per_base, decision.jump_limit_bps);
    };
    std::vector<StoredRate> released;
    for (StoredRate& rate : *held) {
        const bool is_first = released.empty();
        if (!is_first && !follows(released.back(), rate)) break;
        const std::string reason =
            is_first ? std::string(decision.reason)
                     : "follows the rate of " + to_text(decision.day) + ", which was released";
        const Result<void> done =
            settle(transaction, rate, RateStatus::current, decision.now, reason);
        if (!done) return done.error();
        released.push_back(std::move(rate));
    }
    return released;
}

Result<void> reject_rate(Transaction& transaction, const RateDecision& decision) {
    const Result<void> fine = check(decision);
    if (!fine) return fine;
    Result<std::vector<StoredRate>> held = held_from(transaction, decision);
    if (!held) return held.error();
    return settle(transaction, held->front(), RateStatus::rejected, decision.now, decision.reason);
}

}  // namespace causeway::fx
