// SPDX-License-Identifier: Apache-2.0
//
// One connector's table of the configuration, whatever file format it came from.
//
// Each kind of connector reads its own keys. A key that nobody read is a mistake, as in the rest
// of the configuration: a misspelt limit is no limit.
#pragma once

#include "ledger/result.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace causeway::connectors {

/// `line` is where it stands in the file, for the message about a mistake.
struct Setting {
    std::variant<std::string, std::int64_t, bool, std::vector<std::string>> value;
    int line = 0;
};

struct SettingsTable {
    int line = 0;
    std::map<std::string, Setting, std::less<>> settings;
};

/// Reads the keys of one table, remembers the first mistake, and knows which keys nobody read.
/// What is not there leaves its default as it is.
///
/// Lifetime: within that of the table.
class SettingsReader {
  public:
    explicit SettingsReader(const SettingsTable& table) : table_(table) {}

    void text(std::string_view key, std::string& into);
    void texts(std::string_view key, std::vector<std::string>& into);
    void flag(std::string_view key, bool& into);
    void number(std::string_view key, std::int64_t& into, std::int64_t least, std::int64_t most);

    /// The table as a whole is wrong, or the key if it stands there.
    void wrong(std::string_view key, std::string_view what);

    /// Call last. Errors: `invalid_argument`: "line 7: connectors.prot is not known".
    [[nodiscard]] Result<void> finish();

  private:
    const Setting* find(std::string_view key);

    const SettingsTable& table_;
    std::set<std::string, std::less<>> read_;
    std::string mistake_;
};

}  // namespace causeway::connectors
