// SPDX-License-Identifier: Apache-2.0
//
// A thousand at once on one payment, through one process and through two on one database: the sums
// never pass what there is, and one key is one charge.
#include "fx/quotes_store.h"
#include "tests/support/crowd.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <string>
#include <thread>

namespace causeway::gateway {
namespace {

using ledger::Money;
using test::all_at_once;
using test::Answered;
using test::CrowdRequest;
using test::Engine;
using test::eur;
using test::PaymentDesk;
using test::Processes;

constexpr int kCrowd = 1'000;

class Races : public testing::TestWithParam<Engine> {
  protected:
    using Making = std::function<CrowdRequest(PaymentDesk&, int)>;

    std::vector<Answered> crowd(const Making& request, int size = kCrowd) {
        std::vector<CrowdRequest> requests;
        for (int i = 0; i < size; ++i)
            requests.push_back(request(all.desk(i), i));
        std::vector<Answered> answers = all_at_once(std::move(requests));
        EXPECT_EQ(answers.size(), static_cast<std::size_t>(size)) << "somebody got no answer";
        return answers;
    }
    static CrowdRequest refund(PaymentDesk& desk, const Uuid& id, std::int64_t amount) {
        const Caller who = desk.refunder();
        return {desk, who, desk.refunding(who, {.payment = id, .amount = amount, .reason = {}})};
    }
    static CrowdRequest capture(PaymentDesk& desk, const Uuid& id, std::int64_t amount) {
        const Caller who = desk.capturer();
        return {desk, who, desk.capturing(who, id, {{}, amount, false})};
    }
    static CrowdRequest cancel(PaymentDesk& desk, const Uuid& id) {
        const Caller who = desk.canceler();
        return {desk, who, desk.canceling(who, id)};
    }
    static CrowdRequest dispute(PaymentDesk& desk,
                                const std::string& reference,
                                const Money& amount,
                                int number) {
        connectors::Notice notice{.kind = connectors::NoticeKind::dispute_opened,
                                  .id = "notice-" + std::to_string(number)};
        notice.reference = reference;
        notice.amount = amount;
        notice.case_id = "case-" + std::to_string(number);
        notice.reason = "fraudulent";
        const auto told = [&desk, notice](ledger::Transaction& tx) -> Result<Step> {
            const Result<NoticeOutcome> outcome =
                apply_notice(tx, desk.service->shop(), "scripted", notice);
            if (!outcome) return outcome.error();
            return Step{.send = std::nullopt, .reply = Reply{.status = 200, .body = "{}"}};
        };
        return {desk, desk.refunder(), told};
    }
    // No 500, and the provider believes what we do.
    void agree(const Uuid& id, const std::vector<Answered>& answers) {
        for (const Answered& one : answers)
            EXPECT_LT(one.status(), 500) << one.reply.body;
        PaymentDesk& desk = all.first();
        const Payment payment = desk.payment(id);
        EXPECT_EQ(payment.capturing, 0);
        EXPECT_EQ(payment.refunding, 0);
        const test::ProviderCase theirs = desk.provider.believes(to_text("pay", id));
        EXPECT_EQ(theirs.captured, payment.captured);
        EXPECT_EQ(theirs.refunded, payment.refunded);
        EXPECT_FALSE(desk.provider.overdrawn());
        EXPECT_TRUE(desk.nothing_in_suspense());
        EXPECT_TRUE(desk.books_are_clean());
    }

