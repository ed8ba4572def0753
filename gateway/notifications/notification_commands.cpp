// SPDX-License-Identifier: Apache-2.0
#include "gateway/notifications/notification_commands.h"

#include "gateway/cli/text_table.h"
#include "gateway/notifications/notifications_store.h"
#include "gateway/vault/vault.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <charconv>

namespace causeway::gateway {
namespace {

namespace json = boost::json;
using ledger::Transaction;

constexpr std::int64_t kLimitMax = 1'000;

Result<NotificationFilter> filter_of(const CommandRequest& request) {
    NotificationFilter filter{.connector = request.option("connector"),
                              .verdict = request.option("verdict")};
    const Error wrong_limit(ErrorCode::invalid_argument, "--limit is a number from 1 to 1000");
    const std::string limit = request.option("limit");
    if (!limit.empty()) {
        const char* const end = limit.data() + limit.size();
        const auto [stop, failure] = std::from_chars(limit.data(), end, filter.limit);
        if (failure != std::errc{} || stop != end) return wrong_limit;
    }
    if (filter.limit < 1 || filter.limit > kLimitMax) return wrong_limit;
    if (!filter.verdict.empty() && !parse_notice_verdict(filter.verdict)) {
        return Error(ErrorCode::invalid_argument, "--verdict: there is no " + filter.verdict);
    }
    return filter;
}

json::object to_json(const NotificationRow& row) {
    json::object out;
    out["message"] = to_text("ntm", row.message);
    out["connector"] = row.connector;
    out["notice"] = row.notice.id;
    out["kind"] = connectors::to_string(row.notice.kind);
    out["reference"] = row.notice.reference;
    if (row.notice.amount) {
        out["amount"] = row.notice.amount->minor_units();
        out["currency"] = row.notice.amount->currency().code();
    }
    out["verdict"] = to_string(row.verdict);
    if (row.payment) out["payment"] = to_text("pay", *row.payment);
    out["repeats"] = row.repeats;
    out["received_at"] = to_rfc3339(row.received);
    return out;
}

std::string as_json(const std::vector<NotificationRow>& rows) {
    json::array list;
    for (const NotificationRow& row : rows)
        list.push_back(to_json(row));
    return json::serialize(list) + "\n";
}

std::string as_text(const std::vector<NotificationRow>& rows) {
    TextTable table({{"RECEIVED"},
                     {"MESSAGE"},
                     {"CONNECTOR"},
                     {"NOTICE"},
                     {"KIND"},
                     {"REFERENCE"},
                     {"AMOUNT", TextTable::Align::right},
                     {"VERDICT"},
                     {"PAYMENT"}});
    for (const NotificationRow& row : rows) {
        table.row({to_rfc3339(row.received),
                   to_text("ntm", row.message),
                   row.connector,
                   row.notice.id,
                   std::string(connectors::to_string(row.notice.kind)),
                   row.notice.reference,
                   row.notice.amount ? row.notice.amount->to_string() : "-",
                   std::string(to_string(row.verdict)),
                   row.payment ? to_text("pay", *row.payment) : "-"});
    }
    return table.to_string();
}

/// A message with what was in it.
struct Shown {
    NotificationMessage message;
    std::vector<NotificationRow> rows;
};

Result<Shown> load_shown(Transaction& snapshot, const Uuid& id) {
    Shown shown;
    Result<NotificationMessage> message = load_message(snapshot, id);
    if (!message) return message.error();
    Result<std::vector<NotificationRow>> rows = notifications_of(snapshot, id);
    if (!rows) return rows.error();
    shown.message = *std::move(message);
    shown.rows = *std::move(rows);
    return shown;
}

std::string shown_json(const Shown& shown, const std::optional<std::string>& body) {
    json::object out;
    out["message"] = to_text("ntm", shown.message.id);
    out["connector"] = shown.message.connector;
    out["state"] = to_string(shown.message.state);
    out["received_at"] = to_rfc3339(shown.message.received);
    out["size"] = shown.message.size;
    out["sha256"] = to_hex(shown.message.body_sha256);
    json::array notices;
    for (const NotificationRow& row : shown.rows)
        notices.push_back(to_json(row));
    out["notices"] = std::move(notices);
    if (body) out["body"] = *body;
    return json::serialize(out) + "\n";
}

std::string shown_text(const Shown& shown, const std::optional<std::string>& body) {
    std::string text =
        to_text("ntm", shown.message.id) + " from " + printable(shown.message.connector) + " at " +
        to_rfc3339(shown.message.received) + ", " + std::to_string(shown.message.size) +
        " bytes, " + std::string(to_string(shown.message.state)) + "\nsha256 " +
        to_hex(shown.message.body_sha256) + "\n\n";
    if (!shown.rows.empty()) text += as_text(shown.rows);
    if (body) text += "\n" + printable(*body) + "\n";
    return text;
}

Result<std::optional<std::string>> reveal(const CommandContext& context,
                                          const CommandRequest& request,
                                          const NotificationMessage& message) {
    if (!request.flag("reveal")) return std::optional<std::string>();
    if (context.vault == nullptr) {
        return Error(ErrorCode::invalid_argument, "--reveal needs the vault's key: use --config");
    }
    Result<std::string> body = context.vault->unseal(message.sealed, message.id);
    if (!body) return body.error();
    return std::optional(*std::move(body));
}

}  // namespace

CommandOutput notifications_list(CommandContext& context, const CommandRequest& request) {
    const Result<NotificationFilter> filter = filter_of(request);
    if (!filter) return failed(filter.error());
    std::vector<NotificationRow> rows;
    std::vector<NotificationMessage> unreadable;
    const Result<void> done = context.database.read([&](Transaction& snapshot) -> Result<void> {
        Result<std::vector<NotificationRow>> listed = list_notifications(snapshot, *filter);
        if (!listed) return listed.error();
        Result<std::vector<NotificationMessage>> broken =
            unreadable_messages(snapshot, filter->limit);
        if (!broken) return broken.error();
        rows = *std::move(listed);
        unreadable = *std::move(broken);
        return {};
    });
    if (!done) return failed(done.error());
    CommandOutput output;
    output.out = request.flag("json") ? as_json(rows) : as_text(rows);
    for (const NotificationMessage& message : unreadable) {
        output.err += to_text("ntm", message.id) + " from " + printable(message.connector) +
                      " could not be read\n";
    }
    return output;
}

CommandOutput notifications_show(CommandContext& context, const CommandRequest& request) {
    const Result<Uuid> id = parse_id("ntm", request.arguments.at(0));
    if (!id)
        return usage_error("'" + request.arguments.at(0) + "' is not a message's id (ntm_...)");
    std::optional<Shown> shown;
    const Result<void> done = context.database.read([&](Transaction& snapshot) -> Result<void> {
        Result<Shown> loaded = load_shown(snapshot, *id);
        if (!loaded) return loaded.error();
        shown = *std::move(loaded);
        return {};
    });
    if (!done) return failed(done.error());
    const Result<std::optional<std::string>> body = reveal(context, request, shown->message);
    if (!body) return failed(body.error());
    CommandOutput output;
    output.out = request.flag("json") ? shown_json(*shown, *body) : shown_text(*shown, *body);
    return output;
}

}  // namespace causeway::gateway
