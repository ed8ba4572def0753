// SPDX-License-Identifier: Apache-2.0
#include "ledger/chain/verify/form.h"

#include "ledger/store/text.h"

#include <algorithm>

namespace causeway::ledger::verifier {
namespace {

std::string_view name_of(Fund fund) {
    return fund == Fund::client ? "client" : "own";
}

}  // namespace

void FormCheck::check(const StoredEntry& entry, std::span<const AccountTable::Index> places) {
    check_texts(entry);
    check_lines(entry);
    check_sums(entry, places);
}

void FormCheck::check_texts(const StoredEntry& entry) {
    if (entry.kind.empty()) findings_.add("no_kind", verifier::name_of(entry));
    const bool fits =
        entry.kind.size() <= kKindBytesMax && entry.reference.size() <= kReferenceBytesMax;
    if (!fits || !is_storable(entry.kind) || !is_storable(entry.reference)) {
        findings_.add("malformed_text", verifier::name_of(entry));
    }
    if (entry.expires && *entry.expires <= entry.recorded) {
        findings_.add("expiry_passed", verifier::name_of(entry) + " was late when it was recorded");
    }
}

void FormCheck::check_lines(const StoredEntry& entry) {
    if (entry.type == EntryType::account_terms) {
        if (entry.lines.size() == 1 && entry.lines.front().minor_units == 0) return;
        findings_.add("broken_terms", verifier::name_of(entry) + " has lines that move money");
        return;
    }
    if (entry.lines.size() < 2 || entry.lines.size() > kLinesMax) {
        findings_.add(entry.lines.size() < 2 ? "too_few_lines" : "too_many_lines",
                      verifier::name_of(entry) + " has " + std::to_string(entry.lines.size()));
    }
    for (const StoredLine& line : entry.lines) {
        if (line.minor_units != 0) continue;
        findings_.add("zero_line", verifier::name_of(entry) + " has a line of zero");
    }
}

void FormCheck::check_sums(const StoredEntry& entry, std::span<const AccountTable::Index> places) {
    sums_.resize(accounts_.groups().size());
    for (std::size_t at = 0; at < places.size(); ++at) {
        const std::uint32_t group = accounts_.at(places[at]).group;
        if (std::ranges::find(touched_, group) == touched_.end()) touched_.push_back(group);
        sums_[group] += entry.lines[at].minor_units;
    }
    for (const std::uint32_t group : touched_) {
        if (sums_[group] != 0) {
            const SumGroup& of = accounts_.groups()[group];
            findings_.add("unbalanced_entry",
                          verifier::name_of(entry) + ": " + of.currency + " in the " +
                              std::string(name_of(of.fund)) + " fund adds up to " +
                              text(sums_[group]));
        }
        sums_[group] = 0;
    }
    touched_.clear();
}

}  // namespace causeway::ledger::verifier
