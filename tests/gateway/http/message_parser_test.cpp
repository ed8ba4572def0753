// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/message_parser.h"

#include "tests/support/case_name.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <ostream>
#include <rapidcheck/gtest.h>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::gateway {
namespace {

constexpr ParserLimits kLimits{1000, 10, 2000};

struct Outcome {
    std::optional<net::HttpRequest> request;
    std::optional<ParseFailure> failure;
};

// Feeds `text` in pieces of `step` bytes, as a socket would.
Outcome parse(std::string_view text, std::size_t step) {
    RequestParser parser(kLimits);
    std::string waiting;
    while (!text.empty()) {
        waiting += text.substr(0, step);
        text.remove_prefix(std::min(step, text.size()));
        waiting.erase(0, parser.put(waiting));
        if (parser.failure()) return {std::nullopt, parser.failure()};
        if (parser.done()) return {parser.take(), std::nullopt};
    }
    return {};
}

std::string post(const std::string& headers, const std::string& body) {
    return "POST /v1 HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n" + body;
}

std::string many_fields(int count) {
    std::string text;
    for (int i = 0; i < count; ++i)
        text += "F" + std::to_string(i) + ": 1\r\n";
    return text;
}

struct RefusedCase {
    std::string name;
    std::string text;
    ParseFailure failure = ParseFailure::malformed;
};

std::ostream& operator<<(std::ostream& out, const RefusedCase& c) {
    return out << c.name;
}

class Refused : public testing::TestWithParam<RefusedCase> {};

// Two servers that disagree about where a request ends let one client speak in another's name
// (request smuggling): every doubtful length is refused, however the bytes are cut.
TEST_P(Refused, HoweverItIsCut) {
    const RefusedCase& c = GetParam();
    for (const std::size_t step : {1UL, 2UL, 7UL, 100'000UL}) {
        const Outcome outcome = parse(c.text, step);
        EXPECT_FALSE(outcome.request) << "in pieces of " << step;
        EXPECT_EQ(outcome.failure, c.failure) << "in pieces of " << step;
    }
}

const std::vector<RefusedCase> kRefused{
    {"LengthAndChunked", post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")},
    {"ChunkedAndLength", post("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "0\r\n\r\n")},
    {"TwoLengths", post("Content-Length: 3\r\nContent-Length: 4\r\n", "abcd")},
    {"LengthList", post("Content-Length: 3, 4\r\n", "abcd")},
    {"NegativeLength", post("Content-Length: -1\r\n", "abcd")},
    {"HexadecimalLength", post("Content-Length: 0x3\r\n", "abc")},
    {"HugeLength", post("Content-Length: 99999999999999999999999\r\n", "abc")},
    {"ChunkedTwice", post("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n")},
    {"OtherCoding", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n")},
    {"UnknownCoding", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n")},
    {"SpaceBeforeColon", post("Content-Length : 3\r\n", "abc")},
    {"ChunkedInHttp10", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
    {"BadChunkLength", post("Transfer-Encoding: chunked\r\n", "zz\r\nabc\r\n0\r\n\r\n")},
    {"ChunkWithoutEnd", post("Transfer-Encoding: chunked\r\n", "3\r\nabcdef\r\n0\r\n\r\n")},
    {"NoHost", "GET / HTTP/1.1\r\nA: b\r\n\r\n"},
    {"TwoHosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"},
    {"BareLineFeed", "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n"},
    {"ControlInTarget", "GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"NulInValue", std::string("GET / HTTP/1.1\r\nHost: a\r\nX: b\0c\r\n\r\n", 35)},
    {"Http2Preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
    {"TlsHello", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15)},
    {"LongBody", post("Content-Length: 2001\r\n", ""), ParseFailure::body_too_large},
    {"LongChunk", post("Transfer-Encoding: chunked\r\n", "7d1\r\n"), ParseFailure::body_too_large},
    {"LongField",
     post("X: " + std::string(1000, 'x') + "\r\n", ""),
     ParseFailure::header_too_large},
    {"LongTarget",
     "GET /" + std::string(1000, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n",
     ParseFailure::header_too_large},
    {"LongHeaderOfShortFields",
     post("A: " + std::string(500, 'x') + "\r\nB: " + std::string(500, 'x') + "\r\n", ""),
     ParseFailure::header_too_large},
    {"ManyFields", post(many_fields(10), ""), ParseFailure::header_too_large},
    {"LongTrailer",
     post("Transfer-Encoding: chunked\r\n",
          "0\r\nA: " + std::string(500, 'x') + "\r\nB: " + std::string(500, 'x') + "\r\n\r\n"),
     ParseFailure::header_too_large},
};

INSTANTIATE_TEST_SUITE_P(RequestParser,
                         Refused,
                         testing::ValuesIn(kRefused),
                         test::case_name<RefusedCase>);

TEST(RequestParser, ReadsChunksIntoOneBody) {
    const std::string chunks = "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX-More: evil\r\n\r\n";
    const Outcome outcome = parse(post("Transfer-Encoding: chunked\r\n", chunks), 1);
    ASSERT_TRUE(outcome.request);
    EXPECT_EQ(outcome.request->body, "abcde");
    // A trailer comes after the header was judged, and is not part of it.
    EXPECT_EQ(*net::find_header(outcome.request->headers, "HOST"), "a");
    EXPECT_EQ(net::find_header(outcome.request->headers, "X-More"), nullptr);
}

// Byte by byte, this end of a body stopped the process by an assertion in Beast.
TEST(RequestParser, ReadsAnEmptyChunkedBody) {
    for (const std::size_t step : {1UL, 2UL, 3UL, 100UL}) {
        const Outcome outcome = parse(post("Transfer-Encoding: chunked\r\n", "0\r\n\r\n"), step);
        ASSERT_TRUE(outcome.request);
        EXPECT_EQ(outcome.request->body, "");
    }
}

TEST(RequestParser, PassesOverAnEmptyLineBeforeTheRequest) {
    for (const std::size_t step : {1UL, 100UL}) {
        EXPECT_TRUE(parse("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", step).request);
    }
}

TEST(RequestParser, LeavesTheNextRequestAlone) {
    RequestParser parser(kLimits);
    const std::string first = post("Content-Length: 3\r\n", "abc");
    const std::string two = first + "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n";
    EXPECT_EQ(parser.put(two), first.size());
    ASSERT_TRUE(parser.done());
    EXPECT_EQ(parser.take().body, "abc");
    EXPECT_EQ(parser.put(two.substr(first.size())), two.size() - first.size());
    ASSERT_TRUE(parser.done());
    EXPECT_EQ(parser.take().target, "/2");
}

RC_GTEST_PROP(RequestParser, DoesNotMindHowBytesAreCut, ()) {
    const auto body = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
    const auto step = *rc::gen::inRange<std::size_t>(1, 60);
    const Outcome outcome =
        parse(post("Content-Length: " + std::to_string(body.size()) + "\r\n", body), step);
    RC_ASSERT(outcome.request.has_value());
    RC_ASSERT(outcome.request->body == body);
    RC_ASSERT(outcome.request->headers.size() == 2U);
}

// Whatever comes in, the parser comes to an end of it and to no crash.
RC_GTEST_PROP(RequestParser, SurvivesNoise, ()) {
    const auto noise = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
    const auto step = *rc::gen::inRange<std::size_t>(1, 60);
    std::string text = post("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\n\r\n");
    text.insert(*rc::gen::inRange<std::size_t>(0, text.size()), noise);
    const Outcome outcome = parse(text, step);
    RC_ASSERT(!outcome.request || !outcome.failure);
}

TEST(ResponseParser, SwallowsInterimResponses) {
    ResponseParser parser(kLimits, false);
    const std::string_view text =
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok";
    EXPECT_EQ(parser.put(text), text.size());
    ASSERT_TRUE(parser.done());
    EXPECT_EQ(parser.take().status, 201);
}

TEST(ResponseParser, FailsWhenTheOtherSideEndsTooEarly) {
    ResponseParser parser(kLimits, false);
    parser.put("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc");
    parser.put_end();
    EXPECT_FALSE(parser.done());
    EXPECT_TRUE(parser.failure());
}

}  // namespace
}  // namespace causeway::gateway
