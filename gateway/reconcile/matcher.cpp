// SPDX-License-Identifier: Apache-2.0
#include "gateway/reconcile/matcher.h"

#include "gateway/reconcile/match_notes.h"

#include <map>
#include <numeric>
#include <utility>

namespace causeway::gateway {
namespace {

using ledger::Currency;

constexpr std::array<std::string_view, kItemStatuses> kStatuses{
    "matched",
    "missing_in_file",
    "missing_in_ledger",
    "amount_mismatch",
    "fee_mismatch",
    "currency_mismatch",
    "duplicate",
    "batch_out_of_balance",
    "conversion_mismatch",
    "conversion_corrected",
};

// Signed from our side, as the line's gross and net should be.
std::int64_t expected_gross(const Expectation& expectation) {
    const std::int64_t amount = expectation.amount.minor_units();
    const bool debit = expectation.kind == ExpectationKind::refunded ||
                       expectation.kind == ExpectationKind::charged_back;
    return debit ? -amount : amount;
}

std::int64_t expected_net(const Expectation& expectation) {
    return expected_gross(expectation) - expectation.cost;
}

ExpectationKey key_of(const Expectation& expectation) {
    return {expectation.kind, expectation.provider_reference, expectation.modification_reference};
}

ItemStatus compare(const StatementLine& line, const Expectation& expectation) {
    const Currency currency = expectation.amount.currency();
    if (line.gross.currency() != currency) return ItemStatus::currency_mismatch;
    if (line.net.currency() != currency) return ItemStatus::currency_mismatch;
    const std::int64_t gross = line.gross.minor_units();
    if (gross != expected_gross(expectation)) return ItemStatus::amount_mismatch;
    const bool same_net = line.net.minor_units() == expected_net(expectation);
    return same_net && line.cost == expectation.cost ? ItemStatus::matched
                                                     : ItemStatus::fee_mismatch;
}

ItemStatus judge(const StatementLine& line,
                 const Expectation& expectation,
                 const SettledConversion& settled) {
    const std::int64_t gross = line.gross.minor_units();
    if (gross != expected_gross(expectation)) return ItemStatus::amount_mismatch;
    if (settled.gap.unexplained != 0 || fx::is_far(settled.gap, settled.conversion.settled)) {
        return ItemStatus::conversion_mismatch;
    }
    if (!settled.cost_is_as_expected()) return ItemStatus::fee_mismatch;
    return settled.is_as_told() ? ItemStatus::matched : ItemStatus::conversion_corrected;
}

bool confirms(ItemStatus status) {
    return status == ItemStatus::matched || status == ItemStatus::conversion_corrected;
}

std::string note_for(ItemStatus status, const StatementLine& line, const Expectation& expectation) {
    switch (status) {
        case ItemStatus::currency_mismatch: return currency_note(line, expectation);
        case ItemStatus::amount_mismatch: return amount_note(line, expectation);
        case ItemStatus::fee_mismatch: return fee_note(line, expectation);
        default: return {};
    }
}

Item item_of(const StatementLine& line, ItemStatus status) {
    return {.status = status,
            .row = line.row,
            .expectation_id = {},
            .provider_reference = line.provider_reference,
            .modification_reference = line.modification_reference,
            .currency = line.net.currency(),
            .ledger_net = {},
            .file_net = line.net.minor_units(),
            .note = {}};
}

class Matcher {
  public:
    explicit Matcher(std::span<const Expectation> expectations) {
        for (const Expectation& each : expectations)
            known_[key_of(each)].expectation = &each;
    }

    void take(const StatementLine& line) {
        ++match_.summary.file_rows;
        add(batches_[{line.batch, std::string(line.net.currency().code())}], line.net);
        if (line.kind == LineKind::payout) return take_payout(line);
        add_file(line.net);
        const std::optional<ExpectationKey> key = gateway::key_of(line);
        if (!key) return stranger(line);
        Known& known = known_[*key];
        if (known.first != nullptr) return duplicate(line, known);
        known.first = &line;
        if (known.expectation == nullptr) return stranger(line);
        confront(line, *known.expectation);
    }

    void take_missing(const Expectation& expectation) {
        Item item{.status = ItemStatus::missing_in_file,
                  .row = {},
                  .expectation_id = expectation.id,
                  .provider_reference = expectation.provider_reference,
                  .modification_reference = expectation.modification_reference,
                  .currency = expectation.amount.currency(),
                  .ledger_net = expected_net(expectation),
                  .file_net = {},
                  .note = missing_in_file_note(expectation)};
        add_ledger(expectation);
        put(std::move(item));
    }

    [[nodiscard]] bool has_line(const Expectation& expectation) const {
        return known_.at(key_of(expectation)).first != nullptr;
    }

    Result<Match> finish() {
        for (const auto& [batch, sides] : batches_)
            check_balance(batch.first, sides);
        for (const auto& [code, total] : totals_)
            match_.summary.totals.push_back(total);
        for (const auto& [pair, total] : conversions_)
            match_.summary.conversions.push_back(total);
        if (overflow_) {
            return Error(ErrorCode::amount_overflow, "the file's amounts add up beyond 64 bits");
        }
        return std::move(match_);
    }

