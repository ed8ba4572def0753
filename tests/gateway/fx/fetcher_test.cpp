// SPDX-License-Identifier: Apache-2.0
//
// Against a server that answers with any bytes: what is not a whole file of rates changes nothing.
#include "gateway/fx/fetcher.h"

#include "tests/support/case_name.h"
#include "tests/support/https_receiver.h"
#include "tests/support/rate_house.h"
#include "tests/support/run.h"

#include <boost/asio/thread_pool.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace causeway::gateway {
namespace {

namespace asio = boost::asio;

using test::currency;
using test::dollar_source;
using test::HttpsReceiver;
using test::RateHouse;
using test::reais;

std::string http(const std::string& body, const std::string& status = "200 OK") {
    return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\nConnection: close\r\n\r\n" + body;
}

asio::awaitable<int> round_of(RateFetcher& fetcher) {
    co_await fetcher.round();
    co_return 0;
}

class Fetching : public testing::Test {
  protected:
    FetchParts parts(const HttpsReceiver& server) {
        client = *net::make_http_client({.ca_file = server.ca_file()});
        return {.database = *house.database,
                .clock = house.clock,
                .client = *client,
                .blocking = blocking.get_executor()};
    }
    Result<RatesTaken> fetch(const HttpsReceiver& server) {
        source = dollar_source("bank", 100, server.url("/latest"));
        return test::run(fetch_rates(parts(server), source));
    }
    std::size_t stored() {
        return house
            .read<std::vector<fx::ReferenceTable>>([&](ledger::Transaction& tx) {
                return fx::load_recent_rates(tx, "bank", house.today());
            })
            ->size();
    }

    RateHouse house;
    std::unique_ptr<net::HttpClient> client;
    asio::thread_pool blocking{1};
    fx::RateSource source = dollar_source("bank");
};

TEST_F(Fetching, TakesWhatTheSourceAnswers) {
    const HttpsReceiver server(http(reais("2026-04-13", "5.0274")));
    const Result<RatesTaken> taken = fetch(server);
    ASSERT_TRUE(taken) << taken.error().detail();
    EXPECT_EQ(taken->outcome.inserted, 1);
    EXPECT_TRUE(server.last_head().starts_with("GET /latest HTTP/1.1\r\n"));
    EXPECT_EQ(stored(), 1U);
    EXPECT_EQ(fetch(server)->outcome.unchanged, 1);
}

struct BadAnswer {
    std::string name;
    std::string answer;
    ErrorCode code;
    std::string says;
};

class FetchingBadAnswers : public Fetching, public testing::WithParamInterface<BadAnswer> {};

INSTANTIATE_TEST_SUITE_P(
    Answers,
    FetchingBadAnswers,
    testing::Values(
        BadAnswer{"NotFound",
                  http(reais("2026-04-13", "5"), "404 Not Found"),
                  ErrorCode::unavailable,
                  "status 404"},
        BadAnswer{"Moved",
                  "HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1/\r\nContent-Length: 0\r\n\r\n",
                  ErrorCode::unavailable,
                  "status 302"},
        BadAnswer{"CutAnswer",
                  "HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n" + reais("2026-04-13", "5"),
                  ErrorCode::unavailable,
                  "receive: "},
        BadAnswer{"NoHttp", "hello\r\n\r\n", ErrorCode::unavailable, "receive: bad version"},
        BadAnswer{"CutJson",
                  http(R"({"base":"USD","date":"2026-04-13","rates":{"BRL":"5.0)"),
                  ErrorCode::invalid_argument,
                  "line 1: the JSON is cut"},
        BadAnswer{"NoRates",
                  http(R"({"base":"USD","date":"2026-04-13","rates":{}})"),
                  ErrorCode::invalid_argument,
                  "the file has no rate"},
        BadAnswer{"AnotherBase",
                  http(R"({"base":"EUR","date":"2026-04-13","rates":{"BRL":"5"}})"),
                  ErrorCode::invalid_argument,
                  "against EUR"},
        BadAnswer{"Future",
                  http(reais("2026-04-15", "5")),
                  ErrorCode::invalid_argument,
                  "in the future"}),
    test::case_name<BadAnswer>);

TEST_P(FetchingBadAnswers, LeaveNothingBehind) {
    const HttpsReceiver server(GetParam().answer);
    const Result<RatesTaken> taken = fetch(server);
    ASSERT_FALSE(taken);
    ASSERT_FALSE(GetParam().says.empty());
    EXPECT_EQ(taken.error().code(), GetParam().code) << taken.error().detail();
    EXPECT_NE(taken.error().detail().find(GetParam().says), std::string::npos)
        << taken.error().detail();
    EXPECT_EQ(stored(), 0U);
}

// Whoever stands in between could set the rate.
TEST_F(Fetching, BelievesNobodyWithAnotherCertificate) {
    const HttpsReceiver other_name(http(reais("2026-04-13", "5")), "DNS:rates.example");
    EXPECT_EQ(fetch(other_name).error().code(), ErrorCode::unavailable);
    const HttpsReceiver server(http(reais("2026-04-13", "5")));
    const HttpsReceiver elsewhere(http(reais("2026-04-13", "5")));
    source = dollar_source("bank", 100, server.url("/latest"));
    const FetchParts trusting_another = parts(elsewhere);
    EXPECT_EQ(test::run(fetch_rates(trusting_another, source)).error().code(),
              ErrorCode::unavailable);
    EXPECT_EQ(stored(), 0U);
}

TEST_F(Fetching, HoldsWhatLeaps) {
    ASSERT_TRUE(house.take(source, reais("2026-04-10", "5.0")));
    const HttpsReceiver server(http(reais("2026-04-13", "6.0")));
    const Result<RatesTaken> taken = fetch(server);
    ASSERT_TRUE(taken) << taken.error().detail();
    EXPECT_EQ(taken->outcome.held, 1);
    EXPECT_EQ(taken->outcome.inserted, 0);
}

TEST(FetchingByTheClock, IsDueWhenSomethingNewerShouldBeThere) {
    const fx::RateSource bank = dollar_source("bank", 100, "https://rates.example/");
    const auto day = [](std::string_view text) { return *parse_day(text); };
    EXPECT_TRUE(is_due(bank, std::nullopt, day("2026-04-10")));
    EXPECT_FALSE(is_due(bank, day("2026-04-10"), day("2026-04-12"))) << "a Sunday";
    EXPECT_TRUE(is_due(bank, day("2026-04-10"), day("2026-04-13")));
    EXPECT_FALSE(is_due(dollar_source("desk"), std::nullopt, day("2026-04-10"))) << "no address";
}

class FetchingRounds : public Fetching {
  protected:
    // One round over these sources; the book is loaded anew when it says that rates changed.
    void round(const HttpsReceiver& server, std::vector<fx::RateSource> sources) {
        settings.sources = std::move(sources);
        asio::io_context unused;
        RateFetcher fetcher(unused.get_executor(), parts(server), settings, house.book, [this] {
            ++changes;
            house.load(settings.sources);
        });
        (void)test::run(round_of(fetcher));
        figures = house.scrape(fetcher.metrics());
    }
    bool counted(const std::string& source_name, const std::string& outcome, int times) {
        const std::string line = "causeway_fx_fetches_total{outcome=\"" + outcome + "\",source=\"" +
                                 source_name + "\"} " + std::to_string(times) + "\n";
        const std::string other = "causeway_fx_fetches_total{source=\"" + source_name +
                                  "\",outcome=\"" + outcome + "\"} " + std::to_string(times) + "\n";
        return figures.find(line) != std::string::npos || figures.find(other) != std::string::npos;
    }

