// SPDX-License-Identifier: Apache-2.0
//
// What goes through the admin socket comes out as it went in, and nothing else is taken for it.
#include "gateway/cli/wire.h"

#include "tests/support/case_name.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace causeway::gateway {
namespace {

// Names and options travel as JSON texts, so they are UTF-8; contents are any bytes.
rc::Gen<std::string> any_name() {
    return rc::gen::container<std::string>(
        rc::gen::element('a', 'Z', '0', ' ', '"', '\\', '\n', '\0', '/', '{', '\x7f'));
}

std::vector<InputFile> any_files() {
    std::vector<InputFile> files;
    const auto count = *rc::gen::inRange(0, 4);
    for (int i = 0; i < count; ++i)
        files.push_back({.name = *any_name(), .content = *rc::gen::arbitrary<std::string>()});
    return files;
}

CommandRequest any_request() {
    CommandRequest request;
    request.name = *any_name();
    request.options =
        *rc::gen::container<std::map<std::string, std::string>>(any_name(), any_name());
    request.arguments = *rc::gen::container<std::vector<std::string>>(any_name());
    request.files = any_files();
    return request;
}

CommandOutput any_output() {
    return {.exit_code = *rc::gen::arbitrary<int>(),
            .out = *rc::gen::arbitrary<std::string>(),
            .err = *rc::gen::arbitrary<std::string>(),
            .files = any_files()};
}

bool same(const std::vector<InputFile>& one, const std::vector<InputFile>& other) {
    return std::ranges::equal(one, other, [](const InputFile& a, const InputFile& b) {
        return a.name == b.name && a.content == b.content;
    });
}

RC_GTEST_PROP(CommandWire, CarriesEveryRequest, ()) {
    const CommandRequest sent = any_request();
    const Result<CommandRequest> got = decode_request(encode(sent));
    RC_ASSERT(got.has_value());
    RC_ASSERT(got->name == sent.name);
    RC_ASSERT(got->options == sent.options);
    RC_ASSERT(got->arguments == sent.arguments);
    RC_ASSERT(same(got->files, sent.files));
}

RC_GTEST_PROP(CommandWire, CarriesEveryOutput, ()) {
    const CommandOutput sent = any_output();
    const Result<CommandOutput> got = decode_output(encode(sent));
    RC_ASSERT(got.has_value());
    RC_ASSERT(got->exit_code == sent.exit_code);
    RC_ASSERT(got->out == sent.out);
    RC_ASSERT(got->err == sent.err);
    RC_ASSERT(same(got->files, sent.files));
}

// A cut connection must never look like a shorter file: half a statement would be reconciled.
RC_GTEST_PROP(CommandWire, RefusesEveryCutAndEveryTail, ()) {
    const std::string request = encode(any_request());
    const std::string output = encode(any_output());
    const auto cut = *rc::gen::inRange<std::size_t>(0, request.size());
    RC_ASSERT(!decode_request(std::string_view(request).substr(0, cut)).has_value());
    const auto output_cut = *rc::gen::inRange<std::size_t>(0, output.size());
    RC_ASSERT(!decode_output(std::string_view(output).substr(0, output_cut)).has_value());
    RC_ASSERT(!decode_request(request + "x").has_value());
    RC_ASSERT(!decode_output(output + "x").has_value());
}

RC_GTEST_PROP(CommandWire, SurvivesNoise, ()) {
    const std::string noise = *rc::gen::arbitrary<std::string>();
    (void)decode_request(noise);
    (void)decode_output(noise);
    (void)decode_request(noise + "\n");
    (void)decode_output("{\"exit_code\":0,\"files\":" + noise + "}\n");
}

struct Wrong {
    std::string name;
    std::string bytes;
};

class CommandWireRefuses : public testing::TestWithParam<Wrong> {};

INSTANTIATE_TEST_SUITE_P(
    Bytes,
    CommandWireRefuses,
    testing::Values(
        Wrong{"Nothing", ""},
        Wrong{"NoJson", "settle run\n"},
        Wrong{"AList", "[]\n"},
        Wrong{"NoFiles",
              R"({"name":"x","options":{},"arguments":[],"exit_code":0})"
              "\n"},
        Wrong{"NegativeSize",
              R"({"name":"x","options":{},"arguments":[],"exit_code":0,)"
              R"("files":[{"name":"a","bytes":-1},{"name":"b","bytes":0}]})"
              "\n"},
        Wrong{"HugeSize",
              R"({"name":"x","options":{},"arguments":[],"exit_code":0,)"
              R"("files":[{"name":"a","bytes":18446744073709551615},{"name":"b","bytes":1}]})"
              "\n"},
        Wrong{"NumberForAName",
              R"({"name":7,"options":{},"arguments":[],"exit_code":"0","files":[]})"
              "\n"},
        Wrong{"NumberForAnOption",
              R"({"name":"x","options":{"a":1},"arguments":[],"exit_code":1.5,"files":[]})"
              "\n"}),
    test::case_name<Wrong>);

TEST_P(CommandWireRefuses, WhatItDidNotWrite) {
    const Result<CommandRequest> request = decode_request(GetParam().bytes);
    ASSERT_FALSE(request);
    EXPECT_EQ(request.error().code(), ErrorCode::invalid_argument);
    const Result<CommandOutput> output = decode_output(GetParam().bytes);
    ASSERT_FALSE(output);
    EXPECT_EQ(output.error().code(), ErrorCode::invalid_argument);
}

// What the sink of a reader has taken.
struct Taken {
    std::string text;
    OutputSink sink = [this](std::string_view piece) -> Result<void> {
        text += piece;
        return {};
    };
};

RC_GTEST_PROP(CommandWire, CarriesPiecesHoweverTheyAreCut, ()) {
    const CommandOutput sent = any_output();
    std::string expected;
    std::string bytes;
    const auto count = *rc::gen::inRange(0, 5);
    for (int i = 0; i < count; ++i) {
        const auto piece = *rc::gen::arbitrary<std::string>();
        expected += piece;
        bytes += encode_piece(piece);
    }
    bytes += encode(sent);
    Taken taken;
    OutputReader reader(taken.sink);
    for (std::string_view rest = bytes; !rest.empty();) {
        const auto step = *rc::gen::inRange<std::size_t>(1, 40);
        RC_ASSERT(reader.put(rest.substr(0, step)).has_value());
        rest.remove_prefix(std::min(step, rest.size()));
    }
    const Result<CommandOutput> got = reader.end();
    RC_ASSERT(got.has_value());
    RC_ASSERT(taken.text == expected);
    RC_ASSERT(got->exit_code == sent.exit_code);
    RC_ASSERT(got->out == sent.out);
    RC_ASSERT(same(got->files, sent.files));
}

// A connection that ends early must not look like a command that came to its end.
RC_GTEST_PROP(CommandWire, NoticesACut, ()) {
    std::string bytes = encode_piece("12345\n6") + encode_piece("{") + encode(any_output());
    bytes.resize(*rc::gen::inRange<std::size_t>(0, bytes.size()));
    Taken taken;
    OutputReader reader(taken.sink);
    const Result<void> put = reader.put(bytes);
    RC_ASSERT(!put || !reader.end());
}

struct ForgedPieces {
    std::string name;
    std::string bytes;
};

struct CommandWireForged : testing::TestWithParam<ForgedPieces> {};

TEST_P(CommandWireForged, IsNoPiece) {
    Taken taken;
    OutputReader reader(taken.sink);
    const Result<void> put = reader.put(GetParam().bytes);
    ASSERT_FALSE(put);
    EXPECT_EQ(put.error().code(), ErrorCode::invalid_argument);
    EXPECT_EQ(taken.text, "");
}

INSTANTIATE_TEST_SUITE_P(CommandWire,
                         CommandWireForged,
                         testing::Values(ForgedPieces{"no_length", "abc\n"},
                                         ForgedPieces{"note_without_length", "!\nabc"},
                                         ForgedPieces{"note_twice", "!!3\nabc"},
                                         ForgedPieces{"note_too_long", "!99999999999\n"},
                                         ForgedPieces{"negative", "-1\nabc"},
                                         ForgedPieces{"empty_line", "\nabc"},
                                         ForgedPieces{"text_behind", "3 \nabc"},
                                         ForgedPieces{"too_long", "99999999999\n"},
                                         ForgedPieces{"no_line", "99999999999"}),
                         test::case_name<ForgedPieces>);

TEST(CommandWire, KeepsNotesFromWhatIsPrinted) {
    const CommandOutput rest{.exit_code = kExitFound, .out = "end", .err = {}};
    const std::string bytes =
        encode_note("5 of 9") + encode_piece("piece") + encode_note("9 of 9\n") + encode(rest);
    std::string printed;
    std::string noted;
    const OutputSink prints = [&printed](std::string_view piece) {
        printed += piece;
        return Result<void>();
    };
    OutputReader reader(prints, [&noted](std::string_view note) {
        noted += note;
        return Result<void>();
    });
    for (const char each : bytes)
        ASSERT_TRUE(reader.put(std::string_view(&each, 1)));
    EXPECT_EQ(printed, "piece");
    EXPECT_EQ(noted, "5 of 99 of 9\n");
    EXPECT_EQ(reader.end()->out, "end");
    EXPECT_EQ(reader.end()->exit_code, kExitFound);
}

TEST(CommandWire, EndsWithTheSinksError) {
    const OutputSink full = [](std::string_view) -> Result<void> {
        return Error(ErrorCode::storage, "the disk is full");
    };
    OutputReader reader(full);
    const Result<void> put = reader.put(encode_piece("abc"));
    ASSERT_FALSE(put);
    EXPECT_EQ(put.error().detail(), "the disk is full");
}

}  // namespace
}  // namespace causeway::gateway
