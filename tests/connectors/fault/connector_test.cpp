// SPDX-License-Identifier: Apache-2.0
//
// What the scripted provider can be told to do, in virtual time.
#include "connectors/fault/connector.h"

#include "tests/support/amounts.h"
#include "tests/support/books.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/virtual_time.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>

namespace causeway::connectors::fault {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using test::eur;

Act delayed(milliseconds delay) {
    Act act;
    act.trick = Trick::delayed;
    act.delay = delay;
    return act;
}

class Fault : public testing::Test {
  protected:
    explicit Fault(ProviderConfig config = signing()) { begin(std::move(config)); }

    static ProviderConfig signing() {
        ProviderConfig config;
        config.notice_secret = "secret";
        return config;
    }
    void begin(ProviderConfig config) {
        connector_.reset();
        provider_ = std::make_shared<FaultProvider>(std::move(config), clock_, entropy_);
        FaultConfig made;
        made.common.name = "scripted";
        const Sleep sleep = [this](milliseconds length) { return time_.sleep(length); };
        connector_.emplace(made, provider_, sleep, clock_);
    }

    Operation authorise(std::int64_t cents) {
        Operation operation{OperationKind::authorise, "", eur(cents), "", {}, {}};
        operation.card = Card{"4761739001010119", 12, 2030, ""};
        return named(std::move(operation));
    }
    Operation about(const Operation& of, OperationKind kind, std::int64_t cents) {
        Operation operation{kind, "", eur(cents), of.payment_id, {}, {}};
        operation.original = Original{of.kind, of.reference, "", of.amount};
        return named(std::move(operation));
    }
    Operation named(Operation operation) {
        operation.reference = connector_->make_reference(++sequence_, clock_.now(), operation);
        if (operation.payment_id.empty()) operation.payment_id = "pay_" + operation.reference;
        return operation;
    }

    /// Begins to perform; the outcome comes when its time has passed.
    void begin(const Operation& operation) {
        auto store = [this, reference = operation.reference](const std::exception_ptr& bug,
                                                             Result<Answer> outcome) {
            ASSERT_FALSE(bug);
            order_.push_back(reference);
            outcomes_.insert_or_assign(reference, std::move(outcome));
        };
        asio::co_spawn(io_, boxed(connector_->perform(operation)), [store](auto bug, auto outcome) {
            store(bug, outcome ? *std::move(outcome) : Error(ErrorCode::integrity));
        });
    }
    static asio::awaitable<std::optional<Result<Answer>>> boxed(
        asio::awaitable<Result<Answer>> work) {
        std::optional<Result<Answer>> value;
        value.emplace(co_await std::move(work));
        co_return value;
    }
    Result<Answer> outcome(const Operation& operation) {
        begin(operation);
        time_.pass(std::chrono::seconds(20));
        return outcomes_.at(operation.reference);
    }
    Fate fate(const Operation& operation) { return provider_->asked(operation)->fate; }

    std::vector<Notice> notices() {
        std::vector<Notice> all;
        for (const SignedMessage& message : provider_->take_messages()) {
            const Result<std::vector<Notice>> read = connector_->notices()->read(
                {.headers = message.headers, .body = message.body, .received = clock_.now()});
            EXPECT_TRUE(read) << read.error().detail();
            all.insert(all.end(), read->begin(), read->end());
        }
        return all;
    }

