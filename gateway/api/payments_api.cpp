// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/exchange.h"
#include "gateway/api/method_reader.h"
#include "gateway/api/resources.h"
#include "gateway/payments/intents.h"
#include "gateway/payments/render.h"
#include "gateway/payments/timeline.h"

#include <algorithm>
#include <array>

namespace asio = boost::asio;

namespace causeway::gateway {
namespace {

using ledger::Transaction;

constexpr std::size_t kReferenceMax = 64;
constexpr std::size_t kDescriptorMax = 22;
constexpr std::size_t kDescriptionMax = 1'000;
constexpr std::size_t kUrlMax = 2'048;

bool is_web_url(std::string_view text) {
    const bool web = text.starts_with("https://") || text.starts_with("http://");
    return web && std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7F'; });
}

CreatePayment read_create(ObjectReader& body, std::vector<FieldError>&) {
    const std::optional<std::int64_t> amount =
        body.integer("amount", Presence::required, {.min = 1, .max = kJsonIntegerMax});
    const std::optional<ledger::Currency> currency =
        read_currency(body, "currency", Presence::required);
    // A placeholder keeps the reader going, so that every mistake is told at once.
    const ledger::Currency known = currency.value_or(ledger::Currency::all().front());
    CreatePayment wish{.amount = ledger::Money(amount.value_or(1), known)};
    constexpr std::array<std::pair<std::string_view, bool>, 2> kCapture{
        {{"automatic", true}, {"manual", false}}};
    wish.capture_automatic =
        body.one_of<bool>("capture_method", Presence::optional, kCapture).value_or(true);
    wish.confirm = body.boolean("confirm", Presence::optional).value_or(false);
    wish.method = read_method(body);
    if (const auto customer = read_id(body, "customer", "cus", Presence::optional)) {
        wish.customer = to_text("cus", *customer);
    }
    wish.quote = read_id(body, "fx_quote", "fxq", Presence::optional);
    wish.reference = body.text("reference", Presence::optional, {.length_max = kReferenceMax});
    wish.description =
        body.text("description", Presence::optional, {.length_max = kDescriptionMax});
    wish.statement_descriptor =
        body.text("statement_descriptor", Presence::optional, {.length_max = kDescriptorMax});
    wish.return_url =
        body.text("return_url",
                  Presence::optional,
                  {.length_max = kUrlMax, .accepts = is_web_url, .form = "an http or https URL"});
    wish.metadata = read_metadata(body);
    return wish;
}

ConfirmPayment read_confirm(ObjectReader& body, std::vector<FieldError>&) {
    ConfirmPayment wish;
    wish.method = read_method(body);
    wish.quote = read_id(body, "fx_quote", "fxq", Presence::optional);
    return wish;
}

CreateCapture read_capture(ObjectReader& body, std::vector<FieldError>&) {
    CreateCapture wish;
    wish.amount = body.integer("amount", Presence::optional, {.min = 1, .max = kJsonIntegerMax});
    wish.final_capture = body.boolean("final", Presence::optional).value_or(false);
    return wish;
}

IncreasePayment read_increment(ObjectReader& body, std::vector<FieldError>&) {
    const std::optional<std::int64_t> amount =
        body.integer("amount", Presence::required, {.min = 1, .max = kJsonIntegerMax});
    return {.amount = amount.value_or(1)};
}

// The id in the path, as a step that answers 404 when it is none: an id of the wrong form names
// nothing, exactly as one that was never given.
template <class Wish>
std::variant<WishStep, Problem> step_on(
    const ApiContext& api,
    const ApiRequest& request,
    std::variant<Wish, Problem> wish,
    Result<Step> (*run)(Transaction&, const Workshop&, const Caller&, const Uuid&, const Wish&)) {
    if (auto* const problem = std::get_if<Problem>(&wish)) return std::move(*problem);
    const Result<Uuid> id = parse_id("pay", request.path.at("id"));
    if (!id) return make_problem("not_found", "There is no such payment.");
    const Workshop& shop = api.service.shop();
    return WishStep(
        [&shop, run, id = *id, inner = std::get<Wish>(std::move(wish))](
            Transaction& tx, const Caller& caller) { return run(tx, shop, caller, id, inner); });
}

bool names_a_buyer(const std::optional<MethodChoice>& method) {
    return method && method->collection;
}

ResourceAnswer mutate_for(ApiContext api,
                          ApiRequest request,
                          bool personal,
                          std::variant<WishStep, Problem> step) {
    if (!personal) return mutate(api, std::move(request), true, std::move(step));
    std::variant<Caller, Problem> who = private_caller_of(request, api.service.shop().vault);
    return mutate_as(api, std::move(request), std::move(who), std::move(step));
}

struct Nothing {};

Result<Step> cancel_step(
    Transaction& tx, const Workshop& shop, const Caller& caller, const Uuid& id, const Nothing&) {
    return cancel_payment(tx, shop, caller, id);
}

}  // namespace

ResourceAnswer post_payment(ApiContext api, ApiRequest request) {
    std::variant<CreatePayment, Problem> wish = read_wish<CreatePayment>(request, read_create);
    std::variant<WishStep, Problem> step;
    bool personal = false;
    if (auto* const problem = std::get_if<Problem>(&wish)) {
        step = std::move(*problem);
    } else {
        const Workshop& shop = api.service.shop();
        personal = names_a_buyer(std::get<CreatePayment>(wish).method);
        step = WishStep([&shop, inner = std::get<CreatePayment>(std::move(wish))](
                            Transaction& tx, const Caller& caller) {
            return create_payment(tx, shop, caller, inner);
        });
    }
    return mutate_for(api, std::move(request), personal, std::move(step));
}

ResourceAnswer post_confirm(ApiContext api, ApiRequest request) {
    std::variant<ConfirmPayment, Problem> wish = read_wish<ConfirmPayment>(request, read_confirm);
    const auto* const read = std::get_if<ConfirmPayment>(&wish);
    const bool personal = read != nullptr && names_a_buyer(read->method);
    std::variant<WishStep, Problem> step =
        step_on<ConfirmPayment>(api, request, std::move(wish), confirm_payment);
    return mutate_for(api, std::move(request), personal, std::move(step));
}

ResourceAnswer post_cancel(ApiContext api, ApiRequest request) {
    const ReadBody<Nothing> no_fields = [](ObjectReader&, std::vector<FieldError>&) {
        return Nothing{};
    };
    std::variant<WishStep, Problem> step =
        step_on<Nothing>(api, request, read_wish<Nothing>(request, no_fields), cancel_step);
    return mutate(api, std::move(request), true, std::move(step));
}

ResourceAnswer post_capture(ApiContext api, ApiRequest request) {
    std::variant<WishStep, Problem> step = step_on<CreateCapture>(
        api, request, read_wish<CreateCapture>(request, read_capture), capture_payment);
    return mutate(api, std::move(request), true, std::move(step));
}

ResourceAnswer post_increment(ApiContext api, ApiRequest request) {
    std::variant<WishStep, Problem> step = step_on<IncreasePayment>(
        api, request, read_wish<IncreasePayment>(request, read_increment), increase_payment);
    return mutate(api, std::move(request), true, std::move(step));
}

ResourceAnswer get_payment(ApiContext api, ApiRequest request) {
    Render body = [scope = request.key.scope,
                   text = request.path.at("id")](Transaction& tx) -> Result<std::string> {
        const Result<Uuid> id = parse_id("pay", text);
        if (!id) return Error(ErrorCode::not_found);
        const Result<Payment> payment = load_payment(tx, *id, scope);
        if (!payment) return payment.error();
        return render_payment(*payment);
    };
    return show(api, std::move(request), "payment", std::move(body));
}

ResourceAnswer list_payments_route(ApiContext api, ApiRequest request) {
    std::variant<Page, Problem> wanted = page_of(request, "pay");
    RenderList body = [scope = request.key.scope](Transaction& tx,
                                                  const Page& page) -> Result<ListPage> {
        const Result<Listed<Payment>> listed = list_payments(tx, scope, page);
        if (!listed) return listed.error();
        std::vector<std::string> items;
        for (const Payment& payment : listed->rows)
            items.push_back(render_payment(payment));
        const std::string last = listed->rows.empty() ? "" : to_text("pay", listed->rows.back().id);
        return render_list("/v1/payments", items, listed->has_more, last);
    };
    return show_list(api, std::move(request), std::move(wanted), std::move(body));
}

ResourceAnswer list_captures_route(ApiContext api, ApiRequest request) {
    std::variant<Page, Problem> wanted = page_of(request, "cap");
    RenderList body = [scope = request.key.scope, text = request.path.at("id")](
                          Transaction& tx, const Page& page) -> Result<ListPage> {
        const Result<Uuid> id = parse_id("pay", text);
        if (!id) return Error(ErrorCode::not_found);
        const Result<Payment> payment = load_payment(tx, *id, scope);
        if (!payment) return payment.error();
        const Result<Listed<Capture>> listed = list_captures(tx, *id, page);
        if (!listed) return listed.error();
        std::vector<std::string> items;
        for (const Capture& capture : listed->rows)
            items.push_back(render_capture(capture, scope.livemode));
        const std::string last = listed->rows.empty() ? "" : to_text("cap", listed->rows.back().id);
        return render_list("/v1/payments/" + text + "/captures", items, listed->has_more, last);
    };
    return show_list(api, std::move(request), std::move(wanted), std::move(body));
}

ResourceAnswer list_timeline_route(ApiContext api, ApiRequest request) {
    std::variant<Page, Problem> wanted = page_of(request, "tl");
    RenderList body = [scope = request.key.scope, text = request.path.at("id")](
                          Transaction& tx, const Page& page) -> Result<ListPage> {
        const Result<Uuid> id = parse_id("pay", text);
        if (!id) return Error(ErrorCode::not_found);
        const Result<Payment> payment = load_payment(tx, *id, scope);
        if (!payment) return payment.error();
        const Result<Listed<TimelineRow>> listed = list_timeline(tx, *id, page);
        if (!listed) return listed.error();
        std::vector<std::string> items;
        for (const TimelineRow& row : listed->rows)
            items.push_back(render_timeline(row, TimelineReader::merchant));
        const std::string last = listed->rows.empty() ? "" : to_text("tl", listed->rows.back().id);
        return render_list("/v1/payments/" + text + "/timeline", items, listed->has_more, last);
    };
    return show_list(api, std::move(request), std::move(wanted), std::move(body));
}

}  // namespace causeway::gateway
