// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/webhook_commands.h"

#include "gateway/merchants/merchants_store.h"
#include "gateway/webhooks/desk.h"
#include "ledger/store/commit_queue.h"

#include <optional>
#include <sstream>

namespace causeway::gateway {
namespace {

using ledger::Transaction;

constexpr int kListMax = 100;

std::vector<std::string> comma_list(const std::string& text) {
    std::vector<std::string> parts;
    std::istringstream stream(text);
    for (std::string part; std::getline(stream, part, ',');)
        parts.push_back(part);
    return parts;
}

Result<Scope> scope_of(const CommandRequest& request) {
    const Result<Uuid> merchant = parse_id("mer", request.option("merchant"));
    if (!merchant) {
        return Error(ErrorCode::invalid_argument, "--merchant must be an id such as mer_01J...");
    }
    const std::string mode = request.flag("mode") ? request.option("mode") : "test";
    if (mode != "test" && mode != "live") {
        return Error(ErrorCode::invalid_argument, "--mode must be test or live");
    }
    return Scope{.merchant = *merchant, .livemode = mode == "live"};
}

Result<CreateEndpoint> wish_of(const CommandRequest& request) {
    CreateEndpoint wish{.url = request.option("url"),
                        .events = comma_list(request.option("events"))};
    const Result<void> fits = check_webhook_url(wish.url, true);
    if (!fits) return fits.error();
    for (const std::string& event : wish.events) {
        if (is_subscription(event)) continue;
        return Error(ErrorCode::invalid_argument, "--events: there is no event type " + event);
    }
    const std::string signing = request.flag("signing") ? request.option("signing") : "hmac";
    for (const WebhookSigning one :
         {WebhookSigning::hmac, WebhookSigning::ed25519, WebhookSigning::both}) {
        if (signing != to_string(one)) continue;
        wish.signing = one;
        return wish;
    }
    return Error(ErrorCode::invalid_argument, "--signing must be hmac, ed25519 or both");
}

Error no_vault() {
    return Error(ErrorCode::invalid_argument,
                 "secrets are sealed: say where the vault's key is, with --config");
}

std::string one_line(const WebhookEndpoint& endpoint) {
    std::string events;
    for (const std::string& event : endpoint.events)
        events += (events.empty() ? "" : ",") + event;
    std::string line = to_text(kWebhookPrefix, endpoint.id) + "  ";
    line += endpoint.enabled ? "enabled " : "disabled";
    return line + "  " + endpoint.url + "  " + events + "\n";
}

CommandOutput show_keyed(const KeyedEndpoint& keyed, const CommandRequest& request) {
    CommandOutput output;
    if (request.flag("json")) {
        output.out = render_endpoint(keyed.endpoint, keyed.secret) + "\n";
        return output;
    }
    output.out = one_line(keyed.endpoint);
    if (!keyed.secret.empty()) output.out += keyed.secret + "\n";
    if (!keyed.endpoint.public_key.empty()) output.out += keyed.endpoint.public_key + "\n";
    return output;
}

KeySource keys_of(CommandContext& context) {
    return {.vault = *context.vault,
            .entropy = context.entropy,
            .ids = context.ids,
            .now = context.clock.now()};
}

Result<Uuid> argument_id(std::string_view prefix, const CommandRequest& request) {
    const std::string text = request.arguments.empty() ? "" : request.arguments.front();
    Result<Uuid> id = parse_id(prefix, text);
    if (id) return id;
    return Error(ErrorCode::invalid_argument,
                 "an id such as " + std::string(prefix) + "_01J... is wanted");
}

}  // namespace

CommandOutput webhooks_list(CommandContext& context, const CommandRequest& request) {
    const Result<Scope> scope = scope_of(request);
    if (!scope) return failed(scope.error());
    Listed<WebhookEndpoint> listed;
    const Result<void> read = context.database.read([&](Transaction& tx) -> Result<void> {
        Result<Listed<WebhookEndpoint>> page = list_endpoints(tx, *scope, {.limit = kListMax});
        if (!page) return page.error();
        listed = *std::move(page);
        return {};
    });
    if (!read) return failed(read.error());
    CommandOutput output;
    std::string rows;
    for (const WebhookEndpoint& endpoint : listed.rows) {
        rows += (rows.empty() ? "" : ",") + render_endpoint(endpoint);
        output.out += one_line(endpoint);
    }
    if (request.flag("json")) output.out = "[" + rows + "]\n";
    return output;
}

CommandOutput webhooks_create(CommandContext& context, const CommandRequest& request) {
    const Result<Scope> scope = scope_of(request);
    if (!scope) return failed(scope.error());
    const Result<CreateEndpoint> wish = wish_of(request);
    if (!wish) return failed(wish.error());
    if (context.vault == nullptr) return failed(no_vault());
    const Result<KeyedEndpoint> added = context.database.writer().commit<KeyedEndpoint>(
        [&](Transaction& tx) -> Result<KeyedEndpoint> {
            const Result<Merchant> known = load_merchant(tx, scope->merchant);
            if (!known) return known.error();
            return add_endpoint(tx, keys_of(context), *scope, *wish);
        });
    if (!added) return failed(added.error());
    return show_keyed(*added, request);
}

CommandOutput webhooks_delete(CommandContext& context, const CommandRequest& request) {
    const Result<Uuid> id = argument_id(kWebhookPrefix, request);
    if (!id) return failed(id.error());
    const Result<int> deleted =
        context.database.writer().commit<int>([&](Transaction& tx) -> Result<int> {
            const Result<WebhookEndpoint> known = lock_endpoint(tx, *id);
            if (!known) return known.error();
            const Result<void> done = delete_endpoint(tx, *id);
            if (!done) return done.error();
            return 0;
        });
    if (!deleted) return failed(deleted.error());
    return {};
}

CommandOutput webhooks_rotate(CommandContext& context, const CommandRequest& request) {
    const Result<Uuid> id = argument_id(kWebhookPrefix, request);
    if (!id) return failed(id.error());
    if (context.vault == nullptr) return failed(no_vault());
    const Result<KeyedEndpoint> rotated = context.database.writer().commit<KeyedEndpoint>(
        [&](Transaction& tx) { return rotate_endpoint(tx, keys_of(context), *id); });
    if (!rotated) return failed(rotated.error());
    return show_keyed(*rotated, request);
}

}  // namespace causeway::gateway
