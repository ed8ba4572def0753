// SPDX-License-Identifier: Apache-2.0
#include "gateway/customers/customers_store.h"

#include "gateway/vault/personal_store.h"
#include "tests/support/gateway_store.h"
#include "tests/support/payment_desk.h"

#include <gtest/gtest.h>

namespace causeway::gateway {
namespace {

using test::GatewayBooks;

class CustomersStoreTest : public testing::TestWithParam<test::Engine> {
  protected:
    Customer ana() {
        Customer customer;
        customer.id = books.ids.next();
        customer.scope = scope;
        customer.country = "BR";
        customer.metadata = R"({"tier":"gold"})";
        customer.person.name = "Ana Souza Marked";
        customer.person.email = "ana.marked@example.com";
        customer.person.date_of_birth = "1990-01-31";
        customer.person.address = PostalAddress{.line1 = "Rua Marked 1", .city = "Recife"};
        customer.created_at = books.clock.now();
        return customer;
    }
    Customer stored() {
        const Customer customer = ana();
        books.write([&](ledger::Transaction& tx) { return insert_customer(tx, vault, customer); });
        return customer;
    }

    GatewayBooks books{GetParam()};
    test::TemporaryFolder folder;
    Vault vault = test::vault_in(folder, books.entropy);
    Scope scope{.merchant = books.merchant(), .livemode = false};
};
CAUSEWAY_ON_EACH_ENGINE(CustomersStoreTest);

TEST_P(CustomersStoreTest, GivesBackWhatItWasGiven) {
    const Customer customer = stored();
    books.write([&](ledger::Transaction& tx) -> Result<void> {
        const Result<Customer> found = load_customer(tx, vault, customer.id, scope);
        if (!found) return found.error();
        EXPECT_EQ(found->country, "BR");
        EXPECT_EQ(found->metadata, customer.metadata);
        EXPECT_EQ(found->person.name, customer.person.name);
        EXPECT_EQ(found->person.email, customer.person.email);
        EXPECT_EQ(found->person.date_of_birth, "1990-01-31");
        EXPECT_EQ(found->person.address->line1, "Rua Marked 1");
        EXPECT_EQ(found->person.address->line2, std::nullopt);
        return {};
    });
}

TEST_P(CustomersStoreTest, WritesNothingOfThePersonInTheClear) {
    stored();
    const std::string dump = books.dump();
    for (const char* const marked : {"Marked", "marked", "1990-01-31", "Recife"})
        EXPECT_EQ(dump.find(marked), std::string::npos) << marked;
    EXPECT_NE(dump.find("gold"), std::string::npos);
}

TEST_P(CustomersStoreTest, BelongToOneMerchantInOneMode) {
    const Customer customer = stored();
    const std::string id = to_text("cus", customer.id);
    const Scope foreign{.merchant = books.merchant(), .livemode = false};
    const Scope live{.merchant = scope.merchant, .livemode = true};
    books.write([&](ledger::Transaction& tx) -> Result<void> {
        EXPECT_TRUE(*is_customer(tx, id, scope));
        for (const Scope& other : {foreign, live}) {
            EXPECT_EQ(load_customer(tx, vault, customer.id, other).error().code(),
                      ErrorCode::not_found);
            EXPECT_FALSE(*is_customer(tx, id, other));
            EXPECT_TRUE(list_customers(tx, vault, other, Page{})->rows.empty());
        }
        EXPECT_FALSE(*is_customer(tx, "cus_nonsense", scope));
        EXPECT_EQ(list_customers(tx, vault, scope, Page{})->rows.size(), 1U);
        EXPECT_EQ(*scope_of_customer(tx, customer.id), scope);
        EXPECT_EQ(scope_of_customer(tx, books.ids.next()).error().code(), ErrorCode::not_found);
        return {};
    });
}

// What is sealed for one object opens for no other: a row cannot be given somebody else's name.
TEST_P(CustomersStoreTest, ARowMovedToAnotherCustomerDoesNotOpen) {
    const Customer customer = stored();
    const Customer other = stored();
    books.execute("DELETE FROM personal_data WHERE object_id = $1", {other.id});
    books.execute("UPDATE personal_data SET object_id = $1 WHERE object_id = $2",
                  {other.id, customer.id});
    books.write([&](ledger::Transaction& tx) -> Result<void> {
        EXPECT_EQ(load_customer(tx, vault, other.id, scope).error().code(), ErrorCode::integrity);
        EXPECT_EQ(load_personal(tx, vault, customer.id)->size(), 0U);
        return {};
    });
}

}  // namespace
}  // namespace causeway::gateway
