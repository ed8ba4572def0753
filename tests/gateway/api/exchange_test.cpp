// SPDX-License-Identifier: Apache-2.0
//
// What every resource does the same way, tried with refunds: the key, the body, the page, the
// answer's headers.
#include "gateway/api/exchange.h"

#include "gateway/api/resources.h"
#include "tests/support/case_name.h"
#include "tests/support/payment_desk.h"

#include <gtest/gtest.h>

namespace causeway::gateway {
namespace {

namespace json = boost::json;

using test::eur;
using test::PaymentDesk;

std::string header(const net::HttpResponse& response, std::string_view name) {
    const std::string* const found = net::find_header(response.headers, name);
    return found == nullptr ? std::string() : *found;
}

json::object body_of(const net::HttpResponse& response) {
    return json::parse(response.body).as_object();
}

std::string code_of(const net::HttpResponse& response) {
    const json::object body = body_of(response);
    const json::value* const code = body.if_contains("code");
    return code == nullptr ? std::string() : std::string(code->as_string());
}

class Exchange : public testing::Test {
  protected:
    ApiRequest request(std::string body, std::optional<std::string> key = "k1") {
        ApiRequest made;
        made.http = {.method = "POST",
                     .target = "/v1/refunds",
                     .headers = {},
                     .body = std::move(body),
                     .peer = "127.0.0.1"};
        if (key) made.http.headers.emplace_back("idempotency-key", *key);
        made.endpoint = "POST /v1/refunds";
        made.key.scope = {.merchant = desk.merchant, .livemode = false};
        made.request_id = "req_1";
        return made;
    }
    net::HttpResponse refund(ApiRequest wanted) {
        return test::run(post_refund(api, std::move(wanted)));
    }
    net::HttpResponse list(std::map<std::string, std::string> query) {
        ApiRequest wanted = request("");
        wanted.query = std::move(query);
        return test::run(list_refunds_route(api, std::move(wanted)));
    }
    std::string wish(std::int64_t amount) {
        return "{\"payment\":\"" + to_text("pay", payment) +
               "\",\"amount\":" + std::to_string(amount) + "}";
    }

