// SPDX-License-Identifier: Apache-2.0
#include "connectors/card/connector.h"

#include "tests/connectors/card/operations.h"
#include "tests/connectors/card/scripted_host.h"
#include "tests/support/run.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

namespace causeway::connectors::card {
namespace {

namespace asio = boost::asio;
using test::after_sign_on;
using test::agree;
using test::authorise;
using test::capture_of;
using test::demo_acceptor;
using test::eur;
using test::HostReply;
using test::HostScript;
using test::refund_of;
using test::release_of;
using test::reverse_of;
using test::ScriptedHost;

const Clock& clock_of_day() {
    static const ManualClock clock(*parse_rfc3339("2026-11-21T05:45:00Z"));
    return clock;
}

CardConfig config_for(const ScriptedHost& host) {
    CardConfig config;
    config.name = "demo_card";
    config.acceptor = demo_acceptor();
    config.link = host.link_config();
    return config;
}

// What a connector makes of one operation at a host with this script.
struct Performed {
    Result<Answer> answer;
    std::vector<Message> seen;  ///< By the host, network messages left out.
};

asio::awaitable<Performed> perform_at(HostScript script,
                                      Operation operation,
                                      std::chrono::milliseconds answer_max) {
    const auto executor = co_await asio::this_coro::executor;
    ScriptedHost host(executor, std::move(script));
    CardConfig config = config_for(host);
    config.answer_max = answer_max;
    CardConnector connector(executor, config, clock_of_day());
    connector.start();
    (void)co_await connector.until_ready();
    EXPECT_TRUE(connector.ready());
    Result<Answer> answer = co_await connector.perform(std::move(operation));
    std::vector<Message> seen = host.seen();
    std::erase_if(seen, [](const Message& m) { return m.mti == "0800"; });
    Performed performed{std::move(answer), std::move(seen)};
    co_return performed;
}

Performed perform(HostScript script,
                  Operation operation,
                  std::chrono::milliseconds answer_max = std::chrono::milliseconds(3000)) {
    return test::run(perform_at(std::move(script), std::move(operation), answer_max));
}

HostScript answer_with(std::string code) {
    return after_sign_on([code = std::move(code)](const Message& message) {
        HostReply reply = agree(message);
        reply.messages[0].fields[39] = code;
        return reply;
    });
}

TEST(CardConnector, AuthorisesAndHandsBackTheApproval) {
    const Performed done = perform(agree, authorise(eur(1234)));
    ASSERT_TRUE(done.answer) << done.answer.error().detail();
    EXPECT_TRUE(done.answer->approved);
    EXPECT_EQ(done.answer->response_code, "00");
    EXPECT_EQ(done.answer->approval_code, "A00124");
    EXPECT_FALSE(done.answer->approved_amount);
    ASSERT_EQ(done.seen.size(), 1u);
    EXPECT_EQ(done.seen[0], *build_request(demo_acceptor(), authorise(eur(1234))));
}

TEST(CardConnector, SendsEveryKindOfOperation) {
    for (const Operation& operation : {capture_of(eur(1234), eur(1000)),
                                       refund_of(eur(1234), eur(200)),
                                       reverse_of(authorise(eur(1234))),
                                       release_of(eur(1234), eur(1000))}) {
        const Performed done = perform(agree, operation);
        ASSERT_TRUE(done.answer) << to_string(operation.kind);
        EXPECT_TRUE(done.answer->approved);
        ASSERT_EQ(done.seen.size(), 1u);
        EXPECT_EQ(done.seen[0], *build_request(demo_acceptor(), operation));
    }
}

TEST(CardConnector, ReportsADeclineAsAnAnswer) {
    const Performed done = perform(answer_with("51"), authorise(eur(1234)));
    ASSERT_TRUE(done.answer);
    EXPECT_FALSE(done.answer->approved);
    EXPECT_EQ(done.answer->decline, Decline::insufficient_funds);
}

// The gateway decides what it means that there is nothing to reverse.
TEST(CardConnector, ReportsAnOriginalThatTheHostDoesNotKnow) {
    const Performed done = perform(answer_with("25"), reverse_of(authorise(eur(1234))));
    ASSERT_TRUE(done.answer);
    EXPECT_FALSE(done.answer->approved);
    EXPECT_EQ(done.answer->decline, Decline::original_not_found);
}

TEST(CardConnector, NeverCallsSilenceARefusal) {
    const HostScript silent = after_sign_on([](const Message&) { return HostReply(); });
    const Performed done = perform(silent, authorise(eur(1234)), std::chrono::milliseconds(15));
    ASSERT_FALSE(done.answer);
    EXPECT_EQ(done.answer.error().code(), ErrorCode::outcome_unknown);
    // And it does not try again on its own: two authorisations would hold the money twice.
    EXPECT_EQ(done.seen.size(), 1u);
}

TEST(CardConnector, SendsNothingThatBreaksARule) {
    Operation again = authorise(eur(1234));
    again.repeat = true;
    const Performed done = perform(agree, again);
    ASSERT_FALSE(done.answer);
    EXPECT_EQ(done.answer.error().code(), ErrorCode::invalid_argument);
    EXPECT_TRUE(done.seen.empty());
}

asio::awaitable<ErrorCode> perform_without_host() {
    const auto executor = co_await asio::this_coro::executor;
    CardConfig config;
    config.acceptor = demo_acceptor();
    CardConnector connector(executor, config, clock_of_day());
    const Result<Answer> answer = co_await connector.perform(authorise(eur(1234)));
    co_return answer.error().code();
}

TEST(CardConnector, IsUnavailableWithoutAHost) {
    EXPECT_EQ(test::run(perform_without_host()), ErrorCode::unavailable);
}

// A connector that was never started: what needs no host.
class CardConnectorAlone : public testing::Test {
  protected:
    static CardConfig config() {
        CardConfig made;
        made.name = "demo_card";
        made.acceptor = demo_acceptor();
        return made;
    }

