// SPDX-License-Identifier: Apache-2.0
//
// A provider that says with its answer what it settles in another currency: what is booked then,
// and what its file makes of it.
#include "gateway/fx/positions.h"
#include "gateway/payments/told_conversion.h"
#include "gateway/payments/told_conversion_store.h"
#include "gateway/reconcile/reconcile_run.h"
#include "gateway/reconcile/reconcile_store.h"
#include "tests/support/engines.h"
#include "tests/support/payment_desk.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace causeway::gateway {
namespace {

using connectors::Conversion;
using connectors::ToldAmount;
using ledger::Money;
using ledger::Purpose;
using test::eur;
using test::PaymentDesk;
using test::usd;
using test::Word;

class ToldConversions : public test::OnEachEngine {
  protected:
    // Of the pair of dollars and euros.
    fx::Position position() {
        const auto all = positions(*desk.database, *desk.journal);
        if (!all) throw std::runtime_error("no positions");
        for (const fx::Position& one : *all) {
            if (one.pair.owner() == "test/USD/EUR") return one;
        }
        return fx::Position{.pair = *fx::Pair::of_owner("test/USD/EUR")};
    }
    std::vector<Expectation> expected() {
        return desk.read<std::vector<Expectation>>([](ledger::Transaction& tx) {
            return payment_expectations_on(tx, "scripted", *parse_day("2026-04-14"));
        });
    }
    // One line of the provider's file for an expectation: `settled` before its cost.
    static StatementLine line_of(const Expectation& expectation,
                                 const Money& settled,
                                 const std::string& rate,
                                 std::int64_t cost) {
        const bool back = expectation.kind == ExpectationKind::refunded;
        const std::int64_t sign = back ? -1 : 1;
        StatementLine line{
            .row = 2,
            .batch = "1",
            .provider_reference = expectation.provider_reference,
            .modification_reference = expectation.modification_reference,
            .kind = back ? LineKind::refunded : LineKind::settled,
            .type = back ? "Refunded" : "Settled",
            .gross = Money(sign * expectation.amount.minor_units(), expectation.amount.currency()),
            .cost = cost,
            .net = Money(sign * settled.minor_units() - cost, settled.currency()),
            .day = expectation.day};
        if (settled.currency() != expectation.amount.currency()) {
            line.rate = *fx::parse_written_rate(rate);
        }
        return line;
    }
    MatchSummary file(const StatementLine& line) {
        const ReconcileOrder order{.profile = "adyen_settlement_detail",
                                   .connector = "scripted",
                                   .file_name = "file.csv",
                                   .file_sha256 = std::to_string(++files_),
                                   .lines = {line, payout_of(line)},
                                   .now = desk.clock.now()};
        const ReconcileOutcome outcome =
            desk.write<ReconcileOutcome>([this, &order](ledger::Transaction& tx) {
                return reconcile_file(tx, *desk.journal, desk.ids, order);
            });
        notes.clear();
        for (const ReconciliationItem& one : outcome.run.exceptions)
            notes += std::string(to_string(one.item.status)) + ": " + one.item.note + "\n";
        return outcome.run.summary;
    }
    static StatementLine payout_of(const StatementLine& line) {
        return {.row = 3,
                .batch = line.batch,
                .kind = LineKind::payout,
                .type = "MerchantPayout",
                .gross = line.net,
                .net = Money(-line.net.minor_units(), line.net.currency()),
                .day = line.day};
    }
    std::int64_t receivable(std::string_view code) {
        return desk.net("scripted", Purpose::provider_receivable, code);
    }
    bool disbelieved(const Uuid& payment) {
        return std::ranges::any_of(desk.timeline(payment), [](const TimelineLine& line) {
            return line.kind == "conversion" && line.event == "disbelieved";
        });
    }
    std::int64_t count_disbelieved() {
        return desk.read<std::int64_t>(&count_disbelieved_conversions);
    }

    PaymentDesk desk{20260413, url()};
    std::string notes;

