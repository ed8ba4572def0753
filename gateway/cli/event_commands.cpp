// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/webhook_commands.h"
#include "gateway/merchants/merchants_store.h"
#include "gateway/webhooks/delivery.h"
#include "gateway/webhooks/samples.h"
#include "ledger/store/commit_queue.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace causeway::gateway {
namespace {

using ledger::Transaction;

constexpr int kListMax = 100;

Result<Scope> event_scope(const CommandRequest& request) {
    const Result<Uuid> merchant = parse_id("mer", request.option("merchant"));
    if (!merchant) {
        return Error(ErrorCode::invalid_argument, "--merchant must be an id such as mer_01J...");
    }
    const std::string mode = request.flag("mode") ? request.option("mode") : "test";
    if (mode == "test" || mode == "live") {
        return Scope{.merchant = *merchant, .livemode = mode == "live"};
    }
    return Error(ErrorCode::invalid_argument, "--mode must be test or live");
}

Result<Page> page_wanted(const CommandRequest& request) {
    Page page;
    if (!request.flag("limit")) return page;
    const std::string text = request.option("limit");
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), page.limit);
    const bool whole = wrong == std::errc{} && end == text.data() + text.size();
    if (whole && page.limit >= 1 && page.limit <= kListMax) return page;
    return Error(ErrorCode::invalid_argument, "--limit must be 1 to 100");
}

std::string one_line(const EventRow& event) {
    std::string line = to_text(kEventPrefix, event.id) + "  " + to_rfc3339(event.created_at);
    line += "  " + event.type;
    if (event.pending_deliveries > 0) {
        line += "  " + std::to_string(event.pending_deliveries) + " pending";
    }
    return line + "\n";
}

std::string one_line(const WebhookAttempt& attempt) {
    std::string line = "  " + to_text(kWebhookPrefix, attempt.endpoint);
    if (attempt.attempt == 0) return line + "  not tried yet\n";
    line += "  attempt " + std::to_string(attempt.attempt);
    line += "  " + (attempt.attempted_at ? to_rfc3339(*attempt.attempted_at) : std::string());
    line += "  " +
            (attempt.answer.status ? std::to_string(*attempt.answer.status) : attempt.answer.error);
    line += "  " + std::to_string(attempt.duration.count()) + " ms";
    if (attempt.next_at) line += "  again at " + to_rfc3339(*attempt.next_at);
    return line + "\n";
}

template <class T>
std::string json_list(const std::vector<T>& rows, std::string (*render)(const T&)) {
    std::string text = "[";
    for (const T& row : rows)
        text += (text.size() == 1 ? "" : ",") + render(row);
    return text + "]";
}

struct WantedEvent {
    Scope scope;
    Uuid id;
};

Result<WantedEvent> wanted_event(const CommandRequest& request) {
    const Result<Scope> scope = event_scope(request);
    if (!scope) return scope.error();
    const std::string text = request.arguments.empty() ? "" : request.arguments.front();
    const Result<Uuid> id = parse_id(kEventPrefix, text);
    if (!id) return Error(ErrorCode::invalid_argument, "an id such as evt_01J... is wanted");
    return WantedEvent{.scope = *scope, .id = *id};
}

Result<Listed<EventRow>> read_page(CommandContext& context, Scope scope, const Page& page) {
    Listed<EventRow> listed;
    const Result<void> read = context.database.read([&](Transaction& tx) -> Result<void> {
        Result<Listed<EventRow>> rows = list_events(tx, scope, page);
        if (!rows) return rows.error();
        listed = *std::move(rows);
        return {};
    });
    if (!read) return read.error();
    return listed;
}

}  // namespace

CommandOutput events_list(CommandContext& context, const CommandRequest& request) {
    const Result<Scope> scope = event_scope(request);
    if (!scope) return failed(scope.error());
    const Result<Page> page = page_wanted(request);
    if (!page) return failed(page.error());
    const Result<Listed<EventRow>> listed = read_page(context, *scope, *page);
    if (!listed) return failed(listed.error());
    CommandOutput output;
    for (const EventRow& event : listed->rows)
        output.out += one_line(event);
    if (request.flag("json")) output.out = json_list(listed->rows, render_event) + "\n";
    return output;
}

