// SPDX-License-Identifier: Apache-2.0
//
// A platform makes merchants and sees those it made; any other key sees its own merchant.
#include "gateway/api/exchange.h"
#include "gateway/api/resources.h"
#include "gateway/merchants/merchant_view.h"
#include "gateway/payments/render.h"
#include "gateway/vault/personal_store.h"

namespace causeway::gateway {
namespace {

using ledger::Transaction;

NewMerchant read_create(ObjectReader& body, std::vector<FieldError>&) {
    NewMerchant wish = read_new_merchant(body);
    wish.merchant.metadata = read_metadata(body);
    return wish;
}

Result<Step> create_merchant(Transaction& tx,
                             const Workshop& shop,
                             const Caller& caller,
                             NewMerchant wish) {
    Merchant& merchant = wish.merchant;
    merchant.id = shop.ids.next();
    merchant.created_at = shop.clock.now();
    const Result<Claimed> claimed = claim_key(tx, shop, caller, to_text("mer", merchant.id));
    if (!claimed) return claimed.error();
    if (claimed->step) return *claimed->step;
    const Result<Merchant> platform = load_merchant(tx, caller.scope.merchant);
    if (!platform) return platform.error();
    if (!platform->platform) {
        return refuse(tx, caller, make_problem("forbidden", "This merchant is no platform."));
    }
    // What we charge is agreed with the platform.
    merchant.platform_id = platform->id;
    merchant.fee_bps = platform->fee_bps;
    merchant.fixed_fees = platform->fixed_fees;
    Result<void> stored = insert_merchant(tx, merchant);
    if (stored && wish.account) stored = store_account(tx, shop.vault, merchant, *wish.account);
    if (!stored) return stored.error();
    const Result<std::string> account = load_personal(tx, shop.vault, merchant.id);
    if (!account) return account.error();
    return answer(tx, caller, 201, render_merchant(merchant, *account, caller.scope.livemode));
}

}  // namespace

ResourceAnswer post_merchant(ApiContext api, ApiRequest request) {
    const Workshop& shop = api.service.shop();
    std::variant<NewMerchant, Problem> wish = read_wish<NewMerchant>(request, read_create);
    std::variant<WishStep, Problem> step;
    if (auto* const problem = std::get_if<Problem>(&wish)) {
        step = std::move(*problem);
    } else {
        step = WishStep([&shop, inner = std::get<NewMerchant>(std::move(wish))](
                            Transaction& tx, const Caller& caller) {
            return create_merchant(tx, shop, caller, inner);
        });
    }
    std::variant<Caller, Problem> who = private_caller_of(request, shop.vault);
    return mutate_as(api, std::move(request), std::move(who), std::move(step));
}

ResourceAnswer get_merchant(ApiContext api, ApiRequest request) {
    const Vault& vault = api.service.shop().vault;
    Render body = [&vault, scope = request.key.scope, text = request.path.at("id")](
                      Transaction& tx) -> Result<std::string> {
        const Result<Uuid> id = parse_id("mer", text);
        if (!id) return Error(ErrorCode::not_found);
        return merchant_text(tx, vault, *id, scope);
    };
    return show(api, std::move(request), "merchant", std::move(body));
}

ResourceAnswer list_merchants_route(ApiContext api, ApiRequest request) {
    std::variant<Page, Problem> wanted = page_of(request, "mer");
    const Vault& vault = api.service.shop().vault;
    RenderList body = [&vault, scope = request.key.scope](Transaction& tx,
                                                          const Page& page) -> Result<ListPage> {
        const auto listed = list_visible_merchants(tx, scope.merchant, page);
        if (!listed) return listed.error();
        std::vector<std::string> items;
        for (const Merchant& merchant : listed->rows) {
            const Result<std::string> account = load_personal(tx, vault, merchant.id);
            if (!account) return account.error();
            items.push_back(render_merchant(merchant, *account, scope.livemode));
        }
        const std::string last = listed->rows.empty() ? "" : to_text("mer", listed->rows.back().id);
        return render_list("/v1/merchants", items, listed->has_more, last);
    };
    return show_list(api, std::move(request), std::move(wanted), std::move(body));
}

}  // namespace causeway::gateway