    FxSettings settings;
    int changes = 0;
    std::string figures;
};

TEST_F(FetchingRounds, PublishWhatCameAndAskAgainOnlyWhenItIsDue) {
    const HttpsReceiver server(http(reais("2026-04-14", "5.1")));
    const std::vector<fx::RateSource> sources{dollar_source("bank", 100, server.url())};
    round(server, sources);
    EXPECT_EQ(changes, 1);
    EXPECT_EQ(house.book.mid_rate(currency("USD"), currency("BRL"))->to_string(), "5.1");
    EXPECT_TRUE(counted("bank", "taken", 1)) << figures;
    EXPECT_TRUE(counted("bank", "failed", 0)) << figures;
    round(server, sources);
    EXPECT_EQ(server.connections(), 1) << "nothing newer was due";
    house.clock.advance(std::chrono::hours(24));
    round(server, sources);
    EXPECT_EQ(server.connections(), 2);
    EXPECT_EQ(changes, 1) << "it had nothing new";
}

TEST_F(FetchingRounds, SurviveABug) {
    const HttpsReceiver server(http(reais("2026-04-14", "5.1")));
    settings.sources = {dollar_source("bank", 100, server.url())};
    asio::io_context unused;
    RateFetcher fetcher(unused.get_executor(), parts(server), settings, house.book, [] {
        throw std::logic_error("a bug");
    });
    (void)test::run(round_of(fetcher));
    figures = house.scrape(fetcher.metrics());
    EXPECT_NE(figures.find("causeway_fx_fetch_rounds_broken_total 1\n"), std::string::npos)
        << figures;
    EXPECT_TRUE(counted("bank", "taken", 1)) << figures;
}

TEST_F(FetchingRounds, GoOnWithTheNextSourceWhenOneFails) {
    const HttpsReceiver server(http(reais("2026-04-14", "5.1")));
    const std::string nobody = "https://127.0.0.1:1/";
    round(server,
          {dollar_source("gone", 10, nobody),
           dollar_source("bank", 20, server.url()),
           dollar_source("by-hand", 30)});
    EXPECT_EQ(changes, 1);
    EXPECT_TRUE(counted("gone", "failed", 1)) << figures;
    EXPECT_TRUE(counted("bank", "taken", 1)) << figures;
    EXPECT_EQ(figures.find("by-hand"), std::string::npos) << "nobody asks it";
    const Result<fx::MidRate> rate =
        house.book.snapshot()->mid(currency("USD"), currency("BRL"), {.today = house.today()});
    ASSERT_TRUE(rate) << rate.error().detail();
    EXPECT_EQ(rate->publishers(), "bank");
}

}  // namespace
}  // namespace causeway::gateway
