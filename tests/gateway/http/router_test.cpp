// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/router.h"

#include "gateway/http/utf8.h"
#include "tests/support/case_name.h"
#include "tests/support/run.h"

#include <gtest/gtest.h>

#include <ostream>
#include <rapidcheck/gtest.h>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace causeway::gateway {
namespace {

using Outcome = Router::Outcome;

boost::asio::awaitable<net::HttpResponse> nothing(net::HttpRequest, RouteMatch) {
    co_return net::HttpResponse{};
}

void fill(Router& router) {
    const std::vector<std::pair<const char*, const char*>> routes{
        {"GET", "/"},
        {"GET", "/v1/payments"},
        {"POST", "/v1/payments"},
        {"GET", "/v1/payments/search"},
        {"GET", "/v1/payments/{id}"},
        {"HEAD", "/v1/payments/{id}/receipt"},
        {"GET", "/v1/payments/{id}/receipt"},
        {"POST", "/v1/payments/{id}/captures"},
        {"GET", "/v1/payments/{id}/captures/{capture_id}"},
        {"DELETE", "/v1/payments/search/history"},
    };
    for (const auto& [method, path] : routes)
        router.add(method, path, nothing);
}

struct RouteCase {
    std::string name;
    std::string method;
    std::string target;
    Outcome outcome;
    std::string path_template = {};
    Parameters params = {};
    Parameters query = {};
    std::string allow = {};
};

std::ostream& operator<<(std::ostream& out, const RouteCase& c) {
    return out << c.name;
}

class Routes : public testing::TestWithParam<RouteCase> {};

TEST_P(Routes, AreFound) {
    const RouteCase& c = GetParam();
    Router router;
    fill(router);
    const Router::Found found = router.find(c.method, c.target);
    EXPECT_EQ(found.outcome, c.outcome);
    EXPECT_EQ(found.handler != nullptr, c.outcome == Outcome::found);
    EXPECT_EQ(found.match.path_template, c.path_template);
    EXPECT_EQ(found.match.params, c.params);
    EXPECT_EQ(found.match.query, c.query);
    EXPECT_EQ(found.allow, c.allow);
}

const std::vector<RouteCase> kPaths{
    {"Root", "GET", "/", Outcome::found, "/"},
    {"Literal", "POST", "/v1/payments", Outcome::found, "/v1/payments"},
    {"Parameter",
     "GET",
     "/v1/payments/pay_1",
     Outcome::found,
     "/v1/payments/{id}",
     {{"id", "pay_1"}}},
    {"TwoParameters",
     "GET",
     "/v1/payments/pay_1/captures/cap_2",
     Outcome::found,
     "/v1/payments/{id}/captures/{capture_id}",
     {{"id", "pay_1"}, {"capture_id", "cap_2"}}},
    {"LiteralFirst", "GET", "/v1/payments/search", Outcome::found, "/v1/payments/search"},
    {"BackFromALiteral",
     "POST",
     "/v1/payments/search/captures",
     Outcome::found,
     "/v1/payments/{id}/captures",
     {{"id", "search"}}},
    {"EncodedSlashStaysInside",
     "GET",
     "/v1/payments/a%2Fcaptures",
     Outcome::found,
     "/v1/payments/{id}",
     {{"id", "a/captures"}}},
    {"EncodedLiteral", "GET", "/v1/p%61yments", Outcome::found, "/v1/payments"},
    {"DotsAreNames", "GET", "/v1/payments/..", Outcome::found, "/v1/payments/{id}", {{"id", ".."}}},
    {"PlusInPath", "GET", "/v1/payments/a+b", Outcome::found, "/v1/payments/{id}", {{"id", "a+b"}}},
};

const std::vector<RouteCase> kQueries{
    {"Query",
     "GET",
     "/v1/payments?limit=10&q=a%20b+c&flag&e=&x=1=2",
     Outcome::found,
     "/v1/payments",
     {},
     {{"limit", "10"}, {"q", "a b c"}, {"flag", ""}, {"e", ""}, {"x", "1=2"}}},
    {"QueryTwice",
     "GET",
     "/v1/payments?a=1&&a=2&",
     Outcome::found,
     "/v1/payments",
     {},
     {{"a", "1"}, {"a", "2"}}},
    {"QueryWithSlash",
     "GET",
     "/v1/payments?a=/b?c",
     Outcome::found,
     "/v1/payments",
     {},
     {{"a", "/b?c"}}},
    {"HeadByGet", "HEAD", "/v1/payments", Outcome::found, "/v1/payments"},
    {"AbsoluteForm",
     "GET",
     "https://api.test:8443/v1/payments?a=1",
     Outcome::found,
     "/v1/payments",
     {},
     {{"a", "1"}}},
    {"AbsoluteFormWithoutPath", "GET", "HTTP://api.test", Outcome::found, "/"},
    {"AbsoluteFormQueryOnly", "GET", "http://api.test?a=1", Outcome::found, "/", {}, {{"a", "1"}}},
};

const std::vector<RouteCase> kNowhere{
    {"Unknown", "GET", "/v2", Outcome::not_found},
    {"TooShort", "GET", "/v1", Outcome::not_found},
    {"TooLong", "GET", "/v1/payments/a/b/c/d", Outcome::not_found},
    {"TrailingSlash", "GET", "/v1/payments/", Outcome::not_found},
    {"DoubledSlash", "GET", "/v1//payments", Outcome::not_found},
    {"OtherCase", "GET", "/V1/payments", Outcome::not_found},
    {"OtherMethod",
     "PUT",
     "/v1/payments",
     Outcome::method_not_allowed,
     "",
     {},
     {},
     "GET, HEAD, POST"},
    {"OtherMethodOwnHead",
     "POST",
     "/v1/payments/a/receipt",
     Outcome::method_not_allowed,
     "",
     {},
     {},
     "GET, HEAD"},
    {"LowerCaseMethod",
     "post",
     "/v1/payments/a/captures",
     Outcome::method_not_allowed,
     "",
     {},
     {},
     "POST"},
    {"BadPercent", "GET", "/v1/payments/%2", Outcome::bad_target},
    {"BadHex", "GET", "/v1/payments/%zz", Outcome::bad_target},
    {"EncodedNul", "GET", "/v1/payments/a%00b", Outcome::bad_target},
    {"NotUtf8", "GET", "/v1/payments/%ff", Outcome::bad_target},
    {"BadQuery", "GET", "/v1/payments?a=%", Outcome::bad_target},
    {"Fragment", "GET", "/v1/payments#a", Outcome::bad_target},
    {"Asterisk", "OPTIONS", "*", Outcome::bad_target},
    {"Authority", "CONNECT", "api.test:443", Outcome::bad_target},
    {"Empty", "GET", "", Outcome::bad_target},
};

INSTANTIATE_TEST_SUITE_P(Paths, Routes, testing::ValuesIn(kPaths), test::case_name<RouteCase>);
INSTANTIATE_TEST_SUITE_P(Queries, Routes, testing::ValuesIn(kQueries), test::case_name<RouteCase>);
INSTANTIATE_TEST_SUITE_P(Nowhere, Routes, testing::ValuesIn(kNowhere), test::case_name<RouteCase>);

TEST(Router, RefusesTemplatesThatCannotWork) {
    Router router;
    fill(router);
    for (const char* path :
         {"v1", "/v1/{id", "/v1/a{id}", "/v1/{}", "/v1/payments/{other}/x", "/v1/payments/{id}"}) {
        EXPECT_THROW(router.add("GET", path, nothing), std::logic_error) << path;
    }
}

TEST(Router, CallsWhatItFound) {
    Router router;
    router.add("GET",
               "/a",
               [](net::HttpRequest, RouteMatch match) -> boost::asio::awaitable<net::HttpResponse> {
                   net::HttpResponse response;
                   response.body = match.path_template;
                   co_return response;
               });
    Router::Found found = router.find("GET", "/a");
    ASSERT_NE(found.handler, nullptr);
    EXPECT_EQ(test::run((*found.handler)({}, std::move(found.match))).body, "/a");
}

RC_GTEST_PROP(Router, DecodesWhatWasEncoded, ()) {
    const auto piece =
        rc::gen::element<std::string>("a", "/", "?", "%", "&", "=", "+", "\x01", "é");
    const auto pieces = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(piece));
    std::string noise;
    for (const std::string& each : pieces)
        noise += each;
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string encoded;
    for (const char letter : noise) {
        const auto byte = static_cast<unsigned char>(letter);
        encoded += {'%', kDigits[byte / 16U], kDigits[byte % 16U]};
    }
    const auto target = parse_target("/" + encoded + "?" + encoded + "=" + encoded);
    RC_ASSERT(target.has_value());
    RC_ASSERT(target->segments == std::vector<std::string>{noise});
    RC_ASSERT(target->query == (Parameters{{noise, noise}}));
}

TEST(Utf8, KnowsWellFormedText) {
    for (const char* good : {"", "a", "é", "€", "\U0001F600", "\xF4\x8F\xBF\xBF", "\xED\x9F\xBF"})
        EXPECT_TRUE(is_utf8(good)) << good;
    for (const char* bad : {"\x80",
                            "\xC0\xAF",
                            "\xC1\xBF",
                            "\xE0\x9F\xBF",
                            "\xED\xA0\x80",
                            "\xF0\x8F\xBF\xBF",
                            "\xF4\x90\x80\x80",
                            "\xF5\x80\x80\x80",
                            "\xFF",
                            "\xE2\x82",
                            "a\xC3",
                            "\xC3(",
                            "\xE2(\xA1"}) {
        EXPECT_FALSE(is_utf8(bad));
    }
}

}  // namespace
}  // namespace causeway::gateway
