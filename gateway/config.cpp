// SPDX-License-Identifier: Apache-2.0
#include "gateway/config.h"

#define TOML_EXCEPTIONS 0
#include <fstream>
#include <iterator>
#include <limits>
#include <set>
#include <toml++/toml.h>

namespace causeway::gateway {
namespace {

// Reads the keys of one table, remembers the first mistake, and knows which keys nobody read.
class TableReader {
  public:
    TableReader(const toml::table& table, std::string path, std::string& mistake)
        : table_(table), path_(std::move(path)), mistake_(mistake) {}

    void text(std::string_view key, std::string& into) {
        const toml::node* const node = find(key);
        if (node == nullptr) return;
        if (!node->is_string()) return wrong(*node, key, "must be a text in quotes");
        into = node->as_string()->get();
    }
    void flag(std::string_view key, bool& into) {
        const toml::node* const node = find(key);
        if (node == nullptr) return;
        if (!node->is_boolean()) return wrong(*node, key, "must be true or false");
        into = node->as_boolean()->get();
    }
    template <class Integer>
    void number(std::string_view key, Integer& into, std::int64_t least, std::int64_t most) {
        const toml::node* const node = find(key);
        if (node == nullptr) return;
        const bool fits = node->is_integer() && node->as_integer()->get() >= least &&
                          node->as_integer()->get() <= most;
        if (!fits) {
            return wrong(*node,
                         key,
                         "must be a whole number from " + std::to_string(least) + " to " +
                             std::to_string(most));
        }
        into = static_cast<Integer>(node->as_integer()->get());
    }
    const toml::table* table(std::string_view key) {
        const toml::node* const node = find(key);
        if (node == nullptr) return nullptr;
        if (!node->is_table()) wrong(*node, key, "must be a table");
        return node->as_table();
    }
    const toml::array* tables(std::string_view key) {
        const toml::node* const node = find(key);
        if (node == nullptr) return nullptr;
        if (!node->is_array_of_tables()) {
            wrong(*node, key, "must be an array of tables");
            return nullptr;
        }
        return node->as_array();
    }
    void mode(std::string_view key, bool& livemode) {
        std::string text_value = livemode ? "live" : "test";
        text(key, text_value);
        if (text_value != "test" && text_value != "live") {
            wrong(*table_.get(key), key, "must be \"test\" or \"live\"");
        }
        livemode = text_value == "live";
    }

    /// Call last: whatever was not read by then is not known.
    void finish() {
        for (const auto& [key, node] : table_) {
            if (!read_.contains(std::string(key.str()))) wrong(node, key.str(), "is not known");
        }
    }
    void wrong(const toml::node& node, std::string_view key, std::string_view what) {
        if (!mistake_.empty()) return;
        mistake_ = "line " + std::to_string(node.source().begin.line) + ": " + path_ +
                   std::string(key) + " " + std::string(what);
    }

  private:
    const toml::node* find(std::string_view key) {
        read_.insert(std::string(key));
        return table_.get(key);
    }

    const toml::table& table_;
    std::string path_;
    std::string& mistake_;
    std::set<std::string> read_;
};

constexpr std::int64_t kPortMax = 65'535;
constexpr std::int64_t kBasis = 10'000;
constexpr std::size_t kNameLocation = 40;  // DE43

void read_listen(const toml::table& table, ListenSettings& listen, std::string& mistake) {
    TableReader reader(table, "listen.", mistake);
    reader.text("address", listen.address);
    reader.number("port", listen.port, 0, kPortMax);
    reader.text("certificate", listen.certificate);
    reader.text("private_key", listen.private_key);
    reader.number("threads", listen.threads, 1, 256);
    reader.finish();
}

void read_cost(const toml::table& table, ConnectorSettings& connector, std::string& mistake) {
    TableReader reader(table, "connectors.cost.", mistake);
    reader.number("interchange_bps", connector.interchange_bps, 0, kBasis);
    reader.number("scheme_bps", connector.scheme_bps, 0, kBasis);
    reader.number("markup_bps", connector.markup_bps, 0, kBasis);
    reader.finish();
}

ConnectorSettings read_connector(const toml::table& table, std::string& mistake) {
    ConnectorSettings connector;
    TableReader reader(table, "connectors.", mistake);
    reader.text("name", connector.name);
    reader.text("kind", connector.kind);
    reader.mode("mode", connector.livemode);
    reader.text("host", connector.host);
    reader.number("port", connector.port, 1, kPortMax);
    reader.flag("tls", connector.tls);
    reader.text("ca", connector.ca);
    reader.text("server_name", connector.server_name);
    reader.text("certificate", connector.certificate);
    reader.text("private_key", connector.private_key);
    reader.text("dialect", connector.dialect);
    reader.text("acquirer_id", connector.acquirer_id);
    reader.text("terminal_id", connector.terminal_id);
    reader.text("card_acceptor_id", connector.card_acceptor_id);
    reader.text("name_location", connector.name_location);
    reader.text("mcc", connector.mcc);
    std::int64_t answer_max_ms = connector.answer_max.count();
    reader.number("answer_max_ms", answer_max_ms, 10, 120'000);
    connector.answer_max = std::chrono::milliseconds(answer_max_ms);
    if (const toml::table* const cost = reader.table("cost")) {
        read_cost(*cost, connector, mistake);
    }
    reader.finish();
    if (connector.name.empty() || connector.port == 0) {
        reader.wrong(table, "name", "and connectors.port are required");
    }
    if (connector.name_location.size() != kNameLocation) {
        reader.wrong(table, "name_location", "must have 25 + 13 + 2 characters");
    }
    if (connector.kind != "card") reader.wrong(table, "kind", "must be \"card\"");
    return connector;
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
    if (const toml::table* const fx = reader.table("fx")) {
        TableReader fx_reader(*fx, "fx.", mistake);
        fx_reader.number("margin_bps", settings.fx.margin_bps, 0, 1'000);
        fx_reader.number("rates_age_max_days", settings.fx.rates_age_max_days, 1, 36'500);
        fx_reader.finish();
    }
    std::set<std::string> names;
    if (const toml::array* const list = reader.tables("connectors")) {
        for (const toml::node& node : *list) {
            settings.connectors.push_back(read_connector(*node.as_table(), mistake));
            if (!names.insert(settings.connectors.back().name).second) {
                reader.wrong(node, "connectors.name", "stands twice");
            }
        }
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
