// SPDX-License-Identifier: Apache-2.0
#include "gateway/merchants/merchants_schema_store.h"

#include "gateway/merchants/keys_store.h"
#include "gateway/merchants/merchants_store.h"
#include "gateway/schema_store.h"
#include "ledger/store/commit_queue.h"
#include "tests/support/engines.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace causeway::gateway {
namespace {

class MerchantsSchema : public test::OnEachEngine {
  protected:
    std::unique_ptr<ledger::Database> open(std::span<const ledger::Migration> steps) {
        Result<std::unique_ptr<ledger::Database>> opened = ledger::Database::open(url(), steps);
        if (!opened) throw std::runtime_error(opened.error().detail());
        return *std::move(opened);
    }
    static void write(ledger::Database& database,
                      const std::function<Result<std::int64_t>(ledger::Transaction&)>& body) {
        const Result<std::int64_t> done = database.writer().commit<std::int64_t>(body);
        if (!done) throw std::runtime_error(done.error().detail());
    }
    // The schema of the release before: all up to our step.
    static std::span<const ledger::Migration> before() {
        const std::span<const ledger::Migration> all = schema();
        const auto ours = std::ranges::find_if(
            all, [](const ledger::Migration& step) { return step.sql == merchants_schema_sql(); });
        return all.first(static_cast<std::size_t>(ours - all.begin()));
    }
};
CAUSEWAY_ON_EACH_ENGINE(MerchantsSchema);

TEST_P(MerchantsSchema, KeysOfTheReleaseBeforeKeepWhatTheyMay) {
    const Uuid merchant{{1, 2, 3}};
    const Timestamp made = *parse_rfc3339("2026-04-14T08:00:00Z");
    const Sha256 secret = sha256("secret");
    const Sha256 restricted = sha256("restricted");
    {
        const auto old = open(before());
        for (const auto& [hash, kind] :
             {std::pair(secret, "secret"), std::pair(restricted, "restricted")}) {
            write(*old, [&](ledger::Transaction& tx) {
                return tx.execute(
                    "INSERT INTO api_keys (key_hash, merchant_id, kind, livemode, "
                    "version, hint, created_us) VALUES ($1, $2, $3, 0, "
                    "'2026-11-20', 'abcd', $4)",
                    {std::span<const std::uint8_t>(hash), merchant, kind, made});
            });
        }
    }
    const auto database = open(schema());
    const Result<void> read = database->read([&](ledger::Transaction& tx) -> Result<void> {
        const Result<std::vector<ApiKey>> keys = list_keys(tx, merchant);
        if (!keys) return keys.error();
        EXPECT_EQ(keys->size(), 2U);
        EXPECT_NE(keys->front().id, keys->back().id);
        for (const ApiKey& key : *keys) {
            EXPECT_EQ(key.version, "2026-11-20");
            EXPECT_EQ(key.last_used_at, std::nullopt);
            EXPECT_EQ(*parse_id("key", to_text("key", key.id)), key.id);
            EXPECT_LT(std::chrono::abs(time_of(key.id) - made), std::chrono::seconds(1));
            EXPECT_EQ(key.permissions, key.kind == KeyKind::restricted ? "*:read" : "");
        }
        EXPECT_EQ(find_key(tx, secret)->kind, KeyKind::secret);
        return {};
    });
    EXPECT_TRUE(read);
}

}  // namespace
}  // namespace causeway::gateway
