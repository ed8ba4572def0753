// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/method_reader.h"

#include "ledger/clock.h"

#include <algorithm>
#include <array>
#include <string>

namespace causeway::gateway {
namespace {

constexpr std::size_t kNameMax = 140;  // ISO 20022 Max140Text, as Pix and the banks take it.
constexpr std::size_t kTaxIdMax = 20;
constexpr std::size_t kEmailMax = 254;
constexpr std::size_t kLineMax = 80;
constexpr std::size_t kPlaceMax = 60;
constexpr std::size_t kPostalCodeMax = 16;
constexpr std::int64_t kBasis = 10'000;
constexpr std::int64_t kOpenSecondsMin = 60;
constexpr std::int64_t kOpenSecondsMax = 366LL * 86'400;

// Source: the contract's list of `payment_method.type`.
constexpr std::array<std::string_view, 13> kTypes{"card",
                                                  "boleto",
                                                  "pix",
                                                  "open_finance_br",
                                                  "alipay",
                                                  "wechat_pay",
                                                  "mercado_pago",
                                                  "western_union",
                                                  "webmoney",
                                                  "qiwi",
                                                  "giropay",
                                                  "sofort",
                                                  "bank_redirect"};

std::string text_of(ObjectReader& fields, std::string_view name, std::size_t length_max) {
    return fields.text(name, Presence::optional, {.length_max = length_max}).value_or("");
}

std::optional<Day> day_of_field(ObjectReader& fields, std::string_view name) {
    const TextRule rule{
        .accepts = [](std::string_view text) { return parse_day(text).has_value(); },
        .form = "a day such as 2026-12-31"};
    const std::optional<std::string> text = fields.text(name, Presence::optional, rule);
    if (!text) return std::nullopt;
    const Result<Day> day = parse_day(*text);
    if (!day) return std::nullopt;
    return *day;
}

std::optional<std::int64_t> bps_of(ObjectReader& fields, std::string_view name) {
    return fields.integer(name, Presence::optional, {.min = 0, .max = kBasis});
}

void read_address(ObjectReader& details, connectors::PayerAddress& address) {
    std::optional<ObjectReader> fields = details.object("address", Presence::optional);
    if (!fields) return;
    address.line1 = text_of(*fields, "line1", kLineMax);
    address.line2 = text_of(*fields, "line2", kLineMax);
    address.district = text_of(*fields, "district", kPlaceMax);
    address.city = text_of(*fields, "city", kPlaceMax);
    address.state = text_of(*fields, "state", kPlaceMax);
    address.postal_code = text_of(*fields, "postal_code", kPostalCodeMax);
    address.country = text_of(*fields, "country", 2);
    fields->finish();
}

connectors::Payer read_payer(ObjectReader& method) {
    connectors::Payer payer;
    std::optional<ObjectReader> details = method.object("billing_details", Presence::optional);
    if (!details) return payer;
    payer.name = text_of(*details, "name", kNameMax);
    payer.tax_id = text_of(*details, "tax_id", kTaxIdMax);
    payer.email = text_of(*details, "email", kEmailMax);
    read_address(*details, payer.address);
    details->finish();
    return payer;
}

connectors::CollectionWish read_wish_of(ObjectReader& method) {
    connectors::CollectionWish wish;
    wish.due_on = day_of_field(method, "due_date");
    wish.fine_bps = bps_of(method, "fine_bps");
    wish.interest_month_bps = bps_of(method, "interest_month_bps");
    wish.discount_bps = bps_of(method, "discount_bps");
    wish.discount_until = day_of_field(method, "discount_until");
    wish.reusable = method.boolean("reusable", Presence::optional).value_or(false);
    const std::optional<std::int64_t> seconds = method.integer(
        "expires_in", Presence::optional, {.min = kOpenSecondsMin, .max = kOpenSecondsMax});
    if (seconds) wish.open_for = std::chrono::seconds(*seconds);
    return wish;
}

}  // namespace

std::optional<MethodChoice> read_method(ObjectReader& body) {
    std::optional<ObjectReader> fields = body.object("payment_method", Presence::optional);
    if (!fields) return std::nullopt;
    MethodChoice choice;
    choice.type = fields->text("type", Presence::required).value_or("");
    const bool known = std::ranges::find(kTypes, choice.type) != kTypes.end();
    if (!choice.type.empty() && !known) {
        fields->fail("type", "unknown_value", "is not a payment method: card, boleto, pix, ...");
    }
    if (choice.type == "card" || !known) {
        choice.token = fields->text("token", Presence::required).value_or("");
    } else {
        choice.collection =
            CollectionChoice{.payer = read_payer(*fields), .wish = read_wish_of(*fields)};
    }
    fields->finish();
    return choice;
}

}  // namespace causeway::gateway
