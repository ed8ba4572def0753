// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/key_commands.h"

#include "gateway/cli/text_table.h"
#include "gateway/merchants/keys_store.h"
#include "gateway/merchants/merchants_store.h"
#include "gateway/merchants/permissions.h"
#include "ledger/store/commit_queue.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

using ledger::Transaction;

constexpr std::size_t kNameMax = 100;
constexpr std::size_t kHint = 4;

json::value or_null(const std::optional<Timestamp>& moment) {
    if (!moment) return nullptr;
    return json::value(to_rfc3339(*moment));
}

json::array permissions_of(const ApiKey& key) {
    json::array all;
    std::string_view rest = key.permissions;
    while (!rest.empty()) {
        const std::size_t comma = rest.find(',');
        all.emplace_back(rest.substr(0, comma));
        rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
    }
    return all;
}

json::object as_json(const ApiKey& key) {
    json::object members;
    members["id"] = to_text("key", key.id);
    members["object"] = "api_key";
    members["created_at"] = to_rfc3339(key.created_at);
    members["livemode"] = key.scope.livemode;
    members["merchant"] = to_text("mer", key.scope.merchant);
    members["type"] = to_string(key.kind);
    members["name"] = key.name;
    members["permissions"] = permissions_of(key);
    members["version"] = key.version.empty() ? json::value(nullptr) : json::value(key.version);
    members["hint"] = key.hint;
    members["last_used_at"] = or_null(key.last_used_at);
    members["revoked_at"] = or_null(key.revoked_at);
    return members;
}

Result<ApiKey> read_key(CommandContext& context, const CommandRequest& request) {
    const auto wrong = [](std::string what) {
        return Error(ErrorCode::invalid_argument, std::move(what));
    };
    ApiKey key;
    const Result<Uuid> merchant = parse_id("mer", request.option("merchant"));
    if (!merchant) return wrong("--merchant must be an id such as mer_01J...");
    const std::string spelt = request.option(request.flag("kind") ? "kind" : "type");
    const Result<KeyKind> kind = parse_key_kind(spelt);
    if (!kind) return wrong("--kind must be secret, restricted or publishable");
    const std::string mode = request.option("mode");
    if (mode != "test" && mode != "live") return wrong("--mode must be test or live");
    const bool restricted = *kind == KeyKind::restricted;
    if (restricted != request.flag("allow")) {
        return wrong("--allow belongs to a restricted key, and a restricted key needs it");
    }
    if (restricted) {
        Result<std::string> permissions = parse_permissions(request.option("allow"));
        if (!permissions) return permissions.error();
        key.permissions = *std::move(permissions);
    }
    key.name = request.option("name");
    if (key.name.size() > kNameMax) return wrong("--name must have 100 bytes at most");
    key.id = context.ids.next();
    key.scope = {.merchant = *merchant, .livemode = mode == "live"};
    key.kind = *kind;
    key.created_at = context.clock.now();
    return key;
}

std::string table_of(const std::vector<ApiKey>& keys) {
    TextTable table({{"ID"},
                     {"MERCHANT"},
                     {"KIND"},
                     {"MODE"},
                     {"ENDS IN"},
                     {"LAST USED"},
                     {"STATE"},
                     {"NAME"}});
    for (const ApiKey& key : keys) {
        table.row({to_text("key", key.id),
                   to_text("mer", key.scope.merchant),
                   std::string(to_string(key.kind)),
                   key.scope.livemode ? "live" : "test",
                   key.hint,
                   key.last_used_at ? to_rfc3339(*key.last_used_at) : "never",
                   key.revoked_at ? "revoked" : "active",
                   key.name});
    }
    return table.empty() ? std::string() : table.to_string();
}

}  // namespace

CommandOutput keys_create(CommandContext& context, const CommandRequest& request) {
    Result<ApiKey> key = read_key(context, request);
    if (!key) return failed(key.error());
    const std::string secret = make_api_key(key->kind, key->scope.livemode, context.entropy);
    key->hash = sha256(secret);
    key->hint = secret.substr(secret.size() - kHint);
    const Result<int> stored =
        context.database.writer().commit<int>([&](Transaction& tx) -> Result<int> {
            const Result<Merchant> known = load_merchant(tx, key->scope.merchant);
            if (!known) return known.error();
            const Result<void> inserted = insert_key(tx, *key);
            if (!inserted) return inserted.error();
            return 0;
        });
    if (!stored) return failed(stored.error());
    if (!request.flag("json")) return {.exit_code = kExitOk, .out = secret + "\n", .err = {}};
    json::object members = as_json(*key);
    members["key"] = secret;
    return {.exit_code = kExitOk, .out = json::serialize(members) + "\n", .err = {}};
}

CommandOutput keys_list(CommandContext& context, const CommandRequest& request) {
    std::optional<Uuid> merchant;
    if (request.flag("merchant")) {
        const Result<Uuid> id = parse_id("mer", request.option("merchant"));
        if (!id) return usage_error("--merchant must be an id such as mer_01J...");
        merchant = *id;
    }
    std::vector<ApiKey> keys;
    const Result<void> read = context.database.read([&](Transaction& tx) -> Result<void> {
        Result<std::vector<ApiKey>> all = list_keys(tx, merchant);
        if (!all) return all.error();
        keys = *std::move(all);
        return {};
    });
    if (!read) return failed(read.error());
    if (!request.flag("json")) return {.exit_code = kExitOk, .out = table_of(keys), .err = {}};
    json::array rows;
    for (const ApiKey& key : keys)
        rows.push_back(as_json(key));
    return {.exit_code = kExitOk, .out = json::serialize(rows) + "\n", .err = {}};
}

CommandOutput keys_revoke(CommandContext& context, const CommandRequest& request) {
    const Result<Uuid> id = parse_id("key", request.arguments.empty() ? "" : request.arguments[0]);
    if (!id) return usage_error("the id must be one such as key_01J...; see keys list");
    const Timestamp now = context.clock.now();
    const Result<ApiKey> ended = context.database.writer().commit<ApiKey>(
        [&](Transaction& tx) { return revoke_key(tx, *id, now); });
    if (!ended) return failed(ended.error());
    context.keys_changed();
    const std::string text = request.flag("json") ? json::serialize(as_json(*ended)) + "\n"
                                                  : "revoked " + to_text("key", *id) + "\n";
    return {.exit_code = kExitOk, .out = text, .err = {}};
}

}  // namespace causeway::gateway
