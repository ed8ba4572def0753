// SPDX-License-Identifier: Apache-2.0
#include "gateway/vault/tokens_store.h"

#include "tests/support/payment_desk.h"

#include <gtest/gtest.h>

namespace causeway::gateway {
namespace {

using test::PaymentDesk;

class TokensStore : public testing::Test {
  protected:
    CardToken token_of(std::string_view number) {
        CardToken token;
        token.id = desk.ids.next();
        token.scope = {.merchant = desk.merchant, .livemode = false};
        token.sealed = vault().seal(number, token.id);
        token.vault_key = vault().key_name();
        token.card = {.brand = "visa", .last4 = "1881", .exp_month = 3, .exp_year = 2030};
        token.first6 = "401288";
        token.created_at = desk.clock.now();
        return token;
    }
    void insert(const CardToken& token) {
        desk.write<int>([&token](ledger::Transaction& tx) -> Result<int> {
            const Result<void> stored = insert_token(tx, token);
            return stored ? Result<int>(0) : Result<int>(stored.error());
        });
    }
    Result<ChargeableCard> card(const std::string& token, Scope scope) {
        std::optional<Result<ChargeableCard>> found;
        const Result<void> done = desk.database->read([&](ledger::Transaction& tx) {
            found.emplace(chargeable_card(tx, vault(), token, scope));
            return Result<void>();
        });
        EXPECT_TRUE(done);
        return *std::move(found);
    }
    const Vault& vault() { return desk.service->shop().vault; }

    PaymentDesk desk;
};

TEST_F(TokensStore, AStoredCardComesBackForItsMerchantAlone) {
    const CardToken stored = token_of("4012888888881881");
    insert(stored);
    const std::string name = to_text("tok", stored.id);
    const Result<ChargeableCard> mine = card(name, stored.scope);
    ASSERT_TRUE(mine);
    EXPECT_EQ(mine->card.number, "4012888888881881");
    EXPECT_EQ(mine->card.expiry_month, 3);
    EXPECT_EQ(mine->card.expiry_year, 2030);
    EXPECT_EQ(mine->facts.last4, "1881");
    Scope live = stored.scope;
    live.livemode = true;
    EXPECT_EQ(card(name, live).error().code(), ErrorCode::not_found);
    const Scope other{.merchant = desk.ids.next(), .livemode = false};
    EXPECT_EQ(card(name, other).error().code(), ErrorCode::not_found);
}

TEST_F(TokensStore, ASealedNumberCopiedIntoAnotherRowDoesNotOpen) {
    const CardToken first = token_of("4012888888881881");
    CardToken second = token_of("5555555555554444");
    second.sealed = first.sealed;
    insert(second);
    EXPECT_EQ(card(to_text("tok", second.id), second.scope).error().code(), ErrorCode::integrity);
}

// A word that stands for a card must never charge anything real.
TEST_F(TokensStore, TestWordsAreCardsInTestModeOnly) {
    const Scope test_mode{.merchant = desk.merchant, .livemode = false};
    ASSERT_TRUE(card("tok_visa", test_mode));
    EXPECT_EQ(card("tok_visa", test_mode)->facts.brand, "visa");
    EXPECT_EQ(card("tok_maestro", test_mode)->facts.last4, "8453");
    const Scope live{.merchant = desk.merchant, .livemode = true};
    EXPECT_EQ(card("tok_visa", live).error().code(), ErrorCode::not_found);
    EXPECT_EQ(card("tok_nothing", test_mode).error().code(), ErrorCode::not_found);
    EXPECT_EQ(card("", test_mode).error().code(), ErrorCode::not_found);
}

}  // namespace
}  // namespace causeway::gateway
