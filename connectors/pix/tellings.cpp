// SPDX-License-Identifier: Apache-2.0
#include "connectors/pix/tellings.h"

#include "connectors/codes/banking_days.h"

#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace causeway::connectors::pix {
namespace {

constexpr std::chrono::hours kFirstWindow{24};
constexpr std::chrono::hours kBehind{1};

ledger::Money reais(std::int64_t centavos) {
    return {centavos, *ledger::Currency::from_code("BRL")};
}

Notice received(const ReceivedPix& pix) {
    Notice notice{.kind = NoticeKind::received, .id = "pix/" + pix.end_to_end_id};
    notice.reference = pix.txid.empty() ? pix.end_to_end_id : pix.txid;
    notice.amount = reais(pix.amount);
    const Day day = codes::day_in_brazil(pix.time);
    notice.receipt = Receipt{.identity = pix.end_to_end_id,
                             .channel = "pix",
                             .way = "pix",
                             .paid_on = day,
                             .credited_on = day,
                             .cost = std::nullopt};
    notice.happened = pix.time;
    return notice;
}

// One that we asked for, or what Bacen's procedure for fraud and faults took back.
std::optional<Notice> told_of(const Refund& refund, const ReceivedPix& pix) {
    const Result<Answer> answer = answer_of(refund);
    if (!answer) return std::nullopt;
    const bool asked_for = !refund.nature || *refund.nature == RefundNature::original ||
                           *refund.nature == RefundNature::withdrawal;
    Notice notice{.kind = asked_for ? NoticeKind::outcome : NoticeKind::receipt_returned,
                  .id = "pix/" + pix.end_to_end_id + "/" + refund.id + "/" +
                        std::string(to_string(refund.status))};
    notice.amount = reais(refund.amount);
    notice.happened = refund.settled;
    if (asked_for) {
        notice.reference = refund.id;
        notice.answer = *answer;
        return notice;
    }
    if (!answer->approved) return std::nullopt;
    notice.reference = pix.txid.empty() ? pix.end_to_end_id : pix.txid;
    notice.receipt = received(pix).receipt;
    notice.reason = "taken back by the procedure for fraud and faults";
    return notice;
}

std::optional<std::int64_t> number_in(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::vector<std::int64_t> numbers_in(std::string_view cursor) {
    std::vector<std::int64_t> numbers;
    while (!cursor.empty()) {
        const std::size_t end = cursor.find('/');
        const std::optional<std::int64_t> number = number_in(cursor.substr(0, end));
        if (!number) return {};
        numbers.push_back(*number);
        cursor = end == std::string_view::npos ? std::string_view() : cursor.substr(end + 1);
    }
    return numbers;
}

Timestamp moment(std::int64_t microseconds) {
    return Timestamp(std::chrono::microseconds(microseconds));
}

}  // namespace

Result<Answer> answer_of(const Refund& refund) {
    switch (refund.status) {
        case RefundStatus::refunded:
            return Answer{.approved = true,
                          .response_code = std::string(to_string(refund.status)),
                          .approval_code = refund.return_id};
        case RefundStatus::not_done:
            return Answer{.approved = false,
                          .decline = Decline::provider_error,
                          .response_code = std::string(to_string(refund.status))};
        case RefundStatus::in_process: break;
    }
    return Error(ErrorCode::outcome_unknown, "the refund is under way");
}

void add_notices(const ReceivedPix& pix, std::vector<Notice>& notices) {
    notices.push_back(received(pix));
    for (const Refund& refund : pix.refunds) {
        if (std::optional<Notice> told = told_of(refund, pix)) notices.push_back(*std::move(told));
    }
}

void add_taken_back(const ReceivedPix& pix, Timestamp since, std::vector<Notice>& notices) {
    for (const Refund& refund : pix.refunds) {
        if (refund.settled && *refund.settled < since) continue;
        std::optional<Notice> told = told_of(refund, pix);
        if (told && told->kind == NoticeKind::receipt_returned) notices.push_back(*std::move(told));
    }
}

Window window_at(std::string_view cursor, Timestamp now, std::chrono::seconds overlap) {
    const std::vector<std::int64_t> numbers = numbers_in(cursor);
    if (numbers.size() == 3) {
        return {.from = moment(numbers[0]), .to = moment(numbers[1]), .page = numbers[2]};
    }
    if (numbers.size() != 1) return {.from = now - kFirstWindow, .to = now};
    const Timestamp last = std::min(moment(numbers[0]), now);
    return {.from = last - overlap, .to = std::min(last + kSpanMax, now)};
}

bool is_behind(const Window& window, Timestamp now) {
    return now - window.to > kBehind;
}

std::string cursor_after(const Window& window, bool more) {
    if (!more) return std::to_string(to_microseconds(window.to));
    return std::to_string(to_microseconds(window.from)) + "/" +
           std::to_string(to_microseconds(window.to)) + "/" + std::to_string(window.page + 1);
}

}  // namespace causeway::connectors::pix
