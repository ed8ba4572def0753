// SPDX-License-Identifier: Apache-2.0
//
// What a stored answer would repeat of a customer is what must only be stored sealed: under the
// Idempotency-Key goes the id, and a replay renders the customer anew. Customers do not change, so
// it is the same to the byte.
#include "gateway/api/exchange.h"
#include "gateway/api/resources.h"
#include "gateway/customers/customer_view.h"
#include "gateway/payments/render.h"
#include "gateway/webhooks/event.h"

#include <boost/json/parse.hpp>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

using ledger::Transaction;

constexpr int kCreated = 201;

Customer read_create(ObjectReader& body, std::vector<FieldError>&) {
    Customer wish = read_new_customer(body);
    wish.metadata = read_metadata(body);
    return wish;
}

// Without a person in it; see render_customer_in_event().
Result<void> tell(Transaction& tx, const Workshop& shop, const Caller& caller, const Customer& c) {
    EventFacts facts{.scope = c.scope,
                     .type = "customer.created",
                     .object = render_customer_in_event(c),
                     .previous = {},
                     .request_id = caller.request_id,
                     .idempotency_key = std::nullopt,
                     .traceparent = caller.traceparent};
    if (caller.idempotency) facts.idempotency_key = caller.idempotency->key;
    const Result<Uuid> recorded = record_event(tx, shop.ids, shop.clock, facts);
    if (!recorded) return recorded.error();
    return {};
}

// The stored answer of an earlier request, with the customer in the place of its id.
Result<Step> replayed(Transaction& tx, const Workshop& shop, const Caller& caller, Step step) {
    if (!step.reply || step.reply->status != kCreated) return step;
    const json::value stored = json::parse(step.reply->body);
    const Result<Uuid> id = parse_id("cus", std::string_view(stored.at("id").as_string()));
    if (!id) return id.error();
    const Result<Customer> customer = load_customer(tx, shop.vault, *id, caller.scope);
    if (!customer) return customer.error();
    step.reply->body = render_customer(*customer);
    return step;
}

Result<Step> create_customer(Transaction& tx,
                             const Workshop& shop,
                             const Caller& caller,
                             Customer wish) {
    wish.id = shop.ids.next();
    wish.scope = caller.scope;
    wish.created_at = shop.clock.now();
    const std::string id = to_text("cus", wish.id);
    const Result<Claimed> claimed = claim_key(tx, shop, caller, id);
    if (!claimed) return claimed.error();
    if (claimed->step) return replayed(tx, shop, caller, *claimed->step);
    const Result<void> stored = insert_customer(tx, shop.vault, wish);
    if (!stored) return stored.error();
    const Result<void> told = tell(tx, shop, caller, wish);
    if (!told) return told.error();
    Result<Step> step = answer(tx, caller, kCreated, R"({"id":")" + id + R"("})");
    if (step) step->reply->body = render_customer(wish);
    return step;
}

}  // namespace

ResourceAnswer post_customer(ApiContext api, ApiRequest request) {
    const Workshop& shop = api.service.shop();
    std::variant<Customer, Problem> wish = read_wish<Customer>(request, read_create);
    std::variant<WishStep, Problem> step;
    if (auto* const problem = std::get_if<Problem>(&wish)) {
        step = std::move(*problem);
    } else {
        step = WishStep([&shop, inner = std::get<Customer>(std::move(wish))](Transaction& tx,
                                                                             const Caller& caller) {
            return create_customer(tx, shop, caller, inner);
        });
    }
    std::variant<Caller, Problem> who = private_caller_of(request, shop.vault);
    return mutate_as(api, std::move(request), std::move(who), std::move(step));
}

ResourceAnswer get_customer(ApiContext api, ApiRequest request) {
    const Vault& vault = api.service.shop().vault;
    Render body = [&vault, scope = request.key.scope, text = request.path.at("id")](
                      Transaction& tx) -> Result<std::string> {
        const Result<Uuid> id = parse_id("cus", text);
        if (!id) return Error(ErrorCode::not_found);
        const Result<Customer> customer = load_customer(tx, vault, *id, scope);
        if (!customer) return customer.error();
        return render_customer(*customer);
    };
    return show(api, std::move(request), "customer", std::move(body));
}

ResourceAnswer list_customers_route(ApiContext api, ApiRequest request) {
    std::variant<Page, Problem> wanted = page_of(request, "cus");
    const Vault& vault = api.service.shop().vault;
    RenderList body = [&vault, scope = request.key.scope](Transaction& tx,
                                                          const Page& page) -> Result<ListPage> {
        const Result<Listed<Customer>> listed = list_customers(tx, vault, scope, page);
        if (!listed) return listed.error();
        std::vector<std::string> items;
        for (const Customer& customer : listed->rows)
            items.push_back(render_customer(customer));
        const std::string last = listed->rows.empty() ? "" : to_text("cus", listed->rows.back().id);
        return render_list("/v1/customers", items, listed->has_more, last);
    };
    return show_list(api, std::move(request), std::move(wanted), std::move(body));
}

}  // namespace causeway::gateway
