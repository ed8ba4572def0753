// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/expand.h"

#include "fx/quotes_store.h"
#include "gateway/api/admission.h"
#include "gateway/api/exchange.h"
#include "gateway/api/quote_view.h"
#include "gateway/customers/customer_view.h"
#include "gateway/merchants/merchant_view.h"
#include "gateway/payments/disputes_store.h"
#include "gateway/payments/money_store.h"
#include "gateway/payments/render.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <optional>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

using ledger::Transaction;
using Load = Result<std::string> (*)(Transaction&, const Sight&, const Uuid&);

constexpr int kDepthMax = 2;

Result<std::string> payment_of(Transaction& tx, const Sight& sight, const Uuid& id) {
    const Result<Payment> payment = load_payment(tx, id, sight.key.scope);
    if (!payment) return payment.error();
    return render_payment(*payment);
}

Result<std::string> capture_of(Transaction& tx, const Sight& sight, const Uuid& id) {
    const Result<Capture> capture = load_capture(tx, id);
    if (!capture) return capture.error();
    const Result<Payment> payment = load_payment(tx, capture->payment, sight.key.scope);
    if (!payment) return payment.error();
    return render_capture(*capture, payment->livemode);
}

Result<std::string> refund_of(Transaction& tx, const Sight& sight, const Uuid& id) {
    const Result<Refund> refund = load_refund(tx, id, sight.key.scope);
    if (!refund) return refund.error();
    return render_refund(*refund);
}

Result<std::string> customer_of(Transaction& tx, const Sight& sight, const Uuid& id) {
    const Result<Customer> customer = load_customer(tx, sight.vault, id, sight.key.scope);
    if (!customer) return customer.error();
    return render_customer(*customer);
}

Result<std::string> transaction_of(Transaction& tx, const Sight& sight, const Uuid& id) {
    const Result<BalanceTransaction> found = load_balance_transaction(tx, id, sight.key.scope);
    if (!found) return found.error();
    return render_balance_transaction(*found);
}

Result<std::string> merchant_of(Transaction& tx, const Sight& sight, const Uuid& id) {
    return merchant_text(tx, sight.vault, id, sight.key.scope);
}

Result<std::string> dispute_of(Transaction& tx, const Sight& sight, const Uuid& id) {
    const Result<Dispute> dispute = load_dispute(tx, id, sight.key.scope);
    if (!dispute) return dispute.error();
    return render_dispute(*dispute);
}

Result<std::string> quote_of(Transaction& tx, const Sight& sight, const Uuid& id) {
    const fx::QuoteOwner owner{.merchant = sight.key.scope.merchant,
                               .livemode = sight.key.scope.livemode};
    const Result<fx::Quote> quote = fx::load_quote(tx, owner, id);
    if (!quote) return quote.error();
    return render_quote(*quote, sight.now);
}

struct Loader {
    std::string_view prefix;  // Of the id.
    std::string_view path;    // Where the object is asked for: who may not, may not see it here.
    Load load;
};

// What is not here cannot be expanded.
constexpr std::array<Loader, 8> kLoaders{{
    {"pay", "/v1/payments/{id}", payment_of},
    {"cap", "/v1/payments/{id}/captures", capture_of},
    {"ref", "/v1/refunds/{id}", refund_of},
    {"cus", "/v1/customers/{id}", customer_of},
    {"txn", "/v1/balance_transactions/{id}", transaction_of},
    {"mer", "/v1/merchants/{id}", merchant_of},
    {"dp", "/v1/disputes/{id}", dispute_of},
    {fx::kQuotePrefix, "/v1/fx/quotes/{id}", quote_of},
}};

enum class Opened {
    yes,
    nothing,    // Null, or an id that leads nowhere: it stays as it is.
    wrong,      // The path cannot be asked of an object of this kind.
    forbidden,  // The key may not read what the path leads to.
};

Problem refused(Opened why, const std::string& path) {
    if (why == Opened::forbidden) {
        Problem problem =
            make_problem("forbidden", "This key may not read what " + path + " names.");
        problem.param = "expand";
        return problem;
    }
    return wrong_parameter("expand", "must name members that hold an id, two steps deep at most");
}

// Puts the object in the place of its id.
Result<Opened> open_id(Transaction& tx, const Sight& sight, json::value& member) {
    for (const auto& [prefix, path, load] : kLoaders) {
        const Result<Uuid> id = parse_id(prefix, std::string_view(member.as_string()));
        if (!id) continue;
        if (!may_call(sight.key, route_rule("GET", path, Access::reading))) {
            return Opened::forbidden;
        }
        const Result<std::string> text = load(tx, sight, *id);
        if (!text && text.error().code() == ErrorCode::not_found) return Opened::nothing;
        if (!text) return text.error();
        member = json::parse(*text);
        return Opened::yes;
    }
    return Opened::wrong;
}

Result<Opened> open_member(Transaction& tx, const Sight& sight, json::value& member) {
    if (member.is_null()) return Opened::nothing;
    if (member.is_string()) return open_id(tx, sight, member);
    const bool opened_before = member.is_object() && member.as_object().contains("object");
    return opened_before ? Opened::yes : Opened::wrong;
}

Result<Opened> expand_path(Transaction& tx,
                           const Sight& sight,
                           json::object& object,
                           std::string_view path) {
    if (std::ranges::count(path, '.') >= kDepthMax) return Opened::wrong;
    json::object* at = &object;
    for (int depth = 0; depth < kDepthMax; ++depth) {
        const std::size_t dot = path.find('.');
        json::value* const member = at->if_contains(path.substr(0, dot));
        if (member == nullptr) return Opened::wrong;
        const Result<Opened> opened = open_member(tx, sight, *member);
        if (!opened || *opened != Opened::yes || dot == std::string_view::npos) return opened;
        at = &member->as_object();
        path.remove_prefix(dot + 1);
    }
    return Opened::wrong;
}

Result<std::optional<Problem>> expand_all(Transaction& tx,
                                          const Sight& sight,
                                          json::object& object,
                                          const std::vector<std::string>& paths) {
    for (const std::string& path : paths) {
        const Result<Opened> done = expand_path(tx, sight, object, path);
        if (!done) return done.error();
        if (*done == Opened::wrong || *done == Opened::forbidden) {
            return std::optional(refused(*done, path));
        }
    }
    return std::optional<Problem>();
}

}  // namespace

Sight sight_of(const ApiContext& api, const ApiRequest& request) {
    return {.key = request.key,
            .vault = api.service.shop().vault,
            .now = api.service.shop().clock.now()};
}

Result<Shown<std::string>> expand_object(Transaction& tx,
                                         const Sight& sight,
                                         const std::string& object,
                                         const std::vector<std::string>& paths) {
    json::value value = json::parse(object);
    Result<std::optional<Problem>> refusal = expand_all(tx, sight, value.as_object(), paths);
    if (!refusal) return refusal.error();
    if (*refusal) return Shown<std::string>(**std::move(refusal));
    return Shown<std::string>(json::serialize(value));
}

Result<Shown<std::string>> expand_list(Transaction& tx,
                                       const Sight& sight,
                                       const std::string& list,
                                       const std::vector<std::string>& paths) {
    json::value value = json::parse(list);
    for (json::value& item : value.at("data").as_array()) {
        Result<std::optional<Problem>> refusal = expand_all(tx, sight, item.as_object(), paths);
        if (!refusal) return refusal.error();
        if (*refusal) return Shown<std::string>(**std::move(refusal));
    }
    return Shown<std::string>(json::serialize(value));
}

}  // namespace causeway::gateway
