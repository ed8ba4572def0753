// SPDX-License-Identifier: Apache-2.0
#include "gateway/reconcile/match_notes.h"

namespace causeway::gateway {
namespace {

using ledger::Money;

std::string text(std::int64_t minor_units, const ledger::Currency& currency) {
    return Money(minor_units, currency).to_string();
}

// "USD 1.00 more" or "USD 1.00 less": the file's amount against the expected one.
std::string more_or_less(std::int64_t in_file, std::int64_t expected, const ledger::Currency& c) {
    return in_file > expected ? text(in_file - expected, c) + " more"
                              : text(expected - in_file, c) + " less";
}

bool takes_back(const StatementLine& line) {
    return line.kind == LineKind::refunded;
}

// What moved in the direction of the line's kind: a refund of 5 is 5, not -5.
std::int64_t moved(const StatementLine& line) {
    return takes_back(line) ? -line.gross.minor_units() : line.gross.minor_units();
}

std::string verb(const StatementLine& line) {
    return takes_back(line) ? "refunds " : "settles ";
}

}  // namespace

std::string missing_in_file_note(const Expectation& expectation) {
    return expectation.source + " of " + to_text(expectation.day) + ": " +
           expectation.amount.to_string() + " was to be " +
           std::string(to_string(expectation.kind)) + " at a cost of " +
           text(expectation.cost, expectation.amount.currency()) +
           (expectation.confirmed
                ? "; an earlier file of batch " + expectation.batch + " had it, this one does not"
                : "; no row names it");
}

std::string missing_in_ledger_note(const StatementLine& line) {
    const std::string net = line.net.minor_units() < 0
                                ? "takes " + text(-line.net.minor_units(), line.net.currency())
                                : "pays " + line.net.to_string();
    if (line.kind == LineKind::settled || line.kind == LineKind::refunded) {
        return "no operation of ours has these references; the row " + verb(line) +
               text(moved(line), line.gross.currency()) + " and " + net + " net";
    }
    return "nothing of ours foresees this " + line.type + "; the row " + net;
}

std::string amount_note(const StatementLine& line, const Expectation& expectation) {
    const ledger::Currency currency = expectation.amount.currency();
    const std::int64_t expected = expectation.amount.minor_units();
    std::string note = "the row " + verb(line) + text(moved(line), currency) + " where " +
                       expectation.amount.to_string() +
                       " was expected: " + more_or_less(moved(line), expected, currency);
    if (line.net.currency() != currency) return note;
    const std::int64_t kept = line.gross.minor_units() - line.net.minor_units();
    if (kept == expectation.cost) return note;
    return note + "; the net does not follow, it leaves a cost of " + text(kept, currency) +
           " where " + text(expectation.cost, currency) + " was expected";
}

std::string fee_note(const StatementLine& line, const Expectation& expectation) {
    const ledger::Currency currency = expectation.amount.currency();
    const std::int64_t kept = line.gross.minor_units() - line.net.minor_units();
    std::string note;
    if (kept != expectation.cost) {
        note = "the provider kept " + text(kept, currency) + " of the gross where " +
               text(expectation.cost, currency) +
               " was expected: " + more_or_less(kept, expectation.cost, currency);
    }
    if (kept == line.cost) return note;
    return note + (note.empty() ? "" : "; ") + "its fee columns add up to " +
           text(line.cost, currency) + " but gross less net is " + text(kept, currency);
}

std::string converted_fee_note(const SettledConversion& settled) {
    const ledger::Currency paid_in = settled.conversion.paid.currency();
    const ledger::Currency settled_in = settled.conversion.settled.currency();
    return "the provider kept " + text(settled.cost, settled_in) + " where " +
           text(settled.expected_cost, paid_in) + " was expected, at its rate " +
           text(settled.cost - settled.cost_gap, settled_in) + ": " +
           more_or_less(settled.cost_gap, 0, settled_in);
}

std::string currency_note(const StatementLine& line, const Expectation& expectation) {
    std::string note = "the row " + verb(line) + text(moved(line), line.gross.currency());
    note += " and comes to " + line.net.to_string() + " net where ";
    return note + expectation.amount.to_string() + " was expected";
}

std::string repeated_note(const StatementLine& line, const StatementLine& first) {
    return "line " + std::to_string(first.row) + " of the same file already is this " + line.type +
           "; it counts once, " + line.net.to_string() + " too often";
}

std::string confirmed_before_note(const StatementLine& line, const Expectation& expectation) {
    return "batch " + expectation.batch + " already confirmed this " + line.type + "; batch " +
           line.batch + " counts " + line.net.to_string() + " again";
}

std::string deposit_note(const StatementLine& line, const Expectation& expectation) {
    const ledger::Currency currency = expectation.amount.currency();
    const std::int64_t paid = -line.net.minor_units();
    const std::int64_t expected = expectation.amount.minor_units();
    return "batch " + line.batch + " pays out " + text(paid, currency) + " where " +
           expectation.amount.to_string() +
           " was announced before: " + more_or_less(paid, expected, currency);
}

std::string balance_note(const std::string& batch, const Money& credits, const Money& debits) {
    const ledger::Currency currency = credits.currency();
    return "batch " + batch + ": net credits " + credits.to_string() + ", net debits " +
           debits.to_string() + ", its payout included: the credits are " +
           more_or_less(credits.minor_units(), debits.minor_units(), currency);
}

}  // namespace causeway::gateway
