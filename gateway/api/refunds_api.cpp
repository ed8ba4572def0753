// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/exchange.h"
#include "gateway/api/resources.h"
#include "gateway/payments/intents.h"
#include "gateway/payments/render.h"

#include <array>

namespace causeway::gateway {
namespace {

using ledger::Transaction;

CreateRefund read_create(ObjectReader& body, std::vector<FieldError>&) {
    CreateRefund wish;
    wish.payment = read_id(body, "payment", "pay", Presence::required).value_or(Uuid{});
    wish.amount = body.integer("amount", Presence::optional, {.min = 1, .max = kJsonIntegerMax});
    constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kReasons{
        {{"duplicate", "duplicate"},
         {"fraudulent", "fraudulent"},
         {"requested_by_customer", "requested_by_customer"},
         {"other", "other"}}};
    const auto reason = body.one_of<std::string_view>("reason", Presence::optional, kReasons);
    if (reason) wish.reason = std::string(*reason);
    wish.metadata = read_metadata(body);
    return wish;
}

}  // namespace

ResourceAnswer post_refund(ApiContext api, ApiRequest request) {
    std::variant<CreateRefund, Problem> wish = read_wish<CreateRefund>(request, read_create);
    std::variant<WishStep, Problem> step;
    if (auto* const problem = std::get_if<Problem>(&wish)) {
        step = std::move(*problem);
    } else {
        const Workshop& shop = api.service.shop();
        step = WishStep([&shop, inner = std::get<CreateRefund>(std::move(wish))](
                            Transaction& tx, const Caller& caller) {
            return create_refund(tx, shop, caller, inner);
        });
    }
    return mutate(api, std::move(request), true, std::move(step));
}

ResourceAnswer get_refund(ApiContext api, ApiRequest request) {
    Render body = [scope = request.key.scope,
                   text = request.path.at("id")](Transaction& tx) -> Result<std::string> {
        const Result<Uuid> id = parse_id("ref", text);
        if (!id) return Error(ErrorCode::not_found);
        const Result<Refund> refund = load_refund(tx, *id, scope);
        if (!refund) return refund.error();
        return render_refund(*refund);
    };
    return show(api, std::move(request), "refund", std::move(body));
}

ResourceAnswer list_refunds_route(ApiContext api, ApiRequest request) {
    std::variant<Page, Problem> wanted = page_of(request, "ref");
    RenderList body = [scope = request.key.scope](Transaction& tx,
                                                  const Page& page) -> Result<ListPage> {
        const Result<Listed<Refund>> listed = list_refunds(tx, scope, page);
        if (!listed) return listed.error();
        std::vector<std::string> items;
        for (const Refund& refund : listed->rows)
            items.push_back(render_refund(refund));
        const std::string last = listed->rows.empty() ? "" : to_text("ref", listed->rows.back().id);
        return render_list("/v1/refunds", items, listed->has_more, last);
    };
    return show_list(api, std::move(request), std::move(wanted), std::move(body));
}

}  // namespace causeway::gateway
