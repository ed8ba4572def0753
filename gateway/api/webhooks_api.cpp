// SPDX-License-Identifier: Apache-2.0
//
// Webhook endpoints and the events that go to them.
#include "gateway/api/exchange.h"
#include "gateway/api/resources.h"
#include "gateway/webhooks/delivery.h"
#include "gateway/webhooks/desk.h"

#include <algorithm>
#include <array>
#include <utility>

namespace causeway::gateway {
namespace {

using ledger::Transaction;

constexpr std::size_t kUrlLengthMax = 2048;
constexpr std::size_t kEventsMax = 64;

std::vector<std::string> read_events(ObjectReader& body) {
    std::vector<std::string> events = body.texts(
        "events",
        Presence::optional,
        kEventsMax,
        {.accepts = is_subscription, .form = "an event type, a family such as payment.*, or *"});
    std::ranges::sort(events);
    const auto twice = std::ranges::unique(events);
    events.erase(twice.begin(), twice.end());
    const bool all = std::ranges::find(events, "*") != events.end();
    if (all) return {"*"};
    return events;
}

ReadBody<CreateEndpoint> reading(const WebhookDesk& desk) {
    return [allow_private = desk.allow_private](ObjectReader& body, std::vector<FieldError>&) {
        CreateEndpoint wish;
        wish.url = body.text("url", Presence::required, {.length_max = kUrlLengthMax}).value_or("");
        if (!wish.url.empty()) {
            const Result<void> fits = check_webhook_url(wish.url, allow_private);
            if (!fits) body.fail("url", "invalid_format", fits.error().detail());
        }
        wish.events = read_events(body);
        constexpr std::array<std::pair<std::string_view, WebhookSigning>, 3> kSignings{
            {{"hmac", WebhookSigning::hmac},
             {"ed25519", WebhookSigning::ed25519},
             {"both", WebhookSigning::both}}};
        wish.signing = body.one_of<WebhookSigning>("signing", Presence::optional, kSignings)
                           .value_or(WebhookSigning::hmac);
        return wish;
    };
}

// Who asks for an id of another form asks for nothing that is there.
Uuid id_or_none(std::string_view prefix, const ApiRequest& request) {
    const Result<Uuid> id = parse_id(prefix, request.path.at("id"));
    return id ? *id : Uuid{};
}

std::variant<WishStep, Problem> without_body(const ApiRequest& request, WishStep step) {
    const std::variant<char, Problem> wish =
        read_wish<char>(request, [](ObjectReader&, std::vector<FieldError>&) { return '\0'; });
    if (const auto* const problem = std::get_if<Problem>(&wish)) return *problem;
    return step;
}

}  // namespace

ResourceAnswer post_webhook_endpoint(ApiContext api, ApiRequest request) {
    std::variant<CreateEndpoint, Problem> wish =
        read_wish<CreateEndpoint>(request, reading(api.webhooks));
    std::variant<WishStep, Problem> step;
    if (auto* const problem = std::get_if<Problem>(&wish)) {
        step = std::move(*problem);
    } else {
        const Workshop& shop = api.service.shop();
        const WebhookDesk& desk = api.webhooks;
        step = WishStep([&shop, &desk, inner = std::get<CreateEndpoint>(std::move(wish))](
                            Transaction& tx, const Caller& caller) {
            return create_endpoint_step(tx, shop, desk, caller, inner);
        });
    }
    return mutate(api, std::move(request), false, std::move(step));
}

ResourceAnswer post_rotate_secret(ApiContext api, ApiRequest request) {
    const Workshop& shop = api.service.shop();
    const WebhookDesk& desk = api.webhooks;
    const Uuid id = id_or_none(kWebhookPrefix, request);
    WishStep step = [&shop, &desk, id](Transaction& tx, const Caller& caller) {
        return rotate_endpoint_step(tx, shop, desk, caller, id);
    };
    std::variant<WishStep, Problem> wish = without_body(request, std::move(step));
    return mutate(api, std::move(request), false, std::move(wish));
}

ResourceAnswer delete_webhook_endpoint(ApiContext api, ApiRequest request) {
    const Workshop& shop = api.service.shop();
    const Uuid id = id_or_none(kWebhookPrefix, request);
    WishStep step = [&shop, id](Transaction& tx, const Caller& caller) {
        return delete_endpoint_step(tx, shop, caller, id);
    };
    return mutate(api, std::move(request), false, std::move(step));
}

ResourceAnswer get_webhook_endpoint(ApiContext api, ApiRequest request) {
    Render body = [scope = request.key.scope, id = id_or_none(kWebhookPrefix, request)](
                      Transaction& tx) -> Result<std::string> {
        const Result<WebhookEndpoint> endpoint = load_endpoint(tx, id, scope);
        if (!endpoint) return endpoint.error();
        return render_endpoint(*endpoint);
    };
    return show(api, std::move(request), "webhook endpoint", std::move(body));
}

ResourceAnswer list_webhook_endpoints_route(ApiContext api, ApiRequest request) {
    std::variant<Page, Problem> wanted = page_of(request, kWebhookPrefix);
    RenderList body = [scope = request.key.scope](Transaction& tx,
                                                  const Page& page) -> Result<ListPage> {
        const Result<Listed<WebhookEndpoint>> listed = list_endpoints(tx, scope, page);
        if (!listed) return listed.error();
        std::vector<std::string> items;
        for (const WebhookEndpoint& endpoint : listed->rows)
            items.push_back(render_endpoint(endpoint));
        const std::string last =
            listed->rows.empty() ? "" : to_text(kWebhookPrefix, listed->rows.back().id);
        return render_list("/v1/webhook_endpoints", items, listed->has_more, last);
    };
    return show_list(api, std::move(request), std::move(wanted), std::move(body));
}

ResourceAnswer get_event(ApiContext api, ApiRequest request) {
    Render body = [scope = request.key.scope,
                   id = id_or_none(kEventPrefix, request)](Transaction& tx) -> Result<std::string> {
        const Result<EventRow> event = load_event(tx, id, scope);
        if (!event) return event.error();
        return render_event(*event);
    };
    return show(api, std::move(request), "event", std::move(body));
}

ResourceAnswer list_events_route(ApiContext api, ApiRequest request) {
    std::variant<Page, Problem> wanted = page_of(request, kEventPrefix);
    RenderList body = [scope = request.key.scope](Transaction& tx,
                                                  const Page& page) -> Result<ListPage> {
        const Result<Listed<EventRow>> listed = list_events(tx, scope, page);
        if (!listed) return listed.error();
        std::vector<std::string> items;
        for (const EventRow& event : listed->rows)
            items.push_back(render_event(event));
        const std::string last =
            listed->rows.empty() ? "" : to_text(kEventPrefix, listed->rows.back().id);
        return render_list("/v1/events", items, listed->has_more, last);
    };
    return show_list(api, std::move(request), std::move(wanted), std::move(body));
}

ResourceAnswer list_deliveries_route(ApiContext api, ApiRequest request) {
    const std::string url = "/v1/events/" + request.path.at("id") + "/deliveries";
    Render body = [scope = request.key.scope, id = id_or_none(kEventPrefix, request), url](
                      Transaction& tx) -> Result<std::string> {
        const Result<EventRow> event = load_event(tx, id, scope);
        if (!event) return event.error();
        const Result<std::vector<WebhookAttempt>> attempts = list_attempts(tx, id);
        if (!attempts) return attempts.error();
        std::vector<std::string> items;
        for (const WebhookAttempt& attempt : *attempts)
            items.push_back(render_attempt(attempt));
        return render_list(url, items, false, "").body;
    };
    return show(api, std::move(request), "event", std::move(body));
}

ResourceAnswer post_redeliver(ApiContext api, ApiRequest request) {
    const Workshop& shop = api.service.shop();
    const Uuid id = id_or_none(kEventPrefix, request);
    WishStep step = [&shop, id](Transaction& tx, const Caller& caller) {
        return redeliver_step(tx, shop, caller, id);
    };
    std::variant<WishStep, Problem> wish = without_body(request, std::move(step));
    net::HttpResponse response = co_await mutate(api, std::move(request), false, std::move(wish));
    api.webhooks.wake();
    co_return response;
}

}  // namespace causeway::gateway