  private:
    struct Known {
        const Expectation* expectation = nullptr;
        const StatementLine* first = nullptr;  // the line of this file that has the key
    };
    struct Sides {
        std::optional<Currency> currency;
        std::int64_t credits = 0;
        std::int64_t debits = 0;
    };

    void take_payout(const StatementLine& line) {
        ++match_.summary.payouts;
        if (line.net.minor_units() == 0) return;
        Known& known = known_[*gateway::key_of(line)];
        if (known.first != nullptr) return duplicate(line, known);
        known.first = &line;
        const ledger::Money amount(-line.net.minor_units(), line.net.currency());
        if (known.expectation == nullptr) {
            match_.deposits.push_back({.batch = line.batch, .amount = amount, .day = line.day});
        } else if (known.expectation->amount != amount) {
            Item item = item_of(line, ItemStatus::amount_mismatch);
            item.expectation_id = known.expectation->id;
            item.ledger_net = known.expectation->amount.minor_units();
            item.file_net = amount.minor_units();
            item.note = deposit_note(line, *known.expectation);
            put(std::move(item));
        }
    }

    void stranger(const StatementLine& line) {
        Item item = item_of(line, ItemStatus::missing_in_ledger);
        item.note = missing_in_ledger_note(line);
        put(std::move(item));
    }

    void duplicate(const StatementLine& line, const Known& known) {
        Item item = item_of(line, ItemStatus::duplicate);
        if (known.expectation != nullptr) item.expectation_id = known.expectation->id;
        item.note = repeated_note(line, *known.first);
        put(std::move(item));
    }

    void confront(const StatementLine& line, const Expectation& expectation) {
        if (expectation.confirmed && expectation.batch != line.batch) {
            Item item = item_of(line, ItemStatus::duplicate);
            item.expectation_id = expectation.id;
            item.note = confirmed_before_note(line, expectation);
            return put(std::move(item));
        }
        if (is_conversion(line, expectation)) return confront_conversion(line, expectation);
        ItemStatus status = compare(line, expectation);
        const bool withdrawn = status == ItemStatus::matched && expectation.told.has_value();
        if (withdrawn) status = ItemStatus::conversion_corrected;
        Item item = item_of(line, status);
        item.expectation_id = expectation.id;
        item.currency = expectation.amount.currency();
        item.ledger_net = expected_net(expectation);
        // The expectation's currency: what the file pays in another stands in the note.
        if (line.net.currency() != item.currency) item.file_net.reset();
        item.note = withdrawn ? correction_note(*expectation.told, line)
                              : note_for(status, line, expectation);
        add_ledger(expectation);
        put(std::move(item));
        if (!confirms(status) || expectation.confirmed) return;
        match_.confirmations.push_back({.expectation_id = expectation.id, .batch = line.batch});
        if (!withdrawn) return;
        match_.withdrawals.push_back({.expectation_id = expectation.id,
                                      .source = expectation.source,
                                      .payment_id = expectation.payment_id,
                                      .told = *expectation.told});
    }

    // The note says the amounts in both currencies; the item has none in the expectation's.
    void confront_conversion(const StatementLine& line, const Expectation& expectation) {
        Result<SettledConversion> read = read_conversion(line, expectation);
        if (!read) {
            overflow_ = true;
            return;
        }
        const ItemStatus status = judge(line, expectation, *read);
        Item item = item_of(line, status);
        item.expectation_id = expectation.id;
        item.currency = expectation.amount.currency();
        item.ledger_net = expected_net(expectation);
        item.file_net.reset();
        if (status == ItemStatus::amount_mismatch) item.note = amount_note(line, expectation);
        if (status == ItemStatus::conversion_mismatch) item.note = conversion_note(*read);
        if (status == ItemStatus::fee_mismatch) item.note = converted_fee_note(*read);
        if (status == ItemStatus::conversion_corrected) {
            item.note = correction_note(*expectation.told, line);
        }
        put(std::move(item));
        if (!confirms(status)) return add_ledger(expectation);
        count(*read, line.net);
        if (expectation.confirmed) return;
        match_.confirmations.push_back({.expectation_id = expectation.id, .batch = line.batch});
        match_.conversions.push_back(*std::move(read));
    }

    void count(const SettledConversion& settled, const ledger::Money& net) {
        const fx::ProviderConversion& it = settled.conversion;
        const Currency to = it.settled.currency();
        const Currency from = it.paid.currency();
        ConversionTotal& total =
            conversions_
                .try_emplace({std::string(from.code()), std::string(to.code())},
                             ConversionTotal{.from = from, .to = to})
                .first->second;
        ++total.items;
        add(total.paid, it.paid.minor_units());
        add(total.settled, it.settled.minor_units());
        add(total.rate, settled.gap.rate);
        add(total.rounding, settled.gap.rounding);
        std::int64_t& expected = total_in(to).ledger_net;
        if (settled.told && settled.told->settled.currency() == to) {
            add(expected, settled.told->settled.minor_units());
            return add(expected, -settled.told->cost);
        }
        add(expected, net.minor_units());
        add(expected, settled.cost_gap);
        add(expected, -settled.gap.rate);
        add(expected, -settled.gap.rounding);
    }

