// SPDX-License-Identifier: Apache-2.0
//
// The posting rules: a few entries worked out by hand, and for any facts at all that nothing
// leaks from one currency or fund into another.
#include "gateway/books/postings.h"

#include "tests/support/amounts.h"
#include "tests/support/books.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>
#include <string>
#include <tuple>

namespace causeway::gateway {
namespace {

using ledger::Fund;
using ledger::Line;
using ledger::Money;
using ledger::Purpose;
using test::eur;

using Sums = std::map<std::string, std::int64_t>;

// "purpose owner currency" -> what the lines add up to, without what adds up to nothing.
Sums sums_of(const std::vector<std::vector<Line>>& entries) {
    Sums sums;
    for (const std::vector<Line>& lines : entries) {
        for (const Line& line : lines) {
            const std::string name = std::string(to_string(line.account.purpose)) + " " +
                                     line.account.owner + " " +
                                     std::string(line.account.currency.code());
            sums[name] += line.minor_units;
        }
    }
    std::erase_if(sums, [](const auto& sum) { return sum.second == 0; });
    return sums;
}

bool balances(const std::vector<Line>& lines) {
    std::map<std::tuple<Fund, std::string>, std::int64_t> sums;
    for (const Line& line : lines) {
        if (line.minor_units == 0) return false;
        sums[{fund_of(line.account.purpose), std::string(line.account.currency.code())}] +=
            line.minor_units;
    }
    return std::ranges::all_of(sums, [](const auto& sum) { return sum.second == 0; });
}

const Parties kParties{.connector = "card", .merchant = "mer_1", .livemode = true};

Money usd(std::int64_t cents) {
    return {cents, test::currency("USD")};
}

// The buyer pays 100.00. The acquirer will pay us 99.65 and keep 0.35; we keep 2.90 of the
// merchant's money, so the merchant is owed 97.10. Of the 99.65 that will come in, 2.55 are ours:
// the fee less the cost.
TEST(CaptureLines, InOneCurrency) {
    const std::vector<Line> lines = capture_lines({.parties = kParties,
                                                   .presentment = eur(10'000),
                                                   .provider_cost = 35,
                                                   .settlement = eur(10'000),
                                                   .fee = 290,
                                                   .exchange = {}});
    EXPECT_EQ(sums_of({lines}),
              (Sums{{"provider_receivable card EUR", 9'965},
                    {"merchant_pending mer_1 EUR", -9'710},
                    {"operator_share operator EUR", -255},
                    {"client_money_claim operator EUR", 255},
                    {"provider_cost card EUR", 35},
                    {"fee_revenue operator EUR", -290}}));
    EXPECT_TRUE(balances(lines));
}

// The buyer pays 100.00 USD, worth 85.59 EUR at the mid rate; the merchant was promised 84.90.
// Markup 0.8 % of 85.59 is 0.68, so 85.59 - 0.68 - 84.90 = 0.01 is rounding. Fee 2.46. The acquirer
// keeps 0.35 USD.
TEST(CaptureLines, WithAnExchange) {
    const std::vector<Line> lines =
        capture_lines({.parties = kParties,
                       .presentment = usd(10'000),
                       .provider_cost = 35,
                       .settlement = eur(8'490),
                       .fee = 246,
                       .exchange = Exchange{.mid_value = 8'559, .margin = 68}});
    EXPECT_EQ(sums_of({lines}),
              (Sums{{"provider_receivable card USD", 9'965},
                    {"operator_share operator USD", -9'965},
                    {"operator_share operator EUR", 8'244},
                    {"merchant_pending mer_1 EUR", -8'244},
                    {"client_money_claim operator USD", 9'965},
                    {"provider_cost card USD", 35},
                    {"client_money_claim operator EUR", -8'244},
                    {"fee_revenue operator EUR", -246},
                    {"fx_trading USD/EUR USD", -10'000},
                    {"fx_trading USD/EUR EUR", 8'559},
                    {"fx_result USD/EUR EUR", -68},
                    {"rounding operator EUR", -1}}));
    EXPECT_TRUE(balances(lines));
}

TEST(RefundLines, InOneCurrency) {
    const std::vector<Line> lines = refund_lines(
        {.parties = kParties, .presentment = eur(2'500), .settlement = eur(2'500), .exchange = {}});
    EXPECT_EQ(
        sums_of({lines}),
        (Sums{{"provider_receivable card EUR", -2'500}, {"merchant_pending mer_1 EUR", 2'500}}));
}

TEST(RefundLines, WithAnExchangeAreTheWayBack) {
    const std::vector<Line> lines =
        refund_lines({.parties = kParties,
                      .presentment = usd(10'000),
                      .settlement = eur(8'490),
                      .exchange = Exchange{.mid_value = 8'559, .margin = 68}});
    EXPECT_EQ(sums_of({lines}),
              (Sums{{"provider_receivable card USD", -10'000},
                    {"operator_share operator USD", 10'000},
                    {"operator_share operator EUR", -8'490},
                    {"merchant_pending mer_1 EUR", 8'490},
                    {"client_money_claim operator USD", -10'000},
                    {"client_money_claim operator EUR", 8'490},
                    {"fx_trading USD/EUR USD", 10'000},
                    {"fx_trading USD/EUR EUR", -8'559},
                    {"fx_result USD/EUR EUR", 68},
                    {"rounding operator EUR", 1}}));
}

TEST(DoubtLines, StandOnBothSidesAndGoAway) {
    const std::vector<Line> doubt = doubt_lines(kParties, eur(500));
    EXPECT_EQ(sums_of({doubt}), (Sums{{"suspense card EUR", 500}, {"suspense mer_1 EUR", -500}}));
    EXPECT_TRUE(sums_of({doubt, doubt_cleared_lines(kParties, eur(500))}).empty());
}

// A merchant whose refunds were more than its sales is closed with a negative net.
TEST(SettlementLines, MoveTheNetEitherWay) {
    EXPECT_EQ(sums_of({settlement_lines(kParties, eur(300))}),
              (Sums{{"merchant_pending mer_1 EUR", 300}, {"merchant_available mer_1 EUR", -300}}));
    EXPECT_EQ(sums_of({settlement_lines(kParties, eur(-300))}),
              (Sums{{"merchant_pending mer_1 EUR", -300}, {"merchant_available mer_1 EUR", 300}}));
}

// Test money on a live merchant's account would be paid out.
TEST(OwnerName, KeepsTestAndLiveMoneyApart) {
    EXPECT_EQ(owner_name("mer_1", true), "mer_1");
    EXPECT_EQ(owner_name("mer_1", false), "test/mer_1");
    Parties test_mode = kParties;
    test_mode.livemode = false;
    for (const Line& line : capture_lines({.parties = test_mode,
                            .presentment = usd(10'000),
                            .provider_cost = 35,
                            .settlement = eur(8'490),
                            .fee = 246,
                            .exchange = Exchange{.mid_value = 8'559, .margin = 68}}))
        EXPECT_TRUE(line.account.owner.starts_with("test/")) << line.account.owner;
}

// ---- for any facts ---------------------------------------------------------------------------

constexpr std::int64_t kMost = 9'007'199'254'740'991;

CaptureFacts any_capture() {
    const auto gross = *rc::gen::inRange<std::int64_t>(1, *rc::gen::element(2L, 100'000L, kMost));
    CaptureFacts facts{.parties = kParties,
                       .presentment = eur(gross),
                       .provider_cost = *rc::gen::inRange<std::int64_t>(0, gross + 1),
                       .settlement = eur(gross),
                       .fee = 0,
                       .exchange = std::nullopt};
    if (*rc::gen::arbitrary<bool>()) {
        facts.presentment = usd(gross);
        // Any worth and any margin: the rounding line takes what is left, of either sign.
        facts.settlement = eur(*rc::gen::inRange<std::int64_t>(0, kMost));
        facts.exchange = Exchange{.mid_value = *rc::gen::inRange<std::int64_t>(0, kMost),
                                  .margin = *rc::gen::inRange<std::int64_t>(0, kMost)};
    }
    facts.fee = *rc::gen::inRange<std::int64_t>(0, facts.settlement.minor_units() + 1);
    return facts;
}

RC_GTEST_PROP(CaptureLines, BalanceInEachCurrencyAndFundWhateverTheFacts, ()) {
    RC_ASSERT(balances(capture_lines(any_capture())));
}

RC_GTEST_PROP(CaptureLines, AreEnoughForAnEntry, ()) {
    RC_ASSERT(capture_lines(any_capture()).size() >= 2U);
}

RC_GTEST_PROP(RefundLines, AfterACaptureLeaveTheFeeWithUsAndTheCostWithTheProvider, ()) {
    const CaptureFacts facts = any_capture();
    const RefundFacts back{.parties = facts.parties,
                           .presentment = facts.presentment,
                           .settlement = facts.settlement,
                           .exchange = facts.exchange};
    RC_ASSERT(balances(refund_lines(back)));
    const Sums left = sums_of({capture_lines(facts), refund_lines(back)});
    const std::string cost_in(facts.presentment.currency().code());
    Sums expected{{"merchant_pending mer_1 EUR", facts.fee},
                  {"fee_revenue operator EUR", -facts.fee},
                  {"provider_receivable card " + cost_in, -facts.provider_cost},
                  {"provider_cost card " + cost_in, facts.provider_cost}};
    expected["operator_share operator EUR"] -= facts.fee;
    expected["operator_share operator " + cost_in] += facts.provider_cost;
    expected["client_money_claim operator EUR"] += facts.fee;
    expected["client_money_claim operator " + cost_in] -= facts.provider_cost;
    std::erase_if(expected, [](const auto& sum) { return sum.second == 0; });
    RC_ASSERT(left == expected);
}

}  // namespace
}  // namespace causeway::gateway
