// SPDX-License-Identifier: Apache-2.0
#include "gateway/merchants/merchants_store.h"

#include "gateway/merchants/keys_store.h"
#include "tests/support/amounts.h"
#include "tests/support/books.h"
#include "tests/support/case_name.h"
#include "tests/support/gateway_store.h"

#include <gtest/gtest.h>

#include <limits>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>
#include <set>

namespace causeway::gateway {
namespace {

using test::currency;
using test::eur;
using test::GatewayBooks;
using test::jpy;

class MerchantsStoreTest : public testing::TestWithParam<test::Engine> {};
CAUSEWAY_ON_EACH_ENGINE(MerchantsStoreTest);

class ApiKeysTest : public testing::TestWithParam<test::Engine> {};
CAUSEWAY_ON_EACH_ENGINE(ApiKeysTest);

Merchant merchant_with(std::int64_t fee_bps, std::map<std::string, std::int64_t> fixed) {
    Merchant merchant{.default_currency = currency("EUR")};
    merchant.name = "Acme";
    merchant.country = "NL";
    merchant.settlement_currencies = {currency("EUR"), currency("JPY")};
    merchant.fee_bps = fee_bps;
    merchant.fixed_fees = std::move(fixed);
    return merchant;
}

struct FeeCase {
    std::string name;
    std::int64_t fee_bps;
    std::int64_t fixed_eur;
    ledger::Money amount;
    bool first;
    std::int64_t fee;
};

class MerchantFee : public testing::TestWithParam<FeeCase> {};

// 2.9 % of 100.00 is 2.90. Half a cent goes to the even neighbour: 2.5 % of 1.00 is 2.5 cents.
INSTANTIATE_TEST_SUITE_P(
    Fees,
    MerchantFee,
    testing::Values(FeeCase{"Basis", 290, 0, eur(10'000), true, 290},
                    FeeCase{"HalfToEvenDown", 250, 0, eur(100), true, 2},
                    FeeCase{"HalfToEvenUp", 350, 0, eur(100), true, 4},
                    FeeCase{"FixedOnTheFirst", 290, 25, eur(10'000), true, 315},
                    FeeCase{"NoFixedOnTheNext", 290, 25, eur(10'000), false, 290},
                    FeeCase{"FixedOfAnotherCurrency", 290, 25, jpy(10'000), true, 290},
                    FeeCase{"NeverMoreThanTheAmount", 290, 25, eur(10), true, 10},
                    FeeCase{"WholeAmount", 10'000, 0, eur(777), true, 777},
                    FeeCase{"Nothing", 0, 0, eur(777), true, 0},
                    FeeCase{"OfNothing", 290, 25, eur(0), true, 0}),
    test::case_name<FeeCase>);

TEST_P(MerchantFee, IsWhatWasAgreed) {
    const FeeCase& row = GetParam();
    const Merchant merchant = merchant_with(row.fee_bps, {{"EUR", row.fixed_eur}});
    EXPECT_EQ(*merchant.fee_of(row.amount, row.first), row.fee);
}

RC_GTEST_PROP(MerchantFee, LiesBetweenNothingAndTheAmount, ()) {
    const auto bps = *rc::gen::inRange<std::int64_t>(0, 10'001);
    const auto fixed = *rc::gen::inRange<std::int64_t>(0, 10'000);
    const auto amount =
        *rc::gen::inRange<std::int64_t>(0, std::numeric_limits<std::int64_t>::max() - 20'000);
    const Merchant merchant = merchant_with(bps, {{"EUR", fixed}});
    const Result<std::int64_t> fee = merchant.fee_of(eur(amount), *rc::gen::arbitrary<bool>());
    if (!fee) RC_ASSERT((fee.error().code() == ErrorCode::amount_overflow));
    if (fee) RC_ASSERT((*fee >= 0 && *fee <= amount));
}

TEST_P(MerchantsStoreTest, GivesBackWhatItWasGiven) {
    GatewayBooks books(GetParam());
    Merchant stored = merchant_with(290, {{"EUR", 25}, {"JPY", 30}});
    stored.id = books.ids.next();
    stored.created_at = books.clock.now();
    books.write([&](ledger::Transaction& tx) { return insert_merchant(tx, stored); });
    books.write([&](ledger::Transaction& tx) -> Result<void> {
        const Result<Merchant> loaded = load_merchant(tx, stored.id);
        if (!loaded) return loaded.error();
        EXPECT_EQ(loaded->name, "Acme");
        EXPECT_EQ(loaded->country, "NL");
        EXPECT_EQ(loaded->default_currency, currency("EUR"));
        EXPECT_EQ(loaded->settlement_currencies, stored.settlement_currencies);
        EXPECT_EQ(loaded->fee_bps, 290);
        EXPECT_EQ(loaded->fixed_fees, stored.fixed_fees);
        EXPECT_TRUE(loaded->settles_in(currency("JPY")));
        EXPECT_FALSE(loaded->settles_in(currency("USD")));
        EXPECT_EQ(list_merchants(tx)->size(), 1U);
        EXPECT_EQ(load_merchant(tx, books.ids.next()).error().code(), ErrorCode::not_found);
        return {};
    });
}

TEST_P(ApiKeysTest, AreFoundByTheirHashAndStoredNowhere) {
    GatewayBooks books(GetParam());
    const Uuid merchant = books.merchant();
    const std::string secret = make_api_key(KeyKind::restricted, true, books.entropy);
    const ApiKey key{.hash = sha256(secret),
                     .scope = {.merchant = merchant, .livemode = true},
                     .kind = KeyKind::restricted,
                     .version = "2026-04-01",
                     .hint = secret.substr(secret.size() - 4),
                     .created_at = books.clock.now()};
    books.write([&](ledger::Transaction& tx) { return insert_key(tx, key); });
    books.write([&](ledger::Transaction& tx) -> Result<void> {
        const Result<ApiKey> found = find_key(tx, sha256(secret));
        if (!found) return found.error();
        EXPECT_EQ(found->scope, key.scope);
        EXPECT_EQ(found->kind, KeyKind::restricted);
        EXPECT_EQ(found->version, "2026-04-01");
        EXPECT_EQ(found->hint, key.hint);
        EXPECT_EQ(find_key(tx, sha256(secret + "x")).error().code(), ErrorCode::not_found);
        return {};
    });
    EXPECT_EQ(books.dump().find(secret.substr(0, secret.size() - 4)), std::string::npos);
}

TEST(ApiKeys, SayWhatTheyAreAndNeverRepeat) {
    test::SeededEntropy entropy(1);
    EXPECT_TRUE(make_api_key(KeyKind::secret, false, entropy).starts_with("sk_test_"));
    EXPECT_TRUE(make_api_key(KeyKind::restricted, true, entropy).starts_with("rk_live_"));
    EXPECT_TRUE(make_api_key(KeyKind::publishable, true, entropy).starts_with("pk_live_"));
    std::set<std::string> all;
    for (int i = 0; i < 1'000; ++i) {
        const std::string key = make_api_key(KeyKind::secret, true, entropy);
        EXPECT_EQ(key.size(), 8U + 32U);
        EXPECT_EQ(key.find_first_not_of("0123456789abcdefghjkmnpqrstvwxyz", 8), std::string::npos);
        EXPECT_TRUE(all.insert(key).second);
    }
    for (const KeyKind kind : {KeyKind::secret, KeyKind::restricted, KeyKind::publishable})
        EXPECT_EQ(*parse_key_kind(to_string(kind)), kind);
    EXPECT_FALSE(parse_key_kind("Secret"));
}

}  // namespace
}  // namespace causeway::gateway
