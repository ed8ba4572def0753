// SPDX-License-Identifier: Apache-2.0
#include "gateway/settlement/settlement_commands.h"

#include "gateway/cli/text_table.h"
#include "gateway/settlement/report.h"
#include "gateway/settlement/settle_run.h"
#include "gateway/settlement/settlement_event.h"
#include "gateway/settlement/settlement_store.h"
#include "ledger/digest.h"
#include "ledger/store/commit_queue.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace causeway::gateway {
namespace {

namespace json = boost::json;
using Align = TextTable::Align;

CommandOutput refuse(int exit_code, const std::string& why) {
    return {.exit_code = exit_code, .out = {}, .err = printable(why) + "\n", .files = {}};
}

CommandOutput refuse(const Error& error) {
    const bool wrong =
        error.code() == ErrorCode::invalid_argument || error.code() == ErrorCode::not_found;
    return refuse(wrong ? kExitUsage : kExitEnvironment, error.detail());
}

struct SettleScope {
    Timestamp cutoff;
    std::optional<Uuid> merchant_id;
    bool dry_run = false;
};

// "Up to now" includes this very microsecond.
Result<Timestamp> cutoff_of(const std::string& date, Timestamp now) {
    const Timestamp until_now = now + std::chrono::microseconds(1);
    if (date.empty()) return Timestamp(day_of(now));
    if (date == "today") return until_now;
    const Result<Day> day = parse_day(date);
    if (!day) {
        return Error(ErrorCode::invalid_argument,
                     "--date: '" + date + "' is neither a day (YYYY-MM-DD) nor \"today\"");
    }
    if (*day > day_of(now)) {
        return Error(
            ErrorCode::invalid_argument,
            "--date: " + date + " is in the future; today is " + to_text(day_of(now)) + " in UTC");
    }
    return std::min(Timestamp(*day + std::chrono::days(1)), until_now);
}

Result<SettleScope> scope_of(CommandContext& context, const CommandRequest& request) {
    const Result<Timestamp> cutoff = cutoff_of(request.option("date"), context.clock.now());
    if (!cutoff) return cutoff.error();
    SettleScope scope{.cutoff = *cutoff, .merchant_id = {}, .dry_run = request.flag("dry-run")};
    if (!request.flag("merchant")) return scope;

    const std::string name = request.option("merchant");
    const Result<Uuid> id = parse_id("mer", name);
    if (!id) {
        return Error(ErrorCode::invalid_argument,
                     "--merchant: '" + name + "' is not a merchant's id (mer_...)");
    }
    const Result<void> known = context.database.read([&id, &name](ledger::Transaction& snapshot) {
        const Result<bool> exists = merchant_exists(snapshot, *id);
        if (!exists) return Result<void>(exists.error());
        if (*exists) return Result<void>();
        return Result<void>(Error(ErrorCode::not_found, "--merchant: there is no " + name));
    });
    if (!known) return known.error();
    scope.merchant_id = *id;
    return scope;
}

Result<std::vector<SettlementKey>> keys_in(ledger::Database& database, const SettleScope& scope) {
    std::vector<SettlementKey> keys;
    const Result<void> read = database.read([&scope, &keys](ledger::Transaction& snapshot) {
        Result<std::vector<SettlementKey>> open =
            open_settlement_keys(snapshot, scope.cutoff, scope.merchant_id);
        if (!open) return Result<void>(open.error());
        keys = std::move(*open);
        return Result<void>();
    });
    if (!read) return read.error();
    return keys;
}

using MaybeReport = std::optional<SettlementReport>;

Result<MaybeReport> preview(ledger::Database& database, const SettleOrder& order) {
    MaybeReport report;
    const Result<void> read = database.read([&order, &report](ledger::Transaction& snapshot) {
        Result<MaybeReport> prepared = prepare_settlement(snapshot, order);
        if (!prepared) return Result<void>(prepared.error());
        report = std::move(*prepared);
        return Result<void>();
    });
    if (!read) return read.error();
    return report;
}

Result<MaybeReport> settle_one(CommandContext& context,
                               const SettlementKey& key,
                               const SettleScope& scope) {
    SettleOrder order{.key = key,
                      .cutoff = scope.cutoff,
                      .settlement_id = context.ids.next(),
                      .entry_id = context.ids.next(),
                      .now = context.clock.now()};
    if (scope.dry_run) return preview(context.database, order);
    ledger::Journal& journal = context.journal;
    IdSource& ids = context.ids;
    const Clock& clock = context.clock;
    return context.database.writer().commit<MaybeReport>(
        [&journal, &ids, &clock, order](
            ledger::Transaction& transaction) mutable -> Result<MaybeReport> {
            // Made here, in the order of the commits: the next settlement opens with the last id.
            order.settlement_id = ids.next();
            order.entry_id = ids.next();
            Result<MaybeReport> closed = close_settlement(transaction, journal, order);
            if (!closed || !*closed) return closed;
            const Result<void> told = tell_closed(transaction, ids, clock, (*closed)->settlement);
            if (!told) return told.error();
            return closed;
        });
}

std::string mode_text(const SettlementKey& key) {
    return key.livemode ? "live" : "test";
}

std::string overview(const std::vector<SettlementReport>& reports, bool dry_run) {
    TextTable table({{"SETTLEMENT"},
                     {"MERCHANT"},
                     {"MODE"},
                     {"CUR"},
                     {"LINES", Align::right},
                     {"OPENING", Align::right},
                     {"GROSS", Align::right},
                     {"REFUNDS", Align::right},
                     {"FEES", Align::right},
                     {"NET", Align::right},
                     {"CLOSING", Align::right}});
    for (const SettlementReport& report : reports) {
        const Settlement& s = report.settlement;
        const ledger::Currency& currency = s.key.currency;
        table.row({dry_run ? "(dry run)" : settlement_name(s.id),
                   merchant_name(s.key.merchant_id),
                   mode_text(s.key),
                   std::string(currency.code()),
                   std::to_string(s.line_count),
                   amount_text(s.opening_balance, currency),
                   amount_text(s.gross, currency),
                   amount_text(s.refunds, currency),
                   amount_text(s.fees, currency),
                   amount_text(s.net, currency),
                   amount_text(s.closing_balance, currency)});
    }
    return table.to_string();
}

std::string run_json(const std::vector<SettlementReport>& reports, const SettleScope& scope) {
    json::array settlements;
    for (const SettlementReport& report : reports) {
        json::object settlement = settlement_object(report);
        // Nothing was closed: there is no id to remember, and no digest of a report with it.
        if (scope.dry_run) settlement["id"] = settlement["sha256"] = nullptr;
        if (scope.dry_run) settlement["status"] = "open";
        settlements.push_back(std::move(settlement));
    }
    return json::serialize(json::object{{"object", "settle_run"},
                                        {"cutoff", to_rfc3339(scope.cutoff)},
                                        {"dry_run", scope.dry_run},
                                        {"settlements", std::move(settlements)}}) +
           "\n";
}

std::string run_text(const std::vector<SettlementReport>& reports, const SettleScope& scope) {
    const std::string until = to_rfc3339(scope.cutoff);
    if (reports.empty()) {
        return "Nothing to settle: no open balance transaction was created before " + until + ".\n";
    }
    const std::string verb = scope.dry_run ? "Would settle" : "Settled";
    return verb + " everything created before " + until + ":\n\n" +
           overview(reports, scope.dry_run);
}

std::string lines_table(const SettlementReport& report) {
    TextTable table({{"LINE", Align::right},
                     {"CREATED"},
                     {"TYPE"},
                     {"SOURCE"},
                     {"REFERENCE"},
                     {"BUYER PAID", Align::right},
                     {"RATE", Align::right},
                     {"GROSS", Align::right},
                     {"FEE", Align::right},
                     {"NET", Align::right},
                     {"BALANCE", Align::right}});
    const ledger::Currency& currency = report.settlement.key.currency;
    for (const SettlementLine& line : report.lines) {
        table.row({std::to_string(line.number),
                   to_rfc3339(line.created),
                   line.type,
                   line.source,
                   line.merchant_reference,
                   line.presentment.to_string(),
                   line.exchange_rate,
                   amount_text(line.gross, currency),
                   amount_text(line.fee, currency),
                   amount_text(line.net, currency),
                   amount_text(line.running_balance, currency)});
    }
    return table.to_string();
}

std::string show_text(const SettlementReport& report) {
    const Settlement& s = report.settlement;
    return "Settlement " + settlement_name(s.id) + " of " + merchant_name(s.key.merchant_id) +
           ", " + mode_text(s.key) + ", " + std::string(s.key.currency.code()) + "\n" + "from " +
           to_rfc3339(s.period_start) + " to before " + to_rfc3339(s.period_end) + ", value date " +
           to_text(s.value_day) + "\nsha256 of the CSV " + s.sha256 + "\n\n" +
           overview({report}, false) + "\n" + lines_table(report);
}

// The settlement that the one argument names.
Result<SettlementReport> named_settlement(CommandContext& context, const CommandRequest& request) {
    if (request.arguments.size() != 1) {
        return Error(ErrorCode::invalid_argument,
                     request.name + " wants one settlement's id (stl_...)");
    }
    const std::string& name = request.arguments.front();
    const Result<Uuid> id = parse_id("stl", name);
    if (!id) {
        return Error(ErrorCode::invalid_argument,
                     "'" + name + "' is not a settlement's id (stl_...)");
    }
    std::optional<SettlementReport> report;
    const Result<void> read = context.database.read([&id, &report](ledger::Transaction& snapshot) {
        Result<SettlementReport> loaded = load_settlement(snapshot, *id);
        if (!loaded) return Result<void>(loaded.error());
        report = std::move(*loaded);
        return Result<void>();
    });
    if (!read) return read.error();
    if (report->lines.empty()) {
        return Error(ErrorCode::integrity, settlement_name(*id) + " has lost its lines");
    }
    // The stored head stays as it was closed; only the lines need their numbers and balances.
    const Settlement closed = report->settlement;
    const Result<void> added = add_up(*report);
    if (!added) return added.error();
    report->settlement = closed;
    return std::move(*report);
}

std::string changed_warning(const SettlementReport& report, const std::string& csv) {
    const std::string digest = to_hex(sha256(csv));
    if (digest == report.settlement.sha256) return {};
    return "The report of " + settlement_name(report.settlement.id) +
           " is not the one that was closed: its sha256 was " + report.settlement.sha256 +
           ", and is " + digest + ".\n";
}

}  // namespace

