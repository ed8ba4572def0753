// SPDX-License-Identifier: Apache-2.0
#include "gateway/collections/receipt_commands.h"

#include "gateway/cli/by_hand.h"
#include "gateway/cli/list_options.h"
#include "gateway/cli/text_table.h"
#include "gateway/collections/receipts.h"
#include "ledger/store/commit_queue.h"

#include <boost/json/object.hpp>

#include <optional>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

using ledger::Transaction;

constexpr std::size_t kReasonMax = 500;
constexpr std::size_t kBankNameMax = 100;
constexpr int kLimit = 50;  // Without --limit.

Error wrong_use(const std::string& what) {
    return Error(ErrorCode::invalid_argument, what);
}

Result<std::optional<ReceiptState>> state_of(const CommandRequest& request) {
    if (!request.flag("state")) return std::optional<ReceiptState>();
    const Result<ReceiptState> state = parse_receipt_state(request.option("state"));
    if (state) return std::optional(*state);
    return wrong_use("--state is one of credited, held, refund_due, refunding, refunded, returned");
}

// One more than the limit: then there are more.
Result<std::vector<ReceiptRow>> load(Transaction& tx,
                                     const ListOptions& options,
                                     std::optional<ReceiptState> state) {
    if (!options.payment) return list_receipts(tx, state, options.limit + 1, options.after);
    Result<std::vector<ReceiptRow>> all = receipts_of_payment(tx, *options.payment);
    if (!all) return all;
    leave_behind(*all, options.after);
    if (state) std::erase_if(*all, [state](const ReceiptRow& row) { return row.state != *state; });
    return all;
}

json::object json_of(const ReceiptRow& row) {
    json::object out{{"id", to_text("rcp", row.id)},
                     {"connector", row.connector},
                     {"livemode", row.livemode},
                     {"payment", nullptr},
                     {"reference", row.reference},
                     {"identity", row.identity},
                     {"amount", row.amount.minor_units()},
                     {"currency", row.amount.currency().code()},
                     {"paid_on", to_text(row.paid_on)}};
    if (row.payment) out["payment"] = to_text("pay", *row.payment);
    if (row.credited_on) out["credited_on"] = to_text(*row.credited_on);
    out["cost"] = row.cost;
    out["reason"] = to_string(row.reason);
    out["state"] = to_string(row.state);
    out["credited"] = row.credited;
    out["surcharge"] = row.surcharge;
    out["apart"] = row.apart;
    out["note"] = row.note;
    out["created_at"] = to_rfc3339(row.created_at);
    return out;
}

std::string table_of(const std::vector<ReceiptRow>& rows) {
    TextTable table({{"CREATED"},
                     {"RECEIPT"},
                     {"CONNECTOR"},
                     {"PAYMENT"},
                     {"REFERENCE"},
                     {"PAID ON"},
                     {"AMOUNT", TextTable::Align::right},
                     {"APART", TextTable::Align::right},
                     {"REASON"},
                     {"STATE"}});
    for (const ReceiptRow& row : rows) {
        table.row({to_rfc3339(row.created_at),
                   to_text("rcp", row.id),
                   row.connector,
                   row.payment ? to_text("pay", *row.payment) : "-",
                   row.reference,
                   to_text(row.paid_on),
                   row.amount.to_string(),
                   amount_text(row.apart, row.amount.currency()),
                   std::string(to_string(row.reason)),
                   std::string(to_string(row.state))});
    }
    return table.to_string();
}

Result<ReceiptDecision> read_decision(const CommandRequest& request) {
    const Result<Uuid> id = id_argument(request, "rcp");
    if (!id) return id.error();
    const Result<ReceiptPolicy> decision = parse_receipt_policy(request.option("as"));
    if (!decision) return wrong_use("--as must be credit, hold or refund");
    const std::string reason = request.option("reason");
    if (reason.empty() || reason.size() > kReasonMax) {
        return wrong_use("--reason must say why, in at most 500 bytes");
    }
    const std::string sent = request.option("sent-back-as");
    if (sent.size() > kBankNameMax) return wrong_use("--sent-back-as: at most 100 bytes");
    if (request.flag("sent-back-as") && (sent.empty() || *decision != ReceiptPolicy::refund)) {
        return wrong_use("--sent-back-as goes with --as refund, and names the transfer");
    }
    return ReceiptDecision{.receipt = *id,
                           .decision = *decision,
                           .sent_back_as = sent,
                           .reason = reason,
                           .by = operator_of(request)};
}

}  // namespace

CommandOutput receipts_list(CommandContext& context, const CommandRequest& request) {
    const Result<std::optional<ReceiptState>> state = state_of(request);
    if (!state) return failed(state.error());
    Result<ListOptions> options = read_list_options(request, "rcp");
    if (!options) return failed(options.error());
    if (!options->all && !request.flag("limit")) options->limit = kLimit;
    const bool as_json = request.flag("json");
    return list_pages(
        context,
        request,
        *options,
        "rcp",
        [state = *state, as_json](Transaction& tx, const ListOptions& from) -> Result<PrintedPage> {
            Result<std::vector<ReceiptRow>> rows = load(tx, from, state);
            if (!rows) return rows.error();
            return page_of(*std::move(rows), from, as_json, &table_of, &json_of);
        });
}

CommandOutput receipts_decide(CommandContext& context, const CommandRequest& request) {
    if (context.shop == nullptr) return no_gateway();
    const Result<ReceiptDecision> decision = read_decision(request);
    if (!decision) return failed(decision.error());
    const Result<ReceiptRow> decided = context.database.writer().commit<ReceiptRow>(
        [&](Transaction& tx) { return decide_receipt(tx, *context.shop, *decision); });
    if (!decided) return refused(decided.error());
    context.work_left();
    const std::string text = request.flag("json") ? json::serialize(json_of(*decided)) + "\n"
                                                  : table_of(std::vector<ReceiptRow>{*decided});
    return {.exit_code = kExitOk, .out = text, .err = {}};
}

}  // namespace causeway::gateway
