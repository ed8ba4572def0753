// SPDX-License-Identifier: Apache-2.0
//
// A thousand buyers were promised a price and pay it, all at once, while the rates change without a
// pause: every charge is its quote, and only a quote that has really ended is refused.
#include "fx/quotes_store.h"
#include "gateway/payments/money_store.h"
#include "tests/support/crowd.h"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <thread>
#include <vector>

namespace causeway::gateway {
namespace {

using ledger::Money;
using test::all_at_once;
using test::Answered;
using test::CrowdRequest;
using test::currency;
using test::Engine;
using test::PaymentDesk;
using test::Processes;

constexpr int kBuyers = 1'000;
constexpr std::chrono::seconds kHesitation{31};

// Publishes another rate of the dollar in every process until it goes.
class Market {
  public:
    explicit Market(Processes& all) {
        thread_ = std::thread([this, &all] {
            for (int edition = 0; open_; edition = (edition + 1) % 10'000) {
                all.first().rates.publish(table_at(edition));
                all.desk(1).rates.publish(table_at(edition));
            }
        });
    }
    Market(const Market&) = delete;
    Market& operator=(const Market&) = delete;
    ~Market() {
        open_ = false;
        thread_.join();
    }

  private:
    static fx::ReferenceTable table_at(int edition) {
        return *fx::ReferenceTable::make(
            "ECB",
            *parse_day("2026-04-14"),
            {{currency("USD"), *fx::Decimal::from_parts(10'000 + edition, 4)}});
    }

    std::atomic<bool> open_ = true;
    std::thread thread_;
};

class ExchangeCrowd : public testing::TestWithParam<Engine> {
  protected:
    // Every tenth gets a quote that ends before it pays.
    static bool is_late(int buyer) { return buyer % 10 == 0; }

    fx::Quote promise(int buyer) {
        PaymentDesk& desk = all.desk(buyer);
        const Result<fx::Quote> quote =
            fx::make_quote({.merchant = desk.merchant,
                            .source = currency("USD"),
                            .target = currency("EUR"),
                            .source_amount = 10'000 + buyer,
                            .valid_for = std::chrono::seconds(is_late(buyer) ? 30 : 300)},
                           desk.service->shop().quotes);
        if (!quote) throw std::runtime_error(quote.error().detail());
        return *quote;
    }
    void store(const std::vector<fx::Quote>& quotes) {
        all.first().write<int>([&quotes](ledger::Transaction& tx) -> Result<int> {
            for (const fx::Quote& quote : quotes) {
                const Result<void> stored = fx::insert_quote(tx, quote);
                if (!stored) return stored.error();
            }
            return 0;
        });
    }
    CrowdRequest pay(int buyer, const fx::Quote& quote) {
        PaymentDesk& desk = all.desk(buyer);
        CreatePayment wanted = PaymentDesk::charge(quote.source);
        wanted.quote = quote.id;
        const Caller who = desk.creator();
        return {desk, who, desk.creating(who, wanted)};
    }
    // What each payment brought the merchant, before the fee.
    std::map<Uuid, BalanceTransaction> charges() {
        PaymentDesk& desk = all.first();
        std::map<Uuid, BalanceTransaction> found;
        Page page{.limit = 100};
        for (bool more = true; more;) {
            const auto listed = desk.read<Listed<BalanceTransaction>>([&](ledger::Transaction& tx) {
                return list_balance_transactions(
                    tx, {.merchant = desk.merchant, .livemode = false}, page);
            });
            for (const BalanceTransaction& one : listed.rows) {
                EXPECT_TRUE(found.emplace(one.payment, one).second) << "charged twice";
                page.starting_after = one.id;
            }
            more = listed.has_more;
        }
        return found;
    }

    Processes all{GetParam()};
};

CAUSEWAY_ON_EACH_ENGINE(ExchangeCrowd);

TEST_P(ExchangeCrowd, EveryChargeIsItsQuoteWhateverTheRateDoes) {
    std::map<std::string, int> buyer_of;
    std::vector<fx::Quote> quotes;
    std::vector<Answered> answers;
    {
        const Market market(all);
        while (all.desk(0).rates.snapshot()->day() < *parse_day("2026-04-14") ||
               all.desk(1).rates.snapshot()->day() < *parse_day("2026-04-14")) {
            std::this_thread::yield();
        }
        for (int buyer = 0; buyer < kBuyers; ++buyer) {
            quotes.push_back(promise(buyer));
            buyer_of[to_text("fxq", quotes.back().id)] = buyer;
        }
        store(quotes);
        all.advance(kHesitation);
        std::vector<CrowdRequest> requests;
        for (int buyer = 0; buyer < kBuyers; ++buyer)
            requests.push_back(pay(buyer, quotes[static_cast<std::size_t>(buyer)]));
        answers = all_at_once(std::move(requests));
    }
    ASSERT_EQ(answers.size(), static_cast<std::size_t>(kBuyers)) << "somebody got no answer";
    const std::map<Uuid, BalanceTransaction> charged = charges();
    int paid = 0;
    for (const Answered& answer : answers) {
        if (answer.status() != 201) {
            EXPECT_EQ(answer.text("code"), "fx_quote_expired") << answer.reply.body;
            continue;
        }
        ++paid;
        EXPECT_EQ(answer.text("status"), "succeeded");
        const int buyer = buyer_of.at(answer.text("fx_quote"));
        EXPECT_FALSE(is_late(buyer));
        const fx::Quote& quote = quotes[static_cast<std::size_t>(buyer)];
        const BalanceTransaction& charge = charged.at(answer.payment());
        EXPECT_EQ(charge.presentment, quote.source);
        EXPECT_EQ(charge.amount, quote.target);
        EXPECT_EQ(charge.exchange_rate, quote.rate.to_string());
    }
    EXPECT_EQ(paid, kBuyers - kBuyers / 10) << "a quote failed that had not ended";
    EXPECT_EQ(charged.size(), static_cast<std::size_t>(paid));
    EXPECT_TRUE(all.first().nothing_in_suspense());
    EXPECT_TRUE(all.first().books_are_clean());
}

}  // namespace
}  // namespace causeway::gateway
