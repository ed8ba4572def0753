// SPDX-License-Identifier: Apache-2.0
#include "gateway/reconcile/reconcile_store.h"

#include "gateway/store/gather.h"

#include <utility>

namespace causeway::gateway {
namespace {

using ledger::Currency;
using ledger::Row;
using ledger::Transaction;

constexpr std::string_view kOpen = "open";
constexpr std::string_view kConfirmed = "confirmed";

// taken_* came with the step of the positions, told_* with that of the told conversions.
constexpr std::string_view kSelectExpectation =
    "SELECT expectation_id, connector, kind, provider_reference, modification_reference, source, "
    "payment_id, amount, currency, cost, day, status, batch, run_id, created_us, taken_amount, "
    "taken_currency, told_amount, told_currency, told_rate, told_cost, told_entry "
    "FROM expectations ";

constexpr std::string_view kSelectRun =
    "SELECT run_id, profile, connector, file_name, file_sha256, report, created_us "
    "FROM reconciliation_runs ";

constexpr std::string_view kSelectItem =
    "SELECT item_id, run_id, status, file_row, expectation_id, provider_reference, "
    "modification_reference, currency, ledger_net, file_net, note, created_us "
    "FROM reconciliation_items ";

Result<std::optional<ToldSettlement>> told_from(const Row& row) {
    if (row.is_null(17)) return std::optional<ToldSettlement>();
    const Result<Currency> currency = Currency::from_code(row.text(18));
    if (!currency) return currency.error();
    return std::optional(ToldSettlement{.settled = ledger::Money(row.integer(17), *currency),
                                        .rate = std::string(row.text(19)),
                                        .cost = row.integer(20),
                                        .entry = row.uuid(21)});
}

Result<Expectation> expectation_from(const Row& row) {
    const Result<ExpectationKind> kind = parse_expectation_kind(row.text(2));
    if (!kind) return kind.error();
    const Result<Currency> currency = Currency::from_code(row.text(8));
    if (!currency) return currency.error();
    std::optional<ledger::Money> taken_for;
    if (!row.is_null(15)) {
        const Result<Currency> taken_in = Currency::from_code(row.text(16));
        if (!taken_in) return taken_in.error();
        taken_for.emplace(row.integer(15), *taken_in);
    }
    Result<std::optional<ToldSettlement>> told = told_from(row);
    if (!told) return told.error();
    return Expectation{
        .id = row.uuid(0),
        .connector = std::string(row.text(1)),
        .kind = *kind,
        .provider_reference = std::string(row.text(3)),
        .modification_reference = std::string(row.text(4)),
        .source = std::string(row.text(5)),
        .payment_id = row.maybe_uuid(6),
        .amount = ledger::Money(row.integer(7), *currency),
        .cost = row.integer(9),
        .day = Day(std::chrono::days(row.integer(10))),
        .confirmed = row.text(11) == kConfirmed,
        .batch = std::string(row.text(12)),
        .run_id = row.maybe_uuid(13),
        .created = row.moment(14),
        .taken_for = taken_for,
        .told = *std::move(told),
    };
}

// Without its exceptions and its mode, which stand elsewhere.
Result<ReconciliationRun> run_from(const Row& row) {
    const Result<MatchSummary> summary = parse_summary(row.text(5));
    if (!summary) return summary.error();
    return ReconciliationRun{
        .id = row.uuid(0),
        .profile = std::string(row.text(1)),
        .connector = std::string(row.text(2)),
        .file_name = std::string(row.text(3)),
        .file_sha256 = std::string(row.text(4)),
        .summary = *summary,
        .exceptions = {},
        .created = row.moment(6),
    };
}

Result<ReconciliationItem> item_from(const Row& row) {
    const Result<ItemStatus> status = parse_item_status(row.text(2));
    if (!status) return status.error();
    const Result<Currency> currency = Currency::from_code(row.text(7));
    if (!currency) return currency.error();
    return ReconciliationItem{
        .id = row.uuid(0),
        .run_id = row.uuid(1),
        .item = {.status = *status,
                 .row = row.maybe_integer(3),
                 .expectation_id = row.maybe_uuid(4),
                 .provider_reference = std::string(row.text(5)),
                 .modification_reference = std::string(row.text(6)),
                 .currency = *currency,
                 .ledger_net = row.maybe_integer(8),
                 .file_net = row.maybe_integer(9),
                 .note = std::string(row.text(10))},
        .created = row.moment(11),
    };
}

Result<void> insert_item(Transaction& transaction, const ReconciliationItem& stored) {
    const Item& item = stored.item;
    return transaction.defer(
        "INSERT INTO reconciliation_items (item_id, run_id, status, file_row, expectation_id, "
        "provider_reference, modification_reference, currency, ledger_net, file_net, note, "
        "created_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        {stored.id,
         stored.run_id,
         to_string(item.status),
         item.row,
         item.expectation_id,
         item.provider_reference,
         item.modification_reference,
         item.currency.code(),
         item.ledger_net,
         item.file_net,
         item.note,
         stored.created});
}

}  // namespace

