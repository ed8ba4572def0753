// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/entry_rules.h"

#include "ledger/store/text.h"

#include <algorithm>
#include <string>

namespace causeway::ledger {
namespace {

bool resolves(EntryType type) {
    return type == EntryType::post_pending || type == EntryType::void_pending;
}

Result<void> check_type(const Entry& entry) {
    const auto refuse = [&](Refusal refusal) { return refused(refusal, about(entry.id)); };
    const bool known = entry.type == EntryType::posting || entry.type == EntryType::pending ||
                       resolves(entry.type);
    if (!known) return refuse(Refusal::type_not_allowed);
    if (resolves(entry.type) && !entry.pending) return refuse(Refusal::pending_not_named);
    if (!resolves(entry.type) && entry.pending) return refuse(Refusal::pending_not_allowed);
    if (entry.type != EntryType::pending && entry.expires) {
        return refuse(Refusal::expiry_not_allowed);
    }
    return {};
}

Result<void> check_texts(const Entry& entry) {
    if (entry.kind.empty()) return refused(Refusal::no_kind, about(entry.id));
    if (entry.kind.size() > kKindBytesMax || entry.reference.size() > kReferenceBytesMax) {
        return refused(Refusal::text_too_long, about(entry.id));
    }
    if (!is_storable(entry.kind) || !is_storable(entry.reference)) {
        return refused(Refusal::text_not_storable, about(entry.id));
    }
    for (const Line& line : entry.lines) {
        const Result<void> owner = check_owner(line.account);
        if (!owner) return owner.error();
    }
    return {};
}

}  // namespace

Result<void> check_owner(const AccountKey& account) {
    const std::string_view purpose = to_string(account.purpose);
    if (account.owner.empty()) return refused(Refusal::no_owner, purpose);
    if (account.owner.size() > kOwnerBytesMax) return refused(Refusal::text_too_long, purpose);
    if (!is_storable(account.owner)) return refused(Refusal::text_not_storable, purpose);
    return {};
}

std::string about(const Uuid& id, std::string_view why) {
    std::string text = to_text("je", id);
    if (!why.empty()) {
        text += ", ";
        text += why;
    }
    return text;
}

std::string about(const AccountKey& account) {
    std::string text = account.owner;
    text += ' ';
    text += to_string(account.purpose);
    text += ' ';
    text += account.currency.code();
    return text;
}

Result<void> EntryRules::check(const Entry& entry) {
    const Result<void> type = check_type(entry);
    if (!type) return type.error();
    const Result<void> texts = check_texts(entry);
    if (!texts) return texts.error();
    return check_lines(entry);
}

Result<void> EntryRules::check_lines(const Entry& entry) {
    if (entry.type == EntryType::void_pending) {
        if (entry.lines.empty()) return {};
        return refused(Refusal::lines_not_allowed, about(entry.id));
    }
    if (entry.type == EntryType::post_pending && entry.lines.empty()) return {};
    if (entry.lines.size() < 2) return refused(Refusal::too_few_lines, about(entry.id));
    if (entry.lines.size() > kLinesMax) return refused(Refusal::too_many_lines, about(entry.id));
    for (const Line& line : entry.lines) {
        if (line.minor_units == 0) return refused(Refusal::zero_line, about(entry.id));
        // Its negative does not exist.
        if (line.minor_units == INT64_MIN) {
            return refused(Refusal::balance_overflow, about(entry.id, about(line.account)));
        }
    }
    return check_sums(entry);
}

Result<void> EntryRules::check_sums(const Entry& entry) {
    sums_.clear();
    for (const Line& line : entry.lines) {
        const Fund fund = fund_of(line.account.purpose);
        const Currency currency = line.account.currency;
        const auto same = [&](const Sum& sum) {
            return sum.fund == fund && sum.currency == currency;
        };
        const auto sum = std::ranges::find_if(sums_, same);
        if (sum == sums_.end()) {
            sums_.push_back({.fund = fund, .currency = currency, .minor_units = line.minor_units});
        } else {
            sum->minor_units += line.minor_units;
        }
    }
    for (const Sum& sum : sums_) {
        if (sum.minor_units == 0) continue;
        const std::string fund = sum.fund == Fund::client ? "client" : "own";
        return refused(
            Refusal::unbalanced,
            about(entry.id,
                  std::string(sum.currency.code()) + " does not balance in the " + fund + " fund"));
    }
    return {};
}

}  // namespace causeway::ledger
