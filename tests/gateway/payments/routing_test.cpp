// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/routing.h"

#include "connectors/fault/connector.h"
#include "tests/support/amounts.h"
#include "tests/support/books.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <rapidcheck.h>
#include <set>
#include <string>

namespace causeway::gateway {
namespace {

using connectors::LifecycleStage;
using test::eur;

/// A connector that says what it can do, and that it is ready or not.
class Told final : public connectors::Connector {
  public:
    explicit Told(connectors::Capability capability, bool ready)
        : capability_(std::move(capability)), ready_(ready) {}
    [[nodiscard]] const connectors::Capability& capability() const noexcept override {
        return capability_;
    }
    [[nodiscard]] std::string make_reference(std::int64_t sequence,
                                             Timestamp,
                                             const connectors::Operation&) const override {
        return std::to_string(sequence);
    }
    [[nodiscard]] Result<connectors::OperationKind> first_operation(const connectors::Card&,
                                                                    bool) const override {
        return connectors::OperationKind::authorise;
    }
    boost::asio::awaitable<Result<connectors::Answer>> perform(connectors::Operation) override {
        co_return Error(ErrorCode::unavailable);
    }
    [[nodiscard]] connectors::StatementKey statement_key(
        const connectors::Operation&) const override {
        return {};
    }
    [[nodiscard]] bool ready() const noexcept override { return ready_; }

