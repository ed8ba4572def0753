// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/payment_commands.h"

#include "gateway/cli/by_hand.h"
#include "gateway/cli/list_options.h"
#include "gateway/cli/payment_views.h"
#include "gateway/payments/decisions.h"
#include "gateway/payments/intents.h"
#include "gateway/payments/operations_store.h"
#include "gateway/payments/operator_store.h"
#include "ledger/store/commit_queue.h"

#include <array>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

using ledger::Transaction;

constexpr std::size_t kReasonMax = 500;

constexpr std::array<std::string_view, 9> kNeedGateway{"boleto remessa",
                                                       "boleto retorno",
                                                       "receipts decide",
                                                       "payments decide",
                                                       "payments capture",
                                                       "payments cancel",
                                                       "refunds create",
                                                       "disputes accept",
                                                       "disputes evidence"};

// One more than the limit: then there are more.
Result<std::vector<OperationRow>> doubtful(Transaction& tx, const ListOptions& options) {
    const Uuid after = options.after.value_or(Uuid{});
    const int count = options.limit + 1;
    if (options.merchant) return doubtful_of_merchant(tx, *options.merchant, count, after);
    return operations_in_doubt_after(tx, count, after);
}

Result<std::vector<Payment>> newest(Transaction& tx, const ListOptions& options) {
    const int count = options.limit + 1;
    if (!options.merchant) return newest_payments(tx, count, options.after);
    return of_merchant<Payment>(tx, *options.merchant, options.after, count, &list_payments);
}

CommandOutput shown(const CommandRequest& request, const HandResult& done) {
    if (request.flag("json")) {
        json::object members;
        members["payment"] = json_of(done.payment);
        members["object"] = done.subject.empty() ? to_text("pay", done.payment.id) : done.subject;
        members["sent"] = done.is_sent;
        return {.exit_code = kExitOk, .out = json::serialize(members) + "\n", .err = {}};
    }
    std::string text = table_of(std::vector<Payment>{done.payment});
    if (!done.subject.empty()) text += done.subject + "\n";
    if (done.is_sent) text += "the gateway sends it now; payments show says what became of it\n";
    return {.exit_code = kExitOk, .out = text, .err = {}};
}

Result<Decision> read_decision(const CommandRequest& request) {
    const Result<Uuid> operation = id_argument(request, "op");
    if (!operation) return operation.error();
    const std::string outcome = request.option("outcome");
    if (outcome != "approved" && outcome != "declined") {
        return Error(ErrorCode::invalid_argument, "--outcome must be approved or declined");
    }
    const std::string reason = request.option("reason");
    if (reason.empty() || reason.size() > kReasonMax) {
        return Error(ErrorCode::invalid_argument, "--reason must say why, in at most 500 bytes");
    }
    return Decision{.operation = *operation,
                    .approved = outcome == "approved",
                    .reason = reason,
                    .by = operator_of(request),
                    .force = request.flag("force")};
}

}  // namespace

bool needs_gateway(const CommandRequest& request) {
    return std::ranges::find(kNeedGateway, request.name) != kNeedGateway.end();
}

CommandOutput payments_list(CommandContext& context, const CommandRequest& request) {
    const bool in_doubt = request.flag("in-doubt");
    const std::string_view prefix = in_doubt ? "op" : "pay";
    const Result<ListOptions> options = read_list_options(request, prefix);
    if (!options) return failed(options.error());
    if (in_doubt) return list_rows<OperationRow>(context, request, *options, prefix, &doubtful);
    return list_rows<Payment>(context, request, *options, prefix, &newest);
}

CommandOutput payments_show(CommandContext& context, const CommandRequest& request) {
    const Result<Uuid> id = id_argument(request, "pay");
    if (!id) return failed(id.error());
    std::optional<PaymentFile> file;
    const Result<void> read = context.database.read([&](Transaction& tx) -> Result<void> {
        Result<PaymentFile> found = read_payment_file(tx, *id);
        if (!found) return found.error();
        file = *std::move(found);
        return {};
    });
    if (!read) return failed(read.error());
    const std::string text =
        request.flag("json") ? json::serialize(json_of(*file)) + "\n" : text_of(*file);
    return {.exit_code = kExitOk, .out = text, .err = {}};
}

CommandOutput payments_decide(CommandContext& context, const CommandRequest& request) {
    if (context.shop == nullptr) return no_gateway();
    const Result<Decision> decision = read_decision(request);
    if (!decision) return failed(decision.error());
    const Result<Payment> decided = context.database.writer().commit<Payment>(
        [&](Transaction& tx) { return decide(tx, *context.shop, *decision); });
    if (!decided) return refused(decided.error());
    context.work_left();
    return shown(request,
                 {.payment = *decided,
                  .subject = to_text("op", decision->operation),
                  .is_sent = false,
                  .body = {}});
}

CommandOutput payments_capture(CommandContext& context, const CommandRequest& request) {
    if (context.shop == nullptr) return no_gateway();
    const Result<Uuid> id = id_argument(request, "pay");
    if (!id) return failed(id.error());
    const HandStep step = [&request](const HandCase& c) -> Result<Step> {
        CreateCapture wanted{.final_capture = request.flag("final")};
        if (request.flag("amount")) {
            const Result<std::int64_t> amount =
                read_hand_amount(request.option("amount"), c.payment.amount.currency());
            if (!amount) return amount.error();
            wanted.amount = *amount;
        }
        return capture_payment(c.tx, c.shop, c.caller, c.payment.id, wanted);
    };
    const HandWish wish{
        .payment = *id, .object = to_text("pay", *id), .what = "capture", .step = step};
    const Result<HandResult> done = do_by_hand(context, request, wish);
    return done ? shown(request, *done) : refused(done.error());
}

CommandOutput payments_cancel(CommandContext& context, const CommandRequest& request) {
    if (context.shop == nullptr) return no_gateway();
    const Result<Uuid> id = id_argument(request, "pay");
    if (!id) return failed(id.error());
    const HandStep step = [](const HandCase& c) {
        return cancel_payment(c.tx, c.shop, c.caller, c.payment.id);
    };
    const HandWish wish{
        .payment = *id, .object = to_text("pay", *id), .what = "cancel", .step = step};
    const Result<HandResult> done = do_by_hand(context, request, wish);
    return done ? shown(request, *done) : refused(done.error());
}

}  // namespace causeway::gateway
