// SPDX-License-Identifier: Apache-2.0
#include "gateway/collections/collection_facts.h"

#include "gateway/vault/personal_store.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

using connectors::CollectionWish;
using connectors::Payer;
using ledger::Transaction;

void put(json::object& into, std::string_view name, const std::optional<std::int64_t>& value) {
    if (value) into[name] = *value;
}

void put(json::object& into, std::string_view name, const std::optional<Day>& value) {
    if (value) into[name] = value->time_since_epoch().count();
}

std::string text_in(const json::object& members, std::string_view name) {
    const json::value* const found = members.if_contains(name);
    return found == nullptr ? std::string() : std::string(found->as_string());
}

std::optional<std::int64_t> number_in(const json::object& members, std::string_view name) {
    const json::value* const found = members.if_contains(name);
    if (found == nullptr) return std::nullopt;
    return found->as_int64();
}

std::optional<Day> day_in(const json::object& members, std::string_view name) {
    const std::optional<std::int64_t> days = number_in(members, name);
    if (!days) return std::nullopt;
    return Day(std::chrono::days(*days));
}

json::object written(const CollectionChoice& choice) {
    const Payer& payer = choice.payer;
    const CollectionWish& wish = choice.wish;
    json::object members{{"name", payer.name},
                         {"tax_id", payer.tax_id},
                         {"email", payer.email},
                         {"line1", payer.address.line1},
                         {"line2", payer.address.line2},
                         {"district", payer.address.district},
                         {"city", payer.address.city},
                         {"state", payer.address.state},
                         {"postal_code", payer.address.postal_code},
                         {"country", payer.address.country},
                         {"reusable", wish.reusable}};
    put(members, "due_on", wish.due_on);
    put(members, "discount_until", wish.discount_until);
    put(members, "fine_bps", wish.fine_bps);
    put(members, "interest_month_bps", wish.interest_month_bps);
    put(members, "discount_bps", wish.discount_bps);
    if (wish.open_for) members["open_for_s"] = wish.open_for->count();
    return members;
}

CollectionChoice read(const json::object& members) {
    CollectionChoice choice;
    choice.payer = {.name = text_in(members, "name"),
                    .tax_id = text_in(members, "tax_id"),
                    .email = text_in(members, "email"),
                    .address = {.line1 = text_in(members, "line1"),
                                .line2 = text_in(members, "line2"),
                                .district = text_in(members, "district"),
                                .city = text_in(members, "city"),
                                .state = text_in(members, "state"),
                                .postal_code = text_in(members, "postal_code"),
                                .country = text_in(members, "country")}};
    CollectionWish& wish = choice.wish;
    wish.due_on = day_in(members, "due_on");
    wish.discount_until = day_in(members, "discount_until");
    wish.fine_bps = number_in(members, "fine_bps");
    wish.interest_month_bps = number_in(members, "interest_month_bps");
    wish.discount_bps = number_in(members, "discount_bps");
    if (const auto seconds = number_in(members, "open_for_s")) {
        wish.open_for = std::chrono::seconds(*seconds);
    }
    wish.reusable = members.at("reusable").as_bool();
    return choice;
}

}  // namespace

Result<void> keep_choice(Transaction& tx,
                         const Workshop& shop,
                         const Uuid& payment,
                         const CollectionChoice& choice) {
    return put_personal(
        tx, shop.vault, payment, json::serialize(written(choice)), shop.clock.now());
}

Result<CollectionChoice> load_choice(Transaction& tx, const Workshop& shop, const Uuid& payment) {
    const Result<std::string> facts = load_personal(tx, shop.vault, payment);
    if (!facts) return facts.error();
    if (facts->empty()) return Error(ErrorCode::not_found, "who pays");
    return read(json::parse(*facts).as_object());
}

Result<connectors::Collection> collection_of(Transaction& tx,
                                             const Workshop& shop,
                                             const Payment& payment) {
    const Result<CollectionRow> row = load_collection(tx, payment.id);
    if (!row) return row.error();
    Result<CollectionChoice> choice = load_choice(tx, shop, payment.id);
    if (!choice) return choice.error();
    return connectors::Collection{.payer = std::move(choice->payer), .terms = row->terms};
}

Problem problem_of(const std::vector<connectors::FieldFault>& faults) {
    std::vector<FieldError> errors;
    for (const connectors::FieldFault& fault : faults) {
        errors.push_back({.pointer = "/payment_method" + fault.pointer,
                          .code = fault.code,
                          .detail = fault.message});
    }
    return invalid_request(std::move(errors));
}

}  // namespace causeway::gateway
