// SPDX-License-Identifier: Apache-2.0
#include "connectors/settings.h"

namespace causeway::connectors {

const Setting* SettingsReader::find(std::string_view key) {
    read_.insert(std::string(key));
    const auto at = table_.settings.find(key);
    return at == table_.settings.end() ? nullptr : &at->second;
}

void SettingsReader::wrong(std::string_view key, std::string_view what) {
    if (!mistake_.empty()) return;
    const auto at = table_.settings.find(key);
    const int line = at == table_.settings.end() ? table_.line : at->second.line;
    mistake_ = "line " + std::to_string(line) + ": connectors." + std::string(key) + " " +
               std::string(what);
}

void SettingsReader::text(std::string_view key, std::string& into) {
    const Setting* const setting = find(key);
    if (setting == nullptr) return;
    const auto* const value = std::get_if<std::string>(&setting->value);
    if (value == nullptr) return wrong(key, "must be a text in quotes");
    into = *value;
}

void SettingsReader::texts(std::string_view key, std::vector<std::string>& into) {
    const Setting* const setting = find(key);
    if (setting == nullptr) return;
    const auto* const value = std::get_if<std::vector<std::string>>(&setting->value);
    if (value == nullptr) return wrong(key, "must be a list of texts in quotes");
    into = *value;
}

void SettingsReader::flag(std::string_view key, bool& into) {
    const Setting* const setting = find(key);
    if (setting == nullptr) return;
    const auto* const value = std::get_if<bool>(&setting->value);
    if (value == nullptr) return wrong(key, "must be true or false");
    into = *value;
}

void SettingsReader::number(std::string_view key,
                            std::int64_t& into,
                            std::int64_t least,
                            std::int64_t most) {
    const Setting* const setting = find(key);
    if (setting == nullptr) return;
    const auto* const value = std::get_if<std::int64_t>(&setting->value);
    if (value == nullptr || *value < least || *value > most) {
        return wrong(
            key,
            "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    }
    into = *value;
}

Result<void> SettingsReader::finish() {
    for (const auto& [key, setting] : table_.settings) {
        if (!read_.contains(key)) wrong(key, "is not known");
    }
    if (mistake_.empty()) return {};
    return Error(ErrorCode::invalid_argument, mistake_);
}

}  // namespace causeway::connectors
