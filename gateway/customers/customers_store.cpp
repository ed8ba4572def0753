// SPDX-License-Identifier: Apache-2.0
#include "gateway/customers/customers_store.h"

#include "gateway/payments/pages_store.h"
#include "gateway/vault/personal_store.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

using ledger::Row;
using ledger::Transaction;

constexpr std::string_view kColumns =
    "customer_id, merchant_id, livemode, country, metadata, created_us";

Customer read_customer(const Row& row) {
    Customer customer;
    customer.id = row.uuid(0);
    customer.scope = {.merchant = row.uuid(1), .livemode = row.integer(2) != 0};
    customer.country = row.maybe_text(3);
    customer.metadata = row.text(4);
    customer.created_at = row.moment(5);
    return customer;
}

void put(json::object& into, std::string_view name, const std::optional<std::string>& text) {
    if (text) into[name] = *text;
}

std::optional<std::string> get(const json::object& from, std::string_view name) {
    const json::value* const at = from.if_contains(name);
    if (at == nullptr || !at->is_string()) return std::nullopt;
    return std::string(at->as_string());
}

std::string facts_of(const PersonalFacts& person) {
    json::object facts;
    put(facts, "name", person.name);
    put(facts, "email", person.email);
    put(facts, "date_of_birth", person.date_of_birth);
    if (person.address) {
        json::object address;
        put(address, "line1", person.address->line1);
        put(address, "line2", person.address->line2);
        put(address, "city", person.address->city);
        put(address, "state", person.address->state);
        put(address, "postal_code", person.address->postal_code);
        put(address, "country", person.address->country);
        facts["address"] = std::move(address);
    }
    return json::serialize(facts);
}

Result<PersonalFacts> person_of(const std::string& text) {
    PersonalFacts person;
    if (text.empty()) return person;
    boost::system::error_code failed;
    const json::value value = json::parse(text, failed);
    if (failed || !value.is_object()) {
        return Error(ErrorCode::integrity, "personal data that this program never wrote");
    }
    const json::object& facts = value.as_object();
    person.name = get(facts, "name");
    person.email = get(facts, "email");
    person.date_of_birth = get(facts, "date_of_birth");
    const json::value* const address = facts.if_contains("address");
    if (address != nullptr && address->is_object()) {
        const json::object& parts = address->as_object();
        person.address = PostalAddress{.line1 = get(parts, "line1"),
                                       .line2 = get(parts, "line2"),
                                       .city = get(parts, "city"),
                                       .state = get(parts, "state"),
                                       .postal_code = get(parts, "postal_code"),
                                       .country = get(parts, "country")};
    }
    return person;
}

Result<void> add_person(Transaction& tx, const Vault& vault, Customer& customer) {
    const Result<std::string> facts = load_personal(tx, vault, customer.id);
    if (!facts) return facts.error();
    Result<PersonalFacts> person = person_of(*facts);
    if (!person) return person.error();
    customer.person = *std::move(person);
    return {};
}

}  // namespace

Result<void> insert_customer(Transaction& tx, const Vault& vault, const Customer& c) {
    const Result<std::int64_t> inserted = tx.execute(
        "INSERT INTO customers (" + std::string(kColumns) + ") VALUES ($1, $2, $3, $4, $5, $6)",
        {c.id, c.scope.merchant, c.scope.livemode, c.country, c.metadata, c.created_at});
    if (!inserted) return inserted.error();
    return insert_personal(tx, vault, c.id, facts_of(c.person), c.created_at);
}

Result<Customer> load_customer(Transaction& tx, const Vault& vault, const Uuid& id, Scope scope) {
    std::optional<Customer> found;
    Result<void> read =
        tx.query("SELECT " + std::string(kColumns) + " FROM customers WHERE customer_id = $1",
                 {id},
                 [&found](const Row& row) { found = read_customer(row); });
    if (!read) return read.error();
    if (!found || found->scope != scope) {
        return Error(ErrorCode::not_found, "customer " + to_text("cus", id));
    }
    read = add_person(tx, vault, *found);
    if (!read) return read.error();
    return *std::move(found);
}

Result<Listed<Customer>> list_customers(Transaction& tx,
                                        const Vault& vault,
                                        Scope scope,
                                        const Page& page) {
    const PageQuery query("SELECT " + std::string(kColumns) +
                              " FROM customers WHERE merchant_id = $1 AND livemode = $2 AND ",
                          "customer_id",
                          page);
    Result<Listed<Customer>> listed =
        query.run<Customer>(tx, scope.merchant, scope.livemode, read_customer);
    if (!listed) return listed;
    for (Customer& customer : listed->rows) {
        const Result<void> opened = add_person(tx, vault, customer);
        if (!opened) return opened.error();
    }
    return listed;
}

Result<bool> is_customer(Transaction& tx, std::string_view id, Scope scope) {
    const Result<Uuid> customer = parse_id("cus", id);
    if (!customer) return false;
    bool found = false;
    const Result<void> read = tx.query(
        "SELECT 1 FROM customers WHERE customer_id = $1 AND merchant_id = $2 AND livemode = $3",
        {*customer, scope.merchant, scope.livemode},
        [&found](const Row&) { found = true; });
    if (!read) return read.error();
    return found;
}

Result<std::string> country_of_customer(Transaction& tx, std::string_view id, Scope scope) {
    std::string country;
    const Result<Uuid> customer = parse_id("cus", id);
    if (!customer) return country;
    const Result<void> read = tx.query(
        "SELECT country FROM customers "
        "WHERE customer_id = $1 AND merchant_id = $2 AND livemode = $3",
        {*customer, scope.merchant, scope.livemode},
        [&country](const Row& row) {
            if (!row.is_null(0)) country = row.text(0);
        });
    if (!read) return read.error();
    return country;
}

Result<Scope> scope_of_customer(Transaction& tx, const Uuid& id) {
    std::optional<Scope> found;
    const Result<void> read =
        tx.query("SELECT merchant_id, livemode FROM customers WHERE customer_id = $1",
                 {id},
                 [&found](const Row& row) {
                     found = Scope{.merchant = row.uuid(0), .livemode = row.integer(1) != 0};
                 });
    if (!read) return read.error();
    if (!found) return Error(ErrorCode::not_found, "there is no customer " + to_text("cus", id));
    return *found;
}

}  // namespace causeway::gateway