CommandOutput events_after(CommandContext& context, const CommandRequest& request) {
    const Result<Scope> scope = event_scope(request);
    if (!scope) return failed(scope.error());
    Page page{.limit = 1};
    if (request.flag("after")) {
        const Result<Uuid> after = parse_id(kEventPrefix, request.option("after"));
        if (!after) return usage_error("--after must be an event's id");
        page = {.limit = kListMax, .ending_before = *after};
    }
    Result<Listed<EventRow>> listed = read_page(context, *scope, page);
    if (!listed) return failed(listed.error());
    std::ranges::reverse(listed->rows);
    return {.exit_code = kExitOk, .out = json_list(listed->rows, render_event) + "\n", .err = {}};
}

CommandOutput events_show(CommandContext& context, const CommandRequest& request) {
    const Result<WantedEvent> wanted = wanted_event(request);
    if (!wanted) return failed(wanted.error());
    std::optional<EventRow> event;
    std::vector<WebhookAttempt> attempts;
    const Result<void> read = context.database.read([&](Transaction& tx) -> Result<void> {
        Result<EventRow> row = load_event(tx, wanted->id, wanted->scope);
        if (!row) return row.error();
        Result<std::vector<WebhookAttempt>> made = list_attempts(tx, wanted->id);
        if (!made) return made.error();
        event = *std::move(row);
        attempts = *std::move(made);
        return {};
    });
    if (!read) return failed(read.error());
    CommandOutput output;
    if (request.flag("json")) {
        output.out = R"({"event":)" + render_event(*event) + R"(,"deliveries":)" +
                     json_list(attempts, render_attempt) + "}\n";
        return output;
    }
    output.out = one_line(*event) + event->body + "\n";
    for (const WebhookAttempt& attempt : attempts)
        output.out += one_line(attempt);
    return output;
}

CommandOutput events_redeliver(CommandContext& context, const CommandRequest& request) {
    const Result<WantedEvent> wanted = wanted_event(request);
    if (!wanted) return failed(wanted.error());
    const Result<EventRow> queued =
        context.database.writer().commit<EventRow>([&](Transaction& tx) -> Result<EventRow> {
            const Result<EventRow> row = load_event(tx, wanted->id, wanted->scope);
            if (!row) return row.error();
            const Result<void> done = redeliver_event(tx, *row, context.clock.now());
            if (!done) return done.error();
            return load_event(tx, wanted->id, wanted->scope);
        });
    if (!queued) return failed(queued.error());
    const std::string text =
        request.flag("json") ? render_event(*queued) + "\n" : one_line(*queued);
    return {.exit_code = kExitOk, .out = text, .err = {}};
}

CommandOutput trigger_event(CommandContext& context, const CommandRequest& request) {
    const Result<Scope> scope = event_scope(request);
    if (!scope) return failed(scope.error());
    if (scope->livemode) return usage_error("trigger makes events in test mode only");
    const std::string type = request.arguments.empty() ? "" : request.arguments.front();
    if (!is_event_type(type)) {
        std::string known;
        for (const std::string_view one : event_types())
            known += "\n  " + std::string(one);
        return usage_error("there is no event type " + type + "; there are" + known);
    }
    const Result<EventRow> recorded =
        context.database.writer().commit<EventRow>([&](Transaction& tx) -> Result<EventRow> {
            const Result<Merchant> known = load_merchant(tx, scope->merchant);
            if (!known) return known.error();
            SampleEvent sample =
                sample_event(type, scope->merchant, context.ids, context.clock.now());
            const EventFacts facts{.scope = *scope,
                                   .type = type,
                                   .object = std::move(sample.object),
                                   .previous = std::move(sample.previous)};
            const Result<Uuid> id = record_event(tx, context.ids, context.clock, facts);
            if (!id) return id.error();
            return load_event(tx, *id, *scope);
        });
    if (!recorded) return failed(recorded.error());
    const std::string text =
        request.flag("json") ? render_event(*recorded) + "\n" : one_line(*recorded);
    return {.exit_code = kExitOk, .out = text, .err = {}};
}

}  // namespace causeway::gateway
