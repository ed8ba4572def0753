// SPDX-License-Identifier: Apache-2.0
#include "connectors/card/link.h"

#include "tests/connectors/card/scripted_host.h"
#include "tests/support/case_name.h"
#include "tests/support/run.h"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <optional>
#include <string>
#include <vector>

namespace causeway::connectors::card {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using Executor = asio::any_io_executor;
using test::after_sign_on;
using test::agree;
using test::approval;
using test::HostReply;
using test::HostScript;
using test::ScriptedHost;

constexpr milliseconds kLong{3000};
constexpr milliseconds kShort{15};

const Clock& clock_of_day() {
    static const ManualClock clock(*parse_rfc3339("2026-11-21T05:45:00Z"));
    return clock;
}

std::string six_digits(int number) {
    const std::string digits = std::to_string(number);
    return std::string(6 - digits.size(), '0') + digits;
}

Message request(int stan) {
    Message message;
    message.mti = "0100";
    message.fields[3] = "000000";
    message.fields[4] = "000000" + six_digits(stan);
    message.fields[7] = "1121054500";
    message.fields[11] = six_digits(stan);
    message.fields[37] = "632505" + six_digits(stan);
    message.fields[41] = "TERM0001";
    message.fields[49] = "978";
    return message;
}

HostReply silence(const Message&) {
    return {};
}

// The outcome of an exchange that runs beside the test.
using Outcome = std::shared_ptr<std::optional<Result<Message>>>;

asio::awaitable<void> into(Link* link, Message message, milliseconds answer_max, Outcome outcome) {
    Result<Message> answer = co_await link->exchange(std::move(message), answer_max);
    outcome->emplace(std::move(answer));
}

Outcome begin(Executor executor, Link& link, Message message, milliseconds answer_max = kLong) {
    auto outcome = std::make_shared<std::optional<Result<Message>>>();
    asio::co_spawn(executor, into(&link, std::move(message), answer_max, outcome), asio::detached);
    return outcome;
}

asio::awaitable<Result<Message>> end(Outcome outcome) {
    while (!outcome->has_value())
        co_await asio::post(asio::use_awaitable);
    co_return **outcome;
}

template <class Condition>
asio::awaitable<void> until(Condition condition) {
    while (!condition())
        co_await asio::post(asio::use_awaitable);
}

// Runs `body(host, link)` with a link that is signed on.
template <class Body>
void with_link(HostScript script, Body body, LinkConfig changes = {}) {
    auto work = [&]() -> asio::awaitable<int> {
        const auto executor = co_await asio::this_coro::executor;
        ScriptedHost host(executor, script);
        LinkConfig config = host.link_config();
        config.echo_idle = changes.echo_idle;
        config.echo_max = changes.echo_max;
        config.in_flight_max = changes.in_flight_max;
        config.on_unmatched = changes.on_unmatched;
        Link link(executor, config, clock_of_day());
        link.start();
        const bool ready = co_await link.until_ready();
        EXPECT_TRUE(ready);
        co_await body(executor, host, link);
        co_return 0;
    };
    test::run(work());
}

TEST(Link, SignsOnBeforeAnythingElse) {
    with_link(agree, [](Executor, ScriptedHost& host, Link& link) -> asio::awaitable<void> {
        const Result<Message> answer = co_await link.exchange(request(1), kLong);
        EXPECT_TRUE(answer);
        EXPECT_EQ(answer->mti, "0110");
        EXPECT_EQ(host.seen().size(), 2u);
        const Message& first = host.seen().front();
        EXPECT_EQ(first.mti, "0800");
        EXPECT_EQ(first.get(70), "001");
        EXPECT_EQ(first.get(7), "1121054500");
        // Operations count up to 989999: a network message can never be taken for one of them.
        EXPECT_EQ(first.get(11), "990000");
    });
}

asio::awaitable<ErrorCode> exchange_without_connection() {
    const auto executor = co_await asio::this_coro::executor;
    Link link(executor, LinkConfig{}, clock_of_day());
    const Result<Message> answer = co_await link.exchange(request(1), kLong);
    co_return answer.error().code();
}

TEST(Link, IsUnavailableWhenNotSignedOn) {
    EXPECT_EQ(test::run(exchange_without_connection()), ErrorCode::unavailable);
}

TEST(Link, TriesAgainUntilTheSignOnIsAccepted) {
    auto refused = std::make_shared<int>(0);
    const HostScript script = [refused](const Message& message) {
        HostReply reply = agree(message);
        if (message.mti == "0800" && ++*refused <= 3) reply.messages[0].fields[39] = "91";
        return reply;
    };
    with_link(script, [](Executor, ScriptedHost& host, Link& link) -> asio::awaitable<void> {
        EXPECT_EQ(host.connections(), 4);
        EXPECT_EQ(link.counters().sign_ons, 1u);
        co_return;
    });
}

TEST(Link, GivesEachRequestItsOwnAnswerInWhateverOrder) {
    auto held = std::make_shared<std::vector<Message>>();
    const HostScript script = after_sign_on([held](const Message& message) {
        held->insert(held->begin(), approval(message));
        HostReply reply;
        if (held->size() == 3) reply.messages = *held;
        return reply;
    });
    with_link(script, [](Executor ex, ScriptedHost&, Link& link) -> asio::awaitable<void> {
        const Outcome one = begin(ex, link, request(1));
        const Outcome two = begin(ex, link, request(2));
        const Outcome three = begin(ex, link, request(3));
        const Result<Message> first = co_await end(one);
        const Result<Message> second = co_await end(two);
        const Result<Message> third = co_await end(three);
        EXPECT_EQ(first->get(38), "A00001");
        EXPECT_EQ(second->get(38), "A00002");
        EXPECT_EQ(third->get(38), "A00003");
    });
}

// The host answers the first request only when the second one comes, and the second twice.
TEST(Link, DropsAnswersThatComeTooLateOrTwice) {
    auto held = std::make_shared<std::vector<Message>>();
    const HostScript script = after_sign_on([held](const Message& message) {
        held->push_back(approval(message));
        HostReply reply;
        if (held->size() == 2) reply.messages = {held->at(0), held->at(1), held->at(1)};
        return reply;
    });
    auto unmatched = std::make_shared<std::vector<std::string>>();
    LinkConfig changes;
    changes.on_unmatched = [unmatched](const Message& m) { unmatched->push_back(m.get(11)); };
    const auto body = [&](Executor, ScriptedHost&, Link& link) -> asio::awaitable<void> {
        const Result<Message> late = co_await link.exchange(request(1), kShort);
        EXPECT_FALSE(late);
        // The host may have charged the buyer.
        EXPECT_EQ(late.error().code(), ErrorCode::outcome_unknown);
        const Result<Message> answered = co_await link.exchange(request(2), kLong);
        EXPECT_TRUE(answered);
        const auto arrived = [&] { return unmatched->size() == 2; };
        co_await until(arrived);
        EXPECT_EQ(link.counters().unmatched, 2u);
        EXPECT_EQ(*unmatched, (std::vector<std::string>{"000001", "000002"}));
    };
    with_link(script, body, changes);
}

TEST(Link, LeavesEverythingInFlightInDoubtWhenTheConnectionIsCut) {
    auto count = std::make_shared<int>(0);
    const HostScript script = after_sign_on([count](const Message& message) {
        HostReply reply;
        if (++*count > 2) return agree(message);
        reply.cut = *count == 2;
        return reply;
    });
    with_link(script, [](Executor ex, ScriptedHost& host, Link& link) -> asio::awaitable<void> {
        const Outcome one = begin(ex, link, request(1));
        const Outcome two = begin(ex, link, request(2));
        const Result<Message> first = co_await end(one);
        const Result<Message> second = co_await end(two);
        EXPECT_EQ(first.error().code(), ErrorCode::outcome_unknown);
        EXPECT_EQ(second.error().code(), ErrorCode::outcome_unknown);
        EXPECT_FALSE(link.ready());
        const bool again = co_await link.until_ready();
        EXPECT_TRUE(again);
        const Result<Message> third = co_await link.exchange(request(3), kLong);
        EXPECT_TRUE(third);
        EXPECT_EQ(host.connections(), 2);
        EXPECT_EQ(link.counters().losses, 1u);
    });
}

TEST(Link, KeepsAConnectionOnWhichOneMessageMakesNoSense) {
    const HostScript script = after_sign_on([](const Message& message) {
        HostReply reply = agree(message);
        reply.garbage.push_back({0x47, 0x45, 0x54, 0x20, 0x2f});
        return reply;
    });
    with_link(script, [](Executor, ScriptedHost& host, Link& link) -> asio::awaitable<void> {
        const Result<Message> answer = co_await link.exchange(request(1), kLong);
        EXPECT_TRUE(answer);
        EXPECT_EQ(link.counters().undecodable, 1u);
        EXPECT_EQ(host.connections(), 1);
    });
}

struct AnswerCase {
    std::string name;
    int field;
    std::string value;  ///< Empty: the field is left out.
    std::string response_code;
    bool believed;
};

class LinkAnswer : public testing::TestWithParam<AnswerCase> {};

// An answer that fits the request's numbers and speaks of other money belongs to somebody else.
TEST_P(LinkAnswer, IsComparedBeforeItIsBelieved) {
    const AnswerCase& row = GetParam();
    const HostScript script = after_sign_on([row](const Message& message) {
        HostReply reply = agree(message);
        reply.messages[0].fields[39] = row.response_code;
        reply.messages[0].fields[row.field] = row.value;
        if (row.value.empty()) reply.messages[0].fields.erase(row.field);
        return reply;
    });
    with_link(script, [row](Executor, ScriptedHost&, Link& link) -> asio::awaitable<void> {
        const Result<Message> answer = co_await link.exchange(request(100), kLong);
        EXPECT_EQ(answer.has_value(), row.believed);
        EXPECT_EQ(link.counters().contradicted, row.believed ? 0u : 1u);
        if (!answer) {
            EXPECT_EQ(answer.error().code(), ErrorCode::outcome_unknown);
            EXPECT_EQ(answer.error().detail(),
                      "the answer contradicts its request in DE" + std::to_string(row.field));
        }
    });
}

INSTANTIATE_TEST_SUITE_P(
    Of,
    LinkAnswer,
    testing::Values(AnswerCase{"AnotherAmount", 4, "000000000101", "00", false},
                    AnswerCase{"LessWithoutPartialApproval", 4, "000000000099", "00", false},
                    AnswerCase{"LessInAPartialApproval", 4, "000000000099", "10", true},
                    AnswerCase{"MoreInAPartialApproval", 4, "000000000101", "10", false},
                    AnswerCase{"NoAmount", 4, "", "00", true},
                    AnswerCase{"AnotherCurrency", 49, "840", "00", false},
                    AnswerCase{"NoCurrency", 49, "", "00", true},
                    AnswerCase{"AnotherRrn", 37, "632505000099", "00", false},
                    AnswerCase{"NoRrn", 37, "", "00", false},
                    AnswerCase{"NoTerminal", 41, "", "00", true}),
    test::case_name<AnswerCase>);

TEST(Link, DoesNotTakeAnotherTerminalsAnswer) {
    const HostScript script = after_sign_on([](const Message& message) {
        HostReply reply = agree(message);
        reply.messages[0].fields[41] = "TERM0002";
        return reply;
    });
    with_link(script, [](Executor, ScriptedHost&, Link& link) -> asio::awaitable<void> {
        const Result<Message> answer = co_await link.exchange(request(1), kShort);
        EXPECT_EQ(answer.error().code(), ErrorCode::outcome_unknown);
        EXPECT_EQ(link.counters().unmatched, 1u);
    });
}

TEST(Link, RefusesARequestThatCannotBeToldFromOneInFlight) {
    with_link(after_sign_on(silence),
              [](Executor ex, ScriptedHost&, Link& link) -> asio::awaitable<void> {
                  const Outcome one = begin(ex, link, request(1), milliseconds(60));
                  const Result<Message> same = co_await link.exchange(request(1), kShort);
                  EXPECT_EQ(same.error().code(), ErrorCode::conflict);
                  Message other = request(1);
                  other.fields[41] = "TERM0002";
                  const Result<Message> allowed = co_await link.exchange(other, kShort);
                  EXPECT_EQ(allowed.error().code(), ErrorCode::outcome_unknown);
                  const Result<Message> first = co_await end(one);
                  EXPECT_EQ(first.error().code(), ErrorCode::outcome_unknown);
              });
}

TEST(Link, LimitsWhatIsInFlight) {
    LinkConfig changes;
    changes.in_flight_max = 2;
    const auto body = [](Executor ex, ScriptedHost& host, Link& link) -> asio::awaitable<void> {
        const Outcome one = begin(ex, link, request(1), milliseconds(30));
        const Outcome two = begin(ex, link, request(2), milliseconds(30));
        const Result<Message> third = co_await link.exchange(request(3), kLong);
        EXPECT_EQ(third.error().code(), ErrorCode::unavailable);
        const Result<Message> first = co_await end(one);
        const Result<Message> second = co_await end(two);
        const auto& seen = host.seen();
        const auto is_financial = [](const Message& m) { return m.mti == "0100"; };
        EXPECT_EQ(std::count_if(seen.begin(), seen.end(), is_financial), 2);
        const Result<Message> fourth = co_await link.exchange(request(4), kShort);
        EXPECT_EQ(fourth.error().code(), ErrorCode::outcome_unknown);
    };
    with_link(after_sign_on(silence), body, changes);
}

TEST(Link, RefusesWhatCannotBeSent) {
    with_link(agree, [](Executor, ScriptedHost&, Link& link) -> asio::awaitable<void> {
        Message unfit = request(1);
        unfit.fields[4] = "12";
        const Result<Message> answer = co_await link.exchange(unfit, kLong);
        EXPECT_EQ(answer.error().code(), ErrorCode::invalid_argument);
        Message large = request(1);
        for (const int field : {46, 47, 48, 60, 61})
            large.fields[field] = std::string(999, 'x');
        const Result<Message> too_large = co_await link.exchange(large, kLong);
        EXPECT_EQ(too_large.error().code(), ErrorCode::invalid_argument);
        const Result<Message> fine = co_await link.exchange(request(1), kLong);
        EXPECT_TRUE(fine);
    });
}

TEST(Link, ProvesAnIdleLineWithEchoes) {
    LinkConfig changes;
    changes.echo_idle = milliseconds(5);
    const auto body = [](Executor, ScriptedHost& host, Link& link) -> asio::awaitable<void> {
        const auto arrived = [&] { return host.seen().size() >= 3; };
        co_await until(arrived);
        EXPECT_EQ(host.seen()[1].get(70), "301");
        EXPECT_EQ(host.seen()[2].get(70), "301");
        EXPECT_NE(host.seen()[1].get(11), host.seen()[2].get(11));
        EXPECT_EQ(host.connections(), 1);
        EXPECT_TRUE(link.ready());
    };
    with_link(agree, body, changes);
}

// A dead peer behind a firewall sends no reset: only the missing echoes tell.
TEST(Link, ReconnectsWhenThreeEchoesAreLost) {
    LinkConfig changes;
    changes.echo_idle = milliseconds(5);
    changes.echo_max = milliseconds(5);
    const HostScript script = [](const Message& message) {
        return message.get(70) == "301" ? HostReply() : agree(message);
    };
    const auto body = [](Executor, ScriptedHost& host, Link& link) -> asio::awaitable<void> {
        const auto arrived = [&] { return link.counters().losses == 1; };
        co_await until(arrived);
        const auto& seen = host.seen();
        const auto is_echo = [](const Message& m) { return m.get(70) == "301"; };
        EXPECT_EQ(std::count_if(seen.begin(), seen.end(), is_echo), 3);
        const bool again = co_await link.until_ready();
        EXPECT_TRUE(again);
        EXPECT_EQ(host.connections(), 2);
    };
    with_link(script, body, changes);
}

// While the tills go on sending, the line is never idle; it must be found dead all the same.
TEST(Link, FindsADeadLineUnderTraffic) {
    LinkConfig changes;
    changes.echo_max = milliseconds(5);
    const HostScript deaf = [](const Message& message) {
        return message.get(70) == "001" ? agree(message) : HostReply();
    };
    const auto body = [](Executor, ScriptedHost&, Link& link) -> asio::awaitable<void> {
        const Result<Message> answer = co_await link.exchange(request(1), kShort);
        EXPECT_EQ(answer.error().code(), ErrorCode::outcome_unknown);
        const auto lost = [&] { return link.counters().losses == 1; };
        co_await until(lost);
    };
    with_link(deaf, body, changes);
}

TEST(Link, AnswersTheHostsEchoes) {
    const HostScript script = [](const Message& message) {
        HostReply reply;
        if (message.mti == "0810") return reply;
        reply = agree(message);
        Message echo;
        echo.mti = "0800";
        echo.fields = {{7, "1121054501"}, {11, "000777"}, {70, "301"}};
        if (message.mti == "0100") reply.messages.insert(reply.messages.begin(), echo);
        return reply;
    };
    with_link(script, [](Executor, ScriptedHost& host, Link& link) -> asio::awaitable<void> {
        const Result<Message> answer = co_await link.exchange(request(1), kLong);
        EXPECT_TRUE(answer);
        const auto arrived = [&] { return host.seen().size() == 3; };
        co_await until(arrived);
        EXPECT_EQ(host.seen()[2].mti, "0810");
        EXPECT_EQ(host.seen()[2].get(11), "000777");
        EXPECT_EQ(host.seen()[2].get(39), "00");
    });
}

// The host answers the first request when the second comes; stop() is called between the two.
TEST(Link, StopsOnlyWhenNothingIsInFlightAndSignsOff) {
    with_link(after_sign_on(silence),
              [](Executor ex, ScriptedHost& host, Link& link) -> asio::awaitable<void> {
                  const Outcome one = begin(ex, link, request(1), milliseconds(30));
                  const auto arrived = [&] { return host.seen().size() == 2; };
                  co_await until(arrived);
                  co_await link.stop();
                  EXPECT_TRUE(one->has_value());
                  EXPECT_EQ(host.seen().back().get(70), "002");
                  const Result<Message> later = co_await link.exchange(request(2), kLong);
                  EXPECT_EQ(later.error().code(), ErrorCode::unavailable);
                  const bool ready = co_await link.until_ready();
                  EXPECT_FALSE(ready);
                  EXPECT_EQ(link.counters().losses, 0u);
              });
}

struct MtiCase {
    std::string name;
    std::string request;
    std::string answer;  ///< Empty: refused.
};

class AnswerMti : public testing::TestWithParam<MtiCase> {};

TEST_P(AnswerMti, RaisesTheFunctionAndForgetsTheRepeat) {
    const Result<std::string> answer = answer_mti(GetParam().request);
    EXPECT_EQ(answer ? *answer : "", GetParam().answer);
}

INSTANTIATE_TEST_SUITE_P(Of,
                         AnswerMti,
                         testing::Values(MtiCase{"Request", "0100", "0110"},
                                         MtiCase{"Repeat", "0101", "0110"},
                                         MtiCase{"Advice", "0220", "0230"},
                                         MtiCase{"RepeatedAdvice", "0421", "0430"},
                                         MtiCase{"IssuersRepeat", "0423", "0432"},
                                         MtiCase{"Answer", "0110", ""},
                                         MtiCase{"AdviceAnswer", "0430", ""},
                                         MtiCase{"TooShort", "010", ""},
                                         MtiCase{"NoDigits", "01x0", ""}),
                         test::case_name<MtiCase>);

// Answers in groups of seven, each group backwards.
HostScript in_disorder() {
    auto held = std::make_shared<std::vector<Message>>();
    return after_sign_on([held](const Message& message) {
        held->insert(held->begin(), approval(message));
        HostReply reply;
        if (held->size() >= 7) reply.messages.swap(*held);
        return reply;
    });
}

asio::awaitable<bool> exchange_one(Link* link, int stan) {
    const Result<Message> answer = co_await link->exchange(request(stan), kLong);
    co_return answer && answer->get(11) == six_digits(stan) &&
        answer->get(38) == "A" + six_digits(stan).substr(1);
}

// Callers on four threads, TLS, one connection. ThreadSanitizer watches.
TEST(Link, CarriesHundredsOfRequestsAtOnceFromManyThreads) {
    constexpr int kRequests = 203;  // A multiple of seven: the host keeps none back.
    asio::thread_pool pool(4);
    {
        ScriptedHost host(pool.get_executor(), in_disorder(), true);
        Link link(pool.get_executor(), host.link_config(), clock_of_day());
        link.start();
        ASSERT_TRUE(asio::co_spawn(pool, link.until_ready(), asio::use_future).get());
        std::vector<std::future<bool>> answers;
        for (int stan = 1; stan <= kRequests; ++stan)
            answers.push_back(asio::co_spawn(pool, exchange_one(&link, stan), asio::use_future));
        for (std::future<bool>& answer : answers)
            EXPECT_TRUE(answer.get());
        EXPECT_EQ(link.counters().unmatched, 0u);
        asio::co_spawn(pool, link.stop(), asio::use_future).get();
    }
    pool.join();
}

}  // namespace
}  // namespace causeway::connectors::card
