// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/notices.h"

#include "gateway/collections/receipts.h"
#include "gateway/payments/decisions.h"
#include "gateway/payments/disputes.h"
#include "gateway/payments/disputes_store.h"
#include "gateway/payments/expiry.h"
#include "gateway/payments/operations_store.h"
#include "gateway/payments/outcome_case.h"

#include <array>
#include <utility>

namespace causeway::gateway {
namespace {

using connectors::Answer;
using connectors::Notice;
using connectors::NoticeKind;
using connectors::OperationKind;
using ledger::Transaction;

constexpr std::array<std::pair<NoticeVerdict, std::string_view>, 6> kVerdicts{{
    {NoticeVerdict::applied, "applied"},
    {NoticeVerdict::duplicate, "duplicate"},
    {NoticeVerdict::unknown_reference, "unknown_reference"},
    {NoticeVerdict::amount_mismatch, "amount_mismatch"},
    {NoticeVerdict::currency_mismatch, "currency_mismatch"},
    {NoticeVerdict::move_not_allowed, "move_not_allowed"},
}};

struct NoticeCase {
    Transaction& tx;
    const Workshop& shop;
    Records& records;
    const std::string& connector;
    const Notice& notice;
    Payment payment;
    OperationRow row;
    bool work_left = false;
};

bool is_charge(const OperationRow& row) {
    return row.kind == OperationKind::authorise || row.kind == OperationKind::sale ||
           row.kind == OperationKind::collect;
}

// Tells the timeline of a claim that was not believed.
Result<NoticeVerdict> disbelieve(NoticeCase& c, NoticeVerdict verdict) {
    std::string claim(connectors::to_string(c.notice.kind));
    if (c.notice.amount) claim += " of " + c.notice.amount->to_string();
    c.records.note("notice", to_text("op", c.row.id), to_string(verdict), claim);
    return verdict;
}

// The word on an operation that waits for one; `row` is left as it is when it waits no more.
Result<NoticeVerdict> apply_word(NoticeCase& c) {
    const bool waits = c.row.state == OperationState::intent ||
                       (c.row.state == OperationState::unknown && c.row.next_try.has_value());
    const bool same = (c.row.state == OperationState::approved) == c.notice.answer.approved;
    const bool closed = !c.row.next_try.has_value();
    if (closed || !waits) {
        const bool known =
            c.row.state == OperationState::approved || c.row.state == OperationState::declined;
        if (known && same) return NoticeVerdict::duplicate;
        return disbelieve(c, NoticeVerdict::move_not_allowed);
    }
    const std::optional<Caller> nobody;
    const Result<Answer> outcome(c.notice.answer);
    OutcomeCase outcome_case{.tx = c.tx,
                             .shop = c.shop,
                             .caller = nobody,
                             .outcome = outcome,
                             .payment = c.payment,
                             .row = c.row,
                             .records = c.records,
                             .wrong = std::nullopt};
    c.records.because("by notice " + c.notice.id);
    const bool was_in_doubt = is_doubtful(c.row);
    const Result<Step> step = dispatch(outcome_case);
    if (!step) return step.error();
    const Result<bool> more = end_case(outcome_case, was_in_doubt);
    if (!more) return more.error();
    const Result<void> left = leave_to_janitor(c.tx, c.shop, *step);
    if (!left) return left.error();
    c.work_left = step->send.has_value() || step->work_left || *more;
    return NoticeVerdict::applied;
}

// The amounts differ: the notice is not believed, and the amount stands in suspense until the
// operation's own answer comes, which is compared in its turn, or a person ends the doubt.
Result<NoticeVerdict> suspend_mismatch(NoticeCase& c, NoticeVerdict verdict) {
    if (!c.row.next_try || c.row.in_doubt) return disbelieve(c, verdict);
    const std::optional<Caller> nobody;
    const Result<Answer> silence(Error(ErrorCode::outcome_unknown, "amounts differ"));
    OutcomeCase doubtful{.tx = c.tx,
                         .shop = c.shop,
                         .caller = nobody,
                         .outcome = silence,
                         .payment = c.payment,
                         .row = c.row,
                         .records = c.records,
                         .wrong = std::nullopt};
    const Result<void> suspended = suspend(doubtful, doubtful.row);
    if (!suspended) return suspended.error();
    const Result<void> stored = c.records.save(doubtful.row);
    if (!stored) return stored.error();
    return disbelieve(c, verdict);
}

Result<NoticeVerdict> apply_opened(NoticeCase& c) {
    const Result<std::optional<Dispute>> known = find_dispute(c.tx, c.connector, c.notice.case_id);
    if (!known) return known.error();
    if (*known) {
        const bool ours = (*known)->payment == c.payment.id;
        if (!ours) return disbelieve(c, NoticeVerdict::unknown_reference);
        const bool same = !c.notice.amount || *c.notice.amount == (*known)->amount;
        return same ? Result<NoticeVerdict>(NoticeVerdict::duplicate)
                    : disbelieve(c, NoticeVerdict::amount_mismatch);
    }
    if (c.notice.case_id.empty() || c.payment.captured == 0) {
        return disbelieve(c, NoticeVerdict::move_not_allowed);
    }
    const ledger::Money whole(c.payment.captured, c.payment.amount.currency());
    const ledger::Money amount = c.notice.amount.value_or(whole);
    // It may be about a capture that nobody has told us of yet: compared again when somebody does.
    const std::int64_t perhaps = c.payment.captured + c.payment.capturing;
    if (amount.minor_units() > c.payment.captured && amount.minor_units() <= perhaps) {
        return disbelieve(c, NoticeVerdict::move_not_allowed);
    }
    if (amount.minor_units() <= 0 || amount.minor_units() > c.payment.captured) {
        return disbelieve(c, NoticeVerdict::amount_mismatch);
    }
    const Result<void> opened = open_dispute(c.records, c.payment, c.row, c.notice, amount);
    if (!opened) return opened.error();
    return NoticeVerdict::applied;
}

Result<NoticeVerdict> apply_decided(NoticeCase& c) {
    Result<std::optional<Dispute>> known = find_dispute(c.tx, c.connector, c.notice.case_id);
    if (!known) return known.error();
    if (!*known || (*known)->payment != c.payment.id) {
        return disbelieve(c, NoticeVerdict::unknown_reference);
    }
    Dispute& dispute = **known;
    if (c.notice.amount && *c.notice.amount != dispute.amount) {
        return disbelieve(c, NoticeVerdict::amount_mismatch);
    }
    const DisputeEvent event = c.notice.kind == NoticeKind::dispute_won    ? DisputeEvent::won
                               : c.notice.kind == NoticeKind::dispute_lost ? DisputeEvent::lost
                                                                           : DisputeEvent::reopened;
    if (!dispute.status.allows(event)) {
        const bool said = (event == DisputeEvent::won && dispute.status == DisputeStatus::won) ||
                          (event == DisputeEvent::lost && dispute.status == DisputeStatus::lost);
        return said ? Result<NoticeVerdict>(NoticeVerdict::duplicate)
                    : disbelieve(c, NoticeVerdict::move_not_allowed);
    }
    const Result<void> applied =
        event == DisputeEvent::won ? win_dispute(c.records, c.payment, c.row, dispute)
        : event == DisputeEvent::lost
            ? lose_dispute(c.records, c.payment, dispute)
            : reopen_dispute(c.records, c.payment, c.row, dispute, c.notice);
    if (!applied) return applied.error();
    return NoticeVerdict::applied;
}

Result<NoticeVerdict> apply_expired(NoticeCase& c) {
    if (!c.payment.status.allows(PaymentEvent::authorisation_expired)) {
        const bool known = c.payment.status == PaymentStatus::expired;
        return known ? Result<NoticeVerdict>(NoticeVerdict::duplicate)
                     : disbelieve(c, NoticeVerdict::move_not_allowed);
    }
    const Result<void> expired = expire_authorisation(c.records, c.payment);
    if (!expired) return expired.error();
    c.work_left = true;
    return NoticeVerdict::applied;
}

Result<NoticeVerdict> apply_instrument(NoticeCase& c) {
    CollectionCase about{.tx = c.tx,
                         .shop = c.shop,
                         .records = c.records,
                         .connector = c.connector,
                         .notice = c.notice,
                         .payment = c.payment,
                         .row = c.row};
    const Result<NoticeVerdict> verdict = apply_to_instrument(about);
    if (!verdict) return verdict;
    c.work_left = c.work_left || about.work_left;
    const bool believed =
        *verdict == NoticeVerdict::applied || *verdict == NoticeVerdict::duplicate;
    return believed ? verdict : disbelieve(c, *verdict);
}

Result<NoticeVerdict> apply(NoticeCase& c) {
    if (is_about_instruments(c.notice.kind)) return apply_instrument(c);
    const bool outcome = c.notice.kind == NoticeKind::outcome;
    const ledger::Money expected = c.row.amount;
    if (c.notice.amount && c.notice.amount->currency() != expected.currency()) {
        return outcome ? suspend_mismatch(c, NoticeVerdict::currency_mismatch)
                       : disbelieve(c, NoticeVerdict::currency_mismatch);
    }
    if (outcome) {
        const bool differs = c.notice.amount && *c.notice.amount != expected;
        return differs ? suspend_mismatch(c, NoticeVerdict::amount_mismatch) : apply_word(c);
    }
    const bool about_money = is_charge(c.row) || c.row.kind == OperationKind::capture;
    if (!about_money || c.row.state != OperationState::approved) {
        return disbelieve(c, NoticeVerdict::move_not_allowed);
    }
    switch (c.notice.kind) {
        case NoticeKind::dispute_opened: return apply_opened(c);
        case NoticeKind::authorisation_expired: return apply_expired(c);
        default: return apply_decided(c);
    }
}

}  // namespace

std::string_view to_string(NoticeVerdict verdict) noexcept {
    for (const auto& [value, text] : kVerdicts) {
        if (value == verdict) return text;
    }
    return "unlisted";
}

Result<NoticeVerdict> parse_notice_verdict(std::string_view text) {
    for (const auto& [value, spelling] : kVerdicts) {
        if (spelling == text) return value;
    }
    return Error(ErrorCode::not_found, "notice verdict");
}

Result<NoticeOutcome> apply_notice(Transaction& tx,
                                   const Workshop& shop,
                                   const std::string& connector,
                                   const Notice& notice) {
    Result<std::optional<OperationRow>> row = find_by_reference(tx, connector, notice.reference);
    if (!row) return row.error();
    if (!*row && notice.kind == NoticeKind::received) {
        const Result<NoticeVerdict> kept = keep_unmatched(tx, shop, connector, notice);
        if (!kept) return kept.error();
        return NoticeOutcome{.verdict = *kept};
    }
    if (!*row) return NoticeOutcome{.verdict = NoticeVerdict::unknown_reference};
    Result<Payment> payment = load_payment(tx, (*row)->payment);
    if (!payment) return payment.error();
    Records records(tx, shop, nullptr);
    NoticeCase c{.tx = tx,
                 .shop = shop,
                 .records = records,
                 .connector = connector,
                 .notice = notice,
                 .payment = *std::move(payment),
                 .row = **std::move(row)};
    const Result<NoticeVerdict> verdict = apply(c);
    if (!verdict) return verdict.error();
    const Result<void> told = records.finish(c.payment.id);
    if (!told) return told.error();
    return NoticeOutcome{.verdict = *verdict, .payment = c.payment.id, .work_left = c.work_left};
}

}  // namespace causeway::gateway
