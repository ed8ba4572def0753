// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/by_hand.h"

#include "gateway/payments/decisions.h"
#include "gateway/payments/records.h"
#include "ledger/store/commit_queue.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

using ledger::Transaction;

constexpr int kRefusedFrom = 400;

// The problem's own words: it was made for the API's caller.
Error refusal_of(const Reply& reply) {
    const json::value problem = json::parse(reply.body);
    const json::value* const detail = problem.as_object().if_contains("detail");
    const bool said = detail != nullptr && detail->is_string();
    return Error(ErrorCode::conflict, said ? std::string(detail->as_string()) : "it was refused");
}

Result<void> sign(Transaction& tx,
                  const Workshop& shop,
                  const CommandRequest& request,
                  const HandWish& wish) {
    Records records(tx, shop, nullptr);
    records.note("decision", wish.object, "by_hand", operator_of(request) + ": " + wish.what);
    return records.finish(wish.payment);
}

Result<HandResult> run_step(Transaction& tx,
                            const Workshop& shop,
                            const CommandRequest& request,
                            const HandWish& wish) {
    const Result<Payment> payment = load_payment(tx, wish.payment);
    if (!payment) return payment.error();
    const Caller caller{.scope = {.merchant = payment->merchant, .livemode = payment->livemode},
                        .request_id = {},
                        .idempotency = std::nullopt};
    if (const Result<void> signed_by = sign(tx, shop, request, wish); !signed_by) {
        return signed_by.error();
    }
    const Result<Step> step =
        wish.step({.tx = tx, .shop = shop, .caller = caller, .payment = *payment});
    if (!step) return step.error();
    // An error takes back everything that the body wrote, and a refusal has nothing to keep.
    if (step->reply && step->reply->status >= kRefusedFrom) return refusal_of(*step->reply);
    const Result<void> left = leave_to_janitor(tx, shop, *step);
    if (!left) return left.error();
    const Result<Payment> now = load_payment(tx, wish.payment);
    if (!now) return now.error();
    HandResult result{
        .payment = *now, .subject = {}, .is_sent = step->send.has_value(), .body = {}};
    if (step->send) result.subject = step->send->row.subject;
    if (step->reply) result.body = step->reply->body;
    return result;
}

}  // namespace

Result<HandResult> do_by_hand(CommandContext& context,
                              const CommandRequest& request,
                              const HandWish& wish) {
    const Workshop& shop = *context.shop;
    Result<HandResult> done = context.database.writer().commit<HandResult>(
        [&](Transaction& tx) { return run_step(tx, shop, request, wish); });
    if (done) context.work_left();
    return done;
}

std::string operator_of(const CommandRequest& request) {
    const std::string by = request.option("by");
    return by.empty() ? "an operator" : by;
}

CommandOutput refused(const Error& error) {
    CommandOutput output = failed(error);
    if (error.code() == ErrorCode::conflict) output.exit_code = kExitUsage;
    return output;
}

CommandOutput no_gateway() {
    CommandOutput output = usage_error(
        "start the gateway: this needs its connectors (on PostgreSQL also [admin] socket in its "
        "configuration, and --config here)");
    output.exit_code = kExitEnvironment;
    return output;
}

Result<std::int64_t> read_hand_amount(const std::string& text, const ledger::Currency& currency) {
    const auto decimals = static_cast<std::size_t>(currency.exponent());
    const std::size_t point = text.find('.');
    const std::size_t given = point == std::string::npos ? 0 : text.size() - point - 1;
    const Result<ledger::Money> amount = ledger::Money::parse(text, currency);
    const bool fits = amount && given == decimals && amount->is_positive();
    if (fits) return amount->minor_units();
    const std::string example = decimals == 0 ? "12" : "12." + std::string(decimals, '0');
    return Error(ErrorCode::invalid_argument,
                 "--amount must be more than nothing and have exactly the decimals of " +
                     std::string(currency.code()) + ", such as " + example);
}

}  // namespace causeway::gateway