    PaymentDesk desk;
    WebhookDesk webhooks{.entropy = desk.entropy};
    KeyRing keys{*desk.database, desk.readers};
    ApiContext api{.database = *desk.database,
                   .readers = desk.readers,
                   .service = *desk.service,
                   .keys = keys,
                   .cvcs = desk.cvcs,
                   .webhooks = webhooks};
    Uuid payment = desk.captured(eur(10'000));
};

TEST_F(Exchange, ReplaysByteForByteAndSaysSo) {
    const net::HttpResponse first = refund(request(wish(100)));
    EXPECT_EQ(first.status, 201);
    EXPECT_EQ(header(first, "Content-Type"), "application/json");
    EXPECT_EQ(header(first, "Cache-Control"), "no-store");
    EXPECT_EQ(header(first, "Idempotency-Replayed"), "");
    const net::HttpResponse again = refund(request(wish(100), "\"k1\""));
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(header(again, "Idempotency-Replayed"), "true");
    EXPECT_EQ(desk.payment(payment).refunded, 100);
}

// A refusal of the body is an answer like any other: the same bytes get the same answer, and
// other bytes under the key are a mistake of the caller.
TEST_F(Exchange, ReplaysTheRefusalOfABody) {
    const net::HttpResponse first = refund(request("{\"amount\":0}"));
    EXPECT_EQ(first.status, 400);
    EXPECT_EQ(code_of(first), "invalid_request");
    EXPECT_EQ(body_of(first).at("errors").as_array().size(), 2U);
    EXPECT_EQ(header(first, "Content-Type"), "application/problem+json");
    const net::HttpResponse again = refund(request("{\"amount\":0}"));
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(header(again, "Idempotency-Replayed"), "true");
    EXPECT_EQ(code_of(refund(request(wish(100)))), "idempotency_key_reused");
    EXPECT_EQ(code_of(refund(request("{", "k2"))), "invalid_json");
}

TEST_F(Exchange, AsksForAKeyThatCanBeRead) {
    const net::HttpResponse none = refund(request(wish(100), std::nullopt));
    EXPECT_EQ(none.status, 400);
    EXPECT_EQ(code_of(none), "idempotency_key_required");
    const net::HttpResponse wrong = refund(request(wish(100), "a b"));
    EXPECT_EQ(wrong.status, 400);
    EXPECT_EQ(code_of(wrong), "idempotency_key_invalid");
    EXPECT_EQ(desk.payment(payment).refunded, 0);
}

// Evidence names the buyer: who has the database could try texts on a plain digest of it.
TEST_F(Exchange, TheFingerprintOfEvidenceNeedsTheVaultsKey) {
    ApiRequest made = request(R"({"customer_name":"Ana"})", "k9");
    made.http.target = "/v1/disputes/" + to_text("dp", Uuid{}) + "/evidence";
    made.path["id"] = to_text("dp", Uuid{});
    const net::HttpResponse refused = test::run(post_evidence(api, made));
    EXPECT_EQ(refused.status, 404) << refused.body;
    const auto read = [](ledger::Transaction& tx) -> Result<std::string> {
        std::string digest;
        const Result<void> found =
            tx.query("SELECT fingerprint FROM idempotency_keys WHERE idempotency_key = 'k9'",
                     {},
                     [&digest](const ledger::Row& row) {
                         digest.assign(row.bytes(0).begin(), row.bytes(0).end());
                     });
        return found ? Result<std::string>(digest) : Result<std::string>(found.error());
    };
    const std::string stored = desk.read<std::string>(read);
    const Sha256 plain = std::get<Caller>(caller_of(made, true)).idempotency->fingerprint;
    const auto keyed = std::get<Caller>(private_caller_of(made, desk.service->shop().vault));
    EXPECT_NE(stored, std::string(plain.begin(), plain.end()));
    EXPECT_EQ(
        stored,
        std::string(keyed.idempotency->fingerprint.begin(), keyed.idempotency->fingerprint.end()));
}

// The path counts: capturing another payment is another request, whatever the body says.
TEST_F(Exchange, TheFingerprintIsOfPathAndBody) {
    const auto print = [this](std::string target, std::string body) {
        ApiRequest made = request(std::move(body));
        made.http.target = std::move(target);
        return std::get<Caller>(caller_of(made, true)).idempotency->fingerprint;
    };
    const Sha256 one = print("/v1/payments/a/captures", "{}");
    EXPECT_EQ(one, print("/v1/payments/a/captures", "{}"));
    EXPECT_NE(one, print("/v1/payments/b/captures", "{}"));
    EXPECT_NE(one, print("/v1/payments/a/captures", "{ }"));
}

TEST_F(Exchange, AnOptionalKeyMayBeMissing) {
    const std::variant<Caller, Problem> who = caller_of(request("", std::nullopt), false);
    ASSERT_TRUE(std::holds_alternative<Caller>(who));
    EXPECT_FALSE(std::get<Caller>(who).idempotency);
    EXPECT_EQ(std::get<Caller>(who).scope.merchant, desk.merchant);
}

TEST_F(Exchange, TellsWhenToComeBack) {
    const net::HttpResponse busy =
        problem_response(make_problem("provider_unavailable", "No line."), "req_1");
    EXPECT_EQ(busy.status, 503);
    EXPECT_EQ(header(busy, "Retry-After"), "5");
    EXPECT_TRUE(body_of(busy).at("retryable").as_bool());
    EXPECT_EQ(body_of(busy).at("request_id").as_string(), "req_1");
    const net::HttpResponse who = problem_response(make_problem("unauthorized", "No key."), "");
    EXPECT_NE(header(who, "WWW-Authenticate"), "");
    EXPECT_EQ(header(who, "Retry-After"), "");
}

TEST_F(Exchange, PagesLeaveNothingOutAndRepeatNothing) {
    std::vector<std::string> made;
    for (int i = 0; i < 5; ++i)
        made.insert(made.begin(), desk.refund(payment, 100 + i).text("id"));
    std::vector<std::string> seen;
    std::map<std::string, std::string> query{{"limit", "2"}};
    for (int page = 0; page < 5; ++page) {
        const json::object body = body_of(list(query));
        for (const json::value& one : body.at("data").as_array())
            seen.emplace_back(one.at("id").as_string());
        EXPECT_EQ(body.at("has_more").as_bool(), seen.size() < made.size());
        if (!body.at("has_more").as_bool()) break;
        query["starting_after"] = seen.back();
    }
    EXPECT_EQ(seen, made);
    const json::object back = body_of(list({{"limit", "2"}, {"ending_before", made[3]}}));
    ASSERT_EQ(back.at("data").as_array().size(), 2U);
    EXPECT_EQ(back.at("data").at(0).at("id").as_string(), made[1]);
    EXPECT_EQ(back.at("data").at(1).at("id").as_string(), made[2]);
    EXPECT_TRUE(back.at("has_more").as_bool());
}

TEST_F(Exchange, AListIsTheMerchantsOwn) {
    desk.refund(payment, 100);
    desk.merchant = desk.add_merchant(0, {});
    EXPECT_TRUE(body_of(list({})).at("data").as_array().empty());
}

struct BadQuery {
    std::string name;
    std::map<std::string, std::string> query;
    std::string blamed;
};

class PageQueryRefuses : public testing::TestWithParam<BadQuery> {};

const std::string kSomeId = "ref_" + to_text(Uuid{});

INSTANTIATE_TEST_SUITE_P(
    Queries,
    PageQueryRefuses,
    testing::Values(BadQuery{"LimitNothing", {{"limit", ""}}, "limit"},
                    BadQuery{"LimitZero", {{"limit", "0"}}, "limit"},
                    BadQuery{"LimitTooLarge", {{"limit", "101"}}, "limit"},
                    BadQuery{"LimitNegative", {{"limit", "-1"}}, "limit"},
                    BadQuery{"LimitWithTail", {{"limit", "10x"}}, "limit"},
                    BadQuery{"LimitHuge", {{"limit", "99999999999999999999"}}, "limit"},
                    BadQuery{"CursorOfAnotherKind",
                             {{"starting_after", "pay_" + to_text(Uuid{})}},
                             "starting_after"},
                    BadQuery{"CursorNonsense", {{"ending_before", "x"}}, "ending_before"},
                    BadQuery{"BothCursors",
                             {{"starting_after", kSomeId}, {"ending_before", kSomeId}},
                             "ending_before"},
                    BadQuery{"NoDate", {{"created_at[gte]", "yesterday"}}, "created_at[gte]"},
                    BadQuery{"Unknown", {{"page", "2"}}, "page"}),
    test::case_name<BadQuery>);

TEST_P(PageQueryRefuses, AndNamesTheParameter) {
    ApiRequest request;
    request.query = GetParam().query;
    const std::variant<Page, Problem> page = page_of(request, "ref");
    ASSERT_TRUE(std::holds_alternative<Problem>(page));
    const Problem& problem = std::get<Problem>(page);
    EXPECT_EQ(problem.status, 400);
    EXPECT_EQ(problem.param, GetParam().blamed);
}

// ---- who is asking ---------------------------------------------------------------------------

struct Authorization {
    std::string name;
    std::string header;
    std::optional<std::string> key;
};

class AuthorizationHeader : public testing::TestWithParam<Authorization> {};

INSTANTIATE_TEST_SUITE_P(
    Headers,
    AuthorizationHeader,
    testing::Values(Authorization{"Bearer", "Bearer sk_test_1", "sk_test_1"},
                    Authorization{"AnyCase", "bEARER sk_test_1", "sk_test_1"},
                    Authorization{"Basic", "Basic c2tfdGVzdF8xOg==", "sk_test_1"},
                    Authorization{"BasicWithPassword", "Basic c2tfdGVzdF8xOng=", "sk_test_1"},
                    Authorization{"BasicNonsense", "Basic ***", std::nullopt},
                    Authorization{"Digest", "Digest sk_test_1", std::nullopt},
                    Authorization{"Bare", "sk_test_1", std::nullopt},
                    Authorization{"NoSpace", "Bearersk_test_1", std::nullopt},
                    Authorization{"OnlyTheScheme", "Bearer", std::nullopt},
                    Authorization{"Empty", "", std::nullopt},
                    Authorization{"TooLong", "Bearer " + std::string(600, 'x'), std::nullopt}),
    test::case_name<Authorization>);

TEST_P(AuthorizationHeader, IsReadInTwoSchemes) {
    EXPECT_EQ(key_in_header(GetParam().header), GetParam().key);
}

}  // namespace
}  // namespace causeway::gateway