  private:
    int files_ = 0;
};
CAUSEWAY_ON_EACH_ENGINE(ToldConversions);

// Euros for dollars at 0.85, where we take them for 0.8559.
std::optional<Conversion> at_085(Money amount) {
    const std::int64_t settled = amount.minor_units() * 85 / 100;
    return Conversion{.settlement = ToldAmount{.amount = eur(settled), .rate = "0.850000"}};
}

TEST_P(ToldConversions, CloseThePositionAtOnceAndAreNotBookedAgainByTheFile) {
    desk.provider.converts(&at_085);
    const Uuid id = desk.captured(usd(10'000));
    EXPECT_EQ(desk.status(id), "succeeded");
    // 85.00 for what we took for 85.59; its cost of 0.35 USD is 0.30 EUR at its rate.
    EXPECT_EQ(position().open, 0);
    EXPECT_EQ(position().cost, 0);
    EXPECT_EQ(position().realised, -59);
    EXPECT_EQ(receivable("USD"), 0);
    EXPECT_EQ(receivable("EUR"), 8'470);
    EXPECT_FALSE(disbelieved(id));

    const fx::Position before = position();
    ASSERT_EQ(expected().size(), 1U);
    const StatementLine line = line_of(expected().front(), eur(8'500), "0.85", 31);
    MatchSummary summary = file(line);
    EXPECT_EQ(summary.count(ItemStatus::matched), 1) << notes;
    EXPECT_EQ(notes, "");
    EXPECT_EQ(summary.totals.front().ledger_net, 8'470);
    EXPECT_EQ(summary.totals.front().file_net, 8'469);
    EXPECT_EQ(position(), before);
    // Its cost is what it kept.
    EXPECT_EQ(receivable("EUR"), 8'469);
    EXPECT_EQ(desk.net("scripted", Purpose::provider_cost, "EUR"), 31);
    // The batch once more in another file.
    summary = file(line);
    EXPECT_EQ(summary.exceptions(), 0) << notes;
    EXPECT_EQ(receivable("EUR"), 8'469);
    EXPECT_TRUE(desk.books_are_clean());
}

TEST_P(ToldConversions, AreCorrectedByAFileThatSaysSomethingElse) {
    desk.provider.converts(&at_085);
    (void)desk.captured(usd(10'000));
    const StatementLine line = line_of(expected().front(), eur(8'415), "0.8415", 29);
    MatchSummary summary = file(line);
    EXPECT_EQ(notes,
              "conversion_corrected: the provider's answer said EUR 85.00 at 0.850000, its file "
              "pays EUR 83.86 after its cost of EUR 0.29, EUR -0.85 from what it said; booked as "
              "the file says\n");
    EXPECT_EQ(position().open, 0);
    EXPECT_EQ(position().cost, 0);
    EXPECT_EQ(position().realised, 8'415 - 8'559);
    EXPECT_EQ(receivable("USD"), 0);
    EXPECT_EQ(receivable("EUR"), 8'386);
    EXPECT_TRUE(expected().front().confirmed);
    // Sent again the batch says what is booked.
    summary = file(line);
    EXPECT_EQ(summary.exceptions(), 0) << notes;
    EXPECT_EQ(receivable("EUR"), 8'386);
    EXPECT_TRUE(desk.books_are_clean());
}

TEST_P(ToldConversions, AreTakenBackWhereTheFilePaysInTheBuyersCurrency) {
    desk.provider.converts(&at_085);
    (void)desk.captured(usd(10'000));
    const StatementLine line = line_of(expected().front(), usd(10'000), "", 35);
    EXPECT_EQ(file(line).count(ItemStatus::conversion_corrected), 1);
    EXPECT_EQ(position().open, 10'000);
    EXPECT_EQ(position().cost, 8'559);
    EXPECT_EQ(position().realised, 0);
    EXPECT_EQ(receivable("USD"), 9'965);
    EXPECT_EQ(receivable("EUR"), 0);
    EXPECT_EQ(file(line).exceptions(), 0) << notes;
    EXPECT_TRUE(desk.books_are_clean());
}

// A file that contradicts itself changes nothing that was said before.
TEST_P(ToldConversions, StayWhereTheFileDoesNotFollowFromItsOwnRate) {
    desk.provider.converts(&at_085);
    (void)desk.captured(usd(10'000));
    EXPECT_EQ(file(line_of(expected().front(), eur(8'000), "0.85", 30))
                  .count(ItemStatus::conversion_mismatch),
              1);
    EXPECT_EQ(receivable("EUR"), 8'470);
    EXPECT_FALSE(expected().front().confirmed);
}

TEST_P(ToldConversions, GoBackWithARefund) {
    desk.provider.converts(&at_085);
    const Uuid id = desk.captured(usd(10'000));
    ASSERT_EQ(desk.refund(id, 4'000).status(), 201);
    EXPECT_EQ(position().open, 0);
    EXPECT_EQ(position().cost, 0);
    // 34.00 go back for what we gave back for 34.23.
    EXPECT_EQ(position().realised, -59 + 23);
    EXPECT_EQ(receivable("EUR"), 8'470 - 3'400);
    const std::vector<Expectation> all = expected();
    const auto refund = std::ranges::find(all, ExpectationKind::refunded, &Expectation::kind);
    ASSERT_NE(refund, all.end());
    EXPECT_EQ(refund->told->settled, eur(-3'400));
    const MatchSummary summary = file(line_of(*refund, eur(3'400), "0.85", 0));
    EXPECT_EQ(summary.count(ItemStatus::matched), 1) << notes;
    EXPECT_EQ(receivable("EUR"), 8'470 - 3'400);
    EXPECT_TRUE(desk.books_are_clean());
}

TEST_P(ToldConversions, OfPartsCloseTheirParts) {
    desk.provider.converts(&at_085);
    const Uuid id = desk.authorised(usd(10'000));
    EXPECT_EQ(position().open, 0) << "an authorisation moves nothing";
    EXPECT_EQ(receivable("EUR"), 0);
    ASSERT_EQ(desk.capture(id, 3'000).status(), 201);
    desk.provider.next({Word::half});
    ASSERT_EQ(desk.capture(id, 7'000).status(), 201);
    // The acquirer took half of the rest, and converts that half.
    EXPECT_EQ(receivable("USD"), 0);
    EXPECT_EQ(position().open, 0);
    EXPECT_EQ(desk.payment(id).captured, 6'500);
    EXPECT_EQ(desk.net("scripted", Purpose::provider_cost, "USD"), 0);
    EXPECT_TRUE(desk.books_are_clean());
}

// Nobody heard the answer and the charge is reversed: nothing was booked, nothing is left.
TEST_P(ToldConversions, OfAReversedChargeLeaveNothing) {
    desk.provider.converts(&at_085);
    desk.provider.next({Word::lost_after});
    const Uuid id = desk.create(PaymentDesk::charge(usd(10'000), true, "tok_maestro")).payment();
    desk.sweep_until_dry();
    EXPECT_EQ(desk.status(id), "failed");
    EXPECT_EQ(position().open, 0);
    EXPECT_EQ(position().realised, 0);
    EXPECT_EQ(receivable("EUR"), 0);
    EXPECT_TRUE(desk.books_are_clean());
}

TEST_P(ToldConversions, InTheBuyersCurrencyAreNone) {
    desk.provider.converts([](Money amount) {
        return Conversion{.settlement = ToldAmount{.amount = amount, .rate = "1.000000"}};
    });
    const Uuid id = desk.captured(usd(10'000));
    EXPECT_FALSE(disbelieved(id));
    EXPECT_EQ(receivable("USD"), 9'965);
}

struct Absurd {
    const char* name;
    Conversion told;
};

// The payment stands, the money is expected in the buyer's currency, and somebody is told.
TEST_P(ToldConversions, ThatAreNotBelievedBookNothingAndLoseNoPayment) {
    const auto settles = [](Money amount, std::string rate) {
        return Conversion{.settlement = ToldAmount{.amount = amount, .rate = std::move(rate)}};
    };
    const std::vector<Absurd> all{
        {"does not follow from its rate", settles(eur(8'600), "0.850000")},
        {"a slipped decimal point", settles(eur(85'000), "8.500000")},
        {"upside down", settles(eur(11'684), "1.168400")},
        {"no rate", settles(eur(8'500), "0")},
        {"no amount", settles(eur(0), "0.850000")},
        {"another amount of the same currency", settles(usd(9'000), "1.000000")},
        {"beyond all bounds", settles(eur(INT64_MAX), "999999999")},
        {"not understood", {.settlement = std::nullopt, .fault = "DE50: 999 is no currency"}},
        {"billing does not follow",
         {.settlement = std::nullopt,
          .billing = ToldAmount{.amount = test::jpy(15'000), .rate = "160.0000"}}},
    };
    std::int64_t wrong = 0;
    for (const Absurd& one : all) {
        desk.provider.converts([&one](Money) { return one.told; });
        const Uuid id = desk.captured(usd(10'000));
        EXPECT_EQ(desk.status(id), "succeeded") << one.name;
        EXPECT_TRUE(disbelieved(id)) << one.name;
        ++wrong;
        EXPECT_EQ(receivable("USD"), 9'965 * wrong) << one.name;
        EXPECT_EQ(receivable("EUR"), 0) << one.name;
        EXPECT_EQ(position().open, 10'000 * wrong) << one.name;
        EXPECT_EQ(count_disbelieved(), wrong) << one.name;
    }
    // The file decides, as if nothing had been said.
    EXPECT_EQ(file(line_of(expected().front(), usd(10'000), "", 35)).count(ItemStatus::matched), 1);
    EXPECT_EQ(count_disbelieved(), wrong - 1);
    EXPECT_TRUE(desk.books_are_clean());
}

// The merchant is paid in the buyer's currency and the provider is not: the position is opened at
// its rate, and the file's other rate reopens it.
TEST_P(ToldConversions, WithoutAnExchangeOfOursOpenAPosition) {
    desk.provider.converts([](Money amount) {
        return Conversion{.settlement = ToldAmount{.amount = usd(amount.minor_units() * 117 / 100),
                                                   .rate = "1.17"}};
    });
    (void)desk.captured(eur(10'000));
    const auto opened = positions(*desk.database, *desk.journal);
    ASSERT_TRUE(opened);
    ASSERT_EQ(opened->size(), 1U);
    EXPECT_EQ(opened->front().open, -10'000);
    EXPECT_EQ(opened->front().cost, -11'700);
    EXPECT_EQ(opened->front().realised, 0);
    EXPECT_EQ(file(line_of(expected().front(), usd(11'600), "1.16", 41))
                  .count(ItemStatus::conversion_corrected),
              1)
        << notes;
    EXPECT_EQ(positions(*desk.database, *desk.journal)->front().cost, -11'600);
    EXPECT_EQ(positions(*desk.database, *desk.journal)->front().realised, 0);
    EXPECT_TRUE(desk.books_are_clean());
}

}  // namespace
}  // namespace causeway::gateway
