// SPDX-License-Identifier: Apache-2.0
//
// Hundreds at once on one payment. The reservation is the check: whoever comes first takes it,
// and the sum never passes what there is.
#include "tests/support/payment_desk.h"

#include <gtest/gtest.h>

#include <array>

namespace causeway::gateway {
namespace {

namespace asio = boost::asio;

using test::Answered;
using test::eur;
using test::PaymentDesk;
using test::Word;

struct Request {
    Caller caller;
    PaymentService::FirstStep first;
};

// All of them on one loop; they meet on the writer's thread and at the provider.
std::vector<Answered> all_at_once(PaymentDesk& desk, std::vector<Request> requests) {
    asio::io_context io;
    std::vector<Answered> answers;
    for (Request& one : requests) {
        asio::co_spawn(io,
                       desk.service->run(std::move(one.caller), std::move(one.first)),
                       [&answers](const std::exception_ptr& failure, Reply reply) {
                           if (!failure) answers.push_back(PaymentDesk::answered(std::move(reply)));
                       });
    }
    io.run_for(std::chrono::seconds(30));
    return answers;
}

std::int64_t sum_of(const std::vector<Answered>& answers, std::string_view status) {
    std::int64_t sum = 0;
    for (const Answered& one : answers) {
        if (one.status() == 201 && one.text("status") == status) sum += one.number("amount");
    }
    return sum;
}

constexpr int kCrowd = 200;

TEST(Crowd, OfRefundsNeverExceedsWhatWasCaptured) {
    PaymentDesk desk;
    const Uuid id = desk.captured(eur(10'000));
    std::vector<Request> requests;
    for (int i = 0; i < kCrowd; ++i) {
        const Caller who = desk.refunder();
        requests.push_back(
            {who, desk.refunding(who, {.payment = id, .amount = 90 + i % 7, .reason = {}})});
    }
    const std::vector<Answered> answers = all_at_once(desk, std::move(requests));
    ASSERT_EQ(answers.size(), std::size_t{kCrowd});
    const Payment payment = desk.payment(id);
    EXPECT_EQ(sum_of(answers, "succeeded"), payment.refunded);
    EXPECT_LE(payment.refunded, 10'000);
    EXPECT_LT(payment.refundable(), 90) << "something was refused that still fitted";
    EXPECT_EQ(payment.refunding, 0);
    EXPECT_EQ(desk.provider.believes(to_text("pay", id)).refunded, payment.refunded);
    EXPECT_FALSE(desk.provider.overdrawn());
    EXPECT_EQ(desk.pending(), 9'710 - payment.refunded);
    EXPECT_TRUE(desk.books_are_clean());
}

TEST(Crowd, OfCapturesAndRefundsWithAnUnreliableProviderStaysInsideEveryLimit) {
    PaymentDesk desk;
    const Uuid id = desk.authorised(eur(10'000));
    desk.capture(id, 1'000);
    constexpr std::array kWords{Word::approve,
                                Word::lost_after,
                                Word::decline,
                                Word::approve,
                                Word::unavailable,
                                Word::lost_before};
    std::vector<Request> requests;
    for (int i = 0; i < kCrowd; ++i) {
        desk.provider.next({kWords[static_cast<std::size_t>(i) % kWords.size()]});
        const bool refund = i % 2 == 0;
        const Caller who = refund ? desk.refunder() : desk.capturer();
        requests.push_back(
            {who,
             refund ? desk.refunding(who, {.payment = id, .amount = 70 + i % 50, .reason = {}})
                    : desk.capturing(who, id, {{}, 150 + i % 50, false})});
    }
    const std::vector<Answered> answers = all_at_once(desk, std::move(requests));
    ASSERT_EQ(answers.size(), std::size_t{kCrowd});
    const auto within_limits = [&desk, &id] {
        const Payment p = desk.payment(id);
        EXPECT_LE(p.captured + p.capturing, p.authorised);
        EXPECT_LE(p.refunded + p.refunding, p.captured);
    };
    within_limits();
    EXPECT_TRUE(desk.books_are_clean());
    desk.provider.calm_down();
    desk.sweep_until_dry();
    within_limits();
    const Payment done = desk.payment(id);
    EXPECT_EQ(done.capturing, 0);
    EXPECT_EQ(done.refunding, 0);
    EXPECT_EQ(desk.provider.believes(to_text("pay", id)),
              (test::ProviderCase{
                  .authorised = 10'000, .captured = done.captured, .refunded = done.refunded}));
    EXPECT_TRUE(desk.nothing_in_suspense());
    EXPECT_TRUE(desk.books_are_clean());
}

// A shop's double click, or a proxy that repeats: one key, one charge.
TEST(Crowd, WithOneKeyChargesOnce) {
    PaymentDesk desk;
    const Caller who = desk.creator("the one key");
    std::vector<Request> requests;
    for (int i = 0; i < kCrowd; ++i)
        requests.push_back({who, desk.creating(who, PaymentDesk::charge(eur(10'000)))});
    const std::vector<Answered> answers = all_at_once(desk, std::move(requests));
    ASSERT_EQ(answers.size(), std::size_t{kCrowd});
    int fresh = 0;
    for (const Answered& one : answers) {
        if (one.status() == 201 && !one.reply.replayed) ++fresh;
        EXPECT_TRUE(one.status() == 201 || one.text("code") == "idempotency_key_in_flight");
    }
    EXPECT_EQ(fresh, 1);
    EXPECT_EQ(desk.provider.heard().size(), 2U);
    EXPECT_EQ(desk.pending(), 9'710);
}

}  // namespace
}  // namespace causeway::gateway