Result<void> insert_expectation(Transaction& transaction, const Expectation& expectation) {
    const Currency currency = expectation.amount.currency();
    const std::optional<ledger::Money>& taken = expectation.taken_for;
    const auto taken_currency = taken ? taken->currency() : currency;
    return transaction.defer(
        "INSERT INTO expectations (expectation_id, connector, kind, provider_reference, "
        "modification_reference, source, payment_id, amount, currency, cost, day, status, "
        "created_us, taken_amount, taken_currency) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        {expectation.id,
         expectation.connector,
         to_string(expectation.kind),
         expectation.provider_reference,
         expectation.modification_reference,
         expectation.source,
         expectation.payment_id,
         expectation.amount.minor_units(),
         currency.code(),
         expectation.cost,
         std::int64_t{expectation.day.time_since_epoch().count()},
         kOpen,
         expectation.created,
         taken ? ledger::Value(taken->minor_units()) : ledger::Value(nullptr),
         taken ? ledger::Value(taken_currency.code()) : ledger::Value(nullptr)});
}

Result<bool> correct_expectation(Transaction& transaction,
                                 const ExpectationCorrection& correction) {
    const Result<std::int64_t> changed = transaction.execute(
        "UPDATE expectations SET modification_reference = $1, cost = $2, day = $3 "
        "WHERE connector = $4 AND provider_reference = $5 AND source = $6 AND kind = $7 "
        "AND status = $8",
        {correction.modification_reference,
         correction.cost,
         std::int64_t{correction.day.time_since_epoch().count()},
         correction.connector,
         correction.provider_reference,
         correction.source,
         to_string(ExpectationKind::settled),
         kOpen});
    if (!changed) return changed.error();
    return *changed > 0;
}

Result<void> give_expectation(Transaction& transaction,
                              const ExpectationName& name,
                              const Uuid& payment) {
    const Result<std::int64_t> changed = transaction.execute(
        "UPDATE expectations SET payment_id = $1 WHERE connector = $2 AND provider_reference = $3 "
        "AND source = $4 AND kind = $5",
        {payment,
         name.connector,
         name.provider_reference,
         name.source,
         to_string(ExpectationKind::settled)});
    if (!changed) return changed.error();
    return {};
}

Result<std::vector<Expectation>> expectations_named(Transaction& transaction,
                                                    std::string_view connector,
                                                    std::string_view provider_reference,
                                                    std::string_view modification_reference) {
    Gather<Expectation> gather(&expectation_from);
    return gather.take(transaction.query(
        std::string(kSelectExpectation) +
            "WHERE connector = $1 AND provider_reference = $2 AND modification_reference = $3 "
            "ORDER BY expectation_id /*locked*/",
        {connector, provider_reference, modification_reference},
        gather.each()));
}

Result<std::vector<Expectation>> payment_expectations_on(Transaction& transaction,
                                                         std::string_view connector,
                                                         Day day) {
    Gather<Expectation> gather(&expectation_from);
    return gather.take(transaction.query(std::string(kSelectExpectation) +
                                             "WHERE connector = $1 AND day = $2 AND kind <> $3 "
                                             "ORDER BY expectation_id /*locked*/",
                                         {connector,
                                          std::int64_t{day.time_since_epoch().count()},
                                          to_string(ExpectationKind::deposit)},
                                         gather.each()));
}

Result<void> confirm_expectation(Transaction& transaction,
                                 const Confirmation& confirmation,
                                 const Uuid& run_id) {
    const Result<std::int64_t> changed = transaction.execute(
        "UPDATE expectations SET status = $1, batch = $2, run_id = $3 "
        "WHERE expectation_id = $4 AND status = $5",
        {kConfirmed, confirmation.batch, run_id, confirmation.expectation_id, kOpen});
    if (!changed) return changed.error();
    if (*changed == 1) return {};
    return Error(ErrorCode::conflict, "the expectation is not open");
}

