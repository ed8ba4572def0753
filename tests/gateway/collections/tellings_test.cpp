// SPDX-License-Identifier: Apache-2.0
//
// Payments that are alike but for their days, told of by two channels in any order: in the end each
// receipt is one payment.
#include "gateway/collections/collections_store.h"
#include "gateway/collections/tellings_store.h"
#include "tests/support/engines.h"
#include "tests/support/payment_desk.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

namespace causeway::gateway {
namespace {

using connectors::Notice;
using connectors::NoticeKind;
using test::eur;
using test::PaymentDesk;

constexpr std::int64_t kAmount = 10'000;
constexpr std::int64_t kCostByTerms = 35;

/// What both channels know of the payments of a day, and which of them says it.
struct Daily {
    std::int64_t cost = 0;
    Day credited;
    std::array<bool, 2> tells_cost{};
    std::array<bool, 2> tells_credit{};
};

struct Plan {
    std::map<Day, Daily> days;
    std::vector<Day> paid;  ///< Payment by payment.
    bool named = false;     ///< The first channel knows names.
};

/// What a receipt should carry: paid on, cost, credited on, name.
using Carried = std::tuple<Day, std::int64_t, std::optional<Day>, std::string>;

Plan some_plan(std::mt19937& random) {
    Plan plan;
    plan.named = random() % 3 == 0;
    const std::size_t count = 2 + random() % 5;
    while (plan.paid.size() < count) {
        const Day day = *parse_day("2026-04-03") + std::chrono::days(random() % 8);
        plan.paid.push_back(day);
        if (plan.days.contains(day)) continue;
        plan.days[day] = {.cost = 100 + static_cast<std::int64_t>(random() % 100),
                          .credited = day + std::chrono::days(1 + random() % 3),
                          .tells_cost = {random() % 2 == 0, random() % 2 == 0},
                          .tells_credit = {random() % 2 == 0, random() % 2 == 0}};
    }
    return plan;
}

Notice told(const Plan& plan, std::size_t payment, std::size_t channel, const std::string& stem) {
    const Day day = plan.paid[payment];
    const Daily& daily = plan.days.at(day);
    const std::string number = stem + "/" + std::to_string(payment);
    Notice notice{.kind = NoticeKind::received, .id = (channel == 0 ? "m" : "f") + number};
    notice.amount = eur(kAmount);
    notice.receipt = connectors::Receipt{
        .identity = plan.named && channel == 0 ? "E" + number : "",
        .channel = channel == 0 ? "api" : "retorno",
        .paid_on = day,
    };
    if (daily.tells_cost[channel]) notice.receipt->cost = eur(daily.cost);
    if (daily.tells_credit[channel]) notice.receipt->credited_on = daily.credited;
    return notice;
}

std::multiset<Carried> expected(const Plan& plan, const std::string& stem) {
    std::multiset<Carried> all;
    for (std::size_t payment = 0; payment < plan.paid.size(); ++payment) {
        const Daily& daily = plan.days.at(plan.paid[payment]);
        const bool cost = daily.tells_cost[0] || daily.tells_cost[1];
        const bool credit = daily.tells_credit[0] || daily.tells_credit[1];
        all.insert({plan.paid[payment],
                    cost ? daily.cost : kCostByTerms,
                    credit ? std::optional(daily.credited) : std::nullopt,
                    plan.named ? "E" + stem + "/" + std::to_string(payment) : ""});
    }
    return all;
}

std::multiset<Carried> carried(PaymentDesk& desk, const Uuid& payment) {
    const auto rows = desk.read<std::vector<ReceiptRow>>(
        [&](ledger::Transaction& tx) { return receipts_of_payment(tx, payment); });
    std::multiset<Carried> all;
    for (const ReceiptRow& row : rows)
        all.insert({row.paid_on, row.cost, row.credited_on, row.named ? row.identity : ""});
    return all;
}

std::string text_of(const std::multiset<Carried>& all) {
    std::string text;
    for (const auto& [day, cost, credited, name] : all) {
        text += to_text(day) + " " + std::to_string(cost) + " " +
                (credited ? to_text(*credited) : "-") + " " + name + "\n";
    }
    return text;
}

class Tellings : public test::OnEachEngine {};

TEST_P(Tellings, EndAsOnePaymentEachInWhateverOrderTheyCome) {
    PaymentDesk desk(1, test::ScriptedSides{.collecting = true}, url());
    const std::uint32_t seeds = on_postgres() ? 20 : 150;
    std::int64_t costs = 0;
    for (std::uint32_t seed = 1; seed <= seeds; ++seed) {
        std::mt19937 random(seed);
        const Plan plan = some_plan(random);
        const std::string stem = std::to_string(seed);
        std::vector<Notice> all;
        for (std::size_t payment = 0; payment < plan.paid.size(); ++payment) {
            for (const std::size_t channel : {0U, 1U})
                all.push_back(told(plan, payment, channel, stem));
        }
        std::ranges::shuffle(all, random);
        const Uuid id = desk.create(PaymentDesk::bill(eur(kAmount))).payment();
        std::string order;
        for (const Notice& notice : all) {
            order += notice.id + " of " + to_text(notice.receipt->paid_on) + "\n";
            desk.notice(id, notice);
        }
        const std::multiset<Carried> should = expected(plan, stem);
        EXPECT_EQ(text_of(carried(desk, id)), text_of(should)) << "seed " << seed << "\n" << order;
        for (const Carried& each : should)
            costs += std::get<1>(each);
    }
    EXPECT_EQ(desk.net("scripted", ledger::Purpose::provider_cost, "EUR"), costs);
    EXPECT_TRUE(desk.books_are_clean());
}

CAUSEWAY_ON_EACH_ENGINE(Tellings);

}  // namespace
}  // namespace causeway::gateway