  private:
    connectors::Capability capability_;
    bool ready_;
};

struct Offer {
    std::string name;
    std::function<void(connectors::Capability&)> change = [](connectors::Capability&) {};
    std::int64_t cost_bps = 0;
    bool ready = true;
};

class Routing : public testing::Test {
  protected:
    void add(const Offer& offer) {
        connectors::Capability can;
        can.name = offer.name;
        can.method = "card";
        offer.change(can);
        ConnectorEntry entry;
        entry.connector = std::make_unique<Told>(can, offer.ready);
        entry.cost.markup_bps = offer.cost_bps;
        connectors_.add(std::move(entry));
    }
    void rule(RoutingRule rule) { rules_.push_back(std::move(rule)); }
    RouteRequest request(ledger::Money amount = eur(10'000)) {
        return {.payment = ids_.next(),
                .method = "card",
                .amount = amount,
                .merchant = "mer_1",
                .now = kNow};
    }
    RouteDecision decide(const RouteRequest& asked) {
        return choose(rules_, connectors_, health_, asked);
    }
    static std::string name(const RouteDecision& decision) {
        return decision.entry == nullptr ? "" : decision.entry->connector->capability().name;
    }
    static std::string why_not(const RouteDecision& decision, const std::string& connector) {
        for (const RejectedRoute& one : decision.rejected) {
            if (one.connector == connector) return one.why;
        }
        return "(not considered)";
    }
    void trip(const std::string& connector) {
        for (int i = 0; i < 10; ++i)
            health_.record(connector, HealthSample::timeout, kNow);
    }

    const Timestamp kNow = *parse_rfc3339("2026-04-14T08:00:00Z");
    ConnectorSet connectors_;
    ConnectorHealth health_;
    RoutingRules rules_;
    test::Ids ids_;
};

TEST_F(Routing, WithoutRulesTakesTheFirstThatCan) {
    add({.name = "a", .change = [](auto& can) { can.method = "wallet"; }});
    add({.name = "b"});
    add({.name = "c"});
    const RouteDecision decision = decide(request());
    EXPECT_EQ(name(decision), "b");
    EXPECT_EQ(decision.why, "no rule: first of 2 connectors");
    EXPECT_EQ(why_not(decision, "a"), "takes wallet only");
    EXPECT_EQ(why_not(decision, "c"), "not needed");
    EXPECT_EQ(explain(decision),
              "no rule: first of 2 connectors; not a: takes wallet only; not c: not needed");
}

TEST_F(Routing, SaysWhatStandsInTheWay) {
    add({.name = "live", .change = [](auto& can) { can.livemode = true; }});
    add({.name = "yen", .change = [](auto& can) { can.currencies = {test::currency("JPY")}; }});
    add({.name = "brazil", .change = [](auto& can) { can.countries = {"BR"}; }});
    add({.name = "small", .change = [](auto& can) { can.amount_max = 9'999; }});
    add({.name = "old", .change = [](auto& can) {
             can.lifecycle = {LifecycleStage::refund_only, *parse_day("2026-04-14")};
         }});
    add({.name = "giver",
         .change = [](auto& can) { can.operations = {connectors::OperationKind::refund}; }});
    add({.name = "tried"});
    RouteRequest asked = request();
    asked.country = "DE";
    asked.tried = {"tried"};
    const RouteDecision decision = decide(asked);
    EXPECT_EQ(decision.entry, nullptr);
    EXPECT_TRUE(decision.amount_too_large);
    EXPECT_EQ(decision.why, "no connector can take it");
    EXPECT_EQ(why_not(decision, "live"), "live only");
    EXPECT_EQ(why_not(decision, "yen"), "does not take EUR");
    EXPECT_EQ(why_not(decision, "brazil"), "does not take buyers in DE");
    EXPECT_EQ(why_not(decision, "small"), "carries at most EUR 99.99");
    EXPECT_EQ(why_not(decision, "old"), "refund_only since 2026-04-14");
    EXPECT_EQ(why_not(decision, "giver"), "charges nobody");
    EXPECT_EQ(why_not(decision, "tried"), "was tried for this payment");
}

TEST_F(Routing, AnEndThatIsAnnouncedComesOnItsDay) {
    add({.name = "old", .change = [](auto& can) {
             can.lifecycle = {LifecycleStage::retired, *parse_day("2026-04-15")};
         }});
    RouteRequest asked = request();
    EXPECT_EQ(name(decide(asked)), "old");
    asked.now = *parse_rfc3339("2026-04-15T00:00:00Z");
    EXPECT_EQ(name(decide(asked)), "");
}

TEST_F(Routing, TheFirstRuleThatIsAboutThePaymentDecides) {
    add({.name = "a"});
    add({.name = "b"});
    add({.name = "c"});
    RoutingRule yen{.name = "yen", .when = {.currencies = {"JPY"}}, .targets = {{"a"}}};
    RoutingRule large{.name = "large",
                      .when = {.currencies = {"EUR"}, .amount_min = 10'000, .amount_max = 20'000},
                      .targets = {{"c"}, {"b"}}};
    rule(yen);
    rule(large);
    const RouteDecision decision = decide(request());
    EXPECT_EQ(name(decision), "c");
    EXPECT_EQ(decision.why, "rule \"large\": first of 2 connectors");
    EXPECT_EQ(name(decide(request(eur(9'999)))), "a") << "no rule is about it";
    EXPECT_EQ(name(decide(request(eur(20'000)))), "c");
    EXPECT_EQ(name(decide(request(eur(20'001)))), "a");
}

TEST_F(Routing, MatchesMerchantMethodAndCountry) {
    add({.name = "a"});
    add({.name = "b"});
    rule({.name = "ours",
          .when = {.methods = {"card"}, .countries = {"BR"}, .merchants = {"mer_1"}},
          .targets = {{"b"}}});
    RouteRequest asked = request();
    EXPECT_EQ(name(decide(asked)), "a") << "the country is not known";
    asked.country = "BR";
    EXPECT_EQ(name(decide(asked)), "b");
    asked.merchant = "mer_2";
    EXPECT_EQ(name(decide(asked)), "a");
}

TEST_F(Routing, ARuleThatNobodyCanFollowIsPassedOverAndNeverLeftForTheRest) {
    add({.name = "a"});
    add({.name = "b", .change = [](auto& can) { can.amount_max = 1; }});
    add({.name = "c"});
    rule({.name = "one", .targets = {{"b"}, {"gone"}}});
    RouteDecision decision = decide(request());
    EXPECT_EQ(decision.entry, nullptr);
    EXPECT_EQ(decision.why, "no connector of the rules about it can take it");
    EXPECT_EQ(why_not(decision, "gone"), "not configured");
    rule({.name = "two", .targets = {{"c"}}});
    decision = decide(request());
    EXPECT_EQ(name(decision), "c");
    EXPECT_EQ(decision.why, "rule \"two\": first of 1 connector");
    EXPECT_EQ(why_not(decision, "b"), "carries at most EUR 0.01");
}

TEST_F(Routing, TakesTheCheapestByContract) {
    add({.name = "a", .cost_bps = 150});
    add({.name = "b", .cost_bps = 90});
    add({.name = "c", .cost_bps = 90});
    rule({.name = "cost", .choice = RouteChoice::cheapest, .targets = {{"a"}, {"c"}, {"b"}}});
    const RouteDecision decision = decide(request());
    EXPECT_EQ(name(decision), "c");
    EXPECT_EQ(decision.why, "rule \"cost\": cheapest of 3 connectors, costs 90 minor units");
}

TEST_F(Routing, GoesAroundAnOpenCircuitAndOneThatIsNotReady) {
    add({.name = "a"});
    add({.name = "b", .ready = false});
    add({.name = "c"});
    trip("a");
    const RouteDecision decision = decide(request());
    EXPECT_EQ(name(decision), "c");
    EXPECT_EQ(why_not(decision, "a"), "circuit open until 2026-04-14T08:00:30Z");
    EXPECT_EQ(why_not(decision, "b"), "not connected");
}

TEST_F(Routing, TakesAnAilingOneWhenThereIsNoOther) {
    add({.name = "a"});
    trip("a");
    const RouteDecision decision = decide(request());
    EXPECT_EQ(name(decision), "a");
    EXPECT_EQ(decision.why,
              "no rule: first of 1 connector, though circuit open until 2026-04-14T08:00:30Z: "
              "nobody else can take it");
}

TEST_F(Routing, ProbesAHalfOpenOneWithAFewPayments) {
    add({.name = "a"});
    add({.name = "b"});
    trip("a");
    int probes = 0;
    for (int i = 0; i < 2'000; ++i) {
        RouteRequest asked = request();
        asked.now = kNow + std::chrono::seconds(30);
        if (name(decide(asked)) == "a") ++probes;
    }
    EXPECT_GT(probes, 120);
    EXPECT_LT(probes, 280);
}

TEST_F(Routing, SpreadsByWeight) {
    add({.name = "a"});
    add({.name = "b"});
    add({.name = "c"});
    rule({.name = "w",
          .choice = RouteChoice::weighted,
          .targets = {{"a", 70}, {"b", 20}, {"c", 10}}});
    std::map<std::string, int> taken;
    for (int i = 0; i < 5'000; ++i)
        ++taken[name(decide(request()))];
    EXPECT_NEAR(taken["a"], 3'500, 200);
    EXPECT_NEAR(taken["b"], 1'000, 200);
    EXPECT_NEAR(taken["c"], 500, 200);
    EXPECT_NE(decide(request()).why.find(" of 100"), std::string::npos);
}

// Whatever the rules, the health and the payment: the decision is the same when it is made again,
// it takes only who can, and it accounts for everybody it looked at, once.
TEST_F(Routing, IsDeterministicAndAccountsForEverybody) {
    for (int i = 0; i < 5; ++i) {
        add({.name = "c" + std::to_string(i),
             .change = [i](auto& can) { can.amount_max = 3'000 * (i + 1); },
             .cost_bps = 100 - i * 7,
             .ready = i != 3});
    }
    rc::check([this](std::vector<std::uint8_t> shape, std::uint16_t amount, std::uint8_t sick) {
        RoutingRules rules;
        for (std::size_t at = 0; at < shape.size() % 4; ++at) {
            RoutingRule made{.name = std::to_string(at),
                             .when = {.amount_min = shape[at] * 20},
                             .choice = static_cast<RouteChoice>(shape[at] % 3)};
            for (int i = 0; i < 5; ++i) {
                if ((shape[at] >> i) % 2 == 1) {
                    made.targets.push_back({"c" + std::to_string(i), 1 + i});
                }
            }
            rules.push_back(std::move(made));
        }
        ConnectorHealth health;
        for (int i = 0; i < 10; ++i)
            health.record("c" + std::to_string(sick % 5), HealthSample::error, kNow);
        RouteRequest asked = request(eur(amount));
        if (sick > 128) asked.tried = {"c" + std::to_string(sick % 3)};
        const RouteDecision one = choose(rules, connectors_, health, asked);
        const RouteDecision two = choose(rules, connectors_, health, asked);
        RC_ASSERT(one.entry == two.entry);
        RC_ASSERT(explain(one) == explain(two));
        std::set<std::string> named;
        for (const RejectedRoute& rejected : one.rejected)
            RC_ASSERT(named.insert(rejected.connector).second);
        RC_ASSERT(!one.why.empty());
        if (one.entry == nullptr) return;
        const connectors::Capability& can = one.entry->connector->capability();
        RC_ASSERT(!named.contains(can.name));
        RC_ASSERT(can.amount_max >= amount);
        RC_ASSERT(std::ranges::find(asked.tried, can.name) == asked.tried.end());
        if (rules.empty()) RC_ASSERT(named.size() == 4U);
    });
}

}  // namespace
}  // namespace causeway::gateway
