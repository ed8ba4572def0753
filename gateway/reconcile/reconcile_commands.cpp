// SPDX-License-Identifier: Apache-2.0
#include "gateway/reconcile/reconcile_commands.h"

#include "gateway/cli/text_table.h"
#include "gateway/reconcile/adyen_reader.h"
#include "gateway/reconcile/reconcile_run.h"
#include "gateway/reconcile/reconcile_store.h"
#include "gateway/reconcile/run_view.h"
#include "ledger/digest.h"
#include "ledger/store/commit_queue.h"
#include "ledger/store/text.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace causeway::gateway {
namespace {

using ledger::Transaction;

/// A form of file that we can read.
struct Profile {
    std::string_view name;      ///< On the command line.
    std::string_view api_name;  ///< Stored, and shown by the HTTP API.
    Result<std::vector<StatementLine>> (*read)(std::string_view text);
};

constexpr std::array kProfiles{
    Profile{"adyen", "adyen_settlement_detail", &read_adyen_settlement},
};

CommandOutput refuse(const Error& error) {
    const bool wrong = error.code() == ErrorCode::invalid_argument ||
                       error.code() == ErrorCode::not_found ||
                       error.code() == ErrorCode::amount_overflow;
    return {.exit_code = wrong ? kExitUsage : kExitEnvironment,
            .out = {},
            .err = printable(error.detail()) + "\n",
            .files = {}};
}

Error wrong_use(const std::string& what) {
    return Error(ErrorCode::invalid_argument, what);
}

std::string joined(const std::vector<std::string>& names) {
    std::string out;
    for (const std::string& name : names)
        out += (out.empty() ? "" : ", ") + name;
    return out;
}

Result<const Profile*> profile_of(const CommandRequest& request) {
    const std::string wanted = request.option("profile");
    std::vector<std::string> known;
    for (const Profile& profile : kProfiles) {
        if (profile.name == wanted) return &profile;
        known.emplace_back(profile.name);
    }
    const std::string what = wanted.empty() ? "is missing" : "there is no '" + wanted + "'";
    return wrong_use("--profile: " + what + "; known: " + joined(known));
}

// Runs `body` in a snapshot and hands out what it gives.
template <class T>
Result<T> read(ledger::Database& database, const std::function<Result<T>(Transaction&)>& body) {
    std::optional<T> value;
    const Result<void> done = database.read([&value, &body](Transaction& snapshot) {
        Result<T> result = body(snapshot);
        if (!result) return Result<void>(result.error());
        value.emplace(std::move(*result));
        return Result<void>();
    });
    if (!done) return done.error();
    return std::move(*value);
}

Result<std::string> connector_of(CommandContext& context, const CommandRequest& request) {
    const Result<std::vector<std::string>> known =
        read<std::vector<std::string>>(context.database, &connectors_with_expectations);
    if (!known) return known.error();
    const std::string wanted = request.option("connector");
    if (known->empty()) {
        return wrong_use("--connector: nothing is expected of any connector yet");
    }
    if (wanted.empty() && known->size() == 1) return known->front();
    if (wanted.empty()) return wrong_use("--connector: which of " + joined(*known) + "?");
    if (std::find(known->begin(), known->end(), wanted) != known->end()) return wanted;
    return wrong_use("--connector: nothing is expected of '" + wanted +
                     "'; known: " + joined(*known));
}

// A file's name may hold anything; what is stored and shown may not.
std::string shown_name(const std::string& name) {
    std::string shown = printable(name);
    if (ledger::is_storable(shown)) return shown;
    for (char& c : shown)
        if (static_cast<unsigned char>(c) >= 0x80) c = '?';
    return shown;
}

Result<std::vector<ReconcileOrder>> orders_of(CommandContext& context,
                                              const CommandRequest& request) {
    const Result<const Profile*> profile = profile_of(request);
    if (!profile) return profile.error();
    if (request.files.empty()) return wrong_use(request.name + " wants at least one FILE");
    std::vector<ReconcileOrder> orders;
    for (const InputFile& file : request.files) {
        Result<std::vector<StatementLine>> lines = (*profile)->read(file.content);
        const std::string name = shown_name(file.name);
        if (!lines) return wrong_use(name + ": " + lines.error().detail());
        orders.push_back({.profile = std::string((*profile)->api_name),
                          .connector = {},
                          .file_name = name,
                          .file_sha256 = to_hex(sha256(file.content)),
                          .lines = std::move(*lines),
                          .now = context.clock.now()});
    }
    const Result<std::string> connector = connector_of(context, request);
    if (!connector) return connector.error();
    for (ReconcileOrder& order : orders)
        order.connector = *connector;
    return orders;
}

Result<ReconcileOutcome> carry_out(CommandContext& context,
                                   const ReconcileOrder& order,
                                   bool dry_run) {
    if (dry_run) {
        return read<ReconcileOutcome>(context.database, [&order](Transaction& snapshot) {
            return preview_file(snapshot, order);
        });
    }
    return context.database.writer().commit<ReconcileOutcome>(
        [&context, &order](Transaction& transaction) {
            return reconcile_file(transaction, context.journal, context.ids, order);
        });
}

void report(const ReconcileOutcome& outcome, const CommandRequest& request, CommandOutput& output) {
    const ReconciliationRun& run = outcome.run;
    const bool dry_run = request.flag("dry-run");
    if (outcome.repeated) {
        output.err += run.file_name + " was reconciled before, at " + to_rfc3339(run.created) +
                      "; nothing was changed.\n";
    }
    if (request.flag("json")) {
        output.out += run_json(run, dry_run);
    } else {
        output.out += (output.out.empty() ? "" : "\n") + run_text(run, dry_run);
    }
    if (run.summary.exceptions() > 0) output.exit_code = kExitFound;
}

}  // namespace

