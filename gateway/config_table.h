// SPDX-License-Identifier: Apache-2.0
//
// Reads one table of the configuration, whatever it is about. For config*.cpp alone.
#pragma once

#include "connectors/settings.h"
#include "ledger/result.h"

#define TOML_EXCEPTIONS 0
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <toml++/toml.h>
#include <utility>
#include <vector>

namespace causeway::gateway {

inline int line_of(const toml::node& node) {
    return static_cast<int>(node.source().begin.line);
}

/// Nothing for what no connector can read: a table, a date, a fraction, a mixed list.
inline std::optional<connectors::Setting> to_setting(const toml::node& node) {
    connectors::Setting setting;
    setting.line = line_of(node);
    if (const auto* const text = node.as_string()) {
        setting.value = text->get();
    } else if (const auto* const number = node.as_integer()) {
        setting.value = number->get();
    } else if (const auto* const flag = node.as_boolean()) {
        setting.value = flag->get();
    } else if (const auto* const list = node.as_array()) {
        std::vector<std::string> texts;
        for (const toml::node& one : *list) {
            if (!one.is_string()) return std::nullopt;
            texts.push_back(one.as_string()->get());
        }
        setting.value = std::move(texts);
    } else {
        return std::nullopt;
    }
    return setting;
}

/// Reads the keys of one table, remembers the first mistake, and knows which keys nobody read.
///
/// Lifetime: of `table` and `mistake`.
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
    void texts(std::string_view key, std::vector<std::string>& into) {
        const toml::node* const node = find(key);
        if (node == nullptr) return;
        std::optional<connectors::Setting> setting = to_setting(*node);
        auto* const list =
            setting ? std::get_if<std::vector<std::string>>(&setting->value) : nullptr;
        if (list == nullptr) return wrong(*node, key, "must be a list of texts in quotes");
        into = std::move(*list);
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
    std::vector<std::int64_t> numbers(std::string_view key, std::int64_t least, std::int64_t most) {
        std::vector<std::int64_t> all;
        const toml::node* const node = find(key);
        if (node == nullptr) return all;
        const toml::array* const list = node->as_array();
        for (std::size_t at = 0; list != nullptr && at < list->size(); ++at) {
            const auto* const number = list->get(at)->as_integer();
            if (number == nullptr || number->get() < least || number->get() > most) break;
            all.push_back(number->get());
        }
        if (list == nullptr || all.size() != list->size()) {
            wrong(*node,
                  key,
                  "must be a list of whole numbers from " + std::to_string(least) + " to " +
                      std::to_string(most));
        }
        return all;
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
    /// What nobody has read yet, for a connector of whatever kind to read.
    connectors::SettingsTable rest() {
        connectors::SettingsTable rest;
        rest.line = line_of(table_);
        for (const auto& [key, node] : table_) {
            if (read_.contains(std::string(key.str()))) continue;
            std::optional<connectors::Setting> setting = to_setting(node);
            if (!setting) return wrong_kind(node, key.str());
            rest.settings.emplace(key.str(), *std::move(setting));
        }
        return rest;
    }
    void mistaken(const Error& error) {
        if (mistake_.empty()) mistake_ = error.detail();
    }
    void wrong(const toml::node& node, std::string_view key, std::string_view what) {
        if (!mistake_.empty()) return;
        mistake_ = "line " + std::to_string(node.source().begin.line) + ": " + path_ +
                   std::string(key) + " " + std::string(what);
    }

  private:
    connectors::SettingsTable wrong_kind(const toml::node& node, std::string_view key) {
        wrong(node, key, "is not known, or not a value that a connector can have");
        return {};
    }
    const toml::node* find(std::string_view key) {
        read_.insert(std::string(key));
        return table_.get(key);
    }

    const toml::table& table_;
    std::string path_;
    std::string& mistake_;
    std::set<std::string> read_;
};

}  // namespace causeway::gateway
