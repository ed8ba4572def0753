// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/connector_commands.h"

#include "gateway/cli/text_table.h"
#include "gateway/config.h"
#include "gateway/payments/connector_set.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <optional>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

std::optional<bool> connected(const CommandContext& context, const std::string& name) {
    if (context.connectors == nullptr) return std::nullopt;
    const ConnectorEntry* const entry = context.connectors->find(name);
    if (entry == nullptr) return std::nullopt;
    return entry->connector->ready();
}

}  // namespace

CommandOutput connectors_list(CommandContext& context, const CommandRequest& request) {
    if (context.settings == nullptr) {
        return usage_error("connectors stand in the configuration: say --config FILE");
    }
    json::array rows;
    TextTable table({{"NAME"}, {"KIND"}, {"MODE"}, {"PROVIDER"}, {"CONNECTED"}});
    for (const ConnectorSettings& one : context.settings->connectors) {
        const std::optional<bool> up = connected(context, one.common.name);
        const std::string place =
            one.place ? one.place->host + ":" + std::to_string(one.place->port) : "";
        table.row({one.common.name,
                   one.kind,
                   one.common.livemode ? "live" : "test",
                   place,
                   up ? (*up ? "yes" : "no") : "not known"});
        json::object members;
        members["object"] = "connector";
        members["name"] = one.common.name;
        members["kind"] = one.kind;
        members["livemode"] = one.common.livemode;
        members["provider"] = place.empty() ? json::value(nullptr) : json::value(place);
        members["healthy"] = up ? json::value(*up) : json::value(nullptr);
        rows.push_back(std::move(members));
    }
    const std::string text = request.flag("json") ? json::serialize(rows) + "\n"
                             : table.empty()      ? std::string()
                                                  : table.to_string();
    return {.exit_code = kExitOk, .out = text, .err = {}};
}

}  // namespace causeway::gateway