CommandOutput settle_run(CommandContext& context, const CommandRequest& request) {
    const Result<SettleScope> scope = scope_of(context, request);
    if (!scope) return refuse(scope.error());
    const Result<std::vector<SettlementKey>> keys = keys_in(context.database, *scope);
    if (!keys) return refuse(keys.error());

    CommandOutput output;
    std::vector<SettlementReport> reports;
    for (const SettlementKey& key : *keys) {
        Result<MaybeReport> settled = settle_one(context, key, *scope);
        if (!settled) {
            output.err += merchant_name(key.merchant_id) + " " + std::string(key.currency.code()) +
                          " was not settled: " + printable(settled.error().detail()) + "\n";
        } else if (*settled) {
            reports.push_back(std::move(**settled));
        }
    }
    if (!output.err.empty()) output.exit_code = reports.empty() ? kExitEnvironment : kExitPartly;
    if (output.err.empty() || !reports.empty()) {
        output.out = request.flag("json") ? run_json(reports, *scope) : run_text(reports, *scope);
    }
    for (const SettlementReport& report : reports) {
        if (scope->dry_run) break;
        const std::string name = settlement_name(report.settlement.id);
        output.files.push_back({.name = name + ".csv", .content = settlement_csv(report)});
        output.files.push_back({.name = name + ".json", .content = settlement_json(report)});
    }
    return output;
}

CommandOutput settle_show(CommandContext& context, const CommandRequest& request) {
    const Result<SettlementReport> report = named_settlement(context, request);
    if (!report) return refuse(report.error());
    CommandOutput output;
    output.out = request.flag("json") ? settlement_json(*report) : show_text(*report);
    return output;
}

CommandOutput settle_report(CommandContext& context, const CommandRequest& request) {
    const std::string format = request.flag("format") ? request.option("format") : "csv";
    if (format != "csv" && format != "json") {
        return refuse(kExitUsage, "--format: '" + format + "' is neither csv nor json");
    }
    const Result<SettlementReport> report = named_settlement(context, request);
    if (!report) return refuse(report.error());
    CommandOutput output;
    std::string csv = settlement_csv(*report);
    output.err = changed_warning(*report, csv);
    if (!output.err.empty()) output.exit_code = kExitFound;
    output.out = format == "csv" ? std::move(csv) : settlement_json(*report);
    return output;
}

}  // namespace causeway::gateway
