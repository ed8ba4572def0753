// SPDX-License-Identifier: Apache-2.0
#include "gateway/idempotency/idempotency_store.h"

#include "tests/support/case_name.h"
#include "tests/support/gateway_store.h"

#include <gtest/gtest.h>

namespace causeway::gateway {
namespace {

using test::GatewayBooks;

struct Header {
    std::string name;
    std::string value;
    std::optional<std::string> key;
};

class IdempotencyKeyHeader : public testing::TestWithParam<Header> {};

INSTANTIATE_TEST_SUITE_P(
    Values,
    IdempotencyKeyHeader,
    testing::Values(Header{"Bare", "abc-123", "abc-123"},
                    Header{"Quoted", "\"abc-123\"", "abc-123"},
                    Header{"OneLetter", "a", "a"},
                    Header{"OneQuoteIsALetter", "\"", "\""},
                    Header{"QuoteAtTheEnd", "a\"", "a\""},
                    Header{"Longest", std::string(255, 'k'), std::string(255, 'k')},
                    Header{
                        "LongestQuoted", '"' + std::string(255, 'k') + '"', std::string(255, 'k')},
                    Header{"TooLong", std::string(256, 'k'), std::nullopt},
                    Header{"TooLongQuoted", '"' + std::string(256, 'k') + '"', std::nullopt},
                    Header{"Empty", "", std::nullopt},
                    Header{"EmptyQuoted", "\"\"", std::nullopt},
                    Header{"Space", "a b", std::nullopt},
                    Header{"SpaceQuoted", "\"a b\"", std::nullopt},
                    Header{"OnlySpace", " ", std::nullopt},
                    Header{"Tab", "a\tb", std::nullopt},
                    Header{"Delete", "a\x7f", std::nullopt},
                    Header{"NotAscii", "caf\xC3\xA9", std::nullopt},
                    Header{"Nul", std::string("a\0b", 3), std::nullopt}),
    test::case_name<Header>);

TEST_P(IdempotencyKeyHeader, IsReadStrictly) {
    const Result<std::string> key = parse_idempotency_key(GetParam().value);
    ASSERT_EQ(key.has_value(), GetParam().key.has_value());
    if (key) {
        EXPECT_EQ(*key, *GetParam().key);
    } else {
        EXPECT_EQ(key.error().code(), ErrorCode::invalid_argument);
    }
}

class IdempotencyStore : public testing::TestWithParam<test::Engine> {
  protected:
    static IdempotencyKey key(const Uuid& merchant) {
        return {.scope = {.merchant = merchant, .livemode = false},
                .endpoint = "POST /v1/payments",
                .key = "k1",
                .fingerprint = sha256("body")};
    }
    Claim claim_now(const IdempotencyKey& wanted, std::string_view resource = "pay_1") {
        Claim made;
        books.write([&](ledger::Transaction& tx) -> Result<void> {
            Result<Claim> claimed =
                claim(tx, wanted, {.resource = resource, .now = books.clock.now()});
            if (!claimed) return claimed.error();
            made = *std::move(claimed);
            return {};
        });
        return made;
    }
    void finish_now(const IdempotencyKey& wanted, int status, std::string_view body) {
        books.write([&](ledger::Transaction& tx) { return finish(tx, wanted, status, body); });
    }