    asio::io_context io_;
    ManualClock clock_{*parse_rfc3339("2026-11-21T12:00:00Z")};
    test::VirtualTime time_{io_, clock_};
    test::SeededEntropy entropy_{7};
    std::shared_ptr<FaultProvider> provider_;
    std::optional<FaultConnector> connector_;
    std::map<std::string, Result<Answer>> outcomes_;
    std::vector<std::string> order_;
    std::int64_t sequence_ = 0;
};

TEST_F(Fault, AnswersOutOfOrder) {
    provider_->next({delayed(milliseconds(900)), delayed(milliseconds(100))});
    const Operation slow = authorise(100);
    const Operation fast = authorise(200);
    begin(slow);
    begin(fast);
    time_.pass(milliseconds(99));
    EXPECT_TRUE(order_.empty());
    time_.pass(milliseconds(801));
    EXPECT_EQ(order_, (std::vector{fast.reference, slow.reference}));
}

TEST_F(Fault, AnAnswerThatTakesTooLongIsUnknown) {
    provider_->next({delayed(milliseconds(14'999)), delayed(milliseconds(15'000))});
    const Operation just = authorise(100);
    const Operation late = authorise(100);
    EXPECT_TRUE(outcome(just));
    EXPECT_EQ(outcome(late).error().code(), ErrorCode::outcome_unknown);
    EXPECT_EQ(fate(late), Fate::carried_out);
}

// The increments are part of what a reversal gives back: one that names the first amount alone
// would leave the rest blocked.
TEST_F(Fault, GivesBackAnAuthorisationOnlyWhole) {
    const Operation charge = authorise(10'000);
    ASSERT_TRUE(outcome(charge)->approved);
    ASSERT_TRUE(outcome(about(charge, OperationKind::increment, 5'000))->approved);
    const Result<Answer> part = outcome(about(charge, OperationKind::reverse, 10'000));
    EXPECT_EQ(part->decline, Decline::invalid_amount);
    EXPECT_TRUE(outcome(about(charge, OperationKind::reverse, 15'000))->approved);
}

TEST_F(Fault, DeclinesWithEveryCode) {
    for (int value = 1; value <= static_cast<int>(Decline::provider_error); ++value) {
        Act act;
        act.trick = Trick::decline;
        act.decline = static_cast<Decline>(value);
        provider_->next({act});
        const Operation operation = authorise(100);
        const Result<Answer> said = outcome(operation);
        ASSERT_TRUE(said);
        EXPECT_FALSE(said->approved);
        EXPECT_EQ(said->decline, act.decline);
        EXPECT_EQ(fate(operation), Fate::refused);
    }
    EXPECT_EQ(provider_->moves(), 0);
}

TEST_F(Fault, ApprovesAPart) {
    provider_->next({Trick::partial});
    const Operation operation = authorise(1'001);
    EXPECT_EQ(outcome(operation)->approved_amount, eur(500));
    EXPECT_EQ(provider_->standing_of(operation.payment_id).authorised, 500);
    EXPECT_EQ(provider_->asked(operation)->answer.approved_amount, eur(500));
}

TEST_F(Fault, SpeaksOfAnotherAmountThanItBooked) {
    provider_->next({Trick::wrong_amount, Trick::wrong_currency, Trick::wrong_reference});
    const Operation more = authorise(1'000);
    EXPECT_EQ(outcome(more)->approved_amount, eur(1'001));
    EXPECT_EQ(provider_->standing_of(more.payment_id).authorised, 1'000);
    const Operation dollars = authorise(1'000);
    EXPECT_EQ(outcome(dollars)->approved_amount->currency().code(), "USD");
    EXPECT_EQ(outcome(authorise(1'000)).error().code(), ErrorCode::outcome_unknown);
}

TEST_F(Fault, AStrayIsRefusedOnceItWasSaidNeverToHaveArrived) {
    provider_->next({Trick::stray, Trick::stray});
    const Operation asked_for = authorise(100);
    const Operation not_asked_for = authorise(200);
    EXPECT_EQ(outcome(asked_for).error().code(), ErrorCode::outcome_unknown);
    EXPECT_EQ(outcome(not_asked_for).error().code(), ErrorCode::outcome_unknown);
    EXPECT_EQ(fate(asked_for), Fate::never_arrived);
    provider_->deliver_strays();
    EXPECT_EQ(provider_->standing_of(asked_for.payment_id), Standing{});
    EXPECT_EQ(provider_->standing_of(not_asked_for.payment_id).authorised, 200);
}

TEST_F(Fault, AReversalThatOvertakesItsOriginalKeepsItOut) {
    provider_->next({Trick::stray});
    const Operation first = authorise(100);
    (void)outcome(first);
    EXPECT_EQ(outcome(about(first, OperationKind::reverse, 100))->decline,
              Decline::original_not_found);
    provider_->deliver_strays();
    EXPECT_EQ(provider_->standing_of(first.payment_id), Standing{});
}

TEST_F(Fault, DecidesLaterAndNotifies) {
    provider_->next({Trick::under_way, Trick::under_way});
    const Operation yes = authorise(100);
    const Operation no = authorise(100);
    (void)outcome(yes);
    (void)outcome(no);
    EXPECT_EQ(fate(yes), Fate::under_way);
    EXPECT_TRUE(notices().empty());
    ASSERT_TRUE(provider_->decide(yes.reference, true));
    ASSERT_TRUE(provider_->decide(no.reference, false));
    EXPECT_FALSE(provider_->decide(no.reference, true));
    EXPECT_EQ(fate(yes), Fate::carried_out);
    EXPECT_EQ(fate(no), Fate::refused);
    const std::vector<Notice> told = notices();
    ASSERT_EQ(told.size(), 2U);
    EXPECT_EQ(told[0].reference, yes.reference);
    EXPECT_EQ(told[0].amount, eur(100));
    EXPECT_TRUE(told[0].answer.approved);
    EXPECT_FALSE(told[1].answer.approved);
    EXPECT_NE(told[0].id, told[1].id);
}

TEST_F(Fault, SaysTwiceWhatItDidOnce) {
    provider_->next({Trick::twice, Trick::late});
    const Operation twice = authorise(100);
    EXPECT_TRUE(outcome(twice)->approved);
    EXPECT_EQ(notices().at(0).reference, twice.reference);
    const Operation late = authorise(100);
    EXPECT_FALSE(outcome(late));
    EXPECT_TRUE(notices().at(0).answer.approved);
}

TEST_F(Fault, LiesWhenAskedAsItIsTold) {
    const Operation operation = authorise(100);
    (void)outcome(operation);
    provider_->next_replies({Reply::unavailable, Reply::silence, Reply::not_yet});
    EXPECT_EQ(provider_->asked(operation).error().code(), ErrorCode::unavailable);
    EXPECT_EQ(provider_->asked(operation).error().code(), ErrorCode::outcome_unknown);
    EXPECT_EQ(fate(operation), Fate::under_way);
    EXPECT_EQ(fate(operation), Fate::carried_out);
}

TEST_F(Fault, NotifiesOfDisputes) {
    const Operation first = authorise(1'000);
    (void)outcome(first);
    const Operation capture = about(first, OperationKind::capture, 1'000);
    (void)outcome(capture);
    const std::string id = provider_->open_dispute(capture.reference, eur(400));
    EXPECT_EQ(provider_->standing_of(first.payment_id).disputed, 400);
    DisputeOperation contest{"FLT-9", id, capture.reference, eur(400), {}, false};
    EXPECT_TRUE(provider_->hear_on_dispute(contest, true).approved);
    provider_->close_dispute(id, true);
    EXPECT_EQ(provider_->standing_of(first.payment_id).disputed, 0);
    EXPECT_EQ(provider_->open_dispute(capture.reference, eur(400)), id);
    provider_->close_dispute(id, false);
    const std::vector<Notice> told = notices();
    ASSERT_EQ(told.size(), 4U);
    EXPECT_EQ(told[0].kind, NoticeKind::dispute_opened);
    EXPECT_EQ(told[0].case_id, id);
    EXPECT_TRUE(told[0].respond_by);
    EXPECT_EQ(told[1].kind, NoticeKind::dispute_won);
    EXPECT_EQ(told[2].kind, NoticeKind::dispute_reopened);
    EXPECT_EQ(told[3].kind, NoticeKind::dispute_lost);
    contest.case_id = "case_none";
    contest.original = "FLT-none";
    EXPECT_FALSE(provider_->hear_on_dispute(contest, false).approved);
}

// A test at the program's door signs notices itself, and the provider stands by them.
TEST_F(Fault, TakesACaseThatANoticeToldOf) {
    const Operation charge = authorise(1'000);
    (void)outcome(charge);
    const DisputeOperation told{"FLT-9", "case-told", charge.reference, eur(400), {}, false};
    EXPECT_TRUE(provider_->hear_on_dispute(told, true).approved);
    EXPECT_TRUE(provider_->hear_on_dispute(told, false).approved);
    EXPECT_FALSE(provider_->hear_on_dispute(told, true).approved) << "it was given up";
}

TEST_F(Fault, ItsBooksOutliveItsProcess) {
    const test::TemporaryFolder folder;
    ProviderConfig config;
    config.books_file = folder.file("fault.books");
    begin(config);
    const Operation first = authorise(1'000);
    (void)outcome(first);
    (void)outcome(about(first, OperationKind::increment, 500));
    (void)outcome(about(first, OperationKind::capture, 1'200));
    const Standing before = provider_->standing_of(first.payment_id);
    EXPECT_EQ(before.authorised, 1'500);
    EXPECT_EQ(before.captured, 1'200);
    begin(config);
    EXPECT_EQ(provider_->standing_of(first.payment_id), before);
    EXPECT_EQ(fate(first), Fate::carried_out);
    (void)outcome(first);
    EXPECT_EQ(provider_->standing_of(first.payment_id), before);
}

TEST_F(Fault, NoticesWhenItIsAskedForTooMuch) {
    const Operation first = authorise(1'000);
    (void)outcome(first);
    EXPECT_TRUE(outcome(about(first, OperationKind::capture, 600))->approved);
    EXPECT_FALSE(provider_->overdrawn());
    EXPECT_FALSE(outcome(about(first, OperationKind::capture, 401))->approved);
    EXPECT_TRUE(provider_->overdrawn());
}

TEST_F(Fault, ChanceMakesTheSameTroubleFromTheSameSeed) {
    ProviderConfig config;
    config.trouble_percent = 50;
    std::vector<std::string> runs;
    for (int run = 0; run < 2; ++run) {
        test::SeededEntropy seed(42);
        const auto provider = std::make_shared<FaultProvider>(config, clock_, seed);
        std::string said;
        sequence_ = 0;
        for (int at = 0; at < 200; ++at) {
            const Reaction reaction = provider->hear(authorise(100), milliseconds(100));
            said += !reaction.outcome ? 'x' : reaction.outcome->approved ? 'y' : 'n';
        }
        runs.push_back(said);
    }
    EXPECT_EQ(runs[0], runs[1]);
    for (const char kind : {'x', 'y', 'n'})
        EXPECT_NE(runs[0].find(kind), std::string::npos);
}

TEST_F(Fault, NeverTakesLiveMoney) {
    FaultConfig live;
    live.common.name = "scripted";
    live.common.livemode = true;
    EXPECT_THROW(FaultConnector(live, provider_, real_sleep(), clock_), std::invalid_argument);
}

}  // namespace
}  // namespace causeway::connectors::fault