    asio::io_context io_;
    CardConnector connector_{io_.get_executor(), config(), clock_of_day()};
};

TEST_F(CardConnectorAlone, SaysWhatItIs) {
    EXPECT_EQ(connector_.capability().name, "demo_card");
    EXPECT_EQ(connector_.capability().method, "card");
    EXPECT_FALSE(connector_.capability().operations.contains(OperationKind::increment));
    EXPECT_EQ(connector_.inquiry(), nullptr);
    EXPECT_EQ(connector_.notices(), nullptr);
    EXPECT_EQ(connector_.disputing(), nullptr);
    EXPECT_FALSE(connector_.ready());
}

TEST_F(CardConnectorAlone, WritesTheReferencesOfAPayment) {
    const Timestamp now = *parse_rfc3339("2026-11-21T05:45:00Z");
    const Timestamp later = *parse_rfc3339("2026-11-21T07:00:01Z");
    const Operation first = authorise(eur(1234));
    EXPECT_EQ(connector_.make_reference(122, now, first),
              "20261121-1121054500-000123-63250500003F");
    // All that follows carries the payment's RRN; a refund is a payment of its own.
    EXPECT_EQ(connector_.make_reference(124, later, capture_of(eur(1234), eur(1))),
              "20261121-1121070001-000125-63250500003G");
    EXPECT_EQ(connector_.make_reference(124, later, reverse_of(first)),
              "20261121-1121070001-000125-63250500003G");
    EXPECT_EQ(connector_.make_reference(124, later, refund_of(eur(1234), eur(1))),
              "20261121-1121070001-000125-63250700003H");
}

TEST_F(CardConnectorAlone, KnowsHowTheStatementNamesAnOperation) {
    const StatementKey first = connector_.statement_key(authorise(eur(1234)));
    EXPECT_EQ(first.provider_reference, "63250500003G");
    EXPECT_EQ(first.modification_reference, "1121054500000124");
    const StatementKey capture = connector_.statement_key(capture_of(eur(1234), eur(1)));
    EXPECT_EQ(capture.provider_reference, "63250500003G");
    EXPECT_EQ(capture.modification_reference, "1121070001000125");
    const StatementKey refund = connector_.statement_key(refund_of(eur(1234), eur(1)));
    EXPECT_EQ(refund.provider_reference, "63250500003G");
    EXPECT_EQ(refund.modification_reference, "1121070001000125");
}

TEST_F(CardConnectorAlone, AuthorisesFirstUnlessTheCardKnowsSingleMessagesOnly) {
    const Card visa{"4761739001010119", 12, 2028, ""};
    const Card maestro{"6759649826438453", 12, 2028, ""};
    EXPECT_EQ(*connector_.first_operation(visa, true), OperationKind::authorise);
    EXPECT_EQ(*connector_.first_operation(visa, false), OperationKind::authorise);
    EXPECT_EQ(*connector_.first_operation(maestro, true), OperationKind::sale);
    EXPECT_EQ(connector_.first_operation(maestro, false).error().code(),
              ErrorCode::invalid_argument);
}

TEST_F(CardConnectorAlone, ChargesInOneMessageWhereTheAcquirerTakesPurchases) {
    CardConfig purchasing = config();
    purchasing.purchases = true;
    const CardConnector buys(io_.get_executor(), std::move(purchasing), clock_of_day());
    const Card visa{"4761739001010119", 12, 2028, ""};
    EXPECT_EQ(*buys.first_operation(visa, true), OperationKind::sale);
    EXPECT_EQ(*buys.first_operation(visa, false), OperationKind::authorise);
}

TEST_F(CardConnectorAlone, RefusesToStartWithAnAcceptorThatFitsNoField) {
    CardConfig wrong = config();
    wrong.acceptor.terminal_id = "TERMINAL-0001";
    EXPECT_THROW(CardConnector(io_.get_executor(), wrong, clock_of_day()), std::invalid_argument);
}

}  // namespace
}  // namespace causeway::connectors::card
