// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/postgres/fate.h"

#include <algorithm>
#include <array>

namespace causeway::ledger::postgres {
namespace {

struct Rule {
    std::string_view prefix;
    Fate fate;
};

// The first that fits counts.
constexpr std::array kRules{
    Rule{"23", Fate::conflict},       // integrity constraint violation
    Rule{"22021", Fate::unstorable},  // character not in repertoire
    Rule{"22P05", Fate::unstorable},  // untranslatable character
    Rule{"54000", Fate::unstorable},  // program limit exceeded: too long for an index
    Rule{"40001", Fate::again},       // serialization failure
    Rule{"40P01", Fate::again},       // deadlock detected
    Rule{"55P03", Fate::again},       // lock not available: lock_timeout
    Rule{"57014", Fate::again},       // query canceled: statement_timeout, or somebody did
    Rule{"40003", Fate::lost},        // statement completion unknown
    Rule{"08", Fate::lost},           // connection exception
    Rule{"57P", Fate::lost},          // shutdown, crash, can not connect now
    Rule{"53300", Fate::lost},        // too many connections
    Rule{"25P03", Fate::lost},        // idle in transaction for too long
    Rule{"25006", Fate::lost},        // read only: a standby, or a server that became one
    Rule{"42501", Fate::broken},      // insufficient privilege
    Rule{"42", Fate::bug},            // syntax error or access rule violation
    Rule{"0A", Fate::bug},            // feature not supported
    Rule{"21", Fate::bug},            // cardinality violation
    Rule{"22", Fate::bug},            // data exception
    Rule{"25", Fate::bug},            // invalid transaction state
    Rule{"26", Fate::bug},            // invalid statement name
    Rule{"54", Fate::bug},            // statement too complex, too many columns
};

}  // namespace

Fate fate_of(std::string_view sqlstate) noexcept {
    if (sqlstate.empty()) return Fate::lost;
    const auto* const rule = std::ranges::find_if(
        kRules, [sqlstate](const Rule& it) { return sqlstate.starts_with(it.prefix); });
    return rule == kRules.end() ? Fate::broken : rule->fate;
}

}  // namespace causeway::ledger::postgres
