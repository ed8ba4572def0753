// SPDX-License-Identifier: Apache-2.0
#include "connectors/card/sandbox/books.h"

#include <algorithm>
#include <charconv>
#include <numeric>

namespace causeway::connectors::card::sandbox {
namespace {

Result<ledger::Currency> currency_of(const Fact& fact) {
    int numeric = 0;
    std::from_chars(fact.currency.data(), fact.currency.data() + fact.currency.size(), numeric);
    return ledger::Currency::from_numeric(numeric);
}

Movement movement_of(const Fact& fact, std::int64_t number) {
    return Movement{.number = number,
                    .key = fact.key,
                    .modification = fact.modification,
                    .reference = fact.reference,
                    .sent = fact.sent,
                    .amount = fact.amount,
                    .settling = fact.settling,
                    .undone = {}};
}

std::int64_t standing_of(const std::vector<Movement>& movements) {
    return std::accumulate(
        movements.begin(),
        movements.end(),
        std::int64_t{0},
        [](std::int64_t sum, const Movement& movement) { return sum + movement.standing(); });
}

// Takes back at most `amount`, and never more than stands.
std::int64_t undo(Movement& movement, std::int64_t amount, const Fact& by) {
    amount = std::min(amount, movement.standing());
    if (amount <= 0) return 0;
    movement.undone.push_back({.amount = amount, .modification = by.modification, .sent = by.sent});
    return amount;
}

// What was refunded has left already and cannot be taken back a second time, so it stays charged.
void keep_of_transaction(Transaction& transaction, const Fact& by) {
    const std::int64_t kept = std::max(by.amount, transaction.refunded());
    transaction.authorised = std::min(transaction.authorised, kept);
    std::int64_t excess = transaction.captured() - transaction.authorised;
    for (auto capture = transaction.captures.rbegin(); capture != transaction.captures.rend();
         ++capture) {
        excess -= undo(*capture, excess, by);
    }
    transaction.reversed = transaction.authorised == 0;
}

void keep_of_capture(Transaction& transaction, Movement& capture, const Fact& by) {
    const std::int64_t not_refunded = transaction.captured() - transaction.refunded();
    undo(capture, std::min(capture.standing() - by.amount, not_refunded), by);
}

Movement* find_key(std::vector<Movement>& movements, const std::string& key) {
    const auto at = std::find_if(movements.begin(),
                                 movements.end(),
                                 [&key](const Movement& movement) { return movement.key == key; });
    return at == movements.end() ? nullptr : &*at;
}

Error limit(std::string_view what) {
    return Error(ErrorCode::limit_exceeded, std::string(what));
}

}  // namespace

std::int64_t Movement::standing() const {
    std::int64_t left = amount;
    for (const Undo& undo : undone)
        left -= undo.amount;
    return left;
}

std::int64_t Transaction::captured() const {
    return standing_of(captures);
}
std::int64_t Transaction::refunded() const {
    return standing_of(refunds);
}

Result<Books> Books::from_facts(std::vector<Fact> facts) {
    Books books;
    for (Fact& fact : facts) {
        const auto recorded = books.record(std::move(fact));
        if (recorded) continue;
        return Error(
            ErrorCode::integrity,
            "books, line " + std::to_string(books.lines_ + 1) + ": " + recorded.error().detail());
    }
    return books;
}

Result<Books> Books::load(const std::string& path) {
    auto file = read_fact_file(path);
    if (!file) return file.error();
    return from_facts(std::move(file->facts));
}

Result<Books> Books::open(const std::string& path) {
    auto writer = FactWriter::open(path);
    if (!writer) return writer.error();
    auto file = read_fact_file(path);
    if (!file) return file.error();
    const auto cut = (*writer)->cut_to(file->whole_bytes);
    if (!cut) return cut.error();
    auto books = from_facts(std::move(file->facts));
    if (books) books->writer_ = *std::move(writer);
    return books;
}

Result<void> Books::check(const Fact& fact) const {
    if (answers_.contains(fact.key)) return Error(ErrorCode::conflict, "the message is booked");
    if (fact.amount < 0) return Error(ErrorCode::invalid_argument, "a negative amount");
    const Transaction* transaction = find(fact.rrn);
    switch (fact.kind) {
        case FactKind::authorised:
        case FactKind::sold:
            if (transaction != nullptr) return Error(ErrorCode::conflict, "the RRN is taken");
            if (!currency_of(fact)) return Error(ErrorCode::invalid_argument, "no such currency");
            return {};
        case FactKind::captured:
            if (transaction == nullptr) return Error(ErrorCode::not_found, "no authorisation");
            if (fact.amount > transaction->authorised - transaction->captured()) {
                return limit("more captured than authorised");
            }
            return {};
        case FactKind::refunded:
            if (transaction == nullptr) return Error(ErrorCode::not_found, "no payment");
            if (fact.amount > transaction->captured() - transaction->refunded()) {
                return limit("more refunded than captured");
            }
            return {};
        case FactKind::reversed:
            if (rrn_of_.contains(fact.target)) return {};
            return Error(ErrorCode::not_found, "nothing to reverse");
        case FactKind::reversal_noted:
        case FactKind::answered: return {};
    }
    return Error(ErrorCode::invalid_argument, "unlisted kind");
}

Result<void> Books::record(Fact fact) {
    fact.at = std::chrono::floor<std::chrono::seconds>(fact.at);
    auto allowed = check(fact);
    if (!allowed) return allowed;
    if (writer_) {
        auto written = writer_->append(to_line(fact, lines_ + 1));
        if (!written) return written;
    }
    ++lines_;
    apply(fact);
    std::string key = fact.key;
    answers_.emplace(std::move(key), std::move(fact));
    return {};
}

void Books::apply(const Fact& fact) {
    switch (fact.kind) {
        case FactKind::authorised:
        case FactKind::sold: {
            Transaction transaction{.rrn = fact.rrn,
                                    .key = fact.key,
                                    .approval_code = fact.approval_code,
                                    .reference = fact.reference,
                                    .merchant = fact.merchant,
                                    .card = fact.card,
                                    .currency = *currency_of(fact),
                                    .requested = fact.amount,
                                    .authorised = fact.amount,
                                    .single_message = fact.kind == FactKind::sold,
                                    .captures = {},
                                    .refunds = {}};
            if (transaction.single_message) {
                transaction.captures.push_back(movement_of(fact, lines_));
            }
            transactions_.emplace(fact.rrn, std::move(transaction));
            ++approvals_;
            break;
        }
        case FactKind::captured:
            transactions_.at(fact.rrn).captures.push_back(movement_of(fact, lines_));
            break;
        case FactKind::refunded:
            transactions_.at(fact.rrn).refunds.push_back(movement_of(fact, lines_));
            ++approvals_;
            break;
        case FactKind::reversed: apply_reversal(fact); return;
        case FactKind::reversal_noted: noted_reversals_.insert(fact.target); return;
        case FactKind::answered: return;
    }
    rrn_of_.emplace(fact.key, fact.rrn);
}

void Books::apply_reversal(const Fact& fact) {
    Transaction& transaction = transactions_.at(rrn_of_.at(fact.target));
    if (transaction.key == fact.target) return keep_of_transaction(transaction, fact);
    if (Movement* capture = find_key(transaction.captures, fact.target)) {
        return keep_of_capture(transaction, *capture, fact);
    }
    if (Movement* refund = find_key(transaction.refunds, fact.target)) {
        undo(*refund, refund->standing() - fact.amount, fact);
    }
}

const Fact* Books::answer_to(const std::string& key) const {
    const auto at = answers_.find(key);
    return at == answers_.end() ? nullptr : &at->second;
}

const Transaction* Books::find(const std::string& rrn) const {
    const auto at = transactions_.find(rrn);
    return at == transactions_.end() ? nullptr : &at->second;
}

const Transaction* Books::moved_by(const std::string& key) const {
    const auto at = rrn_of_.find(key);
    return at == rrn_of_.end() ? nullptr : find(at->second);
}

bool Books::reversal_noted(const std::string& target) const {
    return noted_reversals_.contains(target);
}

}  // namespace causeway::connectors::card::sandbox
