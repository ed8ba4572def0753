// SPDX-License-Identifier: Apache-2.0
#include "gateway/reconcile/reconcile_run.h"

#include "gateway/reconcile/conversion_booking.h"
#include "gateway/reconcile/reconcile_store.h"

#include <optional>
#include <set>
#include <utility>

namespace causeway::gateway {
namespace {

using ledger::Transaction;

class Expectations {
  public:
    void add(std::vector<Expectation> found) {
        for (Expectation& each : found)
            if (seen_.insert(each.id).second) all_.push_back(std::move(each));
    }
    [[nodiscard]] const std::vector<Expectation>& all() const { return all_; }

  private:
    std::set<Uuid> seen_;
    std::vector<Expectation> all_;
};

// Everything that match() asks for.
Result<std::vector<Expectation>> load_expectations(Transaction& transaction,
                                                   const ReconcileOrder& order) {
    Expectations expectations;
    for (const StatementLine& line : order.lines) {
        const std::optional<ExpectationKey> key = key_of(line);
        if (!key) continue;
        Result<std::vector<Expectation>> named = expectations_named(
            transaction, order.connector, key->provider_reference, key->modification_reference);
        if (!named) return named.error();
        expectations.add(std::move(*named));
    }
    for (const Day day : coverage(order.lines)) {
        Result<std::vector<Expectation>> of_day =
            payment_expectations_on(transaction, order.connector, day);
        if (!of_day) return of_day.error();
        expectations.add(std::move(*of_day));
    }
    return expectations.all();
}

Result<Match> match_order(Transaction& transaction, const ReconcileOrder& order) {
    const Result<std::vector<Expectation>> expectations = load_expectations(transaction, order);
    if (!expectations) return expectations.error();
    return match(order.lines, *expectations);
}

ReconciliationRun run_of(const ReconcileOrder& order, const Match& match, bool livemode) {
    ReconciliationRun run{
        .id = {},
        .profile = order.profile,
        .connector = order.connector,
        .livemode = livemode,
        .file_name = order.file_name,
        .file_sha256 = order.file_sha256,
        .summary = match.summary,
        .exceptions = {},
        .created = order.now,
    };
    for (const Item& item : match.items) {
        if (item.status == ItemStatus::matched) continue;
        run.exceptions.push_back({.id = {}, .run_id = {}, .item = item, .created = order.now});
    }
    return run;
}

Expectation expected_deposit(const Deposit& deposit, const ReconciliationRun& run, const Uuid& id) {
    return {.id = id,
            .connector = run.connector,
            .kind = ExpectationKind::deposit,
            .provider_reference = deposit.batch,
            .modification_reference = std::string(deposit.amount.currency().code()),
            .source = to_text("rec", run.id),
            .payment_id = {},
            .amount = deposit.amount,
            .day = deposit.day,
            .batch = {},
            .run_id = {},
            .created = run.created};
}

Result<std::optional<ReconcileOutcome>> stored_outcome(Transaction& transaction,
                                                       const ReconcileOrder& order) {
    const Result<std::optional<Uuid>> known =
        find_run(transaction, order.connector, order.file_sha256);
    if (!known) return known.error();
    if (!*known) return std::optional<ReconcileOutcome>();
    Result<ReconciliationRun> run = load_run(transaction, **known);
    if (!run) return run.error();
    return std::optional<ReconcileOutcome>({.run = std::move(*run), .repeated = true});
}

Result<ConversionEntry> entry_about(Transaction& transaction,
                                    const ReconcileOrder& order,
                                    const std::string& source,
                                    const std::optional<Uuid>& payment) {
    const Result<bool> live = payment_is_live(transaction, payment);
    if (!live) return live.error();
    return ConversionEntry{.connector = order.connector,
                           .livemode = *live,
                           .source = source,
                           .effective = order.now,
                           .recorded = order.now};
}

// What the answer announced is booked: only its cost is left to be corrected.
Result<void> book_as_told(const ConversionBooks& books,
                          const ConversionEntry& about,
                          const SettledConversion& settled) {
    const ledger::Money more(settled.cost - settled.told->cost,
                             settled.conversion.settled.currency());
    return book_more_cost(books, about, more);
}

Result<void> book(const ConversionBooks& books,
                  const ReconcileOrder& order,
                  const SettledConversion& settled) {
    const Result<ConversionEntry> about =
        entry_about(books.body, order, settled.source, settled.payment_id);
    if (!about) return about.error();
    if (settled.told && settled.is_as_told()) return book_as_told(books, *about, settled);
    if (settled.told) {
        const Result<void> undone = undo_conversion(books, *about, settled.told->entry);
        if (!undone) return undone.error();
    }
    const Result<Uuid> entry = book_conversion(books,
                                               *about,
                                               {.conversion = settled.conversion,
                                                .gap = settled.gap,
                                                .expected_cost = settled.expected_cost,
                                                .cost = settled.cost});
    if (!entry) return entry.error();
    if (!settled.told) return {};
    // The batch may be sent again, and is to find what it said.
    const ToldSettlement now{.settled = settled.conversion.settled,
                             .rate = settled.rate,
                             .cost = settled.cost,
                             .entry = *entry};
    return tell_expectation(books.body, settled.expectation_id, now);
}

Result<void> take_back(const ConversionBooks& books,
                       const ReconcileOrder& order,
                       const Withdrawal& withdrawal) {
    const Result<ConversionEntry> about =
        entry_about(books.body, order, withdrawal.source, withdrawal.payment_id);
    if (!about) return about.error();
    const Result<void> undone = undo_conversion(books, *about, withdrawal.told.entry);
    if (!undone) return undone.error();
    return tell_expectation(books.body, withdrawal.expectation_id, std::nullopt);
}

}  // namespace

Result<ReconcileOutcome> preview_file(Transaction& transaction, const ReconcileOrder& order) {
    Result<std::optional<ReconcileOutcome>> stored = stored_outcome(transaction, order);
    if (!stored) return stored.error();
    if (*stored) return std::move(**stored);
    const Result<Match> found = match_order(transaction, order);
    if (!found) return found.error();
    const Result<bool> live = connector_is_live(transaction, order.connector);
    if (!live) return live.error();
    return ReconcileOutcome{.run = run_of(order, *found, *live)};
}

Result<ReconcileOutcome> reconcile_file(Transaction& transaction,
                                        ledger::Journal& journal,
                                        IdSource& ids,
                                        const ReconcileOrder& order) {
    Result<std::optional<ReconcileOutcome>> stored = stored_outcome(transaction, order);
    if (!stored) return stored.error();
    if (*stored) return std::move(**stored);
    const Result<Match> found = match_order(transaction, order);
    if (!found) return found.error();
    const Result<bool> live = connector_is_live(transaction, order.connector);
    if (!live) return live.error();

    ReconcileOutcome outcome{.run = run_of(order, *found, *live)};
    outcome.run.id = ids.next();
    for (ReconciliationItem& item : outcome.run.exceptions) {
        item.id = ids.next();
        item.run_id = outcome.run.id;
    }
    const Result<void> inserted = insert_run(transaction, outcome.run);
    if (!inserted) return inserted.error();
    for (const Confirmation& confirmation : found->confirmations) {
        const Result<void> done = confirm_expectation(transaction, confirmation, outcome.run.id);
        if (!done) return done.error();
    }
    const ConversionBooks books{.body = transaction, .journal = journal, .ids = ids};
    for (const SettledConversion& settled : found->conversions) {
        const Result<void> done = book(books, order, settled);
        if (!done) return done.error();
    }
    for (const Withdrawal& withdrawal : found->withdrawals) {
        const Result<void> done = take_back(books, order, withdrawal);
        if (!done) return done.error();
    }
    for (const Deposit& deposit : found->deposits) {
        const Result<void> done =
            insert_expectation(transaction, expected_deposit(deposit, outcome.run, ids.next()));
        if (!done) return done.error();
    }
    return outcome;
}

}  // namespace causeway::gateway
