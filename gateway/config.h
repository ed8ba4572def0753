// SPDX-License-Identifier: Apache-2.0
//
// The configuration file, causeway.toml. Everything in it is checked when it is read: an unknown
// key is an error, because a misspelt limit is no limit.
#pragma once

#include "connectors/net/framed_channel.h"
#include "connectors/registry.h"
#include "fx/corridor.h"
#include "fx/rates_store.h"
#include "fx/source.h"
#include "gateway/collections/receipt_rules.h"
#include "gateway/payments/connector_health.h"
#include "gateway/payments/routing_rules.h"
#include "ledger/result.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::gateway {

struct ListenSettings {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8443;
    std::string certificate;
    std::string private_key;
    int threads = 2;
    std::int64_t connections_max = 1'024;  ///< The longest idle gives way to who comes then.
    /// Where buyers find us, for the addresses in `next_action`; empty: as we listen.
    std::string public_url;
};

/// Requests a key may send. Several processes on one database each allow so many.
struct LimitSettings {
    std::int64_t requests_per_second = 500;  ///< 0: no limit.
    std::int64_t burst = 2'000;
};

struct FxSettings {
    /// The spread of every pair that no corridor says anything about.
    int margin_bps = 80;
    /// Calendar days that rates may be overdue; see fx::rate_age().
    int rates_age_max_days = 4;
    int jump_limit_bps = fx::kJumpLimitBps;  ///< A rate that leaps further is held; 0: never.
    int fetch_every_minutes = 60;            ///< How often `serve` looks for new ones; 0: never.
    std::string ca;       ///< PEM of who vouches for the sources; empty: the system's authorities.
    bool revalue = true;  ///< Whether `serve` books the unrealised result at the end of each day.
    std::vector<fx::RateSource> sources;  ///< Empty: the European Central Bank, imported by hand.
    std::vector<fx::Corridor> corridors;
};

/// The corridors of the configuration, and one for every other pair.
///
/// Errors: `invalid_argument` naming the corridor whose terms make no sense, or that is there
/// twice.
[[nodiscard]] Result<fx::Corridors> corridors_of(const FxSettings& settings);

/// Of several processes on one database.
struct ClusterSettings {
    /// After so long without a sign of life a process's work is taken over.
    std::chrono::milliseconds lease{15'000};
};

struct WebhookSettings {
    bool allow_private = false;  ///< Also http:// and addresses that are not public.
    std::string ca;              ///< PEM; empty: the system's authorities.
    int at_once = 64;            ///< Messages in flight.
    std::chrono::milliseconds answer_max{15'000};
    std::chrono::days keep{30};  ///< Events and what became of them.
};

/// What providers tell us.
struct NotificationSettings {
    std::chrono::days keep{400};  ///< Messages as they came, and their notices.
};

/// One [[connectors]] table: what every kind has, and a maker that knows the rest.
struct ConnectorSettings {
    std::string kind = "card";
    connectors::CommonSettings common;
    connectors::ConnectorMaker make;
    /// Where it connects to, for a doctor to look at; none where its table names no host or port.
    /// Keys of these things have the same names in every kind.
    std::optional<net::ConnectConfig> place;
    std::int64_t interchange_bps = 0;  ///< What the acquirer charges us, as far as we know.
    std::int64_t scheme_bps = 0;
    std::int64_t markup_bps = 0;
    ReceiptPolicies receipts;  ///< For what buyers pay later.
};

struct Settings {
    /// "sqlite:PATH" or "postgresql://..."; the latter may hold a password and is never logged.
    std::string database = "sqlite:causeway.db";
    ListenSettings listen;
    std::string vault_key_file;
    std::string signing_key_file;  ///< Of the journal's heads; empty: none are made.
    FxSettings fx;
    ClusterSettings cluster;
    /// What a merchant pays for a dispute, by settlement currency. Units: minor units.
    std::map<std::string, std::int64_t> dispute_fees;
    std::string admin_socket;  ///< Path; on PostgreSQL only, see admin_socket_path().
    WebhookSettings webhooks;
    NotificationSettings notifications;
    LimitSettings limits;
    bool log_requests = false;  ///< Every request, and not only what failed or was slow.
    std::vector<ConnectorSettings> connectors;
    RoutingRules routing;
    HealthLimits health;
};

/// Reads TOML.
///
/// Errors: `invalid_argument` with line and key: a syntax error, an unknown key, a value of
/// the wrong type or outside its range, two connectors of one name.
[[nodiscard]] Result<Settings> parse_settings(std::string_view toml);

/// Errors: `storage` when the file cannot be read; as parse_settings().
[[nodiscard]] Result<Settings> load_settings(const std::string& path);

}  // namespace causeway::gateway
