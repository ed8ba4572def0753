// SPDX-License-Identifier: Apache-2.0
#include "gateway/config.h"

#include "gateway/config_fx.h"
#include "gateway/config_table.h"

#include <fstream>
#include <iterator>
#include <limits>
#include <optional>
#include <set>

namespace causeway::gateway {
namespace {

constexpr std::int64_t kPortMax = 65'535;
constexpr std::int64_t kBasis = 10'000;

void read_listen(const toml::table& table, ListenSettings& listen, std::string& mistake) {
    TableReader reader(table, "listen.", mistake);
    reader.text("address", listen.address);
    reader.number("port", listen.port, 0, kPortMax);
    reader.text("certificate", listen.certificate);
    reader.text("private_key", listen.private_key);
    reader.number("threads", listen.threads, 1, 256);
    reader.number("connections_max", listen.connections_max, 1, 1'000'000);
    reader.text("public_url", listen.public_url);
    const bool web = listen.public_url.starts_with("https://") && !listen.public_url.ends_with("/");
    if (!listen.public_url.empty() && !web) {
        reader.wrong(*table.get("public_url"),
                     "public_url",
                     "must begin with https:// and have no slash at its end");
    }
    reader.finish();
}

void read_keep_days(TableReader& reader, std::chrono::days& keep) {
    std::int64_t days = keep.count();
    reader.number("keep_days", days, 1, 36'500);
    keep = std::chrono::days(days);
}

void read_webhooks(const toml::table& table, WebhookSettings& webhooks, std::string& mistake) {
    TableReader reader(table, "webhooks.", mistake);
    reader.flag("allow_private", webhooks.allow_private);
    reader.text("ca", webhooks.ca);
    reader.number("at_once", webhooks.at_once, 2, 1024);
    std::int64_t answer_max_ms = webhooks.answer_max.count();
    reader.number("answer_max_ms", answer_max_ms, 100, 15'000);
    webhooks.answer_max = std::chrono::milliseconds(answer_max_ms);
    read_keep_days(reader, webhooks.keep);
    reader.finish();
}

void read_notifications(const toml::table& table,
                        NotificationSettings& notifications,
                        std::string& mistake) {
    TableReader reader(table, "notifications.", mistake);
    read_keep_days(reader, notifications.keep);
    reader.finish();
}

void read_cost(const toml::table& table, ConnectorSettings& connector, std::string& mistake) {
    TableReader reader(table, "connectors.cost.", mistake);
    reader.number("interchange_bps", connector.interchange_bps, 0, kBasis);
    reader.number("scheme_bps", connector.scheme_bps, 0, kBasis);
    reader.number("markup_bps", connector.markup_bps, 0, kBasis);
    reader.finish();
}

template <class T>
void read_policy(TableReader& reader,
                 const toml::table& table,
                 std::string_view key,
                 Result<T> (*parse)(std::string_view),
                 T& into) {
    std::string text(to_string(into));
    reader.text(key, text);
    const Result<T> read = parse(text);
    if (read) into = *read;
    if (!read) reader.wrong(*table.get(key), key, "is none of the policies for it");
}

void read_receipts(const toml::table& table, ReceiptPolicies& policies, std::string& mistake) {
    TableReader reader(table, "connectors.receipts.", mistake);
    read_policy(reader, table, "short_payment", parse_receipt_policy, policies.short_payment);
    read_policy(reader, table, "excess", parse_receipt_policy, policies.excess);
    read_policy(reader, table, "late", parse_receipt_policy, policies.late);
    read_policy(reader, table, "duplicate", parse_receipt_policy, policies.duplicate);
    read_policy(reader, table, "late_rate", parse_late_rate, policies.late_rate);
    reader.number("locked_rate_days_max", policies.locked_rate_days_max, 0, 366);
    if (policies.duplicate == ReceiptPolicy::credit) {
        reader.wrong(*table.get("duplicate"), "duplicate", "must be \"hold\" or \"refund\"");
    }
    reader.finish();
}

void read_lifecycle(TableReader& reader, const toml::table& table, connectors::Lifecycle& life) {
    std::string stage(to_string(life.stage));
    reader.text("lifecycle", stage);
    const Result<connectors::LifecycleStage> known = connectors::parse_lifecycle_stage(stage);
    if (known) life.stage = *known;
    if (!known) {
        reader.wrong(*table.get("lifecycle"),
                     "lifecycle",
                     "must be \"active\", \"refund_only\" or \"retired\"");
    }
    std::string since;
    reader.text("lifecycle_since", since);
    if (since.empty()) return;
    const Result<Day> day = parse_day(since);
    if (day) life.since = *day;
    if (!day) {
        reader.wrong(*table.get("lifecycle_since"), "lifecycle_since", "must be \"2024-06-30\"");
    }
}

void read_countries(TableReader& reader,
                    const toml::table& table,
                    std::vector<std::string>& countries) {
    reader.texts("countries", countries);
    for (const std::string& country : countries) {
        const bool two =
            country.size() == 2 &&
            country.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos;
        if (!two) {
            reader.wrong(*table.get("countries"), "countries", "are ISO 3166 in two capitals");
        }
    }
}

// Read a second time and by itself: mistakes in it are the kind's own to tell.
std::optional<net::ConnectConfig> place_in(const connectors::SettingsTable& table) {
    if (!table.settings.contains("host") && !table.settings.contains("port")) return std::nullopt;
    connectors::SettingsReader reader(table);
    net::ConnectConfig place;
    std::int64_t port = 0;
    reader.text("host", place.host);
    reader.number("port", port, 1, kPortMax);
    reader.flag("tls", place.tls);
    reader.text("ca", place.ca_file);
    reader.text("server_name", place.server_name);
    reader.text("certificate", place.certificate_file);
    reader.text("private_key", place.private_key_file);
    place.port = static_cast<std::uint16_t>(port);
    return place;
}

ConnectorSettings read_connector(const toml::table& table, std::string& mistake) {
    ConnectorSettings connector;
    TableReader reader(table, "connectors.", mistake);
    connectors::CommonSettings& common = connector.common;
    reader.text("name", common.name);
    reader.text("kind", connector.kind);
    reader.mode("mode", common.livemode);
    std::int64_t answer_max_ms = common.answer_max.count();
    reader.number("answer_max_ms", answer_max_ms, 10, 120'000);
    common.answer_max = std::chrono::milliseconds(answer_max_ms);
    read_lifecycle(reader, table, common.lifecycle);
    read_countries(reader, table, common.countries);
    if (const toml::table* const cost = reader.table("cost")) {
        read_cost(*cost, connector, mistake);
    }
    if (const toml::table* const receipts = reader.table("receipts")) {
        read_receipts(*receipts, connector.receipts, mistake);
    }
    if (common.name.empty()) reader.wrong(table, "name", "is required");
    const Result<connectors::ConnectorKind> kind = connectors::find_connector_kind(connector.kind);
    if (!kind) {
        reader.wrong(table, "kind", kind.error().detail());
        return connector;
    }
    const connectors::SettingsTable rest = reader.rest();
    connectors::SettingsReader own(rest);
    connector.make = kind->read(own, common);
    connector.place = place_in(rest);
    if (const Result<void> read = own.finish(); !read) reader.mistaken(read.error());
    return connector;
}

void read_condition(TableReader& reader, const toml::table& table, RouteCondition& when) {
    reader.texts("methods", when.methods);
    read_countries(reader, table, when.countries);
    reader.texts("currencies", when.currencies);
    reader.texts("merchants", when.merchants);
    for (const std::string& code : when.currencies) {
        if (ledger::Currency::from_code(code)) continue;
        reader.wrong(*table.get("currencies"), "currencies", "has one that is not in ISO 4217");
    }
    constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
    reader.number("amount_min", when.amount_min, 0, kMost);
    reader.number("amount_max", when.amount_max, 0, kMost);
    const bool bounded = table.contains("amount_min") || table.contains("amount_max");
    if (bounded && when.currencies.size() != 1) {
        reader.wrong(table, "amount_min", "and amount_max need one currency that they are in");
    }
    if (when.amount_min > when.amount_max)
        reader.wrong(table, "amount_min", "is above the maximum");
}

void read_targets(TableReader& reader, const toml::table& table, RoutingRule& rule) {
    std::vector<std::string> names;
    reader.texts("connectors", names);
    if (names.empty()) return reader.wrong(table, "connectors", "must name at least one");
    const std::vector<std::int64_t> weights = reader.numbers("weights", 1, 1'000'000);
    const bool weighted = rule.choice == RouteChoice::weighted;
    if (weighted != table.contains("weights")) {
        return reader.wrong(table, "weights", "go with choose = \"weighted\", and the other way");
    }
    if (weighted && weights.size() != names.size()) {
        return reader.wrong(*table.get("weights"), "weights", "must be as many as connectors");
    }
    for (std::size_t at = 0; at < names.size(); ++at) {
        rule.targets.push_back({.connector = names[at], .weight = weighted ? weights[at] : 1});
    }
}

RoutingRule read_rule(const toml::table& table,
                      const std::set<std::string>& connectors,
                      std::string& mistake) {
    RoutingRule rule;
    TableReader reader(table, "routing.", mistake);
    reader.text("name", rule.name);
    if (rule.name.empty()) reader.wrong(table, "name", "is required");
    read_condition(reader, table, rule.when);
    std::string choice(to_string(rule.choice));
    reader.text("choose", choice);
    const Result<RouteChoice> known = parse_route_choice(choice);
    if (known) rule.choice = *known;
    if (!known) {
        reader.wrong(
            *table.get("choose"), "choose", "must be \"ordered\", \"weighted\" or \"cheapest\"");
    }
    read_targets(reader, table, rule);
    for (const RouteTarget& target : rule.targets) {
        if (connectors.contains(target.connector)) continue;
        reader.wrong(*table.get("connectors"), "connectors", "has none named " + target.connector);
    }
    reader.finish();
    return rule;
}

void read_health(const toml::table& table, HealthLimits& health, std::string& mistake) {
    TableReader reader(table, "circuit_breaker.", mistake);
    constexpr std::int64_t kDay = 86'400;
    std::int64_t forget_s = health.forget.count();
    std::int64_t rest_s = health.rest.count();
    std::int64_t rest_max_s = health.rest_max.count();
    reader.number("samples", health.samples, 1, 10'000);
    reader.number("failures_max", health.failures_max, 1, 10'000);
    reader.number("probes", health.probes, 1, 1'000);
    reader.number("forget_s", forget_s, 1, kDay);
    reader.number("rest_s", rest_s, 1, kDay);
    reader.number("rest_max_s", rest_max_s, 1, kDay);
    reader.finish();
    health.forget = std::chrono::seconds(forget_s);
    health.rest = std::chrono::seconds(rest_s);
    health.rest_max = std::chrono::seconds(rest_max_s);
    if (health.failures_max > health.samples) {
        reader.wrong(table, "failures_max", "is more than the samples that are kept");
    }
    if (rest_max_s < rest_s) reader.wrong(table, "rest_max_s", "is below rest_s");
}

// [dispute_fees]: a currency's code, and minor units of it.
void read_dispute_fees(const toml::table& table, Settings& settings, std::string& mistake) {
    constexpr std::int64_t kFeeMax = 1'000'000'000;
    TableReader reader(table, "dispute_fees.", mistake);
    for (const auto& [key, node] : table) {
        const std::string code(key.str());
        if (!ledger::Currency::from_code(code)) {
            return reader.wrong(node, code, "is no ISO 4217 currency");
        }
        reader.number(code, settings.dispute_fees[code], 0, kFeeMax);
    }
    reader.finish();
}

void read_limits(const toml::table& table, LimitSettings& limits, std::string& mistake) {
    constexpr std::int64_t kMost = 1'000'000;
    TableReader reader(table, "limits.", mistake);
    reader.number("requests_per_second", limits.requests_per_second, 0, kMost);
    reader.number("burst", limits.burst, 1, kMost);
    reader.finish();
}

// [cluster] and [admin]: what a process is to others on its machine and on its database.
void read_processes(TableReader& reader, Settings& settings, std::string& mistake) {
    if (const toml::table* const cluster = reader.table("cluster")) {
        TableReader cluster_reader(*cluster, "cluster.", mistake);
        std::int64_t lease_ms = settings.cluster.lease.count();
        cluster_reader.number("lease_ms", lease_ms, 500, 600'000);
        settings.cluster.lease = std::chrono::milliseconds(lease_ms);
        cluster_reader.finish();
    }
    if (const toml::table* const admin = reader.table("admin")) {
        TableReader admin_reader(*admin, "admin.", mistake);
        admin_reader.text("socket", settings.admin_socket);
        admin_reader.finish();
    }
}

void read_log(const toml::table& table, bool& every_request, std::string& mistake) {
    TableReader reader(table, "log.", mistake);
    reader.flag("requests", every_request);
    reader.finish();
}

}  // namespace

Result<Settings> parse_settings(std::string_view toml_text) {
    const toml::parse_result parsed = toml::parse(toml_text);
    if (!parsed) {
        return Error(ErrorCode::invalid_argument,
                     "line " + std::to_string(parsed.error().source().begin.line) + ": " +
                         std::string(parsed.error().description()));
    }
    Settings settings;
    std::string mistake;
    TableReader reader(parsed.table(), "", mistake);
    reader.text("database", settings.database);
    if (const toml::table* const listen = reader.table("listen")) {
        read_listen(*listen, settings.listen, mistake);
    }
    if (const toml::table* const vault = reader.table("vault")) {
        TableReader vault_reader(*vault, "vault.", mistake);
        vault_reader.text("key_file", settings.vault_key_file);
        vault_reader.finish();
    }
    if (const toml::table* const ledger = reader.table("ledger")) {
        TableReader ledger_reader(*ledger, "ledger.", mistake);
        ledger_reader.text("signing_key_file", settings.signing_key_file);
        ledger_reader.finish();
    }
    if (const toml::table* const fx = reader.table("fx")) read_fx(*fx, settings.fx, mistake);
    read_processes(reader, settings, mistake);
    if (const toml::table* const fees = reader.table("dispute_fees")) {
        read_dispute_fees(*fees, settings, mistake);
    }
    if (const toml::table* const webhooks = reader.table("webhooks")) {
        read_webhooks(*webhooks, settings.webhooks, mistake);
    }
    if (const toml::table* const notifications = reader.table("notifications")) {
        read_notifications(*notifications, settings.notifications, mistake);
    }
    if (const toml::table* const limits = reader.table("limits")) {
        read_limits(*limits, settings.limits, mistake);
    }
    if (const toml::table* const log = reader.table("log")) {
        read_log(*log, settings.log_requests, mistake);
    }
    std::set<std::string> names;
    if (const toml::array* const list = reader.tables("connectors")) {
        for (const toml::node& node : *list) {
            settings.connectors.push_back(read_connector(*node.as_table(), mistake));
            if (!names.insert(settings.connectors.back().common.name).second) {
                reader.wrong(node, "connectors.name", "stands twice");
            }
        }
    }
    if (const toml::array* const list = reader.tables("routing")) {
        for (const toml::node& node : *list)
            settings.routing.push_back(read_rule(*node.as_table(), names, mistake));
    }
    if (const toml::table* const health = reader.table("circuit_breaker")) {
        read_health(*health, settings.health, mistake);
    }
    reader.finish();
    if (!mistake.empty()) return Error(ErrorCode::invalid_argument, mistake);
    return settings;
}

Result<Settings> load_settings(const std::string& path) {
    std::ifstream file(path);
    if (!file) return Error(ErrorCode::storage, "cannot read " + path);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    Result<Settings> settings = parse_settings(text);
    if (!settings) {
        return Error(ErrorCode::invalid_argument, path + ": " + settings.error().detail());
    }
    return settings;
}

}  // namespace causeway::gateway
