// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/by_hand.h"
#include "gateway/cli/list_options.h"
#include "gateway/cli/payment_commands.h"
#include "gateway/cli/payment_views.h"
#include "gateway/payments/intents.h"
#include "gateway/payments/operator_store.h"

#include <array>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

using ledger::Transaction;

constexpr std::array<std::string_view, 4> kReasons{
    "duplicate", "fraudulent", "requested_by_customer", "other"};

// One more than the limit: then there are more.
Result<std::vector<Refund>> wanted_refunds(Transaction& tx, const ListOptions& options) {
    const int count = options.limit + 1;
    if (options.payment) {
        Result<std::vector<Refund>> refunds = refunds_of_payment(tx, *options.payment);
        if (refunds) leave_behind(*refunds, options.after);
        return refunds;
    }
    if (!options.merchant) return newest_refunds(tx, count, options.after);
    return of_merchant<Refund>(tx, *options.merchant, options.after, count, &list_refunds);
}

Result<CreateRefund> read_wanted(const CommandRequest& request, const Payment& payment) {
    CreateRefund wanted{.payment = payment.id};
    if (request.flag("amount")) {
        const Result<std::int64_t> amount =
            read_hand_amount(request.option("amount"), payment.amount.currency());
        if (!amount) return amount.error();
        wanted.amount = *amount;
    }
    if (!request.flag("reason")) return wanted;
    wanted.reason = request.option("reason");
    if (std::ranges::find(kReasons, *wanted.reason) != kReasons.end()) return wanted;
    return Error(ErrorCode::invalid_argument,
                 "--reason must be duplicate, fraudulent, requested_by_customer or other");
}

CommandOutput shown_refund(CommandContext& context,
                           const CommandRequest& request,
                           const HandResult& done) {
    const Result<Uuid> id = parse_id("ref", done.subject);
    if (!id) return failed(Error(ErrorCode::integrity, "no refund came of it"));
    CommandOutput output =
        print_list<Refund>(context, request, [&id](Transaction& tx) -> Result<std::vector<Refund>> {
            const Result<Refund> refund = load_refund(tx, *id);
            if (!refund) return refund.error();
            return std::vector<Refund>{*refund};
        });
    if (output.exit_code == kExitOk && !request.flag("json")) {
        output.out += "the gateway sends it now; refunds list says what became of it\n";
    }
    return output;
}

}  // namespace

CommandOutput refunds_list(CommandContext& context, const CommandRequest& request) {
    const Result<ListOptions> options = read_list_options(request, "ref");
    if (!options) return failed(options.error());
    return list_rows<Refund>(context, request, *options, "ref", &wanted_refunds);
}

CommandOutput refunds_create(CommandContext& context, const CommandRequest& request) {
    if (context.shop == nullptr) return no_gateway();
    const Result<Uuid> id = parse_id("pay", request.option("payment"));
    if (!id) return usage_error("--payment must be an id such as pay_01J...");
    const HandStep step = [&request](const HandCase& c) -> Result<Step> {
        const Result<CreateRefund> wanted = read_wanted(request, c.payment);
        if (!wanted) return wanted.error();
        return create_refund(c.tx, c.shop, c.caller, *wanted);
    };
    const HandWish wish{
        .payment = *id, .object = to_text("pay", *id), .what = "refund", .step = step};
    const Result<HandResult> done = do_by_hand(context, request, wish);
    return done ? shown_refund(context, request, *done) : refused(done.error());
}

}  // namespace causeway::gateway
