// SPDX-License-Identifier: Apache-2.0
#include "gateway/customers/customer_view.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

constexpr std::size_t kEmailMax = 254;
constexpr std::size_t kPostalCodeMax = 20;

json::value or_null(const std::optional<std::string>& text) {
    if (!text) return nullptr;
    return json::value(*text);
}

// One "@" with something on either side, and nothing that could not stand in a header. Whether
// somebody reads it, only a mail can tell.
bool is_email(std::string_view text) {
    const std::size_t at = text.find('@');
    const bool visible = std::ranges::none_of(
        text, [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7F'; });
    return visible && at != 0 && at != std::string_view::npos && at + 1 < text.size() &&
           text.find('@', at + 1) == std::string_view::npos;
}

bool is_country(std::string_view text) {
    return text.size() == 2 &&
           std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool is_day(std::string_view text) {
    return parse_day(text).has_value();
}

const TextRule kCountry{.length_max = 2, .accepts = is_country, .form = "two upper-case letters"};

std::optional<PostalAddress> read_address(ObjectReader& body) {
    std::optional<ObjectReader> fields = body.object("address", Presence::optional);
    if (!fields) return std::nullopt;
    PostalAddress address;
    address.line1 = fields->text("line1", Presence::optional);
    address.line2 = fields->text("line2", Presence::optional);
    address.city = fields->text("city", Presence::optional);
    address.state = fields->text("state", Presence::optional);
    address.postal_code =
        fields->text("postal_code", Presence::optional, {.length_max = kPostalCodeMax});
    address.country = fields->text("country", Presence::optional, kCountry);
    fields->finish();
    return address;
}

}  // namespace

std::string render_customer(const Customer& customer) {
    json::object members;
    members["id"] = to_text("cus", customer.id);
    members["object"] = "customer";
    members["created_at"] = to_rfc3339(customer.created_at);
    members["livemode"] = customer.scope.livemode;
    members["name"] = or_null(customer.person.name);
    members["email"] = or_null(customer.person.email);
    members["country"] = or_null(customer.country);
    members["verification"] = nullptr;
    members["metadata"] = json::parse(customer.metadata);
    return json::serialize(members);
}

std::string render_customer_in_event(const Customer& customer) {
    Customer nobody = customer;
    nobody.person = PersonalFacts{};
    return render_customer(nobody);
}

Customer read_new_customer(ObjectReader& body) {
    Customer customer;
    customer.person.name = body.text("name", Presence::optional);
    customer.person.email =
        body.text("email",
                  Presence::optional,
                  {.length_max = kEmailMax, .accepts = is_email, .form = "an e-mail address"});
    customer.country = body.text("country", Presence::optional, kCountry);
    customer.person.date_of_birth =
        body.text("date_of_birth",
                  Presence::optional,
                  {.length_max = 10, .accepts = is_day, .form = "a day such as 1990-01-31"});
    customer.person.address = read_address(body);
    return customer;
}

}  // namespace causeway::gateway
