// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/exchange.h"
#include "gateway/api/resources.h"
#include "gateway/books/postings.h"
#include "gateway/payments/money_store.h"
#include "gateway/payments/render.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <map>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

using ledger::Purpose;
using ledger::Transaction;

struct Amounts {
    std::int64_t pending = 0;
    std::int64_t available = 0;
    std::int64_t reserved = 0;
};

// What we owe the merchant is a credit in the books and a positive number to the merchant.
std::map<std::string, Amounts> by_currency(const std::vector<ledger::AccountBalance>& rows) {
    std::map<std::string, Amounts> amounts;
    for (const ledger::AccountBalance& row : rows) {
        Amounts& one = amounts[std::string(row.account.currency.code())];
        const std::int64_t owed = -row.balance.net();
        if (row.account.purpose == Purpose::merchant_pending) one.pending += owed;
        if (row.account.purpose == Purpose::merchant_available) one.available += owed;
        if (row.account.purpose == Purpose::merchant_reserve) one.reserved += owed;
    }
    return amounts;
}

std::string render_balance(const Scope& scope,
                           const std::vector<ledger::AccountBalance>& rows,
                           Timestamp now) {
    json::array balances;
    for (const auto& [currency, amounts] : by_currency(rows)) {
        json::object one;
        one["currency"] = currency;
        one["pending"] = amounts.pending;
        one["available"] = amounts.available;
        one["reserved"] = amounts.reserved;
        balances.push_back(std::move(one));
    }
    json::object members;
    members["object"] = "balance";
    members["merchant"] = to_text("mer", scope.merchant);
    members["as_of"] = to_rfc3339(now);
    members["balances"] = std::move(balances);
    return json::serialize(members);
}

}  // namespace

ResourceAnswer get_balance(ApiContext api, ApiRequest request) {
    const Clock& clock = api.service.shop().clock;
    const ledger::Journal& journal = api.service.shop().journal;
    Render body =
        [&clock, &journal, scope = request.key.scope](Transaction& tx) -> Result<std::string> {
        const std::string owner = owner_name(to_text("mer", scope.merchant), scope.livemode);
        const auto rows = journal.balances_of(tx, owner);
        if (!rows) return rows.error();
        return render_balance(scope, *rows, clock.now());
    };
    return show(api, std::move(request), "balance", std::move(body));
}

ResourceAnswer get_balance_transaction(ApiContext api, ApiRequest request) {
    Render body = [scope = request.key.scope,
                   text = request.path.at("id")](Transaction& tx) -> Result<std::string> {
        const Result<Uuid> id = parse_id("txn", text);
        if (!id) return Error(ErrorCode::not_found);
        const Result<BalanceTransaction> found = load_balance_transaction(tx, *id, scope);
        if (!found) return found.error();
        return render_balance_transaction(*found);
    };
    return show(api, std::move(request), "balance transaction", std::move(body));
}

ResourceAnswer list_balance_transactions_route(ApiContext api, ApiRequest request) {
    std::variant<Page, Problem> wanted = page_of(request, "txn");
    RenderList body = [scope = request.key.scope](Transaction& tx,
                                                  const Page& page) -> Result<ListPage> {
        const auto listed = list_balance_transactions(tx, scope, page);
        if (!listed) return listed.error();
        std::vector<std::string> items;
        for (const BalanceTransaction& one : listed->rows)
            items.push_back(render_balance_transaction(one));
        const std::string last = listed->rows.empty() ? "" : to_text("txn", listed->rows.back().id);
        return render_list("/v1/balance_transactions", items, listed->has_more, last);
    };
    return show_list(api, std::move(request), std::move(wanted), std::move(body));
}

}  // namespace causeway::gateway