    void check_balance(std::string_view batch, const Sides& sides) {
        if (sides.credits == sides.debits) return;
        Item item{.status = ItemStatus::batch_out_of_balance,
                  .row = {},
                  .expectation_id = {},
                  .provider_reference = std::string(batch),
                  .modification_reference = {},
                  .currency = *sides.currency,
                  .ledger_net = 0,
                  .file_net = sides.credits - sides.debits,
                  .note = balance_note(std::string(batch),
                                       {sides.credits, *sides.currency},
                                       {sides.debits, *sides.currency})};
        put(std::move(item));
    }

    void add(Sides& sides, const ledger::Money& net) {
        sides.currency = net.currency();
        const std::int64_t amount = net.minor_units();
        add(amount < 0 ? sides.debits : sides.credits, amount < 0 ? -amount : amount);
    }
    void add(std::int64_t& sum, std::int64_t amount) {
        if (__builtin_add_overflow(sum, amount, &sum)) overflow_ = true;
    }
    void add_file(const ledger::Money& net) {
        add(total_in(net.currency()).file_net, net.minor_units());
    }
    void add_ledger(const Expectation& expectation) {
        add(total_in(expectation.amount.currency()).ledger_net, expected_net(expectation));
    }
    CurrencyTotal& total_in(const Currency& currency) {
        return totals_
            .try_emplace(std::string(currency.code()), CurrencyTotal{.currency = currency})
            .first->second;
    }
    void put(Item item) {
        ++match_.summary.counts[static_cast<std::size_t>(item.status)];
        match_.items.push_back(std::move(item));
    }

    std::map<ExpectationKey, Known> known_;
    std::map<std::pair<std::string, std::string>, Sides> batches_;
    std::map<std::string, CurrencyTotal> totals_;
    std::map<std::pair<std::string, std::string>, ConversionTotal> conversions_;
    Match match_;
    bool overflow_ = false;
};

}  // namespace

std::string_view to_string(ItemStatus status) noexcept {
    return kStatuses[static_cast<std::size_t>(status)];
}

Result<ItemStatus> parse_item_status(std::string_view text) {
    for (std::size_t i = 0; i < kStatuses.size(); ++i)
        if (kStatuses[i] == text) return static_cast<ItemStatus>(i);
    return Error(ErrorCode::not_found, "there is no class '" + std::string(text) + "'");
}

std::int64_t MatchSummary::exceptions() const noexcept {
    return std::accumulate(counts.begin(), counts.end(), -count(ItemStatus::matched));
}

std::optional<ExpectationKind> expected_kind(LineKind kind) noexcept {
    switch (kind) {
        case LineKind::settled: return ExpectationKind::settled;
        case LineKind::refunded: return ExpectationKind::refunded;
        case LineKind::charged_back: return ExpectationKind::charged_back;
        case LineKind::chargeback_reversed: return ExpectationKind::chargeback_reversed;
        case LineKind::payout: return ExpectationKind::deposit;
        default: return std::nullopt;
    }
}

std::optional<ExpectationKey> key_of(const StatementLine& line) {
    const std::optional<ExpectationKind> kind = expected_kind(line.kind);
    if (!kind) return std::nullopt;
    if (*kind == ExpectationKind::deposit) {
        return ExpectationKey{*kind, line.batch, std::string(line.net.currency().code())};
    }
    return ExpectationKey{*kind, line.provider_reference, line.modification_reference};
}

std::set<Day> coverage(std::span<const StatementLine> lines) {
    std::set<Day> of_payments;
    std::set<Day> of_all;
    for (const StatementLine& line : lines) {
        of_all.insert(line.day);
        const bool payment = line.kind == LineKind::settled || line.kind == LineKind::refunded;
        if (payment) of_payments.insert(line.day);
    }
    return of_payments.empty() ? of_all : of_payments;
}

Result<Match> match(std::span<const StatementLine> lines,
                    std::span<const Expectation> expectations) {
    Matcher matcher(expectations);
    for (const StatementLine& line : lines)
        matcher.take(line);
    const std::set<Day> days = coverage(lines);
    std::set<std::string_view> batches;
    for (const StatementLine& line : lines)
        batches.insert(line.batch);
    for (const Expectation& each : expectations) {
        if (each.kind == ExpectationKind::deposit || !days.contains(each.day)) continue;
        const bool foreign = each.confirmed && !batches.contains(each.batch);
        if (!foreign && !matcher.has_line(each)) matcher.take_missing(each);
    }
    return matcher.finish();
}

}  // namespace causeway::gateway
