// SPDX-License-Identifier: Apache-2.0
#include "connectors/fault/books.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace causeway::connectors::fault {
namespace {

constexpr std::size_t kDeedsMax = 200'000;

bool is_charge(OperationKind kind) {
    return kind == OperationKind::authorise || kind == OperationKind::sale;
}

bool is_the_same(const Deed& deed, const Operation& operation) {
    const std::string original = operation.original ? operation.original->reference : "";
    return deed.kind == operation.kind && deed.asked == operation.amount &&
           deed.payment_id == operation.payment_id && deed.original == original;
}

Answer refusal(Decline decline) {
    Answer answer;
    answer.decline = decline;
    answer.response_code = to_string(decline);
    return answer;
}

ledger::Money lowered(const Deed& deed, const Act& act) {
    if (act.trick != Trick::partial) return deed.amount;
    const std::int64_t asked = deed.asked.minor_units();
    const std::int64_t units = act.amount == 0 ? asked / 2 : std::min(act.amount, asked);
    return {units, deed.asked.currency()};
}

}  // namespace

ScriptedBooks::ScriptedBooks(const std::string& file) {
    if (file.empty()) return;
    load(file);
    out_.open(file, std::ios::app);
    if (!out_) throw std::runtime_error("cannot write " + file);
}

void ScriptedBooks::load(const std::string& file) {
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        // A last line that a kill cut short was never answered.
        if (in.eof()) break;
        const Result<Deed> deed = parse_deed(line);
        if (!deed) throw std::runtime_error(file + ": " + deed.error().detail());
        apply(*deed);
    }
}

const Deed* ScriptedBooks::deed(const std::string& reference) const {
    const auto at = deeds_.find(reference);
    return at == deeds_.end() ? nullptr : &at->second;
}

Standing ScriptedBooks::standing_of(const std::string& payment_id) const {
    Standing sum;
    const auto roots = roots_of_.find(payment_id);
    if (roots == roots_of_.end()) return sum;
    for (const std::string& root : roots->second) {
        const auto at = standing_.find(root);
        if (at == standing_.end()) continue;
        const Standing& one = at->second;
        sum.authorised += one.authorised;
        sum.captured += one.captured;
        sum.refunded += one.refunded;
        sum.disputed += one.disputed;
    }
    return sum;
}

Deed ScriptedBooks::new_deed(const Operation& operation) const {
    Deed made{.reference = operation.reference,
              .payment_id = operation.payment_id,
              .asked = operation.amount,
              .amount = operation.amount};
    made.kind = operation.kind;
    made.root = operation.reference;
    if (operation.original) {
        made.original = operation.original->reference;
        const Deed* const of = deed(made.original);
        if (of != nullptr) made.root = of->root;
    }
    return made;
}

// Whether there is as much as is asked for.
bool ScriptedBooks::within_limits(const Deed& deed) const {
    const auto at = standing_.find(deed.root);
    const Standing standing = at == standing_.end() ? Standing{} : at->second;
    const std::int64_t units = deed.amount.minor_units();
    switch (deed.kind) {
        case OperationKind::capture: return units <= standing.authorised - standing.captured;
        case OperationKind::refund: return units <= standing.captured - standing.refunded;
        case OperationKind::release:
            return units >= standing.captured && units <= standing.authorised;
        default: return true;
    }
}

Decline ScriptedBooks::verdict_on_reversal(const Deed& reversal) {
    const Deed* const of = deed(reversal.original);
    if (of == nullptr) {
        // It may be on its way still: it is refused when it comes.
        Deed closed{.reference = reversal.original,
                    .payment_id = reversal.payment_id,
                    .asked = reversal.asked,
                    .amount = reversal.amount};
        closed.root = reversal.original;
        closed.answer = refusal(Decline::not_allowed);
        record(closed);
        return Decline::original_not_found;
    }
    if (of->state == DeedState::closed || of->state == DeedState::refused) {
        return Decline::original_not_found;
    }
    const auto at = standing_.find(of->root);
    if (of->kind != OperationKind::authorise || at == standing_.end()) return Decline::none;
    if (at->second.captured > 0) return Decline::not_allowed;
    // An authorisation goes back whole, with what increments added to it.
    const std::int64_t added = at->second.authorised - of->amount.minor_units();
    const bool whole = reversal.asked.minor_units() == of->asked.minor_units() + added;
    return of->state != DeedState::done || whole ? Decline::none : Decline::invalid_amount;
}

Decline ScriptedBooks::verdict(const Deed& asked) {
    if (asked.kind == OperationKind::reverse) return verdict_on_reversal(asked);
    if (is_charge(asked.kind)) return Decline::none;
    const Deed* const of = deed(asked.original);
    if (of == nullptr || of->state != DeedState::done) return Decline::original_not_found;
    if (of->asked.currency() != asked.asked.currency()) return Decline::invalid_amount;
    if (within_limits(asked)) return Decline::none;
    overdrawn_ = true;
    return Decline::invalid_amount;
}