CommandOutput reconcile_run(CommandContext& context, const CommandRequest& request) {
    const Result<std::vector<ReconcileOrder>> orders = orders_of(context, request);
    if (!orders) return refuse(orders.error());
    CommandOutput output;
    bool any_done = false;
    for (const ReconcileOrder& order : *orders) {
        const Result<ReconcileOutcome> outcome = carry_out(context, order, request.flag("dry-run"));
        if (!outcome) {
            const CommandOutput failed = refuse(outcome.error());
            output.err += order.file_name + ": " + failed.err;
            output.exit_code = any_done ? kExitPartly : failed.exit_code;
            return output;
        }
        any_done = true;
        report(*outcome, request, output);
    }
    return output;
}

CommandOutput reconcile_show(CommandContext& context, const CommandRequest& request) {
    if (request.arguments.size() != 1) {
        return refuse(wrong_use(request.name + " wants one run's id (rec_...)"));
    }
    const Result<Uuid> id = parse_id("rec", request.arguments.front());
    if (!id) {
        return refuse(wrong_use("'" + request.arguments.front() +
                                "' is not a reconciliation run's id (rec_...)"));
    }
    const Result<ReconciliationRun> run = read<ReconciliationRun>(
        context.database, [&id](Transaction& snapshot) { return load_run(snapshot, *id); });
    if (!run) return refuse(run.error());
    CommandOutput output;
    output.out = request.flag("json") ? run_json(*run, false) : run_text(*run, false);
    return output;
}

CommandOutput reconcile_exceptions(CommandContext& context, const CommandRequest& request) {
    std::optional<ItemStatus> status;
    if (request.flag("status")) {
        const Result<ItemStatus> parsed = parse_item_status(request.option("status"));
        std::vector<std::string> known;
        for (std::size_t i = 1; i < kItemStatuses; ++i)
            known.emplace_back(to_string(static_cast<ItemStatus>(i)));
        if (!parsed || *parsed == ItemStatus::matched) {
            return refuse(wrong_use("--status: '" + request.option("status") +
                                    "' is no class of exceptions; known: " + joined(known)));
        }
        status = *parsed;
    }
    using Items = std::vector<ReconciliationItem>;
    const Result<Items> items = read<Items>(context.database, [&status](Transaction& snapshot) {
        return list_exceptions(snapshot, status);
    });
    if (!items) return refuse(items.error());
    CommandOutput output;
    output.out = request.flag("json") ? exceptions_json(*items) : exceptions_text(*items);
    return output;
}

}  // namespace causeway::gateway
