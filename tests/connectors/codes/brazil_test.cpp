// SPDX-License-Identifier: Apache-2.0
#include "connectors/codes/brazil.h"

#include <gtest/gtest.h>

namespace causeway::connectors::codes {
namespace {

BrazilianAddress good_address() {
    return {.street = "Av. Paulista, 1000",
            .district = "Bela Vista",
            .city = "São Paulo",
            .state = "SP",
            .postal_code = "01310100"};
}

TEST(BrazilianAddress, IsPrintedOnOneLine) {
    EXPECT_EQ(printed(good_address()),
              "Av. Paulista, 1000 - Bela Vista - São Paulo/SP - 01310-100");
    BrazilianAddress bare = good_address();
    bare.district.clear();
    EXPECT_EQ(printed(bare), "Av. Paulista, 1000 - São Paulo/SP - 01310-100");
}

TEST(BrazilianAddress, SaysWhichPartIsWrong) {
    EXPECT_TRUE(check_address(good_address()));
    BrazilianAddress address = good_address();
    address.state = "sp";
    EXPECT_EQ(check_address(address).error().detail(), "address: there is no such state");
    address = good_address();
    address.postal_code = "1310100";
    EXPECT_EQ(check_address(address).error().detail(), "postal code: eight digits are wanted");
    address = good_address();
    address.city.clear();
    EXPECT_EQ(check_address(address).error().detail(), "address: the city is missing");
}

TEST(PostalCode, IsReadWithOneHyphenInItsPlace) {
    EXPECT_EQ(*parse_postal_code("01310-100"), "01310100");
    EXPECT_FALSE(parse_postal_code("0131-0100"));
    EXPECT_FALSE(parse_postal_code("01310-10A"));
    EXPECT_FALSE(parse_postal_code(""));
}

TEST(FederativeUnit, IsOneOfTwentySeven) {
    EXPECT_TRUE(is_federative_unit("DF"));
    EXPECT_FALSE(is_federative_unit("XX"));
    EXPECT_FALSE(is_federative_unit(""));
}

}  // namespace
}  // namespace causeway::connectors::codes
