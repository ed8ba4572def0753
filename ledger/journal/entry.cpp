// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/entry.h"

#include <array>
#include <cstddef>

namespace causeway::ledger {
namespace {

struct Term {
    std::string_view name;
    bool AccountTerms::*on;
    std::int64_t bit;
};

// In alphabetical order of the names.
constexpr std::array kTerms{
    Term{.name = "closed", .on = &AccountTerms::closed, .bit = 4},
    Term{.name = "credits_within_debits", .on = &AccountTerms::credits_within_debits, .bit = 2},
    Term{.name = "currency_fixed", .on = &AccountTerms::currency_fixed, .bit = 8},
    Term{.name = "debits_within_credits", .on = &AccountTerms::debits_within_credits, .bit = 1},
};

// Adds `change` to `sum`; false when the result leaves [0, 2^63).
bool add(std::int64_t& sum, std::int64_t change) noexcept {
    std::int64_t result = 0;
    if (__builtin_add_overflow(sum, change, &result) || result < 0) return false;
    sum = result;
    return true;
}

// None of the three is negative.
std::int64_t left_of(std::int64_t limit, std::int64_t used, std::int64_t pending) noexcept {
    std::int64_t left = 0;
    return __builtin_sub_overflow(limit - used, pending, &left) ? INT64_MIN : left;
}

}  // namespace

std::string_view to_string(EntryType type) noexcept {
    switch (type) {
        case EntryType::posting: return "posting";
        case EntryType::pending: return "pending";
        case EntryType::post_pending: return "post_pending";
        case EntryType::void_pending: return "void_pending";
        case EntryType::expire_pending: return "expire_pending";
        case EntryType::account_terms: return "account_terms";
    }
    return "unlisted_entry_type";
}

std::int64_t Balance::available_to_debit() const noexcept {
    return left_of(credits, debits, pending_debits);
}

std::int64_t Balance::available_to_credit() const noexcept {
    return left_of(debits, credits, pending_credits);
}

bool apply(Balance& balance, EntryType type, std::int64_t minor_units) noexcept {
    // The negative of the smallest number is none.
    if (minor_units == INT64_MIN) return false;
    Balance sum = balance;
    const bool debit = minor_units > 0;
    const std::int64_t amount = debit ? minor_units : -minor_units;
    std::int64_t& posted = debit ? sum.debits : sum.credits;
    std::int64_t& pending = debit ? sum.pending_debits : sum.pending_credits;
    bool fits = true;
    switch (type) {
        case EntryType::posting: fits = add(posted, amount); break;
        case EntryType::pending: fits = add(pending, amount); break;
        case EntryType::post_pending: fits = add(pending, -amount) && add(posted, amount); break;
        case EntryType::void_pending:
        case EntryType::expire_pending: fits = add(pending, -amount); break;
        case EntryType::account_terms: break;
    }
    if (fits) balance = sum;
    return fits;
}

std::string to_text(const AccountTerms& terms) {
    std::string text;
    for (const Term& term : kTerms) {
        if (!(terms.*term.on)) continue;
        if (!text.empty()) text += ',';
        text += term.name;
    }
    return text.empty() ? "none" : text;
}

Result<AccountTerms> parse_terms(std::string_view text) {
    AccountTerms terms;
    if (text == "none") return terms;
    std::string_view rest = text;
    while (true) {
        const std::size_t comma = rest.find(',');
        const std::string_view name = rest.substr(0, comma);
        bool known = false;
        for (const Term& term : kTerms) {
            if (term.name != name || terms.*term.on) continue;
            terms.*term.on = true;
            known = true;
        }
        if (!known) {
            return Error(ErrorCode::invalid_argument, "no terms: " + std::string(text));
        }
        if (comma == std::string_view::npos) return terms;
        rest.remove_prefix(comma + 1);
    }
}

std::int64_t to_bits(const AccountTerms& terms) noexcept {
    std::int64_t bits = 0;
    for (const Term& term : kTerms)
        bits |= terms.*term.on ? term.bit : 0;
    return bits;
}

AccountTerms terms_from_bits(std::int64_t bits) noexcept {
    AccountTerms terms;
    for (const Term& term : kTerms)
        terms.*term.on = (bits & term.bit) != 0;
    return terms;
}

}  // namespace causeway::ledger