void ScriptedBooks::approve(Deed& deed) {
    deed.state = DeedState::done;
    deed.answer.approved = true;
    deed.answer.decline = Decline::none;
    deed.answer.response_code = "approved";
    deed.answer.approval_code = "F" + std::to_string(approvals_ + 1);
    if (deed.amount != deed.asked) deed.answer.approved_amount = deed.amount;
    record(deed);
}

void ScriptedBooks::refuse(Deed& deed, Decline decline) {
    deed.state = DeedState::refused;
    deed.answer = refusal(decline);
    record(deed);
}

Answer ScriptedBooks::carry_out(const Operation& operation, const Act& act) {
    if (const Deed* const known = deed(operation.reference)) {
        // What a reversal or find() closed before it came has no shape to be compared with.
        if (known->state == DeedState::closed) return refusal(Decline::not_allowed);
        return is_the_same(*known, operation) ? known->answer : refusal(Decline::duplicate);
    }
    Deed made = new_deed(operation);
    const Decline found = act.trick == Trick::decline ? act.decline : verdict(made);
    if (found != Decline::none) {
        refuse(made, found);
        return made.answer;
    }
    made.amount = lowered(made, act);
    approve(made);
    return made.answer;
}

void ScriptedBooks::take_in(const Operation& operation) {
    if (deed(operation.reference) != nullptr) return;
    Deed made = new_deed(operation);
    made.state = DeedState::under_way;
    record(made);
}

Result<Answer> ScriptedBooks::decide(const std::string& reference, bool yes) {
    const Deed* const known = deed(reference);
    if (known == nullptr || known->state != DeedState::under_way) {
        return Error(ErrorCode::not_found, "nothing is under way as " + reference);
    }
    Deed made = *known;
    const Decline found = yes ? verdict(made) : Decline::do_not_honour;
    if (found == Decline::none) {
        approve(made);
    } else {
        refuse(made, found);
    }
    return made.answer;
}

Finding ScriptedBooks::find(const Operation& operation) {
    const Deed* const known = deed(operation.reference);
    if (known == nullptr) {
        Deed closed = new_deed(operation);
        closed.answer = refusal(Decline::not_allowed);
        record(closed);
        return {.fate = Fate::never_arrived, .answer = {}};
    }
    switch (known->state) {
        case DeedState::done:
        case DeedState::undone: return {.fate = Fate::carried_out, .answer = known->answer};
        case DeedState::refused: return {.fate = Fate::refused, .answer = known->answer};
        case DeedState::under_way: return {.fate = Fate::under_way, .answer = {}};
        case DeedState::closed: break;
    }
    return {.fate = Fate::never_arrived, .answer = {}};
}

void ScriptedBooks::dispute(const std::string& reference, std::int64_t amount) {
    const Deed* const known = deed(reference);
    if (known == nullptr) return;
    standing_[known->root].disputed += amount;
}

void ScriptedBooks::record(const Deed& deed) {
    if (out_.is_open()) {
        out_ << deed_to_line(deed) << '\n' << std::flush;
        if (!out_) throw std::runtime_error("the scripted provider cannot write its books");
    }
    apply(deed);
}

void ScriptedBooks::undo(const Deed& reversal, Standing& standing) {
    const auto at = deeds_.find(reversal.original);
    if (at == deeds_.end()) return;
    Deed& of = at->second;
    if (of.state == DeedState::under_way) of.state = DeedState::closed;
    if (of.state != DeedState::done) return;
    of.state = DeedState::undone;
    const std::int64_t units = of.amount.minor_units();
    switch (of.kind) {
        case OperationKind::authorise: standing.authorised = 0; break;
        case OperationKind::sale: standing.authorised = standing.captured = 0; break;
        case OperationKind::increment: standing.authorised -= units; break;
        case OperationKind::refund: standing.refunded -= units; break;
        default: break;
    }
}

void ScriptedBooks::forget_oldest() {
    const auto oldest = deeds_.find(by_age_.front());
    by_age_.pop_front();
    if (oldest == deeds_.end()) return;
    if (is_charge(oldest->second.kind)) {
        standing_.erase(oldest->first);
        roots_of_.erase(oldest->second.payment_id);
    }
    deeds_.erase(oldest);
}

// Everything that is believed follows from the lines in their order.
void ScriptedBooks::apply(const Deed& deed) {
    if (deeds_.insert_or_assign(deed.reference, deed).second) by_age_.push_back(deed.reference);
    if (by_age_.size() > kDeedsMax) forget_oldest();
    if (deed.state != DeedState::done) return;
    ++approvals_;
    ++moves_;
    Standing& standing = standing_[deed.root];
    const std::int64_t units = deed.amount.minor_units();
    if (is_charge(deed.kind)) roots_of_[deed.payment_id].push_back(deed.root);
    switch (deed.kind) {
        case OperationKind::sale: standing.captured += units; [[fallthrough]];
        case OperationKind::authorise:
        case OperationKind::increment: standing.authorised += units; break;
        case OperationKind::capture: standing.captured += units; break;
        case OperationKind::refund: standing.refunded += units; break;
        case OperationKind::release: standing.authorised = units; break;
        case OperationKind::reverse: undo(deed, standing); break;
        default: break;
    }
}

}  // namespace causeway::connectors::fault