    Processes all{GetParam()};
};

CAUSEWAY_ON_EACH_ENGINE(Races);

TEST_P(Races, RefundsNeverExceedWhatWasCaptured) {
    const Uuid id = all.first().captured(eur(50'000));
    const std::vector<Answered> answers =
        crowd([&](PaymentDesk& desk, int i) { return refund(desk, id, 90 + i % 7); });
    const Payment payment = all.first().payment(id);
    EXPECT_LE(payment.refunded, 50'000);
    EXPECT_LT(payment.refundable(), 90) << "something was refused that still fitted";
    agree(id, answers);
}

TEST_P(Races, CapturesNeverExceedWhatWasAuthorised) {
    const Uuid id = all.first().authorised(eur(50'000));
    const std::vector<Answered> answers =
        crowd([&](PaymentDesk& desk, int i) { return capture(desk, id, 90 + i % 7); });
    const Payment payment = all.first().payment(id);
    EXPECT_LE(payment.captured, 50'000);
    EXPECT_LT(payment.capturable(), 90) << "something was refused that still fitted";
    agree(id, answers);
}

TEST_P(Races, CapturesCancelsAndRefundsStayInsideEveryLimit) {
    const Uuid id = all.first().authorised(eur(50'000));
    const std::vector<Answered> answers = crowd([&](PaymentDesk& desk, int i) {
        if (i == kCrowd / 2) return cancel(desk, id);
        return i % 3 == 0 ? refund(desk, id, 40 + i % 50) : capture(desk, id, 60 + i % 50);
    });
    const Payment payment = all.first().payment(id);
    EXPECT_LE(payment.captured, 50'000);
    EXPECT_LE(payment.refunded, payment.captured);
    agree(id, answers);
}

// The scheme tells each of its cases to both processes while refunds come in.
TEST_P(Races, RefundsAndDisputesDrawOnOneAmount) {
    constexpr int kCases = 20;
    const Uuid id = all.first().captured(eur(50'000));
    std::thread scheme([&] {
        for (int told = 0; told < 2 * kCases; ++told) {
            const std::string number = std::to_string(told / 2);
            connectors::Notice notice{.kind = connectors::NoticeKind::dispute_opened,
                                      .id = "notice-" + number};
            notice.amount = eur(1'000);
            notice.case_id = "case-" + number;
            notice.reason = "fraudulent";
            (void)all.desk(told).notice(id, notice);
        }
    });
    const std::vector<Answered> answers =
        crowd([&](PaymentDesk& desk, int i) { return refund(desk, id, 90 + i % 7); });
    scheme.join();
    const Payment payment = all.first().payment(id);
    EXPECT_EQ(payment.disputed, kCases * 1'000) << "each case once";
    EXPECT_LE(payment.refunded, 50'000);
    EXPECT_LT(payment.refundable(), 90) << "something was refused that still fitted";
    agree(id, answers);
}

// Everything that can move one payment, at once; the scheme tells each of its cases to both
// processes.
TEST_P(Races, CapturesRefundsCancelsAndDisputesMixedStayInsideEveryLimit) {
    const Uuid id = all.first().authorised(eur(50'000));
    // Else all of them would be at the door before there is anything to give back.
    ASSERT_EQ(all.first().capture(id, 20'000).status(), 201);
    const std::string reference = all.first().charge_of(id).reference;
    const std::vector<Answered> answers = crowd([&](PaymentDesk& desk, int i) {
        const int turn = i / 2;  // Two neighbours stand at different doors.
        switch (turn % 4) {
            case 0: return refund(desk, id, 20 + i % 50);
            case 1: return dispute(desk, reference, eur(10 + turn % 30), turn);
            case 2: return capture(desk, id, 60 + i % 50);
            default: break;
        }
        return i > kCrowd / 2 ? cancel(desk, id) : capture(desk, id, 60 + i % 50);
    });
    PaymentDesk& desk = all.first();
    const Payment payment = desk.payment(id);
    EXPECT_GT(payment.captured, 0);
    EXPECT_LE(payment.captured, 50'000);
    EXPECT_LE(payment.refunded, payment.captured);
    std::int64_t disputed = 0;
    std::set<std::string> cases;
    for (const Dispute& one : desk.disputes_of(id)) {
        disputed += one.amount.minor_units();
        EXPECT_TRUE(cases.insert(one.case_id).second) << "told twice, booked twice";
    }
    EXPECT_GT(cases.size(), 0U);
    EXPECT_EQ(payment.disputed, disputed);
    EXPECT_EQ(desk.net("scripted", ledger::Purpose::dispute, "EUR"), disputed);
    agree(id, answers);
}

TEST_P(Races, CancelsUndoAnAuthorisationOnce) {
    const Uuid id = all.first().authorised(eur(50'000));
    const std::vector<Answered> answers =
        crowd([&](PaymentDesk& desk, int) { return cancel(desk, id); }, 200);
    int done = 0;
    for (const Answered& one : answers)
        done += one.status() == 200 ? 1 : 0;
    EXPECT_EQ(done, 1);
    EXPECT_EQ(all.first().status(id), "canceled");
    EXPECT_EQ(all.first().provider.heard().size(), 2U);
    agree(id, answers);
}

// A shop's double click, a proxy that repeats, a balancer that asks the other process.
TEST_P(Races, OneKeyIsOneCharge) {
    const Caller who = all.first().creator("the one key");
    const std::vector<Answered> answers = crowd([&](PaymentDesk& desk, int) {
        return CrowdRequest{desk, who, desk.creating(who, PaymentDesk::charge(eur(10'000)))};
    });
    int fresh = 0;
    std::string body;
    for (const Answered& one : answers) {
        if (one.status() != 201) {
            EXPECT_EQ(one.status(), 409);
            EXPECT_EQ(one.text("code"), "idempotency_key_in_flight");
            continue;
        }
        fresh += one.reply.replayed ? 0 : 1;
        if (body.empty()) body = one.reply.body;
        EXPECT_EQ(one.reply.body, body);
    }
    EXPECT_EQ(fresh, 1);
    EXPECT_EQ(all.first().provider.heard().size(), 2U) << "an authorisation and its capture";
    EXPECT_EQ(all.first().pending(), 9'710);
}

TEST_P(Races, TwoFirstRequestsWithOneKeyAreOneProviderCallAndOne409) {
    for (int round = 0; round < 50; ++round) {
        const std::size_t heard = all.first().provider.heard().size();
        const Caller who = all.first().creator("pair " + std::to_string(round));
        const std::vector<Answered> answers = crowd(
            [&](PaymentDesk& desk, int) {
                const CreatePayment wanted = PaymentDesk::charge(eur(10'000), false);
                return CrowdRequest{desk, who, desk.creating(who, wanted)};
            },
            2);
        ASSERT_EQ(answers.size(), 2U);
        EXPECT_EQ(all.first().provider.heard().size(), heard + 1);
        const bool replayed = answers[0].status() == 201 && answers[1].status() == 201;
        EXPECT_TRUE(replayed || answers[0].status() + answers[1].status() == 201 + 409)
            << answers[0].reply.body << answers[1].reply.body;
        if (replayed) {
            EXPECT_EQ(answers[0].reply.body, answers[1].reply.body);
        }
    }
}

fx::Quote quoted(PaymentDesk& desk) {
    const fx::QuoteRequest request{.merchant = desk.merchant,
                                   .livemode = false,
                                   .source = test::currency("USD"),
                                   .target = test::currency("EUR"),
                                   .source_amount = 10'000,
                                   .target_amount = std::nullopt,
                                   .valid_for = std::chrono::seconds(300)};
    fx::Quote quote = *fx::make_quote(request, desk.service->shop().quotes);
    desk.write<int>([&quote](ledger::Transaction& tx) -> Result<int> {
        const Result<void> stored = fx::insert_quote(tx, quote);
        return stored ? Result<int>(0) : Result<int>(stored.error());
    });
    return quote;
}

CreatePayment dollars(const fx::Quote& quote) {
    CreatePayment wanted = PaymentDesk::charge(quote.source);
    wanted.quote = quote.id;
    return wanted;
}

TEST_P(Races, OneQuoteServesOnePayment) {
    PaymentDesk& desk = all.first();
    const fx::Quote quote = quoted(desk);
    const std::vector<Answered> answers = crowd(
        [&](PaymentDesk& at, int) {
            const Caller who = at.creator();
            return CrowdRequest{at, who, at.creating(who, dollars(quote))};
        },
        200);
    int paid = 0;
    for (const Answered& one : answers) {
        paid += one.status() == 201 ? 1 : 0;
        EXPECT_TRUE(one.status() == 201 || one.text("code") == "fx_quote_consumed")
            << one.reply.body;
    }
    EXPECT_EQ(paid, 1);
    EXPECT_EQ(desk.provider.heard().size(), 2U);
}

// Buyers confirm in the very second in which their quotes end.
TEST_P(Races, AQuoteThatEndsMeanwhileIsKeptWholeOrRefused) {
    constexpr int kBuyers = 100;
    PaymentDesk& desk = all.first();
    std::vector<CreatePayment> wishes;
    for (int i = 0; i < kBuyers; ++i)
        wishes.push_back(dollars(quoted(desk)));
    all.advance(std::chrono::seconds(299));
    std::atomic<bool> over = false;
    std::thread time([&] {
        while (!over)
            all.advance(std::chrono::microseconds(20));
    });
    const std::vector<Answered> answers = crowd(
        [&](PaymentDesk& at, int i) {
            const Caller who = at.creator();
            return CrowdRequest{at, who, at.creating(who, wishes[static_cast<std::size_t>(i)])};
        },
        kBuyers);
    over = true;
    time.join();
    int paid = 0;
    for (const Answered& one : answers) {
        paid += one.status() == 201 ? 1 : 0;
        EXPECT_TRUE(one.status() == 201 || one.text("code") == "fx_quote_expired")
            << one.reply.body;
    }
    EXPECT_EQ(desk.provider.heard().size(), 2U * static_cast<unsigned>(paid));
    EXPECT_TRUE(desk.books_are_clean());
}

// It was confirmed in time, the provider was out of reach, and then the quote ended.
TEST_P(Races, AQuoteThatEndsBeforeAnythingWasSentIsRefusedAtTheNextTry) {
    PaymentDesk& desk = all.first();
    const CreatePayment wanted = dollars(quoted(desk));
    desk.provider.next({test::Word::unavailable});
    EXPECT_EQ(desk.create(wanted, "k1").status(), 503);
    all.advance(std::chrono::seconds(300));
    const std::size_t heard = desk.provider.heard().size();
    const Answered late = all.desk(1).create(wanted, "k1");
    EXPECT_EQ(late.status(), 422);
    EXPECT_EQ(late.text("code"), "fx_quote_expired");
    EXPECT_EQ(desk.provider.heard().size(), heard);
}

// New rates are published all the time; each payment keeps the one it was promised.
TEST_P(Races, RatesThatMoveWhileBuyersPayChangeNoPromise) {
    const Day day = newest_table(fx::builtin_feed(), "ECB")->day();
    // No two payments begin with the same rate; the other process sees it move as well.
    const auto publish = [&](int tick) {
        const fx::Decimal rate = *fx::Decimal::parse("1." + std::to_string(1'000 + tick));
        const auto table = fx::ReferenceTable::make("ECB", day, {{test::currency("USD"), rate}});
        all.desk(0).rates.publish(*table);
        all.desk(1).rates.publish(*table);
    };
    const std::vector<Answered> answers = crowd(
        [&](PaymentDesk& desk, int i) {
            const Caller who = desk.creator();
            const Money amount(10'000 + i, test::currency("USD"));
            const PaymentDesk::Body pay = desk.creating(who, PaymentDesk::charge(amount));
            const auto body = [&publish, pay, i](ledger::Transaction& tx) {
                publish(i);
                return pay(tx);
            };
            return CrowdRequest{desk, who, body};
        },
        200);
    PaymentDesk& desk = all.first();
    std::int64_t promised = 0;
    std::set<std::string> rates;
    for (const Answered& one : answers) {
        ASSERT_EQ(one.status(), 201) << one.reply.body;
        const fx::Quote quote = desk.read<fx::Quote>([&](ledger::Transaction& tx) {
            return fx::load_quote(tx,
                                  {.merchant = desk.merchant, .livemode = false},
                                  *desk.payment(one.payment()).quote);
        });
        const Money fee = *quote.target.scale(290, 10'000, ledger::Rounding::half_even);
        rates.insert(quote.rate.to_string());
        promised += quote.target.minor_units() - fee.minor_units();
    }
    EXPECT_GT(rates.size(), 1U);
    EXPECT_EQ(desk.pending("EUR"), promised);
    EXPECT_TRUE(desk.books_are_clean());
}

}  // namespace
}  // namespace causeway::gateway