Result<void> tell_expectation(Transaction& transaction,
                              const Uuid& expectation_id,
                              const std::optional<ToldSettlement>& told) {
    if (!told) {
        return transaction.defer(
            "UPDATE expectations SET told_amount = NULL, told_currency = NULL, told_rate = NULL, "
            "told_cost = NULL, told_entry = NULL WHERE expectation_id = $1",
            {expectation_id});
    }
    const Currency currency = told->settled.currency();
    return transaction.defer(
        "UPDATE expectations SET told_amount = $1, told_currency = $2, told_rate = $3, "
        "told_cost = $4, told_entry = $5 WHERE expectation_id = $6",
        {told->settled.minor_units(),
         currency.code(),
         told->rate,
         told->cost,
         told->entry,
         expectation_id});
}

Result<std::vector<std::string>> connectors_with_expectations(Transaction& transaction) {
    // One step in the index a connector, where a DISTINCT would read all of it.
    std::vector<std::string> names;
    std::string last;
    for (bool more = true; more;) {
        more = false;
        const Result<void> queried =
            transaction.query("SELECT MIN(connector) FROM expectations WHERE connector > $1",
                              {last},
                              [&names, &more](const Row& row) {
                                  if (row.is_null(0)) return;
                                  names.emplace_back(row.text(0));
                                  more = true;
                              });
        if (!queried) return queried.error();
        if (more) last = names.back();
    }
    return names;
}

Result<bool> connector_is_live(Transaction& transaction, std::string_view connector) {
    bool live = false;
    const Result<void> queried = transaction.query(
        "SELECT p.livemode FROM expectations e JOIN payments p ON p.payment_id = e.payment_id "
        "WHERE e.connector = $1 LIMIT 1",
        {connector},
        [&live](const Row& row) { live = row.integer(0) != 0; });
    if (!queried) return queried.error();
    return live;
}

Result<bool> payment_is_live(Transaction& transaction, const std::optional<Uuid>& payment) {
    bool live = false;
    if (!payment) return live;
    const Result<void> queried = transaction.query(
        "SELECT livemode FROM payments WHERE payment_id = $1", {*payment}, [&live](const Row& row) {
            live = row.integer(0) != 0;
        });
    if (!queried) return queried.error();
    return live;
}

Result<void> insert_run(Transaction& transaction, const ReconciliationRun& run) {
    Result<void> inserted = transaction.defer(
        "INSERT INTO reconciliation_runs (run_id, profile, connector, file_name, file_sha256, "
        "status, report, created_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        {run.id,
         run.profile,
         run.connector,
         run.file_name,
         run.file_sha256,
         "completed",
         summary_text(run.summary),
         run.created});
    if (!inserted) return inserted;
    for (const ReconciliationItem& item : run.exceptions) {
        Result<void> stored = insert_item(transaction, item);
        if (!stored) return stored;
    }
    return {};
}

Result<std::optional<Uuid>> find_run(Transaction& transaction,
                                     std::string_view connector,
                                     std::string_view file_sha256) {
    std::optional<Uuid> found;
    const Result<void> queried = transaction.query(
        "SELECT run_id FROM reconciliation_runs WHERE connector = $1 AND file_sha256 = $2",
        {connector, file_sha256},
        [&found](const Row& row) { found = row.uuid(0); });
    if (!queried) return queried.error();
    return found;
}

Result<ReconciliationRun> load_run(Transaction& transaction, const Uuid& run_id) {
    Gather<ReconciliationRun> runs(&run_from);
    Result<std::vector<ReconciliationRun>> found = runs.take(
        transaction.query(std::string(kSelectRun) + "WHERE run_id = $1", {run_id}, runs.each()));
    if (!found) return found.error();
    if (found->empty()) {
        return Error(ErrorCode::not_found, to_text("rec", run_id) + " does not exist");
    }
    ReconciliationRun run = std::move(found->front());
    const Result<bool> live = connector_is_live(transaction, run.connector);
    if (!live) return live.error();
    run.livemode = *live;
    Gather<ReconciliationItem> items(&item_from);
    Result<std::vector<ReconciliationItem>> taken = items.take(transaction.query(
        std::string(kSelectItem) + "WHERE run_id = $1 ORDER BY item_id", {run_id}, items.each()));
    if (!taken) return taken.error();
    run.exceptions = std::move(*taken);
    return run;
}

Result<std::vector<ReconciliationItem>> list_exceptions(Transaction& transaction,
                                                        std::optional<ItemStatus> status) {
    Gather<ReconciliationItem> gather(&item_from);
    const std::string select(kSelectItem);
    return gather.take(status ? transaction.query(select + "WHERE status = $1 ORDER BY item_id",
                                                  {to_string(*status)},
                                                  gather.each())
                              : transaction.query(select + "ORDER BY item_id", {}, gather.each()));
}

}  // namespace causeway::gateway
