// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/exchange.h"
#include "gateway/api/resources.h"
#include "gateway/payments/disputes.h"
#include "gateway/payments/disputes_store.h"
#include "gateway/payments/evidence.h"
#include "gateway/payments/render.h"

#include <boost/json/serialize.hpp>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

using ledger::Transaction;

std::variant<std::string, Problem> read_evidence(const ApiRequest& request) {
    std::variant<json::object, Problem> body = json_body(request);
    if (auto* const problem = std::get_if<Problem>(&body)) return std::move(*problem);
    const json::object& evidence = std::get<json::object>(body);
    std::vector<FieldError> errors = check_evidence(evidence);
    if (!errors.empty()) return invalid_request(std::move(errors));
    return json::serialize(evidence);
}

std::variant<Uuid, Problem> dispute_id(const ApiRequest& request) {
    const Result<Uuid> id = parse_id("dp", request.path.at("id"));
    if (!id) return make_problem("not_found", "There is no such dispute.");
    return *id;
}

}  // namespace

ResourceAnswer post_evidence(ApiContext api, ApiRequest request) {
    const std::variant<Uuid, Problem> id = dispute_id(request);
    if (const auto* const unknown = std::get_if<Problem>(&id)) {
        return mutate(api, std::move(request), false, *unknown);
    }
    const std::variant<std::string, Problem> evidence = read_evidence(request);
    const Workshop& shop = api.service.shop();
    std::variant<Caller, Problem> who = private_caller_of(request, shop.vault);
    // Whose dispute it is goes before what is wrong with the evidence.
    WishStep step = [&shop, dispute = std::get<Uuid>(id), evidence](
                        Transaction& tx, const Caller& caller) -> Result<Step> {
        const auto* const problem = std::get_if<Problem>(&evidence);
        if (problem == nullptr) {
            return submit_evidence(tx, shop, caller, dispute, std::get<std::string>(evidence));
        }
        const Result<Claimed> claimed = claim_key(tx, shop, caller, to_text("dp", dispute));
        if (!claimed) return claimed.error();
        if (claimed->step) return *claimed->step;
        const Result<Dispute> there = load_dispute(tx, dispute, caller.scope);
        if (!there) return refuse(tx, caller, missing(there.error(), "dispute"));
        return refuse(tx, caller, *problem);
    };
    return mutate_as(api, std::move(request), std::move(who), std::move(step));
}

ResourceAnswer post_accept(ApiContext api, ApiRequest request) {
    struct Nothing {};
    const std::variant<Uuid, Problem> id = dispute_id(request);
    const ReadBody<Nothing> no_fields = [](ObjectReader&, std::vector<FieldError>&) {
        return Nothing{};
    };
    const std::variant<Nothing, Problem> body = read_wish<Nothing>(request, no_fields);
    std::variant<WishStep, Problem> step;
    if (const auto* const problem = std::get_if<Problem>(&body)) {
        step = *problem;
    } else if (const auto* const unknown = std::get_if<Problem>(&id)) {
        step = *unknown;
    } else {
        const Workshop& shop = api.service.shop();
        step =
            WishStep([&shop, dispute = std::get<Uuid>(id)](Transaction& tx, const Caller& caller) {
                return accept_dispute(tx, shop, caller, dispute);
            });
    }
    return mutate(api, std::move(request), true, std::move(step));
}

ResourceAnswer get_dispute(ApiContext api, ApiRequest request) {
    Render body = [scope = request.key.scope,
                   text = request.path.at("id")](Transaction& tx) -> Result<std::string> {
        const Result<Uuid> id = parse_id("dp", text);
        if (!id) return Error(ErrorCode::not_found);
        const Result<Dispute> dispute = load_dispute(tx, *id, scope);
        if (!dispute) return dispute.error();
        return render_dispute(*dispute);
    };
    return show(api, std::move(request), "dispute", std::move(body));
}

ResourceAnswer list_disputes_route(ApiContext api, ApiRequest request) {
    std::variant<Page, Problem> wanted = page_of(request, "dp");
    RenderList body = [scope = request.key.scope](Transaction& tx,
                                                  const Page& page) -> Result<ListPage> {
        const Result<Listed<Dispute>> listed = list_disputes(tx, scope, page);
        if (!listed) return listed.error();
        std::vector<std::string> items;
        for (const Dispute& dispute : listed->rows)
            items.push_back(render_dispute(dispute));
        const std::string last = listed->rows.empty() ? "" : to_text("dp", listed->rows.back().id);
        return render_list("/v1/disputes", items, listed->has_more, last);
    };
    return show_list(api, std::move(request), std::move(wanted), std::move(body));
}

}  // namespace causeway::gateway