    GatewayBooks books{GetParam()};
    Uuid merchant = books.merchant();
};

CAUSEWAY_ON_EACH_ENGINE(IdempotencyStore);

TEST_P(IdempotencyStore, GoesFromFreshOverInFlightToReplay) {
    EXPECT_EQ(claim_now(key(merchant)).state, ClaimState::fresh);
    EXPECT_EQ(claim_now(key(merchant), "pay_2").state, ClaimState::in_flight);
    const std::string body = "{\"text\":\"\xC3\xA9 \\u0000 'quoted' \"}\n";
    finish_now(key(merchant), 402, body);
    const Claim replay = claim_now(key(merchant), "pay_3");
    EXPECT_EQ(replay.state, ClaimState::replay);
    EXPECT_EQ(replay.status, 402);
    EXPECT_EQ(replay.body, body);
    EXPECT_EQ(replay.resource, "pay_1");
}

TEST_P(IdempotencyStore, AReleasedKeyIsResumedOnTheFirstResource) {
    claim_now(key(merchant), "pay_1");
    books.write([&](ledger::Transaction& tx) { return release(tx, key(merchant)); });
    const Claim again = claim_now(key(merchant), "pay_2");
    EXPECT_EQ(again.state, ClaimState::resumed);
    EXPECT_EQ(again.resource, "pay_1");
    EXPECT_EQ(claim_now(key(merchant)).state, ClaimState::in_flight);
}

// Answering another request with this one's answer would tell a merchant that it was paid.
TEST_P(IdempotencyStore, AnotherRequestUnderTheKeyIsReuseInEveryState) {
    IdempotencyKey other = key(merchant);
    other.fingerprint = sha256("another body");
    claim_now(key(merchant));
    EXPECT_EQ(claim_now(other).state, ClaimState::reused);
    books.write([&](ledger::Transaction& tx) { return release(tx, key(merchant)); });
    EXPECT_EQ(claim_now(other).state, ClaimState::reused);
    EXPECT_EQ(claim_now(key(merchant)).state, ClaimState::resumed);
    finish_now(key(merchant), 200, "{}");
    EXPECT_EQ(claim_now(other).state, ClaimState::reused);
}

// Who took so long that others have answered tells its caller what they said.
TEST_P(IdempotencyStore, TheFirstAnswerStays) {
    claim_now(key(merchant));
    finish_now(key(merchant), 201, "first");
    books.write([&](ledger::Transaction& tx) -> Result<void> {
        const Result<std::optional<StoredAnswer>> earlier =
            finish_first(tx, key(merchant), 402, "second");
        EXPECT_TRUE(earlier && *earlier);
        if (!earlier || !*earlier) return {};
        EXPECT_EQ((*earlier)->status, 201);
        EXPECT_EQ((*earlier)->body, "first");
        return release(tx, key(merchant));
    });
    finish_now(key(merchant), 500, "third");
    const Claim replay = claim_now(key(merchant));
    EXPECT_EQ(replay.state, ClaimState::replay);
    EXPECT_EQ(replay.status, 201);
    EXPECT_EQ(replay.body, "first");
}

TEST_P(IdempotencyStore, KeysAreScopedToMerchantModeAndEndpoint) {
    claim_now(key(merchant));
    IdempotencyKey live = key(merchant);
    live.scope.livemode = true;
    IdempotencyKey elsewhere = key(merchant);
    elsewhere.endpoint = "POST /v1/refunds";
    EXPECT_EQ(claim_now(live).state, ClaimState::fresh);
    EXPECT_EQ(claim_now(elsewhere).state, ClaimState::fresh);
    EXPECT_EQ(claim_now(key(books.merchant())).state, ClaimState::fresh);
    EXPECT_EQ(claim_now(key(merchant)).state, ClaimState::in_flight);
}

TEST_P(IdempotencyStore, WhatWasNeverClaimedCannotBeFinished) {
    const Result<int> done =
        books.database().writer().commit<int>([&](ledger::Transaction& tx) -> Result<int> {
            const Result<void> finished = finish(tx, key(merchant), 200, "{}");
            return finished ? Result<int>(0) : Result<int>(finished.error());
        });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code(), ErrorCode::not_found);
}

TEST_P(IdempotencyStore, NamesTheAbandonedWholeAndForgetsWhatIsNotInFlight) {
    claim_now(key(merchant), "pay_1");
    IdempotencyKey done = key(merchant);
    done.key = "done";
    claim_now(done);
    finish_now(done, 200, "{}");
    IdempotencyKey released = key(merchant);
    released.key = "released";
    claim_now(released);
    books.write([&](ledger::Transaction& tx) { return release(tx, released); });

    books.write([&](ledger::Transaction& tx) -> Result<void> {
        const Result<std::vector<Abandoned>> left = abandoned(tx);
        EXPECT_TRUE(left && left->size() == 1);
        if (!left || left->size() != 1) return {};
        EXPECT_EQ((*left)[0].resource, "pay_1");
        EXPECT_EQ((*left)[0].key.scope, key(merchant).scope);
        EXPECT_EQ((*left)[0].key.endpoint, "POST /v1/payments");
        EXPECT_EQ((*left)[0].key.key, "k1");
        EXPECT_EQ((*left)[0].key.fingerprint, sha256("body"));
        const Timestamp now = books.clock.now();
        EXPECT_EQ(*forget(tx, now), 0) << "made now is not before now";
        EXPECT_EQ(*forget(tx, now + std::chrono::seconds(1)), 2);
        return {};
    });
    EXPECT_EQ(claim_now(done).state, ClaimState::fresh);
    EXPECT_EQ(claim_now(key(merchant)).state, ClaimState::in_flight);
    EXPECT_EQ(claim_now(released).state, ClaimState::fresh);
}

}  // namespace
}  // namespace causeway::gateway
