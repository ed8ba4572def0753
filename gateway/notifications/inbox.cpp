// SPDX-License-Identifier: Apache-2.0
#include "gateway/notifications/inbox.h"

#include "gateway/api/exchange.h"
#include "gateway/commit.h"
#include "gateway/log.h"
#include "gateway/notifications/foresight.h"
#include "gateway/payments/operations_store.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <set>
#include <utility>

namespace asio = boost::asio;

namespace causeway::gateway {
namespace {

using connectors::Notice;
using ledger::Transaction;

void count(Intake& intake, const NoticeOutcome& outcome) {
    intake.work_left = intake.work_left || outcome.work_left;
    if (outcome.verdict == NoticeVerdict::applied) {
        ++intake.applied;
    } else if (outcome.verdict == NoticeVerdict::duplicate) {
        ++intake.repeated;
    } else {
        ++intake.disbelieved;
    }
}

// Old news does not become true because something newer was applied.
bool is_older(const Notice& one, const Notice& than) {
    return one.happened && than.happened && *one.happened < *than.happened;
}

// Another process may be applying later news of the same case: when it is done, it shows.
Result<void> take_payment(Transaction& tx, const std::string& connector, const Notice& notice) {
    const Result<std::optional<OperationRow>> row =
        find_by_reference(tx, connector, notice.reference);
    if (!row) return row.error();
    if (!*row) return {};
    const Result<Payment> payment = load_payment(tx, (*row)->payment);
    if (!payment) return payment.error();
    return {};
}

// What was overtaken by later news of its case changes nothing: it is part of how it came to that.
Result<NoticeOutcome> compare(Transaction& tx,
                              const Workshop& shop,
                              const std::string& connector,
                              const Notice& notice) {
    if (!notice.case_id.empty()) {
        const Result<void> taken = take_payment(tx, connector, notice);
        if (!taken) return taken.error();
    }
    const Result<bool> overtaken = is_overtaken(tx, connector, notice);
    if (!overtaken) return overtaken.error();
    if (*overtaken) return NoticeOutcome{.verdict = NoticeVerdict::move_not_allowed};
    return apply_notice(tx, shop, connector, notice);
}

// Applies the first of those that came too early and may be believed now; nothing when there is
// none. What is older than `than` stays as it is.
Result<std::optional<NotificationRow>> apply_early(Transaction& tx,
                                                   const Workshop& shop,
                                                   std::vector<NotificationRow> early,
                                                   const Notice* than,
                                                   Intake& intake) {
    for (NotificationRow& row : early) {
        if (than != nullptr && is_older(row.notice, *than)) continue;
        const Result<NoticeOutcome> outcome = compare(tx, shop, row.connector, row.notice);
        if (!outcome) return outcome.error();
        if (outcome->verdict != NoticeVerdict::applied) continue;
        row.verdict = outcome->verdict;
        row.payment = outcome->payment;
        const Result<void> stored = set_verdict(tx, row);
        if (!stored) return stored.error();
        intake.work_left = intake.work_left || outcome->work_left;
        return std::optional(std::move(row));
    }
    return std::optional<NotificationRow>();
}

// What came too early is compared again, until a round changes nothing.
Result<void> compare_again(Transaction& tx,
                           const Workshop& shop,
                           NotificationRow applied,
                           Intake& intake) {
    for (;;) {
        Result<std::vector<NotificationRow>> early =
            early_notifications(tx, applied.connector, applied.notice.reference);
        if (!early) return early.error();
        Result<std::optional<NotificationRow>> next =
            apply_early(tx, shop, *std::move(early), &applied.notice, intake);
        if (!next) return next.error();
        if (!*next) return {};
        applied = **std::move(next);
    }
}

Result<void> take_in_again(Transaction& tx,
                           const NotificationRow& known,
                           const Notice& notice,
                           Intake& intake) {
    intake.each.push_back({.verdict = known.verdict, .known = true});
    if (!is_repetition(known, notice)) {
        ++intake.disbelieved;
        intake.each.back().verdict = NoticeVerdict::move_not_allowed;
        log(LogLevel::warning,
            "notification_contradicts_itself",
            {{"connector", known.connector}, {"notice", known.notice.id}});
        return {};
    }
    ++intake.repeated;
    return count_repeat(tx, known.connector, known.notice.id);
}

// A message in work.
struct Taking {
    Transaction& tx;
    const Workshop& shop;
    const NotificationMessage& message;
    Foresight foresight;
    Intake intake = {};
};

Result<void> take_in_one(Taking& work, const Notice& notice) {
    const NotificationMessage& message = work.message;
    if (work.foresight.may_be_known(notice.id)) {
        const Result<std::optional<NotificationRow>> known =
            find_notification(work.tx, message.connector, notice.id);
        if (!known) return known.error();
        if (*known) return take_in_again(work.tx, **known, notice, work.intake);
    }
    const Result<NoticeOutcome> outcome = compare(work.tx, work.shop, message.connector, notice);
    if (!outcome) return outcome.error();
    count(work.intake, *outcome);
    work.intake.each.push_back({.verdict = outcome->verdict, .known = false});
    const NotificationRow row{.connector = message.connector,
                              .notice = notice,
                              .message = message.id,
                              .digest = digest_of(notice),
                              .verdict = outcome->verdict,
                              .payment = outcome->payment,
                              .repeats = 0,
                              .received = message.received};
    const Result<void> inserted = insert_notification(work.tx, row);
    if (!inserted) return inserted.error();
    // Another channel's word on money may have named it, and something came early under that name.
    const bool named = outcome->verdict == NoticeVerdict::duplicate &&
                       notice.kind == connectors::NoticeKind::received;
    const bool heard = outcome->verdict == NoticeVerdict::applied || named;
    if (!heard) work.foresight.came_early(notice.reference);
    if (!heard || !work.foresight.may_have_early(notice.reference)) return {};
    return compare_again(work.tx, work.shop, row, work.intake);
}

InTransaction<Intake> taking_in(const Workshop& shop,
                                NotificationMessage message,
                                std::vector<Notice> notices) {
    return [&shop, message = std::move(message), notices = std::move(notices)](Transaction& tx) {
        return take_in(tx, shop, message, notices);
    };
}

std::string render_intake(const Intake& intake) {
    boost::json::object members;
    members["object"] = "notification";
    members["received"] = intake.applied + intake.repeated + intake.disbelieved;
    return boost::json::serialize(members);
}

}  // namespace

Result<Intake> take_in(Transaction& tx,
                       const Workshop& shop,
                       const NotificationMessage& message,
                       const std::vector<Notice>& notices) {
    const Result<bool> known = has_message(tx, message.connector, message.body_sha256);
    if (!known) return known.error();
    if (!*known) {
        const Result<void> inserted = insert_message(tx, message);
        if (!inserted) return inserted.error();
    }
    Result<Foresight> foresight = Foresight::of(tx, message.connector, notices);
    if (!foresight) return foresight.error();
    Taking work{tx, shop, message, *std::move(foresight)};
    std::set<std::string> seen;
    for (const Notice& notice : notices) {
        if (!seen.insert(notice.id).second) {
            work.intake.each.push_back({.verdict = NoticeVerdict::duplicate, .known = true});
            continue;
        }
        const Result<void> taken = take_in_one(work, notice);
        if (!taken) return taken.error();
    }
    return std::move(work.intake);
}

Result<bool> compare_kept_notices(Transaction& tx,
                                  const Workshop& shop,
                                  const std::string& connector,
                                  const std::string& reference) {
    Intake intake;
    Result<std::vector<NotificationRow>> early = early_notifications(tx, connector, reference);
    if (!early) return early.error();
    Result<std::optional<NotificationRow>> first =
        apply_early(tx, shop, *std::move(early), nullptr, intake);
    if (!first) return first.error();
    if (*first) {
        const Result<void> again = compare_again(tx, shop, **std::move(first), intake);
        if (!again) return again.error();
    }
    return intake.work_left;
}

NotificationMessage Inbox::seal(const std::string& connector,
                                const std::string& body,
                                MessageState state) const {
    const Workshop& shop = service_.shop();
    NotificationMessage message{.id = shop.ids.next(),
                                .connector = connector,
                                .body_sha256 = sha256(body),
                                .state = state,
                                .vault_key = shop.vault.key_name(),
                                .size = static_cast<std::int64_t>(body.size()),
                                .received = shop.clock.now()};
    message.sealed = shop.vault.seal(body, message.id);
    return message;
}

asio::awaitable<net::HttpResponse> Inbox::keep(NotificationMessage message,
                                               std::vector<Notice> notices,
                                               std::string request_id) {
    const bool readable = message.state == MessageState::read;
    const std::string connector = message.connector;
    InTransaction<Intake> body = taking_in(service_.shop(), std::move(message), std::move(notices));
    const Result<Intake> intake = co_await commit<Intake>(database_, std::move(body));
    if (!intake) co_return problem_response(internal_problem(intake.error()), request_id);
    received_ += 1;
    repeated_ += static_cast<std::uint64_t>(intake->repeated);
    disbelieved_ += static_cast<std::uint64_t>(intake->disbelieved);
    notices_ +=
        static_cast<std::uint64_t>(intake->applied + intake->repeated + intake->disbelieved);
    if (intake->disbelieved > 0) {
        log(LogLevel::warning, "notification_not_believed", {{"connector", connector}});
    }
    if (intake->work_left) service_.on_open_work();
    if (readable) co_return json_response(200, render_intake(*intake));
    unreadable_ += 1;
    log(LogLevel::warning, "notification_unreadable", {{"connector", connector}});
    const Problem unreadable =
        make_problem("invalid_request", "The message is not in the form of this provider.");
    co_return problem_response(unreadable, request_id);
}

asio::awaitable<net::HttpResponse> Inbox::receive(net::HttpRequest request,
                                                  std::string connector,
                                                  std::string request_id) {
    const ConnectorEntry* const entry = service_.shop().connectors.find(connector);
    const connectors::NoticeReader* const reader =
        entry == nullptr ? nullptr : entry->connector->notices();
    if (reader == nullptr) {
        const Problem nobody = make_problem("not_found", "No provider notifies at this path.");
        co_return problem_response(nobody, request_id);
    }
    const connectors::NoticeInput input{
        .headers = request.headers, .body = request.body, .received = service_.shop().clock.now()};
    Result<std::vector<Notice>> notices = reader->read(input);
    if (!notices && notices.error().code() != ErrorCode::invalid_argument) {
        bad_signature_ += 1;
        const Problem unsigned_message =
            make_problem("unauthorized", "The signature of this message is not to be believed.");
        co_return problem_response(unsigned_message, request_id);
    }
    // A knock: nothing that could be believed or disbelieved, so nothing to keep.
    if (notices && notices->empty() && entry->connector->polling() != nullptr) {
        if (on_knock) on_knock(connector);
        co_return json_response(200, render_intake({}));
    }
    const MessageState state = notices ? MessageState::read : MessageState::unreadable;
    NotificationMessage message = seal(connector, request.body, state);
    std::vector<Notice> claims;
    if (notices) claims = *std::move(notices);
    co_return co_await keep(std::move(message), std::move(claims), std::move(request_id));
}

InboxCounters Inbox::counters() const noexcept {
    return {.received = received_,
            .notices = notices_,
            .repeated = repeated_,
            .disbelieved = disbelieved_,
            .unreadable = unreadable_,
            .bad_signature = bad_signature_};
}

}  // namespace causeway::gateway
