// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/expand.h"

#include "fx/quotes_store.h"
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

namespace json = boost::json;

namespace causeway::gateway {
namespace {

using ledger::Transaction;
using Load = Result<std::string> (*)(Transaction&, const Sight&, const Uuid&);

constexpr int kDepthMax = 2;

Result<std::string> payment_of(Transaction& tx, const Sight& sight, const Uuid& id) {
    const Result<Payment> payment = load_payment(tx, id, sight.scope);
    if (!payment) return payment.error();
    return render_payment(*payment);
}

Result<std::string> capture_of(Transaction& tx, const Sight& sight, const Uuid& id) {
    const Result<Capture> capture = load_capture(tx, id);
    if (!capture) return capture.error();
    const Result<Payment> payment = load_payment(tx, capture->payment, sight.scope);
    if (!payment) return payment.error();
    return render_capture(*capture, payment->livemode);
}

Result<std::string> refund_of(Transaction& tx, const Sight& sight, const Uuid& id) {
    const Result<Refund> refund = load_refund(tx, id, sight.scope);
    if (!refund) return refund.error();
    return render_refund(*refund);
}

Result<std::string> customer_of(Transaction& tx, const Sight& sight, const Uuid& id) {
    const Result<Customer> customer = load_customer(tx, sight.vault, id, sight.scope);
    if (!customer) return customer.error();
    return render_customer(*customer);
}

Result<std::string> transaction_of(Transaction& tx, const Sight& sight, const Uuid& id) {
    const Result<BalanceTransaction> found = load_balance_transaction(tx, id, sight.scope);
    if (!found) return found.error();
    return render_balance_transaction(*found);
}

Result<std::string> merchant_of(Transaction& tx, const Sight& sight, const Uuid& id) {
    return merchant_text(tx, sight.vault, id, sight.scope);
}

Result<std::string> dispute_of(Transaction& tx, const Sight& sight, const Uuid& id) {
    const Result<Dispute> dispute = load_dispute(tx, id, sight.scope);
    if (!dispute) return dispute.error();
    return render_dispute(*dispute);
}

Result<std::string> quote_of(Transaction& tx, const Sight& sight, const Uuid& id) {
    const fx::QuoteOwner owner{.merchant = sight.scope.merchant, .livemode = sight.scope.livemode};
    const Result<fx::Quote> quote = fx::load_quote(tx, owner, id);
    if (!quote) return quote.error();
    return render_quote(*quote, sight.now);
}

// By the prefix of the id. What is not here cannot be expanded.
constexpr std::array<std::pair<std::string_view, Load>, 8> kLoaders{{
    {"pay", payment_of},
    {"cap", capture_of},
    {"ref", refund_of},
    {"cus", customer_of},
    {"txn", transaction_of},
    {"mer", merchant_of},
    {"dp", dispute_of},
    {fx::kQuotePrefix, quote_of},
}};

Problem wrong_path() {
    return wrong_parameter("expand", "must name members that hold an id, two steps deep at most");
}

// What a member's text is the id of; nothing when it is no id that can be expanded.
std::optional<std::pair<Load, Uuid>> object_named(std::string_view text) {
    for (const auto& [prefix, load] : kLoaders) {
        if (const Result<Uuid> id = parse_id(prefix, text)) return std::pair(load, *id);
    }
    return std::nullopt;
}

// Puts the object in the place of its id. True: `member` may be walked into.
Result<bool> open_member(Transaction& tx, const Sight& sight, json::value& member) {
    if (member.is_object()) return true;
    if (!member.is_string()) return false;
    const auto named = object_named(std::string_view(member.as_string()));
    if (!named) return false;
    const Result<std::string> text = named->first(tx, sight, named->second);
    if (!text) {
        if (text.error().code() == ErrorCode::not_found) return false;
        return text.error();
    }
    member = json::parse(*text);
    return true;
}

// Whether the path can be asked of an object of this kind: its members are there, and ids or null.
Result<bool> expand_path(Transaction& tx,
                         const Sight& sight,
                         json::object& object,
                         std::string_view path) {
    if (std::ranges::count(path, '.') >= kDepthMax) return false;
    json::object* at = &object;
    for (int depth = 0; depth < kDepthMax; ++depth) {
        const std::size_t dot = path.find('.');
        json::value* const member = at->if_contains(path.substr(0, dot));
        if (member == nullptr) return false;
        const bool nothing = member->is_null();
        const bool an_id =
            member->is_string() && object_named(std::string_view(member->as_string()));
        const bool opened_before = member->is_object() && member->as_object().contains("object");
        if (!nothing && !an_id && !opened_before) return false;
        const Result<bool> opened = open_member(tx, sight, *member);
        if (!opened) return opened.error();
        if (dot == std::string_view::npos || !*opened) return true;
        at = &member->as_object();
        path.remove_prefix(dot + 1);
    }
    return false;
}

Result<bool> expand_all(Transaction& tx,
                        const Sight& sight,
                        json::object& object,
                        const std::vector<std::string>& paths) {
    for (const std::string& path : paths) {
        const Result<bool> done = expand_path(tx, sight, object, path);
        if (!done || !*done) return done;
    }
    return true;
}

}  // namespace

Sight sight_of(const ApiContext& api, const ApiRequest& request) {
    return {.scope = request.key.scope,
            .vault = api.service.shop().vault,
            .now = api.service.shop().clock.now()};
}

Result<Shown<std::string>> expand_object(Transaction& tx,
                                         const Sight& sight,
                                         const std::string& object,
                                         const std::vector<std::string>& paths) {
    json::value value = json::parse(object);
    const Result<bool> done = expand_all(tx, sight, value.as_object(), paths);
    if (!done) return done.error();
    if (!*done) return Shown<std::string>(wrong_path());
    return Shown<std::string>(json::serialize(value));
}

Result<Shown<std::string>> expand_list(Transaction& tx,
                                       const Sight& sight,
                                       const std::string& list,
                                       const std::vector<std::string>& paths) {
    json::value value = json::parse(list);
    for (json::value& item : value.at("data").as_array()) {
        const Result<bool> done = expand_all(tx, sight, item.as_object(), paths);
        if (!done) return done.error();
        if (!*done) return Shown<std::string>(wrong_path());
    }
    return Shown<std::string>(json::serialize(value));
}

}  // namespace causeway::gateway
