// SPDX-License-Identifier: Apache-2.0
#include "gateway/webhooks/event.h"
#include "tests/support/gateway_store.h"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

namespace causeway::gateway {
namespace {

using ledger::Transaction;
using test::GatewayBooks;

class Events : public testing::TestWithParam<test::Engine> {
  protected:
    Events() { scope.merchant = books.merchant(); }

    Uuid record(const EventFacts& facts) {
        Uuid id;
        books.write([&](Transaction& tx) -> Result<void> {
            const Result<Uuid> written = record_event(tx, books.ids, books.clock, facts);
            if (!written) return written.error();
            id = *written;
            return {};
        });
        return id;
    }
    Uuid record(const std::string& type) {
        return record({.scope = scope, .type = type, .object = R"({"id":"pay_1"})"});
    }
    Uuid endpoint(Scope owner, const std::string& events, const std::string& status = "enabled") {
        const Uuid id = books.ids.next();
        books.execute(
            "INSERT INTO webhook_endpoints (merchant_id, livemode, endpoint_id, url, events, "
            "signing, status, disabled_because, vault_key, secret, public_key, previous_until_us, "
            "failures, paused_until_us, created_us) VALUES ($1, $2, $3, 'https://example.com/', "
            "$4, 'hmac', $5, '', '', $6, '', 0, 0, 0, 0)",
            {owner.merchant, owner.livemode, id, events, status, id});
        return id;
    }
    EventRow load(const Uuid& id, Scope from) {
        std::optional<Result<EventRow>> found;
        const Result<void> done = books.database().read([&](Transaction& tx) {
            found.emplace(load_event(tx, id, from));
            return Result<void>();
        });
        if (!done || !*found) throw std::runtime_error("no such event");
        return **found;
    }

    GatewayBooks books{GetParam()};
    Scope scope;
};
CAUSEWAY_ON_EACH_ENGINE(Events);

TEST_P(Events, AreShownToReceiversAndInTheApiAsTheSameBytes) {
    const Uuid id = record({.scope = scope,
                            .type = "payment.succeeded",
                            .object = R"({"id":"pay_1","amount":9710})",
                            .previous = R"({"status":"processing"})",
                            .request_id = "req_1",
                            .idempotency_key = "a \"key\""});
    const EventRow row = load(id, scope);
    const std::string text = to_text("evt", id);
    EXPECT_EQ(row.body,
              R"({"id":")" + text +
                  R"(","object":"event","created_at":"2026-04-14T08:00:00Z","livemode":false,)"
                  R"("type":"payment.succeeded","timestamp":"2026-04-14T08:00:00Z",)"
                  R"("api_version":"2026-11-20","merchant":")" +
                  to_text("mer", scope.merchant) +
                  R"(","data":{"object":{"id":"pay_1","amount":9710},)"
                  R"("previous_attributes":{"status":"processing"}},)"
                  R"("request":{"id":"req_1","idempotency_key":"a \"key\""}})");
    const auto shown = boost::json::parse(render_event(row)).as_object();
    EXPECT_EQ(shown.at("pending_deliveries").as_int64(), 0);
}

// One delivery too many tells a merchant about another's payments; one too few loses an order.
TEST_P(Events, GoToEveryEndpointThatWantsThemAndToNoOther) {
    Scope live = scope;
    live.livemode = true;
    const Scope stranger{.merchant = books.merchant(), .livemode = false};
    endpoint(scope, ",*,");
    endpoint(scope, ",refund.created,payment.succeeded,");
    endpoint(scope, ",payment.*,");
    endpoint(scope, ",refund.created,");
    endpoint(scope, ",payment_succeeded,xpayment.succeeded,");
    endpoint(scope, ",*,", "disabled");
    endpoint(live, ",*,");
    endpoint(stranger, ",*,");
    const Uuid id = record("payment.succeeded");
    EXPECT_EQ(load(id, scope).pending_deliveries, 3);
    EXPECT_EQ(books.number("SELECT COUNT(*) FROM webhook_deliveries"), 3);
}

TEST_P(Events, OfAMoveThatFailsAreForgottenWithIt) {
    endpoint(scope, ",*,");
    const Result<int> failed =
        books.database().writer().commit<int>([&](Transaction& tx) -> Result<int> {
            const Result<Uuid> id =
                record_event(tx,
                             books.ids,
                             books.clock,
                             {.scope = scope, .type = "payment.failed", .object = "{}"});
            if (!id) return id.error();
            return Error(ErrorCode::conflict, "the move is not allowed");
        });
    EXPECT_FALSE(failed);
    EXPECT_EQ(books.number("SELECT COUNT(*) FROM events"), 0);
    EXPECT_EQ(books.number("SELECT COUNT(*) FROM webhook_deliveries"), 0);
}

TEST_P(Events, OfAnotherMerchantOrModeAreNotThere) {
    const Uuid id = record("payment.created");
    Scope live = scope;
    live.livemode = true;
    EXPECT_THROW(load(id, live), std::runtime_error);
    EXPECT_THROW(load(id, {.merchant = books.merchant(), .livemode = false}), std::runtime_error);
}

TEST_P(Events, OfATypeNobodyDocumentedAreRefused) {
    EXPECT_THROW(record("payment.suceeded"), std::runtime_error);
    EXPECT_EQ(books.number("SELECT COUNT(*) FROM events"), 0);
}

}  // namespace
}  // namespace causeway::gateway
