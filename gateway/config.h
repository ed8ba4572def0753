// SPDX-License-Identifier: Apache-2.0
//
// The configuration file, causeway.toml. Everything in it is checked when it is read: an unknown
// key is an error, because a misspelt limit is no limit.
#pragma once

#include "ledger/result.h"

#include <chrono>
#include <cstdint>
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
};

struct FxSettings {
    int margin_bps = 80;
    int rates_age_max_days = 7;
};

/// One [[connectors]] table.
struct ConnectorSettings {
    std::string name;
    std::string kind = "card";
    bool livemode = false;
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;
    bool tls = true;
    std::string ca;
    std::string server_name;
    std::string certificate;  ///< Of ours, where the acquirer wants one.
    std::string private_key;
    std::string dialect = "ascii-bb";
    std::string acquirer_id;
    std::string terminal_id;
    std::string card_acceptor_id;
    /// DE43 as it is sent, and as it stands on the buyer's statement: name in 25 columns, city in
    /// 13, country in two letters.
    std::string name_location;
    std::string mcc = "5999";
    std::chrono::milliseconds answer_max{15'000};
    std::int64_t interchange_bps = 0;  ///< What the acquirer charges us, as far as we know.
    std::int64_t scheme_bps = 0;
    std::int64_t markup_bps = 0;
};

struct Settings {
    /// "sqlite:PATH" or "postgresql://..."; the latter may hold a password and is never logged.
    std::string database = "sqlite:causeway.db";
    ListenSettings listen;
    std::string vault_key_file;
    std::string signing_key_file;  ///< Of the journal's heads; empty: none are made.
    FxSettings fx;
    std::vector<ConnectorSettings> connectors;
};

/// Reads TOML.
///
/// Errors: `invalid_argument` with line and key: a syntax error, an unknown key, a value of
/// the wrong type or outside its range, two connectors of one name.
[[nodiscard]] Result<Settings> parse_settings(std::string_view toml);

/// Errors: `storage` when the file cannot be read; as parse_settings().
[[nodiscard]] Result<Settings> load_settings(const std::string& path);

}  // namespace causeway::gateway
